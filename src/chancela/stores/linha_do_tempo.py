"""The timeline of documents: append-only rows, each sealed by a SHA-256 over itself and the row before it.

The chain is written by a trigger and verified here with arithmetic of its own, so that one is the proof of the other.
It shows any row that was changed, removed or put in between. Whoever can rewrite the whole chain and its head in the
database can hide that, unless a head was noted down elsewhere: `verify_chain` returns it for that purpose.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import Connection, Row, text

from chancela.issuing.modelo import Marco
from chancela.stores.conexao import Banco

ASSINADO = Marco("assinado", "Documento assinado; os bytes não mudam mais.")
"""Of every document whose signed bytes are stored."""


@dataclass(frozen=True, slots=True)
class Evento:
    """One stored row of the timeline."""

    sequencia: int
    documento_id: str
    marco: Marco
    ator: str
    em: datetime


@dataclass(frozen=True, slots=True)
class Cadeia:
    """Result of a verification. `quebra` is the sequence number of the first row that does not hold, or None."""

    eventos: int
    cabeca: str
    quebra: int | None


def append(conexao: Connection, documento_id: str, ator: str, marcos: Sequence[Marco]) -> None:
    """Add rows in the order given. Locks the company's chain until the transaction ends."""
    if marcos:
        conexao.execute(
            _NARRA,
            {"documento_id": documento_id, "ator": ator, "marcos": Jsonb([write_marco(m) for m in marcos])},
        )


def write_marco(marco: Marco) -> Mapping[str, Any]:
    """A row in the form in which `chancela_narrar` takes it."""
    return {
        "tipo": marco.tipo,
        "descricao": marco.descricao,
        "fatos": dict(marco.fatos),
        "duracao_ms": marco.duracao_ms,
    }


class LinhaDoTempo:
    """Reads and verifies timelines."""

    def __init__(self, banco: Banco) -> None:
        self._banco = banco

    def of(self, documento_id: str, empresa_id: int) -> Sequence[Evento]:
        """The timeline of one document, oldest first."""
        with self._banco.company(empresa_id) as conexao:
            linhas = conexao.execute(_LE, {"documento_id": documento_id}).all()
        return [
            Evento(
                sequencia=linha.sequencia,
                documento_id=linha.documento_id,
                marco=Marco(linha.tipo, linha.descricao, linha.fatos, linha.duracao_ms),
                ator=linha.ator,
                em=linha.em,
            )
            for linha in linhas
        ]

    def verify_chain(self, empresa_id: int, *, lote: int = 5_000) -> Cadeia:
        """Recompute a company's whole chain, in flat memory."""
        esperado, anterior, lidos = 1, b"", 0
        with self._banco.company(empresa_id) as conexao:
            cabeca = conexao.execute(_CABECA).one_or_none()
            while True:
                linhas = conexao.execute(_VERIFICA, {"apos": esperado - 1, "lote": lote}).all()
                for linha in linhas:
                    if linha.sequencia != esperado or linha.hash != _seal(anterior, empresa_id, linha):
                        return Cadeia(lidos, anterior.hex(), esperado)
                    esperado, anterior, lidos = esperado + 1, linha.hash, lidos + 1
                if len(linhas) < lote:
                    break
        inteira = (cabeca is None and lidos == 0) or (
            cabeca is not None and cabeca.sequencia <= lidos and _at_head(cabeca, lidos, anterior)
        )
        return Cadeia(lidos, anterior.hex(), None if inteira else esperado)


def _at_head(cabeca: Row[tuple[int, bytes]], lidos: int, anterior: bytes) -> bool:
    """Rows added after the head was read are no break; what the head had counted must be there."""
    return cabeca.sequencia < lidos or cabeca.hash == anterior


def _seal(anterior: bytes, empresa_id: int, linha: Row[tuple[object, ...]]) -> bytes:
    em = linha.em.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    duracao = "" if linha.duracao_ms is None else str(linha.duracao_ms)
    campos = (
        str(empresa_id),
        str(linha.sequencia),
        linha.documento_id,
        linha.tipo,
        linha.descricao,
        linha.fatos_texto,
        duracao,
        linha.ator,
        em,
    )
    resumo = hashlib.sha256(anterior)
    for campo in campos:
        octetos = campo.encode("utf-8")
        resumo.update(f"{len(octetos)}:".encode() + octetos)
    return resumo.digest()


_NARRA = text("SELECT chancela_narrar(:documento_id, :ator, :marcos)")
_LE = text(
    "SELECT sequencia, documento_id, tipo, descricao, fatos, duracao_ms, ator, em FROM eventos_documento"
    " WHERE empresa_id = chancela_empresa() AND documento_id = :documento_id ORDER BY sequencia"
)
_CABECA = text("SELECT sequencia, hash FROM cadeias_eventos WHERE empresa_id = chancela_empresa()")
_VERIFICA = text(
    "SELECT sequencia, documento_id, tipo, descricao, fatos::text AS fatos_texto, duracao_ms, ator, em, hash"
    " FROM eventos_documento WHERE empresa_id = chancela_empresa() AND sequencia > :apos"
    " ORDER BY sequencia LIMIT :lote"
)
