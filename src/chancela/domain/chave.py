"""Chave de acesso: the 44 positions that name a fiscal document (MOC 7.0, Anexo I; NT Conjunta 2025.001)."""

import re
from datetime import datetime
from functools import lru_cache
from operator import mul

from chancela.domain.erros import RegraViolada, Violacao
from chancela.domain.identidade import UF_DO_CODIGO, Cnpj, Cpf, Modelo, Uf
from chancela.kit.frozen import frozen

_FORMA = re.compile(r"[0-9]{6}[A-Z0-9]{12}[0-9]{26}")
_PESOS = (4, 3, 2, 9, 8, 7, 6, 5) * 5 + (4, 3, 2)
_QUARENTA_E_OITOS = 48 * sum(_PESOS)
CNF_PROIBIDOS = frozenset(
    [str(d) * 8 for d in range(10)]
    + [
        "12345678",
        "23456789",
        "34567890",
        "45678901",
        "56789012",
        "67890123",
        "78901234",
        "89012345",
        "90123456",
        "01234567",
    ]
)
"""Values of cNF that the rule B03-10 (rejection 897) refuses, besides cNF = nNF."""


@lru_cache(256)
def dv_chave(base: str) -> str:
    """Check digit of the 43 first positions: modulo 11, weights 2 to 9 from the right, ASCII - 48.

    Not a proof of identity: one altered key in sixty keeps its digit. Whoever composes a key asks it, and the key made
    asks it again: the few last answers are kept.
    """
    assert len(base) == len(_PESOS), base
    resto = (sum(map(mul, base.encode("ascii"), _PESOS)) - _QUARENTA_E_OITOS) % 11
    return "0" if resto < 2 else str(11 - resto)


@frozen
class ChaveAcesso:
    """A key whose form and check digit hold. Build by `compose` or `parse`."""

    texto: str

    def __post_init__(self) -> None:
        assert _FORMA.fullmatch(self.texto) is not None, self.texto
        assert dv_chave(self.texto[:43]) == self.texto[43], self.texto

    def __str__(self) -> str:
        return self.texto

    @classmethod
    def parse(cls, texto: str) -> "ChaveAcesso":
        """Read a key written by a person or a program; blanks and an `NFe` prefix are forgiven."""
        limpo = re.sub(r"\s", "", texto).removeprefix("NFe")
        if _FORMA.fullmatch(limpo) is None:
            raise _invalida(
                "CHAVE-01",
                texto,
                "chave inválida: deve ter 44 dígitos",
                "Copie os 44 dígitos do DANFE, sem cortes.",
            )
        if limpo[:2] not in UF_DO_CODIGO:
            raise _invalida(
                "CHAVE-02",
                texto,
                "chave inválida: as duas primeiras posições não são de uma UF",
                "Confira o começo da chave.",
            )
        if dv_chave(limpo[:43]) != limpo[43]:
            raise _invalida(
                "CHAVE-03",
                texto,
                "chave inválida: dígito verificador não confere",
                "Confira a chave, dígito a dígito.",
            )
        return cls(limpo)

    @classmethod
    def compose(
        cls,
        *,
        uf: Uf,
        emissao: datetime,
        emitente: Cnpj | Cpf,
        modelo: Modelo,
        serie: int,
        numero: int,
        tp_emis: int,
        cnf: str,
    ) -> "ChaveAcesso":
        """Put the key together. `emissao` is in the local time that dhEmi shows; `cnf` has 8 digits."""
        assert emissao.tzinfo is not None
        assert 0 <= serie <= 999
        assert 1 <= numero <= 999_999_999
        assert 1 <= tp_emis <= 9
        assert len(cnf) == 8
        assert cnf.isdigit()
        ano_mes = f"{emissao.year % 100:02d}{emissao.month:02d}"
        base = f"{uf.codigo}{ano_mes}{emitente:0>14}{modelo}{serie:03d}{numero:09d}{tp_emis}{cnf}"
        return cls(base + dv_chave(base))

    @property
    def uf(self) -> Uf:
        return UF_DO_CODIGO[self.texto[:2]]

    @property
    def ano_mes(self) -> str:
        """AAMM of dhEmi."""
        return self.texto[2:6]

    @property
    def emitente(self) -> str:
        """The 14 positions of the issuer: a CNPJ, or a CPF with three zeros before it."""
        return self.texto[6:20]

    @property
    def modelo(self) -> str:
        return self.texto[20:22]

    @property
    def serie(self) -> int:
        return int(self.texto[22:25])

    @property
    def numero(self) -> int:
        return int(self.texto[25:34])

    @property
    def tp_emis(self) -> int:
        return int(self.texto[34])

    @property
    def cnf(self) -> str:
        return self.texto[35:43]

    @property
    def dv(self) -> str:
        return self.texto[43]


def choose_cnf(sorteio: int, numero: int) -> str:
    """Turn a drawn number (0 to 99,999,999) into a cNF that rule B03-10 accepts for this nNF."""
    candidato = sorteio % 100_000_000
    while True:
        cnf = f"{candidato:08d}"
        if cnf not in CNF_PROIBIDOS and candidato != numero:
            return cnf
        candidato = (candidato + 7_919) % 100_000_000


def _invalida(codigo: str, valor: str, mensagem: str, correcao: str) -> RegraViolada:
    return RegraViolada(
        (Violacao(codigo, "chave", mensagem, correcao, rotulo="Chave de acesso", valor=valor),)
    )
