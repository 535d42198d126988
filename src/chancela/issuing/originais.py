"""Originals, pure: what becomes of one once its outcome is known, and what its sale can no longer be asked through it.

An original is a document that was sent without answer and whose operation went on in contingency under another number.
If SEFAZ does not know it, the number was never used (inutilização). If SEFAZ authorised it, one sale has two notes: the
NF-e is cancelled (110111); the NFC-e is cancelled, or replaced by the offline one (110112) within its 168 hours (NT 2018.004).
"""

from datetime import datetime
from enum import Enum, auto

from chancela.documents.eventos.cancelamento import CANCELAMENTO
from chancela.documents.eventos.cancelamento_substituicao import SUBSTITUICAO
from chancela.domain.erros import EstadoInvalido
from chancela.domain.identidade import Modelo
from chancela.issuing.contingencia import TipoEmissao
from chancela.issuing.modelo import Documento, Estado


class Limpeza(Enum):
    """What becomes of a lost original."""

    INUTILIZAR = auto()
    CANCELAR = auto()
    SUBSTITUIR = auto()
    ESPERAR = auto()
    DECIDIR = auto()
    """No event is left that would do it: a person decides."""


def choose_cleanup(original: Documento, substituto: Documento, agora: datetime) -> Limpeza:
    """The way out for an original whose outcome is known."""
    if original.estado is Estado.REJEITADO:
        return Limpeza.INUTILIZAR
    assert original.estado is Estado.AUTORIZADO, original.estado
    assert original.protocolo is not None
    idade = agora - original.protocolo.recebido_em
    if idade <= CANCELAMENTO.prazos[original.modelo]:
        return Limpeza.CANCELAR
    if (
        original.modelo is not Modelo.NFCE
        or substituto.tp_emis != TipoEmissao.OFFLINE
        or idade > SUBSTITUICAO.prazos[Modelo.NFCE]
    ):
        return Limpeza.DECIDIR
    if substituto.estado is Estado.AUTORIZADO:
        return Limpeza.SUBSTITUIR
    return Limpeza.ESPERAR if substituto.estado.vivo else Limpeza.DECIDIR


def check_holds_sale(original: Documento, substituto: Documento, agora: datetime) -> None:
    """Refuse what a customer asks of an original while its substitute holds the sale.

    A cancellation would be told as the sale's and leave the substitute valid; a correction would be undone with the
    original. Both pass where a person has to decide, since no way out is left that the platform takes by itself.
    """
    if not (substituto.estado.vivo or substituto.estado is Estado.AUTORIZADO):
        return
    if (
        original.estado is Estado.AUTORIZADO
        and choose_cleanup(original, substituto, agora) is Limpeza.DECIDIR
    ):
        return
    raise EstadoInvalido(
        "NOTA-SUBSTITUIDA",
        f"A SEFAZ não respondeu a esta nota a tempo, e a venda seguiu em contingência na nota {substituto.numero} da série"
        f" {substituto.serie}, que é a que vale. Esta é desfeita sem que ninguém peça.",
        f"Repita o pedido para a nota que vale: uuid {substituto.id}, chave {substituto.chave}.",
    )
