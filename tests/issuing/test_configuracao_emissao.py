"""Settings of a company: every one documented, read back as set, refused with a reason."""

import re
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chancela.domain.erros import EstadoInvalido, RegraViolada
from chancela.domain.identidade import Uf
from chancela.domain.tributos.configuracao import AliquotasIbsCbs, MetodoDifal
from chancela.issuing.configuracao_emissao import (
    DESCRICOES,
    change_configuracao,
    list_ajustaveis,
    read_configuracao,
    read_contingencia,
    show_configuracao,
)
from chancela.issuing.contingencia import AjustesContingencia, ModoNfce, ModoNfe, PrazoNfce

RAIZ = Path(__file__).resolve().parents[2]
UM_DE_CADA = {
    "arredondamento": "abnt", "difal_metodo": "DUPLA", "desoneracao_metodo": "por_dentro", "deduz_desoneracao": "sim",
    "mva_ajustada_automatica": "true", "mva_ajustada_inclui_fcp": "1", "import_voutro_na_base": "true",
    "ajustar_cfop": "não", "exigir_ibscbs": "true", "presumir_ibscbs": "false", "emitir_is": "true",
    "credito_sobre_base_reduzida": "true", "cfops_difal_st": "6403, 6404", "ufs_icms_efetivo": "rs,SP",
    "aliquotas_ibs_cbs.uf": "0.1", "aliquotas_ibs_cbs.municipio": "0", "aliquotas_ibs_cbs.cbs": "0.9",
    "emitir_valor_item_antes_de_2027": "true", "autorizados": "11.222.333/0001-81, 123.456.789-09",
    "responsavel_tecnico.cnpj": "11222333000181", "responsavel_tecnico.contato": "Ana", "versao_aplicativo": "erp 7",
    "responsavel_tecnico.email": "ana@exemplo.com.br", "responsavel_tecnico.telefone": "1133334444",
    "recebidas_ambiente": "homologacao", "recebidas_automatico": "true", "recebidas_ciencia": "sim",
    "contingencia.nfe": "desligada", "contingencia.nfce": "sempre", "contingencia.prazo_nfce": "24h",
    "contingencia.justificativa": "Queda do enlace da loja",
}  # fmt: skip


def test_the_page_lists_every_setting() -> None:
    pagina = (RAIZ / "docs" / "configuracao-empresa.md").read_text()
    linhas = dict(re.findall(r"^\| `([a-z0-9_.]+)` \| (.+) \|$", pagina, re.M))
    assert list(linhas) == [a.chave for a in list_ajustaveis()]
    for ajustavel in list_ajustaveis():
        padrao = f"`{ajustavel.padrao}`" if ajustavel.padrao else "(nenhum)"
        assert linhas[ajustavel.chave] == f"{ajustavel.aceita} | {padrao} | {ajustavel.descricao}"
        assert ajustavel.descricao
    assert set(DESCRICOES) == set(linhas)


def test_every_setting_reaches_the_assembly() -> None:
    assert set(UM_DE_CADA) == {a.chave for a in list_ajustaveis()}
    outra_parte = {"distribuicao": {"ligada": True}}
    guardada = change_configuracao(outra_parte, UM_DE_CADA)
    lida = read_configuracao(guardada, serie=7)
    padrao = read_configuracao({}, serie=7)
    assert guardada["distribuicao"] == {"ligada": True}
    assert outra_parte == {"distribuicao": {"ligada": True}}, "the stored form is not changed in place"
    iguais = [
        nome
        for nome in type(lida.tributaria).__dataclass_fields__
        if getattr(lida.tributaria, nome) == getattr(padrao.tributaria, nome)
    ]
    assert iguais == []
    t = lida.tributaria
    assert (t.difal_metodo, t.ufs_icms_efetivo) == (MetodoDifal.DUPLA, frozenset({Uf.RS, Uf.SP}))
    assert t.aliquotas_ibs_cbs == AliquotasIbsCbs(Decimal("0.1"), Decimal(0), Decimal("0.9"))
    assert lida.serie == 7
    assert lida.autorizados == ("11222333000181", "12345678909")
    assert lida.responsavel_tecnico is not None
    assert lida.responsavel_tecnico.contato == "Ana"
    assert lida.versao_aplicativo == "erp 7"
    assert read_contingencia(guardada) == AjustesContingencia(
        ModoNfe.DESLIGADA, ModoNfce.SEMPRE, PrazoNfce.HORAS_24, "Queda do enlace da loja"
    )


def test_an_empty_value_gives_the_default_back() -> None:
    guardada = change_configuracao({"outra": 1}, UM_DE_CADA)
    assert change_configuracao(guardada, dict.fromkeys(UM_DE_CADA, "")) == {"outra": 1}
    assert show_configuracao({})["difal_metodo"] == "unica"
    assert show_configuracao(guardada)["ufs_icms_efetivo"] == "RS,SP"
    assert show_configuracao(guardada)["ajustar_cfop"] == "false"
    assert show_configuracao(guardada)["responsavel_tecnico.cnpj"] == "11222333000181"


@pytest.mark.parametrize(
    ("mudancas", "codigo", "caminho"),
    [
        ({"difal": "dupla"}, "CONFIG-01", "difal"),
        ({"difal_metodo": "tripla"}, "CAMPO-OPCAO", "difal_metodo"),
        ({"ajustar_cfop": "talvez"}, "CAMPO-LOGICO", "ajustar_cfop"),
        ({"aliquotas_ibs_cbs.uf": "1,5"}, "CAMPO-NUMERO", "aliquotas_ibs_cbs.uf"),
        ({"aliquotas_ibs_cbs.uf": "1.5"}, "CAMPO-AUSENTE", "aliquotas_ibs_cbs.municipio"),
        ({"responsavel_tecnico.cnpj": "11222333000182"}, "IDENT-CNPJ-03", "responsavel_tecnico.cnpj"),
        ({"autorizados": "1"}, "IDENT-CPF-01", "autorizados[0]"),
        ({"contingencia.justificativa": "curta"}, "CONFIG-03", "contingencia.justificativa"),
        ({"ufs_icms_efetivo": "SP,XX"}, "CAMPO-OPCAO", "ufs_icms_efetivo[1]"),
    ],
)
def test_what_does_not_fit_is_refused(mudancas: dict[str, str], codigo: str, caminho: str) -> None:
    with pytest.raises(RegraViolada) as erro:
        change_configuracao({}, mudancas)
    assert (codigo, caminho) in [(v.codigo, v.caminho) for v in erro.value.violacoes]


def test_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(RegraViolada) as erro:
        change_configuracao({}, {"a": "1", "b": "2", "difal_metodo": "x"})
    assert [v.caminho for v in erro.value.violacoes] == ["a", "b", "difal_metodo"]


def test_a_stored_value_that_fits_no_more_names_itself() -> None:
    with pytest.raises(EstadoInvalido) as erro:
        read_configuracao({"difal_metodo": "tripla"}, serie=1)
    assert erro.value.codigo == "CONFIG-02"
    assert "difal_metodo" in erro.value.mensagem


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda f: st.lists(f) | st.dictionaries(st.text(), f),
)


@settings(
    suppress_health_check=[HealthCheck.too_slow]
)  # the first draw of recursive JSON is slow on a busy machine
@given(st.dictionaries(st.sampled_from([a.chave.partition(".")[0] for a in list_ajustaveis()]), _JSON))
def test_whatever_is_stored_is_read_or_refused(guardada: dict[str, Any]) -> None:
    with suppress(EstadoInvalido):
        read_configuracao(guardada, serie=1)
