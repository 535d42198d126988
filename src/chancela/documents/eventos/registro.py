"""The events that the platform writes, by tpEvento. A new one is its module and a line here."""

from collections.abc import Mapping

from chancela.documents.eventos.cancelamento import CANCELAMENTO
from chancela.documents.eventos.carta_correcao import CARTA_CORRECAO
from chancela.documents.eventos.modelo import TipoEvento

EVENTOS: Mapping[str, TipoEvento] = {tipo.codigo: tipo for tipo in (CARTA_CORRECAO, CANCELAMENTO)}
