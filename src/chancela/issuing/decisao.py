"""The state machine, pure: from a stored document and what SEFAZ answered to what must be written.

Nothing here sends, waits or asks the time. An unknown outcome is always resolved by a query by key; bytes are
sent again only after SEFAZ said that it does not know the key (217), and then the same bytes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from chancela.gateways.nfe.retornos import ProtocoloNfe, RetornoAutorizacao, RetornoConsulta
from chancela.issuing.circuito import PARALISADOS, SVC_DESATIVADAS
from chancela.issuing.modelo import Documento, Estado, Marco, Operacao, Protocolo, VersaoAssinada
from chancela.issuing.solicitacao import CANCELAMENTOS, REGISTRADOS

AUTORIZADOS = frozenset({100, 150})
CANCELADOS = frozenset({101, 151, 155})
DENEGADOS = frozenset({110, 205, 301, 302, 303})
"""302 and 303 are plain rejections since NT 2024.001: a denial needs a protocol number."""
ERRO_NAO_CATALOGADO = 999
CONSUMO_INDEVIDO = 656
EM_PROCESSAMENTO = frozenset({103, 105})
DUPLICIDADE = 204
DUPLICIDADE_OUTRA_CHAVE = frozenset({539})
CHAVE_DIVERGENTE_NA_BASE = frozenset({561, 562, 613})
NAO_CONSTA = frozenset({217, 526})
RECIBO_DESCONHECIDO = 106
LOTE_PROCESSADO = 104

_CHAVE_NO_MOTIVO = re.compile(r"chNFe:?\s*(?:NFe)?([0-9]{6}[A-Z0-9]{12}[0-9]{26})")
_ESPERA_RECIBO_S = 15.0
"""tMed that the manuals suggest where an authorizer tells none."""
_TEMPO_MEDIO_MAXIMO_S = 600
_ESPERAS_S = (2.0, 5.0, 10.0, 20.0, 40.0, 60.0, 120.0, 300.0)


class Passo(Enum):
    """What to do next with a living document."""

    ASSINAR = auto()
    ENVIAR = auto()
    CONSULTAR = auto()
    BUSCAR_RECIBO = auto()


@dataclass(frozen=True, slots=True)
class Decisao:
    """What an answer means for the document."""

    estado: Estado
    c_stat: int | None
    motivo: str
    marcos: tuple[Marco, ...]
    protocolo: Protocolo | None = None
    recibo: str | None = None
    consultar_chave: str | None = None
    """Ask SEFAZ by this key at once, and decide again with `decide_after_query`."""
    adotar: VersaoAssinada | None = None
    """The signed version that SEFAZ holds, when it is not the present one."""
    proxima_acao_s: float | None = None


def next_step(documento: Documento) -> Passo:
    """The next action for a living document, from what is stored alone."""
    assert documento.estado.vivo, documento.estado
    if documento.estado is Estado.PENDENTE:
        return Passo.ASSINAR
    if documento.recibo is not None:
        return Passo.BUSCAR_RECIBO
    if documento.estado is Estado.INCERTO or documento.substituto_id is not None:
        return Passo.CONSULTAR
    return Passo.CONSULTAR if documento.tentativa_aberta else Passo.ENVIAR


def backoff_s(tentativas: int) -> float:
    """Seconds to wait after the n-th failed try; grows to five minutes."""
    return _ESPERAS_S[min(tentativas, len(_ESPERAS_S) - 1)]


def key_in_motivo(motivo: str) -> str | None:
    """The key that xMotivo of 204, 539 or 613 names between brackets."""
    achada = _CHAVE_NO_MOTIVO.search(motivo)
    return achada.group(1) if achada else None


def decide_after_send(documento: Documento, retorno: RetornoAutorizacao) -> Decisao:
    """What the answer of NFeAutorizacao4 or NFeRetAutorizacao4 means.

    The decision on a note is in its protocol; the cStat of the lot only says whether one came.
    """
    resposta = retorno.protocolo
    if resposta is None:
        return _decide_lot(documento, retorno)
    c_stat, motivo = resposta.c_stat, resposta.motivo
    if c_stat in AUTORIZADOS or (c_stat in DENEGADOS and resposta.n_prot):
        return _decide_protocol(documento, resposta, (_present_version(documento),))
    if c_stat == DUPLICIDADE:
        return Decisao(
            Estado.INCERTO, c_stat, motivo,
            (Marco("duplicidade", "A SEFAZ já tem esta chave; consultando para conferir o conteúdo."),),
            consultar_chave=documento.chave, proxima_acao_s=backoff_s(0),
        )  # fmt: skip
    if c_stat in DUPLICIDADE_OUTRA_CHAVE:
        return _decide_other_key(documento, c_stat, motivo)
    if _asks_to_wait(c_stat):
        return _wait(documento, c_stat, motivo, _state_while_waiting(documento, c_stat))
    return Decisao(
        Estado.REJEITADO,
        c_stat,
        motivo,
        (Marco("rejeitado", f"Rejeição {c_stat}: {motivo}", {"cStat": str(c_stat)}),),
    )


def _decide_lot(documento: Documento, retorno: RetornoAutorizacao) -> Decisao:
    c_stat, motivo = retorno.c_stat, retorno.motivo
    if c_stat in EM_PROCESSAMENTO:
        return _decide_queued(documento, retorno)
    if c_stat == RECIBO_DESCONHECIDO:
        return Decisao(
            Estado.INCERTO, c_stat, motivo,
            (Marco("recibo_desconhecido", "A SEFAZ não conhece o recibo; consultando pela chave."),),
            consultar_chave=documento.chave, proxima_acao_s=backoff_s(0),
        )  # fmt: skip
    if _asks_to_wait(c_stat):
        return _wait(documento, c_stat, motivo, _state_while_waiting(documento, c_stat))
    if c_stat == LOTE_PROCESSADO:
        return Decisao(
            Estado.INCERTO, c_stat, motivo,
            (Marco("resposta_sem_protocolo", "A SEFAZ disse que processou e não mandou o protocolo; consultando."),),
            consultar_chave=documento.chave, proxima_acao_s=backoff_s(0),
        )  # fmt: skip
    return Decisao(
        Estado.REJEITADO,
        c_stat,
        motivo,
        (Marco("rejeitado", f"Rejeição {c_stat}: {motivo}", {"cStat": str(c_stat)}),),
    )


def _decide_queued(documento: Documento, retorno: RetornoAutorizacao) -> Decisao:
    """103 and 105: the outcome comes later, by the receipt when there is one, else by the key."""
    recibo = retorno.recibo or documento.recibo
    if recibo is None:
        marco = Marco("em_processamento", "A SEFAZ ainda processa.")
        espera_s = backoff_s(documento.tentativas)
    else:
        descricao = f"A SEFAZ recebeu o lote e ainda o processa (recibo {recibo})."
        marco = Marco("em_processamento", descricao, {"recibo": recibo})
        espera_s = receipt_wait_s(retorno.espera_s, documento.tentativas)
    return Decisao(
        Estado.INCERTO, retorno.c_stat, retorno.motivo, (marco,), recibo=recibo, proxima_acao_s=espera_s
    )


def says_nothing_of_the_note(retorno: RetornoAutorizacao) -> bool:
    """A refusal of the message as a whole: no note was decided, none is queued, and nobody is asked to wait."""
    return (
        retorno.protocolo is None
        and retorno.c_stat not in EM_PROCESSAMENTO
        and retorno.c_stat not in (LOTE_PROCESSADO, RECIBO_DESCONHECIDO)
        and not _asks_to_wait(retorno.c_stat)
    )


def receipt_wait_s(tempo_medio_s: int | None, tentativas: int) -> float:
    """Seconds until a receipt is asked for: as the authorizer says (tMed), else 15 and then longer and longer."""
    if tempo_medio_s is not None:
        return float(min(max(tempo_medio_s, 1), _TEMPO_MEDIO_MAXIMO_S))
    return max(_ESPERA_RECIBO_S, backoff_s(tentativas))


def _decide_other_key(documento: Documento, c_stat: int, motivo: str) -> Decisao:
    outra = key_in_motivo(motivo)
    if outra is None:
        return Decisao(
            Estado.DIVERGENTE, c_stat, motivo,
            (Marco("divergente", "A SEFAZ tem outro documento com este número e não disse a chave dele."),),
        )  # fmt: skip
    return Decisao(
        Estado.INCERTO, c_stat, motivo,
        (Marco("duplicidade_outra_chave", f"A SEFAZ tem o número {documento.numero} na chave {outra}; consultando essa chave.", {"chave": outra}),),
        consultar_chave=outra, proxima_acao_s=backoff_s(0),
    )  # fmt: skip


def decide_after_query(
    documento: Documento, chave: str, retorno: RetornoConsulta, versoes: Sequence[VersaoAssinada]
) -> Decisao:
    """What NFeConsultaProtocolo4 says about `chave`: ours, or the one that 539 named.

    `versoes` are all signed versions of this document: the digest of the protocol decides whose note it is.
    """
    c_stat, motivo = retorno.c_stat, retorno.motivo
    propria = chave == documento.chave
    if c_stat in NAO_CONSTA:
        if propria and documento.substituto_id is not None:
            return _decide_lost_original(c_stat, motivo)
        if propria:
            return Decisao(
                Estado.ASSINADO, c_stat, motivo,
                (Marco("nao_consta", "A SEFAZ não conhece a chave: os mesmos bytes serão enviados de novo."),),
                proxima_acao_s=0.0,
            )  # fmt: skip
        return Decisao(
            Estado.DIVERGENTE, c_stat, motivo,
            (Marco("divergente", f"A SEFAZ nomeou a chave {chave} e depois disse que não a conhece.", {"chave": chave}),),
        )  # fmt: skip
    if c_stat in CHAVE_DIVERGENTE_NA_BASE:
        outra = key_in_motivo(motivo)
        if outra is not None and outra != chave:
            return _decide_other_key(documento, c_stat, motivo)
        return Decisao(
            Estado.DIVERGENTE,
            c_stat,
            motivo,
            (Marco("divergente", f"Outra chave ocupa este número na SEFAZ: {motivo}"),),
        )
    if retorno.protocolo is not None and (
        c_stat in AUTORIZADOS or c_stat in CANCELADOS or c_stat in DENEGADOS
    ):
        return _decide_protocol(documento, retorno.protocolo, versoes, cancelado=is_cancelled(retorno))
    return _wait(documento, c_stat, motivo, Estado.INCERTO)


def _decide_lost_original(c_stat: int, motivo: str) -> Decisao:
    """The operation was issued in contingency meanwhile, so these bytes never travel again: their number is inutilised."""
    texto = "A SEFAZ não conhece este número; a operação seguiu em contingência, e ele será inutilizado."
    return Decisao(
        Estado.REJEITADO, c_stat, motivo, (Marco("original_perdido", texto, {"cStat": str(c_stat)}),)
    )


def _decide_protocol(
    documento: Documento,
    resposta: ProtocoloNfe,
    versoes: Sequence[VersaoAssinada],
    *,
    cancelado: bool = False,
) -> Decisao:
    """Attach a protocol only when its digest proves that it belongs to bytes that we signed."""
    versao = next(
        (v for v in versoes if v.chave == resposta.chave and v.digest_value == resposta.digest_value), None
    )
    if versao is None:
        porque = (
            "o protocolo da SEFAZ não traz o resumo (digVal), então nada prova de qual documento ele é"
            if not resposta.digest_value
            else f"a SEFAZ tem no número {documento.numero} outro documento, autorizado na chave {resposta.chave}"
        )
        # The cStat of the other document says nothing about ours: shown beside it, 100 would read as success.
        return Decisao(
            Estado.DIVERGENTE, None, porque[0].upper() + porque[1:],
            (Marco("divergente", f"Precisa de uma pessoa: {porque}.", {"chave": resposta.chave, "nProt": resposta.n_prot or ""}),),
        )  # fmt: skip
    estado = Estado.AUTORIZADO
    descricao = f"Autorizado, protocolo {resposta.n_prot}."
    if resposta.c_stat in DENEGADOS:
        estado, descricao = Estado.DENEGADO, f"Uso denegado: {resposta.motivo}"
    elif cancelado or resposta.c_stat in CANCELADOS:
        estado, descricao = (
            Estado.CANCELADO,
            "A SEFAZ já tem o cancelamento deste documento, feito por outro sistema.",
        )
    protocolo = Protocolo(
        numero=resposta.n_prot or "",
        c_stat=resposta.c_stat,
        motivo=resposta.motivo,
        recebido_em=resposta.dh_recbto,
        digest_value=resposta.digest_value,
        xml=resposta.xml,
        alerta=" ".join(parte for parte in (resposta.c_msg, resposta.x_msg) if parte),
    )
    marcos = [
        Marco(estado.value.lower(), descricao, {"nProt": protocolo.numero, "cStat": str(resposta.c_stat)})
    ]
    adotada = (
        versao if versao.chave != documento.chave or versao.digest_value != documento.digest_value else None
    )
    if adotada is not None:
        marcos.insert(
            0,
            Marco(
                "versao_adotada",
                "A SEFAZ tinha autorizado uma tentativa anterior deste documento; ela foi adotada.",
                {"chave": adotada.chave},
            ),
        )
    return Decisao(
        estado, resposta.c_stat, resposta.motivo, tuple(marcos), protocolo=protocolo, adotar=adotada
    )


def decide_after_silence(documento: Documento, operacao: Operacao, motivo: str) -> Decisao:
    """No usable answer. Of a send: nobody knows (INCERTO). Of a query or receipt: as before, later."""
    recibo = documento.recibo
    if operacao is Operacao.AUTORIZACAO:
        marco = Marco(
            "incerto",
            "Sem resposta da SEFAZ: o resultado é desconhecido e será consultado pela chave.",
            {"motivo": motivo},
        )
    else:
        marco = Marco(
            "sem_resposta", "A SEFAZ não respondeu à consulta; nova consulta em seguida.", {"motivo": motivo}
        )
    return Decisao(
        Estado.INCERTO, None, motivo, (marco,), recibo=recibo, proxima_acao_s=backoff_s(documento.tentativas)
    )


def decide_after_refusal(documento: Documento, operacao: Operacao, motivo: str) -> Decisao:
    """The connection never carried the request: a send may be repeated, a question is asked again later."""
    estado = Estado.ASSINADO if operacao is Operacao.AUTORIZACAO else Estado.INCERTO
    marco = Marco("nao_enviado", "A SEFAZ não aceitou a conexão; nada foi transmitido.", {"motivo": motivo})
    return Decisao(
        estado,
        None,
        motivo,
        (marco,),
        recibo=documento.recibo,
        proxima_acao_s=backoff_s(documento.tentativas),
    )


def is_cancelled(retorno: RetornoConsulta) -> bool:
    """By its cStat or by a registered event of cancellation, which some authorizers show beside a cStat of 100."""
    return retorno.c_stat in CANCELADOS or any(
        evento.tp_evento in CANCELAMENTOS and evento.c_stat in REGISTRADOS for evento in retorno.eventos
    )


def _asks_to_wait(c_stat: int) -> bool:
    return (
        c_stat in PARALISADOS
        or c_stat in SVC_DESATIVADAS
        or c_stat in (CONSUMO_INDEVIDO, ERRO_NAO_CATALOGADO)
    )


def _state_while_waiting(documento: Documento, c_stat: int) -> Estado:
    """Turned away at the door is safe to send again; 999 may hide an authorisation, and a receipt is still open."""
    if c_stat == ERRO_NAO_CATALOGADO or documento.recibo is not None:
        return Estado.INCERTO
    return Estado.ASSINADO


def _wait(documento: Documento, c_stat: int, motivo: str, estado: Estado) -> Decisao:
    espera_s = 3_600.0 if c_stat == CONSUMO_INDEVIDO else max(10.0, backoff_s(documento.tentativas))
    return Decisao(
        estado, c_stat, motivo, (Marco("adiado", f"A SEFAZ pediu para esperar: {c_stat} {motivo}"),),
        recibo=documento.recibo, proxima_acao_s=espera_s,
    )  # fmt: skip


def _present_version(documento: Documento) -> VersaoAssinada:
    assert documento.xml_assinado is not None
    assert documento.digest_value is not None
    return VersaoAssinada(documento.chave, documento.digest_value, documento.xml_assinado)
