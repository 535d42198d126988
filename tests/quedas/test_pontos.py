"""A real kill -9 of the real process at every named point: one number, one document, the right protocol, nothing lost.

`test_every_point_has_its_death` holds the list of points and the tests below together.
"""

import http.client
import itertools
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from tests.processos.apoio import Loja, eventually
from tests.processos.test_contingencia import Mercado
from tests.processos.test_distribuicao import Recebedor
from tests.quedas.acumulo import accumulate
from tests.quedas.casa import Casa

from chancela.cli.cliente_tffiscal import Resposta
from chancela.kit.clock import SystemClock
from chancela.kit.quedas import ETAPAS, GRAVACOES, PONTOS, after_commit, before_commit
from chancela.server.demonstracao import wait_settled

pytestmark = [pytest.mark.processos, pytest.mark.xdist_group("quedas")]


def points_of(prefixo: str) -> list[str]:
    """The points whose names begin so, in the order of the work as far as there is one."""
    return [ponto for ponto in PONTOS if ponto.startswith(prefixo)]


DESVIO, ENVIO = points_of("documento_desvio"), points_of("documento_envio")
VENDA = [ponto for ponto in points_of("documento_") if ponto not in DESVIO + ENVIO]
LOTE = ["lote_respondido", "recibo_respondido"]
NO_CAMINHO_DO_LOTE = [*LOTE, *ENVIO, *(p for p in VENDA if p.startswith("documento_resultado"))]
"""The commits of a note that is sent again are those of one that goes in a lot."""
EVENTO, PAGINA = points_of("evento_"), points_of("distribuicao_")
AVISO, ARQUIVO = points_of("webhook_"), [*points_of("exportacao_"), "copia_escrita"]
_vendas = itertools.count(1)


@pytest.fixture(scope="module")
def loja(casa: Casa) -> Loja:
    return Loja(casa.plataforma)


def test_every_point_has_its_death() -> None:
    assert sorted(VENDA + ENVIO + LOTE + DESVIO + EVENTO + PAGINA + AVISO + ARQUIVO) == sorted(PONTOS)
    assert len(PONTOS) == len(ETAPAS) + 2 * len(GRAVACOES)


def die_at(casa: Casa, ponto: str, chamada: Callable[[], object]) -> None:
    """A call of the API that never comes back, and the API that does."""
    casa.arm(ponto)
    with pytest.raises((http.client.HTTPException, OSError)):
        chamada()
    casa.bury("api")


def sell(loja: Loja, referencia: str) -> Resposta:
    return loja.cliente.post("/api/invoice/create", loja.sale(id=referencia))


def sold(loja: Loja) -> dict[str, Any]:
    """A new authorised note."""
    nota = sell(loja, f"PRONTA-{next(_vendas)}").dados
    return wait_settled(loja.cliente, nota["uuid"], SystemClock()).dados


def repeat(loja: Loja, referencia: str) -> dict[str, Any]:
    """What a careful ERP does: ask again with the same id."""
    achado = eventually(lambda: (r := sell(loja, referencia)).status == 200 and r.dados)
    return wait_settled(loja.cliente, achado["uuid"], SystemClock()).dados


@pytest.mark.parametrize("ponto", VENDA)
def test_a_sale(casa: Casa, loja: Loja, ponto: str) -> None:
    antes = {nota["chave"] for nota in loja.ledger()}
    die_at(casa, ponto, lambda: sell(loja, f"QUEDA-{ponto}"))
    detalhe = repeat(loja, f"QUEDA-{ponto}")
    assert detalhe["status"] == "Authorized"
    (nova,) = [nota for nota in loja.ledger() if nota["chave"] not in antes]
    assert nova["chave"] == detalhe["chave"]
    assert casa.documents(loja.cnpj)[nova["chave"]] == (nova["protocolo"], "AUTORIZADO")
    assert len(loja.receptions(nova["chave"])) == 1
    assert nova["numero"] == len(antes) + 1, "a number was skipped or used twice"


@pytest.mark.parametrize("ponto", [*ENVIO, "documento_respondido"])
def test_a_sale_whose_worker_dies_too(casa: Casa, loja: Loja, ponto: str) -> None:
    """The API dies with the note stored and nothing sent, so that it is the worker's; then the worker dies over a new
    attempt, or over the answer to it."""
    antes = {nota["chave"] for nota in loja.ledger()}
    casa.arm(after_commit("documento_numero"))
    casa.arm(ponto)
    with pytest.raises((http.client.HTTPException, OSError)):
        sell(loja, f"DUAS-QUEDAS-{ponto}")
    casa.bury("worker")
    casa.start("api")
    detalhe = repeat(loja, f"DUAS-QUEDAS-{ponto}")
    (nova,) = [nota for nota in loja.ledger() if nota["chave"] not in antes]
    assert nova["chave"] == detalhe["chave"]
    assert casa.documents(loja.cnpj)[nova["chave"]] == (nova["protocolo"], "AUTORIZADO")
    assert len(loja.receptions(nova["chave"])) == 1


@pytest.mark.parametrize(
    "ponto", [p if p in LOTE else pytest.param(p, marks=pytest.mark.longo) for p in NO_CAMINHO_DO_LOTE]
)
def test_a_lot(casa: Casa, ponto: str) -> None:
    """A worker that comes to a backlog dies over its lot; the next one settles each note once."""
    loja = Loja(casa.plataforma)
    casa.kill("worker")
    accumulate(casa, loja, 4, f"LOTE-{ponto}")
    casa.arm(ponto)
    casa.spawn("worker", CHANCELA_LOT_BACKLOG="2")
    casa.bury("worker")
    eventually(lambda: {e for _, e in casa.documents(loja.cnpj).values()} == {"AUTORIZADO"}, prazo_s=90)
    notas = loja.ledger()
    assert sorted(nota["numero"] for nota in notas) == [1, 2, 3, 4]
    assert {nota["chave"]: (nota["protocolo"], "AUTORIZADO") for nota in notas} == casa.documents(loja.cnpj)
    assert {nota["autorizacoes"] for nota in notas} == {1}


def events(loja: Loja, chave: str) -> list[tuple[str, int]]:
    controle = loja.control()
    return [(e["tp_evento"], e["sequencia"]) for e in controle.get("/_simulador/eventos", chave=chave).lista]


@pytest.mark.parametrize("ponto", EVENTO)
def test_a_cancellation(casa: Casa, loja: Loja, ponto: str) -> None:
    nota = sold(loja)
    die_at(casa, ponto, lambda: loja.cliente.post("/api/invoice/cancel", {"uuid": nota["uuid"]}))
    if ponto == before_commit("evento_pedido"):
        assert loja.cliente.post("/api/invoice/cancel", {"uuid": nota["uuid"], "de_novo": 1}).corpo["success"]
    eventually(
        lambda: loja.cliente.get("/api/invoice/get_detail", uuid=nota["uuid"]).dados["status"] == "Canceled"
    )
    assert events(loja, nota["chave"]) == [("110111", 1)]


@pytest.mark.parametrize("ponto", ["evento_respondido", before_commit("evento_resultado")])
def test_a_letter_of_correction(casa: Casa, loja: Loja, ponto: str) -> None:
    nota = sold(loja)
    carta = {"uuid": nota["uuid"], "correcao": "Corrigir o bairro do destinatario"}
    die_at(casa, ponto, lambda: loja.cliente.post("/api/invoice/cce/send", carta))
    lista = eventually(
        lambda: (
            (d := loja.cliente.post("/api/invoice/cce/get_list", {"uuid": nota["uuid"]}).dados)["total"] and d
        )
    )
    assert lista["total"] == 1
    assert events(loja, nota["chave"]) == [("110110", 1)]


@pytest.mark.parametrize("ponto", ["evento_respondido", before_commit("evento_resultado")])
def test_a_range_is_voided(casa: Casa, loja: Loja, ponto: str) -> None:
    numero = int(sold(loja)["number"]) + 1
    faixa = {
        "modelo": "55", "ambiente": "2", "serie": 1, "start_number": numero, "end_number": numero,
        "motivo": "Falha no sistema durante a emissao do lote",
    }  # fmt: skip
    die_at(casa, ponto, lambda: loja.cliente.post("/api/invoice/invalid", faixa))
    de_novo = itertools.count(1)
    pronta = eventually(
        lambda: (
            (r := loja.cliente.post("/api/invoice/invalid", faixa | {"de_novo": next(de_novo)})).dados.get(
                "status"
            )
            == "Voided"
            and r.dados
        )
    )
    (registrada,) = [
        f
        for f in loja.control().get("/_simulador/inutilizacoes", emitente=loja.cnpj).lista
        if f["inicio"] == numero
    ]
    assert registrada["protocolo"] == pronta["protocolo"]
    assert int(sold(loja)["number"]) == numero + 1


def test_captured_pages(casa: Casa) -> None:
    """A death at every point of one capture; whatever was delivered is there once."""
    recebedor = Recebedor(casa.plataforma)
    chaves = recebedor.supply(50 * (len(PAGINA) + 1))
    for ponto in PAGINA:
        eventually(lambda p=ponto: _dies_capturing(casa, recebedor, p))
    eventually(lambda: (f := recebedor.sync(100))["iterations"] and f["pending"] == 0, prazo_s=60)
    assert Counter(item["chave"] for item in recebedor.list_all("resNFe")) == Counter(chaves)


def _dies_capturing(casa: Casa, recebedor: Recebedor, ponto: str) -> bool:
    """Whether the capture came as far: the lease of the last victim has to be freed first."""
    casa.arm(ponto)
    try:
        recebedor.sync(1)
    except (http.client.HTTPException, OSError):
        casa.bury("api")
        return True
    (casa.armadas / ponto).unlink()
    return False


@pytest.mark.parametrize("ponto", DESVIO)
def test_a_receipt_that_goes_into_contingency(casa: Casa, ponto: str) -> None:
    mercado = Mercado(casa.plataforma)
    falha = mercado.start_outage("SP")
    die_at(casa, ponto, lambda: mercado.sell(id="BALCAO"))
    venda = eventually(lambda: (v := mercado.sell(id="BALCAO")).get("uuid") and v)
    mercado.end_outage(falha)
    eventually(lambda: mercado.detail(venda["uuid"])["status"] == "Authorized", prazo_s=60)
    chave = mercado.detail(venda["uuid"])["chave"]
    valem = [n["chave"] for n in mercado.ledger() if n["situacao"] == "autorizada"]
    assert valem == [chave]
    usados = {n["numero"] for n in mercado.ledger()}
    perdidos = set(range(1, max(usados))) - usados
    eventually(lambda: perdidos <= {f["inicio"] for f in mercado.voided()})


class Ouvinte:
    """An address that takes every message, and remembers which."""

    def __init__(self) -> None:
        self.ouvidas: Counter[str] = Counter()
        ouvidas = self.ouvidas

        class Receptor(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                ouvidas[self.headers["webhook-id"]] += 1
                self.send_response(204)
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                pass

        self.servidor = ThreadingHTTPServer(("127.0.0.1", 0), Receptor)
        self.fio = Thread(target=self.servidor.serve_forever, daemon=True)
        self.fio.start()
        self.url = f"http://127.0.0.1:{self.servidor.server_port}/"

    def close(self) -> None:
        self.servidor.shutdown()
        self.servidor.server_close()
        self.fio.join()


def test_messages_to_customers(casa: Casa) -> None:
    """The worker dies at every point of a delivery; each message arrives, at least once."""
    loja, ouvinte = Loja(casa.plataforma), Ouvinte()
    try:
        aviso = loja.cliente.post("/api/webhook/create", {"url": ouvinte.url}).dados["webhook_id"]
        for ponto in AVISO:
            casa.arm(ponto)
            sell(loja, f"AVISO-{ponto}")
            casa.bury("worker")

        def delivered() -> bool:
            entregas = loja.cliente.get("/api/webhook/get_deliveries", webhook_id=aviso).dados["entregas"]
            return [e["estado"] for e in entregas] == ["ENTREGUE"] * len(AVISO)

        eventually(delivered, prazo_s=90)
        assert len(ouvinte.ouvidas) == len(AVISO)
    finally:
        ouvinte.close()


@pytest.mark.longo
def test_files_of_exports_and_copies(casa: Casa, loja: Loja) -> None:
    """The worker dies at every point of an export and of a copy; every file comes, once the minute of the dead one is over."""
    sold(loja)
    empresa = loja.cliente.get("/api/company/get_detail").dados["company_id"]
    pedidas: list[str] = []
    for mes, ponto in enumerate(ARQUIVO[:-1], 1):
        casa.arm(ponto)
        periodo = {"start_date": f"2026-{mes:02}-01", "end_date": "2026-12-31", "format": "csv"}
        pedida = loja.cliente.post("/api/invoice/report/export", {"company_id": empresa, **periodo})
        assert pedida.corpo["success"], pedida.corpo
        pedidas.append(pedida.dados["report_id"])
        casa.bury("worker")
    casa.arm("copia_escrita")
    sold(loja)
    casa.bury("worker")
    for pedida in pedidas:
        eventually(
            lambda p=pedida: loja.cliente.get(f"/api/report/status/{p}").dados["status"] == "completed",
            prazo_s=180,
        )
