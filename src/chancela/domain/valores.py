"""Exact values: money, quantities and rates as `Decimal`, with the official precisions and named roundings.

Rounding happens where the rule says, once (`spec` of taxes): half-up for every tax but IS, IBS and CBS, which
round half to even (LC 214/2025 art. 349). Never a float.
"""

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, InvalidOperation

from chancela.domain.erros import FiscalError

_CENTAVO = Decimal("0.01")
_QUATRO = Decimal("0.0001")
_CONTEXTO = Context(prec=40)
ZERO = Decimal("0.00")
CEM = Decimal(100)


class ValorInvalido(FiscalError):
    """A number that does not fit the official field."""

    def __init__(self, mensagem: str) -> None:
        super().__init__(
            "VALOR-01", mensagem, "Envie um número decimal com ponto, dentro do tamanho do campo."
        )


def decimal_of(valor: Decimal | int | str) -> Decimal:
    """An exact decimal from text or integer; commas, blanks, infinities and NaN are refused."""
    try:
        numero = Decimal(valor)
    except InvalidOperation as erro:
        raise ValorInvalido(f"“{valor}” não é um número.") from erro
    if not numero.is_finite():
        raise ValorInvalido(f"“{valor}” não é um número finito.")
    return numero


def centavos(valor: Decimal) -> Decimal:
    """Two decimals, half away from zero: every tax but IS, IBS and CBS."""
    return valor.quantize(_CENTAVO, ROUND_HALF_UP, _CONTEXTO)


def centavos_par(valor: Decimal) -> Decimal:
    """Two decimals, half to even: IS, IBS and CBS (LC 214/2025 art. 349)."""
    return valor.quantize(_CENTAVO, ROUND_HALF_EVEN, _CONTEXTO)


def quatro_casas(valor: Decimal) -> Decimal:
    """Four decimals, half away from zero: quantities and rates."""
    return valor.quantize(_QUATRO, ROUND_HALF_UP, _CONTEXTO)


def fit(valor: Decimal, inteiros: int, casas: int, nome: str) -> Decimal:
    """Check that a non-negative value fits `inteiros` + `casas` digits without losing any; returns it."""
    if valor < 0:
        raise ValorInvalido(f"{nome}: o valor {valor} é negativo.")
    if valor.adjusted() >= inteiros and valor != 0:
        raise ValorInvalido(f"{nome}: o valor {valor} passa de {inteiros} dígitos inteiros.")
    expoente = valor.normalize(_CONTEXTO).as_tuple().exponent
    if isinstance(expoente, int) and -expoente > casas:
        raise ValorInvalido(f"{nome}: o valor {valor} tem mais de {casas} casas decimais.")
    return valor


def text_fixed(valor: Decimal, casas: int) -> str:
    """XML text with exactly `casas` decimals (`TDec_1302`, `TDec_0302a04` in full...). The value must already fit."""
    texto = f"{valor:.{casas}f}"
    assert Decimal(texto) == valor, f"{valor} would lose digits at {casas} places"
    return texto


def text_trimmed(valor: Decimal, minimo: int, maximo: int) -> str:
    """XML text with at least `minimo` and at most `maximo` decimals, trailing zeros dropped between them."""
    texto = text_fixed(valor, maximo)
    cortar = maximo - minimo
    if cortar == 0:
        return texto
    zeros = 0
    while zeros < cortar and texto[-1 - zeros] == "0":
        zeros += 1
    if zeros == 0:
        return texto
    texto = texto[:-zeros]
    return texto.removesuffix(".")
