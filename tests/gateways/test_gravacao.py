"""A real exchange is written down without its secrets, and the same question gets the same answer with no network."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.gateways.apoio import Identidade

from chancela.domain.identidade import Ambiente, Modelo, Uf
from chancela.gateways.enderecos import packaged_addresses
from chancela.gateways.nfe.gateway import GatewayNfe
from chancela.gateways.soap.cliente import ClienteSoap
from chancela.gateways.soap.contexto_tls import CertificadoCliente
from chancela.gateways.soap.gravacao import TransporteGravado, TransporteGravador, remove_secrets
from chancela.gateways.soap.transporte import Resposta
from chancela.gateways.soap.troca import EntregaIncerta, EntregaRecusada, Troca
from chancela.kit.clock import VirtualClock

AGORA = datetime(2026, 11, 20, 14, tzinfo=UTC)
GRAVADAS = Path(__file__).parent / "gravadas"
QUALQUER = Identidade(b"", "0" * 64)


def ask(pasta: Path) -> GatewayNfe:
    transporte = TransporteGravado(pasta, lambda: AGORA)
    return GatewayNfe(ClienteSoap(transporte), packaged_addresses(), VirtualClock(AGORA))


@pytest.mark.anyio
async def test_a_recorded_status_is_replayed() -> None:
    gateway = ask(GRAVADAS)
    retorno = await gateway.status(
        Uf.SP, ambiente=Ambiente.HOMOLOGACAO, modelo=Modelo.NFE, certificado=QUALQUER
    )
    assert (retorno.c_stat, retorno.espera_s) == (107, 1)


@pytest.mark.anyio
async def test_what_was_never_recorded_is_refused() -> None:
    with pytest.raises(EntregaRecusada) as erro:
        await ask(GRAVADAS).status(
            Uf.RS, ambiente=Ambiente.HOMOLOGACAO, modelo=Modelo.NFE, certificado=QUALQUER
        )
    assert erro.value.codigo == "REDE-SEM-GRAVACAO"


class Roteiro:
    """A transport that answers as it is told to, for the recorder around it."""

    def __init__(self, *passos: bytes | Exception) -> None:
        self._passos = list(passos)

    async def post(
        self,
        url: str,
        corpo: bytes,
        *,
        tipo: str,
        servico: str,
        certificado: CertificadoCliente,
        prazo_s: float | None = None,
    ) -> Resposta:
        passo = self._passos.pop(0)
        if isinstance(passo, Exception):
            raise passo
        return Resposta(passo, Troca(url, servico, AGORA, 1, len(corpo), http_status=200))

    async def close(self) -> None:
        self._passos.clear()


PEDIDO = b"<e><SignatureValue>QUJD</SignatureValue><X509Certificate>MIID</X509Certificate><x>1</x></e>"


@pytest.mark.anyio
async def test_answers_and_failures_come_back_in_their_order(tmp_path: Path) -> None:
    troca = Troca("https://sefaz", "S", AGORA, 1, 2)
    roteiro = Roteiro(EntregaIncerta("REDE-PRAZO", "A SEFAZ não respondeu.", "", troca), b"<ok/>")
    gravador = TransporteGravador(roteiro, tmp_path)
    chamada = {"tipo": "t", "servico": "S", "certificado": QUALQUER}
    with pytest.raises(EntregaIncerta):
        await gravador.post("https://sefaz", PEDIDO, **chamada)  # pyright: ignore
    await gravador.post("https://sefaz", PEDIDO, **chamada)  # pyright: ignore
    gravado = TransporteGravado(tmp_path, lambda: AGORA)
    outra_assinatura = PEDIDO.replace(b"QUJD", b"REVG")
    with pytest.raises(EntregaIncerta) as erro:
        await gravado.post("https://sefaz", outra_assinatura, **chamada)  # pyright: ignore
    assert erro.value.codigo == "REDE-PRAZO"
    for _ in range(2):
        resposta = await gravado.post("https://sefaz", PEDIDO, **chamada)  # pyright: ignore
        assert resposta.corpo == b"<ok/>"


def test_the_secrets_never_reach_the_folder() -> None:
    limpo = remove_secrets(PEDIDO)
    assert b"MIID" not in limpo
    assert b"QUJD" not in limpo
    assert b"<x>1</x>" in limpo
