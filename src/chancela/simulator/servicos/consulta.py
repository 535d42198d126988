"""NFeConsultaProtocolo4: what the authority holds under a key."""

from datetime import datetime, timedelta

from chancela.simulator.estado import Estado
from chancela.simulator.livro import NotaLivro
from chancela.simulator.livro_eventos import EventoLivro
from chancela.simulator.pedido import Destino, Pedido, Resposta, destination_of_key, natural_of_key
from chancela.simulator.regras.contas import MENSAGENS_CHAVE, key_fault
from chancela.simulator.regras.mensagem import CONSULTA_ANTIGA
from chancela.simulator.retornos import ret_consulta
from chancela.simulator.servicos.base import Servico
from chancela.simulator.xml import Grupo

_GUARDA = timedelta(days=180)
_CHAVE_AUSENTE = "0" * 44
_AUSENTE = "Rejeição: NF-e não consta na base de dados da SEFAZ"


def _situation(nota: NotaLivro, eventos: list[EventoLivro]) -> tuple[int, str]:
    """101 once cancelled, 151 when that was late; otherwise how it was authorised."""
    if nota.situacao != "cancelada":
        return nota.c_stat, nota.motivo
    if any(evento.c_stat == 155 for evento in eventos):
        return 151, "Cancelamento de NF-e homologado fora de prazo"
    return 101, "Cancelamento de NF-e homologado"


def _too_old(chave: str, agora: datetime) -> bool:
    """Whether the month in the key ended more than 180 days ago: the key tells no day."""
    ano, mes = 2000 + int(chave[2:4]), int(chave[4:6])
    seguinte = datetime(ano + mes // 12, mes % 12 + 1, 1, tzinfo=agora.tzinfo)
    return agora - seguinte > _GUARDA


class ConsultaProtocolo(Servico):
    """Query of one document by its key."""

    nome = "NFeConsultaProtocolo4"
    metodo = "nfeConsultaNF"
    raiz = "consSitNFe"
    esquema = "consSitNFe_v4.00"
    esquema_retorno = "retConsSitNFe_v4.00"

    def destination(self, grupo: Grupo) -> Destino:
        return destination_of_key(grupo.texto("chNFe"), grupo.texto("tpAmb"))

    def answer(self, pedido: Pedido, estado: Estado) -> Resposta:
        chave = pedido.destino.chave
        falha = key_fault(chave, pedido.agora.year)
        if falha is not None:
            return self.refuse(pedido, falha, f"Rejeição: {MENSAGENS_CHAVE[falha]}")
        if not pedido.autorizador.serves(pedido.destino.uf, pedido.destino.modelo, pedido.ambiente):
            return self.refuse(pedido, 226, "Rejeição: Código da UF do Emitente diverge da UF autorizadora")
        if estado.parametros.is_on(CONSULTA_ANTIGA) and _too_old(chave, pedido.agora):
            return self.refuse(pedido, CONSULTA_ANTIGA.c_stat, CONSULTA_ANTIGA.texto)
        nota = estado.livro.find_nota(pedido.ambiente, chave)
        if (
            nota is not None
            and pedido.autorizador.contingencia
            and nota.autorizador != pedido.autorizador.nome
        ):
            return self.refuse(pedido, 217, _AUSENTE)
        if nota is not None:
            eventos = estado.livro.eventos_of(pedido.ambiente, chave)
            c_stat, motivo = _situation(nota, eventos)
            vinculados = "".join(evento.proc_evento for evento in eventos)
            xml = ret_consulta(pedido.cabecalho, chave, c_stat, motivo, nota.prot_nfe + vinculados)
            return Resposta(xml, c_stat, motivo, chave)
        return self.refuse(pedido, *self._absent(pedido, chave, estado))

    def _absent(self, pedido: Pedido, chave: str, estado: Estado) -> tuple[int, str]:
        outra = estado.livro.find_natural(pedido.ambiente, natural_of_key(chave))
        if outra is None:
            return 217, _AUSENTE
        if outra.chave[:35] == chave[:35]:
            codigo = "Código Numérico informado na Chave de Acesso difere do Código Numérico da NF-e"
            return 562, f"Rejeição: {codigo} [chNFe: {outra.chave}]"
        detalhe = f"[chNFe: {outra.chave}][nProt: {outra.protocolo}][dhAut: {outra.recebida_em}]"
        return 613, f"Rejeição: Chave de Acesso difere da existente em BD {detalhe}"

    def refuse(self, pedido: Pedido, c_stat: int, motivo: str) -> Resposta:
        chave = pedido.destino.chave or _CHAVE_AUSENTE
        return Resposta(
            ret_consulta(pedido.cabecalho, chave, c_stat, motivo), c_stat, motivo, pedido.destino.chave
        )
