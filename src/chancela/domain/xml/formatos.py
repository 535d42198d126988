"""Forms of values in the official XML: how each one is written and read back.

Decimals are never rounded here: a value finer than the schema allows is a mistake of whoever made it (ValueError).
Where the schema allows a span of decimals (`TDec_1104v`, `TDec_0302a04`), the value keeps the digits it came with.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from chancela.domain.chave import ChaveAcesso
from chancela.domain.identidade import Cnpj, Cpf, Uf
from chancela.domain.xml.escrita import escape_text


@dataclass(frozen=True, slots=True)
class Formato:
    """A form. With `omite_vazio` an empty text means that the tag is not written, and an empty tag is no value.

    `em_linha` is `escrever` as source (see `geracao.py`): lines that make the text `t` out of the value `v`, leaving to
    `escrever` whatever is not common. A format without it is called.
    """

    escrever: Callable[[Any], str]
    ler: Callable[[str], Any]
    omite_vazio: bool = False
    em_linha: tuple[str, ...] = ()


def _fit(valor: Decimal, minimo: int, maximo: int) -> str:
    """Positional text with between `minimo` and `maximo` decimals, exact or refused."""
    if not valor.is_finite():
        raise ValueError(f"not a number: {valor}")
    inteiro, _, fracao = f"{valor:f}".partition(".")
    if len(fracao) > maximo:
        if fracao[maximo:].strip("0"):
            raise ValueError(f"{valor} has more than {maximo} decimals")
        fracao = fracao[:maximo]
    fracao = fracao.ljust(minimo, "0")
    return f"{inteiro}.{fracao}" if fracao else inteiro


def decimal(minimo: int, maximo: int) -> Formato:
    """Decimal with a span of decimals; ValueError when the value needs more."""

    def escrever(valor: Decimal) -> str:
        texto = str(valor)
        casas = len(texto) - 1 - texto.find(".") if "." in texto else 0
        if minimo <= casas <= maximo and "E" not in texto and casas + minimo > 0:
            return texto
        return _fit(valor, minimo, maximo)

    return Formato(
        escrever, _read_decimal, em_linha=("t = str(v)", f"if {_odd(minimo, maximo)}: t = escrever(v)")
    )


def _odd(minimo: int, maximo: int) -> str:
    """Source of the test that sends a decimal to `escrever`: it has neither of the common numbers of decimals.

    A point three from the end leaves no room for an exponent; farther away it does.
    """
    comuns = ["t[-3:-2] != '.'"] if minimo <= 2 <= maximo else []
    if maximo > 2:
        casas = min(maximo, 4)
        comuns.append(f"(t[-{casas + 1}:-{casas}] != '.' or 'E' in t)")
    if minimo == 0:
        comuns.append("not t.isdigit()")
    return " and ".join(comuns)


def _read_decimal(texto: str) -> Decimal:
    valor = Decimal(texto.strip())
    if not valor.is_finite():
        raise ValueError(texto)
    return valor


def _write_valor(valor: Decimal) -> str:
    texto = str(valor)
    return texto if texto[-3:-2] == "." else _fit(valor, 2, 2)


def _write_valor_opcional(valor: Decimal) -> str:
    return _write_valor(valor) if valor else ""


def _write_data_hora(valor: datetime) -> str:
    if valor.utcoffset() is None:
        raise ValueError("dates of the official XML carry their offset")
    return valor.isoformat(timespec="seconds")


def enumerado(classe: type[Enum]) -> Formato:
    """Member of an enumeration, by its official code."""
    return Formato(lambda v: str(v.value), classe, em_linha=("t = str(v._value_)",))


def enumerado_inteiro(classe: type[Enum]) -> Formato:
    """Member of an enumeration of integers."""
    return Formato(lambda v: str(v.value), lambda t: classe(int(t)), em_linha=("t = str(v._value_)",))


def _read_inteiro(texto: str) -> int:
    if not texto.strip().isdecimal():
        raise ValueError(texto)
    return int(texto)


def _read_sim_nao(texto: str) -> bool:
    return {"0": False, "1": True}[texto.strip()]


_TEXTO_EM_LINHA = (
    "t = v if v.isalnum() or v.isprintable() and '&' not in v and '<' not in v and '>' not in v else escrever(v)",
)
"""What is printable has no character that XML lacks."""
_VALOR_EM_LINHA = ("t = str(v)", "if t[-3:-2] != '.': t = escrever(v)")

TEXTO = Formato(escape_text, str, em_linha=_TEXTO_EM_LINHA)
TEXTO_OPCIONAL = Formato(escape_text, str, omite_vazio=True, em_linha=_TEXTO_EM_LINHA)
TEXTO_CRU = Formato(str, str)
"""Text of an attribute, which `atributo` escapes by its own rule."""
INTEIRO = Formato(str, _read_inteiro, em_linha=("t = str(v)",))
SIM_NAO = Formato(lambda v: "1" if v else "0", _read_sim_nao, em_linha=("t = '1' if v else '0'",))
"""bool as 1 or 0."""
MARCA = Formato(
    lambda v: "1" if v else "", _read_sim_nao, omite_vazio=True, em_linha=("t = '1' if v else ''",)
)
"""bool as 1 or nothing."""
DATA = Formato(date.isoformat, lambda t: date.fromisoformat(t.strip()))
DATA_HORA = Formato(
    _write_data_hora,
    lambda t: datetime.fromisoformat(t.strip()),
    em_linha=("t = v.isoformat(timespec='seconds')", "if t[22:23] != ':': t = escrever(v)"),
)
VALOR = Formato(_write_valor, _read_decimal, em_linha=_VALOR_EM_LINHA)
"""TDec_1302: exactly two decimals."""
VALOR_OPCIONAL = Formato(
    _write_valor_opcional,
    _read_decimal,
    omite_vazio=True,
    em_linha=("t = str(v) if v else ''", "if v and t[-3:-2] != '.': t = escrever(v)"),
)
"""TDec_1302Opc: zero is not written."""
ALIQUOTA = decimal(2, 4)
"""TDec_0302a04: two to four decimals."""
DEC_2 = VALOR
DEC_3 = decimal(3, 3)
DEC_4 = decimal(4, 4)
DEC_0A4 = decimal(0, 4)
DEC_0A10 = decimal(0, 10)
CNPJ = Formato(str, Cnpj, omite_vazio=True)
CPF = Formato(str, Cpf, omite_vazio=True)
UF = Formato(lambda v: v.value, Uf)
UF_IBGE = Formato(lambda v: v.codigo, Uf.from_codigo, em_linha=("t = v.codigo",))
CHAVE = Formato(lambda v: v.texto, ChaveAcesso.parse)
