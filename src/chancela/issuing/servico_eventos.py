"""The application service behind events, inutilising and asking: what every face calls."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from chancela.documents.eventos.cancelamento import CANCELAMENTO, Cancelamento
from chancela.documents.eventos.cancelamento_substituicao import (
    SUBSTITUICAO,
    CancelamentoSubstituicao,
    check_substituicao,
)
from chancela.documents.eventos.carta_correcao import CARTA_CORRECAO, CartaCorrecao
from chancela.documents.eventos.modelo import PedidoEvento, TipoEvento
from chancela.documents.eventos.regras import (
    check_modelo,
    clean_correcao,
    clean_justificativa,
    find_late,
)
from chancela.documents.inutilizacao.layout import Faixa, PedidoInutilizacao
from chancela.domain.chave import ChaveAcesso
from chancela.domain.erros import EstadoInvalido, Violacao
from chancela.domain.identidade import Ambiente, Modelo
from chancela.domain.tabelas.lugares import Lugares
from chancela.domain.xml.esquemas import Esquemas
from chancela.gateways.nfe.retornos import RetornoConsulta
from chancela.issuing.assinatura_eventos import sign_evento, sign_inut
from chancela.issuing.cadencia import Cadencia, about_key, refuse_question
from chancela.issuing.decisao import is_cancelled
from chancela.issuing.emissao import Emissor
from chancela.issuing.empresa import Empresa
from chancela.issuing.modelo import Documento, Estado, Marco
from chancela.issuing.originais import check_holds_sale
from chancela.issuing.ports import Certificados, Documentos
from chancela.issuing.registro import Registrador
from chancela.issuing.solicitacao import (
    AlvoEvento,
    Assinada,
    NovaInutilizacao,
    NovoEvento,
    Solicitacao,
    Solicitacoes,
)
from chancela.issuing.transmissao_eventos import TransmissaoEventos
from chancela.kit.clock import Clock
from chancela.kit.ids import IdSource

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ResultadoEvento:
    """What became of a request so far, its document as it stands now, and what was warned of before sending."""

    solicitacao: Solicitacao
    documento: Documento
    avisos: tuple[Violacao, ...] = ()


class ServicoEventos:
    """Events and ranges of one company at a time; everything it needs comes in."""

    def __init__(
        self,
        *,
        registrador: Registrador,
        emissor: Emissor,
        transmissao: TransmissaoEventos,
        documentos: Documentos,
        solicitacoes: Solicitacoes,
        cadencia: Cadencia,
        certificados: Certificados,
        esquemas: Esquemas,
        lugares: Lugares,
        clock: Clock,
        ids: IdSource,
        executor: ThreadPoolExecutor,
    ) -> None:
        self._registrador = registrador
        self._emissor = emissor
        self._transmissao = transmissao
        self._documentos = documentos
        self._solicitacoes = solicitacoes
        self._cadencia = cadencia
        self._certificados = certificados
        self._esquemas = esquemas
        self._lugares = lugares
        self._clock = clock
        self._ids = ids
        self._executor = executor

    async def check_holds_sale(self, documento: Documento) -> None:
        """Raises `EstadoInvalido` when another note holds the sale of this one: what a customer asks goes to that note."""
        if documento.substituto_id is not None:
            substituto = await self._run(self._last_substitute, documento)
            check_holds_sale(documento, substituto, self._clock.now())

    def _last_substitute(self, documento: Documento) -> Documento:
        """The end of the chain: a substitute that was lost in its turn has one of its own."""
        while documento.substituto_id is not None:
            substituto = self._documentos.get(documento.substituto_id, documento.empresa_id)
            assert substituto is not None, "a substitute is a document of the same company"
            documento = substituto
        return documento

    async def cancel(
        self, empresa: Empresa, documento: Documento, justificativa: str, *, caminho: str = "motivo"
    ) -> ResultadoEvento:
        """Cancel an authorised document (110111). `RegraViolada` or `EstadoInvalido`: nothing was stored or sent."""
        texto = clean_justificativa(caminho, justificativa)
        protocolo = "" if documento.protocolo is None else documento.protocolo.numero
        return await self.register_about(
            CANCELAMENTO, empresa, documento, texto, Cancelamento(protocolo, texto)
        )

    async def replace(
        self, empresa: Empresa, documento: Documento, substituta: Documento, justificativa: str
    ) -> ResultadoEvento:
        """Cancel an NFC-e because the offline one holds its sale (110112)."""
        texto = clean_justificativa("motivo", justificativa)
        chave = ChaveAcesso.parse(substituta.chave)
        check_substituicao(ChaveAcesso.parse(documento.chave), chave)
        protocolo = "" if documento.protocolo is None else documento.protocolo.numero
        detalhe = CancelamentoSubstituicao(documento.uf, protocolo, texto, chave)
        return await self.register_about(SUBSTITUICAO, empresa, documento, texto, detalhe)

    async def correct(
        self, empresa: Empresa, documento: Documento, correcao: str, *, caminho: str = "correcao"
    ) -> ResultadoEvento:
        """Send a letter of correction (110110); the sequence is ours to count."""
        texto = clean_correcao(caminho, correcao)
        return await self.register_about(CARTA_CORRECAO, empresa, documento, texto, CartaCorrecao(texto))

    async def inutilise(self, empresa: Empresa, faixa: Faixa, justificativa: str) -> Solicitacao:
        """Declare a range as never used. Raises `RegraViolada` or `EstadoInvalido` before anything is sent."""
        faixa.check()
        texto = clean_justificativa("motivo", justificativa)
        certificado = await self._run(self._certificados.current, empresa.id)
        pedido = PedidoInutilizacao(faixa, self._local_now(empresa).year % 100, texto)
        assinada = await self._run(sign_inut, pedido, certificado, self._esquemas)
        return await self._registrador.inutilise(
            NovaInutilizacao(
                id=self._ids.new(),
                empresa_id=empresa.id,
                ambiente=faixa.ambiente,
                emitente=faixa.emitente,
                uf=faixa.uf,
                modelo=faixa.modelo,
                serie=faixa.serie,
                inicio=faixa.inicio,
                fim=faixa.fim,
                texto=texto,
                assinada=assinada,
            )
        )

    async def refresh(self, documento: Documento) -> Documento:
        """Find out now how a document stands: finish what is under way, else ask SEFAZ whether it was cancelled elsewhere.

        Raises `TransmissaoIncerta` or `TransmissaoRecusada` when SEFAZ does not answer about a settled document.
        """
        if documento.estado.vivo:
            return await self._emissor.refresh(documento.id, documento.empresa_id) or documento
        await self._registrador.refresh(documento.id, documento.empresa_id)
        atual = await self._reread(documento)
        if atual.estado is not Estado.AUTORIZADO:
            return atual
        certificado = await self._run(self._certificados.current, atual.empresa_id)
        if await self._run(self._cadencia.take, about_key(atual.chave, atual.ambiente)):
            # Asked time and again within the hour: what it said then is what is stored.
            return atual
        retorno = await self._transmissao.query(ChaveAcesso.parse(atual.chave), atual.ambiente, certificado)
        if not is_cancelled(retorno):
            return atual
        marco = Marco(
            "cancelado",
            "A SEFAZ já tem o cancelamento deste documento, feito por outro sistema.",
            {"cStat": str(retorno.c_stat), "origem": "consulta"},
        )
        await self._run(self._solicitacoes.mark_cancelled, atual, retorno.c_stat, retorno.motivo, marco)
        return await self._reread(atual)

    async def query(self, empresa: Empresa, chave: ChaveAcesso, ambiente: Ambiente) -> RetornoConsulta:
        """What SEFAZ holds under any key, asked with the company's certificate; nothing of ours changes.

        Raises `EstadoInvalido` when the key was asked about too often within the hour.
        """
        certificado = await self._run(self._certificados.current, empresa.id)
        pergunta = about_key(chave.texto, ambiente)
        espera_s = await self._run(self._cadencia.take, pergunta)
        if espera_s:
            raise refuse_question(pergunta, espera_s, self._clock.now())
        return await self._transmissao.query(chave, ambiente, certificado)

    async def register(
        self,
        tipo: TipoEvento,
        empresa: Empresa,
        alvo: AlvoEvento,
        texto: str,
        detalhe: Any,
        *,
        autorizado_em: datetime | None,
    ) -> tuple[Solicitacao, tuple[Violacao, ...]]:
        """Sign, store and send an event of any kind about any key, and what was warned of before sending.

        `autorizado_em` is the instant that its deadline counts from, when it is known. Raises `RegraViolada` or
        `EstadoInvalido`: nothing was stored or sent.
        """
        check_modelo(tipo, Modelo(alvo.chave.modelo))
        certificado = await self._run(self._certificados.current, empresa.id)
        agora = self._local_now(empresa)
        tarde = (
            None
            if autorizado_em is None
            else find_late(tipo, Modelo(alvo.chave.modelo), autorizado_em, agora)
        )
        avisos = () if tarde is None else (tarde,)

        def sign(sequencia: int) -> Assinada:
            pedido = PedidoEvento(tipo, alvo.chave, alvo.ambiente, alvo.autor, agora, sequencia, detalhe)
            return sign_evento(pedido, certificado, self._esquemas)

        solicitacao = await self._registrador.register(
            NovoEvento(
                id=self._ids.new(),
                tipo=tipo.codigo,
                alvo=alvo,
                texto=texto,
                sequencia_maxima=tipo.sequencia_maxima,
                assinar=sign,
                marcos=tuple(Marco("aviso", aviso.mensagem, {"codigo": aviso.codigo}) for aviso in avisos),
            )
        )
        return solicitacao, avisos

    async def register_about(
        self, tipo: TipoEvento, empresa: Empresa, documento: Documento, texto: str, detalhe: Any
    ) -> ResultadoEvento:
        """`register` about a document of the company, which has to be authorised."""
        check_modelo(tipo, documento.modelo)
        if documento.estado is not Estado.AUTORIZADO or documento.protocolo is None:
            raise EstadoInvalido(
                "EVENTO-NAO-AUTORIZADO",
                "Só um documento autorizado recebe este evento.",
                "Confira a situação do documento.",
            )
        solicitacao, avisos = await self.register(
            tipo,
            empresa,
            AlvoEvento.of(documento),
            texto,
            detalhe,
            autorizado_em=documento.protocolo.recebido_em,
        )
        return ResultadoEvento(solicitacao, await self._reread(documento), avisos)

    def _local_now(self, empresa: Empresa) -> datetime:
        """Now, to the second, in the zone of the company's municipality."""
        municipio = self._lugares.find_municipio(empresa.endereco.municipio_ibge)
        fuso = ZoneInfo("America/Sao_Paulo" if municipio is None else municipio.fuso_horario)
        return self._clock.now().astimezone(fuso).replace(microsecond=0)

    async def _reread(self, documento: Documento) -> Documento:
        return await self._run(self._documentos.get, documento.id, documento.empresa_id) or documento

    async def _run(self, funcao: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        laco = asyncio.get_running_loop()
        return await laco.run_in_executor(self._executor, partial(funcao, *args, **kwargs))
