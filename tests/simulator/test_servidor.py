"""The real server over TLS: client certificates, faults of the wire, control API."""

import asyncio
import ssl
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import load_der_x509_certificate
from tests.simulator.amostra import (
    A1,
    AGORA,
    CNPJ,
    SENHA,
    document,
    envelope,
    lot,
    query,
    signed,
    status,
    values,
)

from chancela.kit.clock import VirtualClock
from chancela.simulator.ca import AutoridadeTeste
from chancela.simulator.configuracao import ConfiguracaoSimulador
from chancela.simulator.servidor import Simulador

Teste = Callable[["Cena"], Awaitable[None]]


class Cena:
    """A running simulator and a client of it."""

    def __init__(self, simulador: Simulador, sessao: aiohttp.ClientSession, a1: A1) -> None:
        self.simulador = simulador
        self.sessao = sessao
        self.a1 = a1

    async def post(
        self, corpo: bytes, servico: str = "NFeAutorizacao4", a1: A1 | None = None
    ) -> tuple[int, bytes]:
        contexto = client_context(self.simulador, a1 or self.a1)
        cabecalho = {"Content-Type": "application/soap+xml; charset=utf-8"}
        async with self.sessao.post(
            f"{self.simulador.url}/SP/{servico}", data=corpo, ssl=contexto, headers=cabecalho
        ) as r:
            return r.status, await r.read()

    async def authorise(self, numero: int = 1) -> bytes:
        return (await self.post(envelope(lot(signed(document(numero=numero), self.a1)))))[1]

    async def control(self, metodo: str, caminho: str, dados: Any = None) -> Any:
        async with self.sessao.request(
            metodo, f"{self.simulador.controle_url}/_simulador{caminho}", json=dados
        ) as r:
            return await r.json()


def client_context(simulador: Simulador, a1: A1 | None) -> ssl.SSLContext:
    contexto = ssl.create_default_context(cafile=str(simulador.sefaz.autoridade.ca_file))
    if a1 is not None:
        with tempfile.NamedTemporaryFile() as arquivo:
            pem = load_der_x509_certificate(a1.der).public_bytes(Encoding.PEM)
            arquivo.write(pem + a1.chave.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
            arquivo.flush()
            contexto.load_cert_chain(arquivo.name)
    return contexto


@pytest.fixture
def em_cena(home: Path, relogio: VirtualClock, a1: A1) -> Callable[[Teste], None]:
    async def play(teste: Teste) -> None:
        simulador = Simulador(ConfiguracaoSimulador(home, porta=0, valida_respostas=True), relogio)
        await simulador.start()
        try:
            async with aiohttp.ClientSession() as sessao:
                await teste(Cena(simulador, sessao, a1))
        finally:
            await simulador.stop()

    return lambda teste: asyncio.run(play(teste))


def test_authorises_queries_and_tells_its_status(em_cena: Callable[[Teste], None]) -> None:
    async def teste(cena: Cena) -> None:
        d = document()
        assert values(await cena.authorise(), "cStat") == ["104"]
        _, resposta = await cena.post(
            envelope(query(d["@Id"][3:]), "NFeConsultaProtocolo4"), "nfeconsultaprotocolo4.ASMX"
        )
        assert values(resposta, "cStat", "nProt") == ["100", "135260000000001"]
        _, resposta = await cena.post(envelope(status(), "NFeStatusServico4"), "NFeStatusServico4")
        assert values(resposta, "cStat") == ["107"]
        notas = await cena.control("GET", f"/notas?cnpj={CNPJ}&numero=1")
        assert [(n["recepcoes"], n["autorizacoes"]) for n in notas] == [(1, 1)]

    em_cena(teste)


def test_without_client_certificate_it_is_403(em_cena: Callable[[Teste], None]) -> None:
    async def teste(cena: Cena) -> None:
        contexto = client_context(cena.simulador, None)
        corpo = envelope(status(), "NFeStatusServico4")
        async with cena.sessao.post(f"{cena.simulador.url}/NFeStatusServico4", data=corpo, ssl=contexto) as r:
            assert r.status == 403
        async with cena.sessao.get(f"{cena.simulador.url}/NFeStatusServico4?wsdl", ssl=contexto) as r:
            assert r.status == 200
            assert b"nfeStatusServicoNF" in await r.read()

    em_cena(teste)


@pytest.mark.parametrize(
    ("caso", "esperado"), [("vencido", "281"), ("sem dono", "282"), ("outra AC", "285"), ("revogado", "284")]
)
def test_transmitter_certificate_is_judged(
    em_cena: Callable[[Teste], None], autoridade: AutoridadeTeste, caso: str, esperado: str
) -> None:
    async def teste(cena: Cena) -> None:
        emissora = cena.simulador.sefaz.estranha if caso == "outra AC" else autoridade
        cnpj = None if caso == "sem dono" else CNPJ
        dias = {"vencido": 1}.get(caso, 365)
        inicio = AGORA.replace(year=2025) if caso == "vencido" else None
        pfx = emissora.issue_test_certificate(
            nome="Caso", senha=SENHA, agora=AGORA, cnpj=cnpj, validade_dias=dias, inicio=inicio
        )
        outro = A1.load(pfx)
        if caso == "revogado":
            cena.simulador.sefaz.revoke(outro.der)
        _, resposta = await cena.post(envelope(status(), "NFeStatusServico4"), "NFeStatusServico4", outro)
        assert values(resposta, "cStat") == [esperado]

    em_cena(teste)


def test_drop_after_authorisation_leaves_the_note_in_the_ledger(em_cena: Callable[[Teste], None]) -> None:
    async def teste(cena: Cena) -> None:
        await cena.control(
            "POST", "/falhas", {"tipo": "drop_after", "servico": "NFeAutorizacao4", "vezes": 1}
        )
        with pytest.raises(aiohttp.ClientError):
            await cena.authorise()
        chave = document()["@Id"][3:]
        _, resposta = await cena.post(
            envelope(query(chave), "NFeConsultaProtocolo4"), "NFeConsultaProtocolo4"
        )
        assert values(resposta, "cStat") == ["100"]
        assert values(await cena.authorise(2), "nProt") == ["135260000000002"]
        assert await cena.control("GET", "/falhas") == [
            {**(await cena.control("GET", "/falhas"))[0], "tipo": "drop_after", "vezes": 0}
        ]

    em_cena(teste)


def test_drop_before_and_refuse_leave_nothing(em_cena: Callable[[Teste], None]) -> None:
    async def teste(cena: Cena) -> None:
        for tipo in ("drop_before", "refuse"):
            await cena.control("POST", "/falhas", {"tipo": tipo, "cnpj": CNPJ, "vezes": 1})
            with pytest.raises(aiohttp.ClientError):
                await cena.authorise()
        assert await cena.control("GET", "/notas") == []

    em_cena(teste)


def test_closed_port_refuses_connections_and_opens_again(em_cena: Callable[[Teste], None]) -> None:
    async def teste(cena: Cena) -> None:
        await cena.control("POST", "/falhas", {"tipo": "refuse"})
        async with asyncio.timeout(5):
            while cena.simulador.listening:
                await asyncio.sleep(0.01)
        with pytest.raises(aiohttp.ClientConnectorError):
            await cena.authorise()
        await cena.control("DELETE", "/falhas")
        async with asyncio.timeout(5):
            while not cena.simulador.listening:
                await asyncio.sleep(0.01)
        assert values(await cena.authorise(), "nProt") == ["135260000000001"]

    em_cena(teste)


def test_truncated_html_and_500(em_cena: Callable[[Teste], None]) -> None:
    async def teste(cena: Cena) -> None:
        await cena.control("POST", "/falhas", {"tipo": "truncated", "vezes": 1})
        with pytest.raises(aiohttp.ClientError):
            await cena.authorise()
        assert len(await cena.control("GET", "/notas")) == 1
        await cena.control("POST", "/falhas", {"tipo": "html", "vezes": 1})
        assert (await cena.authorise(2)).startswith(b"<html>")
        await cena.control("POST", "/falhas", {"tipo": "http500", "vezes": 1})
        assert (await cena.post(envelope(status())))[0] == 500
        await cena.control("POST", "/falhas", {"tipo": "delay", "segundos": 0.01, "vezes": 1})
        assert values(await cena.authorise(3), "nProt") == ["135260000000002"]

    em_cena(teste)


def test_control_tells_what_is_wrong_with_a_request(em_cena: Callable[[Teste], None]) -> None:
    async def teste(cena: Cena) -> None:
        assert "tipo de falha desconhecido" in (await cena.control("POST", "/falhas", {"tipo": "x"}))["erro"]
        assert (
            "campos desconhecidos"
            in (await cena.control("POST", "/falhas", {"tipo": "108", "quando": 1}))["erro"]
        )
        assert "fuso" in (await cena.control("PUT", "/relogio", {"agora": "2026-01-01T00:00:00"}))["erro"]
        assert "número inválido" in (await cena.control("GET", "/notas?limite=-1"))["erro"]
        assert (await cena.control("GET", "/notas/" + "1" * 44))["erro"]
        assert (await cena.control("PUT", "/regras/NADA", {"ativa": True}))["erro"]

    em_cena(teste)


def test_control_clock_rules_register_and_reset(em_cena: Callable[[Teste], None]) -> None:
    async def teste(cena: Cena) -> None:
        relogio = await cena.control("PUT", "/relogio", {"parado_em": "2027-02-03T10:00:00-03:00"})
        assert relogio["agora"].startswith("2027-02-03")
        assert (await cena.control("POST", "/relogio", {"avanca_s": 60}))[
            "agora"
        ] == "2027-02-03T13:01:00+00:00"
        await cena.control("PUT", "/relogio", {"segue": True})
        assert (await cena.control("GET", "/relogio"))["offset_s"] == 0
        await cena.control("PUT", "/regras/E04-20", {"ativa": False})
        assert [r["ativa"] for r in await cena.control("GET", "/regras") if r["codigo"] == "E04-20"] == [
            False
        ]
        await cena.control(
            "POST", "/cadastro", {"documento": CNPJ, "uf": "SP", "ie": "1", "nome": "X", "ativa": False}
        )
        assert len((await cena.control("GET", "/cadastro"))["contribuintes"]) == 1
        assert values(await cena.authorise(), "nProt") == [""]
        diario = await cena.control("GET", "/diario?c_stat=781")
        assert diario[0]["etapas"][-1] == ["regras", "1C17-38: 781"]
        await cena.control("PUT", "/svc/SP", {"estado": 114})
        await cena.control("POST", "/reset", {})
        estado = await cena.control("GET", "")
        assert set(estado["livro"].values()) == {0}
        assert values(await cena.authorise(), "nProt") == ["135260000000001"]
        async with cena.sessao.get(
            f"{cena.simulador.controle_url}/_simulador/notas/{document()['@Id'][3:]}"
        ) as r:
            assert await r.text() == signed(document(), cena.a1)
        async with cena.sessao.get(f"{cena.simulador.controle_url}/_simulador/diario/1/pedido") as r:
            assert b"Envelope" in await r.read()

    em_cena(teste)


def test_a_supplier_fills_the_queue_of_a_company(em_cena: Callable[[Teste], None]) -> None:
    async def teste(cena: Cena) -> None:
        feito = await cena.control(
            "POST", "/fornecedor/notas", {"destinatario": CNPJ, "quantidade": 30, "valor": "12.34"}
        )
        assert len(feito["chaves"]) == 30
        fila = await cena.control("GET", f"/distribuicao?cnpj={CNPJ}")
        assert [linha["chave"] for linha in reversed(fila)] == feito["chaves"]
        evento = {"chave": feito["chaves"][0], "tipo": "110111"}
        assert (await cena.control("POST", "/fornecedor/eventos", evento))["c_stat"] == 135
        for errado in (
            {"destinatario": "1"},
            {"destinatario": CNPJ, "quantidade": 0},
            {"destinatario": CNPJ, "valor": "x"},
        ):
            assert "erro" in await cena.control("POST", "/fornecedor/notas", errado)
        assert (await cena.control("PUT", "/consumo", {"geral": True}))["geral"] is True
        assert "erro" in await cena.control("PUT", "/consumo", {"outro": True})

    em_cena(teste)
