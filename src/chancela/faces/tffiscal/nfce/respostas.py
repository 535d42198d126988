"""Stored NFC-e in the words of the contract."""

from typing import Any

from chancela.faces.tffiscal.envelope import SUCESSO, Resposta
from chancela.faces.tffiscal.links import Links
from chancela.faces.tffiscal.nfce.caminhos import NFCE
from chancela.faces.tffiscal.nota.recusas import explain_refusal
from chancela.faces.tffiscal.nota.respostas import (
    RECUSADOS,
    STATUS,
    SUFIXO_XML,
    SUFIXOS_DANFE,
    authority_facts,
    contingency_facts,
    instant,
    link_of,
    own_reference,
    reason_of,
)
from chancela.faces.tffiscal.servicos import TipoDanfe
from chancela.issuing.modelo import Documento, Estado

_TAMANHO_CPF = 11


def answer_detail(documento: Documento, *, links: Links, base_url: str) -> Resposta:
    """The answer of get_detail. `motivo` is empty while there is nothing to explain, as the contract shows it."""
    consumidor = documento.resumo.destinatario_documento
    com_cpf = len(consumidor) == _TAMANHO_CPF
    data: dict[str, Any] = {
        "id": own_reference(documento.referencia),
        "uuid": documento.id,
        "chave": documento.chave,
        "serie": documento.serie,
        "number": documento.numero,
        "status": STATUS[documento.estado],
        "modelo": "nfce",
        "total_price": documento.resumo.valor_total,
        "nprot": "" if documento.protocolo is None else documento.protocolo.numero,
        "motivo": "" if documento.estado is Estado.AUTORIZADO else reason_of(documento),
        "xml": link_of(documento, SUFIXO_XML, links, base_url),
        "danfe": link_of(documento, SUFIXOS_DANFE[TipoDanfe.CUPOM], links, base_url),
        "client_cpf": consumidor if com_cpf else "",
        "client_cnpj": "" if com_cpf else consumidor,
        "client_name": documento.resumo.destinatario_nome,
        "create": instant(documento.criado_em),
        "issue_time": "" if documento.protocolo is None else instant(documento.protocolo.recebido_em),
        "ambiente": str(documento.ambiente.value),
        **authority_facts(documento),
        **contingency_facts(documento),
    }
    if documento.estado in RECUSADOS:
        data["erros"] = [explain_refusal(documento, {}, NFCE).as_data()]
    return Resposta(200, True, SUCESSO, data)
