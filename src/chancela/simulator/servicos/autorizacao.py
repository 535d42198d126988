"""NFeAutorizacao4: one note judged while the client waits, or a lot with a receipt."""

from datetime import timedelta

from chancela.simulator.estado import Estado
from chancela.simulator.julgamento import judge_nota, read_notas
from chancela.simulator.livro import Lote
from chancela.simulator.nota import NotaRecebida
from chancela.simulator.pedido import Destino, Pedido, Resposta, number
from chancela.simulator.regras.mensagem import refusal
from chancela.simulator.retornos import ret_envi
from chancela.simulator.servicos.base import Servico
from chancela.simulator.tabelas import CODIGO_DA_UF, UF_DO_CODIGO
from chancela.simulator.xml import Grupo


def destination_of_nfe(nfe: Grupo) -> Destino:
    """Whom a note speaks of."""
    inf = nfe.grupo("infNFe")
    ide, emit = inf.grupo("ide"), inf.grupo("emit")
    return Destino(
        UF_DO_CODIGO.get(ide.texto("cUF"), ""),
        ide.texto("mod") or "55",
        ide.texto("tpEmis") or "1",
        emit.texto("CNPJ") or emit.texto("CPF"),
        inf.atributos.get("Id", "")[3:],
        number(ide.texto("tpAmb")),
    )


class Autorizacao(Servico):
    """Reception of notes."""

    nome = "NFeAutorizacao4"
    metodo = "nfeAutorizacaoLote"
    raiz = "enviNFe"
    esquema = "enviNFe_v4.00"
    esquema_retorno = "retEnviNFe_v4.00"
    erro_esquema = (225, "Rejeição: Falha no Schema XML do lote de NFe")

    def destination(self, grupo: Grupo) -> Destino:
        return destination_of_nfe(grupo.grupo("NFe"))

    def answer(self, pedido: Pedido, estado: Estado) -> Resposta:
        notas = read_notas(pedido.conteudo, pedido.raiz, pedido.grupo)
        recusa = _check_lot(pedido.grupo.texto("indSinc"), notas)
        if recusa is not None:
            return self.refuse(pedido, *recusa)
        desativada = estado.svc_state(pedido.autorizador, pedido.destino.uf)
        if desativada is not None:
            return self.refuse(pedido, *desativada)
        if pedido.grupo.texto("indSinc") == "0":
            pedido.note("lote", f"{len(notas)} notas")
            return self.queue(pedido, estado, estado.config.tempo_lote_s, 103, "Lote recebido com sucesso")
        veredito = judge_nota(notas[0], pedido, estado)
        xml = ret_envi(pedido.cabecalho, 104, "Lote processado", protocolo=veredito.prot_nfe)
        return Resposta(xml, veredito.c_stat, veredito.motivo, veredito.chave)

    def queue(self, pedido: Pedido, estado: Estado, espera_s: float, c_stat: int, motivo: str) -> Resposta:
        """Keep the lot for later and give a receipt: cUF, authorizer's digit, 12 digits of sequence."""
        c_uf = CODIGO_DA_UF.get(pedido.destino.uf, "35")
        with estado.livro.transaction():
            numero = estado.livro.next_number(f"recibo-{c_uf}-{pedido.autorizador.tipo}")
            recibo = f"{c_uf}{pedido.autorizador.tipo}{numero:012d}"
            transmissor = pedido.transmissor
            estado.livro.add_lote(
                Lote(
                    recibo=recibo,
                    ambiente=pedido.ambiente,
                    autorizador=pedido.autorizador.nome,
                    c_uf=c_uf,
                    transmissor=(transmissor.cnpj[:8] or transmissor.cpf) if transmissor else "",
                    pronto_em=(pedido.agora + timedelta(seconds=espera_s)).isoformat(),
                    conteudo=pedido.conteudo,
                    protocolos=None,
                )
            )
        xml = ret_envi(pedido.cabecalho, c_stat, motivo, recibo=recibo, tempo_medio_s=max(1, round(espera_s)))
        return Resposta(xml, c_stat, motivo, pedido.destino.chave)

    def refuse(self, pedido: Pedido, c_stat: int, motivo: str) -> Resposta:
        return Resposta(ret_envi(pedido.cabecalho, c_stat, motivo), c_stat, motivo, pedido.destino.chave)


def _check_lot(ind_sinc: str, notas: list[NotaRecebida]) -> tuple[int, str] | None:
    """The rules of the lot as a whole (GAP03a, B06-20)."""
    modelos = {n.grupo.grupo("infNFe").grupo("ide").texto("mod") for n in notas}
    if ind_sinc == "1" and len(notas) > 1:
        return refusal("GAP03a-1")
    if len(modelos) > 1:
        return refusal("B06-20")
    if modelos == {"65"} and len(notas) > 1:
        return refusal("GAP03a-4")
    if ind_sinc == "0" and len(notas) == 1:
        return refusal("GAP03a-3")
    return None
