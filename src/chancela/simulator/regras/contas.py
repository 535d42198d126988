"""The judge's own arithmetic and check digits, written from the manuals and shared with nobody."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from operator import mul

from chancela.simulator.tabelas import UF_DO_CODIGO
from chancela.simulator.xml import Grupo

CENTAVO = Decimal("0.01")
MEIO_REAL = Decimal("0.50")
_CEM = Decimal(100)
_PESOS_DA_CHAVE = [2 + i % 8 for i in range(43)][::-1]
MENSAGENS_CHAVE = {
    236: "Chave de Acesso com dígito verificador inválido",
    614: "Chave de Acesso inválida (Código UF inválido)",
    615: "Chave de Acesso inválida (Ano < 06 ou Ano maior que Ano Corrente)",
    616: "Chave de Acesso inválida (Mês < 1 ou Mês > 12)",
    617: "Chave de Acesso inválida (CNPJ/CPF zerado ou dígito inválido)",
    618: "Chave de Acesso inválida (modelo diferente de 55 e 65)",
    619: "Chave de Acesso inválida (número NF = 0)",
}
"""Official texts of the checks that a foreign key fails."""


def round2(valor: Decimal) -> Decimal:
    """Two decimals, half up: what the notes of the MOC say for products."""
    return valor.quantize(CENTAVO, ROUND_HALF_UP)


def differs(informado: Decimal, calculado: Decimal, tolerancia: Decimal = CENTAVO) -> bool:
    """Whether a value is off by more than the tolerance; the calculated one is rounded to cents first."""
    return abs(informado - round2(calculado)) > tolerancia


def percent(base: Decimal, aliquota: Decimal) -> Decimal:
    return base * aliquota / _CEM


def total(valores: Iterable[Decimal]) -> Decimal:
    return sum(valores, Decimal(0))


def sum_of(grupos: Iterable[Grupo], *tags: str) -> Decimal:
    """Sum of the named values over the groups."""
    return sum((g.valor(tag) for g in grupos for tag in tags if g.tem(tag)), Decimal(0))


def _mod11(valores: list[int], pesos: list[int]) -> int:
    assert len(valores) == len(pesos), "a weight for each position"
    resto = sum(map(mul, valores, pesos)) % 11
    return 0 if resto < 2 else 11 - resto


def key_digit(base: str) -> str:
    """cDV of 43 positions (MOC 7.0, Anexo I; letters by ASCII - 48)."""
    return str(_mod11([ord(c) - 48 for c in base], _PESOS_DA_CHAVE))


@lru_cache(maxsize=4096)
def cnpj_ok(texto: str) -> bool:
    """CNPJ with right check digits, letters allowed, not zero."""
    if len(texto) != 14 or texto == "0" * 14 or not texto[12:].isdigit():
        return False
    valores = [ord(c) - 48 for c in texto]
    d1 = _mod11(valores[:12], [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])
    d2 = _mod11(valores[:13], [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])
    return texto[12:] == f"{d1}{d2}"


def cpf_ok(texto: str) -> bool:
    """CPF with right check digits, not all the same digit."""
    if len(texto) != 11 or not texto.isdigit() or texto == texto[0] * 11:
        return False
    valores = [int(c) for c in texto]
    d1 = _mod11(valores[:9], list(range(10, 1, -1)))
    d2 = _mod11(valores[:10], list(range(11, 1, -1)))
    return texto[9:] == f"{d1}{d2}"


def gtin_ok(texto: str) -> bool:
    """GTIN-8, 12, 13 or 14 with right check digit."""
    if not texto.isdigit() or len(texto) not in (8, 12, 13, 14):
        return False
    soma = sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(texto[:-1])))
    return (10 - soma % 10) % 10 == int(texto[-1])


def key_fault(chave: str, ano_atual: int) -> int | None:
    """Which check of a foreign key fails, as the cStat of a query: 236, 614 to 619; None when it is sound."""
    if key_digit(chave[:43]) != chave[43]:
        return 236
    if chave[:2] not in UF_DO_CODIGO:
        return 614
    if not 6 <= int(chave[2:4]) <= ano_atual % 100:
        return 615
    if not 1 <= int(chave[4:6]) <= 12:
        return 616
    if not key_issuer_ok(chave):
        return 617
    if chave[20:22] not in ("55", "65"):
        return 618
    return 619 if int(chave[25:34]) == 0 else None


def key_issuer_ok(chave: str) -> bool:
    """Series 0 to 909 carry a CNPJ, 910 to 969 a CPF after three zeros."""
    emitente, serie = chave[6:20], int(chave[22:25])
    return cpf_ok(emitente[3:]) if serie >= 910 else cnpj_ok(emitente)
