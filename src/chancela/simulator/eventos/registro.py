"""The kinds of event that a taxpayer may register, by tpEvento. A new one is its module and a line here."""

from chancela.simulator.eventos.ator import ATOR_INTERESSADO
from chancela.simulator.eventos.cancelamento import CANCELAMENTO, SUBSTITUICAO
from chancela.simulator.eventos.correcao import CARTA_CORRECAO
from chancela.simulator.eventos.entrega import (
    CANCELA_COMPROVANTE,
    CANCELA_ECONF,
    CANCELA_INSUCESSO,
    COMPROVANTE,
    ECONF,
    INSUCESSO,
)
from chancela.simulator.eventos.epec import EPEC
from chancela.simulator.eventos.manifestacao import CIENCIA, CONFIRMACAO, DESCONHECIMENTO, NAO_REALIZADA
from chancela.simulator.eventos.modelo import TipoEvento
from chancela.simulator.eventos.prorrogacao import PRORROGACOES

EVENTOS: dict[str, TipoEvento] = {
    tipo.codigo: tipo
    for tipo in (
        CARTA_CORRECAO,
        CANCELAMENTO,
        SUBSTITUICAO,
        COMPROVANTE,
        CANCELA_COMPROVANTE,
        EPEC,
        ATOR_INTERESSADO,
        INSUCESSO,
        CANCELA_INSUCESSO,
        ECONF,
        CANCELA_ECONF,
        *PRORROGACOES,
        CONFIRMACAO,
        CIENCIA,
        DESCONHECIMENTO,
        NAO_REALIZADA,
    )
}
