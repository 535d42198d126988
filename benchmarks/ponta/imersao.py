"""`python -m benchmarks.ponta.imersao`: a soak. One integrator, many companies, mixed traffic, and what it leaves behind.

Customers sell, cancel, correct, look up, list, print and report, each call drawn at random; some of the sales are wrong.
Every refusal is judged: a sale made wrong on purpose and a letter about a note whose cancellation was asked for are due;
any other is reported with what it said. Memory is read all the while. At the end nothing may be under way, and SEFAZ's
ledger must hold what the platform holds: the same keys, with the same protocols, authorised or cancelled on both sides.
"""

import argparse
import asyncio
import json
import re
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from random import Random
from statistics import median
from typing import Any

import psycopg

from benchmarks.ponta.carga import NFCE, NFE, call, open_session
from benchmarks.ponta.cena import CATEGORIA, Cena, Emitente, open_cena
from benchmarks.ponta.contas import CONEXAO, read_memory_mib
from benchmarks.ponta.memoria import FOLGA, JULGADOS
from chancela.server.demonstracao import invoice, receipt
from chancela.stores.embutido import ServidorEmbutido

_AMOSTRAS = 100
"""Readings of memory over the whole time."""
_PESOS = {
    "vender": 40, "cupom": 10, "recusada": 6, "detalhe": 12, "lista": 10, "relatorio": 6, "cancelar": 5, "corrigir": 5,
    "danfe": 2, "resumo": 4,
}  # fmt: skip
CANCELAR = "/api/invoice/cancel"
_DEPOIS_DE_CANCELAR = ("EVENTO-NAO-AUTORIZADO", "EVENTO-EM-ANDAMENTO")
"""What a correction is told of a note whose cancellation is done, or under way."""
_NUMEROS = re.compile(r"\d{4,}")
_VIVOS = "SELECT count(*) FROM documentos WHERE proxima_acao IS NOT NULL"
_PEDIDOS = "SELECT count(*) FROM solicitacoes WHERE estado IN ('ASSINADA', 'INCERTA')"
_ESTADOS = "SELECT estado, count(*) FROM documentos GROUP BY estado ORDER BY estado"
_NOSSAS = "SELECT chave, protocolo, estado = 'CANCELADO' FROM documentos WHERE estado IN ('AUTORIZADO', 'CANCELADO')"
_DELAS = "SELECT chave, protocolo, situacao = 'cancelada' FROM notas"

Memoria = Sequence[tuple[float, Mapping[str, float]]]
"""MiB by process, with the seconds since the beginning."""


@dataclass
class Trafego:
    """What was asked and how it was answered."""

    chamadas: Counter[str] = field(default_factory=Counter[str])
    recusas: Counter[str] = field(default_factory=Counter[str])
    """By operation and what was said: refusals that were due."""
    inesperadas: Counter[str] = field(default_factory=Counter[str])
    """By operation and what was said: refusals that nothing explains."""
    canceladas: set[str] = field(default_factory=set[str])
    """Notes whose cancellation was asked for, answered or not."""
    vendidas: list[tuple[Emitente, str]] = field(default_factory=list[tuple[Emitente, str]])
    memoria: list[tuple[float, Mapping[str, float]]] = field(default_factory=list)  # pyright: ignore[reportUnknownVariableType]

    def judge(self, operacao: str, uuid: str, resposta: Mapping[str, Any]) -> None:
        """Count an answer; `uuid` is the note that was asked about."""
        self.chamadas[operacao] += 1
        if resposta.get("success"):
            return
        recusa = tell(resposta)
        devida = (
            operacao == "recusada"
            or (
                operacao == "corrigir"
                and uuid in self.canceladas
                and any(r in recusa for r in _DEPOIS_DE_CANCELAR)
            )
            # Two customers asked the very same of the very same note within a second: one signed call, sent twice.
            or (operacao in ("cancelar", "corrigir") and "REPETIDA-01" in recusa)
        )
        (self.recusas if devida else self.inesperadas)[f"{operacao}: {recusa}"] += 1


@dataclass(frozen=True, slots=True)
class Imersao:
    """What a soak left."""

    empresas: int
    segundos: float
    chamadas: Mapping[str, int]
    recusas: Mapping[str, int]
    inesperadas: Mapping[str, int]
    estados: Mapping[str, int]
    em_andamento: int
    """Documents and requests that were never settled."""
    so_na_sefaz: int
    so_na_plataforma: int
    """Notes that one book has and the other has not, or has otherwise."""
    memoria_mib: Mapping[str, tuple[float, float]]
    """By process: the median of the second quarter of the time, and of the last."""
    planas: Mapping[str, bool]
    """Whether what must not grow did not: the two programs, and what belongs to one connection of the database.

    The shared part of PostgreSQL is not judged: its cache fills as pages are read and stops at `shared_buffers`.
    """

    @property
    def passed(self) -> bool:
        """Everything settled, the same in both books, no refusal without a reason."""
        return not (self.em_andamento or self.so_na_sefaz or self.so_na_plataforma or self.inesperadas)


def soak(cena: Cena, *, clientes: int, segundos: float, semente: int = 1) -> Imersao:
    """So many customers at once, for so long; then wait for what is under way."""
    trafego = Trafego()
    inicio = time.perf_counter()
    asyncio.run(_drive(cena, trafego, clientes, segundos, semente))
    durou = time.perf_counter() - inicio
    url = ServidorEmbutido(cena.plataforma.pasta).url
    with psycopg.connect(url, autocommit=True) as conexao:
        em_andamento = _wait_until_settled(conexao)
        estados = {str(estado): int(quantos) for estado, quantos in conexao.execute(_ESTADOS)}
        nossas = {
            (str(chave), str(protocolo), bool(cancelada))
            for chave, protocolo, cancelada in conexao.execute(_NOSSAS)
        }
    delas = _ledger(cena)
    memoria = drift(trafego.memoria, durou)
    return Imersao(
        len(cena.emitentes), round(durou, 1), dict(trafego.chamadas), dict(trafego.recusas),
        dict(trafego.inesperadas), estados, em_andamento, len(delas - nossas), len(nossas - delas), memoria,
        {parte: memoria[parte][1] <= FOLGA * memoria[parte][0] for parte in (*JULGADOS, CONEXAO)},
    )  # fmt: skip


async def _drive(cena: Cena, trafego: Trafego, clientes: int, segundos: float, semente: int) -> None:
    limite = time.perf_counter() + segundos
    async with open_session() as sessao:

        async def customer(vez: int) -> None:
            acaso = Random(semente * 1_000 + vez)
            while time.perf_counter() < limite:
                operacao = acaso.choices(list(_PESOS), list(_PESOS.values()))[0]
                emitente, metodo, rota, dados = _draw(cena, trafego, acaso, operacao, vez)
                uuid = str(dados.get("uuid", ""))
                if rota == CANCELAR:
                    trafego.canceladas.add(uuid)
                resposta = await call(sessao, cena.url, emitente.token, metodo, rota, dados)
                trafego.judge(operacao, uuid, resposta)
                if rota == NFE and resposta.get("success"):
                    trafego.vendidas.append((emitente, str(resposta["data"]["uuid"])))

        async def watch() -> None:
            inicio = time.perf_counter()
            while time.perf_counter() < limite:
                memoria = await asyncio.to_thread(read_memory_mib, cena.plataforma.pasta)
                trafego.memoria.append((time.perf_counter() - inicio, memoria))
                await asyncio.sleep(segundos / _AMOSTRAS)

        await asyncio.gather(watch(), *(customer(vez) for vez in range(clientes)))


def _draw(
    cena: Cena, trafego: Trafego, acaso: Random, operacao: str, vez: int
) -> tuple[Emitente, str, str, dict[str, Any]]:
    """Who asks what. Operations on a note take one that was sold; before the first, they sell."""
    marca = f"IMERSAO-{vez}-{sum(trafego.chamadas.values())}-{acaso.getrandbits(32):08x}"
    hoje = datetime.now(UTC).date()
    if operacao in ("detalhe", "cancelar", "corrigir", "danfe") and trafego.vendidas:
        emitente, uuid = acaso.choice(trafego.vendidas)
        if operacao == "corrigir":
            correcao = {"uuid": uuid, "correcao": "Correção do endereço de entrega da nota"}
            return emitente, "POST", "/api/invoice/cce/send", correcao
        rota = {"detalhe": "/api/invoice/get_detail", "cancelar": CANCELAR, "danfe": "/api/invoice/get_danfe"}[operacao]  # fmt: skip
        return emitente, "GET" if operacao == "detalhe" else "POST", rota, {"uuid": uuid}
    com_nfce = [emitente for emitente in cena.emitentes if emitente.categoria_nfce]
    if operacao == "cupom" and com_nfce:
        emitente = acaso.choice(com_nfce)
        return emitente, "POST", NFCE, receipt(emitente.categoria_nfce, id=marca)
    emitente = acaso.choice(cena.emitentes)
    if operacao == "lista":
        return emitente, "GET", "/api/invoice/get_list", {"page": 1, "page_size": 20}
    if operacao in ("relatorio", "resumo"):
        empresa = {"company_id": emitente.company_id, "ambiente": "2"}
        periodo = {"start_date": f"{hoje:%Y-%m-01}", "end_date": hoje.isoformat()}
        if operacao == "resumo":
            return emitente, "GET", "/api/invoice/report/summary", empresa | {"year": hoje.year}
        return emitente, "GET", "/api/invoice/report", empresa | periodo
    if operacao == "recusada":
        return emitente, "POST", NFE, invoice("NAO-EXISTE", id=marca)
    return emitente, "POST", NFE, invoice(CATEGORIA, id=marca)


def _wait_until_settled(conexao: psycopg.Connection[Any], prazo_s: float = 120.0) -> int:
    limite = time.perf_counter() + prazo_s
    while True:
        restam = 0
        for pergunta in (_VIVOS, _PEDIDOS):
            linha = conexao.execute(pergunta).fetchone()  # pyright: ignore[reportArgumentType] - constants
            assert linha is not None
            restam += int(linha[0])
        if not restam or time.perf_counter() > limite:
            return restam
        time.sleep(1.0)


def _ledger(cena: Cena) -> set[tuple[str, str, bool]]:
    """Every note that the simulator authorised, from its own book."""
    conexao = sqlite3.connect(f"file:{cena.livro}?mode=ro", uri=True)
    try:
        return {
            (str(chave), str(protocolo), bool(cancelada))
            for chave, protocolo, cancelada in conexao.execute(_DELAS)
        }
    finally:
        conexao.close()


def tell(resposta: Mapping[str, Any]) -> str:
    """What an answer said, with its codes; without the numbers of the note, so that equal reasons count together."""
    dados = resposta.get("data") or {}
    codigos = [str(erro.get("codigo")) for erro in dados.get("erros") or []]
    return _NUMEROS.sub("#", " ".join([str(resposta.get("message")), *codigos]))


def drift(amostras: Memoria, durou: float) -> Mapping[str, tuple[float, float]]:
    """By process the median of the second quarter of the time, when all is warm, and of the last; MiB."""

    def middle(parte: str, de: float, ate: float) -> float:
        valores = [memoria[parte] for t, memoria in amostras if de * durou <= t < ate * durou]
        return round(median(valores), 1) if valores else float("nan")

    return {parte: (middle(parte, 0.25, 0.5), middle(parte, 0.75, 1.0)) for parte in amostras[0][1]}


def main(argumentos: Sequence[str] | None = None) -> int:
    """Exit code 1 when something was left under way, the two books differ, or a call was refused without a reason."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ponta.imersao", description="Imersão.")
    parser.add_argument("--empresas", type=int, default=1_000)
    parser.add_argument("--segundos", type=float, default=600.0)
    parser.add_argument("--clientes", type=int, default=8)
    opcoes = parser.parse_args(argumentos)
    with open_cena(opcoes.empresas) as cena:
        imersao = soak(cena, clientes=opcoes.clientes, segundos=opcoes.segundos)
    print(json.dumps(asdict(imersao), ensure_ascii=False, indent=1))
    return int(not imersao.passed)


if __name__ == "__main__":
    sys.exit(main())
