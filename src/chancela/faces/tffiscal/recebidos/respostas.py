"""Manifestações and received documents in the words of the contract."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo

from chancela.documents.eventos.registro import EVENTOS
from chancela.documents.recebidos.classificacao import TipoRecebido
from chancela.domain.erros import Violacao
from chancela.faces.tffiscal.envelope import Resposta, succeed
from chancela.faces.tffiscal.eventos.respostas import answer_unsettled, warnings_of
from chancela.faces.tffiscal.recebidos.saidas import (
    EstadoSaida,
    ManifestacaoComumSaida,
    ManifestacaoLinhaSaida,
    ManifestacaoSaida,
    ManifestacaoXmlSaida,
    ManifestacoesSaida,
    RecebidoSaida,
    RecebidosSaida,
    RecebidoXmlSaida,
    SincronizacaoSaida,
)
from chancela.issuing.distribuicao import DocumentoRecebido, EstadoDistribuicao, PaginaRecebidos
from chancela.issuing.distribuidor import Sincronizacao
from chancela.issuing.solicitacao import EstadoSolicitacao, PaginaSolicitacoes, Solicitacao

DADOS, LISTA = "data", "成功"
"""The two messages of these operations, as the contract prints them."""


def manifest_name(solicitacao: Solicitacao) -> str:
    """File name of a manifestação: `<key>-210210_1.xml`."""
    return f"{solicitacao.chave}-{solicitacao.tipo}_{solicitacao.sequencia}.xml"


def received_name(documento: DocumentoRecebido) -> str:
    """File name of a received document: `<key>-resNFe_2318.xml`."""
    chave = documento.dados.chave or documento.cnpj
    return f"{chave}-{documento.dados.tipo.value}_{documento.nsu}.xml"


def answer_manifest(
    solicitacao: Solicitacao, avisos: Sequence[Violacao], ligar: Callable[[Solicitacao], str]
) -> Resposta:
    """The answer of manifest. A refusal of SEFAZ is HTTP 200 with `success: false`."""
    if solicitacao.estado is EstadoSolicitacao.REGISTRADA:
        registrada: ManifestacaoSaida = {**_manifestacao(solicitacao, ligar), **warnings_of(avisos)}
        return succeed(registrada, DADOS)
    pendente: ManifestacaoSaida = {**_manifestacao(solicitacao, lambda _: ""), **warnings_of(avisos)}
    return answer_unsettled(solicitacao, pendente)


def answer_manifest_list(
    pagina: PaginaSolicitacoes, ligar: Callable[[Solicitacao], str], *, page: int, page_size: int
) -> Resposta:
    """The answer of manifest/list."""
    itens: list[ManifestacaoLinhaSaida] = [
        {
            **_manifestacao(s, ligar),
            "justificativa": s.texto,
            "create": _utc(s.criada_em),
        }
        for s in pagina.solicitacoes
    ]
    data: ManifestacoesSaida = {"total": pagina.total, "page": page, "page_size": page_size, "list": itens}
    return succeed(data, LISTA)


def answer_manifest_xml(solicitacao: Solicitacao, ligar: Callable[[Solicitacao], str]) -> Resposta:
    """The answer of manifest/get_xml."""
    assert solicitacao.chave is not None, "a manifestação is about a note"
    data: ManifestacaoXmlSaida = {
        "id": solicitacao.id,
        "chave": solicitacao.chave,
        "tipo_evento": int(solicitacao.tipo),
        "xml_url": ligar(solicitacao),
    }
    return succeed(data, DADOS)


def answer_sync(cnpj: str, uf: str, feita: Sincronizacao, motivo: str) -> Resposta:
    """The answer of received/sync."""
    estado, por_tipo = feita.estado, feita.por_tipo
    data: SincronizacaoSaida = {
        "cnpj": cnpj,
        "uf": uf,
        "initial_nsu": feita.inicial,
        "ult_nsu": estado.ult_nsu,
        "max_nsu": estado.max_nsu,
        "pending": estado.pendentes,
        "iterations": feita.iteracoes,
        "last_cstat": estado.c_stat or 0,
        "last_motivo": motivo,
        "stats": {
            "resNFe": por_tipo[TipoRecebido.RES_NFE],
            "procNFe": por_tipo[TipoRecebido.PROC_NFE],
            "resEvento": por_tipo[TipoRecebido.RES_EVENTO],
            "procEvento": por_tipo[TipoRecebido.PROC_EVENTO],
            "skipped": feita.ignorados,
        },
    }
    return succeed(data, DADOS)


def answer_state(cnpj: str, estado: EstadoDistribuicao) -> Resposta:
    """The answer of received/get_sync_status; `uf` is absent until the first synchronisation."""
    data: EstadoSaida = {
        "cnpj": cnpj,
        "ult_nsu": estado.ult_nsu,
        "max_nsu": estado.max_nsu,
        "pending": estado.pendentes,
        "last_sync": None if estado.sincronizada_em is None else _utc(estado.sincronizada_em),
    }
    if estado.sincronizada_em is not None and estado.uf is not None:
        data["uf"] = estado.uf.value
    return succeed(data, LISTA)


def answer_received_list(
    pagina: PaginaRecebidos,
    fuso: tzinfo,
    ligar: Callable[[DocumentoRecebido], str],
    *,
    page: int,
    page_size: int,
) -> Resposta:
    """The answer of received/list."""
    itens = [_recebido(documento, fuso, ligar) for documento in pagina.documentos]
    data: RecebidosSaida = {"total": pagina.total, "page": page, "page_size": page_size, "list": itens}
    return succeed(data, LISTA)


def answer_received_xml(documento: DocumentoRecebido, ligar: Callable[[DocumentoRecebido], str]) -> Resposta:
    """The answer of received/get_xml."""
    data: RecebidoXmlSaida = {
        "id": documento.id,
        "nsu": documento.nsu,
        "doc_type": documento.dados.tipo.value,
        "chave": documento.dados.chave,
        "xml_url": ligar(documento),
    }
    return succeed(data, DADOS)


def _manifestacao(solicitacao: Solicitacao, ligar: Callable[[Solicitacao], str]) -> ManifestacaoComumSaida:
    assert solicitacao.chave is not None, "a manifestação is about a note"
    assert solicitacao.sequencia is not None, "a manifestação is numbered when it is written"
    return {
        "id": solicitacao.id,
        "chave": solicitacao.chave,
        "cnpj": solicitacao.emitente,
        "tipo_evento": int(solicitacao.tipo),
        "desc_evento": EVENTOS[solicitacao.tipo].descricao,
        "nProt": solicitacao.protocolo or "",
        "cStat": solicitacao.c_stat or 0,
        "xMotivo": solicitacao.motivo,
        "nSeqEvento": solicitacao.sequencia,
        "xml_url": ligar(solicitacao),
    }


def _recebido(
    documento: DocumentoRecebido, fuso: tzinfo, ligar: Callable[[DocumentoRecebido], str]
) -> RecebidoSaida:
    dados = documento.dados
    return {
        "id": documento.id,
        "nsu": documento.nsu,
        "doc_type": dados.tipo.value,
        "schema": documento.esquema,
        "chave": dados.chave,
        "cnpj_destinatario": documento.cnpj,
        "emitente_cnpj": dados.emitente,
        "emitente_nome": dados.emitente_nome,
        "valor": dados.valor or 0,
        "dh_emi": _local(dados.emissao, fuso),
        "serie": dados.serie or 0,
        "number": dados.numero or 0,
        "tp_nf": dados.tipo_operacao or 0,
        "c_sit_nfe": dados.situacao or 0,
        "tp_evento": int(dados.tp_evento or 0),
        "desc_evento": dados.descricao_evento,
        "n_seq_evento": dados.sequencia or 0,
        "dh_evento": _local(dados.evento_em, fuso),
        "xml_url": ligar(documento),
        "create": _utc(documento.capturado_em),
    }


def _utc(momento: datetime) -> str:
    return momento.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def _local(momento: datetime | None, fuso: tzinfo) -> str | None:
    return None if momento is None else momento.astimezone(fuso).strftime("%Y-%m-%d %H:%M:%S")
