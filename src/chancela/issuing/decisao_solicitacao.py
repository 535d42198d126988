"""What an answer means for an event or a range, pure. See docs/adr/0020.

An event whose outcome is unknown is looked for in the query of its document by key; bytes are sent again only when
that query does not know them, and then the same bytes. A range has no query: the same bytes sent again get 563 with
the earlier protocol, which is ours when the range is the same, since nobody can void it twice; 256 about a range of one
number says the same of a wider range that somebody asked for. Events that a national organ
registers are not sure to show in the query of the UF: their bytes are sent again, and 573 is the answer (docs/adr/0045).
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from chancela.documents.eventos.epec import EPEC
from chancela.documents.eventos.manifestacao import MANIFESTACOES
from chancela.documents.eventos.modelo import Orgao
from chancela.documents.eventos.registro import EVENTOS
from chancela.gateways.nfe.retornos import (
    EventoVinculado,
    RetornoConsulta,
    RetornoEvento,
    RetornoInutilizacao,
)
from chancela.issuing.circuito import PARALISADOS
from chancela.issuing.decisao import (
    CONSUMO_INDEVIDO,
    ERRO_NAO_CATALOGADO,
    NAO_CONSTA,
    backoff_s,
    is_cancelled,
)
from chancela.issuing.modelo import Marco
from chancela.issuing.solicitacao import (
    CANCELAMENTOS,
    INUTILIZACAO,
    REGISTRADOS,
    EstadoSolicitacao,
    Solicitacao,
)

DUPLICIDADE_EVENTO = 573
EPEC_REPETIDO = 485
"""The number has an EPEC already: ours, when an answer about this one was lost; the rule names no key to compare."""
INUTILIZADO = 102
INUTILIZACAO_REPETIDA = 563
NUMERO_INUTILIZADO = 256
"""Some number of the range was inutilised before; of a range of one number, that one (docs/adr/0115)."""
AGUARDA = "A SEFAZ autorizadora está fora do ar; o pedido segue quando ela voltar."
ESPERA_S = 900.0
"""Until a waiting request is looked at again; the end of the outage wakes it long before."""
LOTE_EM_PROCESSAMENTO = frozenset({103, 105})


_DITAS_UMA_VEZ = frozenset(tipo.codigo for tipo in (*MANIFESTACOES, EPEC))
"""Statements of one author about one key: a repetition says what was said (573 is a success)."""
_PROTOCOLO_NO_TEXTO = re.compile(r"nProt:\s*([0-9]{15,17})")


class PassoSolicitacao(Enum):
    """What to do next with a living request."""

    ENVIAR = auto()
    CONSULTAR = auto()


@dataclass(frozen=True, slots=True)
class DecisaoSolicitacao:
    """What an answer means for the request."""

    estado: EstadoSolicitacao
    c_stat: int | None
    motivo: str
    marcos: tuple[Marco, ...]
    protocolo: str | None = None
    registrado_em: datetime | None = None
    retorno: bytes | None = None
    """Verbatim `retEvento` or `retInutNFe`, to stand beside our signed bytes."""
    arquivo: bytes | None = None
    """`procEventoNFe` as SEFAZ gave it back whole."""
    documento_cancelado: bool = False
    sequencia_vista: int = 0
    consultar: bool = False
    """Ask SEFAZ by key at once."""
    proxima_acao_s: float | None = None


def next_step_of(solicitacao: Solicitacao) -> PassoSolicitacao:
    """The next action, from what is stored alone."""
    assert solicitacao.estado.viva, solicitacao.estado
    if solicitacao.tipo == INUTILIZACAO or is_national(solicitacao):
        return PassoSolicitacao.ENVIAR
    duvida = solicitacao.estado is EstadoSolicitacao.INCERTA or solicitacao.tentativa_aberta
    return PassoSolicitacao.CONSULTAR if duvida else PassoSolicitacao.ENVIAR


def decide_after_evento(solicitacao: Solicitacao, retorno: RetornoEvento) -> DecisaoSolicitacao:
    """What the answer of NFeRecepcaoEvento4 means."""
    c_stat, motivo = retorno.c_stat, retorno.motivo
    if c_stat in REGISTRADOS and retorno.xml is not None:
        return _registered(
            solicitacao,
            c_stat,
            motivo,
            protocolo=retorno.n_prot,
            quando=retorno.dh_registro,
            retorno=retorno.xml,
        )
    if c_stat == DUPLICIDADE_EVENTO and solicitacao.tipo in _DITAS_UMA_VEZ:
        return _registered(
            solicitacao,
            c_stat,
            motivo,
            protocolo=retorno.n_prot or _protocol_in(motivo),
            quando=retorno.dh_registro,
            retorno=retorno.xml,
        )
    if c_stat == EPEC_REPETIDO and _after_lost_epec(solicitacao):
        return _registered(
            solicitacao, c_stat, motivo, protocolo=None, quando=retorno.dh_registro, retorno=None
        )
    if c_stat == DUPLICIDADE_EVENTO:
        marco = Marco(
            "evento_repetido", "A SEFAZ já tem este evento; consultando para conferir de quem ele é."
        )
        return DecisaoSolicitacao(
            EstadoSolicitacao.INCERTA, c_stat, motivo, (marco,), consultar=True, proxima_acao_s=backoff_s(0)
        )
    if c_stat in LOTE_EM_PROCESSAMENTO or c_stat == 128:
        marco = Marco("evento_sem_resultado", f"A SEFAZ recebeu e não disse o resultado: {c_stat} {motivo}")
        return _uncertain(solicitacao, c_stat, motivo, marco)
    return _refused_or_wait(solicitacao, c_stat, motivo)


def decide_after_inutilizacao(solicitacao: Solicitacao, retorno: RetornoInutilizacao) -> DecisaoSolicitacao:
    """What the answer of NFeInutilizacao4 means; 563 is a success when it is about the very same range."""
    c_stat, motivo = retorno.c_stat, retorno.motivo
    if c_stat == INUTILIZADO and retorno.n_prot:
        return _registered(
            solicitacao,
            c_stat,
            motivo,
            protocolo=retorno.n_prot,
            quando=retorno.dh_recbto,
            retorno=retorno.xml,
        )
    if c_stat == INUTILIZACAO_REPETIDA and retorno.n_prot and _same_range(solicitacao, retorno):
        return _registered(
            solicitacao,
            c_stat,
            f"Inutilização já homologada antes, protocolo {retorno.n_prot}.",
            protocolo=retorno.n_prot,
            quando=retorno.dh_recbto,
            retorno=retorno.xml,
        )
    if c_stat == INUTILIZACAO_REPETIDA and _same_range(solicitacao, retorno):
        texto = "Faixa já inutilizada antes; a SEFAZ não disse o protocolo"
        return _registered(solicitacao, c_stat, texto, protocolo=None, quando=retorno.dh_recbto)
    if c_stat == NUMERO_INUTILIZADO and solicitacao.inicio == solicitacao.fim:
        texto = "Número já inutilizado antes, numa faixa maior; o protocolo ficou com quem a pediu"
        return _registered(solicitacao, c_stat, texto, protocolo=None, quando=retorno.dh_recbto)
    return _refused_or_wait(solicitacao, c_stat, motivo)


def decide_after_event_query(
    solicitacao: Solicitacao, retorno: RetornoConsulta, repetido: RetornoEvento | None = None
) -> DecisaoSolicitacao:
    """What the query by key tells of an event: ours, somebody else's in its place, or not there.

    `repetido` is the 573 that led to the query.
    """
    c_stat, motivo = retorno.c_stat, retorno.motivo
    if retorno.protocolo is None and c_stat not in NAO_CONSTA:
        return _refused_or_wait(solicitacao, c_stat, motivo, so_espera=True)
    do_tipo = [e for e in retorno.eventos if e.tp_evento == solicitacao.tipo and e.c_stat in REGISTRADOS]
    nosso = next(
        (e for e in do_tipo if e.n_seq_evento == solicitacao.sequencia and _is_ours(e, solicitacao)), None
    )
    if nosso is not None:
        return _registered(
            solicitacao,
            nosso.c_stat,
            nosso.motivo,
            protocolo=nosso.n_prot,
            quando=nosso.dh_registro,
            arquivo=nosso.xml,
        )
    if solicitacao.tipo in CANCELAMENTOS and (do_tipo or is_cancelled(retorno)):
        marco = Marco("cancelado", "A SEFAZ já tem o cancelamento deste documento, feito por outro sistema.")
        return DecisaoSolicitacao(
            EstadoSolicitacao.REJEITADA, c_stat, motivo, (marco,), documento_cancelado=True
        )
    alheio = max((e.n_seq_evento for e in do_tipo), default=0)
    if alheio >= (solicitacao.sequencia or 1):
        texto = (
            f"Outro sistema já registrou o evento de sequência {alheio}; envie de novo para usar a seguinte."
        )
        return DecisaoSolicitacao(
            EstadoSolicitacao.REJEITADA,
            DUPLICIDADE_EVENTO,
            texto,
            (Marco("evento_de_outro", texto),),
            sequencia_vista=alheio,
        )
    if repetido is not None and is_national(solicitacao):
        return _decide_unseen_repeat(solicitacao, repetido)
    marco = Marco("evento_nao_consta", "A SEFAZ não tem este evento: os mesmos bytes serão enviados de novo.")
    return DecisaoSolicitacao(
        EstadoSolicitacao.ASSINADA, c_stat, motivo, (marco,), proxima_acao_s=backoff_s(solicitacao.tentativas)
    )


def _decide_unseen_repeat(solicitacao: Solicitacao, repetido: RetornoEvento) -> DecisaoSolicitacao:
    """A national organ has the event and the UF does not show it: ours if we ever sent it before, else somebody else's."""
    if solicitacao.tentativas > 0:
        return _registered(
            solicitacao,
            repetido.c_stat,
            repetido.motivo,
            protocolo=repetido.n_prot or _protocol_in(repetido.motivo),
            quando=repetido.dh_registro,
            retorno=repetido.xml,
        )
    texto = "Outro sistema já registrou este evento; envie de novo para usar a sequência seguinte."
    return DecisaoSolicitacao(
        EstadoSolicitacao.REJEITADA,
        repetido.c_stat,
        texto,
        (Marco("evento_de_outro", texto),),
        sequencia_vista=solicitacao.sequencia or 1,
    )


def hold_for_authorizer(solicitacao: Solicitacao) -> DecisaoSolicitacao:
    """Its authorizer is known to be down: nothing is sent until it is back. The timeline says so once."""
    duvida = solicitacao.estado is EstadoSolicitacao.INCERTA or solicitacao.tentativa_aberta
    return DecisaoSolicitacao(
        EstadoSolicitacao.INCERTA if duvida else EstadoSolicitacao.ASSINADA,
        solicitacao.c_stat,
        AGUARDA,
        () if solicitacao.motivo == AGUARDA else (Marco("aguardando_sefaz", AGUARDA),),
        proxima_acao_s=ESPERA_S,
    )


def decide_after_event_silence(solicitacao: Solicitacao, motivo: str, *, enviado: bool) -> DecisaoSolicitacao:
    """No usable answer: of a send nobody knows; of a query nothing changed."""
    texto = (
        "Sem resposta da SEFAZ: o resultado é desconhecido e será conferido."
        if enviado
        else "A SEFAZ não respondeu à consulta; nova consulta em seguida."
    )
    return _uncertain(solicitacao, None, motivo, Marco("evento_sem_resposta", texto, {"motivo": motivo}))


def decide_after_event_refusal(solicitacao: Solicitacao, motivo: str, *, enviado: bool) -> DecisaoSolicitacao:
    """The connection never carried the request: what was known before still holds."""
    duvida = not enviado or solicitacao.estado is EstadoSolicitacao.INCERTA
    estado = EstadoSolicitacao.INCERTA if duvida else EstadoSolicitacao.ASSINADA
    marco = Marco(
        "evento_nao_enviado", "A SEFAZ não aceitou a conexão; nada foi transmitido.", {"motivo": motivo}
    )
    return DecisaoSolicitacao(
        estado, None, motivo, (marco,), proxima_acao_s=backoff_s(solicitacao.tentativas)
    )


def _registered(
    solicitacao: Solicitacao,
    c_stat: int,
    motivo: str,
    *,
    protocolo: str | None,
    quando: datetime | None,
    retorno: bytes | None = None,
    arquivo: bytes | None = None,
) -> DecisaoSolicitacao:
    cancela = solicitacao.tipo in CANCELAMENTOS
    tipo = (
        "cancelado"
        if cancela
        else ("inutilizado" if solicitacao.tipo == INUTILIZACAO else "evento_registrado")
    )
    fatos = {"cStat": str(c_stat), "nProt": protocolo or "", "tpEvento": solicitacao.tipo}
    return DecisaoSolicitacao(
        EstadoSolicitacao.REGISTRADA,
        c_stat,
        motivo,
        (Marco(tipo, motivo if protocolo is None else f"{motivo} (protocolo {protocolo}).", fatos),),
        protocolo=protocolo,
        registrado_em=quando,
        retorno=retorno,
        arquivo=arquivo,
        documento_cancelado=cancela,
    )


def _refused_or_wait(
    solicitacao: Solicitacao, c_stat: int, motivo: str, *, so_espera: bool = False
) -> DecisaoSolicitacao:
    if c_stat in PARALISADOS or c_stat in (CONSUMO_INDEVIDO, ERRO_NAO_CATALOGADO) or so_espera:
        duvida = so_espera or c_stat == ERRO_NAO_CATALOGADO or solicitacao.estado is EstadoSolicitacao.INCERTA
        espera_s = 3_600.0 if c_stat == CONSUMO_INDEVIDO else max(10.0, backoff_s(solicitacao.tentativas))
        return DecisaoSolicitacao(
            EstadoSolicitacao.INCERTA if duvida else EstadoSolicitacao.ASSINADA,
            c_stat,
            motivo,
            (Marco("evento_adiado", f"A SEFAZ pediu para esperar: {c_stat} {motivo}"),),
            proxima_acao_s=espera_s,
        )
    return DecisaoSolicitacao(
        EstadoSolicitacao.REJEITADA,
        c_stat,
        motivo,
        (Marco("evento_rejeitado", f"Rejeição {c_stat}: {motivo}", {"cStat": str(c_stat)}),),
    )


def _uncertain(solicitacao: Solicitacao, c_stat: int | None, motivo: str, marco: Marco) -> DecisaoSolicitacao:
    return DecisaoSolicitacao(
        EstadoSolicitacao.INCERTA,
        c_stat,
        motivo,
        (marco,),
        proxima_acao_s=backoff_s(solicitacao.tentativas),
    )


def is_national(solicitacao: Solicitacao) -> bool:
    """Whether a national organ, not the UF that the query asks, registers the event."""
    tipo = EVENTOS.get(solicitacao.tipo)
    return tipo is not None and tipo.orgao_de(solicitacao.modelo) is not Orgao.UF


def _after_lost_epec(solicitacao: Solicitacao) -> bool:
    """Only we give numbers, and no number with an EPEC changes its key: after a lost answer the one registered is this one."""
    perdida = solicitacao.estado is EstadoSolicitacao.INCERTA or solicitacao.tentativa_aberta
    return solicitacao.tipo == EPEC.codigo and perdida


def _protocol_in(motivo: str) -> str | None:
    """The protocol that the text of a 573 names."""
    achado = _PROTOCOLO_NO_TEXTO.search(motivo)
    return achado[1] if achado else None


def _is_ours(evento: EventoVinculado, solicitacao: Solicitacao) -> bool:
    """The digest of the event's own signature says whose it is."""
    return evento.digest_value == solicitacao.digest_value


def _same_range(solicitacao: Solicitacao, retorno: RetornoInutilizacao) -> bool:
    """An answer that leaves the range out speaks of the one asked: 563 means the same range by its own rule (I12)."""
    if retorno.faixa is None:
        return True
    cnpj, modelo, serie, inicio, fim = retorno.faixa
    return (cnpj, modelo, int(serie), int(inicio), int(fim)) == (
        solicitacao.emitente,
        solicitacao.modelo.value,
        solicitacao.serie,
        solicitacao.inicio,
        solicitacao.fim,
    )
