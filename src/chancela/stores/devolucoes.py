"""Which documents return which notes, written with the document itself. Only those that live or are authorised count."""

from collections.abc import Sequence
from itertools import groupby

from sqlalchemy import Connection, text

from chancela.documents.nfe.devolvido import ItemDevolvido
from chancela.domain.erros import DevolucaoConcorrente
from chancela.domain.identidade import Ambiente
from chancela.issuing.devolucao import DevolucaoGuardada
from chancela.issuing.modelo import NotaDevolvida, NovoDocumento
from chancela.stores.conexao import Banco


class DevolucoesPg:
    """Implements `issuing.devolucao.Devolucoes`. Blocking and thread-safe."""

    def __init__(self, banco: Banco) -> None:
        self._banco = banco

    def standing(
        self, chave: str, empresa_id: int, ambiente: Ambiente, *, menos: str | None
    ) -> Sequence[DevolucaoGuardada]:
        """See the port."""
        onde = {"empresa_id": empresa_id, "chave": chave, "ambiente": int(ambiente), "menos": menos}
        with self._banco.company(empresa_id) as conexao:
            linhas = conexao.execute(_ITENS, onde).all()
            guardadas: list[DevolucaoGuardada] = []
            for (documento_id, versao), grupo in groupby(linhas, key=lambda linha: (linha.id, linha.versao)):
                itens = tuple(ItemDevolvido(li.item, li.item_original, li.quantidade) for li in grupo)
                xml = conexao.execute(_TEXTO, {"id": documento_id, "versao": versao}).scalar_one()
                guardadas.append(DevolucaoGuardada(documento_id, versao, xml, itens))
        return guardadas


def forget_return(conexao: Connection, documento_id: str) -> None:
    """What a document returned is about to be replaced."""
    conexao.execute(_ESQUECE, {"id": documento_id})


def register_return(conexao: Connection, documento_id: str, novo: NovoDocumento) -> None:
    """Write what a document returns, in the transaction that stores it.

    Raises `DevolucaoConcorrente` when other returns of the note stand than those that were counted. Returns of one
    note wait for each other from here to their commit.
    """
    if novo.devolve is None or not novo.devolve.itens:
        return
    onde = {
        "empresa_id": novo.empresa_id, "chave": novo.devolve.chave, "ambiente": int(novo.ambiente),
        "menos": novo.referencia,
    }  # fmt: skip
    conexao.execute(_TRAVA, onde)
    if frozenset((linha.id, linha.versao) for linha in conexao.execute(_ITENS, onde)) != novo.devolve.vistas:
        raise DevolucaoConcorrente(
            "DEVOLUCAO-CONCORRENTE",
            "Outra devolução da mesma nota mudou enquanto esta era preparada.",
            "Envie o pedido de novo.",
        )
    conexao.execute(_ANOTA, _rows(documento_id, novo.empresa_id, novo.devolve))


def copy_return(conexao: Connection, de: str, para: str) -> None:
    """The substitute of a return brings back the same."""
    conexao.execute(_COPIA, {"de": de, "para": para})


def _rows(documento_id: str, empresa_id: int, devolve: NotaDevolvida) -> list[dict[str, object]]:
    return [
        {
            "documento_id": documento_id, "empresa_id": empresa_id, "chave": devolve.chave, "item": item.item,
            "item_original": item.original, "quantidade": item.quantidade,
        }
        for item in devolve.itens
    ]  # fmt: skip


_TRAVA = text("SELECT pg_advisory_xact_lock(hashtextextended(:empresa_id || ' devolve ' || :chave, 0))")
_ITENS = text(
    """
    SELECT d.id, d.versao, v.item, v.item_original, v.quantidade
    FROM devolucoes v JOIN documentos d ON d.id = v.documento_id
    WHERE v.empresa_id = :empresa_id AND v.chave = :chave AND d.ambiente = :ambiente
        AND d.estado IN ('PENDENTE', 'ASSINADO', 'INCERTO', 'AUTORIZADO') AND d.substituto_id IS NULL
        AND d.referencia IS DISTINCT FROM CAST(:menos AS text)
    ORDER BY d.id, v.item
    """
)
_TEXTO = text(
    "SELECT coalesce(xml_assinado, xml_sem_assinatura) FROM versoes WHERE documento_id = :id AND versao = :versao"
)
_ESQUECE = text("DELETE FROM devolucoes WHERE documento_id = :id")
_ANOTA = text(
    "INSERT INTO devolucoes (documento_id, item, empresa_id, chave, item_original, quantidade)"
    " VALUES (:documento_id, :item, :empresa_id, :chave, :item_original, :quantidade)"
)
_COPIA = text(
    "INSERT INTO devolucoes (documento_id, item, empresa_id, chave, item_original, quantidade)"
    " SELECT :para, item, empresa_id, chave, item_original, quantidade FROM devolucoes WHERE documento_id = :de"
)
