"""The ledger's part for NFeDistribuicaoDFe: one queue of NSU per interested person, and how that person has been asking.

A row of a queue names what it distributes; the bytes are written when they are asked for, from the note or the event itself.
"""

import json
import sqlite3
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

ESQUEMA_DISTRIBUICAO = """
CREATE TABLE distribuicao (
  ambiente INTEGER NOT NULL, documento TEXT NOT NULL, nsu INTEGER NOT NULL, tipo TEXT NOT NULL, chave TEXT NOT NULL,
  protocolo TEXT NOT NULL, em TEXT NOT NULL, PRIMARY KEY (ambiente, documento, nsu)) WITHOUT ROWID;
CREATE INDEX distribuicao_chave ON distribuicao (ambiente, chave, documento);
CREATE TABLE interessados (
  ambiente INTEGER NOT NULL, documento TEXT NOT NULL, ultimo_nsu INTEGER NOT NULL DEFAULT 0, ritmo TEXT NOT NULL DEFAULT '{}',
  PRIMARY KEY (ambiente, documento)) WITHOUT ROWID;
"""
TABELAS_DISTRIBUICAO = ("distribuicao", "interessados")


class TipoDistribuido(StrEnum):
    """What a row of a queue is; the value is the name of its schema, as docZip tells it."""

    RESUMO_NOTA = "resNFe_v1.01.xsd"
    NOTA = "procNFe_v4.00.xsd"
    RESUMO_EVENTO = "resEvento_v1.01.xsd"
    EVENTO = "procEventoNFe_v1.00.xsd"


@dataclass(frozen=True, slots=True)
class Distribuido:
    """One row: `protocolo` is the event's, empty for a note; `em` is the instant (ISO) in which it entered the queue."""

    nsu: int
    tipo: TipoDistribuido
    chave: str
    protocolo: str
    em: str


@dataclass(frozen=True, slots=True)
class Ritmo:
    """How a person has been asking, instants in ISO. Empty: never."""

    contato_em: str = ""
    pedido_nsu: int = 0
    """ultNSU of the last distNSU that was served: a lost answer may be asked for again."""
    servido_nsu: int = 0
    """Last NSU of the last page."""
    esgotado_em: str = ""
    """When the queue was last found, or left, at its end."""
    bloqueado_em: str = ""
    consultas: list[str] = field(default_factory=list[str])
    """consNSU and consChNFe of the last hour."""


class FilasDistribuicao:
    """Reads and writes queues on the ledger's own connection."""

    _con: sqlite3.Connection

    def enqueue(
        self, ambiente: int, documento: str, tipo: TipoDistribuido, chave: str, em: str, protocolo: str = ""
    ) -> int:
        """Give the next NSU of a person to a note or event."""
        (nsu,) = self._con.execute(
            "INSERT INTO interessados (ambiente, documento, ultimo_nsu) VALUES (?,?,1)"
            " ON CONFLICT (ambiente, documento) DO UPDATE SET ultimo_nsu = ultimo_nsu + 1 RETURNING ultimo_nsu",
            (ambiente, documento),
        ).fetchone()
        self._con.execute(
            "INSERT INTO distribuicao VALUES (?,?,?,?,?,?,?)",
            (ambiente, documento, nsu, tipo.value, chave, protocolo, em),
        )
        return int(nsu)

    def max_nsu(self, ambiente: int, documento: str) -> int:
        linha = self._con.execute(
            "SELECT ultimo_nsu FROM interessados WHERE ambiente = ? AND documento = ?", (ambiente, documento)
        ).fetchone()
        return int(linha[0]) if linha else 0

    def page(self, ambiente: int, documento: str, depois: int, desde: str, limite: int) -> list[Distribuido]:
        """The rows after an NSU that entered the queue since an instant, in order."""
        return self._rows(
            "nsu > ? AND em >= ? ORDER BY nsu LIMIT ?", ambiente, documento, depois, desde, limite
        )

    def at_nsu(self, ambiente: int, documento: str, nsu: int) -> Distribuido | None:
        return next(iter(self._rows("nsu = ?", ambiente, documento, nsu)), None)

    def of_key(self, ambiente: int, documento: str, chave: str) -> list[Distribuido]:
        """What a person has in the queue about one document, in order."""
        return self._rows("chave = ? ORDER BY nsu", ambiente, documento, chave)

    def _rows(self, onde: str, ambiente: int, documento: str, *valores: object) -> list[Distribuido]:
        linhas = self._con.execute(
            f"SELECT nsu, tipo, chave, protocolo, em FROM distribuicao WHERE ambiente = ? AND documento = ? AND {onde}",  # noqa: S608
            (ambiente, documento, *valores),
        )
        return [Distribuido(n, TipoDistribuido(tipo), chave, prot, em) for n, tipo, chave, prot, em in linhas]

    def pace(self, ambiente: int, documento: str) -> Ritmo:
        linha = self._con.execute(
            "SELECT ritmo FROM interessados WHERE ambiente = ? AND documento = ?", (ambiente, documento)
        ).fetchone()
        return Ritmo(**json.loads(linha[0])) if linha else Ritmo()

    def store_pace(self, ambiente: int, documento: str, ritmo: Ritmo) -> None:
        campos = {nome: getattr(ritmo, nome) for nome in Ritmo.__slots__}
        self._con.execute(
            "INSERT INTO interessados (ambiente, documento, ritmo) VALUES (?,?,?)"
            " ON CONFLICT (ambiente, documento) DO UPDATE SET ritmo = excluded.ritmo",
            (ambiente, documento, json.dumps(campos)),
        )

    def list_distribuicao(self, filtros: dict[str, str], limite: int = 100) -> list[dict[str, Any]]:
        """Rows of all queues, newest first; filters: emitente (the interested person), chave."""
        documento, chave = filtros.get("emitente", ""), filtros.get("chave", "")
        linhas = self._con.execute(
            "SELECT ambiente, documento, nsu, tipo, chave, protocolo, em FROM distribuicao"
            " WHERE (? = '' OR documento = ?) AND (? = '' OR chave = ?) ORDER BY em DESC, documento, nsu DESC LIMIT ?",
            (documento, documento, chave, chave, limite),
        )
        return [dict(linha) for linha in linhas]
