"""`/api/category/create`."""

from typing import Any

from starlette.concurrency import run_in_threadpool

from chancela.domain.erros import EstadoInvalido
from chancela.faces.tffiscal.categoria.mapping import category_of, find_warnings
from chancela.faces.tffiscal.categoria.schemas import CategoriaEntrada
from chancela.faces.tffiscal.envelope import Resposta, succeed
from chancela.faces.tffiscal.erros import refuse_field
from chancela.faces.tffiscal.portao import Chamada
from chancela.faces.tffiscal.servicos import Servicos
from chancela.faces.tffiscal.validacao import ignored_fields, validate
from chancela.issuing.categorias import write_categoria


class OperacoesCategoria:
    """Operations on the tax categories of the calling company."""

    def __init__(self, servicos: Servicos) -> None:
        self._servicos = servicos

    async def create(self, chamada: Chamada) -> Resposta:
        """Store a category; `data.category_id` is the caller's own or the next `TF<n>`."""
        entrada = validate(CategoriaEntrada, chamada.dados)
        conteudo = write_categoria(category_of(entrada))
        try:
            criada = await run_in_threadpool(
                self._servicos.categorias.create,
                chamada.empresa.id,
                codigo=entrada.category_id,
                descricao=entrada.descricao,
                conteudo=conteudo,
            )
        except EstadoInvalido as erro:
            raise refuse_field(
                "category_id",
                erro.codigo,
                erro.mensagem,
                erro.correcao,
                valor=entrada.category_id or "",
                rotulo="Código da categoria",
            ) from None
        data: dict[str, Any] = {"category_id": criada.codigo}
        avisos = [*find_warnings(entrada, chamada.empresa.regime), *ignored_fields(entrada)]
        if avisos:
            data["avisos"] = [aviso.as_data() for aviso in avisos]
        return succeed(data)
