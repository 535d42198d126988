"""Customers: so many at once, each sending its next note when the last was answered, or notes at a fixed pace."""

import asyncio
import hashlib
import itertools
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp
from yarl import URL

from benchmarks.ponta.cena import CATEGORIA, Cena, Emitente
from chancela.server.demonstracao import invoice, receipt

NFE, NFCE = "/api/invoice/create", "/api/nfce/create"
_numeros = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Atendimento:
    """One answered note: its key, empty when it was not authorised in the answer, and how long the customer waited."""

    chave: str
    espera_ms: float


@dataclass(frozen=True, slots=True)
class Carga:
    """What was sent in a period, by the wall clock of the customers."""

    atendimentos: Sequence[Atendimento]
    parede_s: float

    @property
    def autorizados(self) -> int:
        """Notes whose first answer was the authorisation."""
        return sum(1 for atendimento in self.atendimentos if atendimento.chave)


def drive_closed(cena: Cena, rota: str, *, clientes: int, segundos: float) -> Carga:
    """`clientes` customers, each with one note under way, for so long; notes under way at the end are waited for."""

    async def run() -> Carga:
        async with open_session() as sessao:
            inicio = time.perf_counter()
            feitos: list[Atendimento] = []

            async def customer(vez: int) -> None:
                emitentes = _turns(cena, rota, vez, clientes)
                while time.perf_counter() - inicio < segundos:
                    feitos.append(await _send(sessao, cena.url, rota, next(emitentes)))

            await asyncio.gather(*(customer(vez) for vez in range(clientes)))
            return Carga(feitos, time.perf_counter() - inicio)

    return asyncio.run(run())


def drive_open(cena: Cena, rota: str, *, por_s: float, segundos: float) -> Carga:
    """A note every 1/`por_s` seconds, whatever became of those before: waiting is not hidden by waiting customers."""

    async def run() -> Carga:
        async with open_session() as sessao:
            inicio = time.perf_counter()
            emitentes = _turns(cena, rota, 0, 1)
            tarefas: list[asyncio.Task[Atendimento]] = []
            for indice in range(max(1, round(por_s * segundos))):
                await asyncio.sleep(max(0.0, inicio + indice / por_s - time.perf_counter()))
                tarefas.append(asyncio.create_task(_send(sessao, cena.url, rota, next(emitentes))))
            feitos = await asyncio.gather(*tarefas)
            return Carga(feitos, time.perf_counter() - inicio)

    return asyncio.run(run())


def open_session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=120)
    )


def _turns(cena: Cena, rota: str, vez: int, clientes: int) -> Iterator[Emitente]:
    """Companies in turn; customers begin at different ones."""
    emitentes = [e for e in cena.emitentes if rota == NFE or e.categoria_nfce]
    inicio = vez * len(emitentes) // clientes
    return itertools.cycle([*emitentes[inicio:], *emitentes[:inicio]])


async def call(
    sessao: aiohttp.ClientSession, url: str, token: str, metodo: str, rota: str, dados: Mapping[str, Any]
) -> dict[str, Any]:
    """A signed call, and the envelope of its answer."""
    if metodo == "GET" and dados:
        rota += "?" + urlencode(dados)
    corpo = b"" if metodo == "GET" else json.dumps(dados, ensure_ascii=False).encode()
    marca = str(int(time.time()))
    assinatura = hashlib.md5(token.encode() + rota.encode() + corpo + marca.encode()).hexdigest()
    cabecalhos = {
        "token": token,
        "timestamp": marca,
        "sign": assinatura,
        "Content-Type": "application/json",
    }
    endereco = URL(url + rota, encoded=True)
    async with sessao.request(metodo, endereco, data=corpo or None, headers=cabecalhos) as resposta:
        return json.loads(await resposta.read())


async def _send(sessao: aiohttp.ClientSession, url: str, rota: str, emitente: Emitente) -> Atendimento:
    numero = next(_numeros)
    nota = (
        invoice(CATEGORIA, id=f"PROVA-{numero}")
        if rota == NFE
        else receipt(emitente.categoria_nfce, id=f"CUPOM-{numero}")
    )
    inicio = time.perf_counter()
    conteudo = await call(sessao, url, emitente.token, "POST", rota, nota)
    espera_ms = (time.perf_counter() - inicio) * 1000
    dados = conteudo.get("data") or {}
    return Atendimento(str(dados.get("chave") or "") if dados.get("status") == "Success" else "", espera_ms)
