"""Pedido de prorrogação of a shipment for industrialisation (111500, 111501) and its cancellation (111502, 111503)."""

from chancela.simulator.eventos.cancelamento import check_protocol
from chancela.simulator.eventos.modelo import CasoEvento, Recusa, TipoEvento
from chancela.simulator.eventos.vinculos import DESFAZ

_PEDIDOS_ABERTOS = 20


def _too_many(caso: CasoEvento) -> Recusa:
    """638 and 639: requests without an answer of the Fisco; a cancelled one no longer waits."""
    cancelados = {"111500": "111502", "111501": "111503"}[caso.tipo]
    if len(caso.of_type(caso.tipo)) - len(caso.of_type(cancelados)) < _PEDIDOS_ABERTOS:
        return None
    qual = "1º prazo" if caso.tipo == "111500" else "2° prazo"
    c_stat = 638 if caso.tipo == "111500" else 639
    ponto = "" if caso.tipo == "111500" else "."
    return c_stat, (
        f"A quantidade de Pedidos de Prorrogação {qual} excede o valor limite de 20 Pedidos de Prorrogação "
        f"autorizados e sem resposta do Fisco{ponto}"
    )


def _request_exists(caso: CasoEvento) -> Recusa:
    """637, 640 and 809: the request that is cancelled, by its Id; and 460 its protocol."""
    identidade, tipo = caso.det.texto("idPedidoCancelado"), DESFAZ[caso.tipo]
    if identidade[2:8] != tipo or identidade[8:52] != caso.chave:
        return 637, "ID do evento (idPedido) inválido"
    pedido = caso.livro.find_evento(caso.ambiente, caso.chave, tipo, int(identidade[52:]))
    if pedido is None or any(identidade in e.proc_evento for e in caso.of_type(caso.tipo)):
        return 809, (
            "ID do Pedido de Prorrogação ou Cancelamento não existe na base de dados ou não há um pedido de "
            f"prorrogação deferido para o tipo: [{tipo}]"
        )
    if pedido.protocolo != caso.det.texto("nProt"):
        return 460, "Protocolo do Evento difere do cadastrado"
    return None


def _request(codigo: str) -> TipoEvento:
    return TipoEvento(
        codigo,
        "Pedido de Prorrogacao",
        f"@nfe/e{codigo}_v1.00",
        sequencia_maxima=99,
        exige_autorizada=True,
        da_nota=(check_protocol, _too_many),
    )


def _cancellation(codigo: str) -> TipoEvento:
    return TipoEvento(
        codigo,
        "Cancelamento de Pedido de Prorrogacao",
        f"@nfe/e{codigo}_v1.00",
        sequencia_maxima=99,
        da_nota=(_request_exists,),
    )


PRORROGACOES = (_request("111500"), _request("111501"), _cancellation("111502"), _cancellation("111503"))
