"""What `/metrics` shows: the tables as they are, calls by route, exchanges by result; and what it never shows."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.responses import Response
from tests.faces.tffiscal.cliente import call
from tests.stores.fabrica import companies, new_document, outcome, plan, signed

from chancela.gateways.soap.troca import Troca
from chancela.issuing.modelo import Estado
from chancela.kit.addresses import parse_networks
from chancela.kit.clock import VirtualClock
from chancela.server.metricas import ChamadasMedidas, Metricas, may_read
from chancela.server.vagas import Vagas
from chancela.stores.conexao import Banco
from chancela.stores.documentos import DocumentosPg
from chancela.stores.paradas import ParadasPg
from chancela.stores.situacao import SituacaoPg

RAIZ = Path(__file__).parents[2]
AGORA = datetime(2026, 11, 27, 12, tzinfo=UTC)
TROCA = Troca("https://nfe.exemplo.gov.br/ws/x", "NFeAutorizacao4", AGORA, 120, 10)
Sql = Callable[..., list[tuple[object, ...]]]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def figures(metricas: Metricas) -> dict[str, float]:
    linhas = metricas.render().decode().splitlines()
    return {nome: float(v) for nome, _, v in (linha.rpartition(" ") for linha in linhas if linha[0] != "#")}


def test_the_tables_are_shown_as_they_are(banco: Banco, superusuario: Sql) -> None:
    empresas = companies(banco, 2)
    documentos = DocumentosPg(banco)
    metricas, relogio = Metricas(), VirtualClock(AGORA)
    metricas.watch_tables(SituacaoPg(banco), relogio)
    assert figures(metricas)["chancela_documentos_atraso_segundos"] == 0
    documentos.admit(new_document(empresas[0]), dono=None, prazo_s=60)
    concessao = documentos.admit(new_document(empresas[1]), dono="a", prazo_s=60).concessao
    assert concessao is not None
    (tentativa,) = documentos.begin([plan(concessao, signed())])
    documentos.settle([outcome(concessao, Estado.DIVERGENTE, tentativa)])
    superusuario("UPDATE documentos SET proxima_acao = now() - interval '90 s' WHERE estado = 'PENDENTE'")
    superusuario(
        "UPDATE certificados SET fim = now() + interval '10 days' WHERE empresa_id = %s", empresas[0].id
    )
    ParadasPg(banco).stop(empresas[1].id, "conferência", "teste")
    assert figures(metricas)["chancela_documentos_divergentes"] == 0, "one look serves for some seconds"
    relogio.advance(6)
    vistas = figures(metricas)
    assert vistas['chancela_documentos_vivos{estado="PENDENTE"}'] == 1
    assert 90 <= vistas["chancela_documentos_atraso_segundos"] < 200
    assert vistas["chancela_documentos_divergentes"] == 1
    assert vistas["chancela_certificados_a_vencer"] == 1
    assert vistas["chancela_certificados_vencidos"] == 1
    assert vistas["chancela_emissao_paradas"] == 1
    assert vistas["chancela_banco_conexoes"] >= 1


@pytest.mark.anyio
async def test_calls_are_counted_by_route_and_strangers_paths_are_one() -> None:
    app = FastAPI()

    @app.get("/api/{documento}/xml")
    async def fetch(documento: str) -> Response:
        return Response(documento)

    metricas, relogio = Metricas(), VirtualClock(AGORA)
    app.add_middleware(ChamadasMedidas, metricas=metricas, clock=relogio)
    for caminho in ("/api/1/xml", "/api/2/xml", "/nada/a", "/nada/b"):
        await call(app, "GET", caminho)
    vistas = figures(metricas)
    assert vistas['chancela_http_chamadas_total{rota="/api/{documento}/xml",status="200"}'] == 2
    assert vistas['chancela_http_chamadas_total{rota="desconhecida",status="404"}'] == 2


def test_exchanges_are_counted_by_what_came_of_them() -> None:
    metricas = Metricas()
    metricas.note_exchange(TROCA)
    metricas.note_exchange(Troca(TROCA.url, TROCA.servico, AGORA, 30_000, 10, falha="REDE-PRAZO"))
    vistas = figures(metricas)
    comum = 'host="nfe.exemplo.gov.br"'
    assert (
        vistas[f'chancela_sefaz_trocas_total{{{comum},resultado="respondida",servico="NFeAutorizacao4"}}']
        == 1
    )
    assert (
        vistas[f'chancela_sefaz_trocas_total{{{comum},resultado="REDE-PRAZO",servico="NFeAutorizacao4"}}']
        == 1
    )
    assert vistas[f'chancela_sefaz_duracao_segundos_sum{{{comum},servico="NFeAutorizacao4"}}'] == 30.12


def test_the_panel_and_the_page_speak_of_figures_that_exist(banco: Banco) -> None:
    metricas = Metricas()
    metricas.watch_tables(SituacaoPg(banco), VirtualClock(AGORA))
    metricas.watch_calls(Vagas(1, 1))
    metricas.note_exchange(TROCA)
    metricas.note_call("/api/x", 200, 0.1)
    existem = set(re.findall(r"^# TYPE (\S+)", metricas.render().decode(), re.M))
    painel = json.loads((RAIZ / "docs" / "painel-grafana.json").read_text())
    usadas = {
        nome
        for quadro in painel["panels"]
        for alvo in quadro["targets"]
        for nome in re.findall(r"(?:chancela|process)_\w+", alvo["expr"])
    }
    descritas = set(re.findall(r"^\| `(chancela_\w+)`", (RAIZ / "docs" / "operacao.md").read_text(), re.M))
    assert {nome.removesuffix("_bucket") for nome in usadas} <= existem
    assert descritas == {
        nome for nome in existem if nome.startswith("chancela_") and not nome.endswith("_created")
    }


@pytest.mark.parametrize(
    ("cliente", "pode"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("10.1.2.3", True),
        ("10.2.0.1", False),
        ("8.8.8.8", False),
        ("testclient", False),
        (None, False),
    ],
)
def test_the_figures_are_for_the_machine_and_for_named_networks(cliente: str | None, pode: bool) -> None:
    assert may_read(cliente, parse_networks(["10.1.0.0/16"])) is pode
