"""invoice/get_list at the face: filters, dates in every format named, limits, the documented keys."""

from datetime import UTC, datetime

import pytest
from tests.faces.tffiscal.conftest import Face
from tests.faces.tffiscal.exemplos import NOTA_COMPLETA

from chancela.faces.tffiscal.datas import read_instant
from chancela.faces.tffiscal.nota.respostas import STATUS
from chancela.faces.tffiscal.nota.situacoes import SITUACOES
from chancela.issuing.modelo import Estado

ROTA = "/api/invoice/get_list"


@pytest.mark.anyio
async def test_the_printed_answer(face: Face) -> None:
    await face.empresa.post("/api/invoice/create", {**NOTA_COMPLETA, "id": "PEDIDO-9"})
    dados = (await face.empresa.get(ROTA, "page=1&page_size=20&status=Authorized")).data
    assert set(dados) == {"list", "page", "total", "total_pages"}
    assert (dados["page"], dados["total"], dados["total_pages"]) == (1, 1, 1)
    (linha,) = dados["list"]
    assert {chave: type(linha[chave]) for chave in ("uuid", "chave", "status", "create", "issue_time")} == dict.fromkeys(
        ("uuid", "chave", "status", "create", "issue_time"), str
    )  # fmt: skip
    assert (linha["status"], linha["create"], linha["id"]) == (
        "Authorized",
        "2026-11-21T12:00:00Z",
        "PEDIDO-9",
    )
    assert len(linha["chave"]) == 44


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("palavra", "estados"),
    [
        ("Success", {Estado.AUTORIZADO}),
        ("AUTHORIZED", {Estado.AUTORIZADO}),
        ("Canceled", {Estado.CANCELADO}),
        ("Voided", {Estado.INUTILIZADO}),
        ("processing", {Estado.PENDENTE, Estado.ASSINADO, Estado.INCERTO}),
        ("DENIED", {Estado.DENEGADO}),
        ("ALL", set()),
        ("", set()),
    ],
)
async def test_both_families_of_status(face: Face, palavra: str, estados: set[Estado]) -> None:
    await face.empresa.get(ROTA, f"page=1&page_size=20&status={palavra}")
    assert set(face.emissor.filtros[-1].estados) == estados


def test_every_status_that_lists_show_can_be_asked_for() -> None:
    for estado, palavra in STATUS.items():
        assert estado in SITUACOES[palavra.lower()]


@pytest.mark.anyio
async def test_the_period_reaches_the_store(face: Face) -> None:
    await face.empresa.get(
        ROTA, "page=1&page_size=20&start_create_time=1704067200000&end_create_time=1704153599999"
    )
    filtro = face.emissor.filtros[-1]
    assert filtro.desde == datetime(2024, 1, 1, tzinfo=UTC)
    assert filtro.ate == datetime(2024, 1, 1, 23, 59, 59, 999000, tzinfo=UTC)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("consulta", "codigo", "campo"),
    [
        ("page=1", "CAMPO-AUSENTE", "page_size"),
        ("page=0&page_size=20", "CAMPO-PAGINA", "page"),
        ("page=1&page_size=51", "CAMPO-PAGINA", "page_size"),
        ("page=x&page_size=20", "CAMPO-INTEIRO", "page"),
        ("page=1&page_size=20&status=Autorizada", "CAMPO-OPCAO", "status"),
        ("page=1&page_size=20&start_create_time=1704067200000", "CAMPO-PERIODO", "end_create_time"),
        ("page=1&page_size=20&end_create_time=1704067200000", "CAMPO-PERIODO", "start_create_time"),
        ("page=1&page_size=20&start_create_time=2&end_create_time=1", "CAMPO-PERIODO", "end_create_time"),
        (
            "page=1&page_size=20&start_create_time=ontem&end_create_time=1",
            "CAMPO-DATA",
            "start_create_time",
        ),
    ],
)
async def test_refusals(face: Face, consulta: str, codigo: str, campo: str) -> None:
    resposta = await face.empresa.get(ROTA, consulta)
    assert (resposta.status, resposta.codigos, resposta.campos) == (400, [codigo], [campo])
    assert face.emissor.filtros == []


@pytest.mark.parametrize(
    ("texto", "inicio", "fim"),
    [
        ("01/05/2026", "2026-05-01T00:00:00+00:00", "2026-05-01T23:59:59.999000+00:00"),
        ("2026-05-01", "2026-05-01T00:00:00+00:00", "2026-05-01T23:59:59.999000+00:00"),
        ("01/05/2026 10:20:30", "2026-05-01T10:20:30+00:00", "2026-05-01T10:20:30+00:00"),
        ("2026-05-01 10:20:30", "2026-05-01T10:20:30+00:00", "2026-05-01T10:20:30+00:00"),
        ("2026-05-01T10:20:30-03:00", "2026-05-01T13:20:30+00:00", "2026-05-01T13:20:30+00:00"),
        ("2026-05-01T10:20:30Z", "2026-05-01T10:20:30+00:00", "2026-05-01T10:20:30+00:00"),
        (1704067200, "2024-01-01T00:00:00+00:00", "2024-01-01T00:00:00+00:00"),
        ("1704067200123", "2024-01-01T00:00:00.123000+00:00", "2024-01-01T00:00:00.123000+00:00"),
    ],
)
def test_instants(texto: str | int, inicio: str, fim: str) -> None:
    lidos = [read_instant(texto, fim=lado) for lado in (False, True)]
    assert lidos == [datetime.fromisoformat(inicio), datetime.fromisoformat(fim)]


@pytest.mark.parametrize("texto", ["", "32/01/2026", "2026-13-01", "ontem", True, None, "9" * 15, -1, "1.5"])
def test_what_is_no_instant(texto: object) -> None:
    assert read_instant(texto, fim=False) is None
