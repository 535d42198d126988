"""The face put together: which path runs which operation, under which token."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from chancela.faces.tffiscal.arquivos import CAMINHO, files_handler
from chancela.faces.tffiscal.categoria.routes import OperacoesCategoria
from chancela.faces.tffiscal.empresa.routes import OperacoesEmpresa
from chancela.faces.tffiscal.erros import FaceErro
from chancela.faces.tffiscal.nfce.categoria import OperacoesCategoriaNfce
from chancela.faces.tffiscal.nfce.empresa import OperacoesEmpresaNfce
from chancela.faces.tffiscal.nfce.routes import OperacoesNfce
from chancela.faces.tffiscal.nota.routes import OperacoesNota
from chancela.faces.tffiscal.portao import Operacao, Portao, Quem, Tratador
from chancela.faces.tffiscal.servicos import Servicos

_METODOS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


@dataclass(frozen=True, slots=True)
class _Rota:
    metodo: str
    caminho: str
    operacao: Operacao
    quem: Quem
    resumo: str
    altera: bool = False
    corpo_opcional: bool = False


def create_tffiscal_router(servicos: Servicos) -> APIRouter:
    """The router of the face, under every base path of the settings, plus the signed file links."""
    portao = Portao(servicos)
    router = APIRouter(tags=["TFFiscal"])
    for prefixo in servicos.ajustes.prefixos:
        for rota in _routes(servicos):
            router.add_api_route(
                f"{prefixo}/{rota.caminho}",
                portao.open(
                    rota.operacao, quem=rota.quem, altera=rota.altera, corpo_opcional=rota.corpo_opcional
                ),
                methods=[rota.metodo],
                summary=rota.resumo,
                response_model=None,
                name=f"{prefixo}/{rota.caminho}",
            )
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


def _routes(servicos: Servicos) -> tuple[_Rota, ...]:
    empresa = OperacoesEmpresa(servicos)
    categoria = OperacoesCategoria(servicos)
    nota = OperacoesNota(servicos)
    return (
        _Rota("POST", "company/create", empresa.create, Quem.INTEGRADOR, "Cadastrar empresa", altera=True),
        _Rota(
            "POST",
            "category/create",
            categoria.create,
            Quem.EMPRESA,
            "Criar categoria tributária",
            altera=True,
        ),
        _Rota("POST", "invoice/create", nota.create, Quem.EMPRESA, "Emitir NF-e", altera=True),
        _Rota("POST", "invoice/calcular", nota.calculate, Quem.EMPRESA, "Calcular sem emitir"),
        _Rota("GET", "invoice/get_detail", nota.get_detail, Quem.EMPRESA, "Consultar NF-e"),
        _Rota("POST", "invoice/get_danfe", nota.get_danfe, Quem.EMPRESA, "Obter o DANFE da NF-e"),
        *_nfce_routes(servicos),
    )


def _nfce_routes(servicos: Servicos) -> tuple[_Rota, ...]:
    empresa = OperacoesEmpresaNfce(servicos)
    categoria = OperacoesCategoriaNfce(servicos)
    nfce = OperacoesNfce(servicos)
    de = Quem.EMPRESA
    return (
        _Rota(
            "POST",
            "nfce/company/create",
            empresa.create,
            Quem.INTEGRADOR,
            "Cadastrar para NFC-e",
            altera=True,
        ),
        _Rota("POST", "nfce/company/update", empresa.update, de, "Alterar o cadastro de NFC-e", altera=True),
        _Rota(
            "POST", "nfce/company/get", empresa.get, de, "Consultar o cadastro de NFC-e", corpo_opcional=True
        ),
        _Rota("POST", "nfce/category/create", categoria.create, de, "Criar categoria de NFC-e", altera=True),
        _Rota("POST", "nfce/category/edit", categoria.edit, de, "Alterar categoria de NFC-e", altera=True),
        _Rota("POST", "nfce/category/delete", categoria.delete, de, "Apagar categoria de NFC-e", altera=True),
        _Rota("GET", "nfce/category/get_detail", categoria.get_detail, de, "Consultar categoria de NFC-e"),
        _Rota("GET", "nfce/category/get_list", categoria.get_list, de, "Listar categorias de NFC-e"),
        _Rota("POST", "nfce/create", nfce.create, de, "Emitir NFC-e", altera=True),
        _Rota("GET", "nfce/get_detail", nfce.get_detail, de, "Consultar NFC-e"),
        _Rota("POST", "nfce/get_danfe", nfce.get_danfe, de, "Obter o DANFE da NFC-e"),
    )


def _unknown(portao: Portao) -> Tratador:
    async def refuse() -> Response:
        raise FaceErro(404, "HTTP-05", "Esta operação não existe.", "Confira o caminho e o método HTTP.")

    async def handle(request: Request) -> Response:
        del request
        return await portao.answer(refuse)

    return handle
