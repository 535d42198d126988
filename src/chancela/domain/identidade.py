"""Who: CNPJ, CPF, UF, environment and model, as types that cannot hold a wrong value.

CNPJ is text: letters are valid since July 2026 (NT Conjunta 2025.001).
"""

import re
from enum import IntEnum, StrEnum
from operator import mul

from chancela.domain.erros import RegraViolada, Violacao

_CNPJ = re.compile(r"[A-Z0-9]{12}[0-9]{2}")
_CPF = re.compile(r"[0-9]{11}")
_VALORES = bytes((codigo - 48) % 256 for codigo in range(256))
"""Of each character, by its ASCII code."""
_DIGITOS = (0, 0, 9, 8, 7, 6, 5, 4, 3, 2, 1)
"""By the rest of the division by 11."""
_PESOS_CNPJ = (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)
_PESOS_CPF = (11, 10, 9, 8, 7, 6, 5, 4, 3, 2)
_PONTUADO = re.compile(r"[.\-/\s]")


def dv_cnpj(base: str) -> str:
    """The two check digits of the 12 first positions: modulo 11 over ASCII - 48 (NT Conjunta 2025.001)."""
    return _two_digits(base, _PESOS_CNPJ)


def dv_cpf(base: str) -> str:
    """The two check digits of the 9 first positions of a CPF."""
    return _two_digits(base, _PESOS_CPF)


def _two_digits(base: str, pesos: tuple[int, ...]) -> str:
    """The first digit closes `base` under the weights but the first; the second closes both under all of them."""
    assert len(base) == len(pesos) - 1, base
    valores = base.encode("ascii").translate(_VALORES)
    primeiro = _DIGITOS[sum(map(mul, valores, pesos[1:])) % 11]
    segundo = _DIGITOS[(sum(map(mul, valores, pesos)) + primeiro * pesos[-1]) % 11]
    return f"{primeiro}{segundo}"


def only_document(texto: str) -> str:
    """Strip the punctuation people write in CNPJ and CPF, and put letters in upper case."""
    return (texto if texto.isalnum() else _PONTUADO.sub("", texto)).upper()


class Cnpj(str):
    """14 characters, the first 12 letters or digits, check digits verified."""

    __slots__ = ()

    def __new__(cls, texto: str) -> "Cnpj":
        limpo = only_document(texto)
        if _CNPJ.fullmatch(limpo) is None:
            raise _invalido(
                "IDENT-CNPJ-01",
                "CNPJ",
                texto,
                "O CNPJ tem 14 posições: 12 letras ou números e 2 dígitos verificadores.",
            )
        if limpo[:12] == limpo[0] * 12 and limpo[0] == "0":
            raise _invalido("IDENT-CNPJ-02", "CNPJ", texto, "O CNPJ zerado não existe.")
        if _two_digits(limpo[:12], _PESOS_CNPJ) != limpo[12:]:
            raise _invalido("IDENT-CNPJ-03", "CNPJ", texto, "O dígito verificador do CNPJ não confere.")
        return super().__new__(cls, limpo)

    @property
    def raiz(self) -> str:
        """The first 8 characters, shared by all establishments of a company."""
        return self[:8]

    @property
    def formatado(self) -> str:
        return f"{self[:2]}.{self[2:5]}.{self[5:8]}/{self[8:12]}-{self[12:]}"


class Cpf(str):
    """11 digits, check digits verified."""

    __slots__ = ()

    def __new__(cls, texto: str) -> "Cpf":
        limpo = only_document(texto)
        if _CPF.fullmatch(limpo) is None:
            raise _invalido("IDENT-CPF-01", "CPF", texto, "O CPF tem 11 números.")
        if limpo == limpo[0] * 11:
            raise _invalido("IDENT-CPF-02", "CPF", texto, "Um CPF de números todos iguais não existe.")
        if _two_digits(limpo[:9], _PESOS_CPF) != limpo[9:]:
            raise _invalido("IDENT-CPF-03", "CPF", texto, "O dígito verificador do CPF não confere.")
        return super().__new__(cls, limpo)

    @property
    def formatado(self) -> str:
        return f"{self[:3]}.{self[3:6]}.{self[6:9]}-{self[9:]}"


def _invalido(codigo: str, rotulo: str, valor: str, mensagem: str) -> RegraViolada:
    correcao = f"Confira o {rotulo} e envie-o novamente."
    return RegraViolada((Violacao(codigo, "", mensagem, correcao, rotulo=rotulo, valor=valor),))


class Ambiente(IntEnum):
    """tpAmb."""

    PRODUCAO = 1
    HOMOLOGACAO = 2


class Modelo(StrEnum):
    """Model of the fiscal document, as in positions 21-22 of the key."""

    NFE = "55"
    CTE = "57"
    MDFE = "58"
    NFCE = "65"
    CTE_OS = "67"


class Uf(StrEnum):
    """The 27 federation units; `codigo` is the two digits of IBGE that open a key."""

    AC = "AC", "12"
    AL = "AL", "27"
    AM = "AM", "13"
    AP = "AP", "16"
    BA = "BA", "29"
    CE = "CE", "23"
    DF = "DF", "53"
    ES = "ES", "32"
    GO = "GO", "52"
    MA = "MA", "21"
    MG = "MG", "31"
    MS = "MS", "50"
    MT = "MT", "51"
    PA = "PA", "15"
    PB = "PB", "25"
    PE = "PE", "26"
    PI = "PI", "22"
    PR = "PR", "41"
    RJ = "RJ", "33"
    RN = "RN", "24"
    RO = "RO", "11"
    RR = "RR", "14"
    RS = "RS", "43"
    SC = "SC", "42"
    SE = "SE", "28"
    SP = "SP", "35"
    TO = "TO", "17"

    codigo: str

    def __new__(cls, sigla: str, codigo: str) -> "Uf":
        uf = str.__new__(cls, sigla)
        uf._value_, uf.codigo = sigla, codigo
        return uf

    @classmethod
    def from_codigo(cls, codigo: str) -> "Uf":
        """The UF of an IBGE code; KeyError when there is none."""
        return UF_DO_CODIGO[codigo]


UF_DO_CODIGO = {uf.codigo: uf for uf in Uf}
"""The federation units by their IBGE codes."""
