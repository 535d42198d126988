"""Plans: so many calls a day, told in headers, then 429; the unlimited plan is not even counted."""

from datetime import UTC, datetime

import pytest
from tests.faces.tffiscal.conftest import Face

from chancela.issuing.consumo import PLANOS, month_of, next_day

pytestmark = pytest.mark.anyio
ROTA = "/api/company/get_detail"


async def test_the_hundred_and_first_call_of_the_day_is_refused(face: Face) -> None:
    face.empresas.change_plan(1, "gratuito")
    primeira = await face.empresa.get(ROTA)
    assert primeira.status == 200
    assert (primeira.cabecalhos["x-ratelimit-limit"], primeira.cabecalhos["x-ratelimit-remaining"]) == (
        "100",
        "99",
    )
    # 2026-11-21 12:00 UTC: the next day of Brasília begins at 03:00 UTC of the 22nd
    zera = int(datetime(2026, 11, 22, 3, tzinfo=UTC).timestamp())
    assert primeira.cabecalhos["x-ratelimit-reset"] == str(zera)
    for _ in range(98):
        await face.empresa.get(ROTA)
    centesima = await face.integrador.get("/api/company/get_list", "page=1&page_size=1")
    assert (centesima.status, centesima.cabecalhos["x-ratelimit-remaining"]) == (200, "0")
    recusada = await face.empresa.get(ROTA)
    assert (recusada.status, recusada.codigos) == (429, ["PLANO-01"])
    assert recusada.json["success"] is False
    assert (recusada.cabecalhos["x-ratelimit-remaining"], recusada.cabecalhos["retry-after"]) == (
        "0",
        str(15 * 3600),
    )
    face.clock.advance(15 * 3600)
    assert (await face.empresa.get(ROTA)).status == 200


async def test_an_unlimited_plan_has_no_headers(face: Face) -> None:
    resposta = await face.empresa.get(ROTA)
    assert not [nome for nome in resposta.cabecalhos if nome.startswith("x-ratelimit")]


async def test_calls_that_do_not_authenticate_cost_nothing(face: Face) -> None:
    face.empresas.change_plan(1, "gratuito")
    for _ in range(3):
        await face.empresa.post("/api/category/create", {"x": 1}, timestamp="1")
    resposta = await face.empresa.get(ROTA)
    assert resposta.cabecalhos["x-ratelimit-remaining"] == "99"


async def test_the_plans_of_the_contract() -> None:
    assert list(PLANOS.values()) == [100, 1_000, 10_000, None]


async def test_days_and_months_are_those_of_brasilia() -> None:
    assert next_day(datetime(2026, 1, 1, 2, 59, tzinfo=UTC)) == datetime(2026, 1, 1, 3, tzinfo=UTC)
    assert month_of(2026, 12) == (datetime(2026, 12, 1, 3, tzinfo=UTC), datetime(2027, 1, 1, 3, tzinfo=UTC))
