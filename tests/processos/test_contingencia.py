"""SEFAZ goes away and comes back, on real processes: nobody waits at the counter, nothing is lost, nothing is doubled.

A platform of its own: an outage concerns an authorizer as a whole, and other tests use theirs.
"""

import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from tests.processos.apoio import eventually
from tests.processos.mercado import Mercado

from chancela.server.demonstracao import Plataforma, running_platform

pytestmark = [pytest.mark.processos, pytest.mark.xdist_group("processos")]


@pytest.fixture(scope="module")
def plataforma() -> Iterator[Plataforma]:
    with tempfile.TemporaryDirectory(prefix="chancela-contingencia-", ignore_cleanup_errors=True) as pasta:
        ajustes = {
            "CHANCELA_SWEEP_S": "1",
            "CHANCELA_CIRCUIT_FAILURES": "1",
            "CHANCELA_STATUS_INTERVAL_S": "0.5",
            "CHANCELA_LOG_LEVEL": "WARNING",
        }
        with running_platform(Path(pasta), ajustes) as plataforma:
            yield plataforma


@pytest.fixture(scope="module")
def mercado(plataforma: Plataforma) -> Mercado:
    return Mercado(plataforma, letras=True)


def test_a_sale_during_an_outage_is_handed_over_at_once_and_travels_later(mercado: Mercado) -> None:
    falha = mercado.start_outage("SP")
    primeira = mercado.sell(id="QUEDA-1")
    venda = mercado.sell(id="QUEDA-2")
    assert venda["status"] == "Processing"
    assert venda["contingencia"]["tipo"] == "offline"
    assert venda["contingencia"]["tp_emis"] == 9
    assert venda["contingencia"]["transmitida"] is False
    papel = PdfReader(BytesIO(mercado.cliente.download(venda["danfe"])))
    texto = " ".join(pagina.extract_text() for pagina in papel.pages).upper()
    assert "CONTING" in texto
    assinado = mercado.cliente.download(venda["xml"])
    assert b"<tpEmis>9</tpEmis>" in assinado
    mercado.end_outage(falha)
    for uuid in (primeira["uuid"], venda["uuid"]):
        eventually(lambda uuid=uuid: mercado.detail(uuid)["status"] in ("Authorized", "Success"))
    assert assinado in mercado.cliente.download(mercado.detail(venda["uuid"])["xml"])
    assert len(mercado.receptions(venda["chave"])) == 1


def test_a_lost_original_is_inutilised_when_sefaz_never_saw_it(mercado: Mercado) -> None:
    falha = mercado.start_outage("SP")
    venda = mercado.sell(id="SEM-DONO")
    assert venda["contingencia"]["tp_emis"] == 9
    original = venda["nfe"] - 1
    mercado.end_outage(falha)
    eventually(lambda: (original, original) in [(i["inicio"], i["fim"]) for i in mercado.voided()])


def test_a_lost_original_is_cancelled_when_sefaz_authorised_it(mercado: Mercado) -> None:
    mercado.plan_fault(tipo="drop_after", servico="NFeAutorizacao4", vezes=1)
    falha = mercado.start_outage("SP")
    venda = mercado.sell(id="AUTORIZADA-SEM-RESPOSTA")
    assert venda["contingencia"]["tp_emis"] == 9
    mercado.end_outage(falha)
    (original,) = [
        n["chave"] for n in mercado.ledger() if n["modelo"] == "65" and n["numero"] == venda["nfe"] - 1
    ]
    eventually(lambda: "110111" in [e["tp_evento"] for e in mercado.events(original)])
    eventually(lambda: mercado.detail(venda["uuid"])["status"] == "Authorized")


def test_an_epec_is_announced_where_the_svc_is_off_and_the_note_follows(plataforma: Plataforma) -> None:
    loja = Mercado(plataforma)
    loja.configure("contingencia.nfe=epec")
    loja.switch_svc("SP", 114)
    loja.plan_fault(tipo="drop_after", servico="NFeRecepcaoEvento4", vezes=1)
    falha = loja.start_outage("SP")
    referencias = [f"EPEC-{n}" for n in range(2)]
    notas = [loja.note(referencia) for referencia in referencias]
    assert [nota["contingencia"]["tipo"] for nota in notas] == ["epec", "epec"]
    chaves = [nota["chave"] for nota in notas]
    for chave in chaves:
        assert chave[34] == "4"
        eventually(lambda chave=chave: [e["tp_evento"] for e in loja.events(chave)] == ["110140"])
    for nota in notas:
        entregue = eventually(lambda nota=nota: loja.detail_nfe(nota["uuid"]).get("danfe", ""))
        assert loja.cliente.download(entregue).startswith(b"%PDF")
        detalhe = loja.detail_nfe(nota["uuid"])
        assert (detalhe["status"], detalhe["contingencia"]["transmitida"]) == ("Processing", False)
    loja.end_outage(falha)
    for nota in notas:
        eventually(lambda nota=nota: loja.detail_nfe(nota["uuid"])["status"] == "Authorized")
    assert set(chaves) <= {n["chave"] for n in loja.ledger()}
    assert [len(loja.receptions(chave)) for chave in chaves] == [1, 1]
    loja.switch_svc("SP", 107)


def test_the_svc_is_entered_on_its_own_word_and_left_by_itself(mercado: Mercado) -> None:
    falha = mercado.start_outage("SP")
    mercado.switch_svc("SP", 107)
    for nota in (mercado.note("SVC-1"), mercado.note("SVC-2")):
        assert (nota["status"], nota["contingencia"]["tipo"], nota["contingencia"]["tp_emis"]) == (
            "Success",
            "svc",
            6,
        )
    mercado.switch_svc("SP", 114)
    eventually(lambda: mercado.note(f"SVC-FORA-{mercado.count()}")["status"] == "Processing")
    mercado.end_outage(falha)
    eventually(lambda: "contingencia" not in mercado.note(f"NORMAL-{mercado.count()}"))
    mercado.switch_svc("SP", 107)
