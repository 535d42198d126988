"""The HTTP surface of the API under requests that no client sends: refused or closed, never a failure, never a trace."""

from urllib.parse import urlsplit

import requests
from tests.api.conftest import Cenario
from tests.attack.corpo_http import exchange, faults, requests_to


def test_no_bytes_break_it(cenario: Cenario) -> None:
    partes = urlsplit(cenario.url)
    assert partes.hostname is not None
    assert partes.port is not None
    casos = list(requests_to("/api/invoice/create"))
    assert len(casos) >= 140
    ruins, respondidas = {}, 0
    for nome, pedido in casos:
        resposta = exchange(partes.hostname, partes.port, pedido)
        respondidas += bool(resposta)
        if faltas := faults(resposta, envelope=True):
            ruins[nome] = faltas
    assert ruins == {}
    assert respondidas > len(casos) // 2, "most are told why"
    assert requests.get(f"{cenario.url}/healthz", timeout=60).status_code == 200
