"""The timeline of a company as a file for people outside: one JSON line per row, hash by hash, in flat memory.

Whoever holds an older file can check that a newer one continues it: the hash of each row seals all rows before it.
"""

import json
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import text

from chancela.stores.conexao import Banco


class AuditoriaPg:
    """Reads timelines for export. Blocking."""

    def __init__(self, banco: Banco) -> None:
        self._banco = banco

    def export(
        self,
        empresa_id: int,
        *,
        desde: datetime | None = None,
        ate: datetime | None = None,
        lote: int = 2_000,
    ) -> Iterator[str]:
        """JSON lines of a company's rows from `desde` to before `ate`, oldest first."""
        apos = 0
        while True:
            parametros = {"apos": apos, "desde": desde, "ate": ate, "lote": lote}
            with self._banco.company(empresa_id) as conexao:
                linhas = conexao.execute(_LE, parametros).mappings().all()
            for linha in linhas:
                yield json.dumps(
                    {**linha, "em": linha["em"].isoformat(), "hash": linha["hash"].hex()}, ensure_ascii=False
                )
            if len(linhas) < lote:
                return
            apos = linhas[-1]["sequencia"]


_LE = text(
    """
    SELECT e.sequencia, e.documento_id, d.chave, e.tipo, e.descricao, e.fatos, e.duracao_ms, e.ator, e.em, e.hash
    FROM eventos_documento e LEFT JOIN documentos d ON d.id = e.documento_id
    WHERE e.empresa_id = chancela_empresa() AND e.sequencia > :apos
        AND (CAST(:desde AS timestamptz) IS NULL OR e.em >= :desde)
        AND (CAST(:ate AS timestamptz) IS NULL OR e.em < :ate)
    ORDER BY e.sequencia LIMIT :lote
    """
)
