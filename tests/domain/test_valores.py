"""Roundings and official text forms."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancela.domain.valores import (
    ValorInvalido,
    centavos,
    centavos_par,
    decimal_of,
    fit,
    quatro_casas,
    text_fixed,
    text_trimmed,
)


def test_the_two_roundings_differ_only_on_ties() -> None:
    assert centavos(Decimal("2.665")) == Decimal("2.67")
    assert centavos_par(Decimal("2.665")) == Decimal("2.66")
    assert centavos(Decimal("2.675")) == centavos_par(Decimal("2.675")) == Decimal("2.68")
    assert centavos(Decimal("-1.005")) == Decimal("-1.01")
    assert quatro_casas(Decimal("0.00005")) == Decimal("0.0001")


def test_text_and_integers_become_exact_decimals() -> None:
    assert decimal_of("10.50").as_tuple() == Decimal("10.50").as_tuple()
    assert decimal_of(7) == Decimal(7)


@pytest.mark.parametrize("texto", ["", "1,5", "NaN", "Infinity", "1e", "abc"])
def test_what_is_not_a_number_is_refused(texto: str) -> None:
    with pytest.raises(ValorInvalido):
        decimal_of(texto)


def test_fit_refuses_what_would_lose_digits() -> None:
    assert fit(Decimal("9999999999999.99"), 13, 2, "Valor") == Decimal("9999999999999.99")
    assert fit(Decimal("0"), 13, 2, "Valor") == 0
    for valor in ("10000000000000.00", "1.001", "-0.01"):
        with pytest.raises(ValorInvalido):
            fit(Decimal(valor), 13, 2, "Valor")


@pytest.mark.parametrize(
    ("valor", "minimo", "maximo", "texto"),
    [
        ("1.65", 2, 4, "1.65"),
        ("1.6500", 2, 4, "1.65"),
        ("1.6543", 2, 4, "1.6543"),
        ("2", 2, 10, "2.00"),
        ("10", 0, 4, "10"),
        ("0", 0, 4, "0"),
        ("3", 2, 2, "3.00"),
    ],
)
def test_text_forms(valor: str, minimo: int, maximo: int, texto: str) -> None:
    assert text_trimmed(Decimal(valor), minimo, maximo) == texto


@given(st.decimals("0", "9999999999.9999", places=4))
def test_text_is_exact(valor: Decimal) -> None:
    assert Decimal(text_trimmed(valor, 2, 10)) == valor
    assert Decimal(text_fixed(valor, 4)) == valor
