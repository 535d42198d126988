"""`/sso`, where automatic login arrives, and `/invoice/company/*`, what its session may see and do: one company.

The session travels in a cookie that no program of a page can read and no other site can make a browser send. Pages may
load nothing that is not ours.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from chancela.domain.identidade import Modelo
from chancela.faces.tffiscal.datas import zone_of
from chancela.faces.tffiscal.envelope import Resposta
from chancela.faces.tffiscal.erros import FaceErro
from chancela.faces.tffiscal.nota.situacoes import SITUACOES
from chancela.faces.tffiscal.painel.emissao import EmissaoPainel
from chancela.faces.tffiscal.painel.emissao import Pagina as PaginaEmissao
from chancela.faces.tffiscal.painel.moldura import EMITIR, RAIZ
from chancela.faces.tffiscal.painel.paginas import (
    TAMANHO,
    show_closed,
    show_document,
    show_entrance,
    show_list,
    show_missing,
)
from chancela.faces.tffiscal.painel.schemas import PainelConsulta
from chancela.faces.tffiscal.portao import Chamada, Portao, Quem, Tratador, base_url_of, read_query
from chancela.faces.tffiscal.servicos import Servicos
from chancela.faces.tffiscal.sso.routes import OperacoesSso
from chancela.faces.tffiscal.sso.sessao import SESSAO_DIAS, read_session
from chancela.faces.tffiscal.validacao import validate
from chancela.issuing.empresa import Empresa
from chancela.issuing.lista import FiltroDocumentos
from chancela.kit.ids import is_id
from chancela.kit.packaged import packaged_bytes

COOKIE = "chancela_sessao"
PAINEL = f"{RAIZ}/kanban"
_REGRAS = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
_CABECALHOS = {
    "Content-Security-Policy": _REGRAS,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_ARQUIVOS = {"entrar.js": "text/javascript", "painel.css": "text/css"}

Pagina = Callable[[Request, Empresa], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class PortasPainel:
    """The parts of the panel. `chaves` are those that sessions were ever signed with."""

    sso: OperacoesSso
    chaves: Sequence[bytes]


class Painel:
    """The pages of the session's company."""

    def __init__(self, servicos: Servicos, portao: Portao, portas: PortasPainel) -> None:
        self._servicos = servicos
        self._portao = portao
        self._portas = portas
        self._emissao = EmissaoPainel(servicos, portas.chaves)

    async def enter(self, chamada: Chamada) -> Resposta:
        """Trade the ticket as `consume_ticket` does; the session goes into the cookie."""
        resposta = await self._portas.sso.consume_ticket(chamada)
        return replace(resposta, cabecalhos={"Set-Cookie": _cookie(resposta.raiz["access_token"], chamada)})

    async def list(self, request: Request, empresa: Empresa) -> Response:
        """The documents of the company."""
        try:
            consulta = validate(PainelConsulta, read_query(request.url.query))
        except FaceErro:  # an address that somebody typed
            return RedirectResponse(PAINEL, 303)
        filtro = FiltroDocumentos(
            Modelo(consulta.modelo), SITUACOES[consulta.status] if consulta.status else ()
        )
        achada = await run_in_threadpool(
            self._servicos.lista.list_page, empresa.id, filtro, pagina=consulta.page, tamanho=TAMANHO
        )
        return _html(show_list(empresa, consulta, achada, zone_of(self._servicos.lugares, empresa)))

    async def document(self, request: Request, empresa: Empresa) -> Response:
        """One document of the company, and of no other."""
        uuid, achado = request.path_params["uuid"], None
        if is_id(uuid):
            achado = await run_in_threadpool(self._servicos.documentos.get, uuid, empresa.id)
        if achado is None or achado.empresa_id != empresa.id:
            return _html(show_missing(empresa), 404)
        fuso = zone_of(self._servicos.lugares, empresa)
        links, base_url = self._servicos.links, base_url_of(request)
        return _html(show_document(empresa, achado, fuso, links=links, base_url=base_url))

    async def show_issue(self, request: Request, empresa: Empresa) -> Response:
        """The form of issuing."""
        return _issue_page(await self._emissao.show(empresa, request.cookies[COOKIE]))

    async def issue(self, request: Request, empresa: Empresa) -> Response:
        """A filled form. What is done is shown elsewhere, so that loading it again does nothing."""
        corpo = await self._portao.read_body(request)
        return _issue_page(await self._emissao.submit(empresa, request.cookies[COOKIE], corpo))

    async def company_of(self, request: Request) -> Empresa | None:
        """The company of the session, while it still is its integrator's."""
        sessao = read_session(
            request.cookies.get(COOKIE, ""), self._portas.chaves, agora=self._servicos.clock.now()
        )
        if sessao is None:
            return None
        empresa = await run_in_threadpool(self._servicos.empresas.get, sessao.empresa_id)
        return empresa if empresa is not None and empresa.integrador_id == sessao.integrador_id else None


def create_panel_router(servicos: Servicos, portao: Portao, portas: PortasPainel) -> APIRouter:
    """The router of the panel."""
    router, painel = APIRouter(include_in_schema=False), Painel(servicos, portao, portas)

    def open_page(mostrar: Pagina) -> Tratador:
        async def serve(request: Request) -> Response:
            empresa = await painel.company_of(request)
            return _html(show_closed(), 401) if empresa is None else await mostrar(request, empresa)

        async def handle(request: Request) -> Response:
            return await portao.answer(lambda: serve(request))

        return handle

    async def to_panel(_request: Request, _empresa: Empresa) -> Response:
        return RedirectResponse(PAINEL, 303)

    for caminho, tratador in (
        ("/sso", _entrance),
        ("/sso/{nome}", _file),
        (PAINEL, open_page(painel.list)),
        (EMITIR, open_page(painel.show_issue)),
        (f"{RAIZ}/documentos/{{uuid}}", open_page(painel.document)),
        (RAIZ, open_page(to_panel)),
        (f"{RAIZ}/{{resto:path}}", open_page(to_panel)),
    ):
        router.add_api_route(caminho, tratador, methods=["GET"], response_model=None)
    router.add_api_route("/sso/entrar", portao.open(painel.enter, quem=Quem.NINGUEM), methods=["POST"], response_model=None)  # fmt: skip
    router.add_api_route(EMITIR, open_page(painel.issue), methods=["POST"], response_model=None)
    router.add_api_route(f"{RAIZ}/sair", _leave, methods=["POST"], response_model=None)
    return router


async def _entrance(_request: Request) -> Response:
    return _html(show_entrance())


async def _file(request: Request) -> Response:
    nome = request.path_params["nome"]
    if nome not in _ARQUIVOS:
        return _html(show_closed(), 404)
    return Response(packaged_bytes(f"painel/{nome}"), 200, _CABECALHOS, _ARQUIVOS[nome])


async def _leave(_request: Request) -> Response:
    resposta = _html(show_closed())
    resposta.delete_cookie(COOKIE, path=RAIZ, httponly=True, samesite="strict")
    return resposta


def _cookie(token: str, chamada: Chamada) -> str:
    seguro = "; Secure" if chamada.base_url.startswith("https:") else ""
    return f"{COOKIE}={token}; Path={RAIZ}; Max-Age={SESSAO_DIAS * 86_400}; HttpOnly; SameSite=Strict{seguro}"


def _issue_page(pagina: PaginaEmissao) -> Response:
    if pagina.destino:
        return RedirectResponse(pagina.destino, 303, _CABECALHOS)
    return _html(pagina.html, pagina.status)


def _html(texto: str, status: int = 200) -> Response:
    return Response(texto, status, _CABECALHOS, "text/html")
