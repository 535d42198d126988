"""The gate that every call passes: read the bytes once, authenticate, parse, run, answer.

An operation is a function from a `Chamada` to a `Resposta`; it never sees the HTTP request. Whatever it raises is
answered in the envelope here: expected errors in their own words, anything else as HTTP 500 with the id of the
request, which the log has too, and nothing more.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any
from urllib.parse import parse_qsl

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from chancela.domain.erros import FiscalError
from chancela.faces.tffiscal.autenticacao import (
    CABECALHOS_HMAC,
    CABECALHOS_MD5,
    Autenticado,
    PedidoHttp,
    read_proof,
)
from chancela.faces.tffiscal.envelope import TIPO_JSON, Resposta, refuse
from chancela.faces.tffiscal.erros import FaceErro, describe
from chancela.faces.tffiscal.limites import Limites
from chancela.faces.tffiscal.repeticao import Repeticao
from chancela.faces.tffiscal.servicos import Servicos
from chancela.faces.tffiscal.validacao import parse_object
from chancela.issuing.empresa import Credencial, Empresa
from chancela.kit.requisicao import current_request

_HOST = re.compile(r"[A-Za-z0-9.\-_\[\]:]{1,255}", re.ASCII)
_LIDOS = frozenset((*CABECALHOS_MD5, *CABECALHOS_HMAC))
_log = structlog.get_logger(__name__)


class Quem(Enum):
    """Whose token an operation takes."""

    INTEGRADOR = auto()
    """The distributor's own (b2b) token."""
    EMPRESA = auto()
    """A company's token."""
    QUALQUER = auto()
    """Either: the integrator's speaks for all of its companies."""
    NINGUEM = auto()
    """No token: the call carries its own credential, which the operation checks."""


@dataclass(frozen=True, slots=True)
class Chamada:
    """An authenticated call. `dados` is the JSON object of a POST, or the query of a GET."""

    autor: Credencial | None
    """Who signed; None only for operations of `Quem.NINGUEM`."""
    corpo: bytes
    dados: Mapping[str, Any]
    base_url: str
    referencia_propria: str
    """Names this very signed call: the idempotency reference of a call that brings none."""
    consulta: str = ""
    """The raw query of the URL. That of a POST is not covered by the MD5 signature: it may only choose what is shown."""

    endereco: str = ""
    """Network address of the caller, for limits."""

    @property
    def credencial(self) -> Credencial:
        """Who signed the call."""
        assert self.autor is not None, "the gate lets nobody through without a token"
        return self.autor

    @property
    def empresa(self) -> Empresa:
        """The company that the token speaks for; only for operations of `Quem.EMPRESA`."""
        empresa = self.credencial.empresa
        assert empresa is not None, "the gate lets only company tokens through"
        return empresa


Operacao = Callable[[Chamada], Awaitable[Resposta]]
Tratador = Callable[[Request], Awaitable[Response]]
REFERENCIA_PROPRIA = "assinatura:"
"""Prefix of references made here; they are never shown to the caller."""


class Portao:
    """Wraps operations into HTTP handlers."""

    def __init__(self, servicos: Servicos) -> None:
        self._servicos = servicos
        self._repeticao = Repeticao(servicos.respostas, servicos.randomness, servicos.threads)
        self._limites = Limites(servicos.consumo, servicos.clock)

    def open(
        self, operacao: Operacao, *, quem: Quem, altera: bool = False, corpo_opcional: bool = False
    ) -> Tratador:
        """The handler of an operation; `altera` when a repeat of the same signed call must not run it again.

        With `corpo_opcional` an empty body counts as an empty object.
        """

        async def handle(request: Request) -> Response:
            return await self.answer(lambda: self._run(request, operacao, quem, altera, corpo_opcional))

        return handle

    async def answer(self, work: Callable[[], Awaitable[Response]]) -> Response:
        """Run `work` and answer in the envelope whatever happens."""
        pedido_id = current_request() or self._servicos.ids.new()
        try:
            resposta = await work()
        except ClientDisconnect:
            resposta = _response(refuse(400, "A conexão caiu antes do fim do corpo."))
        except FaceErro as erro:
            resposta = _response(erro.answer())
        except FiscalError as erro:
            conhecido = describe(erro)
            if conhecido is None:
                _log.error("falha_interna", pedido_id=pedido_id, codigo=erro.codigo, exc_info=True)
                resposta = _response(_internal(pedido_id))
            else:
                resposta = _response(conhecido.answer())
        except Exception:  # noqa: BLE001 - the last line of defence: logged, and nothing of it leaves
            _log.exception("falha_interna", pedido_id=pedido_id)
            resposta = _response(_internal(pedido_id))
        resposta.headers["X-Request-Id"] = pedido_id
        return resposta

    async def _run(
        self, request: Request, operacao: Operacao, quem: Quem, altera: bool, corpo_opcional: bool
    ) -> Response:
        if quem is Quem.NINGUEM:
            return await self._run_open(request, operacao)
        cabecalhos = _authentication_headers(request)
        prova = read_proof(cabecalhos)
        corpo = await self.read_body(request)
        pedido = PedidoHttp(request.method, _raw_path(request), _raw_query(request), cabecalhos, corpo)
        autenticado = await self._servicos.autenticador.authenticate(pedido, prova)
        cota = await self._limites.count(autenticado.credencial.integrador)
        resposta = await self._perform(request, pedido, autenticado, operacao, quem, altera, corpo_opcional)
        resposta.headers.update(cota)
        return resposta

    async def _perform(
        self,
        request: Request,
        pedido: PedidoHttp,
        autenticado: Autenticado,
        operacao: Operacao,
        quem: Quem,
        altera: bool,
        corpo_opcional: bool,
    ) -> Response:
        _check_owner(autenticado, quem)
        corpo = pedido.corpo
        dados: Mapping[str, Any] = {}
        if corpo or not corpo_opcional:
            dados = self._read_arguments(request, pedido)
        referencia = REFERENCIA_PROPRIA + autenticado.chave_repeticao.hex()[:32]
        chamada = Chamada(
            autenticado.credencial,
            corpo,
            dados,
            base_url_of(request),
            referencia,
            pedido.consulta,
            _address(request),
        )
        if not altera:
            return _response(await operacao(chamada))

        async def execute() -> tuple[int, bytes]:
            resposta = await operacao(chamada)
            return resposta.status, resposta.corpo()

        status, conteudo = await self._repeticao.once(autenticado, execute)
        return Response(conteudo, status, media_type=TIPO_JSON)

    async def _run_open(self, request: Request, operacao: Operacao) -> Response:
        corpo = await self.read_body(request)
        pedido = PedidoHttp(request.method, _raw_path(request), _raw_query(request), {}, corpo)
        dados = self._read_arguments(request, pedido)
        chamada = Chamada(None, corpo, dados, base_url_of(request), "", pedido.consulta, _address(request))
        return _response(await operacao(chamada))

    def _read_arguments(self, request: Request, pedido: PedidoHttp) -> Mapping[str, Any]:
        if pedido.metodo == "GET":
            if pedido.corpo:
                raise FaceErro(
                    400, "HTTP-01", "Uma chamada GET não tem corpo.", "Envie os parâmetros na consulta."
                )
            return {**read_query(pedido.consulta), **request.path_params}
        _check_content_type(request.headers.get("content-type", ""))
        return parse_object(pedido.corpo, tamanho_maximo=self._servicos.ajustes.corpo_maximo_bytes)

    async def read_body(self, request: Request) -> bytes:
        """The whole body. `FaceErro` when it is too large, 408 when it does not come in time."""
        ajustes = self._servicos.ajustes
        declarado = request.headers.get("content-length", "")
        if declarado.isdecimal() and len(declarado) < 20 and int(declarado) > ajustes.corpo_maximo_bytes:
            raise _too_large(ajustes.corpo_maximo_bytes)
        partes: list[bytes] = []
        total = 0
        try:
            async with asyncio.timeout(ajustes.corpo_s):
                async for parte in request.stream():
                    total += len(parte)
                    if total > ajustes.corpo_maximo_bytes:
                        raise _too_large(ajustes.corpo_maximo_bytes)
                    partes.append(parte)
        except TimeoutError:
            raise FaceErro(
                408, "HTTP-07", "O corpo da requisição não chegou a tempo.",
                f"Envie o corpo inteiro em até {ajustes.corpo_s:g} segundos.", cabecalhos={"Connection": "close"},
            ) from None  # fmt: skip
        return b"".join(partes)


def _too_large(maximo: int) -> FaceErro:
    return FaceErro(
        400, "JSON-01", "O corpo da requisição é grande demais.", f"Envie no máximo {maximo} bytes.",
        cabecalhos={"Connection": "close"},
    )  # fmt: skip


def _response(resposta: Resposta) -> Response:
    return Response(resposta.corpo(), resposta.status, dict(resposta.cabecalhos), resposta.tipo)


def _internal(pedido_id: str) -> Resposta:
    mensagem = (
        "Erro interno. A chamada pode ser repetida; se persistir, informe o código do pedido ao suporte."
    )
    return refuse(500, mensagem, {"codigo": "INTERNO", "pedido_id": pedido_id})


def _authentication_headers(request: Request) -> dict[str, str]:
    lidos: dict[str, str] = {}
    for nome_bruto, valor in request.headers.raw:
        nome = nome_bruto.decode("latin-1").lower()
        if nome not in _LIDOS:
            continue
        if nome in lidos:
            raise FaceErro(
                401, "AUT-07", f"O cabeçalho {nome} veio mais de uma vez.", "Envie cada cabeçalho uma vez."
            )
        lidos[nome] = valor.decode("latin-1").strip()
    return lidos


def _raw_path(request: Request) -> str:
    bruto = request.scope.get("raw_path")
    caminho: bytes = bruto if isinstance(bruto, bytes) else request.scope["path"].encode()
    return caminho.split(b"?", 1)[0].decode("latin-1")


def _raw_query(request: Request) -> str:
    consulta: bytes = request.scope.get("query_string", b"")
    return consulta.decode("latin-1")


def read_query(consulta: str) -> dict[str, str]:
    """The parameters of a query, each once. `FaceErro` 400 for what is no query."""
    try:
        pares = parse_qsl(
            consulta, keep_blank_values=True, encoding="utf-8", errors="strict", max_num_fields=50
        )
    except ValueError:
        raise FaceErro(
            400, "HTTP-02", "A consulta da URL não é válida.", "Codifique-a em UTF-8 com %XX."
        ) from None
    if any("\0" in texto for par in pares for texto in par):
        raise FaceErro(400, "HTTP-02", "A consulta da URL tem um caractere NUL.", "Retire o %00.")
    dados = dict(pares)
    if len(dados) != len(pares):
        raise FaceErro(
            400, "HTTP-03", "Um parâmetro da consulta veio mais de uma vez.", "Envie cada parâmetro uma vez."
        )
    return dados


def _check_content_type(tipo: str) -> None:
    if not tipo:
        return
    media, _, parametros = tipo.partition(";")
    conjunto = re.search(r"charset\s*=\s*\"?([^\s\";]+)", parametros, re.IGNORECASE)
    if media.strip().lower() != "application/json" or (
        conjunto and conjunto.group(1).lower() not in ("utf-8", "utf8")
    ):
        raise FaceErro(
            400,
            "HTTP-04",
            "O Content-Type não é o esperado.",
            "Envie Content-Type: application/json;charset=utf-8.",
        )


def _check_owner(autenticado: Autenticado, quem: Quem) -> None:
    de_empresa = autenticado.credencial.empresa is not None
    if quem is Quem.INTEGRADOR and de_empresa:
        raise FaceErro(
            401, "AUT-09", "Esta operação exige o token do integrador (b2b).", "Use o b2b_token da conta."
        )
    if quem is Quem.EMPRESA and not de_empresa:
        raise FaceErro(
            401,
            "AUT-10",
            "Esta operação exige o token da empresa.",
            "Use o token recebido em company/create.",
        )


def _address(request: Request) -> str:
    return "" if request.client is None else request.client.host


def base_url_of(request: Request) -> str:
    """The address by which the caller reached us; empty when it names no host."""
    host = request.headers.get("host", "")
    if _HOST.fullmatch(host) is None:
        return ""
    return f"{request.url.scheme}://{host}"
