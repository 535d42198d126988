"""Five times more callers than the API has places for: some hear 503 and come back, and every sale is authorised once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from tests.processos.apoio import Loja

from chancela.kit.clock import SystemClock, wait
from chancela.server.demonstracao import Plataforma, wait_settled

pytestmark = [pytest.mark.processos, pytest.mark.xdist_group("processos")]

VAGAS = 16
"""`CHANCELA_API_CALLS` and `CHANCELA_API_QUEUE` of this platform, together."""


@pytest.fixture(scope="module")
def loja(plataforma: Plataforma) -> Loja:
    return Loja(plataforma)


def test_nothing_accepted_is_lost_at_five_times_capacity(loja: Loja, plataforma: Plataforma) -> None:
    recusas: Counter[str] = Counter()

    def sell(numero: int) -> str:
        """What a till does: the same call again, when the answer says so. Returns the document's id."""
        while True:
            resposta = loja.cliente.post("/api/invoice/create", loja.sale(id=f"CHEIO-{numero}"))
            if resposta.status != 503:
                assert resposta.status == 200, resposta.corpo
                return resposta.dados["uuid"]
            assert resposta.dados["codigo"] == "HTTP-06"
            recusas[resposta.cabecalhos["retry-after"]] += 1
            wait(int(resposta.cabecalhos["retry-after"]))

    with ThreadPoolExecutor(5 * VAGAS) as clientes:
        vendas = clientes.map(sell, range(5 * VAGAS))
        assert _healthy(plataforma)
        uuids = list(vendas)

    assert sum(recusas.values()) > 0, "the API never was full"
    assert set(recusas) == {"2"}
    assert len(set(uuids)) == 5 * VAGAS
    relogio = SystemClock()
    notas = [wait_settled(loja.cliente, uuid, relogio).dados for uuid in uuids]
    assert {nota["status"] for nota in notas} == {"Authorized"}
    assert sorted(nota["chave"] for nota in notas) == sorted(nota["chave"] for nota in loja.ledger())
    assert sorted(int(nota["number"]) for nota in notas) == list(range(1, 5 * VAGAS + 1))


def _healthy(plataforma: Plataforma) -> bool:
    partes = urlsplit(plataforma.pronto["tffiscal"]["url"])
    assert partes.hostname is not None
    conexao = HTTPConnection(partes.hostname, partes.port, timeout=30)
    try:
        conexao.request("GET", "/healthz")
        return conexao.getresponse().status == 200
    finally:
        conexao.close()
