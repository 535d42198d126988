"""Interleaved rounds and what is read from them: medians, and ratios taken inside each round.

A round runs every lane of a case once, one right after the other and in turning order, so that the drift of a shared
machine hits all of them alike. Ratios are formed within a round first; the median of those is reported.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median, quantiles
from typing import Protocol

from benchmarks.lados.protocolo import Medida


class Medidor(Protocol):
    """A side that can be measured."""

    def measure(self, operacao: str, itens: int, quantas: int) -> Medida: ...


@dataclass(frozen=True, slots=True)
class PorItem:
    """A side measured by the item instead of by the document."""

    lado: Medidor

    def measure(self, operacao: str, itens: int, quantas: int) -> Medida:
        """One round of that many documents, counted in items."""
        medida = self.lado.measure(operacao, itens, quantas)
        return replace(medida, quantas=medida.quantas * itens)


@dataclass(frozen=True, slots=True)
class Plano:
    """How long to look. `rodada_s` is the aim for one lane of one round, in seconds."""

    rodadas: int
    rodada_s: float
    rapido: bool


COMPLETO = Plano(rodadas=9, rodada_s=0.2, rapido=False)
RAPIDO = Plano(rodadas=3, rodada_s=0.08, rapido=True)


@dataclass(frozen=True, slots=True)
class Raia:
    """One line of a case: a name, the side that runs it and the operation."""

    nome: str
    lado: Medidor
    operacao: str
    itens: int


@dataclass(frozen=True, slots=True)
class Razao:
    """This lane's rate over that of `sobre`, by processor time (median and quartiles over the rounds) and by the wall."""

    sobre: str
    cpu: float
    cpu_q1: float
    cpu_q3: float
    parede: float


@dataclass(frozen=True, slots=True)
class Linha:
    """What was measured of one lane. Times are of one operation, in milliseconds; medians over the rounds."""

    banco: str
    caso: str
    raia: str
    por_s_cpu: float
    por_s_parede: float
    usuario_ms: float
    sistema_ms: float
    parede_ms: float
    rodadas: int
    por_rodada: int
    razoes: tuple[Razao, ...] = ()
    nota: str = ""
    p95_ms: float | None = None
    """By the wall, where operations are timed one by one."""


def missing(banco: str, caso: str, raia: str, nota: str) -> Linha:
    """The line of a lane that could not run."""
    return Linha(banco, caso, raia, 0, 0, 0, 0, 0, 0, 0, nota=nota)


def compare(
    banco: str, caso: str, raias: Sequence[Raia], plano: Plano, sobre: Sequence[str] = ()
) -> list[Linha]:
    """Measure the lanes of one case in interleaved rounds; ratios of each over the lanes named in `sobre`."""
    quantas = {raia.nome: _calibrate(raia, plano) for raia in raias}
    rodadas: list[dict[str, Medida]] = []
    for rodada in range(plano.rodadas):
        giro = rodada % len(raias)
        ordem = [*raias[giro:], *raias[:giro]]
        rodadas.append({r.nome: r.lado.measure(r.operacao, r.itens, quantas[r.nome]) for r in ordem})
    return [_summarize(banco, caso, raia.nome, rodadas, sobre) for raia in raias]


def _calibrate(raia: Raia, plano: Plano) -> int:
    """Warm up, and find how many operations fill a round."""
    raia.lado.measure(raia.operacao, raia.itens, 1)
    quantas = 1
    while True:
        medida = raia.lado.measure(raia.operacao, raia.itens, quantas)
        if medida.parede_s >= plano.rodada_s / 4:
            return max(1, round(quantas * plano.rodada_s / medida.parede_s))
        quantas *= 4


def _cpu(medida: Medida) -> float:
    return (medida.usuario_s + medida.sistema_s) / medida.quantas


def _wall(medida: Medida) -> float:
    return medida.parede_s / medida.quantas


def _summarize(
    banco: str, caso: str, nome: str, rodadas: Sequence[dict[str, Medida]], sobre: Sequence[str]
) -> Linha:
    minhas = [rodada[nome] for rodada in rodadas]
    parede = median(map(_wall, minhas))
    return Linha(
        banco,
        caso,
        nome,
        por_s_cpu=1 / median(map(_cpu, minhas)),
        por_s_parede=1 / parede,
        usuario_ms=1e3 * median(m.usuario_s / m.quantas for m in minhas),
        sistema_ms=1e3 * median(m.sistema_s / m.quantas for m in minhas),
        parede_ms=1e3 * parede,
        rodadas=len(rodadas),
        por_rodada=minhas[0].quantas,
        razoes=tuple(_ratio(nome, outra, rodadas) for outra in sobre if outra != nome),
    )


def _ratio(nome: str, outra: str, rodadas: Sequence[dict[str, Medida]]) -> Razao:
    cpu = [_cpu(rodada[outra]) / _cpu(rodada[nome]) for rodada in rodadas]
    q1, _, q3 = quantiles(cpu, n=4, method="inclusive") if len(cpu) > 1 else (cpu[0],) * 3
    return Razao(outra, median(cpu), q1, q3, median(_wall(r[outra]) / _wall(r[nome]) for r in rodadas))
