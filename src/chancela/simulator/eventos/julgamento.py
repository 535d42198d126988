"""The judgement of one event, in the order of the official tables (groups DB and EV): form, key, note, kind, ledger."""

from dataclasses import dataclass
from datetime import timedelta

from chancela.simulator import xml
from chancela.simulator.assinatura import read_assinatura
from chancela.simulator.estado import Estado
from chancela.simulator.eventos.modelo import (
    AMBIENTE_NACIONAL,
    ORGAO_SVRS,
    Autor,
    CasoEvento,
    Recusa,
    TipoEvento,
)
from chancela.simulator.eventos.registro import EVENTOS
from chancela.simulator.interessados import publish_epec, publish_evento
from chancela.simulator.julgamento import check_holder, check_signature, next_protocol
from chancela.simulator.livro_eventos import EventoLivro
from chancela.simulator.pedido import Pedido, destination_of_key, number
from chancela.simulator.regras.contas import MENSAGENS_CHAVE, cnpj_ok, cpf_ok, key_fault
from chancela.simulator.retornos import proc_evento, ret_evento
from chancela.simulator.xml import Grupo

TOLERANCIA = timedelta(minutes=5)
_ATRASADO = 155
_TIPOS_DE_AUTOR = {"1": Autor.EMITENTE, "2": Autor.DESTINATARIO}


@dataclass(frozen=True, slots=True)
class VereditoEvento:
    """What became of an event, and the retEvento that says so."""

    retorno: str
    c_stat: int
    motivo: str


def judge_evento(
    fatia: bytes, evento: Grupo, pedido: Pedido, estado: Estado, primeiro_orgao: str
) -> VereditoEvento:
    """Judge one event of a lot; what is registered is in the ledger when this returns."""
    if b"xmlns" not in fatia[: fatia.index(b">")]:
        fatia = b'<evento xmlns="' + xml.NFE.encode() + b'"' + fatia[7:]
    caso = CasoEvento(evento.grupo("infEvento"), pedido, estado)
    tipo = EVENTOS.get(caso.tipo)
    recusa = (
        (491, "O tpEvento informado inválido")
        if tipo is None
        else _check_form(fatia, caso, tipo)
        or _check_address(caso, tipo, primeiro_orgao)
        or _check_author(caso, tipo)
        or next((r for regra in tipo.da_chave if (r := regra(caso))), None)
        or _check_note(caso, tipo)
    )
    if tipo is None or (recusa is not None and recusa[0] != _ATRASADO):
        assert recusa is not None
        pedido.note("evento", f"{recusa[0]}")
        descricao = tipo.descricao if tipo else "Evento desconhecido"
        motivo = f"Rejeição: {recusa[1]}"[:255]
        return VereditoEvento(_answer(caso, descricao, recusa[0], motivo), recusa[0], motivo)
    return _register(fatia, caso, tipo, recusa)


def _register(fatia: bytes, caso: CasoEvento, tipo: TipoEvento, atraso: Recusa) -> VereditoEvento:
    pedido = caso.pedido
    c_stat, motivo = atraso or (135, "Evento registrado e vinculado a NF-e")
    if tipo.sem_nota:
        c_stat, motivo = 136, "Evento registrado, mas não vinculado a NF-e"
    protocolo = next_protocol(pedido, caso.estado, organ_of(caso.pedido, caso.orgao))
    retorno = _answer(caso, tipo.descricao, c_stat, motivo, protocolo)
    quando = pedido.cabecalho.recebido_em
    registrado = EventoLivro(
        pedido.ambiente, caso.chave, caso.tipo, caso.sequencia, caso.autor, pedido.autorizador.nome, protocolo, c_stat, quando,
        proc_evento(fatia.decode(), retorno),
    )  # fmt: skip
    anteriores = caso.anteriores
    with caso.livro.transaction():
        caso.livro.add_evento(registrado)
        if tipo.efeito is not None:
            tipo.efeito(caso, quando)
        if tipo.sem_nota:
            publish_epec(caso.livro, registrado, caso.agora.isoformat())
        else:
            publish_evento(caso.livro, registrado, caso.nota, anteriores, caso.agora.isoformat())
    pedido.note("evento", f"{c_stat}")
    return VereditoEvento(retorno, c_stat, motivo)


def _answer(caso: CasoEvento, descricao: str, c_stat: int, motivo: str, protocolo: str = "") -> str:
    identidade = (caso.chave, caso.tipo, descricao, str(caso.sequencia))
    destinatario = caso.nota.destinatario if protocolo and caso.registrada is not None else ""
    orgao = organ_of(caso.pedido, caso.orgao)
    return ret_evento(
        caso.pedido.cabecalho,
        orgao,
        c_stat,
        motivo,
        identidade,
        protocolo=protocolo,
        destinatario=destinatario,
    )


def organ_of(pedido: Pedido, c_orgao: str) -> str:
    """The organ as which the authority answers: 91, 92 when SVRS was asked as the national one, else the UF."""
    if pedido.autorizador.nome == "AN":
        return AMBIENTE_NACIONAL
    return (
        ORGAO_SVRS if pedido.autorizador.nome == "SVRS" and c_orgao == ORGAO_SVRS else pedido.cabecalho.c_uf
    )


def _check_form(fatia: bytes, caso: CasoEvento, tipo: TipoEvento) -> Recusa:
    """Version, the schema of the kind, signature, Id."""
    inf = caso.inf
    if inf.texto("verEvento") != "1.00":
        return 492, "O verEvento informado inválido"
    previa = tipo.antes_do_esquema(caso) if tipo.antes_do_esquema is not None else None
    if previa is not None:
        return previa
    raiz = xml.parse(xml.without_letters(fatia, xml.identities(inf)))
    detalhe = next(e for e in raiz.iter() if xml.local_name(e) == "detEvento")
    falha = xml.esquema_nfe(tipo.esquema).check(xml.parse(xml.canonicalize(detalhe)))
    if falha is not None:
        caso.pedido.note("schema do evento", falha.mensagem)
        return 493, "Evento não atende o Schema XML específico"
    assinatura = read_assinatura(xml.parse(fatia), "infEvento")
    rejeicao = check_signature(assinatura, caso.agora, caso.estado) or check_holder(
        assinatura, inf.texto("CNPJ"), inf.texto("CPF")
    )
    if rejeicao is not None:
        return rejeicao.c_stat, rejeicao.motivo.removeprefix("Rejeição: ")
    if inf.atributos.get("Id") != f"ID{caso.tipo}{caso.chave}{caso.sequencia:02d}":
        campos = '("ID" + tpEvento + chNFe + nSeqEvento)'
        return 572, f"Erro Atributo ID do evento não corresponde a concatenação dos campos {campos}"
    return None


def _check_address(caso: CasoEvento, tipo: TipoEvento, primeiro_orgao: str) -> Recusa:
    """Organ and environment: the kind belongs to this authority."""
    pedido = caso.pedido
    if caso.orgao != primeiro_orgao:
        return 477, "Código do órgão diverge do órgão do primeiro evento do Lote"
    esperado = tipo.organ_for(caso.modelo)
    nacional = pedido.autorizador.nome == {AMBIENTE_NACIONAL: "AN", ORGAO_SVRS: "SVRS"}.get(esperado)
    da_uf = not esperado and pedido.autorizador.nome != "AN"
    if not (nacional or da_uf) or caso.orgao != (esperado or pedido.cabecalho.c_uf):
        return 250, "UF diverge da UF autorizadora"
    if number(caso.inf.texto("tpAmb")) != pedido.ambiente:
        return 252, "Ambiente informado diverge do Ambiente de recebimento"
    return None


def _check_author(caso: CasoEvento, tipo: TipoEvento) -> Recusa:
    """Author, key and sequence, without looking at the ledger."""
    inf, pedido = caso.inf, caso.pedido
    if not inf.tem("CPF") and not cnpj_ok(inf.texto("CNPJ")):
        return 489, "CNPJ informado inválido (DV ou zeros)"
    if inf.tem("CPF") and not cpf_ok(inf.texto("CPF")):
        return 490, "CPF informado inválido (DV ou zeros)"
    falha = key_fault(caso.chave, caso.agora.year)
    if falha is not None:
        return falha, MENSAGENS_CHAVE[falha]
    if caso.modelo not in tipo.modelos:
        if tipo.modelos == frozenset({"65"}):
            return 775, "Modelo da NFC-e diferente de 65"
        return 450, "Modelo da NF-e diferente de 55"
    destino = destination_of_key(caso.chave, inf.texto("tpAmb"))
    if not tipo.organ_for(caso.modelo) and not pedido.autorizador.serves(
        destino.uf, destino.modelo, pedido.ambiente
    ):
        return 249, "UF da Chave de Acesso diverge da UF autorizadora"
    if author_of(caso, tipo) is Autor.EMITENTE and caso.autor != destino.emitente:
        return 574, "O autor do evento diverge do emissor da NF-e"
    if caso.quando > caso.agora + TOLERANCIA:
        return 578, "A data do evento não pode ser maior que a data do processamento"
    if caso.sequencia > tipo.sequencia_maxima:
        return 594, "O número de sequencia do evento informado é maior que o permitido"
    return None


def author_of(caso: CasoEvento, tipo: TipoEvento) -> Autor:
    """Who the author must be: what the kind says, or what the message declares in tpAutor."""
    if tipo.autor is not Autor.DECLARADO:
        return tipo.autor
    return _TIPOS_DE_AUTOR.get(caso.det.texto("tpAutor"), Autor.DECLARADO)


def _check_note(caso: CasoEvento, tipo: TipoEvento) -> Recusa:
    """What needs the note: it exists, dates, author, duplicate, situation, the rules of the kind, window."""
    if tipo.sem_nota:
        return None
    if caso.registrada is None:
        return 494, f"Chave de Acesso inexistente [chNFe:{caso.chave}]"
    return (
        _check_dates(caso)
        or _check_recipient(caso, tipo)
        or _check_duplicate(caso)
        or _check_situation(caso, tipo)
        or next((r for regra in tipo.da_nota if (r := regra(caso))), None)
        or _check_window(caso, tipo)
    )


def _check_dates(caso: CasoEvento) -> Recusa:
    if caso.quando < caso.nota.emissao:
        return 577, "A data do evento não pode ser menor que a data de emissão da NF-e"
    if caso.nota.tp_emis == "1" and caso.quando < caso.autorizada_em - TOLERANCIA:
        texto = "A data do evento não pode ser menor que a data de autorização para NF-e não emitida em contingência"
        return 579, texto
    return None


def _check_recipient(caso: CasoEvento, tipo: TipoEvento) -> Recusa:
    if author_of(caso, tipo) is Autor.DESTINATARIO and caso.autor != caso.nota.destinatario:
        return 575, "Autor do evento diverge do destinatário da NF-e"
    return None


def _check_duplicate(caso: CasoEvento) -> Recusa:
    existente = caso.livro.find_evento(caso.ambiente, caso.chave, caso.tipo, caso.sequencia)
    if existente is None:
        return None
    return 573, f"Duplicidade de Evento [nProt:{existente.protocolo}][dhRegEvento:{existente.registrado_em}]"


def _check_situation(caso: CasoEvento, tipo: TipoEvento) -> Recusa:
    if tipo.exige_autorizada and caso.livro_nota.situacao != "autorizada":
        return 580, "O evento exige uma NF-e autorizada"
    return None


def _check_window(caso: CasoEvento, tipo: TipoEvento) -> Recusa:
    prazo = tipo.prazos.get(caso.modelo)
    if prazo is None:
        return None
    passado = caso.agora - caso.autorizada_em
    if passado <= prazo.limite:
        return None
    if prazo.c_stat == 596:
        return 596, f"Evento apresentado fora do prazo: [{prazo.texto}]"
    if tipo.codigo == "110111" and passado <= prazo.limite + timedelta(
        hours=caso.estado.tolerancia_cancelamento_h
    ):
        return _ATRASADO, "Cancelamento homologado fora de prazo"
    return 501, "Prazo de cancelamento superior ao previsto na Legislação"
