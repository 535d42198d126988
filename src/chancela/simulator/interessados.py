"""Who has an interest in a note, and which queues a note or an event goes into (NT 2014.002, table of section 6).

`em` is the instant of entry in UTC, since the rows of a queue are compared by it.
"""

from dataclasses import dataclass

from chancela.simulator import xml
from chancela.simulator.livro import Livro
from chancela.simulator.livro_distribuicao import TipoDistribuido
from chancela.simulator.livro_eventos import EventoLivro
from chancela.simulator.nota import Nota

ATOR = "110150"
CIENTES = frozenset({"210200", "210210", "210240"})
"""Manifestations that open the whole note to the recipient."""
_MANIFESTACOES = frozenset({"210200", "210210", "210220", "210240"})
_CANCELAMENTOS = frozenset({"110111", "110112"})
_ENTREGA = frozenset({"110130", "110131", "610130", "610131"})
_SUFRAMA = frozenset({"990900", "990910"})


def person_in(grupo: xml.Grupo) -> str:
    """CNPJ or CPF of a group; empty when it has neither."""
    return grupo.texto("CNPJ") or grupo.texto("CPF")


def event_group(evento: EventoLivro) -> xml.Grupo:
    """infEvento of a registered event."""
    return xml.read_grupo(xml.parse(evento.proc_evento.encode())).grupo("evento").grupo("infEvento")


def actor_of(evento: EventoLivro) -> tuple[str, bool]:
    """Whom a registered 110150 names, and whether that one may name others."""
    det = event_group(evento).grupo("detEvento")
    return person_in(det.grupo("autXML")), det.texto("tpAutorizacao") == "1"


@dataclass(frozen=True, slots=True)
class Partes:
    """The persons of a note. `transportadores` are X03 and those whom 110150 named."""

    emitente: str
    destinatario: str
    transportadores: frozenset[str]
    autorizados: frozenset[str]

    @property
    def portadores(self) -> frozenset[str]:
        """Those who receive the whole note at once, without being its issuer or recipient."""
        return (self.transportadores | self.autorizados) - {self.emitente, self.destinatario, ""}


def parties_of(nota: Nota, eventos: list[EventoLivro]) -> Partes:
    destinatario = nota.destinatario if nota.destinatario != nota.emitente else ""
    carreteiro = person_in(nota.inf.grupo("transp").grupo("transporta"))
    nomeados = {actor_of(evento)[0] for evento in eventos if evento.tp_evento == ATOR}
    autorizados = frozenset(person_in(grupo) for grupo in nota.inf.grupos("autXML"))
    return Partes(nota.emitente, destinatario, frozenset({carreteiro, *nomeados} - {""}), autorizados)


def publish_nota(livro: Livro, ambiente: int, nota: Nota, em: str) -> None:
    """A note was authorised: its summary for the recipient, the whole for carrier and autXML. NFC-e are not distributed."""
    if nota.nfce:
        return
    partes = parties_of(nota, [])
    if partes.destinatario:
        livro.enqueue(ambiente, partes.destinatario, TipoDistribuido.RESUMO_NOTA, nota.chave, em)
    for documento in sorted(partes.portadores):
        livro.enqueue(ambiente, documento, TipoDistribuido.NOTA, nota.chave, em)


def publish_evento(
    livro: Livro, evento: EventoLivro, nota: Nota, anteriores: list[EventoLivro], em: str
) -> None:
    """An event was registered: into the queues of those whom it concerns. `anteriores` are those before it."""
    if nota.nfce:
        return
    partes = parties_of(nota, [*anteriores, evento])
    if evento.tp_evento == ATOR:
        _open_to_actor(livro, evento, partes, em)
        return
    if evento.tp_evento in CIENTES:
        _open_to_recipient(livro, evento, partes, anteriores, em)
    tipo = TipoDistribuido.RESUMO_EVENTO if _of_fisco(evento) else TipoDistribuido.EVENTO
    for documento in sorted(_audience(evento.tp_evento, partes, _aware(anteriores)) - {""}):
        livro.enqueue(evento.ambiente, documento, tipo, evento.chave, em, evento.protocolo)


def publish_epec(livro: Livro, evento: EventoLivro, em: str) -> None:
    """The recipient hears of an EPEC before there is a note."""
    dest = event_group(evento).grupo("detEvento").grupo("dest")
    if documento := person_in(dest):
        livro.enqueue(
            evento.ambiente, documento, TipoDistribuido.EVENTO, evento.chave, em, evento.protocolo
        )  # fmt: skip


def _aware(eventos: list[EventoLivro]) -> bool:
    return any(evento.tp_evento in CIENTES for evento in eventos)


def _of_fisco(evento: EventoLivro) -> bool:
    return evento.tp_evento[0] in "4679" and evento.tp_evento not in _ENTREGA


def _audience(tp_evento: str, partes: Partes, ciente: bool) -> frozenset[str]:
    """The rows of the table: who receives an event of this kind."""
    dest = frozenset({partes.destinatario})
    if tp_evento in _MANIFESTACOES:
        return frozenset({partes.emitente}) | partes.autorizados
    if tp_evento in _CANCELAMENTOS or tp_evento in _ENTREGA:
        return dest | partes.portadores
    if tp_evento == "110110":
        return (dest if ciente else frozenset[str]()) | partes.portadores
    if tp_evento in _SUFRAMA:
        return dest | {partes.emitente} | partes.autorizados
    if tp_evento[0] in "4679":
        return dest | {partes.emitente} | partes.portadores
    return frozenset()


def _open_to_recipient(
    livro: Livro, evento: EventoLivro, partes: Partes, anteriores: list[EventoLivro], em: str
) -> None:
    """The whole note, once, and the letters that waited for it."""
    if not partes.destinatario or _aware(anteriores):
        return
    livro.enqueue(evento.ambiente, partes.destinatario, TipoDistribuido.NOTA, evento.chave, em)
    for carta in (e for e in anteriores if e.tp_evento == "110110"):
        livro.enqueue(
            evento.ambiente, partes.destinatario, TipoDistribuido.EVENTO, evento.chave, em, carta.protocolo
        )


def _open_to_actor(livro: Livro, evento: EventoLivro, partes: Partes, em: str) -> None:
    """The named carrier receives the note, the event that names it, and what happened to the note before."""
    ator, _ = actor_of(evento)
    if not ator or ator in (partes.emitente, partes.destinatario):
        return
    if any(d.tipo is TipoDistribuido.NOTA for d in livro.of_key(evento.ambiente, ator, evento.chave)):
        return
    livro.enqueue(evento.ambiente, ator, TipoDistribuido.NOTA, evento.chave, em)
    livro.enqueue(evento.ambiente, ator, TipoDistribuido.EVENTO, evento.chave, em, evento.protocolo)
