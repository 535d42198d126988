"""Nobody sends the server inside its own network: every address of the corpus is refused, and nothing is connected to."""

import pytest
from tests.attack.corpo_enderecos import PARA_DENTRO, POR_FORMA
from tests.attack.vigia import untouched

from chancela.faces.tffiscal.empresa.busca import BuscadorHttps
from chancela.faces.tffiscal.erros import FaceErro
from chancela.gateways.destino import DestinoRecusado, check_destino


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def test_the_corpus_is_as_large_as_promised() -> None:
    assert len({*PARA_DENTRO, *(url for url, _ in POR_FORMA)}) >= 100


@pytest.mark.parametrize(("url", "fim"), POR_FORMA)
def test_addresses_refused_by_their_form(url: str, fim: str) -> None:
    with untouched(), pytest.raises(DestinoRecusado) as caught:
        check_destino(url)
    assert caught.value.motivo == fim


@pytest.mark.anyio
@pytest.mark.parametrize("url", PARA_DENTRO)
async def test_addresses_that_lead_inside(url: str) -> None:
    with untouched("socket.connect"), pytest.raises(FaceErro) as caught:
        await BuscadorHttps().fetch(url)
    assert caught.value.codigo in ("CERT-URL-REDE", "CERT-URL-NOME")
    assert caught.value.erros[0].campo == "cert_file"
