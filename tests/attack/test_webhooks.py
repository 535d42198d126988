"""A webhook address leads nowhere inside, by its form, by its name, or by a name that changes its mind."""

from collections.abc import Sequence

import pytest
from tests.attack.corpo_enderecos import PARA_DENTRO, POR_FORMA
from tests.attack.vigia import untouched
from tests.processos.receptor import receiver

from chancela.kit.addresses import parse_networks
from chancela.kit.clock import SystemClock
from chancela.notifications.envio import Carteiro
from chancela.notifications.formatos import PedidoWebhook

pytestmark = pytest.mark.anyio
PEDIDO = PedidoWebhook(b"{}", {"Content-Type": "application/json"})


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def public(host: str, porta: int) -> Sequence[str]:
    del host, porta
    return ["93.184.216.34"]


async def test_no_address_of_the_corpus_is_posted_to() -> None:
    carteiro = Carteiro(SystemClock(), resolver=public)
    for url, _ in POR_FORMA:
        with untouched("socket.connect"):
            tentativa = await carteiro.post(url, PEDIDO)
        assert tentativa.status_http is None, url
        assert tentativa.erro.startswith("O endereço"), (url, tentativa.erro)
    carteiro = Carteiro(SystemClock())
    for url in PARA_DENTRO:
        with untouched("socket.connect"):
            tentativa = await carteiro.post(url, PEDIDO)
        assert tentativa.erro.startswith("O endereço"), (url, tentativa.erro)


async def test_a_name_that_changes_between_look_and_connection_changes_nothing() -> None:
    """DNS rebinding: the address that was judged is the one connected to, and the name is asked for once."""
    respostas = [["127.0.0.1"], ["169.254.169.254"], ["10.0.0.1"]]
    perguntas: list[str] = []

    async def fickle(host: str, porta: int) -> Sequence[str]:
        del porta
        perguntas.append(host)
        return respostas[len(perguntas) - 1]

    carteiro = Carteiro(SystemClock(), redes_permitidas=parse_networks(["127.0.0.1"]), resolver=fickle)
    with receiver() as (url, recebidas):
        trocada = url.replace("127.0.0.1", "muda-de-ideia.exemplo.com")
        tentativa = await carteiro.post(trocada, PEDIDO)
        assert (tentativa.status_http, len(recebidas), perguntas) == (204, 1, ["muda-de-ideia.exemplo.com"])
        segunda = await carteiro.post(trocada, PEDIDO)
    assert segunda.erro.startswith("O endereço"), "the next try is judged anew"
