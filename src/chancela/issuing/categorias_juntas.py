"""The tax categories that documents name: asked of the store for every document, together with those of others.

A category that was changed holds for the next document, in every process: nothing is remembered here. What documents of a
company ask for at the same moment is one question.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from chancela.documents.nfe.pedido import PedidoNfe
from chancela.domain.tributos.categoria import Categoria
from chancela.issuing.categorias import read_categoria
from chancela.issuing.empresa import Cadastro, Categorias
from chancela.issuing.lotes import Lotes

_Pergunta = tuple[int, tuple[str, ...]]
"""A company, and the codes that a document names."""


class CategoriasJuntas:
    """One process's questions for categories. For its event loop only."""

    def __init__(self, categorias: Categorias, executor: ThreadPoolExecutor) -> None:
        self._categorias = categorias
        self._lotes = Lotes(self._ask, executor, junto=_company)

    async def read(
        self, empresa_id: int, pedido: PedidoNfe, cadastro: Cadastro | None = None
    ) -> Mapping[str, Categoria]:
        """Those of a request that the company has, by code; out of `cadastro` when they were read with the company."""
        codigos = tuple(sorted({item.categoria for item in pedido.itens if item.categoria}))
        if not codigos:
            return {}
        achados = await self._lotes.put((empresa_id, codigos)) if cadastro is None else cadastro.categorias
        return {codigo: read_categoria(codigo, achados[codigo]) for codigo in codigos if codigo in achados}

    def _ask(self, perguntas: Sequence[_Pergunta]) -> Sequence[Mapping[str, Mapping[str, Any]]]:
        (empresa_id,) = {empresa_id for empresa_id, _ in perguntas}
        codigos = sorted({codigo for _, pedidos in perguntas for codigo in pedidos})
        conteudos = {c: a.conteudo for c, a in self._categorias.get_many(empresa_id, codigos).items()}
        return [conteudos] * len(perguntas)


def _company(pergunta: _Pergunta) -> int:
    return pergunta[0]
