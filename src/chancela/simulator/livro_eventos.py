"""The ledger's part for events and inutilised ranges; `livro.Livro` inherits it, so that all is one transaction."""

import sqlite3
from dataclasses import astuple, dataclass
from typing import Any

ESQUEMA_EVENTOS = """
CREATE TABLE eventos (
  ambiente INTEGER NOT NULL, chave TEXT NOT NULL, tp_evento TEXT NOT NULL, sequencia INTEGER NOT NULL, autor TEXT NOT NULL,
  autorizador TEXT NOT NULL, protocolo TEXT NOT NULL UNIQUE, c_stat INTEGER NOT NULL, registrado_em TEXT NOT NULL,
  proc_evento TEXT NOT NULL, PRIMARY KEY (ambiente, chave, tp_evento, sequencia));
CREATE TABLE inutilizacoes (
  ambiente INTEGER NOT NULL, emitente TEXT NOT NULL, modelo TEXT NOT NULL, serie INTEGER NOT NULL, inicio INTEGER NOT NULL,
  fim INTEGER NOT NULL, ano TEXT NOT NULL, protocolo TEXT NOT NULL UNIQUE, recebida_em TEXT NOT NULL, xml BLOB NOT NULL,
  PRIMARY KEY (ambiente, emitente, modelo, serie, inicio, fim));
"""
ESQUEMA_EPEC = """
CREATE TABLE epecs (
  ambiente INTEGER NOT NULL, natural TEXT NOT NULL, chave TEXT NOT NULL, emitente TEXT NOT NULL, registrado_em TEXT NOT NULL,
  tp_nf TEXT NOT NULL, uf_dest TEXT NOT NULL, dest TEXT NOT NULL, v_nf TEXT NOT NULL, v_icms TEXT NOT NULL, v_st TEXT NOT NULL,
  conciliado INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (ambiente, natural));
CREATE INDEX epecs_pendentes ON epecs (ambiente, emitente, conciliado);
"""
TABELAS_EVENTOS = ("eventos", "inutilizacoes", "epecs")


@dataclass(frozen=True, slots=True)
class EventoLivro:
    """A registered event; `proc_evento` holds its verbatim bytes and the return as it was sent."""

    ambiente: int
    chave: str
    tp_evento: str
    sequencia: int
    autor: str
    autorizador: str
    protocolo: str
    c_stat: int
    registrado_em: str
    proc_evento: str


@dataclass(frozen=True, slots=True)
class EpecLivro:
    """An EPEC that waits for its note, or had it (`conciliado`). Values as written in the event."""

    ambiente: int
    natural: str
    chave: str
    emitente: str
    registrado_em: str
    tp_nf: str
    uf_dest: str
    dest: str
    v_nf: str
    v_icms: str
    v_st: str
    conciliado: int = 0


@dataclass(frozen=True, slots=True)
class InutilizacaoLivro:
    """A homologated range, both ends in it."""

    ambiente: int
    emitente: str
    modelo: str
    serie: int
    inicio: int
    fim: int
    ano: str
    protocolo: str
    recebida_em: str
    xml: bytes


class RegistrosEventos:
    """Reads and writes events and ranges on the ledger's own connection."""

    _con: sqlite3.Connection

    def add_evento(self, evento: EventoLivro) -> None:
        self._con.execute("INSERT INTO eventos VALUES (?,?,?,?,?,?,?,?,?,?)", astuple(evento))

    def find_evento(self, ambiente: int, chave: str, tp_evento: str, sequencia: int) -> EventoLivro | None:
        linha = self._con.execute(
            "SELECT * FROM eventos WHERE ambiente = ? AND chave = ? AND tp_evento = ? AND sequencia = ?",
            (ambiente, chave, tp_evento, sequencia),
        ).fetchone()
        return EventoLivro(**dict(linha)) if linha else None

    def eventos_of(self, ambiente: int, chave: str) -> list[EventoLivro]:
        """The events of a document in the order in which they were registered."""
        linhas = self._con.execute(
            "SELECT * FROM eventos WHERE ambiente = ? AND chave = ? ORDER BY rowid", (ambiente, chave)
        )
        return [EventoLivro(**dict(linha)) for linha in linhas]

    def cancel_nota(self, ambiente: int, chave: str) -> None:
        """The document is cancelled from now on."""
        self._con.execute(
            "UPDATE notas SET situacao = 'cancelada' WHERE ambiente = ? AND chave = ?", (ambiente, chave)
        )

    def add_epec(self, epec: EpecLivro) -> None:
        self._con.execute("INSERT INTO epecs VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", astuple(epec))

    def find_epec(self, ambiente: int, natural: str) -> EpecLivro | None:
        """The EPEC of a number (natural key of the note)."""
        linha = self._con.execute(
            "SELECT * FROM epecs WHERE ambiente = ? AND natural = ?", (ambiente, natural)
        ).fetchone()
        return EpecLivro(**dict(linha)) if linha else None

    def oldest_pending_epec(self, ambiente: int, emitente: str) -> EpecLivro | None:
        """The first EPEC of an issuer whose note never came."""
        linha = self._con.execute(
            "SELECT natural FROM epecs WHERE ambiente = ? AND emitente = ? AND conciliado = 0"
            " ORDER BY registrado_em LIMIT 1",
            (ambiente, emitente),
        ).fetchone()
        return self.find_epec(ambiente, linha[0]) if linha else None

    def settle_epec(self, ambiente: int, natural: str) -> None:
        """The note of the EPEC was authorised."""
        self._con.execute(
            "UPDATE epecs SET conciliado = 1 WHERE ambiente = ? AND natural = ?", (ambiente, natural)
        )

    def numbers_used(
        self, ambiente: int, emitente: str, modelo: str, serie: int, inicio: int, fim: int
    ) -> bool:
        """Whether an authorised or cancelled document has a number of the range."""
        return (
            self._con.execute(
                "SELECT 1 FROM notas WHERE emitente = ? AND modelo = ? AND serie = ? AND numero BETWEEN ? AND ? AND ambiente = ?"
                " LIMIT 1",
                (emitente, modelo, serie, inicio, fim, ambiente),
            ).fetchone()
            is not None
        )

    def voided(self, ambiente: int, emitente: str, modelo: str, serie: int, inicio: int, fim: int) -> bool:
        """Whether a number of the range was inutilised."""
        return (
            self._con.execute(
                "SELECT 1 FROM inutilizacoes WHERE ambiente = ? AND emitente = ? AND modelo = ? AND serie = ?"
                " AND inicio <= ? AND fim >= ? LIMIT 1",
                (ambiente, emitente, modelo, serie, fim, inicio),
            ).fetchone()
            is not None
        )

    def find_inutilizacao(
        self, ambiente: int, emitente: str, modelo: str, serie: int, inicio: int, fim: int
    ) -> InutilizacaoLivro | None:
        """The very same range."""
        linha = self._con.execute(
            "SELECT * FROM inutilizacoes WHERE ambiente = ? AND emitente = ? AND modelo = ? AND serie = ? AND inicio = ?"
            " AND fim = ?",
            (ambiente, emitente, modelo, serie, inicio, fim),
        ).fetchone()
        return InutilizacaoLivro(**dict(linha)) if linha else None

    def add_inutilizacao(self, faixa: InutilizacaoLivro) -> None:
        self._con.execute("INSERT INTO inutilizacoes VALUES (?,?,?,?,?,?,?,?,?,?)", astuple(faixa))

    def list_eventos(self, filtros: dict[str, str], limite: int = 100) -> list[dict[str, Any]]:
        """Registered events, newest first; filters: chave, emitente (the author)."""
        linhas = self._con.execute(
            "SELECT ambiente, chave, tp_evento, sequencia, autor, autorizador, protocolo, c_stat, registrado_em FROM eventos"
            " WHERE (? = '' OR chave = ?) AND (? = '' OR autor = ?) ORDER BY rowid DESC LIMIT ?",
            (*_twice(filtros.get("chave", "")), *_twice(filtros.get("emitente", "")), limite),
        )
        return [dict(linha) for linha in linhas]

    def list_inutilizacoes(self, filtros: dict[str, str], limite: int = 100) -> list[dict[str, Any]]:
        """Homologated ranges, newest first; filter: emitente."""
        linhas = self._con.execute(
            "SELECT ambiente, emitente, modelo, serie, inicio, fim, ano, protocolo, recebida_em FROM inutilizacoes"
            " WHERE (? = '' OR emitente = ?) ORDER BY rowid DESC LIMIT ?",
            (*_twice(filtros.get("emitente", "")), limite),
        )
        return [dict(linha) for linha in linhas]


def _twice(valor: str) -> tuple[str, str]:
    return valor, valor
