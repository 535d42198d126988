"""The events that the platform writes, by tpEvento. A new one is its module and a line here."""

from collections.abc import Mapping

from chancela.documents.eventos.ator_interessado import ATOR_INTERESSADO
from chancela.documents.eventos.cancelamento import CANCELAMENTO
from chancela.documents.eventos.cancelamento_substituicao import SUBSTITUICAO
from chancela.documents.eventos.carta_correcao import CARTA_CORRECAO
from chancela.documents.eventos.conciliacao import CANCELA_ECONF, ECONF
from chancela.documents.eventos.entrega import ENTREGAS
from chancela.documents.eventos.epec import EPEC
from chancela.documents.eventos.manifestacao import MANIFESTACOES
from chancela.documents.eventos.modelo import TipoEvento
from chancela.documents.eventos.prorrogacao import PRORROGACOES

EVENTOS: Mapping[str, TipoEvento] = {
    tipo.codigo: tipo
    for tipo in (
        CARTA_CORRECAO,
        CANCELAMENTO,
        SUBSTITUICAO,
        EPEC,
        ATOR_INTERESSADO,
        *ENTREGAS,
        ECONF,
        CANCELA_ECONF,
        *PRORROGACOES,
        *MANIFESTACOES,
    )
}
