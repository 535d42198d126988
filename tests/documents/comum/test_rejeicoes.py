"""The catalogue of rejections: rows told apart by text, xMotivo read, nothing of the simulator left unexplained."""

import ast
import re
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

import chancela.simulator
from chancela.documents.comum.rejeicoes import (
    ACEITES,
    Catalogo,
    Reenvio,
    Rejeicao,
    explain_rejeicao,
    load_catalogo,
    read_entrada,
)
from chancela.documents.comum.rejeicoes_paginas import render_paginas
from chancela.documents.nfe.pedido import PedidoNfe
from chancela.documents.nfe.regras import REGRAS as NOSSAS_REGRAS
from chancela.domain.tabelas.nomes import comparable
from chancela.simulator.regras.catalogo import REGRAS
from chancela.simulator.regras.modelo import text_of

PASTA = Path(__file__).parents[3] / "docs" / "rejeicoes"
SIMULADOR = Path(chancela.simulator.__file__).parent
CHAVE = "35261112345678000195550010000001231123456786"
REUSADOS = (337, 407, 652, 657, 796, 935, 961, 963, 965, 966, 1111, 1112)
LINHA = {
    "c_stat": "778",
    "documento": "nfe",
    "variante": "",
    "mensagem": "Informado NCM inexistente",
    "causa": "c",
    "correcao": "f",
    "reenvio": "corrigido",
    "campos": "itens[].ncm",
    "referencia": "",
}


def explain(c_stat: int, motivo: str = "") -> Rejeicao:
    rejeicao = explain_rejeicao(c_stat, motivo)
    assert rejeicao is not None
    return rejeicao


def _answers_in_the_simulator() -> dict[int, str]:
    """Every number that stands beside a text in the simulator's code: its answers outside the rules."""
    achados: dict[int, str] = {}
    for modulo in SIMULADOR.rglob("*.py"):
        for no in ast.walk(ast.parse(modulo.read_text(encoding="utf-8"))):
            pares: list[tuple[ast.expr | None, ast.expr]] = []
            if isinstance(no, ast.Tuple):
                pares = list(zip(no.elts, no.elts[1:], strict=False))
            elif isinstance(no, ast.Call):
                pares = list(zip(no.args, no.args[1:], strict=False))
            elif isinstance(no, ast.Dict):
                pares = list(zip(no.keys, no.values, strict=True))
            for numero, texto in pares:
                if (
                    isinstance(numero, ast.Constant)
                    and type(numero.value) is int
                    and 100 <= numero.value <= 9999
                ):
                    if isinstance(texto, ast.JoinedStr):
                        achados[numero.value] = ""
                    elif isinstance(texto, ast.Constant) and isinstance(texto.value, str):
                        achados[numero.value] = texto.value
    return achados


@pytest.mark.parametrize("regra", REGRAS, ids=lambda r: f"{r.c_stat}-{r.codigo}")
def test_every_rule_of_the_simulator_is_explained(regra: Any) -> None:
    rejeicao = explain(regra.c_stat, text_of(regra.mensagem, " [nItem: 2]"))
    assert rejeicao.conhecida
    oficial = comparable(re.sub(r"\[.*?\]|\(Código\)", "", regra.mensagem))
    nossa = comparable(rejeicao.mensagem)
    assert oficial.startswith(nossa) or nossa.startswith(oficial)


def test_every_other_answer_of_the_simulator_is_explained() -> None:
    respostas = _answers_in_the_simulator()
    assert {108, 109, 113, 215, 222, 225, 280, 297, 562, 613, 999} <= set(respostas)
    faltam = [c for c, texto in respostas.items() if c not in ACEITES and not explain(c, texto).conhecida]
    assert not faltam


def test_every_rule_of_ours_that_spares_a_rejection_is_explained() -> None:
    faltam = {
        r.c_stat
        for r in NOSSAS_REGRAS
        if r.c_stat is not None and not load_catalogo().find(r.c_stat, r.mensagem)
    }
    assert faltam <= set(REUSADOS)


def test_reused_numbers_are_matched_by_their_text_only() -> None:
    for entrada in load_catalogo().entradas:
        assert bool(entrada.variante) == (entrada.c_stat in {*REUSADOS, 220}), entrada.c_stat
        achada = load_catalogo().find(entrada.c_stat, f"Rejeição: {entrada.mensagem} [nItem: 1]")
        assert achada == entrada
    assert not explain(966, "Rejeicao: Outro texto qualquer").conhecida


def test_the_same_number_is_told_apart() -> None:
    mei = explain(337, "Rejeicao: CFOP invalido para emitente MEI (CRT=4) [nItem: 4]")
    assert (mei.paths(), mei.item) == (("itens[3].cfop", "itens[3].impostos.icms.codigo_cfop"), 4)
    antigo = explain(337, "Rejeição: NFC-e para emitente pessoa física")
    assert antigo.campos == ("emitente.cpf",)


@pytest.mark.parametrize(
    ("motivo", "item", "ocorrencia", "chave"),
    [
        ("Rejeição: Informado NCM inexistente [nItem: 3]", 3, None, ""),
        ("Rejeicao: Informado NCM inexistente[nItem:12]", 12, None, ""),
        ("x [ NITEM 990 ]", 990, None, ""),
        ("cortado no meio [nItem: 7", 7, None, ""),
        ("x [nItem: 0]", None, None, ""),
        ("x nItem: 5", None, None, ""),
        ("x [nOcor: 2]", None, 2, ""),
        (f"Duplicidade [chNFe: {CHAVE}][nProt: 135]", None, None, CHAVE),
        ("Duplicidade [chNFe: 3526]", None, None, ""),
        ("", None, None, ""),
    ],
)
def test_the_reason_is_read(motivo: str, item: int | None, ocorrencia: int | None, chave: str) -> None:
    rejeicao = explain(778, motivo)
    assert (rejeicao.item, rejeicao.ocorrencia, rejeicao.chave) == (item, ocorrencia, chave)
    assert rejeicao.motivo == motivo


def test_alphanumeric_keys_are_read() -> None:
    chave = "352611AB345678000195550010000001231123456786"
    assert explain(539, f"Duplicidade [chNFe:{chave.lower()}]").chave == chave


def test_paths_are_cut_where_the_doubt_begins() -> None:
    ncm = explain(778, "NCM inexistente")
    assert ncm.paths() == ("itens",)
    assert ncm.paths(2) == ("itens",)
    assert ncm.paths(1) == ("itens[0].ncm",)
    assert explain(778, "[nItem: 2]").paths(1) == ("itens[1].ncm",)
    assert explain(391, "x [nOcor: 2]").paths() == ("pagamentos[1].cartao",)
    assert explain(391, "x").paths() == ("pagamentos",)
    assert explain(852, "x [nOcor: 3]").paths() == ("cobranca.duplicatas[2].numero",)
    assert explain(539, "x").paths(1) == ()
    assert explain(539, "x [nItem: 4]").paths() == ("itens[3]",)
    assert explain(719, "x").paths() == ("destinatario",)


def test_unknown_code_is_explained_by_its_own_text() -> None:
    rejeicao = explain(4321, "Rejeição: Regra nova [nItem: 2]")
    assert not rejeicao.conhecida
    assert rejeicao.mensagem == "Rejeição: Regra nova [nItem: 2]"
    assert (rejeicao.reenvio, rejeicao.paths()) == (Reenvio.CORRIGIDO, ("itens[1]",))
    assert rejeicao.causa
    assert rejeicao.correcao


@pytest.mark.parametrize("c_stat", sorted(ACEITES))
def test_acceptance_is_no_rejection(c_stat: int) -> None:
    assert explain_rejeicao(c_stat, "Autorizado o uso da NF-e") is None


@pytest.mark.parametrize(
    ("c_stat", "reenvio"),
    [
        (108, Reenvio.DEPOIS),
        (656, Reenvio.DEPOIS),
        (999, Reenvio.DEPOIS),
        (204, Reenvio.NUNCA),
        (206, Reenvio.NUNCA),
        (539, Reenvio.NUNCA),
        (778, Reenvio.CORRIGIDO),
    ],
)
def test_whether_sending_again_helps(c_stat: int, reenvio: Reenvio) -> None:
    assert explain(c_stat).reenvio is reenvio


@given(st.integers(0, 9999), st.text(max_size=300), st.none() | st.integers(0, 3))
def test_no_answer_breaks_the_reader(c_stat: int, motivo: str, itens: int | None) -> None:
    rejeicao = explain_rejeicao(c_stat, motivo)
    assert (rejeicao is None) == (c_stat in ACEITES)
    assert rejeicao is None or all("[]" not in caminho for caminho in rejeicao.paths(itens))


def test_rows_that_cannot_be_told_apart_are_refused() -> None:
    entrada = read_entrada(LINHA)
    with pytest.raises(ValueError, match="778"):
        Catalogo([entrada, entrada])
    with pytest.raises(ValueError, match="778"):
        Catalogo([replace(entrada, variante="São"), replace(entrada, variante="sao")])
    with pytest.raises(ValueError):
        read_entrada({**LINHA, "reenvio": "talvez"})


def test_other_documents_have_their_own_numbers() -> None:
    assert load_catalogo("mdfe").entradas == ()
    assert load_catalogo("nfe") is load_catalogo("nfe")


def test_texts_are_whole_sentences() -> None:
    for entrada in load_catalogo().entradas:
        assert entrada.mensagem
        assert not entrada.mensagem.startswith("Rejeição")
        for texto in (entrada.causa, entrada.correcao):
            assert re.fullmatch(r"\S.*[.]", texto), (entrada.c_stat, texto)
            assert "  " not in texto


def _has_path(tipo: Any, partes: list[str]) -> bool:
    """Whether a request type holds the path; a list is entered by `[]`."""
    candidatos = (
        [a for a in get_args(tipo) if a is not type(None) and a is not ...] if get_args(tipo) else [tipo]
    )
    if isinstance(tipo, UnionType) or len(candidatos) > 1:
        return any(_has_path(candidato, partes) for candidato in candidatos)
    if candidatos != [tipo]:
        return _has_path(candidatos[0], partes)
    if not partes:
        return True
    if not is_dataclass(tipo):
        return False
    nome = re.sub(r"\[\d*\]", "", partes[0])
    if nome not in {campo.name for campo in fields(tipo)}:
        return False
    return _has_path(get_type_hints(tipo)[nome], partes[1:])


CAMPOS = sorted({campo for entrada in load_catalogo().entradas for campo in entrada.campos})


@pytest.mark.parametrize("campo", [c for c in CAMPOS if not c.startswith("emitente.")])
def test_every_field_exists_in_the_request(campo: str) -> None:
    assert _has_path(PedidoNfe, campo.split("."))


def test_the_check_of_fields_sees_a_wrong_one() -> None:
    assert not _has_path(PedidoNfe, ["itens[]", "nmc"])
    assert not _has_path(PedidoNfe, ["itens[]", "ncm", "x"])


def test_pages_are_up_to_date() -> None:
    """When they are not: run `python docs/gerar_rejeicoes.py` and review the difference."""
    escritas = {arquivo.name: arquivo.read_text(encoding="utf-8") for arquivo in PASTA.glob("*.md")}
    assert escritas == render_paginas()


def test_the_page_of_a_reused_number_shows_each_meaning() -> None:
    pagina = render_paginas()["337.md"]
    assert pagina.count("\n## ") == 2
    assert "compare o texto" in pagina
    assert render_paginas()["778.md"].startswith("# Rejeição 778: Informado NCM inexistente\n")
