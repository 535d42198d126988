"""What a new try of a refused document has to keep of the one before. Pure."""

from chancela.documents.eventos.epec import check_announced, summarise_nfe
from chancela.documents.nfe.layout import parse_nfe
from chancela.documents.nfe.reemissao import keep_announced
from chancela.issuing.modelo import Documento, NovoDocumento, Numerado
from chancela.kit.frozen import replace


def hold_to_epec(
    novo: NovoDocumento, numerado: Numerado, anunciado: Documento
) -> tuple[NovoDocumento, Numerado]:
    """The new content of a note whose EPEC is registered: in the key, the instant and the kind of emission announced.

    The goods travel with that key, and SEFAZ takes no other for the number (691). Raises `RegraViolada` when the content
    changes a value that the EPEC told (467).
    """
    texto = keep_announced(numerado.xml_sem_assinatura, anunciado.xml_sem_assinatura)
    antes, depois = parse_nfe(anunciado.xml_sem_assinatura), parse_nfe(texto)
    check_announced(
        summarise_nfe(antes.nfe, antes.identificacao), summarise_nfe(depois.nfe, depois.identificacao)
    )
    preso = replace(
        novo,
        tp_emis=anunciado.tp_emis,
        contingencia_em=anunciado.contingencia_em,
        transmitir_ate=anunciado.transmitir_ate,
        emitido_em=anunciado.emitido_em,
    )
    return preso, Numerado(anunciado.chave, texto)
