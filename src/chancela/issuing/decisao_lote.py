"""The state machine for notes that travel together: what a lot may hold, and what its answers mean for each note. Pure.

A lot is decided in two steps. Its reception (103) says nothing of any note; its outcome (104) speaks of each by itself. A
refusal of the whole lot cannot be laid at the door of one note: then nothing was processed, and each goes alone, so that
the bad one is refused and the others are not.
"""

from dataclasses import replace

from chancela.gateways.nfe.retornos import RetornoAutorizacao
from chancela.issuing.circuito import PARALISADOS, SVC_DESATIVADAS
from chancela.issuing.decisao import (
    Decisao,
    Passo,
    backoff_s,
    decide_after_send,
    decide_after_silence,
    next_step,
    says_nothing_of_the_note,
)
from chancela.issuing.modelo import Documento, Estado, Marco, Operacao

SILENCIO_S = 30.0
"""After a lost answer to a lot: it may still lie in SEFAZ's queue, and a query by key would not find its notes yet."""


def may_share_lot(documento: Documento) -> bool:
    """Whether a living document may go with others: it was never sent, or was turned away at the door before it was read.

    What SEFAZ said of it otherwise (a refused lot, 217 after a lost answer) is its own affair: it goes alone.
    """
    if next_step(documento) not in (Passo.ASSINAR, Passo.ENVIAR):
        return False
    return documento.c_stat is None or documento.c_stat in PARALISADOS or documento.c_stat in SVC_DESATIVADAS


def decide_after_lot(documento: Documento, retorno: RetornoAutorizacao) -> Decisao:
    """What the answer of NFeAutorizacao4 to a lot means for one of its notes."""
    if not says_nothing_of_the_note(retorno):
        return decide_after_send(documento, retorno)
    texto = f"A SEFAZ recusou o lote inteiro ({retorno.c_stat} {retorno.motivo}); este documento vai sozinho."
    return Decisao(
        Estado.ASSINADO, retorno.c_stat, retorno.motivo,
        (Marco("lote_recusado", texto, {"cStat": str(retorno.c_stat)}),), proxima_acao_s=0.0,
    )  # fmt: skip


def decide_after_receipt(documento: Documento, retorno: RetornoAutorizacao) -> Decisao:
    """What the answer of NFeRetAutorizacao4 means for one note. A refused question refuses no note: it is asked by key."""
    if not says_nothing_of_the_note(retorno):
        return decide_after_send(documento, retorno)
    texto = f"A SEFAZ não respondeu pelo recibo ({retorno.c_stat} {retorno.motivo}); consultando pela chave."
    return Decisao(
        Estado.INCERTO, retorno.c_stat, retorno.motivo,
        (Marco("recibo_recusado", texto, {"cStat": str(retorno.c_stat)}),),
        consultar_chave=documento.chave, proxima_acao_s=backoff_s(0),
    )  # fmt: skip


def decide_after_lot_silence(documento: Documento, motivo: str) -> Decisao:
    """No usable answer to a lot: nobody knows, and nobody asks before the lot can have been processed."""
    decisao = decide_after_silence(documento, Operacao.AUTORIZACAO, motivo)
    return replace(decisao, proxima_acao_s=max(SILENCIO_S, backoff_s(documento.tentativas)))
