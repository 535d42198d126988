"""Tax categories over HTTP: create, edit, get_detail, get_list, delete; the same for both models, each with its own form."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from starlette.concurrency import run_in_threadpool

from chancela.domain.erros import EstadoInvalido
from chancela.domain.identidade import Modelo
from chancela.domain.tributos import categoria as tributos
from chancela.faces.tffiscal.categoria.mapping import category_of, describe_category, find_warnings
from chancela.faces.tffiscal.categoria.saidas import (
    CategoriaGravadaSaida,
    CategoriaLinhaSaida,
    CategoriaNfceSaida,
    CategoriaSaida,
    CategoriasSaida,
)
from chancela.faces.tffiscal.categoria.schemas import (
    CategoriaChave,
    CategoriaEdicao,
    CategoriaEntrada,
    CategoriaLista,
)
from chancela.faces.tffiscal.envelope import Resposta, succeed
from chancela.faces.tffiscal.erros import ErroCampo, FaceErro, refuse_field
from chancela.faces.tffiscal.paginas import place_of
from chancela.faces.tffiscal.portao import Chamada
from chancela.faces.tffiscal.saida import with_warnings
from chancela.faces.tffiscal.servicos import Servicos
from chancela.faces.tffiscal.tipos import Corpo
from chancela.faces.tffiscal.validacao import ignored_fields, validate
from chancela.issuing.categorias import write_categoria
from chancela.issuing.empresa import Categoria

Entrada = TypeVar("Entrada", bound=Corpo)


@dataclass(frozen=True, slots=True)
class Forma(Generic[Entrada]):
    """How the categories of one model look on the wire."""

    modelo: Modelo
    nome: str
    """In messages: `categoria de NFC-e`."""
    entrada: type[Entrada]
    edicao: type[Entrada]
    """The same with `category_id` required."""
    read: Callable[[Entrada], tributos.Categoria]
    describe: Callable[[Categoria], CategoriaSaida | CategoriaNfceSaida]
    saida: type[CategoriaSaida] | type[CategoriaNfceSaida]
    """What `describe` makes."""
    warn: Callable[[Entrada, str], list[ErroCampo]] = lambda _entrada, _regime: []
    """What is stored as sent but will hardly do what the caller expects, given the company's regime."""


FORMA_NFE = Forma(
    modelo=Modelo.NFE,
    nome="categoria",
    entrada=CategoriaEntrada,
    edicao=CategoriaEdicao,
    read=category_of,
    describe=describe_category,
    saida=CategoriaSaida,
    warn=find_warnings,
)


class OperacoesCategoria(Generic[Entrada]):
    """Operations on the tax categories of the calling company, in one form."""

    def __init__(self, servicos: Servicos, forma: Forma[Entrada]) -> None:
        self._categorias = servicos.categorias
        self.forma = forma

    async def create(self, chamada: Chamada) -> Resposta:
        """Store a category; `data.category_id` is the caller's own or the next of the company."""
        entrada = validate(self.forma.entrada, chamada.dados)
        lida = self.forma.read(entrada)
        codigo = lida.codigo or None
        try:
            criada = await run_in_threadpool(
                self._categorias.create,
                chamada.empresa.id,
                codigo=codigo,
                descricao=_description(entrada),
                conteudo=write_categoria(lida),
                modelo=self.forma.modelo,
            )
        except EstadoInvalido as erro:
            raise refuse_field(
                "category_id", erro.codigo, erro.mensagem, erro.correcao, valor=codigo or "",
                rotulo="Código da categoria",
            ) from None  # fmt: skip
        return _stored(criada.codigo, self._warnings(chamada, entrada))

    async def edit(self, chamada: Chamada) -> Resposta:
        """Replace a category whole: what is not sent is gone."""
        entrada = validate(self.forma.edicao, chamada.dados)
        lida = self.forma.read(entrada)
        nova = Categoria(lida.codigo, _description(entrada), write_categoria(lida), self.forma.modelo)
        if not await run_in_threadpool(self._categorias.replace, chamada.empresa.id, nova):
            raise self._unknown(lida.codigo)
        return _stored(lida.codigo, self._warnings(chamada, entrada))

    async def get_detail(self, chamada: Chamada) -> Resposta:
        """One category as it was registered."""
        consulta = validate(CategoriaChave, chamada.dados)
        guardada = await run_in_threadpool(self._categorias.get, chamada.empresa.id, consulta.category_id)
        if guardada is None or guardada.modelo is not self.forma.modelo:
            raise self._unknown(consulta.category_id)
        return succeed(self.forma.describe(guardada))

    async def get_list(self, chamada: Chamada) -> Resposta:
        """One page of the categories, in the order they were made."""
        consulta = validate(CategoriaLista, chamada.dados)
        pagina, tamanho = consulta.page, consulta.page_size
        achadas = await run_in_threadpool(
            self._categorias.list_page,
            chamada.empresa.id,
            self.forma.modelo,
            pagina=pagina,
            tamanho=tamanho,
        )
        itens: list[CategoriaLinhaSaida] = [
            {"category_id": c.codigo, "descricao": c.descricao} for c in achadas.categorias
        ]
        data: CategoriasSaida = {"list": itens, **place_of(pagina, tamanho, achadas.total)}
        return succeed(data)

    async def delete(self, chamada: Chamada) -> Resposta:
        """Take a category away; products that name it are refused from then on."""
        entrada = validate(CategoriaChave, chamada.dados)
        apagada = await run_in_threadpool(
            self._categorias.delete, chamada.empresa.id, entrada.category_id, self.forma.modelo
        )
        if not apagada:
            raise self._unknown(entrada.category_id)
        return succeed()

    def _warnings(self, chamada: Chamada, entrada: Entrada) -> list[ErroCampo]:
        return [*self.forma.warn(entrada, chamada.empresa.regime), *ignored_fields(entrada)]

    def _unknown(self, codigo: str) -> FaceErro:
        return FaceErro(
            404,
            "CAT-NAO-EXISTE",
            f"Não há {self.forma.nome} com o código {codigo}.",
            "Confira o category_id.",
        )


def _description(entrada: Corpo) -> str:
    descricao: str = getattr(entrada, "descricao")  # noqa: B009 - every form has one
    return descricao


def _stored(codigo: str, avisos: Sequence[ErroCampo]) -> Resposta:
    data: CategoriaGravadaSaida = {"category_id": codigo, **with_warnings(avisos)}
    return succeed(data)
