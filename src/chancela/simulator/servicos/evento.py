"""NFeRecepcaoEvento4: each event of a lot judged on its own, in the order of the official tables (groups DB and EV)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from chancela.simulator import xml
from chancela.simulator.assinatura import read_assinatura
from chancela.simulator.julgamento import check_holder, check_signature, next_protocol
from chancela.simulator.livro import NotaLivro
from chancela.simulator.livro_eventos import EventoLivro
from chancela.simulator.regras.contas import cnpj_ok, cpf_ok, key_fault
from chancela.simulator.retornos import proc_evento, ret_env_evento, ret_evento
from chancela.simulator.servicos.base import Destino, Pedido, Resposta, destination_of_key, number
from chancela.simulator.servicos.consulta import MENSAGENS_CHAVE
from chancela.simulator.xml import Grupo

if TYPE_CHECKING:
    from chancela.simulator.sefaz import Sefaz

TOLERANCIA = timedelta(minutes=5)
Recusa = tuple[int, str] | None


@dataclass(frozen=True, slots=True)
class RegraEvento:
    """One kind of event as the authority knows it."""

    descricao: str
    esquema: str
    sequencia_maxima: int
    cancela: bool = False


REGRAS_EVENTO = {
    "110110": RegraEvento("Carta de Correção", "nfe_evento_cce/schemas/v1_0/e110110_v1.00", 20),
    "110111": RegraEvento("Cancelamento", "nfe_evento_cancel/schemas/v1_0/e110111_v1.00", 1, cancela=True),
}
PRAZOS = {
    ("110111", "55"): timedelta(hours=24),
    ("110111", "65"): timedelta(minutes=30),
    ("110110", "55"): timedelta(hours=720),
}


class RecepcaoEvento:
    """Reception of events."""

    nome = "NFeRecepcaoEvento4"
    metodo = "nfeRecepcaoEvento"
    raiz = "envEvento"
    esquema = "nfe_evento_generico/schemas/v1_0/envEvento_v1.00"
    esquema_retorno = "nfe_evento_generico/schemas/v1_0/retEnvEvento_v1.00"
    limite_bytes = 500 * 1024
    erro_esquema: tuple[int, str] = (215, "Rejeição: Falha no schema XML")

    def destination(self, grupo: Grupo) -> Destino:
        inf = grupo.grupo("evento").grupo("infEvento")
        return destination_of_key(inf.texto("chNFe"), inf.texto("tpAmb"))

    def answer(self, pedido: Pedido, sefaz: "Sefaz") -> Resposta:
        eventos = pedido.grupo.grupos("evento")
        fatias = xml.slices(pedido.conteudo, "evento")
        if len(fatias) != len(eventos):
            fatias = [xml.serialize(e) for e in pedido.raiz if xml.local_name(e) == "evento"]
        julgados = [
            _judge(fatia, evento, pedido, sefaz) for fatia, evento in zip(fatias, eventos, strict=True)
        ]
        motivo = "Lote de Evento Processado"
        texto = self._return(pedido, 128, motivo, "".join(texto for texto, _, _ in julgados))
        _, c_stat, detalhe = julgados[0]
        return Resposta(texto, c_stat, detalhe, pedido.destino.chave)

    def refuse(self, pedido: Pedido, c_stat: int, motivo: str) -> Resposta:
        return Resposta(self._return(pedido, c_stat, motivo), c_stat, motivo, pedido.destino.chave)

    def _return(self, pedido: Pedido, c_stat: int, motivo: str, retornos: str = "") -> str:
        lote = pedido.grupo.texto("idLote")
        id_lote = lote if lote.isdigit() and len(lote) <= 15 else "0"
        return ret_env_evento(pedido.cabecalho, id_lote, _orgao(pedido), c_stat, motivo, retornos)


def _orgao(pedido: Pedido) -> str:
    return "91" if pedido.autorizador.nome == "AN" else pedido.cabecalho.c_uf


def _judge(fatia: bytes, evento: Grupo, pedido: Pedido, sefaz: "Sefaz") -> tuple[str, int, str]:
    """retEvento, cStat and text of one event; what is registered is in the ledger when this returns."""
    inf = evento.grupo("infEvento")
    chave, tipo, sequencia = inf.texto("chNFe"), inf.texto("tpEvento"), inf.texto("nSeqEvento")
    if b"xmlns" not in fatia[: fatia.index(b">")]:
        fatia = b'<evento xmlns="' + xml.NFE.encode() + b'"' + fatia[7:]
    nota = sefaz.livro.find_nota(pedido.ambiente, chave)
    recusa = (
        _check_form(fatia, inf, pedido, sefaz) or _check_key(inf, pedido) or _check_note(inf, nota, pedido)
    )
    if recusa is None:
        assert nota is not None, "an unknown key was refused"
        recusa = _check_kind(inf, nota, pedido, sefaz)
    regra = REGRAS_EVENTO.get(tipo)
    identidade = (chave, tipo, regra.descricao if regra else "Evento desconhecido", sequencia)
    if recusa is not None and recusa[0] != 155:
        pedido.note("evento", f"{recusa[0]}")
        motivo = f"Rejeição: {recusa[1]}"[:255]
        return ret_evento(pedido.cabecalho, _orgao(pedido), recusa[0], motivo, identidade), recusa[0], motivo
    assert regra is not None
    c_stat, motivo = recusa or (135, "Evento registrado e vinculado a NF-e")
    protocolo = next_protocol(pedido, sefaz, pedido.cabecalho.c_uf)
    retorno = ret_evento(pedido.cabecalho, _orgao(pedido), c_stat, motivo, identidade, protocolo=protocolo)
    with sefaz.livro.transaction():
        sefaz.livro.add_evento(
            EventoLivro(
                pedido.ambiente, chave, tipo, int(sequencia), inf.texto("CNPJ") or inf.texto("CPF"), pedido.autorizador.nome,
                protocolo, c_stat, pedido.cabecalho.recebido_em, proc_evento(fatia.decode(), retorno),
            )
        )  # fmt: skip
        if regra.cancela:
            sefaz.livro.cancel_nota(pedido.ambiente, chave)
    pedido.note("evento", f"{c_stat}")
    return retorno, c_stat, motivo


def _check_form(fatia: bytes, inf: Grupo, pedido: Pedido, sefaz: "Sefaz") -> Recusa:
    """Kind, version, the schema of the kind, signature, Id."""
    regra = REGRAS_EVENTO.get(inf.texto("tpEvento"))
    if regra is None:
        return 491, "O tpEvento informado inválido"
    if inf.texto("verEvento") != "1.00":
        return 492, "O verEvento informado inválido"
    raiz = xml.parse(xml.without_letters(fatia, inf.texto("chNFe"), inf.texto("CNPJ")))
    detalhe = next(e for e in raiz.iter() if xml.local_name(e) == "detEvento")
    falha = xml.esquema_nfe(regra.esquema).check(xml.parse(xml.canonicalize(detalhe)))
    if falha is not None:
        pedido.note("schema do evento", falha.mensagem)
        return 493, "Evento não atende o Schema XML específico"
    assinatura = read_assinatura(xml.parse(fatia), "infEvento")
    rejeicao = check_signature(assinatura, pedido.agora, sefaz) or check_holder(
        assinatura, inf.texto("CNPJ"), inf.texto("CPF")
    )
    if rejeicao is not None:
        return rejeicao.c_stat, rejeicao.motivo.removeprefix("Rejeição: ")
    esperado = f"ID{inf.texto('tpEvento')}{inf.texto('chNFe')}{int(inf.texto('nSeqEvento')):02d}"
    if inf.atributos.get("Id") != esperado:
        campos = '("ID" + tpEvento + chNFe + nSeqEvento)'
        return 572, f"Erro Atributo ID do evento não corresponde a concatenação dos campos {campos}"
    return None


def _check_key(inf: Grupo, pedido: Pedido) -> Recusa:
    """Organ, environment, author and key, without looking at the ledger."""
    chave, cnpj, cpf = inf.texto("chNFe"), inf.texto("CNPJ"), inf.texto("CPF")
    if inf.texto("cOrgao") != _orgao(pedido):
        return 250, "UF diverge da UF autorizadora"
    if number(inf.texto("tpAmb")) != pedido.ambiente:
        return 252, "Ambiente informado diverge do Ambiente de recebimento"
    if not cpf and not cnpj_ok(cnpj):
        return 489, "CNPJ informado inválido (DV ou zeros)"
    if cpf and not cpf_ok(cpf):
        return 490, "CPF informado inválido (DV ou zeros)"
    falha = key_fault(chave, pedido.agora.year)
    if falha is not None:
        return falha, MENSAGENS_CHAVE[falha]
    destino = destination_of_key(chave, inf.texto("tpAmb"))
    if not pedido.autorizador.serves(destino.uf, destino.modelo):
        return 249, "UF da Chave de Acesso diverge da UF autorizadora"
    if (cnpj or cpf) != destino.emitente:
        return 574, "O autor do evento diverge do emissor da NF-e"
    return None


def _check_note(inf: Grupo, nota: NotaLivro | None, pedido: Pedido) -> Recusa:
    """The date of the event against the clock and the document."""
    quando = datetime.fromisoformat(inf.texto("dhEvento"))
    if quando > pedido.agora + TOLERANCIA:
        return 578, "A data do evento não pode ser maior que a data do processamento"
    if nota is None:
        return 494, f"Chave de Acesso inexistente [chNFe:{inf.texto('chNFe')}]"
    ide = xml.read_grupo(xml.parse(nota.xml)).grupo("infNFe").grupo("ide")
    if quando < datetime.fromisoformat(ide.texto("dhEmi")):
        return 577, "A data do evento não pode ser menor que a data de emissão da NF-e"
    if ide.texto("tpEmis") == "1" and quando < datetime.fromisoformat(nota.recebida_em) - TOLERANCIA:
        texto = "A data do evento não pode ser menor que a data de autorização para NF-e não emitida em contingência"
        return 579, texto
    return None


def _check_kind(inf: Grupo, nota: NotaLivro, pedido: Pedido, sefaz: "Sefaz") -> Recusa:
    """The rules of the kind itself. 155 is no refusal: registered, but late."""
    tipo, sequencia = inf.texto("tpEvento"), int(inf.texto("nSeqEvento"))
    if tipo == "110110" and nota.modelo == "65":
        return 784, "NFC-e não permite o evento de Carta de Correção"
    if sequencia > REGRAS_EVENTO[tipo].sequencia_maxima:
        return 594, "O número de sequencia do evento informado é maior que o permitido"
    existente = sefaz.livro.find_evento(pedido.ambiente, nota.chave, tipo, sequencia)
    if existente is not None:
        return (
            573,
            f"Duplicidade de Evento [nProt:{existente.protocolo}][dhRegEvento:{existente.registrado_em}]",
        )
    if nota.situacao != "autorizada":
        return 580, "O evento exige uma NF-e autorizada"
    if tipo == "110111" and inf.grupo("detEvento").texto("nProt") != nota.protocolo:
        return 222, "Protocolo de Autorização de Uso difere do cadastrado"
    atraso = pedido.agora - datetime.fromisoformat(nota.recebida_em) - PRAZOS[tipo, nota.modelo]
    if atraso <= timedelta(0):
        return None
    if tipo == "110111" and atraso <= timedelta(hours=sefaz.tolerancia_cancelamento_h):
        return 155, "Cancelamento homologado fora de prazo"
    return 501, "Prazo de cancelamento superior ao previsto na Legislação"
