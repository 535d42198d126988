"""The port that asks for the certificate after the request: programs of every make get through, and faults reach them too."""

import asyncio
import shutil
import ssl
import subprocess
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest
from tests.simulator.amostra import A1, CNPJ, document, envelope, lot, signed, status, values
from tests.simulator.test_servidor import client_context

from chancela.kit.clock import VirtualClock
from chancela.simulator.configuracao import ConfiguracaoSimulador
from chancela.simulator.servidor import Simulador

Teste = Callable[[Simulador, aiohttp.ClientSession], Awaitable[None]]
STATUS = envelope(status(), "NFeStatusServico4")


@pytest.fixture
def em_cena(home: Path, relogio: VirtualClock) -> Callable[[Teste], None]:
    async def play(teste: Teste) -> None:
        simulador = Simulador(ConfiguracaoSimulador(home, porta=0, porta_renegociacao=0), relogio)
        await simulador.start()
        try:
            async with aiohttp.ClientSession() as sessao:
                await teste(simulador, sessao)
        finally:
            await simulador.stop()

    return lambda teste: asyncio.run(play(teste))


def test_the_certificate_comes_with_the_second_handshake(em_cena: Callable[[Teste], None], a1: A1) -> None:
    async def teste(simulador: Simulador, sessao: aiohttp.ClientSession) -> None:
        contexto = client_context(simulador, a1)
        nota = envelope(lot(signed(document(), a1)))
        for servico, corpo, esperado in (
            ("NFeStatusServico4", STATUS, "107"),
            ("NFeAutorizacao4", nota, "104"),
        ):
            async with sessao.post(
                f"{simulador.renegociacao_url}/SP/{servico}", data=corpo, ssl=contexto
            ) as r:
                assert (r.status, values(await r.read(), "cStat")) == (200, [esperado])
        assert [n["emitente"] for n in simulador.sefaz.livro.list_notas({})] == [CNPJ]

    em_cena(teste)


def test_the_first_handshake_asks_for_nothing_and_who_has_none_gets_403(
    em_cena: Callable[[Teste], None],
) -> None:
    async def teste(simulador: Simulador, sessao: aiohttp.ClientSession) -> None:
        contexto = client_context(simulador, None)
        async with sessao.post(
            f"{simulador.renegociacao_url}/SP/NFeStatusServico4", data=STATUS, ssl=contexto
        ) as r:
            assert r.status == 403
        contexto = client_context(simulador, None)
        contexto.minimum_version = ssl.TLSVersion.TLSv1_3
        with pytest.raises(aiohttp.ClientConnectorError):
            await sessao.post(f"{simulador.renegociacao_url}/NFeStatusServico4", data=STATUS, ssl=contexto)

    em_cena(teste)


def test_a_body_in_chunks_and_a_lost_answer(em_cena: Callable[[Teste], None], a1: A1) -> None:
    async def teste(simulador: Simulador, sessao: aiohttp.ClientSession) -> None:
        contexto = client_context(simulador, a1)

        async def pieces() -> object:
            for inicio in range(0, len(STATUS), 100):
                yield STATUS[inicio : inicio + 100]

        async with sessao.post(
            f"{simulador.renegociacao_url}/NFeStatusServico4", data=pieces(), ssl=contexto
        ) as r:
            assert values(await r.read(), "cStat") == ["107"]
        simulador.sefaz.plano.add({"tipo": "drop_after", "vezes": 1})
        with pytest.raises(aiohttp.ClientError):
            await sessao.post(f"{simulador.renegociacao_url}/NFeStatusServico4", data=STATUS, ssl=contexto)
        simulador.sefaz.plano.add({"tipo": "truncated", "vezes": 1})
        async with sessao.post(
            f"{simulador.renegociacao_url}/NFeStatusServico4", data=STATUS, ssl=contexto
        ) as r:
            with pytest.raises(aiohttp.ClientPayloadError):
                await r.read()

    em_cena(teste)


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs the curl command")
def test_curl_gets_through(em_cena: Callable[[Teste], None], a1: A1) -> None:
    async def teste(simulador: Simulador, _sessao: aiohttp.ClientSession) -> None:
        from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
        from cryptography.x509 import load_der_x509_certificate

        pem = load_der_x509_certificate(a1.der).public_bytes(Encoding.PEM)
        pem += a1.chave.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        with tempfile.NamedTemporaryFile() as certificado, tempfile.NamedTemporaryFile() as corpo:
            certificado.write(pem)
            certificado.flush()
            corpo.write(STATUS)
            corpo.flush()
            comando = [
                "curl", "-sS", "--max-time", "20", "--cacert", str(simulador.sefaz.autoridade.ca_file), "--cert", certificado.name,
                "--data-binary", f"@{corpo.name}", f"{simulador.renegociacao_url}/SP/NFeStatusServico4",
            ]  # fmt: skip
            feito = await asyncio.to_thread(subprocess.run, comando, capture_output=True, check=False)
        assert values(feito.stdout, "cStat") == ["107"], feito.stderr

    em_cena(teste)
