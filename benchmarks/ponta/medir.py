"""One measured period of a platform: documents per second, processor by process, and the latency added to SEFAZ's own."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import quantiles

from benchmarks.ponta.carga import Atendimento, Carga, drive_closed, drive_open
from benchmarks.ponta.cena import Cena
from benchmarks.ponta.contas import PRODUTO, Gasto, read_memory_mib, read_spending

AQUECIMENTO_S = 3.0


@dataclass(frozen=True, slots=True)
class Periodo:
    """What one period cost. Times in milliseconds of one authorised document."""

    caso: str
    documentos: int
    nao_autorizados: int
    por_s: float
    cpu_ms: Mapping[str, float]
    """By process, user and system together."""
    produto_ms: float
    commits: float
    wal_kib: float
    espera_p50_ms: float
    espera_p99_ms: float
    acrescimo_p50_ms: float
    """What the customer waited beyond the time that the simulator itself took for this document."""
    acrescimo_p99_ms: float
    memoria_mib: Mapping[str, float]


def measure_closed(cena: Cena, rota: str, caso: str, *, clientes: int, segundos: float) -> Periodo:
    """Sustained by so many customers, after a warm-up that is not counted."""
    drive_closed(cena, rota, clientes=clientes, segundos=min(AQUECIMENTO_S, segundos))
    antes = read_spending(cena.plataforma.pasta)
    carga = drive_closed(cena, rota, clientes=clientes, segundos=segundos)
    return _summarize(cena, caso, carga, antes)


def measure_open(cena: Cena, rota: str, caso: str, *, por_s: float, segundos: float) -> Periodo:
    """At a fixed pace, the shops' own."""
    antes = read_spending(cena.plataforma.pasta)
    return _summarize(cena, caso, drive_open(cena, rota, por_s=por_s, segundos=segundos), antes)


def _summarize(cena: Cena, caso: str, carga: Carga, antes: Gasto) -> Periodo:
    gasto = read_spending(cena.plataforma.pasta) - antes
    feitos = carga.autorizados
    if not feitos:
        raise RuntimeError(f"{caso}: nenhum documento foi autorizado na resposta")
    cpu_ms = {parte: 1000 * (usuario + sistema) / feitos for parte, (usuario, sistema) in gasto.cpu_s.items()}
    esperas = [atendimento.espera_ms for atendimento in carga.atendimentos if atendimento.chave]
    acrescimos = added_ms(carga.atendimentos, _simulator_ms(cena))
    return Periodo(
        caso=caso,
        documentos=feitos,
        nao_autorizados=len(carga.atendimentos) - feitos,
        por_s=feitos / carga.parede_s,
        cpu_ms=cpu_ms,
        produto_ms=sum(cpu_ms[parte] for parte in PRODUTO),
        commits=gasto.commits / feitos,
        wal_kib=gasto.wal_bytes / feitos / 1024,
        espera_p50_ms=percentile(esperas, 50),
        espera_p99_ms=percentile(esperas, 99),
        acrescimo_p50_ms=percentile(acrescimos, 50),
        acrescimo_p99_ms=percentile(acrescimos, 99),
        memoria_mib=read_memory_mib(cena.plataforma.pasta),
    )


def added_ms(atendimentos: Sequence[Atendimento], proprio_ms: Mapping[str, float]) -> list[float]:
    """Each authorised document's wait less the simulator's own time for its key."""
    return [a.espera_ms - proprio_ms.get(a.chave, 0.0) for a in atendimentos if a.chave]


def percentile(valores: Sequence[float], qual: int) -> float:
    """The `qual`-th percentile; with few values, the nearest that there is."""
    if len(valores) < 2:
        return valores[0] if valores else 0.0
    return quantiles(valores, n=100, method="inclusive")[qual - 1]


def _simulator_ms(cena: Cena) -> Mapping[str, float]:
    """Time inside the simulator by access key, from its journal: every exchange about it, without sockets."""
    conexao = sqlite3.connect(f"file:{cena.livro}?mode=ro", uri=True)
    try:
        linhas = conexao.execute(
            "SELECT chave, sum(duracao_us) / 1000.0 FROM trocas WHERE chave <> '' GROUP BY chave"
        )
        return dict(linhas.fetchall())
    finally:
        conexao.close()
