"""NFeRecepcaoEvento4 of UFs, SVC, Ambiente Nacional (cOrgao 91) and SVRS as national organ (92): lots of 1 to 20 events."""

from dataclasses import replace

from chancela.simulator import xml
from chancela.simulator.estado import Estado
from chancela.simulator.eventos.julgamento import judge_evento, organ_of
from chancela.simulator.pedido import Destino, Pedido, Resposta, destination_of_key
from chancela.simulator.retornos import ret_env_evento
from chancela.simulator.servicos.base import Servico
from chancela.simulator.xml import Grupo

_NACIONAIS = {"91": "AN", "92": "SVRS"}


class RecepcaoEvento(Servico):
    """Reception of events."""

    nome = "NFeRecepcaoEvento4"
    metodo = "nfeRecepcaoEvento"
    raiz = "envEvento"
    esquema = "nfe_evento_generico/schemas/v1_0/envEvento_v1.00"
    nacional = True
    esquema_retorno = "nfe_evento_generico/schemas/v1_0/retEnvEvento_v1.00"
    versao = "1.00"
    so_digitos = True

    def destination(self, grupo: Grupo) -> Destino:
        inf = grupo.grupo("evento").grupo("infEvento")
        destino = destination_of_key(inf.texto("chNFe"), inf.texto("tpAmb"))
        return replace(destino, autorizador=_NACIONAIS.get(inf.texto("cOrgao"), ""))

    def answer(self, pedido: Pedido, estado: Estado) -> Resposta:
        desativada = estado.svc_state(pedido.autorizador, pedido.destino.uf)
        if desativada is not None and desativada[0] == 114:
            return self.refuse(pedido, *desativada)
        eventos = pedido.grupo.grupos("evento")
        fatias = xml.slices(pedido.conteudo, "evento")
        if len(fatias) != len(eventos):
            fatias = [xml.serialize(e) for e in pedido.raiz if xml.local_name(e) == "evento"]
        orgao = _organ(pedido)
        julgados = [
            judge_evento(fatia, evento, pedido, estado, orgao)
            for fatia, evento in zip(fatias, eventos, strict=True)
        ]
        texto = self._return(pedido, 128, "Lote de Evento Processado", "".join(j.retorno for j in julgados))
        return Resposta(texto, julgados[0].c_stat, julgados[0].motivo, pedido.destino.chave)

    def refuse(self, pedido: Pedido, c_stat: int, motivo: str) -> Resposta:
        return Resposta(self._return(pedido, c_stat, motivo), c_stat, motivo, pedido.destino.chave)

    def _return(self, pedido: Pedido, c_stat: int, motivo: str, retornos: str = "") -> str:
        lote = pedido.grupo.texto("idLote")
        id_lote = lote if lote.isdigit() and len(lote) <= 15 else "0"
        orgao = organ_of(pedido, _organ(pedido))
        return ret_env_evento(pedido.cabecalho, id_lote, orgao, c_stat, motivo, retornos)


def _organ(pedido: Pedido) -> str:
    """cOrgao of the first event."""
    return pedido.grupo.grupo("evento").grupo("infEvento").texto("cOrgao")
