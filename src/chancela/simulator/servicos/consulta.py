"""NFeConsultaProtocolo4: what the authority holds under a key."""

from typing import TYPE_CHECKING

from chancela.simulator.livro import NotaLivro
from chancela.simulator.livro_eventos import EventoLivro
from chancela.simulator.regras.contas import key_fault
from chancela.simulator.retornos import ret_consulta
from chancela.simulator.servicos.base import Destino, Pedido, Resposta, destination_of_key
from chancela.simulator.xml import Grupo

if TYPE_CHECKING:
    from chancela.simulator.sefaz import Sefaz

MENSAGENS_CHAVE = {
    236: "Chave de Acesso com dígito verificador inválido",
    614: "Chave de Acesso inválida (Código UF inválido)",
    615: "Chave de Acesso inválida (Ano < 06 ou Ano maior que Ano Corrente)",
    616: "Chave de Acesso inválida (Mês < 1 ou Mês > 12)",
    617: "Chave de Acesso inválida (CNPJ/CPF zerado ou dígito inválido)",
    618: "Chave de Acesso inválida (modelo diferente de 55 e 65)",
    619: "Chave de Acesso inválida (número NF = 0)",
}
_CHAVE_AUSENTE = "0" * 44


def _situation(nota: NotaLivro, eventos: list[EventoLivro]) -> tuple[int, str]:
    """101 once cancelled, 151 when that was late; otherwise how it was authorised."""
    if nota.situacao != "cancelada":
        return nota.c_stat, nota.motivo
    if any(evento.c_stat == 155 for evento in eventos):
        return 151, "Cancelamento de NF-e homologado fora de prazo"
    return 101, "Cancelamento de NF-e homologado"


class ConsultaProtocolo:
    """Query of one document by its key."""

    nome = "NFeConsultaProtocolo4"
    metodo = "nfeConsultaNF"
    raiz = "consSitNFe"
    esquema = "consSitNFe_v4.00"
    esquema_retorno = "retConsSitNFe_v4.00"
    limite_bytes = 500 * 1024
    erro_esquema: tuple[int, str] = (215, "Rejeição: Falha no schema XML")

    def destination(self, grupo: Grupo) -> Destino:
        return destination_of_key(grupo.texto("chNFe"), grupo.texto("tpAmb"))

    def answer(self, pedido: Pedido, sefaz: "Sefaz") -> Resposta:
        chave = pedido.destino.chave
        falha = key_fault(chave, pedido.agora.year)
        if falha is not None:
            return self.refuse(pedido, falha, f"Rejeição: {MENSAGENS_CHAVE[falha]}")
        if not pedido.autorizador.serves(pedido.destino.uf, pedido.destino.modelo):
            return self.refuse(pedido, 226, "Rejeição: Código da UF do Emitente diverge da UF autorizadora")
        nota = sefaz.livro.find_nota(pedido.ambiente, chave)
        if nota is not None:
            eventos = sefaz.livro.eventos_of(pedido.ambiente, chave)
            c_stat, motivo = _situation(nota, eventos)
            vinculados = "".join(evento.proc_evento for evento in eventos)
            xml = ret_consulta(pedido.cabecalho, chave, c_stat, motivo, nota.prot_nfe + vinculados)
            return Resposta(xml, c_stat, motivo, chave)
        return self.refuse(pedido, *self._absent(pedido, chave, sefaz))

    def _absent(self, pedido: Pedido, chave: str, sefaz: "Sefaz") -> tuple[int, str]:
        destino = pedido.destino
        natural = f"{destino.modelo}|{chave[:2]}|{destino.emitente}|{int(chave[22:25])}|{int(chave[25:34])}"
        outra = sefaz.livro.find_natural(
            pedido.ambiente, f"{natural}|{chave[34]}" if destino.modelo == "65" else natural
        )
        if outra is None:
            return 217, "Rejeição: NF-e não consta na base de dados da SEFAZ"
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
