"""Apportionment: the table of the specification, and the laws."""

from decimal import Decimal as D

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.tributos.fabrica import calcular, codigos, item

from chancela.domain.tributos import rateio
from chancela.domain.tributos.rateio import RateioImpossivel, apportion, apportion_desconto, combine

CENTAVOS = st.integers(0, 10**9).map(lambda n: D(n) / 100)


@pytest.mark.parametrize(
    ("total", "pesos", "partes"),
    [
        ("10.00", "33.33 33.33 33.34", "3.33 3.33 3.34"),
        ("7.77", "199.90 49.95 0.15", "6.21 1.55 0.01"),
        ("0.02", "10.00 10.00 10.00", "0.01 0.01 0.00"),
        ("100.00", "50.00 30.00 20.01", "49.99 30.00 20.01"),
        ("0", "1.00 2.00", "0.00 0.00"),
    ],
)
def test_table(total: str, pesos: str, partes: str) -> None:
    assert [str(p) for p in apportion(D(total), [D(p) for p in pesos.split()])] == partes.split()


@given(total=CENTAVOS, pesos=st.lists(CENTAVOS, min_size=1, max_size=12).filter(any))
@settings(max_examples=80)
def test_shares_sum_to_the_amount_and_never_miss_by_more_than_a_cent(total: D, pesos: list[D]) -> None:
    partes = apportion(total, pesos)
    assert sum(partes) == total
    soma = sum(pesos)
    assert all(abs(p - total * w / soma) < D("0.01") for p, w in zip(partes, pesos, strict=True))


@given(pesos=st.lists(CENTAVOS, min_size=1, max_size=8).filter(any), dados=st.data())
@settings(max_examples=80)
def test_no_discount_passes_what_is_left_of_the_item(pesos: list[D], dados: st.DataObject) -> None:
    limites = [dados.draw(st.integers(0, int(p * 100)).map(lambda n: D(n) / 100)) for p in pesos]
    total = dados.draw(st.integers(0, int(sum(limites) * 100)).map(lambda n: D(n) / 100))
    partes = apportion_desconto(total, pesos, limites)
    assert sum(partes) == total
    assert all(D(0) <= p <= limite for p, limite in zip(partes, limites, strict=True))


def test_a_capped_discount_moves_to_the_others() -> None:
    assert apportion_desconto(D("10.00"), [D("50.00"), D("50.00")], [D("1.00"), D("50.00")]) == (
        D("1.00"),
        D("9.00"),
    )


def test_impossible() -> None:
    with pytest.raises(RateioImpossivel):
        apportion(D("1.00"), [D("0.00")])
    with pytest.raises(RateioImpossivel):
        apportion_desconto(D("3.00"), [D("2.00")], [D("2.00")])
    with pytest.raises(RateioImpossivel):
        combine(D("1.00"), [D("2.00")])


@pytest.mark.parametrize(
    ("total", "proprios", "falta"), [("0", "5", "0"), ("5", "5", "0"), ("7", "5", "2"), ("7", "0", "7")]
)
def test_combination_of_document_and_item_amounts(total: str, proprios: str, falta: str) -> None:
    assert combine(D(total), [D(proprios)]) == D(falta)


def test_cents() -> None:
    assert rateio.from_centavos(rateio.to_centavos(D("12.34"))) == D("12.34")


def test_document_amounts_reach_the_items() -> None:
    r = calcular(
        item("33.33"), item("33.33"), item("33.34"), item("50.00", compoe_total=False),
        frete=D("10.00"), seguro=D("0.02"), outras_despesas=D("1.00"), desconto=D("10.00"),
    )  # fmt: skip
    assert r.violacoes == ()
    assert [t.valor_frete for t in r.itens] == [D("3.33"), D("3.33"), D("3.34"), D("0.00")]
    assert [t.valor_seguro for t in r.itens] == [D("0.01"), D("0.00"), D("0.01"), D("0.00")]
    assert [t.valor_desconto for t in r.itens] == [D("3.33"), D("3.33"), D("3.34"), D("0.00")]
    assert r.totais.icms.valor_produtos == D("100.00")
    assert r.totais.icms.valor_nota == D("101.02")


def test_a_discount_on_top_of_the_items_own() -> None:
    r = calcular(item("50.00", desconto=D("10.00")), item("50.00"), desconto=D("20.00"))
    assert [t.valor_desconto for t in r.itens] == [D("15.00"), D("5.00")]


def test_refusals() -> None:
    assert codigos(calcular(item("50.00", desconto=D("10.00")), desconto=D("5.00"))) == ["TRIB-RATEIO-02"]
    assert codigos(calcular(item("50.00", frete=D("10.00")), frete=D("5.00"))) == ["TRIB-RATEIO-02"]
    assert codigos(calcular(item("50.00"), desconto=D("50.01"))) == ["TRIB-RATEIO-01"]
    assert codigos(calcular(item("50.00", compoe_total=False), frete=D("1.00"))) == ["TRIB-RATEIO-01"]
    assert codigos(calcular(item("50.00", desconto=D("50.01")))) == ["TRIB-DESC-01"]
