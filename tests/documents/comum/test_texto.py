"""The normaliser: what it changes, what it keeps, and its laws."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancela.documents.comum.texto import Ajuste, Normalizador, clean_texto

TSTRING = re.compile(r"[!-ÿ]{1}[ -ÿ]{0,}[!-ÿ]{1}|[!-ÿ]{1}")
"""TString of tiposBasico_v4.00.xsd."""


@pytest.mark.parametrize(
    ("antes", "depois"),
    [
        ("Venda de mercadoria", "Venda de mercadoria"),
        ("  Olá   mundo\n\tnovo ", "Olá mundo novo"),
        ("Café – “bom” €5…", 'Café - "bom" EUR5...'),
        ("Notebook 电脑 15", "Notebook 15"),
        ("ノート 한국어", ""),
        ("a\u0301gua", "água"),
        ("ﬁm Ａ ½ ²", "fim A ½ ²"),
        ("Ōsaka Łódź", "Osaka Lódz"),
        ("😀 oferta 😀", "oferta"),
        ("linha\x00\x85\u2028quebrada", "linha quebrada"),
        ("x\xa0y", "x y"),
        ("2×3 ±1", "2×3 ±1"),
        ("A & B <C>", "A & B <C>"),
        ("", ""),
    ],
)
def test_examples(antes: str, depois: str) -> None:
    assert clean_texto(antes) == depois


@given(st.text(max_size=40))
def test_result_is_inside_the_official_set_and_stays(texto: str) -> None:
    limpo = clean_texto(texto)
    assert limpo == "" or TSTRING.fullmatch(limpo)
    assert "  " not in limpo
    assert clean_texto(limpo) == limpo


@given(
    st.text(
        st.characters(min_codepoint=0x21, max_codepoint=0xFF, exclude_categories=("Cc", "Zs", "Cf")),
        max_size=40,
    )
)
def test_what_already_fits_is_untouched(texto: str) -> None:
    assert clean_texto(texto) == texto


def test_changes_are_reported_and_lengths_kept() -> None:
    n = Normalizador()
    assert n.limpa("a", "igual", 60) == "igual"
    assert n.limpa("itens[0].produto.descricao", "Chá 茶 verde", 120) == "Chá verde"
    assert n.limpa("nome", "abc def", 4) == "abc"
    assert n.opcional("b", None, 60) is None
    assert n.opcional("b", " ", 60) is None
    assert n.ajustes == [
        Ajuste("itens[0].produto.descricao", "Chá 茶 verde", "Chá verde"),
        Ajuste("nome", "abc def", "abc"),
        Ajuste("b", " ", ""),
    ]
