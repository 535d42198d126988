"""Prorrogação of the suspension of ICMS in a remessa para industrialização (111500, 111501) and its withdrawal (111502, 111503).

Norma: Ajuste SINIEF 15/2010 and NT 2015.001. The first two ask for the first and the second extension of 180 days;
the Fisco answers with events of its own (411500 to 411503).
"""

from dataclasses import dataclass
from decimal import Decimal

from chancela.documents.eventos.detalhe import PROTOCOLO, det_evento
from chancela.documents.eventos.modelo import TipoEvento
from chancela.domain.identidade import Modelo
from chancela.domain.xml.esquemas import Esquema
from chancela.domain.xml.formatos import INTEIRO, TEXTO, decimal
from chancela.domain.xml.leiaute import Tabela, atributo, campo, lista


@dataclass(frozen=True, slots=True)
class ItemProrrogado:
    """What stays away longer: the item's number in the note and the quantity in its commercial unit."""

    numero: int
    quantidade: Decimal


@dataclass(frozen=True, slots=True)
class PedidoProrrogacao:
    """`protocolo` is that of the note's authorisation."""

    protocolo: str
    itens: tuple[ItemProrrogado, ...]
    versao: str = "1.00"


@dataclass(frozen=True, slots=True)
class CancelamentoProrrogacao:
    """`pedido` is the Id of the request taken back: ID, its tpEvento, the key and its sequence with two digits."""

    pedido: str
    protocolo: str
    versao: str = "1.00"


_ITEM = Tabela(
    "itemPedido",
    ItemProrrogado,
    atributo("numItem", "numero", INTEIRO),
    campo("qtdeItem", "quantidade", decimal(0, 4)),
)


def _ask(codigo: str, esquema: Esquema) -> TipoEvento:
    descricao = "Pedido de Prorrogacao"
    return TipoEvento(
        codigo=codigo,
        descricao=descricao,
        tabela=det_evento(PedidoProrrogacao, descricao, PROTOCOLO, lista("itens", _ITEM)),
        esquema=esquema,
        sequencia_maxima=99,
        modelos=frozenset({Modelo.NFE}),
    )


def _withdraw(codigo: str, esquema: Esquema, desfaz: str) -> TipoEvento:
    descricao = "Cancelamento de Pedido de Prorrogacao"
    return TipoEvento(
        codigo=codigo,
        descricao=descricao,
        tabela=det_evento(
            CancelamentoProrrogacao, descricao, campo("idPedidoCancelado", "pedido", TEXTO), PROTOCOLO
        ),
        esquema=esquema,
        sequencia_maxima=99,
        modelos=frozenset({Modelo.NFE}),
        desfaz=desfaz,
    )


PRORROGACOES = (
    _ask("111500", Esquema.DET_PRORROGACAO_1),
    _ask("111501", Esquema.DET_PRORROGACAO_2),
    _withdraw("111502", Esquema.DET_CANCELA_PRORROGACAO_1, "111500"),
    _withdraw("111503", Esquema.DET_CANCELA_PRORROGACAO_2, "111501"),
)
