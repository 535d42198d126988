"""SEFAZ goes away and comes back, on real processes: nobody waits at the counter, nothing is lost, nothing is doubled.

A platform of its own: an outage concerns an authorizer as a whole, and other tests use theirs.
"""

import json
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from tests.processos.apoio import eventually, run_command
from tests.processos.mercado import Mercado
from tests.processos.receptor import receiver

from chancela.server.demonstracao import Plataforma, running_platform

pytestmark = [pytest.mark.processos, pytest.mark.xdist_group("processos")]


@pytest.fixture(scope="module")
def plataforma() -> Iterator[Plataforma]:
    with tempfile.TemporaryDirectory(prefix="chancela-contingencia-", ignore_cleanup_errors=True) as pasta:
        ajustes = {
            "CHANCELA_SWEEP_S": "1",
            "CHANCELA_CIRCUIT_FAILURES": "1",
            "CHANCELA_STATUS_INTERVAL_S": "0.5",
            "CHANCELA_WEBHOOK_NETWORKS": "127.0.0.1",
            "CHANCELA_LOG_LEVEL": "WARNING",
        }
        with running_platform(Path(pasta), ajustes) as plataforma:
            yield plataforma


@pytest.fixture(scope="module")
def mercado(plataforma: Plataforma) -> Mercado:
    return Mercado(plataforma, letras=True)


def test_a_sale_during_an_outage_is_handed_over_at_once_and_travels_later(mercado: Mercado) -> None:
    with receiver() as (url, recebidas):
        criado = mercado.cliente.post("/api/webhook/create", {"url": url})
        venda = sell_during_outage(mercado)

        def told() -> list[str]:
            mensagens = [json.loads(corpo) for _, corpo in recebidas]
            return [m["type"] for m in mensagens if m["data"]["uuid"] == venda]

        eventually(lambda: "documento.autorizado" in told())
        assert told() == ["documento.contingencia", "documento.autorizado"]
        mercado.cliente.post("/api/webhook/delete", {"webhook_id": criado.dados["webhook_id"]})


def sell_during_outage(mercado: Mercado) -> str:
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
    return venda["uuid"]


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


def test_a_note_refused_after_its_epec_is_corrected_under_the_same_key(plataforma: Plataforma) -> None:
    loja = Mercado(plataforma)
    loja.configure("contingencia.nfe=epec")
    loja.switch_svc("SP", 114)
    falha = loja.start_outage("SP")
    nota = loja.note("EPEC-RECUSADA")
    eventually(lambda: [e["tp_evento"] for e in loja.events(nota["chave"])] == ["110140"])
    loja.plan_fault(
        tipo="cstat", servico="NFeAutorizacao4", c_stat=388, motivo="Rejeição: CST de IPI", no_protocolo=True, vezes=1
    )  # fmt: skip
    loja.end_outage(falha)
    eventually(lambda: loja.detail_nfe(nota["uuid"])["status"] == "Rejected")
    venda = loja.sale(id="EPEC-RECUSADA")
    produto = {**venda["products"][0], "unit_price": 151, "total_price": 302}
    pago = [{**venda["pag_info"][0], "payment_value": 302}]
    recusada = loja.cliente.post("/api/invoice/create", {**venda, "products": [produto], "pag_info": pago})
    assert recusada.status == 400, recusada.corpo
    (erro,) = [
        e for e in recusada.dados["erros"] if e["codigo"] == "EPEC-VALOR" and "300.00" in e["mensagem"]
    ]
    assert erro["campo"] == "products"
    corrigido = [{**venda["products"][0], "name": "Produto corrigido"}]
    certa = loja.cliente.post("/api/invoice/create", {**venda, "products": corrigido}).dados
    eventually(lambda: loja.detail_nfe(nota["uuid"])["status"] in ("Success", "Authorized"))
    assert certa["chave"] == nota["chave"]
    assert b"Produto corrigido" in loja.cliente.download(loja.detail_nfe(nota["uuid"])["xml"])
    loja.switch_svc("SP", 107)


def test_the_svc_is_used_by_hand_for_a_state_or_a_company_and_left_by_hand(plataforma: Plataforma) -> None:
    loja = Mercado(plataforma)
    loja.switch_svc("SP", 107)

    def kind() -> int:
        nota = loja.note(f"A-MAO-{loja.count()}")
        assert nota["status"] == "Success", nota
        return nota.get("contingencia", {}).get("tp_emis", 1)

    for ligar, desligar in (
        (
            ("contingencia", "svc", "SP", "--ligar", "Manutenção anunciada"),
            ("contingencia", "svc", "SP", "--desligar"),
        ),
        (
            ("empresa", "configurar", loja.company_id(), "contingencia.nfe=svc_sempre"),
            ("empresa", "configurar", loja.company_id(), "contingencia.nfe="),
        ),
    ):
        assert run_command(plataforma, *ligar, "--json")[0] == 0
        eventually(lambda: kind() == 6)
        assert run_command(plataforma, *desligar, "--json")[0] == 0
        eventually(lambda: kind() == 1)


def test_a_cancellation_and_a_range_wait_for_sefaz_too(plataforma: Plataforma) -> None:
    loja = Mercado(plataforma)
    nota = loja.note("CANCELADA-NA-QUEDA")
    falha = loja.start_outage("SP")
    loja.note("QUEDA-DA-NFE")
    antes = loja.control().get("/_simulador/diario", servico="NFeRecepcaoEvento4", emitente=loja.cnpj).lista
    cancelada = loja.cliente.post("/api/invoice/cancel", {"uuid": nota["uuid"]})
    assert (cancelada.dados["status"], "fora do ar" in cancelada.dados["motivo"]) == ("Processing", True)
    numero = nota["nfe"] + 500
    faixa = {
        "modelo": "55", "ambiente": "2", "serie": 1, "start_number": numero, "end_number": numero,
        "motivo": "Numeros pulados durante a queda",
    }  # fmt: skip
    assert "fora do ar" in loja.cliente.post("/api/invoice/invalid", faixa).dados["motivo"]
    tentados = (
        loja.control().get("/_simulador/diario", servico="NFeRecepcaoEvento4", emitente=loja.cnpj).lista
    )
    assert tentados == antes, "nothing was sent to an authorizer that is known to be down"
    loja.end_outage(falha)
    eventually(lambda: loja.detail_nfe(nota["uuid"])["status"] == "Canceled")
    eventually(lambda: numero in [i["inicio"] for i in loja.voided()])


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
