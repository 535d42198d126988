"""Everything goes down with sales still to be transmitted, and comes up again: the API serves, and all of them are settled."""

import json

import pytest
from tests.processos.apoio import Loja, eventually
from tests.quedas.acumulo import accumulate
from tests.quedas.balanco import compare, wait_until_done
from tests.quedas.casa import Casa

from chancela.kit.clock import SystemClock

pytestmark = [pytest.mark.processos, pytest.mark.xdist_group("quedas")]


def come_back(casa: Casa, quantas: int, prazo_s: float) -> float:
    """Down, with work left; up, until all of it is done. How long the API took to serve."""
    loja, relogio = Loja(casa.plataforma), SystemClock()
    for nome in ("api", "worker", "simulador"):
        casa.kill(nome)
    accumulate(casa, loja, quantas)
    inicio = relogio.monotonic()
    for nome in ("simulador", "worker", "api"):
        casa.spawn(nome)
    eventually(lambda: casa.ready("api"), prazo_s=prazo_s)
    assert loja.cliente.get("/api/category/get_detail", category_id=loja.categoria).status == 200
    serve_s = relogio.monotonic() - inicio
    wait_until_done(casa, loja.cnpj, prazo_s=prazo_s)
    assert [nota.estado for nota in compare(casa, loja.cnpj)] == ["AUTORIZADO"] * quantas
    figuras = {
        "pendentes": quantas,
        "serve_s": round(serve_s, 1),
        "todas_em_s": round(relogio.monotonic() - inicio),
    }
    print("volta:", json.dumps(figuras))
    return serve_s


def test_pending_sales_are_settled_after_a_restart(casa: Casa) -> None:
    come_back(casa, 100, prazo_s=240)


@pytest.mark.longo
def test_ten_thousand_pending_sales(casa: Casa) -> None:
    assert come_back(casa, 10_000, prazo_s=1_800) < 5.0
