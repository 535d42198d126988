"""kill -9 at every named point of the way: one number, one key, the right protocol, no second document at SEFAZ."""

import http.client
from pathlib import Path

import pytest
from tests.processos.apoio import Loja, eventually

from chancela.kit.clock import SystemClock
from chancela.server.demonstracao import Plataforma, wait_settled
from chancela.server.prontidao import read_ready

pytestmark = [pytest.mark.processos, pytest.mark.xdist_group("processos")]

PONTOS = ("apos_numero", "apos_assinatura", "apos_tentativa", "apos_resposta")


@pytest.fixture(scope="module")
def loja(plataforma: Plataforma) -> Loja:
    return Loja(plataforma, "45997418000153")


def _sell_into_crash(loja: Loja, referencia: str) -> None:
    """The caller sees its connection break, as with any power cut."""
    with pytest.raises((http.client.HTTPException, OSError)):
        loja.cliente.post("/api/invoice/create", loja.sale(id=referencia))


def _repeat(loja: Loja, referencia: str) -> dict[str, str]:
    """What a careful ERP does: ask again with the same id, as soon as the API is back."""

    def again() -> dict[str, str] | None:
        try:
            resposta = loja.cliente.post("/api/invoice/create", loja.sale(id=referencia))
        except (http.client.HTTPException, OSError):
            return None
        return resposta.dados if "uuid" in resposta.dados else None

    achado = eventually(again)
    assert achado is not None
    return wait_settled(loja.cliente, achado["uuid"], SystemClock()).dados


@pytest.mark.parametrize("ponto", PONTOS)
def test_api_killed_at_named_point(
    loja: Loja, plataforma: Plataforma, pasta_de_quedas: Path, ponto: str
) -> None:
    antes = loja.ledger()
    morto = read_ready(plataforma.pasta, "api")
    assert morto is not None
    (pasta_de_quedas / ponto).touch()
    _sell_into_crash(loja, f"QUEDA-{ponto}")
    assert not (pasta_de_quedas / ponto).exists(), "the point was not reached"
    eventually(lambda: (read_ready(plataforma.pasta, "api") or morto)["pid"] != morto["pid"])

    detalhe = _repeat(loja, f"QUEDA-{ponto}")

    assert detalhe["status"] == "Authorized"
    novas = [nota for nota in loja.ledger() if nota not in antes]
    assert [nota["chave"] for nota in novas] == [detalhe["chave"]]
    assert int(detalhe["number"]) == len(antes) + 1, "a number was skipped or used twice"


@pytest.mark.parametrize("ponto", PONTOS[1:])
def test_worker_killed_at_named_point(
    loja: Loja, plataforma: Plataforma, pasta_de_quedas: Path, ponto: str
) -> None:
    """The API dies first, so that the document is the worker's; then the worker dies at the point."""
    antes = loja.ledger()
    api = read_ready(plataforma.pasta, "api")
    trabalhador = read_ready(plataforma.pasta, "worker")
    assert api is not None
    assert trabalhador is not None
    (pasta_de_quedas / ponto).touch()
    (pasta_de_quedas / "apos_numero").touch()
    _sell_into_crash(loja, f"WORKER-{ponto}")
    eventually(lambda: not (pasta_de_quedas / ponto).exists())
    eventually(lambda: (read_ready(plataforma.pasta, "worker") or trabalhador)["pid"] != trabalhador["pid"])

    detalhe = _repeat(loja, f"WORKER-{ponto}")

    assert detalhe["status"] == "Authorized"
    novas = [nota for nota in loja.ledger() if nota not in antes]
    assert [nota["chave"] for nota in novas] == [detalhe["chave"]]
    assert int(detalhe["number"]) == len(antes) + 1


def test_answer_lost_after_authorisation(loja: Loja) -> None:
    """The caller is told `Processing`; the document becomes authorised by itself, without a second send."""
    antes = loja.ledger()
    loja.plan_fault(tipo="drop_after", servico="NFeAutorizacao4", vezes=1)
    resposta = loja.cliente.post("/api/invoice/create", loja.sale(id="PERDIDA-1"))
    assert resposta.status == 200
    assert resposta.dados["status"] == "Processing"
    detalhe = wait_settled(loja.cliente, resposta.dados["uuid"], SystemClock()).dados
    assert detalhe["status"] == "Authorized"
    (nova,) = [nota for nota in loja.ledger() if nota not in antes]
    assert nova["chave"] == detalhe["chave"]
    assert len(loja.receptions(detalhe["chave"])) == 1, "the same document was sent twice"
