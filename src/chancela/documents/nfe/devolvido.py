"""What of a note already came back: its earlier returns, item by item, with the taxes that they took."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from chancela.documents.nfe.layout import DocumentoNfe
from chancela.domain.tributos.entrada import TributosInformados
from chancela.domain.tributos.resultado import Ipi, TributosItem
from chancela.domain.valores import ZERO

GruposDevolvidos = TributosItem | TributosInformados


@dataclass(frozen=True, slots=True)
class ItemDevolvido:
    """So much of one item of the original comes back in one item of the return. Both count from 1 (nItem)."""

    item: int
    original: int
    quantidade: Decimal


@dataclass(frozen=True, slots=True)
class DevolucaoAnterior:
    """An earlier return that stands, and which of its items are which of the original's."""

    itens: tuple[ItemDevolvido, ...]
    documento: DocumentoNfe


class Saldo:
    """What of a note may still come back, taken item by item."""

    def __init__(self, original: DocumentoNfe, anteriores: Sequence[DevolucaoAnterior] = ()) -> None:
        self._resta = {item.tributos.numero: item.produto.quantidade for item in original.nfe.itens}
        self._vendida = dict(self._resta)
        self._grupos: dict[int, list[GruposDevolvidos]] = {}
        self._incompletos: set[int] = set()
        for anterior in anteriores:
            tributos = {item.tributos.numero: item.tributos for item in anterior.documento.nfe.itens}
            for devolvido in anterior.itens:
                self._resta[devolvido.original] -= devolvido.quantidade
                self._grupos.setdefault(devolvido.original, []).append(tributos[devolvido.item])

    def left(self, numero: int) -> Decimal:
        """How much of an item may still come back."""
        return self._resta[numero]

    def returned(self, numero: int) -> Decimal:
        """How much of it came back."""
        return self._vendida[numero] - self._resta[numero]

    def take(self, numero: int, quantidade: Decimal) -> None:
        """So much of it comes back now."""
        assert ZERO < quantidade <= self._resta[numero], "checked before it is taken"
        self._resta[numero] -= quantidade

    def note_groups(self, numero: int, grupos: TributosInformados | None) -> None:
        """The taxes of what was taken last; None when the caller brought its own, which leaves no remainder to tell."""
        if grupos is None:
            self._incompletos.add(numero)
        else:
            self._grupos.setdefault(numero, []).append(grupos)

    def remainder_known(self, numero: int) -> bool:
        """Whether nothing of it is left, and the taxes of all that came back are known."""
        return not self._resta[numero] and numero not in self._incompletos

    def groups(self, numero: int, ipi_vendido: Ipi | None) -> list[GruposDevolvidos]:
        """Taxes of what came back of an item, with the IPI that a buyer gave back where the sale had it."""
        return [_with_ipi(grupos, ipi_vendido) for grupos in self._grupos.get(numero, ())]


def _with_ipi(grupos: GruposDevolvidos, vendido: Ipi | None) -> GruposDevolvidos:
    if vendido is None or grupos.ipi is not None or grupos.ipi_devolvido is None:
        return grupos
    return replace(grupos, ipi=replace(vendido, valor=grupos.ipi_devolvido.valor))
