"""NFeStatusServico4."""

from chancela.simulator.estado import Estado
from chancela.simulator.pedido import Destino, Pedido, Resposta, number
from chancela.simulator.retornos import ret_status
from chancela.simulator.servicos.base import Servico
from chancela.simulator.tabelas import UF_DO_CODIGO
from chancela.simulator.xml import Grupo


class StatusServico(Servico):
    """Whether an authorizer works for a UF."""

    nome = "NFeStatusServico4"
    metodo = "nfeStatusServicoNF"
    raiz = "consStatServ"
    esquema = "consStatServ_v4.00"
    nacional = True
    esquema_retorno = "retConsStatServ_v4.00"

    def destination(self, grupo: Grupo) -> Destino:
        return Destino(uf=UF_DO_CODIGO.get(grupo.texto("cUF"), ""), ambiente=number(grupo.texto("tpAmb")))

    def answer(self, pedido: Pedido, estado: Estado) -> Resposta:
        uf = pedido.destino.uf
        if not any(pedido.autorizador.serves(uf, modelo, pedido.ambiente) for modelo in ("55", "65")) and (
            pedido.autorizador.nome != "AN"
        ):
            return self.refuse(pedido, 289, "Rejeição: Código da UF informada diverge da UF solicitada")
        desativada = estado.svc_state(pedido.autorizador, uf)
        if desativada is not None:
            return self.refuse(pedido, *desativada)
        motivo = "Serviço em Operação"
        return Resposta(ret_status(pedido.cabecalho, 107, motivo, tempo_medio_s=1), 107, motivo)

    def refuse(self, pedido: Pedido, c_stat: int, motivo: str) -> Resposta:
        return Resposta(ret_status(pedido.cabecalho, c_stat, motivo), c_stat, motivo)
