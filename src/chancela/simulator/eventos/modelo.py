"""What a kind of event is to the authority that registers it, and the case that its rules look at."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from chancela.simulator.estado import Estado
from chancela.simulator.livro import NotaLivro
from chancela.simulator.livro_eventos import EventoLivro
from chancela.simulator.nota import Nota, read_nota
from chancela.simulator.pedido import Pedido
from chancela.simulator.xml import Grupo

AMBIENTE_NACIONAL = "91"
ORGAO_SVRS = "92"
SO_NFE = frozenset({"55"})
SO_NFCE = frozenset({"65"})
AMBOS = frozenset({"55", "65"})

Recusa = tuple[int, str] | None
"""cStat and text without `Rejeição:`; 155 is no refusal: registered, but late."""


class Autor(StrEnum):
    """Who may be the author."""

    EMITENTE = "emitente"
    DESTINATARIO = "destinatario"
    DECLARADO = "declarado"
    """Whoever tpAutor says: 1 issuer, 2 recipient, 3 carrier."""


class CasoEvento:
    """One event while it is judged: the message, the note it speaks of, and the authority."""

    def __init__(self, inf: Grupo, pedido: Pedido, estado: Estado) -> None:
        self.inf = inf
        self.det = inf.grupo("detEvento")
        self.pedido = pedido
        self.estado = estado
        self.livro = estado.livro
        self.agora = pedido.agora
        self.ambiente = pedido.ambiente
        self.chave = inf.texto("chNFe")
        self.tipo = inf.texto("tpEvento")
        self.orgao = inf.texto("cOrgao")
        self.autor = inf.texto("CNPJ") or inf.texto("CPF")
        self.modelo = self.chave[20:22]
        self.quando = datetime.fromisoformat(inf.texto("dhEvento"))
        self.sequencia = int(inf.texto("nSeqEvento"))

    @cached_property
    def registrada(self) -> NotaLivro | None:
        """The note as the ledger keeps it. An SVC knows only what it authorised itself."""
        achada = self.livro.find_nota(self.ambiente, self.chave)
        alheia = achada is not None and achada.autorizador != self.pedido.autorizador.nome
        return None if self.pedido.autorizador.contingencia and alheia else achada

    @property
    def livro_nota(self) -> NotaLivro:
        """The registered note, in rules that run once it was found."""
        assert self.registrada is not None, "an unknown key was refused"
        return self.registrada

    @cached_property
    def nota(self) -> Nota:
        """The note itself, read from its verbatim bytes."""
        return read_nota(self.livro_nota.xml)

    @cached_property
    def anteriores(self) -> list[EventoLivro]:
        """The events already registered for the key, in order."""
        return self.livro.eventos_of(self.ambiente, self.chave)

    def of_type(self, *tipos: str) -> list[EventoLivro]:
        return [e for e in self.anteriores if e.tp_evento in tipos]

    @property
    def autorizada_em(self) -> datetime:
        return datetime.fromisoformat(self.livro_nota.recebida_em)

    def date_of(self, tag: str) -> datetime | None:
        """An instant inside detEvento, when it is there."""
        texto = self.det.texto(tag)
        return datetime.fromisoformat(texto) if texto else None


RegraEvento = Callable[[CasoEvento], Recusa]
Efeito = Callable[[CasoEvento, str], None]
"""What a registered event changes besides being registered; the text is the instant of registration."""


@dataclass(frozen=True, slots=True)
class Prazo:
    """Until when after the authorization. `texto` goes between brackets in 596."""

    limite: timedelta
    c_stat: int = 596
    texto: str = ""


@dataclass(frozen=True, slots=True)
class TipoEvento:
    """One kind of event: who may send it where, its payload, how often, until when, and its own rules in order."""

    codigo: str
    descricao: str
    esquema: str
    orgao: str = ""
    """`91` or `92` for the national authorities; empty for that of the UF."""
    autor: Autor = Autor.EMITENTE
    sequencia_maxima: int = 1
    modelos: frozenset[str] = SO_NFE
    orgaos_por_modelo: dict[str, str] = field(default_factory=dict[str, str])
    """Models whose authority is another one than `orgao`."""
    prazos: dict[str, Prazo] = field(default_factory=dict[str, Prazo])
    """By model."""
    exige_autorizada: bool = False
    sem_nota: bool = False
    """The event comes before the note (EPEC): registered with 136."""
    antes_do_esquema: RegraEvento | None = None
    da_chave: tuple[RegraEvento, ...] = ()
    """Rules that need no note."""
    da_nota: tuple[RegraEvento, ...] = ()
    efeito: Efeito | None = None

    def organ_for(self, modelo: str) -> str:
        """`91`, `92` or empty (the UF) for a document of this model."""
        return self.orgaos_por_modelo.get(modelo, self.orgao)
