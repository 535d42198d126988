"""The n-th thing that the product asks of the outside fails: a statement, a commit or an exchange with SEFAZ.

The failures of the database are real: its backend is ended by the server while the statement or the commit is due, or
right after the commit, so that what was committed is never confirmed.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

import psycopg
from sqlalchemy import Connection, event

from chancela.domain.assinatura.certificado import Certificado
from chancela.gateways.soap.transporte import Resposta
from chancela.gateways.soap.troca import EntregaIncerta, EntregaRecusada, Troca
from chancela.simulator.sefaz import Sefaz
from chancela.stores.conexao import Banco


class Modo(Enum):
    """How an operation fails. What is before the point is the operation that it can happen to."""

    COMANDO = "comando.antes"
    GRAVACAO = "gravacao.antes"
    CONFIRMACAO = "gravacao.depois"
    """Committed, and the confirmation lost."""
    RECUSA = "troca.antes"
    """No connection: SEFAZ surely has nothing."""
    PEDIDO = "troca.pedido"
    """The request was lost after the connection was there: nobody knows."""
    RESPOSTA = "troca.resposta"
    """SEFAZ did it; its answer was lost."""

    @property
    def especie(self) -> str:
        return self.value.partition(".")[0]


MODOS: dict[str, list[Modo]] = {
    especie: [modo for modo in Modo if modo.especie == especie]
    for especie in ("comando", "gravacao", "troca")
}


@dataclass(slots=True)
class Avaria:
    """Counts operations in their order; the `enesima` one fails in the `jeito`-th way of its kind, once."""

    curadora: psycopg.Connection[Any]
    """A connection of its own, with the right to end those of others."""
    enesima: int = 0
    jeito: int = 0
    feitas: list[str] = field(default_factory=list[str])
    ocorreu: Modo | None = None
    demora_s: float = 0.0
    """How long SEFAZ's answers are on their way. For a loop without real time."""

    def arm(self, enesima: int, jeito: int = 0) -> None:
        """Count from now on; with 0 nothing fails."""
        self.enesima, self.jeito, self.ocorreu, self.feitas = enesima, jeito, None, []

    def due(self, especie: str) -> Modo | None:
        """Count one operation; how it has to fail, if it has to."""
        self.feitas.append(especie)
        if len(self.feitas) != self.enesima:
            return None
        modos = MODOS[especie]
        self.ocorreu = modos[min(self.jeito, len(modos) - 1)]
        return self.ocorreu

    def watch(self, banco: Banco) -> None:
        """Count what goes to the database, and break it."""
        motor = banco._motor
        event.listen(motor, "before_cursor_execute", self._before_statement)
        event.listen(motor, "commit", self._before_commit)

    def _before_statement(self, conexao: Connection, *_: Any) -> None:
        if self.due("comando") is not None:
            self._end_backend(conexao)

    def _before_commit(self, conexao: Connection) -> None:
        modo = self.due("gravacao")
        if modo is None:
            return
        crua = conexao.connection.driver_connection
        assert crua is not None
        if modo is Modo.CONFIRMACAO:
            crua.commit()
        self._end_backend(conexao)
        try:
            crua.execute("SELECT 1")
        except psycopg.Error as erro:
            conexao._handle_dbapi_exception(erro, None, None, None, None)

    def _end_backend(self, conexao: Connection) -> None:
        crua = conexao.connection.driver_connection
        assert crua is not None
        self.curadora.execute("SELECT pg_terminate_backend(%s, 5000)", (crua.info.backend_pid,))


class FioDireto:
    """A `Transporte` that ends in the simulator of the same process, and is cut where the fault says."""

    def __init__(self, sefaz: Sefaz, avaria: Avaria) -> None:
        self._sefaz = sefaz
        self._avaria = avaria

    async def post(
        self,
        url: str,
        corpo: bytes,
        *,
        tipo: str,
        servico: str,
        certificado: Certificado,
        prazo_s: float | None = None,
    ) -> Resposta:
        troca = Troca(url, servico, datetime(2026, 1, 1, tzinfo=UTC), 0, len(corpo))
        modo = self._avaria.due("troca")
        if modo is Modo.RECUSA:
            raise EntregaRecusada("REDE-SEM-CONEXAO", "Sem conexão.", "", troca)
        if modo is Modo.PEDIDO:
            raise EntregaIncerta("REDE-CONEXAO-CAIU", "A conexão caiu.", "", troca)
        desfecho = self._sefaz.handle(urlsplit(url).path, corpo, certificado.der)
        if modo is Modo.RESPOSTA:
            raise EntregaIncerta("REDE-CONEXAO-CAIU", "A conexão caiu.", "", troca)
        if self._avaria.demora_s:
            await asyncio.sleep(self._avaria.demora_s)
        return Resposta(desfecho.corpo, troca)

    async def close(self) -> None:
        return
