"""Apportionment of document amounts over the items, exact to the cent (largest remainder)."""

from collections.abc import Sequence
from decimal import Decimal

from chancela.domain.tributos.numeros import CENTESIMO


class RateioImpossivel(Exception):
    """The amount finds no place: no weight, or more discount than goods."""


def to_centavos(valor: Decimal) -> int:
    """A two-decimal amount as a whole number of cents."""
    return int(valor * 100)


def from_centavos(centavos: int) -> Decimal:
    """Cents as an amount with two decimals."""
    return Decimal(centavos) * CENTESIMO


def _split(total: int, pesos: Sequence[int], valores: Sequence[int]) -> list[int]:
    """Shares of `total`: floors, then one cent each by larger fraction, larger value, lower position."""
    soma = sum(pesos)
    if soma <= 0:
        raise RateioImpossivel
    partes: list[int] = []
    restos: list[tuple[int, int, int]] = []
    for posicao, peso in enumerate(pesos):
        parte, resto = divmod(total * peso, soma)
        partes.append(parte)
        restos.append((-resto, -valores[posicao], posicao))
    restos = [r for r in restos if pesos[r[2]] > 0]
    restos.sort()
    for _, _, posicao in restos[: total - sum(partes)]:
        partes[posicao] += 1
    return partes


def apportion(total: Decimal, pesos: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """Split `total` in proportion to `pesos`, both in reais with two decimals; the shares sum to `total` exactly.

    `RateioImpossivel` when there is an amount and no weight.
    """
    if total == 0:
        return tuple(Decimal("0.00") for _ in pesos)
    inteiros = [to_centavos(p) for p in pesos]
    return tuple(from_centavos(p) for p in _split(to_centavos(total), inteiros, inteiros))


def apportion_desconto(
    total: Decimal, pesos: Sequence[Decimal], limites: Sequence[Decimal]
) -> tuple[Decimal, ...]:
    """As `apportion`, but no share passes its limit (what is left of the item): the excess moves to the others.

    `RateioImpossivel` when it does not fit at all.
    """
    falta = to_centavos(total)
    valores = [to_centavos(p) for p in pesos]
    folgas = [to_centavos(limite) if valor > 0 else 0 for limite, valor in zip(limites, valores, strict=True)]
    partes = [0] * len(valores)
    if falta > sum(folgas):
        raise RateioImpossivel
    while falta > 0:
        abertos = [v if folgas[i] > partes[i] else 0 for i, v in enumerate(valores)]
        novas = _split(falta, abertos, valores)
        for posicao, nova in enumerate(novas):
            cabe = min(nova, folgas[posicao] - partes[posicao])
            partes[posicao] += cabe
            falta -= cabe
    return tuple(from_centavos(p) for p in partes)


def combine(total: Decimal, proprios: Sequence[Decimal]) -> Decimal:
    """How much of the document amount is still to be apportioned on top of the items' own amounts.

    Zero when the document amount is absent or repeats the sum; `RateioImpossivel` when the items sum to more than it.
    """
    soma = sum(proprios, Decimal("0.00"))
    if total == 0 or total == soma:
        return Decimal("0.00")
    if soma > total:
        raise RateioImpossivel
    return total - soma
