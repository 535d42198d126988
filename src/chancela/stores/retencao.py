"""How long contents are kept, and their end: what passed its term is shown, and deleted only when somebody says so.

The bytes go: request, XML, protocol, files, and the name and number of the recipient. What proves that the number
existed stays: key, number, amount, state, protocol number, attempts and the timeline, whose chain tells of the deletion.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import obstore
from obstore.store import ObjectStore
from sqlalchemy import Connection, text

from chancela.issuing.modelo import Marco
from chancela.stores.conexao import Banco
from chancela.stores.linha_do_tempo import append

_LOTE = 100


@dataclass(frozen=True, slots=True)
class Vencidos:
    """The settled documents of one company whose contents are older than the term."""

    empresa_id: int
    documentos: int
    mais_antigo: datetime
    bytes: int
    """Of the XML kept in the tables."""


class RetencaoPg:
    """Looks over and ends contents. Blocking; for a command, not for a routine."""

    def __init__(self, banco: Banco, objetos: ObjectStore) -> None:
        self._banco = banco
        self._objetos = objetos

    def overdue(self, meses: int) -> Sequence[Vencidos]:
        """What passed `meses` since its emission, by company."""
        with self._banco.system() as conexao:
            linhas = conexao.execute(_VENCIDOS, {"meses": meses}).all()
        return [Vencidos(*linha) for linha in linhas]

    def delete(self, empresa_id: int, meses: int, *, ator: str) -> int:
        """End every content of a company that passed its term; returns of how many documents.

        Objects go before the rows that name them: what dies in between is found again by the next run.
        """
        apagados = 0
        while True:
            quantos = self._banco.in_company(empresa_id, lambda conexao: self._batch(conexao, meses, ator))
            apagados += quantos
            if quantos < _LOTE:
                return apagados

    def _batch(self, conexao: Connection, meses: int, ator: str) -> int:
        ids = list(conexao.execute(_TRAVA, {"meses": meses, "lote": _LOTE}).scalars())
        if not ids:
            return 0
        alvo = {"ids": ids}
        caminhos = list(conexao.execute(_CAMINHOS, alvo).scalars())
        for caminho in caminhos:
            try:
                obstore.delete(self._objetos, caminho)
            except FileNotFoundError:
                continue
        for instrucao in (_ARQUIVOS, _VERSOES, _EVENTOS, _DOCUMENTOS):
            conexao.execute(instrucao, alvo)
        marco = Marco(
            "conteudo_excluido",
            f"Conteúdo excluído: passaram {meses} meses da emissão.",
            {"prazoMeses": str(meses)},
        )
        for documento_id in ids:
            append(conexao, documento_id, ator, (marco,))
        return len(ids)


_VENCIDO = """
    d.conteudo_excluido_em IS NULL AND d.proxima_acao IS NULL
    AND d.emitido_em < chancela_agora() - make_interval(months => :meses)
    AND NOT EXISTS (SELECT 1 FROM solicitacoes s WHERE s.documento_id = d.id AND s.proxima_acao IS NOT NULL)
"""
_DE = """(documento_id = ANY(CAST(:ids AS text[])) OR documento_id IN (
    SELECT s.id FROM solicitacoes s WHERE s.documento_id = ANY(CAST(:ids AS text[]))))"""
_VENCIDOS = text(
    f"""
    SELECT d.empresa_id, count(*), min(d.emitido_em), coalesce(sum((
        SELECT sum(a.tamanho) FROM artefatos a WHERE a.documento_id = d.id AND a.conteudo IS NOT NULL)), 0)::bigint
    FROM documentos d WHERE {_VENCIDO} GROUP BY d.empresa_id ORDER BY d.empresa_id
    """  # noqa: S608 - constants
)
_TRAVA = text(
    f"SELECT d.id FROM documentos d WHERE d.empresa_id = chancela_empresa() AND {_VENCIDO}"  # noqa: S608 - constants
    " ORDER BY d.id LIMIT :lote FOR UPDATE"
)
_CAMINHOS = text(f"SELECT caminho FROM artefatos WHERE empresa_id = chancela_empresa() AND {_DE}")  # noqa: S608 - constants
_ARQUIVOS = text(f"DELETE FROM artefatos WHERE empresa_id = chancela_empresa() AND {_DE}")  # noqa: S608 - constants
_VERSOES = text(
    """
    UPDATE versoes SET pedido = '', xml_sem_assinatura = '', suplemento = NULL, memoria = NULL,
        xml_assinado = CASE WHEN xml_assinado IS NOT NULL THEN ''::bytea END,
        protocolo_xml = CASE WHEN protocolo_xml IS NOT NULL THEN ''::bytea END
    WHERE documento_id = ANY(CAST(:ids AS text[]))
    """
)
_EVENTOS = text(
    "UPDATE solicitacoes SET xml_assinado = ''"
    " WHERE empresa_id = chancela_empresa() AND documento_id = ANY(CAST(:ids AS text[]))"
)
_DOCUMENTOS = text(
    """
    UPDATE documentos SET conteudo_excluido_em = chancela_agora(), destinatario_nome = '', destinatario_documento = ''
    WHERE empresa_id = chancela_empresa() AND id = ANY(CAST(:ids AS text[]))
    """
)
