"""One id from HTTP to SOAP to webhook, over processes: the call that asked is found in everything that came of it."""

import json

import pytest
from tests.processos.apoio import Loja, eventually
from tests.processos.casa_com_log import CasaComLog
from tests.processos.receptor import receiver

from chancela.kit.clock import SystemClock
from chancela.server.demonstracao import wait_settled

pytestmark = [pytest.mark.processos, pytest.mark.xdist_group("processos-log")]


def test_one_id_from_the_call_to_sefaz_to_the_webhook(casa_com_log: CasaComLog) -> None:
    casa = casa_com_log
    loja = Loja(casa.plataforma)
    with receiver() as (url, recebidas):
        assert loja.cliente.post("/api/webhook/create", {"url": url}).status == 200
        # The API finds nobody at SEFAZ: the worker of another process authorises the note later.
        loja.plan_fault(tipo="refuse", servico="NFeAutorizacao4", vezes=1)
        pedida = loja.cliente.post("/api/invoice/create", loja.sale(id="um-id"), pedido_id="loja-1.pedido=42")
        assert pedida.cabecalhos["x-request-id"] == "loja-1.pedido=42"
        assert pedida.dados["status"] == "Processing"
        uuid = pedida.dados["uuid"]
        assert wait_settled(loja.cliente, uuid, SystemClock()).dados["status"] == "Authorized"
        cancelada = loja.cliente.post("/api/invoice/cancel", {"uuid": uuid})
        assert cancelada.corpo["success"], cancelada.corpo
        eventually(lambda: len(recebidas) == 2)

    assert len(casa.lines("chamada", pedido_id="loja-1.pedido=42", rota="/api/invoice/create")) == 1
    trocas = casa.lines("troca_com_sefaz", pedido_id="loja-1.pedido=42")
    assert {(linha["processo"], bool(linha["falha"])) for linha in trocas} >= {
        ("api", True),
        ("worker", False),
    }
    id_cancelamento = cancelada.cabecalhos["x-request-id"]
    assert len(casa.lines("chamada", pedido_id=id_cancelamento)) == 1
    assert casa.lines("troca_com_sefaz", pedido_id=id_cancelamento, processo="api")

    for (cabecalhos, corpo), pedido_id in zip(recebidas, ("loja-1.pedido=42", id_cancelamento), strict=True):
        assert cabecalhos["x-request-id"] == pedido_id
        assert json.loads(corpo)["data"]["pedido_id"] == pedido_id
        eventually(lambda p=pedido_id: casa.lines("webhook_entregue", pedido_id=p, processo="worker"))
