"""What SEFAZ may do to an answer, on real processes: one sale stays one authorised note, and nothing is resent blindly."""

import pytest
from tests.processos.apoio import Loja

from chancela.kit.clock import SystemClock
from chancela.server.demonstracao import Plataforma, wait_settled

pytestmark = [pytest.mark.processos, pytest.mark.xdist_group("processos")]


@pytest.fixture(scope="module")
def loja(plataforma: Plataforma) -> Loja:
    return Loja(plataforma)


@pytest.mark.parametrize(
    ("tipo", "recepcoes"),
    [
        ("drop_after", 1),
        ("truncated", 1),
        ("drop_before", 1),
        ("html", 1),
        ("http500", 1),
        ("105", 1),
        ("duplicate", 2),
    ],
)
def test_the_note_is_authorised_once_whatever_happens_to_the_answer(
    loja: Loja, tipo: str, recepcoes: int
) -> None:
    antes = {nota["chave"] for nota in loja.ledger()}
    loja.plan_fault(tipo=tipo, servico="NFeAutorizacao4", vezes=1)
    resposta = loja.cliente.post("/api/invoice/create", loja.sale(id=f"FALHA-{tipo}"))
    assert resposta.status == 200, resposta.corpo
    detalhe = wait_settled(loja.cliente, resposta.dados["uuid"], SystemClock()).dados
    assert detalhe["status"] == "Authorized", detalhe
    assert {nota["chave"] for nota in loja.ledger()} - antes == {detalhe["chave"]}
    chegadas = loja.receptions(detalhe["chave"])
    assert len(chegadas) == recepcoes
    assert {chegada["digest"] for chegada in chegadas} == {chegadas[0]["digest"]}, "a retry sent other bytes"


def test_a_protocol_that_proves_nothing_waits_for_a_person(loja: Loja) -> None:
    loja.plan_fault(tipo="sem_digval", servico="NFeAutorizacao4", vezes=1)
    resposta = loja.cliente.post("/api/invoice/create", loja.sale(id="SEM-DIGVAL"))
    assert resposta.corpo["success"] is False
    assert resposta.dados["status"] == "Divergent"
    assert len(loja.receptions(resposta.dados["chave"])) == 1


def test_nobody_answers_and_the_sale_waits(loja: Loja) -> None:
    loja.plan_fault(tipo="refuse", servico="NFeAutorizacao4", vezes=2)
    resposta = loja.cliente.post("/api/invoice/create", loja.sale(id="RECUSA"))
    assert resposta.dados["status"] == "Processing"
    detalhe = wait_settled(loja.cliente, resposta.dados["uuid"], SystemClock()).dados
    assert detalhe["status"] == "Authorized"
    assert len(loja.receptions(detalhe["chave"])) == 1
