"""The gateway against the simulator over real mutual TLS: what is sent is judged by eyes that are not ours."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.documents.nfe.fabrica import CNPJ, DESTINATARIO, identificar, nfe

from chancela.documents.nfe.layout import build_infnfe, compose_nfe, compose_nfeproc
from chancela.documents.nfe.modelo import TEXTO_HOMOLOGACAO_DESTINATARIO
from chancela.domain.assinatura.certificado import Certificado, load_pkcs12
from chancela.domain.assinatura.perfil import sign, verify
from chancela.domain.identidade import Ambiente, Modelo, Uf
from chancela.domain.xml.esquemas import Esquema, Esquemas
from chancela.gateways.enderecos import packaged_addresses
from chancela.gateways.nfe.gateway import GatewayNfe, compose_envi_nfe
from chancela.gateways.soap.cliente import ClienteSoap
from chancela.gateways.soap.contexto_tls import ContextosTls
from chancela.gateways.soap.perfis_tls import packaged_profiles
from chancela.gateways.soap.transporte import Prazos, TransporteSoap
from chancela.gateways.soap.troca import EntregaIncerta, EntregaRecusada, Troca
from chancela.kit.clock import VirtualClock
from chancela.simulator.ca import AutoridadeTeste
from chancela.simulator.configuracao import ConfiguracaoSimulador
from chancela.simulator.servidor import Simulador

AGORA = datetime(2026, 11, 20, 14, tzinfo=UTC)
AO_REDOR_DA_NOTA = 500
"""Bytes of envelope and lot."""
LUGAR = {"uf": Uf.SP, "ambiente": Ambiente.HOMOLOGACAO, "modelo": Modelo.NFE}


@pytest.fixture(scope="session")
def autoridade(tmp_path_factory: pytest.TempPathFactory) -> AutoridadeTeste:
    return AutoridadeTeste.open(tmp_path_factory.mktemp("casa") / "simulador")


@pytest.fixture(scope="session")
def certificado(autoridade: AutoridadeTeste) -> Certificado:
    pfx = autoridade.issue_test_certificate(nome="COMERCIO MODELO", senha="s", agora=AGORA, cnpj=str(CNPJ))
    return load_pkcs12(pfx, "s", agora=AGORA)


@dataclass
class Cena:
    """A running simulator and a gateway pointed at it."""

    simulador: Simulador
    gateway: GatewayNfe
    certificado: Certificado

    def sign(self, numero: int) -> tuple[bytes, str, str]:
        documento = nfe(destinatario=replace(DESTINATARIO, nome=TEXTO_HOMOLOGACAO_DESTINATARIO))
        identificacao = identificar(documento, numero=numero)
        canonico = build_infnfe(documento, identificacao)
        assinatura = sign(canonico, f"NFe{identificacao.chave}", self.certificado)
        return compose_nfe(canonico, None, assinatura.xml), str(identificacao.chave), assinatura.digest_value

    async def authorise(self, nota: bytes):
        return await self.gateway.authorise(nota, certificado=self.certificado, id_lote="1", **LUGAR)

    def fault(self, tipo: str, **mais: object) -> None:
        self.simulador.sefaz.plano.add({"tipo": tipo, "vezes": 1, **mais})


Play = Callable[[Callable[[Cena], Awaitable[None]]], None]


@pytest.fixture
def play(autoridade: AutoridadeTeste, certificado: Certificado, tmp_path: Path) -> Play:
    async def run(teste: Callable[[Cena], Awaitable[None]]) -> None:
        relogio = VirtualClock(AGORA)
        (tmp_path / "simulador").mkdir()
        for arquivo in autoridade.pasta.iterdir():
            if arquivo.is_file() and arquivo.suffix in (".pem", ".key"):
                (tmp_path / "simulador" / arquivo.name).symlink_to(arquivo)
        simulador = Simulador(ConfiguracaoSimulador(tmp_path, porta=0, valida_respostas=True), relogio)
        await simulador.start()
        transporte = TransporteSoap(
            clock=relogio,
            contextos=ContextosTls(ca_extra=autoridade.ca_file),
            perfis=packaged_profiles(),
            prazos=Prazos(total_s=10, ociosa_s=600),  # a busy machine may leave a connection idle for long
        )
        gateway = GatewayNfe(ClienteSoap(transporte), packaged_addresses(simulador.url), relogio)
        try:
            await teste(Cena(simulador, gateway, certificado))
        finally:
            await transporte.close()
            await simulador.stop()

    return lambda teste: asyncio.run(run(teste))


def test_many_notes_share_their_handshakes_and_carry_little_besides_themselves(play: Play) -> None:
    """Counts that no machine changes: connections opened, and bytes around a note."""

    async def teste(cena: Cena) -> None:
        notas = [cena.sign(numero)[0] for numero in range(1, 41)]
        trocas: list[Troca] = []
        for inicio in range(0, len(notas), 20):
            juntas = notas[inicio : inicio + 20]
            retornos = await asyncio.gather(*(cena.authorise(nota) for nota in juntas))
            trocas += [retorno.troca for retorno in retornos if retorno.troca is not None]
            assert all(
                troca.bytes_enviados <= len(nota) + AO_REDOR_DA_NOTA
                for troca, nota in zip(trocas[inicio:], juntas, strict=True)
            )
        assert len(trocas) == len(notas)
        apertos = sum(not troca.conexao_reaproveitada for troca in trocas)
        assert 1 <= apertos <= Prazos().conexoes_por_host

    play(teste)


def test_authorised_queried_and_proved(play: Play) -> None:
    async def teste(cena: Cena) -> None:
        nota, chave, digest_value = cena.sign(1)
        retorno = await cena.authorise(nota)
        assert (retorno.c_stat, retorno.recibo) == (104, None)
        protocolo = retorno.protocolo
        assert protocolo is not None, retorno
        assert (protocolo.c_stat, protocolo.chave, protocolo.digest_value) == (100, chave, digest_value), (
            protocolo
        )
        assert protocolo.n_prot
        assert retorno.troca is not None
        assert retorno.troca.http_status == 200

        proc = compose_nfeproc(nota, protocolo.xml)
        assert Esquemas().validate(Esquema.PROC_NFE, proc) == ()
        assert verify(nota, tag="infNFe").digest_value == digest_value
        assert nota in proc
        assert protocolo.xml in proc

        consulta = await cena.gateway.query(chave, certificado=cena.certificado, **LUGAR)
        assert consulta.c_stat == 100
        assert consulta.protocolo is not None
        assert (consulta.protocolo.n_prot, consulta.protocolo.digest_value) == (
            protocolo.n_prot,
            digest_value,
        )
        assert consulta.eventos == ()

        _, outra, _ = cena.sign(2)
        desconhecida = await cena.gateway.query(outra, certificado=cena.certificado, **LUGAR)
        assert (desconhecida.c_stat, desconhecida.protocolo) == (217, None)

        repetida = await cena.authorise(nota)
        assert repetida.protocolo is not None
        assert (repetida.protocolo.c_stat, repetida.protocolo.n_prot) == (204, None)

    play(teste)


def test_requests_are_valid_against_the_official_schema(play: Play) -> None:
    async def teste(cena: Cena) -> None:
        nota, _, _ = cena.sign(1)
        assert Esquemas().validate(Esquema.ENVI_NFE, compose_envi_nfe(nota, "123456789012345")) == ()

    play(teste)


def test_status_of_the_home_authorizer_and_of_its_contingency(play: Play) -> None:
    async def teste(cena: Cena) -> None:
        situacao = await cena.gateway.status(
            Uf.SP, ambiente=Ambiente.HOMOLOGACAO, modelo=Modelo.NFE, certificado=cena.certificado
        )
        assert situacao.em_operacao
        assert situacao.dh_recbto is not None
        cena.fault("108")
        parada = await cena.gateway.status(
            Uf.SP, ambiente=Ambiente.HOMOLOGACAO, modelo=Modelo.NFE, certificado=cena.certificado
        )
        assert (parada.c_stat, parada.em_operacao) == (108, False)

    play(teste)


@pytest.mark.parametrize(
    ("falha", "guardada"),
    [("drop_after", True), ("truncated", True), ("drop_before", False), ("html", False), ("http500", False)],
)
def test_lost_answers_are_uncertain_and_the_query_knows(play: Play, falha: str, guardada: bool) -> None:
    async def teste(cena: Cena) -> None:
        nota, chave, digest_value = cena.sign(1)
        cena.fault(falha, servico="NFeAutorizacao4")
        with pytest.raises(EntregaIncerta):
            await cena.authorise(nota)
        consulta = await cena.gateway.query(chave, certificado=cena.certificado, **LUGAR)
        assert consulta.c_stat == (100 if guardada else 217)
        if guardada:
            assert consulta.protocolo is not None
            assert consulta.protocolo.digest_value == digest_value

    play(teste)


def test_paused_service_and_protocol_without_digest(play: Play) -> None:
    async def teste(cena: Cena) -> None:
        nota, _, _ = cena.sign(1)
        cena.fault("108", servico="NFeAutorizacao4")
        retorno = await cena.authorise(nota)
        assert (retorno.c_stat, retorno.protocolo) == (108, None)
        cena.fault("sem_digval")
        retorno = await cena.authorise(nota)
        assert retorno.protocolo is not None
        assert (retorno.protocolo.c_stat, retorno.protocolo.digest_value) == (100, None)

    play(teste)


def test_nobody_at_home_is_surely_not_delivered(play: Play) -> None:
    async def teste(cena: Cena) -> None:
        nota, _, _ = cena.sign(1)
        await cena.simulador.stop()
        with pytest.raises(EntregaRecusada):
            await cena.authorise(nota)
        await cena.simulador.start()

    play(teste)
