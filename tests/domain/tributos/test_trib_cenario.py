"""How an operation is read and which scenario rules it."""

from decimal import Decimal as D

import pytest
from tests.domain.tributos.fabrica import calcular, categoria, codigos, icms, item, operacao, por_uf, um

from chancela.domain.identidade import Modelo, Uf
from chancela.domain.tributos.categoria import Categoria, CenarioContribuicao, CenarioIcms
from chancela.domain.tributos.cenario import derive_ind_ie_dest, normalize_cenario, read_operacao, select
from chancela.domain.tributos.entrada import TipoOperacao, TipoPessoa


@pytest.mark.parametrize(
    ("tipo", "uf", "nome", "destino"),
    [
        (TipoOperacao.SAIDA, Uf.SP, "saida_dentro_estado", "1"),
        (TipoOperacao.SAIDA, Uf.RJ, "saida_fora_estado", "2"),
        (TipoOperacao.ENTRADA, Uf.SP, "entrada_dentro_estado", "1"),
        (TipoOperacao.ENTRADA, Uf.RJ, "entrada_fora_estado", "2"),
        (TipoOperacao.IMPORTACAO, None, "importacao", "3"),
        (TipoOperacao.EXPORTACAO, None, "exportacao", "3"),
        (TipoOperacao.SAIDA, None, "exportacao", "3"),
    ],
)
def test_names(tipo: TipoOperacao, uf: Uf | None, nome: str, destino: str) -> None:
    e = read_operacao(operacao(tipo=tipo, uf_destinatario=uf))
    assert (e.cenario, e.destino) == (nome, destino)


def test_buyer_present_makes_it_internal() -> None:
    e = read_operacao(operacao(uf_destinatario=Uf.RJ, ind_presenca="1", ind_final=True))
    assert (e.cenario, e.destino) == ("saida_dentro_estado", "1")
    assert read_operacao(operacao(uf_destinatario=Uf.RJ, ind_presenca="1")).destino == "2"


def test_nfce_is_internal_and_final() -> None:
    e = read_operacao(operacao(modelo=Modelo.NFCE, uf_destinatario=None, ind_final=None, ind_ie_dest=None))
    assert (e.cenario, e.consumidor_final, e.ind_ie_dest) == ("saida_dentro_estado", True, "9")


@pytest.mark.parametrize(
    ("exterior", "pessoa", "ie", "esperado"),
    [
        (True, TipoPessoa.JURIDICA, "123", "9"),
        (False, TipoPessoa.JURIDICA, "", "9"),
        (False, TipoPessoa.JURIDICA, "isento", "2"),
        (False, TipoPessoa.FISICA, "ISENTO", "9"),
        (False, TipoPessoa.FISICA, "110042490114", "1"),
    ],
)
def test_ind_ie_dest(exterior: bool, pessoa: TipoPessoa, ie: str, esperado: str) -> None:
    assert derive_ind_ie_dest(exterior=exterior, tipo_pessoa=pessoa, inscricao_estadual=ie) == esperado


def test_final_consumer_is_derived() -> None:
    assert read_operacao(operacao(ind_final=None, tipo_pessoa=TipoPessoa.FISICA)).consumidor_final
    assert not read_operacao(operacao(ind_final=None)).consumidor_final
    assert read_operacao(operacao(ind_final=False, ind_ie_dest=None)).consumidor_final


@pytest.mark.parametrize(
    ("nome", "limpo"),
    [
        (" Saida-Dentro Estado ", "saida_dentro_estado"),
        ("entrada_exterior", "importacao"),
        ("saida exterior", "exportacao"),
        ("", "padrao"),
    ],
)
def test_normalised_names(nome: str, limpo: str) -> None:
    assert normalize_cenario(nome) == limpo


def _e(
    cenario: str, pessoa: str = "juridica", *, nao_contribuinte: bool = False, cfop: str = "5102"
) -> CenarioIcms:
    return CenarioIcms(cenario, pessoa, cfop, "00", nao_contribuinte=nao_contribuinte)


@pytest.mark.parametrize(
    ("entradas", "contribuinte", "posicao"),
    [
        ([_e("padrao"), _e("saida_fora_estado", "fisica")], True, 1),
        ([_e("padrao", "fisica"), _e("padrao", "PJ")], True, 1),
        ([_e("padrao", "fisica")], True, 0),
        ([_e("padrao", nao_contribuinte=True), _e("padrao")], True, 1),
        ([_e("padrao"), _e("padrao", nao_contribuinte=True)], False, 1),
        ([_e("padrao", cfop="1"), _e("padrao", cfop="2")], True, 0),
        ([_e("importacao"), _e("outro nome")], True, None),
        ([_e("padrao", nao_contribuinte=True)], True, None),
    ],
)
def test_ranking(entradas: list[CenarioIcms], contribuinte: bool, posicao: int | None) -> None:
    escolhida = select(entradas, "saida_fora_estado", "juridica", contribuinte=contribuinte)
    assert escolhida is (None if posicao is None else entradas[posicao])


def test_contributions_do_not_look_at_contributors() -> None:
    entradas = [CenarioContribuicao("padrao", "fisica", "01")]
    assert select(entradas, "x", "fisica", contribuinte=False) is entradas[0]


def test_everything_missing_is_told_at_once() -> None:
    r = calcular(item("1.00", Categoria("TF9")))
    assert codigos(r) == ["TRIB-CEN-ICMS", "TRIB-CEN-IPI", "TRIB-CEN-PIS", "TRIB-CEN-COFINS"]
    assert (
        r.violacoes[0].mensagem == "categoria TF9: nenhum cenario de icms para saida_dentro_estado/juridica"
    )
    assert r.violacoes[0].caminho == "itens[0].categoria.icms"
    assert r.violacoes[0].rotulo == "Item 1, ICMS"


def test_inline_and_nfce_need_no_ipi() -> None:
    cat = categoria(inline=True)
    sem_ipi = Categoria("", cat.icms, (), cat.pis, cat.cofins, inline=True)
    assert um(item("1.00", sem_ipi)).ipi is None
    assert (
        um(item("1.00", Categoria("TF1", cat.icms, cat.ipi, cat.pis, cat.cofins)), modelo=Modelo.NFCE).ipi
        is None
    )


def test_unknown_category_and_no_category() -> None:
    from dataclasses import replace

    sem = replace(item("1.00"), categoria=None)
    assert codigos(calcular(replace(sem, categoria_codigo="TF404"))) == ["TRIB-CAT-01"]
    assert codigos(calcular(sem)) == ["TRIB-CAT-02"]


@pytest.mark.parametrize(
    ("crt", "codigo", "erro", "c_stat"),
    [
        (1, "00", True, 590),
        (3, "102", True, 591),
        (2, "102", True, 591),
        (4, "102", False, None),
        (1, "61", False, None),
    ],
)
def test_regime(crt: int, codigo: str, erro: bool, c_stat: int | None) -> None:
    r = calcular(item("1.00", categoria(icms(codigo))), crt=crt)
    achados = [v.c_stat for v in r.violacoes if v.codigo == "TRIB-REGIME-01"]
    assert achados == ([c_stat] if erro else [])


@pytest.mark.parametrize(
    ("cfop", "uf", "cenario", "ajustar", "esperado", "erros"),
    [
        ("5.102", Uf.RJ, "padrao", True, "6102", []),
        ("6102", Uf.SP, "padrao", True, "5102", []),
        ("5102", Uf.RJ, "padrao", False, "5102", ["TRIB-CFOP-02"]),
        ("5102", Uf.RJ, "saida_fora_estado", True, "5102", ["TRIB-CFOP-02"]),
        ("1102", Uf.SP, "padrao", True, "1102", ["TRIB-CFOP-02"]),
        ("51", Uf.SP, "padrao", True, "51", ["TRIB-CFOP-01"]),
    ],
)
def test_cfop(cfop: str, uf: Uf, cenario: str, ajustar: bool, esperado: str, erros: list[str]) -> None:
    cat = categoria(icms("41", cfop, cenario=cenario))
    r = calcular(item("1.00", cat), uf_destinatario=uf, cfg={"ajustar_cfop": ajustar})
    assert (r.itens[0].cfop, codigos(r)) == (esperado, erros)


def test_the_items_own_cfop_is_kept() -> None:
    assert um(item("1.00", cfop="5949")).cfop == "5949"


def test_entries_swap_first_digit_too() -> None:
    t = um(item("1.00", categoria(icms("00", "1102"))), tipo=TipoOperacao.ENTRADA, uf_destinatario=Uf.RJ)
    assert t.cfop == "2102"


def test_benefit_code_order() -> None:
    entrada = icms("40", beneficio_fiscal={Uf.SP: "SP800001", Uf.RJ: "RJ800001"})
    assert um(item("1.00", categoria(entrada))).codigo_beneficio == "SP800001"
    assert um(item("1.00", categoria(entrada), codigo_beneficio="SP1")).codigo_beneficio == "SP1"
    assert um(item("1.00", categoria(icms("40", codigo_beneficio_fiscal="SP2")))).codigo_beneficio == "SP2"


@pytest.mark.parametrize(
    ("origem", "registrada", "aliquota", "interna"),
    [("0", None, "12", "20"), ("1", None, "4", "20"), ("0", "7", "7", "20"), ("0", "22", "12", "22")],
)
def test_interstate_rates(origem: str, registrada: str | None, aliquota: str, interna: str) -> None:
    por = {} if registrada is None else por_uf(Uf.RJ, registrada)
    cat = categoria(icms("00", "6102", aliquota_icms=por))
    t = um(item("100.00", cat, origem=origem), uf_destinatario=Uf.RJ, ind_ie_dest="9", ind_final=True)
    assert t.icms is not None
    assert t.icms_uf_destino is not None
    assert (t.icms.aliquota, t.icms_uf_destino.aliquota_destino) == (D(aliquota), D(interna))
    assert t.icms_uf_destino.aliquota_fcp == (D("2.00") if registrada != "22" else None)


def test_entries_take_the_rate_of_the_other_state_but_returns_ours() -> None:
    cat = categoria(icms("00", "2102"))
    campos = {"tipo": TipoOperacao.ENTRADA, "uf_emitente": Uf.SP, "uf_destinatario": Uf.PE}
    compra, volta = um(item("1.00", cat), **campos).icms, um(item("1.00", cat), **campos, finalidade="4").icms
    assert compra is not None
    assert volta is not None
    assert (compra.aliquota, volta.aliquota) == (D(12), D(7))


def test_fcp_of_the_state_comes_with_the_rate_of_the_table() -> None:
    campos = {"uf_emitente": Uf.RJ, "uf_destinatario": Uf.RJ}
    padrao = um(item("100.00"), **campos).icms
    assert padrao is not None
    assert (padrao.aliquota, padrao.aliquota_fcp, padrao.valor_fcp, padrao.base_fcp) == (
        D(20),
        D(2),
        D("2.00"),
        None,
    )
    propria = um(item("100.00", categoria(icms(aliquota_icms=por_uf(Uf.RJ, "12")))), **campos).icms
    assert propria is not None
    assert (propria.aliquota, propria.valor_fcp) == (D(12), None)
    em_linha = um(item("100.00", categoria(icms(aliquota=D("7.5")))), **campos).icms
    assert em_linha is not None
    assert em_linha.valor == D("7.50")
