"""One stored document between its row and its value. The columns are named here once for every query."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import RowMapping

from chancela.domain.identidade import Ambiente, Modelo, Uf
from chancela.issuing.modelo import Concessao, Documento, Estado, Protocolo, Resumo

COLUNAS = """
    d.id, d.empresa_id, d.modelo, d.ambiente, d.cnpj, d.uf, d.serie, d.numero, d.tp_emis, d.chave, d.referencia,
    d.estado, d.emitido_em, d.criado_em, d.atualizado_em, d.valor_total, d.total_tributos, d.natureza_operacao, d.destinatario_nome,
    d.destinatario_documento, d.quantidade_itens, d.avisos, d.c_stat, d.motivo, d.recibo, d.tentativas, d.protocolo,
    d.protocolo_c_stat, d.protocolo_motivo, d.protocolo_em, d.protocolo_digest, d.protocolo_alerta, d.concessao,
    d.contingencia_em, d.transmitir_ate, d.substituto_id, d.pedido_id,
    v.xml_sem_assinatura, v.suplemento, v.xml_assinado, v.digest_value, v.protocolo_xml,
    EXISTS (SELECT 1 FROM tentativas t WHERE t.documento_id = d.id AND t.encerrada_em IS NULL) AS tentativa_aberta
"""
"""Of `documentos d` joined with its present `versoes v`."""
JUNCAO = "JOIN versoes v ON v.documento_id = d.id AND v.versao = d.versao"


def read_documento(linha: RowMapping) -> Documento:
    """The value of a row that has `COLUNAS`."""
    return Documento(
        id=linha["id"],
        empresa_id=linha["empresa_id"],
        modelo=Modelo(linha["modelo"]),
        ambiente=Ambiente(linha["ambiente"]),
        emitente=linha["cnpj"],
        uf=Uf(linha["uf"]),
        serie=linha["serie"],
        numero=linha["numero"],
        tp_emis=linha["tp_emis"],
        chave=linha["chave"],
        referencia=linha["referencia"],
        estado=Estado(linha["estado"]),
        emitido_em=linha["emitido_em"],
        criado_em=linha["criado_em"],
        atualizado_em=linha["atualizado_em"],
        resumo=Resumo(
            valor_total=linha["valor_total"],
            natureza_operacao=linha["natureza_operacao"],
            destinatario_nome=linha["destinatario_nome"],
            destinatario_documento=linha["destinatario_documento"],
            quantidade_itens=linha["quantidade_itens"],
            total_tributos=linha["total_tributos"],
        ),
        xml_sem_assinatura=linha["xml_sem_assinatura"],
        suplemento=linha["suplemento"],
        xml_assinado=linha["xml_assinado"],
        digest_value=linha["digest_value"],
        protocolo=_read_protocolo(linha),
        recibo=linha["recibo"],
        c_stat=linha["c_stat"],
        motivo=linha["motivo"],
        tentativas=linha["tentativas"],
        tentativa_aberta=linha["tentativa_aberta"],
        avisos=tuple(linha["avisos"]),
        contingencia_em=linha["contingencia_em"],
        transmitir_ate=linha["transmitir_ate"],
        substituto_id=linha["substituto_id"],
        pedido_id=linha["pedido_id"],
    )


def read_concessao(linha: RowMapping) -> Concessao:
    """The lease that a claiming statement just took."""
    return Concessao(read_documento(linha), linha["concessao"])


def write_resumo(resumo: Resumo) -> Mapping[str, Any]:
    """The summary's columns as parameters."""
    return {
        "valor_total": resumo.valor_total,
        "total_tributos": resumo.total_tributos,
        "natureza_operacao": resumo.natureza_operacao,
        "destinatario_nome": resumo.destinatario_nome,
        "destinatario_documento": resumo.destinatario_documento,
        "quantidade_itens": resumo.quantidade_itens,
    }


def write_protocolo(protocolo: Protocolo | None) -> Mapping[str, Any]:
    """The protocol's columns as parameters; all NULL without one."""
    return {
        "protocolo": protocolo and protocolo.numero,
        "protocolo_c_stat": protocolo and protocolo.c_stat,
        "protocolo_motivo": protocolo and protocolo.motivo,
        "protocolo_em": protocolo and protocolo.recebido_em,
        "protocolo_digest": protocolo and protocolo.digest_value,
        "protocolo_alerta": protocolo and protocolo.alerta,
    }


def _read_protocolo(linha: RowMapping) -> Protocolo | None:
    if linha["protocolo"] is None:
        return None
    return Protocolo(
        numero=linha["protocolo"],
        c_stat=linha["protocolo_c_stat"],
        motivo=linha["protocolo_motivo"],
        recebido_em=linha["protocolo_em"],
        digest_value=linha["protocolo_digest"],
        xml=linha["protocolo_xml"],
        alerta=linha["protocolo_alerta"] or "",
    )
