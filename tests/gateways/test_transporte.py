"""The transport against a real TLS server that behaves in every way a host does."""

import asyncio
import os
import socket
import ssl
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from tests.gateways.apoio import (
    Autoridade,
    Identidade,
    Pki,
    answering,
    http,
    profile,
    server_context,
    strict_host,
    tls_server,
    transport,
)

from chancela.domain.erros import CertificadoInvalido
from chancela.gateways.soap import contexto_tls
from chancela.gateways.soap.contexto_tls import ContextosTls
from chancela.gateways.soap.transporte import Prazos, Resposta, TransporteSoap
from chancela.gateways.soap.troca import EntregaIncerta, EntregaRecusada

ENVELOPE = b"<Envelope/>"


async def _post(
    transporte: TransporteSoap,
    url: str,
    quem: Identidade,
    *,
    corpo: bytes = b"<pedido/>",
    prazo_s: float = 5.0,
) -> Resposta:
    return await transporte.post(
        url, corpo, tipo="application/soap+xml", servico="Teste", certificado=quem, prazo_s=prazo_s
    )


def _once(
    pki: Pki,
    responder: Callable[[asyncio.StreamWriter, bytes], Awaitable[None]],
    *,
    contexto: ssl.SSLContext | None = None,
    quem: Identidade | None = None,
    prazo_s: float = 5.0,
    prazos: Prazos | None = None,
    cifras: str = "aead",
    ca: Path | None = None,
) -> Resposta:
    async def run() -> Resposta:
        async with (
            tls_server(contexto or server_context(pki), responder) as servidor,
            transport(pki, perfis=profile(cifras), prazos=prazos, ca=ca) as transporte,
        ):
            return await _post(transporte, servidor.url, quem or pki.cliente, prazo_s=prazo_s)

    return asyncio.run(run())


def _once_strict(pki: Pki, contexto: ssl.SSLContext, quem: Identidade) -> Resposta:
    async def run(url: str) -> Resposta:
        async with transport(pki) as transporte:
            return await _post(transporte, url, quem)

    with strict_host(contexto) as url:
        return asyncio.run(run(url))


@pytest.mark.parametrize("versao", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_answers_over_mutual_tls_and_reuses_the_connection(pki: Pki, versao: ssl.TLSVersion) -> None:
    async def run() -> None:
        async with (
            tls_server(server_context(pki, versao=versao), answering(http(ENVELOPE))) as servidor,
            transport(pki) as transporte,
        ):
            primeira = await _post(transporte, servidor.url, pki.cliente, corpo=b"<um/>")
            segunda = await _post(transporte, servidor.url, pki.cliente, corpo=b"<dois/>")
        assert servidor.corpos == [b"<um/>", b"<dois/>"]
        assert servidor.alpn == ["http/1.1"], "one connection, and HTTP/2 was never on offer"
        assert primeira.corpo == ENVELOPE
        troca = segunda.troca
        assert (primeira.troca.conexao_reaproveitada, troca.conexao_reaproveitada) == (False, True)
        assert (troca.bytes_enviados, troca.bytes_recebidos, troca.http_status) == (7, 11, 200)
        assert (
            troca.versao_tls == {ssl.TLSVersion.TLSv1_2: "TLSv1.2", ssl.TLSVersion.TLSv1_3: "TLSv1.3"}[versao]
        )
        assert troca.cifra
        assert troca.falha == ""

    asyncio.run(run())


def test_two_certificates_never_share_a_connection(pki: Pki) -> None:
    async def run() -> int:
        contexto = server_context(pki)
        contexto.verify_mode = ssl.CERT_NONE
        async with tls_server(contexto, answering(http(ENVELOPE))) as servidor, transport(pki) as transporte:
            await _post(transporte, servidor.url, pki.cliente)
            await _post(transporte, servidor.url, pki.estranho)
        return len(servidor.alpn)

    assert asyncio.run(run()) == 2


def test_cbc_only_host_needs_its_profile(pki: Pki) -> None:
    contexto = server_context(pki, versao=ssl.TLSVersion.TLSv1_2, cifras="AES128-SHA:ECDHE-RSA-AES256-SHA384")
    assert _once(pki, answering(http(ENVELOPE)), contexto=contexto, cifras="cbc").troca.cifra in (
        "AES128-SHA",
        "ECDHE-RSA-AES256-SHA384",
    )
    with pytest.raises(EntregaRecusada) as recusa:
        _once_strict(pki, contexto, pki.cliente)
    assert recusa.value.codigo == "REDE-TLS"


@pytest.mark.parametrize("versao", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_refused_client_certificate_is_surely_not_delivered(pki: Pki, versao: ssl.TLSVersion) -> None:
    """In TLS 1.3 the refusal only arrives after the request was written."""
    with pytest.raises(EntregaRecusada) as recusa:
        _once_strict(pki, server_context(pki, versao=versao), pki.estranho)
    assert recusa.value.codigo == "REDE-TLS-CERTIFICADO"


def test_server_of_an_unknown_authority_is_refused(pki: Pki, tmp_path: Path) -> None:
    outra = tmp_path / "outra.pem"
    outra.write_bytes(Autoridade("outra").pem)
    with pytest.raises(EntregaRecusada) as recusa:
        _once(pki, answering(http(ENVELOPE)), ca=outra)
    assert recusa.value.codigo == "REDE-TLS-SERVIDOR"
    assert recusa.value.troca.falha == "REDE-TLS-SERVIDOR"


def test_nobody_listens(pki: Pki) -> None:
    with socket.socket() as livre:
        livre.bind(("127.0.0.1", 0))
        porta = livre.getsockname()[1]

    async def run() -> None:
        async with transport(pki) as transporte:
            await _post(transporte, f"https://localhost:{porta}/ws", pki.cliente)

    with pytest.raises(EntregaRecusada) as recusa:
        asyncio.run(run())
    assert recusa.value.codigo == "REDE-SEM-CONEXAO"


def test_host_that_never_shakes_hands(pki: Pki) -> None:
    async def run() -> None:
        async def hold(leitor: asyncio.StreamReader, escritor: asyncio.StreamWriter) -> None:
            await leitor.read()
            escritor.close()

        mudo = await asyncio.start_server(hold, "127.0.0.1", 0)
        porta = mudo.sockets[0].getsockname()[1]
        async with mudo, transport(pki, prazos=Prazos(conexao_s=0.2)) as transporte:
            await _post(transporte, f"https://localhost:{porta}/ws", pki.cliente)

    with pytest.raises(EntregaRecusada) as recusa:
        asyncio.run(run())
    assert recusa.value.codigo == "REDE-CONEXAO-PRAZO"


async def _drop(escritor: asyncio.StreamWriter, _: bytes) -> None:
    escritor.transport.abort()


async def _never(escritor: asyncio.StreamWriter, _: bytes) -> None:
    await asyncio.Event().wait()


@pytest.mark.parametrize(
    ("responder", "codigo"),
    [
        (_drop, "REDE-CONEXAO-CAIU"),
        (_never, "REDE-PRAZO"),
        (
            answering(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n<Env", fecha=True),
            "REDE-RESPOSTA-CORTADA",
        ),
        (answering(b"isto nao e HTTP\r\n\r\n", fecha=True), "REDE-RESPOSTA-ILEGIVEL"),
        (answering(http(b"<html/>", "500 Erro")), "REDE-HTTP-500"),
        (answering(http(b"<html/>", "502 Erro")), "REDE-HTTP-502"),
        (answering(http(b"Envelope", "503 Erro")), "REDE-HTTP-503"),
        (answering(http(b"", "302 Veja", "Location: https://localhost/")), "REDE-HTTP-302"),
        (answering(http(b"x" * 5_000)), "REDE-RESPOSTA-GRANDE"),
    ],
)
def test_outcome_unknown(
    pki: Pki, responder: Callable[[asyncio.StreamWriter, bytes], Awaitable[None]], codigo: str
) -> None:
    with pytest.raises(EntregaIncerta) as incerta:
        _once(
            pki,
            responder,
            prazo_s=0.4 if codigo == "REDE-PRAZO" else 5.0,
            prazos=Prazos(resposta_bytes=4_000),
        )
    assert incerta.value.codigo == incerta.value.troca.falha == codigo


@pytest.mark.parametrize(
    ("resposta", "codigo"),
    [
        (http(b"", "403 Proibido"), "REDE-HTTP-403"),
        (http(b"", "404 Nada"), "REDE-HTTP-404"),
        (http(b"", "307 Ali", "Location: https://localhost/"), "REDE-HTTP-307"),
        (http(b"<h1>No required SSL certificate was sent</h1>", "400 Ruim"), "REDE-HTTP-400-CERT"),
    ],
)
def test_statuses_given_instead_of_processing(pki: Pki, resposta: bytes, codigo: str) -> None:
    with pytest.raises(EntregaRecusada) as recusa:
        _once(pki, answering(resposta))
    assert recusa.value.codigo == codigo
    assert recusa.value.troca.http_status == int(codigo.split("-")[2])


def test_fault_with_http_500_is_an_answer(pki: Pki) -> None:
    assert _once(pki, answering(http(b"<Envelope>Fault</Envelope>", "500 Erro"))).troca.http_status == 500


def test_certificate_asked_after_the_request_in_tls13(pki: Pki) -> None:
    contexto = server_context(pki, versao=ssl.TLSVersion.TLSv1_3)
    contexto.verify_mode = ssl.CERT_OPTIONAL
    contexto.post_handshake_auth = True

    async def ask(escritor: asyncio.StreamWriter, _: bytes) -> None:
        escritor.get_extra_info("ssl_object").verify_client_post_handshake()
        escritor.write(http(ENVELOPE))

    assert _once(pki, ask, contexto=contexto).corpo == ENVELOPE


def test_key_never_stays_on_disk(pki: Pki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    contexto_tls.load_client_certificate(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), pki.cliente.pem)
    assert list(tmp_path.iterdir()) == []
    monkeypatch.delattr(os, "memfd_create", raising=False)
    contexto_tls.load_client_certificate(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), pki.cliente.pem)
    assert list(tmp_path.iterdir()) == []


def test_contexts_are_made_once_and_bounded(pki: Pki) -> None:
    contextos = ContextosTls(ca_extra=pki.ca_file, limite=1)
    perfil = profile().profile_of("localhost")
    primeiro = contextos.context(pki.cliente, perfil)
    assert contextos.context(pki.cliente, perfil) is primeiro
    contextos.context(pki.estranho, perfil)
    assert contextos.cached(pki.cliente, perfil) is None
    contextos.forget(pki.estranho.impressao_digital)
    assert contextos.cached(pki.estranho, perfil) is None


def test_unusable_certificate_says_so(pki: Pki) -> None:
    with pytest.raises(CertificadoInvalido) as erro:
        ContextosTls().context(Identidade(b"nada", "x"), profile().profile_of("localhost"))
    assert erro.value.codigo == "CERT-TLS-01"
