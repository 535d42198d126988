"""Stored NFC-e in the words of the contract."""

from chancela.faces.tffiscal.envelope import Resposta, succeed
from chancela.faces.tffiscal.links import Links
from chancela.faces.tffiscal.nfce.caminhos import NFCE
from chancela.faces.tffiscal.nota.respostas import describe_document
from chancela.faces.tffiscal.nota.saidas import DetalheNfceSaida
from chancela.faces.tffiscal.servicos import TipoDanfe
from chancela.issuing.modelo import Documento, Estado

_TAMANHO_CPF = 11


def answer_detail(documento: Documento, *, links: Links, base_url: str) -> Resposta:
    """The answer of get_detail. `motivo` is empty while there is nothing to explain, as the contract shows it."""
    consumidor = documento.resumo.destinatario_documento
    com_cpf = len(consumidor) == _TAMANHO_CPF
    comum = describe_document(documento, links, base_url, danfe=TipoDanfe.CUPOM, vocabulario=NFCE)
    data: DetalheNfceSaida = {
        **comum,
        "motivo": "" if documento.estado is Estado.AUTORIZADO else comum["motivo"],
        "modelo": "nfce",
        "nprot": "" if documento.protocolo is None else documento.protocolo.numero,
        "client_cpf": consumidor if com_cpf else "",
        "client_cnpj": "" if com_cpf else consumidor,
        "client_name": documento.resumo.destinatario_nome,
    }
    return succeed(data)
