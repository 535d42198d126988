"""The switch that stops issuing, for one company or for all: no new number is given while it is on.

Enforced in the database, in the transaction that would give the number. What already has its number goes on to its
outcome, and cancelling, correcting and inutilising stay possible: those are duties, not sales.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from chancela.domain.erros import EstadoInvalido
from chancela.stores.conexao import Banco

_ESTADO_SQL = "CH001"


@dataclass(frozen=True, slots=True)
class Parada:
    """One switch that is on; `empresa_id` None when it stops every company."""

    empresa_id: int | None
    motivo: str
    ator: str
    desde: datetime


class ParadasPg:
    """The switches. Blocking and thread-safe."""

    def __init__(self, banco: Banco) -> None:
        self._banco = banco

    def stop(self, empresa_id: int | None, motivo: str, ator: str) -> None:
        """Stop issuing; a switch that is on already takes the new reason and keeps its date."""
        with self._banco.system() as conexao:
            conexao.execute(_PARA, {"empresa_id": empresa_id, "motivo": motivo, "ator": ator})

    def resume(self, empresa_id: int | None) -> bool:
        """Let issuing go on; False when that switch was not on. The switch of all does not touch those of companies."""
        with self._banco.system() as conexao:
            return conexao.execute(_RETOMA, {"empresa_id": empresa_id}).rowcount > 0

    def list(self) -> Sequence[Parada]:
        """The switches that are on, that of all companies first."""
        with self._banco.system() as conexao:
            return [Parada(*linha) for linha in conexao.execute(_LISTA).all()]


def stopped_by(erro: DBAPIError) -> EstadoInvalido | None:
    """The refusal behind a database error of the switch; None for any other error."""
    diagnostico = getattr(erro.orig, "diag", None)
    if diagnostico is None or diagnostico.sqlstate != _ESTADO_SQL:
        return None
    return EstadoInvalido(
        "EMISSAO-PARADA",
        f"A emissão está parada por decisão de quem opera a plataforma: {diagnostico.message_primary}",
        "Nenhum número foi usado. Envie de novo, com o mesmo id, quando a emissão for retomada.",
    )


_PARA = text(
    """
    INSERT INTO paradas AS p (empresa_id, motivo, ator) VALUES (:empresa_id, :motivo, :ator)
    ON CONFLICT ON CONSTRAINT paradas_uma DO UPDATE SET motivo = excluded.motivo, ator = excluded.ator
    """
)
_RETOMA = text("DELETE FROM paradas WHERE empresa_id IS NOT DISTINCT FROM CAST(:empresa_id AS bigint)")
_LISTA = text("SELECT empresa_id, motivo, ator, desde FROM paradas ORDER BY empresa_id NULLS FIRST")
