"""The face put together: which path runs which operation, under which token."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from chancela.faces.tffiscal.arquivos import CAMINHO, files_handler
from chancela.faces.tffiscal.categoria.routes import OperacoesCategoria
from chancela.faces.tffiscal.categoria.schemas import CategoriaEntrada
from chancela.faces.tffiscal.empresa.routes import OperacoesEmpresa
from chancela.faces.tffiscal.empresa.schemas import EmpresaEntrada
from chancela.faces.tffiscal.erros import FaceErro
from chancela.faces.tffiscal.nfce.categoria import OperacoesCategoriaNfce
from chancela.faces.tffiscal.nfce.categoria_schemas import (
    CategoriaNfceChave,
    CategoriaNfceEdicao,
    CategoriaNfceEntrada,
    CategoriaNfceLista,
)
from chancela.faces.tffiscal.nfce.empresa import OperacoesEmpresaNfce
from chancela.faces.tffiscal.nfce.empresa_schemas import (
    EmpresaNfceConsulta,
    EmpresaNfceEntrada,
    EmpresaNfceMudanca,
)
from chancela.faces.tffiscal.nfce.routes import OperacoesNfce
from chancela.faces.tffiscal.nfce.schemas import DanfeNfceEntrada, DetalheNfceConsulta, NfceEntrada
from chancela.faces.tffiscal.nota.routes import OperacoesNota
from chancela.faces.tffiscal.nota.schemas import DanfeEntrada, DetalheConsulta, NotaEntrada
from chancela.faces.tffiscal.portao import Portao, Quem, Tratador
from chancela.faces.tffiscal.rotas import Rota, mount
from chancela.faces.tffiscal.servicos import Servicos

_METODOS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def create_tffiscal_router(servicos: Servicos) -> APIRouter:
    """The router of the face, under every base path of the settings, plus the signed file links."""
    portao = Portao(servicos)
    router = APIRouter(tags=["TFFiscal"])
    mount(router, portao, servicos.ajustes.prefixos, _routes(servicos))
    router.add_api_route(
        CAMINHO,
        files_handler(servicos, portao),
        methods=["GET"],
        summary="Arquivo por link assinado",
        response_model=None,
    )
    for prefixo in servicos.ajustes.prefixos:
        router.add_api_route(
            f"{prefixo}/{{resto:path}}",
            _unknown(portao),
            methods=_METODOS,
            response_model=None,
            include_in_schema=False,
        )
    return router


def _routes(servicos: Servicos) -> tuple[Rota, ...]:
    empresa = OperacoesEmpresa(servicos)
    categoria = OperacoesCategoria(servicos)
    nota = OperacoesNota(servicos)
    de, b2b = Quem.EMPRESA, Quem.INTEGRADOR
    return (
        Rota("POST", "company/create", empresa.create, b2b, "Cadastrar empresa", EmpresaEntrada, altera=True),
        Rota(
            "POST",
            "category/create",
            categoria.create,
            de,
            "Criar categoria tributária",
            CategoriaEntrada,
            altera=True,
        ),
        Rota("POST", "invoice/create", nota.create, de, "Emitir NF-e", NotaEntrada, altera=True),
        Rota("POST", "invoice/calcular", nota.calculate, de, "Calcular sem emitir", NotaEntrada),
        Rota("GET", "invoice/get_detail", nota.get_detail, de, "Consultar NF-e", DetalheConsulta),
        Rota("POST", "invoice/get_danfe", nota.get_danfe, de, "Obter o DANFE da NF-e", DanfeEntrada),
        *_nfce_routes(servicos),
    )


def _nfce_routes(servicos: Servicos) -> tuple[Rota, ...]:
    empresa = OperacoesEmpresaNfce(servicos)
    categoria = OperacoesCategoriaNfce(servicos)
    nfce = OperacoesNfce(servicos)
    de, b2b = Quem.EMPRESA, Quem.INTEGRADOR
    return (
        Rota("POST", "nfce/company/create", empresa.create, b2b, "Cadastrar para NFC-e", EmpresaNfceEntrada, altera=True),
        Rota("POST", "nfce/company/update", empresa.update, de, "Alterar o cadastro de NFC-e", EmpresaNfceMudanca, altera=True),
        Rota("POST", "nfce/company/get", empresa.get, de, "Consultar o cadastro de NFC-e", EmpresaNfceConsulta, corpo_opcional=True),
        Rota("POST", "nfce/category/create", categoria.create, de, "Criar categoria de NFC-e", CategoriaNfceEntrada, altera=True),
        Rota("POST", "nfce/category/edit", categoria.edit, de, "Alterar categoria de NFC-e", CategoriaNfceEdicao, altera=True),
        Rota("POST", "nfce/category/delete", categoria.delete, de, "Apagar categoria de NFC-e", CategoriaNfceChave, altera=True),
        Rota("GET", "nfce/category/get_detail", categoria.get_detail, de, "Consultar categoria de NFC-e", CategoriaNfceChave),
        Rota("GET", "nfce/category/get_list", categoria.get_list, de, "Listar categorias de NFC-e", CategoriaNfceLista),
        Rota("POST", "nfce/create", nfce.create, de, "Emitir NFC-e", NfceEntrada, altera=True),
        Rota("GET", "nfce/get_detail", nfce.get_detail, de, "Consultar NFC-e", DetalheNfceConsulta),
        Rota("POST", "nfce/get_danfe", nfce.get_danfe, de, "Obter o DANFE da NFC-e", DanfeNfceEntrada),
    )  # fmt: skip


def _unknown(portao: Portao) -> Tratador:
    async def refuse() -> Response:
        raise FaceErro(404, "HTTP-05", "Esta operação não existe.", "Confira o caminho e o método HTTP.")

    async def handle(request: Request) -> Response:
        del request
        return await portao.answer(refuse)

    return handle
