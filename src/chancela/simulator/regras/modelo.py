"""A rule of the official tables as data: code, models, cStat, text, dates, priority, and the function that judges."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from chancela.simulator.cadastro import Cadastro
from chancela.simulator.certificado import Certificado
from chancela.simulator.livro import Livro
from chancela.simulator.nota import Item, Nota
from chancela.simulator.tabelas import Autorizador

AMBOS = frozenset({"55", "65"})
SO_NFE = frozenset({"55"})
SO_NFCE = frozenset({"65"})


@dataclass(frozen=True, slots=True)
class Contexto:
    """What a rule may ask besides the note: the hour, the authority, its ledger and its register."""

    agora: datetime
    autorizador: Autorizador
    ambiente: int
    livro: Livro
    cadastro: Cadastro
    transmissor: Certificado | None = None
    primeira: Nota | None = None
    reenvio_devolve_protocolo: bool = False


Veredito = bool | str
"""False: the rule holds. True: it is broken. Text: broken, and the text goes between brackets after the message."""
JuizNota = Callable[[Nota, Contexto], Veredito]
JuizItem = Callable[[Item, Nota, Contexto], Veredito]


@dataclass(frozen=True, slots=True)
class Regra:
    """One row. Dates are of the processing day; `ativa` False means a UF option that has to be switched on."""

    codigo: str
    c_stat: int
    mensagem: str
    modelos: frozenset[str] = AMBOS
    prioridade: int = 1
    inicio: date | None = None
    inicio_homologacao: date | None = None
    fim: date | None = None
    ativa: bool = True
    da_nota: JuizNota | None = None
    do_item: JuizItem | None = None
    so_com: frozenset[str] = frozenset()
    """Marks (`Nota.marcas`) without which the rule cannot break: a note that has none is not asked. Empty: every note is."""

    @property
    def alvo(self) -> Literal["nota", "item"]:
        return "nota" if self.da_nota is not None else "item"

    def in_force(self, dia: date, ambiente: int) -> bool:
        inicio = self.inicio_homologacao if ambiente == 2 and self.inicio_homologacao else self.inicio
        return (inicio is None or inicio <= dia) and (self.fim is None or dia <= self.fim)

    def judge(self, nota: Nota, ctx: Contexto) -> str | None:
        """The bracketed detail of the rejection (maybe empty), or None when the rule holds."""
        if self.da_nota is not None:
            veredito = self.da_nota(nota, ctx)
            if veredito is not False:
                return "" if veredito is True else f" [{veredito}]"
            return None
        assert self.do_item is not None
        for item in nota.itens:
            veredito = self.do_item(item, nota, ctx)
            if veredito is not False:
                extra = "" if veredito is True else f" [{veredito}]"
                return f" [nItem: {item.numero}]{extra}"
        return None


def nota(
    codigo: str,
    c_stat: int,
    mensagem: str,
    modelos: frozenset[str],
    juiz: JuizNota,
    *,
    prioridade: int = 1,
    ativa: bool = True,
    inicio: date | None = None,
    inicio_homologacao: date | None = None,
    fim: date | None = None,
    so_com: str = "",
) -> Regra:
    """A rule whose function judges the note as a whole."""
    return Regra(
        codigo,
        c_stat,
        mensagem,
        modelos,
        prioridade,
        inicio,
        inicio_homologacao,
        fim,
        ativa,
        da_nota=juiz,
        so_com=frozenset(so_com.split()),
    )


def item(
    codigo: str,
    c_stat: int,
    mensagem: str,
    modelos: frozenset[str],
    juiz: JuizItem,
    *,
    prioridade: int = 1,
    ativa: bool = True,
    inicio: date | None = None,
    inicio_homologacao: date | None = None,
    fim: date | None = None,
    so_com: str = "",
) -> Regra:
    """A rule whose function judges each item; the message gets `[nItem: n]`."""
    return Regra(
        codigo,
        c_stat,
        mensagem,
        modelos,
        prioridade,
        inicio,
        inicio_homologacao,
        fim,
        ativa,
        do_item=juiz,
        so_com=frozenset(so_com.split()),
    )


@dataclass(frozen=True, slots=True)
class GrupoRegras:
    """The rules of one group of the official tables, in their order."""

    nome: str
    regras: tuple[Regra, ...]


@dataclass(frozen=True, slots=True)
class Rejeicao:
    """The one cStat that a note gets, with the official text filled in, and the rule that gave it."""

    c_stat: int
    motivo: str
    regra: str


def text_of(mensagem: str, detalhe: str = "") -> str:
    """The official xMotivo of a rejection, at most 255 characters."""
    return f"Rejeição: {mensagem}{detalhe}"[:255].rstrip()
