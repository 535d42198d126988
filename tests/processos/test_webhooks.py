"""A customer registers an address through the API, issues, cancels, and is told of both, in order."""

import base64
import hashlib
import hmac
import json

from tests.processos.apoio import Loja, eventually
from tests.processos.receptor import receiver

from chancela.server.demonstracao import Plataforma


def test_a_sale_and_its_cancellation_are_told(plataforma: Plataforma) -> None:
    loja = Loja(plataforma)
    # the first try of the first message fails: the second message has to wait for its second try
    with receiver(lambda n: 503 if n == 1 else 204) as (url, recebidas):
        criado = loja.cliente.post("/api/webhook/create", {"url": url}).dados
        emitida = loja.cliente.post("/api/invoice/create", loja.sale(id="webhook-1")).dados
        assert emitida["status"] == "Success"
        cancelada = loja.cliente.post("/api/invoice/cancel", {"uuid": emitida["uuid"]})
        assert cancelada.corpo["success"], cancelada.corpo
        eventually(lambda: len(recebidas) == 3)
    tipos = [json.loads(corpo)["type"] for _, corpo in recebidas]
    assert tipos == ["documento.autorizado", "documento.autorizado", "documento.cancelado"]
    segredo = base64.b64decode(criado["segredo"].removeprefix("whsec_"))
    for cabecalhos, corpo in recebidas:
        assinado = f"{cabecalhos['webhook-id']}.{cabecalhos['webhook-timestamp']}.".encode() + corpo
        esperada = base64.b64encode(hmac.new(segredo, assinado, hashlib.sha256).digest()).decode()
        assert cabecalhos["webhook-signature"] == f"v1,{esperada}"
    assert recebidas[0][0]["webhook-id"] == recebidas[1][0]["webhook-id"]
    (aviso, _) = loja.cliente.get("/api/webhook/get_deliveries", webhook_id=criado["webhook_id"]).dados[
        "entregas"
    ]
    assert (aviso["evento"], aviso["estado"]) == ("documento.cancelado", "ENTREGUE")
