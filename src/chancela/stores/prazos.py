"""When the next thing is due anywhere: what a simulation asks instead of looking every few seconds of virtual months."""

from collections.abc import Sequence

from sqlalchemy import text

from chancela.stores.conexao import Banco


class PrazosPg:
    """Reads due times over all companies. Blocking."""

    def __init__(self, banco: Banco) -> None:
        self._banco = banco

    def due_companies(self) -> Sequence[int]:
        """Companies with a due and free document, event or range."""
        with self._banco.system() as conexao:
            return list(conexao.execute(_DEVIDAS).scalars())

    def next_due_s(self) -> float | None:
        """Seconds until the next document, event, range or webhook is due; None when nothing waits."""
        with self._banco.system() as conexao:
            falta_s = conexao.execute(_PROXIMO).scalar_one()
        return None if falta_s is None else float(falta_s)


_DEVIDAS = text(
    """
    SELECT empresa_id FROM documentos WHERE proxima_acao <= chancela_agora()
        AND (concessao_ate IS NULL OR concessao_ate <= chancela_agora())
    UNION SELECT empresa_id FROM solicitacoes WHERE proxima_acao <= chancela_agora()
        AND (concessao_ate IS NULL OR concessao_ate <= chancela_agora())
    ORDER BY 1
    """
)
_PROXIMO = text(
    """
    SELECT extract(epoch FROM min(em) - chancela_agora()) FROM (
        SELECT min(greatest(proxima_acao, concessao_ate)) AS em FROM documentos WHERE proxima_acao IS NOT NULL
        UNION ALL SELECT min(greatest(proxima_acao, concessao_ate)) FROM solicitacoes WHERE proxima_acao IS NOT NULL
        UNION ALL SELECT min(proxima_em) FROM entregas WHERE estado = 'PENDENTE') prazos
    """
)
