"""kill -9 of API, worker, simulator and PostgreSQL at random moments while shops sell and cancel; then every book is compared.

The moments follow the machine, so that no seed replays them; the order of the victims follows the seed. The gate kills each
process once; `make campaign` does the long run and prints its figures (docs/quedas.md keeps those of the last one).
"""

import http.client
import itertools
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from threading import Event
from typing import Any

import pytest
from tests.processos.apoio import Loja
from tests.quedas.balanco import compare, standing_note, wait_until_done
from tests.quedas.casa import Casa

from chancela.kit.clock import SystemClock, wait

pytestmark = [pytest.mark.processos, pytest.mark.xdist_group("quedas")]

_VITIMAS = ("api", "api", "worker", "worker", "simulador", "banco")
_PRAZO_S = 600.0


@dataclass(slots=True)
class Caixa:
    """A till: sells one note after the other and cancels every fifth, each until somebody answers."""

    loja: Loja
    nome: str
    fim: Event
    vendidas: dict[str, str] = field(default_factory=dict[str, str])
    """Document by reference."""
    desfeitas: set[str] = field(default_factory=set[str])

    def work(self) -> None:
        for vez in itertools.count(1):
            if self.fim.is_set():
                return
            referencia = f"{self.nome}-{vez}"
            nota = self._until_answered("/api/invoice/create", self.loja.sale(id=referencia))
            assert nota["uuid"] not in self.vendidas.values()
            self.vendidas[referencia] = nota["uuid"]
            if vez % 5 == 0 and nota["status"] == "Success":
                self._until_answered("/api/invoice/cancel", {"uuid": nota["uuid"]})
                self.desfeitas.add(nota["uuid"])

    def _until_answered(self, caminho: str, corpo: dict[str, Any]) -> dict[str, Any]:
        while True:
            with suppress(OSError, http.client.HTTPException, ValueError):
                resposta = self.loja.cliente.post(caminho, corpo)
                if resposta.status == 200:
                    return resposta.dados
                assert resposta.status in (429, 500, 503), resposta.corpo
            wait(0.2)


def strike(casa: Casa, vitima: str) -> None:
    if vitima == "banco":
        casa.kill_database()
    else:
        casa.kill(vitima)
        casa.start(vitima)


def run(casa: Casa, vitimas: Iterable[str], semente: int) -> None:
    acaso, relogio, fim = Random(semente), SystemClock(), Event()
    loja = Loja(casa.plataforma)
    caixas = [Caixa(loja, f"CX{n}", fim) for n in range(3)]
    inicio, mortes = relogio.monotonic(), Counter[str]()
    with ThreadPoolExecutor(len(caixas)) as fios:
        turnos: list[Future[None]] = [fios.submit(caixa.work) for caixa in caixas]
        try:
            for vitima in vitimas:
                wait(acaso.random() * 1.5)
                strike(casa, vitima)
                mortes[vitima] += 1
        finally:
            fim.set()
        for turno in turnos:
            turno.result()
    vendidas = {uuid for caixa in caixas for uuid in caixa.vendidas.values()}
    desfeitas = {uuid for caixa in caixas for uuid in caixa.desfeitas}
    settle(casa, loja, vendidas, desfeitas)
    figuras = {
        "semente": semente, "quedas": dict(mortes), "notas": len(vendidas), "canceladas": len(desfeitas),
        "segundos": round(relogio.monotonic() - inicio),
    }  # fmt: skip
    print("campanha de quedas:", json.dumps(figuras))


def drawn(quantas: int, semente: int) -> Iterator[str]:
    """Victims in the order of the seed."""
    acaso = Random(semente)
    return (acaso.choice(_VITIMAS) for _ in range(quantas))


def settle(casa: Casa, loja: Loja, vendidas: set[str], desfeitas: set[str]) -> None:
    """Every sale comes to rest and holds one note of its own; then every book is compared, and the archive proved."""
    wait_until_done(casa, loja.cnpj, _PRAZO_S)
    notas = [
        standing_note(loja, uuid, "Canceled" if uuid in desfeitas else "Authorized", _PRAZO_S)
        for uuid in sorted(vendidas)
    ]
    valem = {registro.id: registro.chave for registro in compare(casa, loja.cnpj)}
    assert sorted(nota["uuid"] for nota in notas) == sorted(valem), "a sale without its own note"
    assert all(valem[nota["uuid"]] == nota["chave"] for nota in notas)
    prova = subprocess.run(
        [sys.executable, "-m", "chancela", "verify"], env=casa.ambiente, capture_output=True, check=False
    )
    assert prova.returncode == 0, prova.stderr.decode() + prova.stdout.decode()


def test_each_process_dies_once(casa: Casa) -> None:
    run(casa, ("worker", "banco", "simulador", "api"), semente=1)


@pytest.mark.longo
def test_ten_deaths(casa: Casa) -> None:
    run(casa, drawn(10, semente=1), semente=1)


@pytest.mark.longo
def test_five_hundred_deaths(casa: Casa) -> None:
    quedas = int(os.environ.get("CHANCELA_CAMPANHA_QUEDAS", "500"))
    for semente in range(2, 6):
        run(casa, drawn(quedas // 4, semente), semente)
