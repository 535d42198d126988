"""When the next thing is due anywhere: what a simulation asks instead of looking every few seconds of virtual months."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text

from chancela.stores.conexao import Banco


@dataclass(frozen=True, slots=True)
class Devido:
    """What is due now, and when the next thing will be."""

    empresas: Sequence[int]
    """Companies with a due and free document, event or range."""
    avisos: bool
    """Whether a webhook is due."""
    originais: bool
    """Whether a lost original of a contingency still has to be undone."""
    falta_s: float | None
    """Seconds until the next thing that is not due yet; None when nothing waits."""


class PrazosPg:
    """Reads due times over all companies. Blocking."""

    def __init__(self, banco: Banco) -> None:
        self._banco = banco

    def look(self) -> Devido:
        """One look at documents, events, ranges and webhooks."""
        with self._banco.system() as conexao:
            empresas, avisos, originais, falta_s = conexao.execute(_OLHA).one()
        return Devido(empresas, avisos, originais, None if falta_s is None else float(falta_s))


_OLHA = text(
    """
    WITH prazos AS (
        SELECT empresa_id, false AS aviso, greatest(proxima_acao, concessao_ate) AS em FROM documentos
            WHERE proxima_acao IS NOT NULL
        UNION ALL SELECT empresa_id, false, greatest(proxima_acao, concessao_ate) FROM solicitacoes
            WHERE proxima_acao IS NOT NULL
        UNION ALL SELECT empresa_id, true, proxima_em FROM entregas WHERE estado = 'PENDENTE'
    )
    SELECT coalesce(array_agg(DISTINCT empresa_id ORDER BY empresa_id)
            FILTER (WHERE NOT aviso AND em <= chancela_agora()), '{}'),
        coalesce(bool_or(aviso AND em <= chancela_agora()), false),
        EXISTS (SELECT 1 FROM documentos WHERE substituto_id IS NOT NULL AND estado IN ('AUTORIZADO', 'REJEITADO')),
        extract(epoch FROM min(em) FILTER (WHERE em > chancela_agora()) - chancela_agora())
    FROM prazos
    """
)
