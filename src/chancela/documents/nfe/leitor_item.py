"""Reads the fields of one item of a request, keeping its path and its label; and the five figures of the item."""

import re
from decimal import Decimal

from chancela.documents.comum.texto import is_clean
from chancela.documents.nfe.coleta import Coleta, fit_quantia
from chancela.documents.nfe.pedido import ItemPedido, PedidoNfe
from chancela.domain.valores import ZERO, centavos
from chancela.kit.frozen import frozen

_UM = Decimal(1)
_CENTAVO = Decimal("0.01")
_DEZ_CASAS = Decimal("1E-10")
_MAIOR_UNITARIO = Decimal(10) ** 11


@frozen
class Medidas:
    """Quantities (4 decimals), unit prices (10) and vProd (2) of an item."""

    quantidade: Decimal = _UM
    valor_unitario: Decimal = _UM
    valor_total: Decimal = _UM
    quantidade_tributavel: Decimal = _UM
    valor_unitario_tributavel: Decimal = _UM


class LeitorItem:
    """Reads one item. `completo` turns False when an amount is missing or wrong: taxes over it mean nothing."""

    __slots__ = ("base", "coleta", "completo", "item", "numero", "pedido")

    def __init__(self, coleta: Coleta, pedido: PedidoNfe, item: ItemPedido, posicao: int) -> None:
        self.coleta = coleta
        self.pedido = pedido
        self.item = item
        self.numero = posicao + 1
        self.base = f"itens[{posicao}]"
        self.completo = True

    def rotulo(self, palavra: str) -> str:
        """Label of a field for people: `Item 2, NCM`."""
        return f"Item {self.numero}, {palavra}"

    def texto(
        self, campo: str, palavra: str, bruto: str, maximo: int, *, obrigatorio: bool = False
    ) -> str | None:
        """Normalised text of a field, cut at `maximo`."""
        if not bruto and not obrigatorio:
            return None
        if is_clean(bruto, maximo):
            return bruto
        return self.coleta.texto(
            f"{self.base}.{campo}", self.rotulo(palavra), bruto, maximo, obrigatorio=obrigatorio
        )

    def quantia(
        self, campo: str, palavra: str, valor: Decimal | None, inteiros: int = 13, casas: int = 2
    ) -> Decimal:
        """An optional amount; zero when absent or wrong."""
        if valor is None:
            return ZERO
        cabe = fit_quantia(valor, inteiros, casas)
        if cabe is not None:
            return cabe
        lido = self.coleta.quantia(
            f"{self.base}.{campo}", self.rotulo(palavra), valor, inteiros=inteiros, casas=casas
        )
        if lido is None:
            self.completo = False
        return ZERO if lido is None else lido

    def padrao(
        self, campo: str, palavra: str, bruto: str, forma: re.Pattern[str], explicacao: str
    ) -> str | None:
        """A code of a fixed form, in upper case; None when absent or wrong."""
        if not bruto:
            return None
        limpo = bruto.strip().upper()
        if not limpo:
            return None
        if forma.fullmatch(limpo) is None:
            self.coleta.refuse(
                "PEDIDO-FORMA-01",
                f"{self.base}.{campo}",
                self.rotulo(palavra),
                f"O campo não tem a forma esperada: {explicacao}.",
                "Confira o valor.",
                valor=bruto,
            )
            return None
        return limpo

    # -- figures ------------------------------------------------------------------------------------------

    def read_medidas(self) -> Medidas:
        """The figures of the item; ones in their place when any is missing or wrong (and `completo` is False)."""
        item = self.item
        quantidade = self._obrigatorio("quantidade", "quantidade", item.quantidade, 11, 4)
        unitario = self._unitario()
        total = item.valor_total
        if total is None and quantidade is not None and unitario is not None:
            total = centavos(quantidade * unitario)
        if total is not None or self.completo:
            total = self._obrigatorio("valor_total", "valor total", total, 13, 2)
        if quantidade is None or unitario is None or total is None:
            return Medidas()
        if item.quantidade_tributavel is item.valor_unitario_tributavel is None:
            return Medidas(quantidade, unitario, total, quantidade, unitario)
        return Medidas(quantidade, unitario, total, *self._tributaveis(quantidade, unitario, total))

    def _obrigatorio(
        self, campo: str, palavra: str, valor: Decimal | None, inteiros: int, casas: int
    ) -> Decimal | None:
        lido = None if valor is None else fit_quantia(valor, inteiros, casas)
        if lido is None:
            lido = self.coleta.quantia(
                f"{self.base}.{campo}",
                self.rotulo(palavra),
                valor,
                inteiros=inteiros,
                casas=casas,
                obrigatorio=True,
            )
        if lido is None:
            self.completo = False
        return lido

    def _unitario(self) -> Decimal | None:
        """The unit price, of up to 10 decimals: most have two, and are as they must be."""
        valor = self.item.valor_unitario
        if valor is not None and valor.same_quantum(_CENTAVO) and fit_quantia(valor, 11, 2) is not None:
            return valor
        lido = self._obrigatorio("valor_unitario", "valor unitário", valor, 11, 10)
        return None if lido is None else _trim(lido)

    def _tributaveis(self, quantidade: Decimal, unitario: Decimal, total: Decimal) -> tuple[Decimal, Decimal]:
        """Taxable quantity and unit price; the price follows from the total when only the quantity was given."""
        item = self.item
        lida = quantidade
        if item.quantidade_tributavel is not None:
            campo = "quantidade_tributavel"
            lida = self.quantia(campo, "quantidade tributável", item.quantidade_tributavel, 11, 4)
        if item.valor_unitario_tributavel is not None:
            campo, palavra = "valor_unitario_tributavel", "valor unitário tributável"
            return lida, _trim(self.quantia(campo, palavra, item.valor_unitario_tributavel, 11, 10))
        if lida in (quantidade, ZERO):
            return lida, unitario
        preco = total / lida
        if preco >= _MAIOR_UNITARIO:
            self.coleta.refuse(
                "PEDIDO-NUMERO-03",
                f"{self.base}.quantidade_tributavel",
                self.rotulo("quantidade tributável"),
                "O valor unitário tributável passaria de 11 dígitos inteiros.",
                "Confira a quantidade tributável.",
                valor=lida,
            )
            return lida, unitario
        return lida, _trim(preco.quantize(_DEZ_CASAS))


def _trim(valor: Decimal) -> Decimal:
    """A unit price without zeros at its end, but for the first two decimals."""
    dois = valor.quantize(_CENTAVO)
    return dois if dois == valor else valor.normalize()
