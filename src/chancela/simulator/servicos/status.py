"""NFeStatusServico4."""

from typing import TYPE_CHECKING

from chancela.simulator.retornos import ret_status
from chancela.simulator.servicos.base import Destino, Pedido, Resposta, number
from chancela.simulator.tabelas import UF_DO_CODIGO
from chancela.simulator.xml import Grupo

if TYPE_CHECKING:
    from chancela.simulator.sefaz import Sefaz


class StatusServico:
    """Whether an authorizer works for a UF."""

    nome = "NFeStatusServico4"
    metodo = "nfeStatusServicoNF"
    raiz = "consStatServ"
    esquema = "consStatServ_v4.00"
    esquema_retorno = "retConsStatServ_v4.00"
    limite_bytes = 500 * 1024
    erro_esquema: tuple[int, str] = (215, "Rejeição: Falha no schema XML")

    def destination(self, grupo: Grupo) -> Destino:
        return Destino(uf=UF_DO_CODIGO.get(grupo.texto("cUF"), ""), ambiente=number(grupo.texto("tpAmb")))

    def answer(self, pedido: Pedido, sefaz: "Sefaz") -> Resposta:
        uf = pedido.destino.uf
        if not (pedido.autorizador.serves(uf, "55") or pedido.autorizador.serves(uf, "65")):
            return self.refuse(pedido, 289, "Rejeição: Código da UF informada diverge da UF solicitada")
        desativada = sefaz.svc_state(pedido.autorizador, uf)
        if desativada is not None:
            return self.refuse(pedido, *desativada)
        motivo = "Serviço em Operação"
        return Resposta(ret_status(pedido.cabecalho, 107, motivo, tempo_medio_s=1), 107, motivo)

    def refuse(self, pedido: Pedido, c_stat: int, motivo: str) -> Resposta:
        return Resposta(ret_status(pedido.cabecalho, c_stat, motivo), c_stat, motivo)
