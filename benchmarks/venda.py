"""The sale that every side turns into a signed NF-e: plain facts, amounts already computed, no library's own types.

Standard library only: the process of PyNFe, whose environment has nothing of ours, reads it too. Fictitious people.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from functools import cache

CNPJ = "11222333000181"
CPF = "12345678909"
INSCRICAO_ESTADUAL = "110042490114"
EMISSAO = datetime(2026, 11, 20, 10, 30, tzinfo=timezone(timedelta(hours=-3)))
CNF = "48390217"
RAZAO_SOCIAL = "Comércio Modelo Ltda"
FANTASIA = "Modelo"
CLIENTE = "Cliente Exemplo"
EMAIL = "cliente@example.com"
LOGRADOURO, NUMERO_RUA, BAIRRO, CEP = "Rua Exemplo", "100", "Centro", "01001000"
MUNICIPIO, CODIGO_MUNICIPIO, UF = "São Paulo", "3550308", "SP"
NATUREZA = "Venda de mercadoria"
VERSAO = "banco de provas"

ICMS, PIS, COFINS = Decimal("18.00"), Decimal("1.65"), Decimal("7.60")
IBS_UF, IBS_MUN, CBS = Decimal("0.1000"), Decimal("0.0000"), Decimal("0.9000")
ZERO = Decimal("0.00")
_CENTAVO = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class ItemVenda:
    """One line; amounts in reais with two decimals, rates are the constants of this module."""

    numero: int
    codigo: str
    descricao: str
    ncm: str
    quantidade: Decimal
    valor_unitario: Decimal
    valor: Decimal
    icms: Decimal
    pis: Decimal
    cofins: Decimal
    ibs_uf: Decimal
    cbs: Decimal


@dataclass(frozen=True, slots=True)
class Venda:
    """An internal sale to a consumer, taxed in full, with its totals."""

    itens: tuple[ItemVenda, ...]
    valor: Decimal
    icms: Decimal
    pis: Decimal
    cofins: Decimal
    ibs_uf: Decimal
    cbs: Decimal


def _part(base: Decimal, aliquota: Decimal, modo: str = ROUND_HALF_UP) -> Decimal:
    return (base * aliquota / 100).quantize(_CENTAVO, modo)


def _item(numero: int) -> ItemVenda:
    quantidade = Decimal(1 + numero % 7)
    unitario = Decimal(1000 + 37 * numero).scaleb(-2)
    valor = (quantidade * unitario).quantize(_CENTAVO)
    return ItemVenda(
        numero,
        f"PROD{numero:04d}",
        f"Produto Exemplo {numero} - caixa com {numero % 12 + 1} peças",
        "85176277",
        quantidade,
        unitario,
        valor,
        _part(valor, ICMS),
        _part(valor, PIS),
        _part(valor, COFINS),
        _part(valor, IBS_UF, ROUND_HALF_EVEN),
        _part(valor, CBS, ROUND_HALF_EVEN),
    )


@cache
def venda(itens: int) -> Venda:
    """The sale with that many lines, all different."""
    linhas = tuple(_item(n) for n in range(1, itens + 1))
    return Venda(
        linhas,
        sum((i.valor for i in linhas), ZERO),
        sum((i.icms for i in linhas), ZERO),
        sum((i.pis for i in linhas), ZERO),
        sum((i.cofins for i in linhas), ZERO),
        sum((i.ibs_uf for i in linhas), ZERO),
        sum((i.cbs for i in linhas), ZERO),
    )
