"""Names and validity of reference values, pure."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancela.domain.tabelas.mercadorias import Cest, Cfop, Ncm
from chancela.domain.tabelas.nomes import comparable


@pytest.mark.parametrize(
    "nome", ["São João d'Aliança", "SAO JOAO D ALIANCA", "são-joão d’aliança", "  Sao Joao  DAlianca "]
)
def test_people_write_names_in_many_ways(nome: str) -> None:
    assert comparable(nome) == "SAOJOAODALIANCA"


@given(st.text(max_size=60))
def test_comparable_is_stable_and_plain(nome: str) -> None:
    uma = comparable(nome)
    assert comparable(uma) == uma
    assert uma == "" or (uma.isascii() and uma.isalnum() and uma == uma.upper())


def test_validity_includes_both_ends() -> None:
    ncm = Ncm("59039000", "Outros", "Outros", date(2016, 1, 1), date(2026, 2, 2), "KG", "")
    dias = [date(2015, 12, 31), date(2016, 1, 1), date(2026, 2, 2), date(2026, 2, 3)]
    assert [ncm.valid_on(d) for d in dias] == [False, True, True, False]


def test_cfop_has_a_first_day_and_may_have_a_last() -> None:
    marcas = {"devolucao": False, "retorno": False, "anulacao": False, "remessa": False}
    outras = {"combustivel": False, "comunicacao": False, "transporte": False}
    aberto = Cfop(
        "5102", "Venda", False, "interna", True, **marcas, **outras, inicio=date(2003, 1, 1), fim=None
    )
    assert [aberto.valid_on(d) for d in (date(2002, 12, 31), date(2003, 1, 1), date(2099, 1, 1))] == [
        False, True, True,
    ]  # fmt: skip
    findo = replace(aberto, fim=date(2026, 2, 2))
    assert [findo.valid_on(d) for d in (date(2026, 2, 2), date(2026, 2, 3))] == [True, False]


def test_cest_covers_by_prefix() -> None:
    cest = Cest("0100100", "Catalisadores", "01", True, ("3815", "84213990"))
    assert [cest.covers(n) for n in ("38151210", "84213990", "84213991")] == [True, True, False]
