"""The wire to SEFAZ without a socket: it carries bytes to an authority, and loses, delays and repeats what the plot says.

A request that the sender gave up on may still arrive: the delivery is a task of its own, as a packet on a real network.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from chancela.domain.assinatura.certificado import Certificado
from chancela.gateways.soap.contexto_tls import CertificadoCliente
from chancela.gateways.soap.transporte import Observador, Resposta
from chancela.gateways.soap.troca import EntregaIncerta, EntregaRecusada, Troca, with_failure
from chancela.kit.clock import Clock
from chancela.kit.randomness import SeededRandomness
from chancela.server.simulacao.autoridades import Autoridade, digest_of, is_national, is_svc, subject_of
from chancela.server.simulacao.enredo import EMITENTES, Enredo, Janela, Praga, draw_fault
from chancela.server.simulacao.provas import Exchange, Provas
from chancela.server.simulacao.respostas import verdict_of
from chancela.simulator.falhas import TipoFalha
from chancela.simulator.sefaz import Desfecho

PRAZO_S = 30.0
_DEMORA_MAXIMA_MS = 1_500
_ATRASO_S = 40
_FALHA_DA_PRAGA = {
    Praga.FORA_DO_AR: TipoFalha.RECUSA,
    Praga.PARALISADA: TipoFalha.PARADO_CURTO,
    Praga.RESPOSTAS_PERDIDAS: TipoFalha.QUEDA_APOS,
    Praga.LENTA: TipoFalha.ATRASO,
}
_NO_FIO = frozenset({TipoFalha.RECUSA, TipoFalha.ATRASO})
"""Faults of the wire itself; the authority plays the others."""


def _beside(janela: Janela, caminho: str) -> bool:
    """Whether the address is not the one that the outage strikes."""
    return (janela.svc and is_svc(caminho)) or (janela.nacional and (is_svc(caminho) or is_national(caminho)))


class FioVirtual:
    """Implements `gateways.soap.transporte.Transporte`."""

    def __init__(
        self,
        nome: str,
        autoridade: Autoridade,
        enredo: Enredo,
        relogio: Clock,
        provas: Provas,
        observador: Observador,
    ) -> None:
        self._autoridade = autoridade
        self._enredo = enredo
        self._relogio = relogio
        self._provas = provas
        self._observador = observador
        self._acaso = SeededRandomness(f"fio {nome} {enredo.semente}")
        self._a_caminho: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        """What is on its way arrives at nobody's."""
        for tarefa in self._a_caminho:
            tarefa.cancel()
        await asyncio.gather(*self._a_caminho, return_exceptions=True)

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
        """See `TransporteSoap.post`: the same failures, with the same codes."""
        assert tipo
        assert isinstance(certificado, Certificado)
        agora = self._relogio.now()
        troca = Troca(url, servico, agora, 0, len(corpo))
        caminho = urlsplit(url).path
        falha = self._fault(servico, caminho, corpo)
        linha = Exchange(
            agora, servico, subject_of(corpo), digest_of(corpo), "" if falha is None else falha.value,
            chegou=falha not in (TipoFalha.RECUSA, TipoFalha.QUEDA_ANTES), destino=caminho,
        )  # fmt: skip
        posicao = len(self._provas.trocas)
        self._provas.trocas.append(linha)
        if falha is TipoFalha.RECUSA:
            await asyncio.sleep(self._delay_s())
            self._note(posicao, linha, None)
            raise self._refused(troca)
        desfecho: asyncio.Future[Desfecho] = asyncio.get_running_loop().create_future()
        self._send(caminho, corpo, certificado.der, falha, desfecho.set_result, desfecho.done)
        try:
            async with asyncio.timeout(prazo_s or PRAZO_S):
                chegou = await desfecho
        except TimeoutError:
            self._note(posicao, linha, None)
            raise self._uncertain(troca, "REDE-PRAZO", "A SEFAZ não respondeu dentro do prazo.") from None
        self._note(posicao, linha, chegou)
        return self._heard(chegou, troca)

    # -- on the way ---------------------------------------------------------------------------------------

    def _fault(self, servico: str, caminho: str, corpo: bytes) -> TipoFalha | None:
        momento = self._relogio.now()
        for janela in self._enredo.active(momento):
            if janela.praga in _FALHA_DA_PRAGA and not _beside(janela, caminho):
                return _FALHA_DA_PRAGA[janela.praga]
            recusada = janela.praga is Praga.RECUSAS and servico == "NFeAutorizacao4"
            if recusada and EMITENTES[janela.loja] == subject_of(corpo)[6:20]:
                return TipoFalha.C_STAT
        return draw_fault(self._acaso, self._enredo, momento)

    def _send(
        self,
        caminho: str,
        corpo: bytes,
        der: bytes,
        falha: TipoFalha | None,
        entregar: Callable[[Desfecho], object],
        desistiu: Callable[[], bool],
    ) -> None:
        ida_s, volta_s = self._delay_s(), self._delay_s()
        if falha is TipoFalha.ATRASO:
            demora_s = _ATRASO_S + self._acaso.randbelow(_ATRASO_S)
            ida_s, volta_s = (
                (ida_s + demora_s, volta_s) if self._acaso.randbelow(2) else (ida_s, volta_s + demora_s)
            )

        async def travel() -> None:
            await asyncio.sleep(ida_s)
            no_plano = None if falha in _NO_FIO else falha
            resposta = self._autoridade.handle(caminho, corpo, der, no_plano)
            self._provas.trace(
                self._relogio.now(), "sefaz", caminho, subject_of(corpo), digest_of(corpo), falha or "",
                verdict_of(resposta.corpo),
            )  # fmt: skip
            await asyncio.sleep(volta_s)
            if not desistiu():
                entregar(resposta)

        tarefa = asyncio.get_running_loop().create_task(travel())
        self._a_caminho.add(tarefa)
        tarefa.add_done_callback(self._a_caminho.discard)

    def _delay_s(self) -> float:
        return (5 + self._acaso.randbelow(_DEMORA_MAXIMA_MS)) / 1000

    # -- back ---------------------------------------------------------------------------------------------

    def _note(self, posicao: int, linha: Exchange, desfecho: Desfecho | None) -> None:
        c_stat = 0 if desfecho is None else verdict_of(desfecho.corpo)
        ouvido = desfecho is not None and desfecho.corta_apos is None and desfecho.status == 200
        self._provas.trocas[posicao] = replace(linha, c_stat=c_stat, ouvido=ouvido)

    def _heard(self, desfecho: Desfecho, troca: Troca) -> Resposta:
        if desfecho.corta_apos == 0:
            raise self._uncertain(troca, "REDE-CONEXAO-CAIU", "A conexão com a SEFAZ caiu antes da resposta.")
        if desfecho.corta_apos is not None:
            raise self._uncertain(troca, "REDE-RESPOSTA-CORTADA", "A resposta da SEFAZ chegou incompleta.")
        if desfecho.status != 200:
            raise self._uncertain(
                troca, f"REDE-HTTP-{desfecho.status}", f"A SEFAZ respondeu com o erro HTTP {desfecho.status}."
            )
        feita = replace(troca, bytes_recebidos=len(desfecho.corpo), http_status=desfecho.status)
        self._observador(feita)
        return Resposta(desfecho.corpo, feita)

    def _uncertain(self, troca: Troca, codigo: str, mensagem: str) -> EntregaIncerta:
        return EntregaIncerta(codigo, mensagem, "Não reenvie.", with_failure(troca, codigo))

    def _refused(self, troca: Troca) -> EntregaRecusada:
        codigo = "REDE-SEM-CONEXAO"
        return EntregaRecusada(
            codigo, "Não foi possível conectar à SEFAZ.", "Nada foi enviado.", with_failure(troca, codigo)
        )
