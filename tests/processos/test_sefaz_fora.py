"""SEFAZ away for two hours: every receipt is handed over, transmitted inside its deadline, and authorised exactly once.

Processes of their own on a shifted clock: the two hours pass in the time that the sales take.
"""

import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from tests.processos.apoio import eventually
from tests.processos.mercado import Mercado

from chancela.kit.clock import OffsetClock
from chancela.server.demonstracao import Plataforma, running_platform

pytestmark = [pytest.mark.processos, pytest.mark.xdist_group("sefaz_fora")]
DUAS_HORAS_S = 7_200
CAIXAS = 4
_PASSADO_O_CANCELAMENTO_S = 40 * 60
"""An NFC-e is cancelled within 30 minutes of its authorisation (Ajuste SINIEF 19/16, cl. 15)."""


@pytest.fixture(scope="module")
def pasta() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="chancela-fora-", ignore_cleanup_errors=True) as pasta:
        yield Path(pasta)


@pytest.fixture(scope="module")
def relogio(pasta: Path) -> OffsetClock:
    return OffsetClock(pasta / "relogio")


@pytest.fixture(scope="module")
def plataforma(pasta: Path) -> Iterator[Plataforma]:
    ajustes = {
        "CHANCELA_CLOCK_FILE": str(pasta / "relogio"),
        "CHANCELA_CIRCUIT_FAILURES": "1",
        "CHANCELA_SWEEP_S": "1",
        "CHANCELA_LOG_LEVEL": "ERROR",
    }
    with running_platform(pasta, ajustes) as plataforma:
        yield plataforma


class Balcao(Mercado):
    """A shop with several tills, and what SEFAZ and the product say of its receipts afterwards."""

    def serve(self, relogio: OffsetClock, quantas: int) -> list[dict[str, Any]]:
        """Sell `quantas` receipts, evenly over two hours."""
        with ThreadPoolExecutor(CAIXAS) as caixas:
            vendas: list[dict[str, Any]] = []
            for inicio in range(0, quantas, CAIXAS):
                vez = range(inicio, min(inicio + CAIXAS, quantas))
                vendas += caixas.map(self.sell_numbered, vez)
                relogio.advance(DUAS_HORAS_S * len(vez) / quantas)
        return vendas

    def sell_numbered(self, numero: int) -> dict[str, Any]:
        return self.sell(id=f"VENDA-{numero}")

    def authorised(self) -> dict[str, dict[str, Any]]:
        notas = self.controle.get("/_simulador/notas", emitente=self.cnpj, limite=1_000).lista
        return {nota["chave"]: nota for nota in notas if nota["modelo"] == "65"}

    def refusals(self, c_stat: int) -> list[dict[str, Any]]:
        return self.controle.get("/_simulador/diario", c_stat=c_stat).lista


def check_two_hours(balcao: Balcao, relogio: OffsetClock, quantas: int) -> None:
    assert balcao.controle.put("/_simulador/consumo", {"geral": True}).status == 200
    antes = set(balcao.authorised())
    falha = balcao.start_outage("SP")
    vendas = balcao.serve(relogio, quantas)
    offline = [venda for venda in vendas if venda["contingencia"]["tp_emis"] == 9]
    assert len(offline) == quantas
    assert len({venda["chave"] for venda in vendas}) == quantas
    assert set(balcao.authorised()) == antes
    balcao.end_outage(falha)
    relogio.advance(200)
    chaves = {venda["chave"] for venda in vendas}
    eventually(lambda: chaves <= set(balcao.authorised()), prazo_s=600)
    notas = balcao.authorised()
    assert set(notas) - antes == chaves, "none doubled"
    for venda in vendas:
        prazo = datetime.fromisoformat(venda["contingencia"]["transmitir_ate"])
        assert relogio.now() < prazo
        assert len(balcao.receptions(venda["chave"])) == 1
    eventually(
        lambda: all(balcao.detail(venda["uuid"])["contingencia"]["transmitida"] for venda in vendas),
        prazo_s=300,
    )
    assert balcao.refusals(656) == []


def test_sixty_receipts_of_two_hours_without_sefaz(plataforma: Plataforma, relogio: OffsetClock) -> None:
    check_two_hours(Balcao(plataforma, relogio), relogio, 60)


def test_a_doubled_sale_is_undone_by_substitution_when_it_is_too_late_to_cancel(
    plataforma: Plataforma, relogio: OffsetClock
) -> None:
    balcao = Balcao(plataforma, relogio)
    balcao.plan_fault(tipo="drop_after", servico="NFeAutorizacao4", vezes=1)
    falha = balcao.start_outage("SP")
    venda = balcao.sell(id="VENDA-DOBRADA")
    assert venda["contingencia"]["tp_emis"] == 9
    relogio.advance(_PASSADO_O_CANCELAMENTO_S)
    balcao.end_outage(falha)
    relogio.advance(200)
    (original,) = [chave for chave in balcao.authorised() if chave != venda["chave"]]
    (evento,) = eventually(lambda: balcao.events(original))
    assert evento["tp_evento"] == "110112"
    assert balcao.events(venda["chave"]) == []
    eventually(lambda: balcao.detail(venda["uuid"])["status"] == "Authorized")
    situacao = balcao.cliente.post("/api/invoice/consultar_status", {"chave": original}).dados
    assert (situacao["status"], situacao["cstat"]) == ("cancelada", 101)


@pytest.mark.longo
def test_five_hundred_receipts_of_two_hours_without_sefaz(
    plataforma: Plataforma, relogio: OffsetClock
) -> None:
    check_two_hours(Balcao(plataforma, relogio, letras=True), relogio, 500)
