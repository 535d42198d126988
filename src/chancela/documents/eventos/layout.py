"""XML of an event: canonical `infEvento`, `evento` around it, the lot, and the file that the law says to keep."""

from chancela.documents.eventos.modelo import PedidoEvento
from chancela.domain.identidade import Cpf
from chancela.domain.xml.escrita import NFE_NS

VERSAO = "1.00"
_ABRE_PROPRIO = f'<infEvento xmlns="{NFE_NS}" '.encode()
_ABRE_HERDADO = b"<infEvento "


def build_infevento(pedido: PedidoEvento) -> bytes:
    """Canonical text of `infEvento`, ready to be signed. Raises `ValorNaoCabe` for a value that its field cannot hold."""
    assert 1 <= pedido.sequencia <= pedido.tipo.sequencia_maxima, pedido.sequencia
    assert pedido.quando.utcoffset() is not None
    autor = "CPF" if isinstance(pedido.autor, Cpf) else "CNPJ"
    texto = (
        f'<infEvento xmlns="{NFE_NS}" Id="{pedido.identificador}"><cOrgao>{pedido.orgao}</cOrgao>'
        f"<tpAmb>{pedido.ambiente.value}</tpAmb><{autor}>{pedido.autor}</{autor}><chNFe>{pedido.chave}</chNFe>"
        f"<dhEvento>{pedido.quando.isoformat(timespec='seconds')}</dhEvento><tpEvento>{pedido.tipo.codigo}</tpEvento>"
        f"<nSeqEvento>{pedido.sequencia}</nSeqEvento><verEvento>{VERSAO}</verEvento>"
        f"{pedido.tipo.tabela.escrever(pedido.detalhe)}</infEvento>"
    )
    return texto.encode()


def compose_evento(infevento: bytes, signature: bytes) -> bytes:
    """`evento` around a canonical `infEvento`; inside it the element inherits the namespace, so the digest still holds."""
    assert infevento.startswith(_ABRE_PROPRIO), "infEvento comes from build_infevento"
    interno = _ABRE_HERDADO + infevento[len(_ABRE_PROPRIO) :]
    return b'<evento xmlns="%s" versao="%s">%s%s</evento>' % (
        NFE_NS.encode(),
        VERSAO.encode(),
        interno,
        signature,
    )


def compose_env_evento(evento: bytes, id_lote: str) -> bytes:
    """`envEvento` with one signed event, byte for byte. `id_lote` has 1 to 15 digits."""
    assert id_lote.isdecimal(), id_lote
    assert len(id_lote) <= 15, id_lote
    assert evento.startswith(b"<evento "), evento[:20]
    abre = f'<envEvento xmlns="{NFE_NS}" versao="{VERSAO}"><idLote>{id_lote}</idLote>'
    return b"%s%s</envEvento>" % (abre.encode(), evento)


def compose_proc_evento(evento: bytes, retevento: bytes) -> bytes:
    """`procEventoNFe`: the signed event and its return, both verbatim."""
    abre = f'<?xml version="1.0" encoding="UTF-8"?><procEventoNFe xmlns="{NFE_NS}" versao="{VERSAO}">'
    return b"%s%s%s</procEventoNFe>" % (abre.encode(), evento, retevento)
