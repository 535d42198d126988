"""Lost originals of a contingency whose outcome is known: the `issuing.limpeza.Pendencias` port on PostgreSQL."""

from collections.abc import Sequence

from sqlalchemy import text

from chancela.issuing.limpeza import Pendencia
from chancela.issuing.modelo import Documento, Marco
from chancela.stores import consultas_documento as sql
from chancela.stores.conexao import Banco
from chancela.stores.linha_do_tempo import append
from chancela.stores.linhas import read_documento

_ATOR = "contingencia"


class PendenciasPg:
    """Blocking and thread-safe."""

    def __init__(self, banco: Banco) -> None:
        self._banco = banco

    def list_pending(self, limite: int) -> Sequence[Pendencia]:
        """See the port."""
        with self._banco.system() as conexao:
            pares = conexao.execute(_PENDENTES, {"limite": limite}).all()
            lidos = [
                [conexao.execute(sql.LE_POR_ID, {"id": quem}).mappings().one() for quem in par]
                for par in pares
            ]
        return [Pendencia(read_documento(original), read_documento(outro)) for original, outro in lidos]

    def note(self, documento: Documento, marco: Marco) -> None:
        """See the port."""
        with self._banco.company(documento.empresa_id) as conexao:
            append(conexao, documento.id, _ATOR, (marco,))


_PENDENTES = text(
    """
    SELECT d.id, d.substituto_id FROM documentos d
    WHERE d.substituto_id IS NOT NULL AND d.estado IN ('REJEITADO', 'AUTORIZADO')
      AND NOT EXISTS (
        SELECT 1 FROM solicitacoes s WHERE s.criada_em > chancela_agora() - interval '1 hour' AND s.documento_id = d.id)
      AND NOT EXISTS (
        SELECT 1 FROM solicitacoes s WHERE s.criada_em > chancela_agora() - interval '1 hour' AND s.tipo = 'inutilizacao'
          AND (s.empresa_id, s.ambiente, s.modelo, s.serie, s.inicio)
            = (d.empresa_id, d.ambiente, d.modelo, d.serie, d.numero))
      AND NOT EXISTS (
        SELECT 1 FROM eventos_documento e WHERE e.documento_id = d.id AND e.tipo = 'limpeza_manual')
    ORDER BY d.id LIMIT :limite
    """
)
