"""The authority: takes the bytes of a request and gives the bytes of an answer, stage by stage. No socket in it."""

from dataclasses import dataclass
from datetime import datetime

from chancela.simulator import soap, xml
from chancela.simulator.arvore import read_tree
from chancela.simulator.cenarios import run_due_orders
from chancela.simulator.certificado import read_certificado
from chancela.simulator.consumo import note_outcome, note_refusal
from chancela.simulator.estado import Estado
from chancela.simulator.etapas import (
    ETAPAS,
    Caso,
    check_message,
    check_schema,
    check_transmitter,
    check_version,
)
from chancela.simulator.falhas import TipoFalha
from chancela.simulator.julgamento import judge_nota, read_notas
from chancela.simulator.livro import Lote, Troca
from chancela.simulator.nota import build_nota, empty_assinatura
from chancela.simulator.pedido import Destino, Pedido, Resposta
from chancela.simulator.regras.mensagem import refusal
from chancela.simulator.retornos import prot_nfe, ret_envi
from chancela.simulator.servicos.catalogo import AUTORIZACAO, find_servico
from chancela.simulator.tabelas import AUTORIZADORES, CODIGO_DA_UF, UF_DO_CODIGO, Autorizador, authorizer_of

_HTML = b"<html><head><title>503 Service Unavailable</title></head><body><h1>The service is unavailable.</h1></body></html>"


@dataclass(frozen=True, slots=True)
class Desfecho:
    """What leaves for the client. `corta_apos` closes the connection after that many bytes (0: without a word)."""

    corpo: bytes
    tipo: str
    status: int = 200
    atraso_s: float = 0.0
    corta_apos: int | None = None


class Sefaz(Estado):
    """All authorizers of the country in one object, over one ledger."""

    def handle(self, caminho: str, corpo: bytes, transmissor_der: bytes | None) -> Desfecho:
        """Judge one HTTP request and write it to the journal. The ledger is committed when this returns."""
        inicio = self.relogio.monotonic()
        servico = find_servico(caminho)
        if servico is None:
            return _no_service()
        if transmissor_der is None:
            return Desfecho(
                b"<html><body>403 - Forbidden: certificado de cliente ausente</body></html>", "text/html", 403
            )
        agora = self.relogio.now().replace(microsecond=0)
        run_due_orders(self, agora)
        self.process_due_lotes(agora)
        autorizador, ambiente = _address(caminho)
        pedido = Pedido(
            corpo, agora, autorizador or AUTORIZADORES["SVRS"], ambiente or self.config.ambiente or 2, ambiente or self.config.ambiente,
            read_certificado(transmissor_der),
        )  # fmt: skip
        caso = Caso(servico, pedido)
        with self.livro.transaction():
            desfecho = self._play(caso, corpo, autorizador)
            self._journal(
                caso, caminho, corpo, desfecho, round((self.relogio.monotonic() - inicio) * 1_000_000)
            )
        return desfecho

    def _play(self, caso: Caso, corpo: bytes, autorizador: Autorizador | None) -> Desfecho:
        servico, pedido = caso.servico, caso.pedido
        try:
            caso.envelope = soap.open_envelope(corpo, servico.nome)
        except soap.EnvelopeInvalido as erro:
            soap11 = soap.SOAP11.encode() in corpo
            pedido.note("soap", f"fault: {erro}")
            return Desfecho(
                soap.fault(f"Envelope SOAP inválido: {erro}", soap11=soap11),
                soap.content_type(soap11=soap11),
                500,
            )
        except soap.MensagemAusente as erro:
            pedido.note("soap", f"242: {erro}")
            caso.resposta = servico.refuse(pedido, *refusal("B00"))
            return self._leave(caso, soap11=soap.SOAP11.encode() in corpo)
        pedido.conteudo = caso.envelope.conteudo
        self._read(caso, autorizador)
        if not servico.offered_by(pedido.autorizador, pedido.destino.uf):
            pedido.note("endereço", f"{pedido.autorizador.nome} não oferece {servico.nome}")
            return _no_service()
        caso.falha = self.plano.take(
            servico.nome, pedido.autorizador.nome, pedido.destino.emitente or _holder(pedido), pedido.agora
        )
        if self.plano.counts():
            self.livro.store_setting("falhas", self.plano.dump())
        if caso.falha is not None:
            imediato = self._fault_before(caso)
            if imediato is not None:
                return imediato
        caso.resposta = self._judge(caso)
        if caso.falha is not None and caso.falha.tipo is TipoFalha.DUPLICADA:
            caso.resposta = self._judge(caso)
        return self._leave(caso, soap11=caso.envelope.soap11)

    def _read(self, caso: Caso, autorizador: Autorizador | None) -> None:
        """Parse what can be parsed, to know whom the message speaks of; refusals come later, in their order."""
        pedido = caso.pedido
        try:
            if len(pedido.conteudo) <= soap.TAMANHO_MAXIMO_ZIP:
                pedido.raiz = xml.parse(pedido.conteudo)
                pedido.grupo = read_tree(pedido.conteudo, pedido.raiz)
        except xml.XmlMalFormado:
            pedido.raiz = None
        pedido.destino = caso.servico.destination(pedido.grupo) if pedido.grupo else Destino()
        if autorizador is None and pedido.destino.autorizador:
            pedido.autorizador = AUTORIZADORES[pedido.destino.autorizador]
        elif autorizador is None and pedido.destino.uf:
            pedido.autorizador = authorizer_of(
                pedido.destino.uf, pedido.destino.modelo, pedido.destino.tp_emis
            )
        elif autorizador is None and pedido.autorizador.c_uf is None and not pedido.destino.uf:
            pedido.autorizador = AUTORIZADORES["SVRS"]
        if not pedido.destino.uf and pedido.autorizador.c_uf:
            pedido.destino = Destino(
                uf=UF_DO_CODIGO[pedido.autorizador.c_uf], ambiente=pedido.destino.ambiente
            )
        if pedido.ambiente_do_endereco is None and pedido.destino.ambiente in (1, 2):
            pedido.ambiente = pedido.destino.ambiente

    def _judge(self, caso: Caso) -> Resposta:
        """The common stages in the official order, then the service itself."""
        servico, pedido = caso.servico, caso.pedido
        for etapa, verificacao in ETAPAS:
            recusa = verificacao(caso, self)
            if recusa is not None:
                pedido.note(etapa, f"{recusa[0]}: {recusa[1]}")
                return servico.refuse(pedido, *recusa)
            pedido.note(etapa, "ok")
        resposta = servico.answer(pedido, self)
        note_outcome(servico.nome, pedido, self, resposta.c_stat)
        return resposta

    # -- faults -----------------------------------------------------------------------------------------------

    def _fault_before(self, caso: Caso) -> Desfecho | None:
        """Faults that answer instead of the service."""
        assert caso.falha is not None
        assert caso.envelope is not None
        falha, servico, pedido = caso.falha, caso.servico, caso.pedido
        match falha.tipo:
            case TipoFalha.QUEDA_ANTES | TipoFalha.RECUSA:
                return Desfecho(b"", "text/plain", corta_apos=0)
            case TipoFalha.HTML:
                return Desfecho(_HTML, "text/html; charset=utf-8")
            case TipoFalha.HTTP_500:
                return Desfecho(_HTML, "text/html; charset=utf-8", 500)
            case TipoFalha.C_STAT if not falha.no_protocolo:
                motivo = falha.motivo or f"Rejeição: forçada pelo plano de falhas ({falha.c_stat})"
                caso.resposta = servico.refuse(pedido, falha.c_stat, motivo)
                return self._leave(caso, soap11=caso.envelope.soap11)
            case TipoFalha.C_STAT if servico.raiz == AUTORIZACAO.raiz:
                caso.resposta = self._forced_protocol(caso)
                return self._leave(caso, soap11=caso.envelope.soap11)
            case TipoFalha.LOTE_EM_PROCESSAMENTO:
                caso.resposta = self._queue_by_fault(caso)
                return self._leave(caso, soap11=caso.envelope.soap11)
            case _:
                return None

    def _forced_protocol(self, caso: Caso) -> Resposta:
        assert caso.falha is not None
        pedido, falha = caso.pedido, caso.falha
        motivo = falha.motivo or f"Rejeição: forçada pelo plano de falhas ({falha.c_stat})"
        chave = pedido.destino.chave
        protocolo = prot_nfe(pedido.cabecalho, chave, falha.c_stat, motivo)
        return Resposta(
            ret_envi(pedido.cabecalho, 104, "Lote processado", protocolo=protocolo),
            falha.c_stat,
            motivo,
            chave,
        )

    def _queue_by_fault(self, caso: Caso) -> Resposta:
        """105: a good lot is kept and judged `segundos` later; any other message just hears 105."""
        assert caso.falha is not None
        if caso.servico.raiz != AUTORIZACAO.raiz:
            return caso.servico.refuse(caso.pedido, 105, "Lote em processamento")
        for verificacao in (check_transmitter, check_message, check_version, check_schema):
            recusa = verificacao(caso, self)
            if recusa is not None:
                return caso.servico.refuse(caso.pedido, *recusa)
        resposta = AUTORIZACAO.queue(caso.pedido, self, caso.falha.segundos, 105, "Lote em processamento")
        self.process_due_lotes(caso.pedido.agora)
        return resposta

    def _leave(self, caso: Caso, *, soap11: bool) -> Desfecho:
        """Wrap the answer, check it if told to, and let the fault plan spoil it."""
        assert caso.resposta is not None
        texto = caso.resposta.xml
        if self.config.valida_respostas:
            identidades = xml.identities(xml.read_grupo(xml.parse(texto.encode())))
            julgado = xml.without_letters(texto.encode(), identidades)
            falha = xml.esquema_nfe(caso.servico.esquema_retorno).check(xml.parse(julgado))
            assert falha is None, f"resposta fora do schema: {falha}"
        tipo = caso.falha.tipo if caso.falha is not None else None
        if tipo is TipoFalha.SEM_DIGVAL:
            inicio, meio, fim = texto.partition("<digVal>")
            texto = inicio + fim.partition("</digVal>")[2] if meio else texto
        corpo = soap.wrap(texto, caso.servico.nome, caso.servico.resultado, soap11=soap11)
        desfecho = Desfecho(corpo, soap.content_type(soap11=soap11))
        if caso.falha is None:
            return desfecho
        if tipo is TipoFalha.ATRASO:
            return Desfecho(corpo, desfecho.tipo, atraso_s=0.0 if caso.falha.antes else caso.falha.segundos)
        if tipo is TipoFalha.QUEDA_APOS:
            return Desfecho(corpo, desfecho.tipo, corta_apos=0)
        return (
            Desfecho(corpo, desfecho.tipo, corta_apos=len(corpo) // 2)
            if tipo is TipoFalha.TRUNCADA
            else desfecho
        )

    def delay_before(self, caminho: str) -> float:
        """Seconds that a `delay` with `antes` holds a request back; asked before it is judged, not counted down."""
        servico = find_servico(caminho)
        for falha in self.plano.dump():
            if falha["tipo"] == TipoFalha.ATRASO.value and falha["antes"] and falha["vezes"] != 0:
                nome = str(falha["servico"]).lower()
                if servico is not None and (not nome or nome == servico.nome.lower()):
                    return float(falha["segundos"])
        return 0.0

    # -- lots with a receipt ------------------------------------------------------------------------------------

    def process_due_lotes(self, agora: datetime) -> None:
        """Judge the lots whose time has come, in order."""
        for lote in self.livro.due_lotes(agora):
            with self.livro.transaction():
                self.livro.finish_lote(lote.recibo, self._judge_lote(lote, agora))

    def _judge_lote(self, lote: Lote, agora: datetime) -> str:
        raiz = xml.parse(lote.conteudo)
        grupo = read_tree(lote.conteudo, raiz)
        pedido = Pedido(
            lote.conteudo, agora, AUTORIZADORES[lote.autorizador], lote.ambiente, raiz=raiz, grupo=grupo
        )
        pedido.destino = Destino(uf=UF_DO_CODIGO.get(lote.c_uf, "SP"))
        notas = read_notas(lote.conteudo, raiz, grupo)
        primeira = build_nota(notas[0].grupo, empty_assinatura(), notas[0].conteudo)
        protocolos: list[str] = []
        for nota in notas:
            veredito = judge_nota(nota, pedido, self, recibo=lote.recibo, primeira=primeira)
            note_refusal(AUTORIZACAO.nome, veredito.chave, agora, self, veredito.c_stat)
            protocolos.append(veredito.prot_nfe)
        return "".join(protocolos)

    def _journal(self, caso: Caso, caminho: str, corpo: bytes, desfecho: Desfecho, duracao_us: int) -> None:
        pedido, resposta = caso.pedido, caso.resposta
        self.livro.add_troca(
            Troca(
                quando=pedido.agora.isoformat(), servico=caso.servico.nome, autorizador=pedido.autorizador.nome,
                emitente=pedido.destino.emitente or _holder(pedido), chave=(resposta.chave if resposta else "") or pedido.destino.chave,
                c_stat=resposta.c_stat if resposta else 0, motivo=resposta.motivo if resposta else "", etapas=pedido.etapas,
                falha=caso.falha.tipo.value if caso.falha is not None else "", duracao_us=duracao_us, pedido=corpo, resposta=desfecho.corpo,
                caminho=caminho, transmissor=pedido.transmissor.der if pedido.transmissor is not None else b"",
            )
        )  # fmt: skip


def _no_service() -> Desfecho:
    return Desfecho(soap.fault("Serviço inexistente", soap11=False), soap.content_type(soap11=False), 404)


def _holder(pedido: Pedido) -> str:
    return (pedido.transmissor.cnpj or pedido.transmissor.cpf) if pedido.transmissor is not None else ""


def _address(caminho: str) -> tuple[Autorizador | None, int | None]:
    """Authorizer and environment that the path names, if it does: `/SP/homologacao/NFeAutorizacao4`."""
    autorizador: Autorizador | None = None
    ambiente: int | None = None
    for parte in caminho.upper().split("/")[:-1]:
        if parte in AUTORIZADORES:
            autorizador = AUTORIZADORES[parte]
        elif parte.startswith("HOM"):
            ambiente = 2
        elif parte.startswith("PROD"):
            ambiente = 1
        elif parte in CODIGO_DA_UF:
            autorizador = authorizer_of(parte, "55", "1")
    return autorizador, ambiente
