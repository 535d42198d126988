"""Where a caller can send us with `cert_file`: only to public HTTPS servers, or where the installation allows."""

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from tests.faces.tffiscal.certificados import make_server_pem

from chancela.faces.tffiscal.empresa.busca import (
    TAMANHO_MAXIMO_BYTES,
    BuscadorHttps,
    decode_data_url,
)
from chancela.faces.tffiscal.erros import FaceErro
from chancela.kit.addresses import parse_networks

LOCAL = parse_networks(["127.0.0.1"])


def answering(*enderecos: str):
    async def resolve(host: str, porta: int) -> Sequence[str]:
        return enderecos

    return resolve


async def nowhere(host: str, porta: int) -> Sequence[str]:
    raise OSError("no such name")


@pytest.mark.anyio
@pytest.mark.parametrize("enderecos", [("10.0.0.1",), ("8.8.8.8", "127.0.0.1"), ("::1", "8.8.8.8"), ()])
async def test_a_name_that_leads_inside_even_once(enderecos: tuple[str, ...]) -> None:
    with pytest.raises(FaceErro) as caught:
        await BuscadorHttps(resolver=answering(*enderecos)).fetch("https://cert.exemplo.com/c.pfx")
    assert caught.value.codigo == "CERT-URL-REDE"


@pytest.mark.anyio
async def test_a_name_that_does_not_exist() -> None:
    with pytest.raises(FaceErro) as caught:
        await BuscadorHttps(resolver=nowhere).fetch("https://cert.exemplo.com/c.pfx")
    assert caught.value.codigo == "CERT-URL-NOME"


@asynccontextmanager
async def server(pasta: Path) -> AsyncIterator[tuple[int, ssl.SSLContext]]:
    """An HTTPS server on loopback, certified for `cert.exemplo.com`; gives its port and a context that trusts it."""
    chave, certificado = make_server_pem("cert.exemplo.com")
    (pasta / "chave.pem").write_bytes(chave)
    (pasta / "cert.pem").write_bytes(certificado)

    async def answer(request: web.Request) -> web.StreamResponse:
        caminho = request.path
        if caminho == "/redireciona":
            return web.Response(status=302, headers={"Location": "https://127.0.0.1/segredo"})
        if caminho == "/nada":
            return web.Response(status=404)
        if caminho == "/grande":
            return web.Response(body=b"x" * (TAMANHO_MAXIMO_BYTES + 1))
        if caminho == "/exato":
            return web.Response(body=b"x" * TAMANHO_MAXIMO_BYTES)
        if caminho == "/aos-poucos":
            resposta = web.StreamResponse()
            await resposta.prepare(request)
            for _ in range(10):
                await resposta.write(b"pedaco")
            return resposta
        if caminho == "/lento":
            await asyncio.Event().wait()
        return web.Response(body=request.headers["Host"].encode())

    do_servidor = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    do_servidor.load_cert_chain(pasta / "cert.pem", pasta / "chave.pem")
    app = web.Application()
    app.router.add_get("/{resto:.*}", answer)
    corredor = web.AppRunner(app, shutdown_timeout=0.1)
    await corredor.setup()
    sitio = web.TCPSite(corredor, "127.0.0.1", 0, ssl_context=do_servidor)
    await sitio.start()
    porta = corredor.addresses[0][1]
    try:
        yield porta, ssl.create_default_context(cadata=certificado.decode())
    finally:
        await corredor.cleanup()


@pytest.mark.anyio
async def test_a_file_comes_from_the_checked_address_under_its_own_name(tmp_path: Path) -> None:
    async with server(tmp_path) as (porta, confiavel):
        buscador = BuscadorHttps(
            redes_permitidas=LOCAL, contexto_tls=confiavel, resolver=answering("127.0.0.1")
        )
        base = f"https://cert.exemplo.com:{porta}"
        assert await buscador.fetch(f"{base}/c.pfx") == f"cert.exemplo.com:{porta}".encode()
        assert len(await buscador.fetch(f"{base}/exato")) == TAMANHO_MAXIMO_BYTES
        assert await buscador.fetch(f"{base}/aos-poucos") == b"pedaco" * 10


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("caminho", "codigo"),
    [
        ("redireciona", "CERT-URL-REDIRECIONA"),
        ("nada", "CERT-URL-STATUS"),
        ("grande", "CERT-URL-TAMANHO"),
        ("lento", "CERT-URL-PRAZO"),
    ],
)
async def test_answers_that_are_not_a_certificate(tmp_path: Path, caminho: str, codigo: str) -> None:
    async with server(tmp_path) as (porta, confiavel):
        buscador = BuscadorHttps(
            redes_permitidas=LOCAL, contexto_tls=confiavel, resolver=answering("127.0.0.1"),
            prazo_s=0.3 if caminho == "lento" else 15,
        )  # fmt: skip
        with pytest.raises(FaceErro) as caught:
            await buscador.fetch(f"https://cert.exemplo.com:{porta}/{caminho}")
    assert caught.value.codigo == codigo


@pytest.mark.anyio
async def test_a_server_that_cannot_prove_its_name(tmp_path: Path) -> None:
    async with server(tmp_path) as (porta, confiavel):
        buscador = BuscadorHttps(
            redes_permitidas=LOCAL, contexto_tls=confiavel, resolver=answering("127.0.0.1")
        )
        with pytest.raises(FaceErro) as caught:
            await buscador.fetch(f"https://outro.exemplo.com:{porta}/c.pfx")
    assert caught.value.codigo == "CERT-URL-FALHA"


@pytest.mark.parametrize("prefixo", ["data:application/x-pkcs12;base64,", "DATA:;base64,", "data:application/octet-stream;name=c.pfx;base64,"])  # fmt: skip
def test_data_urls(prefixo: str) -> None:
    conteudo = bytes(range(256))
    assert decode_data_url(prefixo + base64.b64encode(conteudo).decode()) == conteudo
    assert decode_data_url(prefixo + base64.urlsafe_b64encode(conteudo).decode()) == conteudo


@pytest.mark.parametrize(
    "url",
    [
        "data:application/x-pkcs12,AAAA",
        "data:text/html;base64,AAAA",
        "data:application/x-pkcs12;base64,",
        "data:application/x-pkcs12;base64,AAA",
        "data:application/x-pkcs12;base64,A%41AA",
        "data:application/x-pkcs12;base64," + base64.b64encode(b"x" * (TAMANHO_MAXIMO_BYTES + 1)).decode(),
    ],
)
def test_data_urls_that_are_refused(url: str) -> None:
    with pytest.raises(FaceErro):
        decode_data_url(url)
