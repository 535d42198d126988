"""The arithmetic of the engine: one decimal context, and rounding that has a name.

Every declared value is rounded when it is declared, and later steps use the declared value, so that a reader of the
XML who multiplies `vBC` by `pICMS` finds `vICMS`.
"""

from decimal import (
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from functools import lru_cache

CONTEXTO = Context(prec=50, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation, DivisionByZero, Overflow])
"""Wide enough that no product of official precisions is ever inexact before its own rounding."""

ZERO = Decimal("0.00")
UM = Decimal(1)
CEM = Decimal(100)
CENTESIMO = Decimal("0.01")
DECIMO_MILESIMO = Decimal("0.0001")

LIMITE_VALOR = Decimal("9999999999999.99")
"""Largest amount of the layout: 13 integer digits."""
LIMITE_QUANTIDADE = Decimal("99999999999.9999")
LIMITE_UNITARIO = Decimal("99999999999.9999999999")
LIMITE_TAXA = Decimal("999.9999")


def centavos_meio_acima(valor: Decimal) -> Decimal:
    """Two decimals, half away from zero: every tax but IS, IBS and CBS."""
    return valor.quantize(CENTESIMO, ROUND_HALF_UP)


def centavos_meio_par(valor: Decimal) -> Decimal:
    """Two decimals, half to even: IS, IBS and CBS (LC 214/2025, art. 349)."""
    return valor.quantize(CENTESIMO, ROUND_HALF_EVEN)


@lru_cache(4_096)
def round_taxa(valor: Decimal, modo: str = ROUND_HALF_UP) -> Decimal:
    """A rate as declared: 4 decimals, the last two dropped when they are zero."""
    quatro = valor.quantize(DECIMO_MILESIMO, modo)
    dois = quatro.quantize(CENTESIMO, ROUND_HALF_EVEN)
    return dois if dois == quatro else quatro


def round_quantidade(valor: Decimal) -> Decimal:
    """A quantity as declared: 4 decimals."""
    return valor.quantize(DECIMO_MILESIMO, ROUND_HALF_UP)


def format_brasileiro(valor: Decimal) -> str:
    """A number as Brazilians write it: `1.234,50`."""
    return f"{valor:,f}".translate(str.maketrans(",.", ".,"))
