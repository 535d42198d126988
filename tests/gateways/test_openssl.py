"""Hosts that Python's own TLS server cannot imitate, played by `openssl s_server`: renegotiation and DHE only."""

import asyncio
import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from tests.gateways.apoio import Pki, http, profile, transport

from chancela.gateways.soap.transporte import Resposta

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs the openssl command")
ENVELOPE = b"<Envelope/>"


class Servidor:
    """One `s_server` whose words are read as they come."""

    def __init__(self, pki: Pki, *opcoes: str) -> None:
        self._processo = subprocess.Popen(
            ["openssl", "s_server", "-accept", "127.0.0.1:0", "-naccept", "1", "-state",
             "-cert", str(pki.servidor_pem), "-key", str(pki.servidor_pem), "-CAfile", str(pki.ca_file), *opcoes],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, bufsize=0,
        )  # fmt: skip
        self.falas = b""
        self._lido = threading.Condition()
        self._leitor = threading.Thread(target=self._read)
        self._leitor.start()
        self.wait_for(b"ACCEPT", 1)
        self.porta = int(self.falas.split(b"ACCEPT")[1].split()[0].rpartition(b":")[2])

    def _read(self) -> None:
        assert self._processo.stdout is not None
        while pedaco := self._processo.stdout.read(4_096):
            with self._lido:
                self.falas += pedaco
                self._lido.notify_all()

    def wait_for(self, texto: bytes, vezes: int) -> None:
        with self._lido:
            chegou = self._lido.wait_for(lambda: self.falas.count(texto) >= vezes, timeout=10)
        assert chegou, self.falas.decode(errors="replace")

    def say(self, dados: bytes) -> None:
        assert self._processo.stdin is not None
        self._processo.stdin.write(dados)

    def close(self) -> None:
        self._processo.kill()
        self._processo.wait()
        self._leitor.join()
        for tubo in (self._processo.stdin, self._processo.stdout):
            assert tubo is not None
            tubo.close()


@contextmanager
def s_server(pki: Pki, *opcoes: str) -> Iterator[Servidor]:
    servidor = Servidor(pki, *opcoes)
    try:
        yield servidor
    finally:
        servidor.close()


def _ask(pki: Pki, porta: int, cifras: str) -> Resposta:
    async def run() -> Resposta:
        async with transport(pki, perfis=profile(cifras, ssl.TLSVersion.TLSv1_2)) as transporte:
            return await transporte.post(
                f"https://localhost:{porta}/ws", b"<pedido/>", tipo="application/soap+xml", servico="Teste",
                certificado=pki.cliente, prazo_s=10,
            )  # fmt: skip

    return asyncio.run(run())


def test_client_certificate_asked_by_renegotiation_after_the_request(pki: Pki) -> None:
    with s_server(pki, "-tls1_2", "-no_ticket", "-no_cache", "-verify_return_error") as servidor:

        def host() -> None:
            servidor.wait_for(b"<pedido/>", 1)
            assert b"read certificate verify" not in servidor.falas
            servidor.say(b"R\n")
            servidor.wait_for(b"read certificate verify", 1)
            servidor.wait_for(b"write finished", 2)
            servidor.say(http(ENVELOPE))

        fio = threading.Thread(target=host)
        fio.start()
        resposta = _ask(pki, servidor.porta, "aead")
        fio.join()
    assert resposta.corpo == ENVELOPE
    assert resposta.troca.versao_tls == "TLSv1.2"


@pytest.mark.parametrize(
    ("familia", "cifra"),
    [("dhe-gcm", "DHE-RSA-AES256-GCM-SHA384"), ("cbc", "DHE-RSA-AES128-SHA"), ("cbc", "AES256-SHA")],
)
def test_host_with_one_old_suite(pki: Pki, familia: str, cifra: str) -> None:
    with s_server(pki, "-tls1_2", "-cipher", cifra, "-Verify", "1", "-verify_return_error") as servidor:

        def host() -> None:
            servidor.wait_for(b"<pedido/>", 1)
            servidor.say(http(ENVELOPE))

        fio = threading.Thread(target=host)
        fio.start()
        resposta = _ask(pki, servidor.porta, familia)
        fio.join()
    assert (resposta.corpo, resposta.troca.cifra) == (ENVELOPE, cifra)
