"""`python -m benchmarks.ponta.imersao`: a soak. One integrator, many companies, mixed traffic, and what it leaves behind.

Customers sell, cancel, correct, look up, list, print and report, each call drawn at random; some of the sales are wrong.
Memory is read all the while. At the end nothing may be under way, and SEFAZ's ledger must hold what the platform holds:
the same keys, with the same protocols, authorised or cancelled on both sides.
"""

import argparse
import asyncio
import json
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
from benchmarks.ponta.contas import read_memory_mib
from chancela.server.demonstracao import invoice, receipt
from chancela.stores.embutido import ServidorEmbutido

_AMOSTRAS = 100
"""Readings of memory over the whole time."""
_PESOS = {
    "vender": 40, "cupom": 10, "recusada": 6, "detalhe": 12, "lista": 10, "relatorio": 6, "cancelar": 5, "corrigir": 5,
    "danfe": 2, "resumo": 4,
}  # fmt: skip
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
    """By operation: answers that were no success."""
    vendidas: list[tuple[Emitente, str]] = field(default_factory=list[tuple[Emitente, str]])
    memoria: list[tuple[float, Mapping[str, float]]] = field(default_factory=list)  # pyright: ignore[reportUnknownVariableType]


@dataclass(frozen=True, slots=True)
class Imersao:
    """What a soak left."""

    empresas: int
    segundos: float
    chamadas: Mapping[str, int]
    recusas: Mapping[str, int]
    estados: Mapping[str, int]
    em_andamento: int
    """Documents and requests that were never settled."""
    so_na_sefaz: int
    so_na_plataforma: int
    """Notes that one book has and the other has not, or has otherwise."""
    memoria_mib: Mapping[str, tuple[float, float]]
    """By process: the median of the second quarter of the time, and of the last."""


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
    return Imersao(
        len(cena.emitentes), round(durou, 1), dict(trafego.chamadas), dict(trafego.recusas), estados,
        em_andamento, len(delas - nossas), len(nossas - delas), drift(trafego.memoria, durou),
    )  # fmt: skip


async def _drive(cena: Cena, trafego: Trafego, clientes: int, segundos: float, semente: int) -> None:
    limite = time.perf_counter() + segundos
    async with open_session() as sessao:

        async def customer(vez: int) -> None:
            acaso = Random(semente * 1_000 + vez)
            while time.perf_counter() < limite:
                operacao = acaso.choices(list(_PESOS), list(_PESOS.values()))[0]
                emitente, metodo, rota, dados = _draw(cena, trafego, acaso, operacao, vez)
                resposta = await call(sessao, cena.url, emitente.token, metodo, rota, dados)
                trafego.chamadas[operacao] += 1
                trafego.recusas[operacao] += not resposta.get("success")
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
        rota = {"detalhe": "get_detail", "cancelar": "cancel", "danfe": "get_danfe"}[operacao]
        metodo = "GET" if operacao == "detalhe" else "POST"
        return emitente, metodo, f"/api/invoice/{rota}", {"uuid": uuid}
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


def drift(amostras: Memoria, durou: float) -> Mapping[str, tuple[float, float]]:
    """By process the median of the second quarter of the time, when all is warm, and of the last; MiB."""

    def middle(parte: str, de: float, ate: float) -> float:
        valores = [memoria[parte] for t, memoria in amostras if de * durou <= t < ate * durou]
        return round(median(valores), 1) if valores else float("nan")

    return {parte: (middle(parte, 0.25, 0.5), middle(parte, 0.75, 1.0)) for parte in amostras[0][1]}


def main(argumentos: Sequence[str] | None = None) -> int:
    """Exit code 1 when something was left under way, or the two books differ."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ponta.imersao", description="Imersão.")
    parser.add_argument("--empresas", type=int, default=1_000)
    parser.add_argument("--segundos", type=float, default=600.0)
    parser.add_argument("--clientes", type=int, default=8)
    opcoes = parser.parse_args(argumentos)
    with open_cena(opcoes.empresas) as cena:
        imersao = soak(cena, clientes=opcoes.clientes, segundos=opcoes.segundos)
    print(json.dumps(asdict(imersao), ensure_ascii=False, indent=1))
    return int(bool(imersao.em_andamento or imersao.so_na_sefaz or imersao.so_na_plataforma))


if __name__ == "__main__":
    sys.exit(main())
