"""Messages really sent, to a receiver that judges them as the Standard Webhooks page tells receivers to."""

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from tests.stores.test_entregas import Cena

from chancela.issuing.notificacao import EstadoEntrega, NovoWebhook
from chancela.kit.addresses import parse_networks
from chancela.kit.randomness import SeededRandomness
from chancela.notifications.entrega import PAUSAS_S, Entregador
from chancela.notifications.envio import Carteiro
from chancela.notifications.formatos import show_secret

LOCAL = parse_networks(["127.0.0.1"])
pytestmark = pytest.mark.anyio


@dataclass
class Receptor:
    """Answers with `status` and keeps what came."""

    porta: int = 0
    status: int = 204
    recebidas: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.porta}/aqui"

    async def answer(self, request: web.Request) -> web.Response:
        corpo = await request.read()
        self.recebidas.append(({k.lower(): v for k, v in request.headers.items()}, corpo))
        if self.status == 302:
            return web.Response(status=302, headers={"Location": "http://127.0.0.1/"})
        return web.Response(status=self.status, text="" if self.status == 204 else "não agora")


@asynccontextmanager
async def receiver() -> AsyncIterator[Receptor]:
    receptor = Receptor()
    app = web.Application()
    app.router.add_post("/aqui", receptor.answer)
    corredor = web.AppRunner(app, shutdown_timeout=0.1)
    await corredor.setup()
    await web.TCPSite(corredor, "127.0.0.1", 0).start()
    receptor.porta = corredor.addresses[0][1]
    try:
        yield receptor
    finally:
        await corredor.cleanup()


@pytest.fixture
def cena(url_banco: str) -> Iterator[Cena]:
    cena = Cena(url_banco)
    yield cena
    cena.banco.close()


@pytest.fixture
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as executor:
        yield executor


def courier(cena: Cena, executor: ThreadPoolExecutor, redes=LOCAL) -> Entregador:
    carteiro = Carteiro(cena.clock, redes_permitidas=redes)
    return Entregador(cena.entregas, carteiro, cena.clock, SeededRandomness(1), executor)


def register(cena: Cena, url: str) -> bytes:
    return cena.webhooks.create(NovoWebhook(cena.empresa.integrador_id, cena.empresa.id, url))[1]


async def test_a_receiver_can_prove_what_it_got(cena: Cena, executor: ThreadPoolExecutor) -> None:
    async with receiver() as receptor:
        segredo = register(cena, receptor.url)
        documento_id = cena.issue()
        assert await courier(cena, executor).deliver_due() == 1
    ((cabecalhos, corpo),) = receptor.recebidas
    chave = base64.b64decode(show_secret(segredo).removeprefix("whsec_"))
    assinado = b".".join((cabecalhos["webhook-id"].encode(), cabecalhos["webhook-timestamp"].encode(), corpo))
    esperada = "v1," + base64.b64encode(hmac.new(chave, assinado, hashlib.sha256).digest()).decode()
    assert cabecalhos["webhook-signature"] == esperada
    assert abs(int(cabecalhos["webhook-timestamp"]) - cena.clock.now().timestamp()) < 300
    lido = json.loads(corpo)
    assert lido["type"] == "documento.autorizado"
    assert lido["data"]["uuid"] == documento_id
    assert lido["data"]["company_id"] == f"comp_{cena.empresa.id}"


async def test_failures_come_again_with_the_same_id_and_growing_pauses(
    cena: Cena, executor: ThreadPoolExecutor
) -> None:
    async with receiver() as receptor:
        receptor.status = 500
        register(cena, receptor.url)
        cena.say("a")
        entregador = courier(cena, executor)
        assert await entregador.deliver_due() == 1
        for pausa_s in PAUSAS_S:
            cena.clock.advance(pausa_s - 1)
            assert await entregador.deliver_due() == 0, "not before its pause is over"
            cena.clock.advance(pausa_s * 0.2 + 1)
            assert await entregador.deliver_due() == 1
        cena.clock.advance(10 * 86_400)
        assert await entregador.deliver_due() == 0
        receptor.status = 204
        (morta,) = cena.entregas.list_of(1, cena.dono, limite=9)
        assert morta.estado is EstadoEntrega.MORTA
        assert cena.entregas.resend(morta.id, cena.dono)
        assert await entregador.deliver_due() == 1
    assert len({cabecalhos["webhook-id"] for cabecalhos, _ in receptor.recebidas}) == 1
    assert len(receptor.recebidas) == len(PAUSAS_S) + 2


@pytest.mark.parametrize("status", [302, 400, 404, 503])
async def test_only_2xx_counts_and_nobody_is_followed(
    cena: Cena, executor: ThreadPoolExecutor, status: int
) -> None:
    async with receiver() as receptor:
        receptor.status = status
        register(cena, receptor.url)
        cena.say("a")
        await courier(cena, executor).deliver_due()
    ((_, tentativa),) = cena.entregas.tries_of(1, cena.dono)
    assert (tentativa.status_http, tentativa.aceita) == (status, False)
    assert len(receptor.recebidas) == 1


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:9/", "https://127.0.0.1:9/", "https://169.254.169.254/latest", "http://8.8.8.8/", "https://[::1]/"],
)  # fmt: skip
async def test_nothing_is_sent_inside_nor_in_clear(
    cena: Cena, executor: ThreadPoolExecutor, url: str
) -> None:
    register(cena, url)
    cena.say("a")
    await courier(cena, executor, redes=()).deliver_due()
    ((_, tentativa),) = cena.entregas.tries_of(1, cena.dono)
    assert tentativa.status_http is None
    assert tentativa.erro in ("O endereço não é público.", "O endereço não é HTTPS.")


async def test_a_slow_address_holds_up_no_other(cena: Cena, executor: ThreadPoolExecutor) -> None:
    async with receiver() as receptor:
        register(cena, "https://nome-que-nao-existe.invalid/")
        register(cena, receptor.url)
        cena.say("a")
        assert await courier(cena, executor).deliver_due() == 2
    assert len(receptor.recebidas) == 1
