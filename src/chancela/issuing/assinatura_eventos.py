"""Signs events and ranges, and judges what was signed before anybody sees it."""

from chancela.documents.eventos.conferencia import validate_evento
from chancela.documents.eventos.layout import build_infevento, compose_evento
from chancela.documents.eventos.modelo import PedidoEvento
from chancela.documents.inutilizacao.layout import (
    PedidoInutilizacao,
    build_infinut,
    compose_inut,
    validate_inut,
)
from chancela.domain.assinatura.certificado import Certificado
from chancela.domain.assinatura.perfil import sign
from chancela.domain.erros import RegraViolada, Violacao
from chancela.domain.xml.esquemas import Esquemas
from chancela.domain.xml.leiaute import ValorNaoCabe
from chancela.issuing.solicitacao import Assinada


def sign_evento(pedido: PedidoEvento, certificado: Certificado, esquemas: Esquemas) -> Assinada:
    """The signed `evento`. `RegraViolada` with everything that its fields cannot hold or its schemas refuse."""
    try:
        canonico = build_infevento(pedido)
    except ValorNaoCabe as erro:
        mensagem = f"O campo {erro.caminho} não aceita este valor."
        correcao = "Confira casas decimais e caracteres."
        raise RegraViolada(
            (Violacao("EVENTO-CAMPO", erro.caminho, mensagem, correcao, valor=erro.valor[:60]),)
        ) from erro
    assinatura = sign(canonico, pedido.identificador, certificado)
    xml = compose_evento(canonico, assinatura.xml)
    faltas = validate_evento(pedido, xml, esquemas)
    if faltas:
        raise RegraViolada(faltas)
    return Assinada(xml, assinatura.digest_value)


def sign_inut(pedido: PedidoInutilizacao, certificado: Certificado, esquemas: Esquemas) -> Assinada:
    """The signed `inutNFe`; as `sign_evento`."""
    canonico = build_infinut(pedido)
    assinatura = sign(canonico, pedido.identificador, certificado)
    xml = compose_inut(canonico, assinatura.xml)
    faltas = validate_inut(pedido, xml, esquemas)
    if faltas:
        raise RegraViolada(faltas)
    return Assinada(xml, assinatura.digest_value)
