"""A customer registers an address through the API, issues, cancels, and is told of both, in order."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from tests.processos.apoio import Loja, eventually

from chancela.server.demonstracao import Plataforma


@contextmanager
def receiver() -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    recebidas: list[tuple[dict[str, str], bytes]] = []

    class Receptor(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            corpo = self.rfile.read(int(self.headers["Content-Length"]))
            recebidas.append(({k.lower(): v for k, v in self.headers.items()}, corpo))
            # the first try of the first message fails: the second message has to wait for its second try
            self.send_response(503 if len(recebidas) == 1 else 204)
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    servidor = ThreadingHTTPServer(("127.0.0.1", 0), Receptor)
    fio = Thread(target=servidor.serve_forever, daemon=True)
    fio.start()
    try:
        yield f"http://127.0.0.1:{servidor.server_port}/", recebidas
    finally:
        servidor.shutdown()
        servidor.server_close()
        fio.join()


def test_a_sale_and_its_cancellation_are_told(plataforma: Plataforma) -> None:
    loja = Loja(plataforma, "33000167000101")
    with receiver() as (url, recebidas):
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
