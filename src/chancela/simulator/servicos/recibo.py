"""NFeRetAutorizacao4: the outcome of a lot by its receipt."""

from chancela.simulator.estado import Estado
from chancela.simulator.pedido import Destino, Pedido, Resposta, number
from chancela.simulator.retornos import ret_recibo
from chancela.simulator.servicos.base import Servico
from chancela.simulator.tabelas import UF_DO_CODIGO
from chancela.simulator.xml import Grupo

_RECIBO_AUSENTE = "0" * 15


class RetornoAutorizacao(Servico):
    """Query of a receipt."""

    nome = "NFeRetAutorizacao4"
    metodo = "nfeRetAutorizacaoLote"
    raiz = "consReciNFe"
    esquema = "consReciNFe_v4.00"
    esquema_retorno = "retConsReciNFe_v4.00"

    def destination(self, grupo: Grupo) -> Destino:
        return Destino(
            uf=UF_DO_CODIGO.get(grupo.texto("nRec")[:2], ""), ambiente=number(grupo.texto("tpAmb"))
        )

    def answer(self, pedido: Pedido, estado: Estado) -> Resposta:
        recibo = pedido.grupo.texto("nRec")
        lote = estado.livro.find_lote(recibo)
        if lote is None or lote.ambiente != pedido.ambiente:
            return self.refuse(pedido, 106, "Rejeição: Lote não localizado")
        if lote.autorizador != pedido.autorizador.nome and pedido.destino.uf != UF_DO_CODIGO.get(lote.c_uf):
            return self.refuse(
                pedido, 553, "Rejeição: Tipo autorizador do recibo diverge do Órgão Autorizador."
            )
        transmissor = pedido.transmissor
        if transmissor is not None and lote.transmissor not in (transmissor.cnpj[:8], transmissor.cpf):
            texto = "Rejeição: CNPJ/CPF do transmissor do lote difere do CNPJ/CPF do transmissor da consulta"
            return self.refuse(pedido, 223, texto)
        if lote.protocolos is None:
            return self.refuse(pedido, 105, "Lote em processamento")
        motivo = "Lote processado"
        return Resposta(ret_recibo(pedido.cabecalho, recibo, 104, motivo, lote.protocolos), 104, motivo)

    def refuse(self, pedido: Pedido, c_stat: int, motivo: str) -> Resposta:
        recibo = pedido.grupo.texto("nRec") or _RECIBO_AUSENTE
        return Resposta(ret_recibo(pedido.cabecalho, recibo, c_stat, motivo), c_stat, motivo)
