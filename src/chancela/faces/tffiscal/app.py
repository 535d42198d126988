"""The face put together: which path runs which operation, under which token."""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from chancela.faces.tffiscal.arquivos import CAMINHO, files_handler
from chancela.faces.tffiscal.categoria.routes import FORMA_NFE, OperacoesCategoria
from chancela.faces.tffiscal.categoria.saidas import CategoriaGravadaSaida, CategoriasSaida
from chancela.faces.tffiscal.categoria.schemas import CategoriaChave, CategoriaLista
from chancela.faces.tffiscal.empresa.routes import OperacoesEmpresa
from chancela.faces.tffiscal.empresa.saidas import (
    CepSaida,
    EmpresaCriadaSaida,
    EmpresaDetalheSaida,
    EmpresaNfceSaida,
    EmpresasSaida,
)
from chancela.faces.tffiscal.empresa.schemas import (
    CepConsulta,
    EmpresaConsulta,
    EmpresaEntrada,
    EmpresaLista,
    EmpresaMudanca,
    EmpresaSimples,
)
from chancela.faces.tffiscal.erros import FaceErro
from chancela.faces.tffiscal.nfce.categoria import FORMA_NFCE
from chancela.faces.tffiscal.nfce.empresa import OperacoesEmpresaNfce
from chancela.faces.tffiscal.nfce.empresa_schemas import (
    EmpresaNfceConsulta,
    EmpresaNfceEntrada,
    EmpresaNfceMudanca,
)
from chancela.faces.tffiscal.nfce.routes import OperacoesNfce
from chancela.faces.tffiscal.nfce.schemas import DanfeNfceEntrada, DetalheNfceConsulta, NfceEntrada
from chancela.faces.tffiscal.nota.devolucao import OperacoesDevolucao
from chancela.faces.tffiscal.nota.lista import OperacoesListaNota
from chancela.faces.tffiscal.nota.routes import OperacoesNota
from chancela.faces.tffiscal.nota.saidas import (
    CalculoSaida,
    DanfeNfceSaida,
    DanfeSaida,
    DetalheNfceSaida,
    DetalheSaida,
    EmissaoSaida,
    NotasSaida,
)
from chancela.faces.tffiscal.nota.schemas import (
    DanfeEntrada,
    DetalheConsulta,
    DevolucaoEntrada,
    NotaEntrada,
    NotaLista,
)
from chancela.faces.tffiscal.portao import Portao, Quem, Tratador
from chancela.faces.tffiscal.rotas import Rota, mount
from chancela.faces.tffiscal.saida import AvisosSaida
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
    return (
        *_company_routes(OperacoesEmpresa(servicos)),
        *_category_routes("category", OperacoesCategoria(servicos, FORMA_NFE)),
        *_nfe_routes(OperacoesNota(servicos), OperacoesListaNota(servicos), OperacoesDevolucao(servicos)),
        *_nfce_company_routes(OperacoesEmpresaNfce(servicos)),
        *_category_routes("nfce/category", OperacoesCategoria(servicos, FORMA_NFCE)),
        *_nfce_routes(OperacoesNfce(servicos)),
    )


def _company_routes(empresa: OperacoesEmpresa) -> tuple[Rota, ...]:
    de, b2b = Quem.EMPRESA, Quem.INTEGRADOR
    return (
        Rota("POST", "company/create", empresa.create, b2b, "Cadastrar empresa", EmpresaEntrada, EmpresaCriadaSaida, altera=True),
        Rota("POST", "company/v2/create", empresa.create_v2, b2b, "Cadastrar pelo certificado", EmpresaSimples, EmpresaCriadaSaida, altera=True),
        Rota("POST", "company/edit", empresa.edit, de, "Alterar empresa", EmpresaMudanca, AvisosSaida, altera=True),
        Rota("GET", "company/get_list", empresa.get_list, b2b, "Listar empresas", EmpresaLista, EmpresasSaida),
        Rota("GET", "company/get_detail", empresa.get_detail, de, "Consultar empresa", EmpresaConsulta, EmpresaDetalheSaida),
        Rota("GET", "company/get_cep_detail", empresa.get_cep_detail, b2b, "Consultar CEP", CepConsulta, CepSaida),
    )  # fmt: skip


def _category_routes(base: str, categoria: OperacoesCategoria[Any]) -> tuple[Rota, ...]:
    de, forma = Quem.EMPRESA, categoria.forma
    return (
        Rota("POST", f"{base}/create", categoria.create, de, f"Criar {forma.nome}", forma.entrada, CategoriaGravadaSaida, altera=True),
        Rota("POST", f"{base}/edit", categoria.edit, de, f"Substituir {forma.nome}", forma.edicao, CategoriaGravadaSaida, altera=True),
        Rota("POST", f"{base}/delete", categoria.delete, de, f"Apagar {forma.nome}", CategoriaChave, altera=True),
        Rota("GET", f"{base}/get_detail", categoria.get_detail, de, f"Consultar {forma.nome}", CategoriaChave, forma.saida),
        Rota("GET", f"{base}/get_list", categoria.get_list, de, f"Listar {forma.nome}", CategoriaLista, CategoriasSaida),
    )  # fmt: skip


def _nfe_routes(
    nota: OperacoesNota, lista: OperacoesListaNota, devolucao: OperacoesDevolucao
) -> tuple[Rota, ...]:
    de = Quem.EMPRESA
    return (
        Rota(
            "POST", "invoice/create", nota.create, de, "Emitir NF-e", NotaEntrada, EmissaoSaida, altera=True
        ),
        Rota(
            "POST", "invoice/calcular", nota.calculate, de, "Calcular sem emitir", NotaEntrada, CalculoSaida
        ),
        Rota(
            "POST",
            "invoice/return",
            devolucao.create,
            de,
            "Devolver NF-e",
            DevolucaoEntrada,
            EmissaoSaida,
            altera=True,
        ),
        Rota("GET", "invoice/get_list", lista.get_list, de, "Listar NF-e", NotaLista, NotasSaida),
        Rota(
            "GET", "invoice/get_detail", nota.get_detail, de, "Consultar NF-e", DetalheConsulta, DetalheSaida
        ),
        Rota(
            "POST", "invoice/get_danfe", nota.get_danfe, de, "Obter o DANFE da NF-e", DanfeEntrada, DanfeSaida
        ),
    )


def _nfce_company_routes(empresa: OperacoesEmpresaNfce) -> tuple[Rota, ...]:
    de, b2b = Quem.EMPRESA, Quem.INTEGRADOR
    return (
        Rota("POST", "nfce/company/create", empresa.create, b2b, "Cadastrar para NFC-e", EmpresaNfceEntrada, EmpresaCriadaSaida, altera=True),
        Rota("POST", "nfce/company/update", empresa.update, de, "Alterar o cadastro de NFC-e", EmpresaNfceMudanca, AvisosSaida, altera=True),
        Rota("POST", "nfce/company/get", empresa.get, de, "Consultar o cadastro de NFC-e", EmpresaNfceConsulta, EmpresaNfceSaida, corpo_opcional=True),
    )  # fmt: skip


def _nfce_routes(nfce: OperacoesNfce) -> tuple[Rota, ...]:
    de = Quem.EMPRESA
    return (
        Rota("POST", "nfce/create", nfce.create, de, "Emitir NFC-e", NfceEntrada, EmissaoSaida, altera=True),
        Rota(
            "GET",
            "nfce/get_detail",
            nfce.get_detail,
            de,
            "Consultar NFC-e",
            DetalheNfceConsulta,
            DetalheNfceSaida,
        ),
        Rota(
            "POST",
            "nfce/get_danfe",
            nfce.get_danfe,
            de,
            "Obter o DANFE da NFC-e",
            DanfeNfceEntrada,
            DanfeNfceSaida,
        ),
    )


def _unknown(portao: Portao) -> Tratador:
    async def refuse() -> Response:
        raise FaceErro(404, "HTTP-05", "Esta operação não existe.", "Confira o caminho e o método HTTP.")

    async def handle(request: Request) -> Response:
        del request
        return await portao.answer(refuse)

    return handle
