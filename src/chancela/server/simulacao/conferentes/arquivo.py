"""The archive: complete, whole, and right to the cent."""

from collections.abc import Iterator
from decimal import Decimal
from xml.etree import ElementTree

from chancela.server.simulacao.conferentes.dinheiro import NS, amount, examine_group
from chancela.server.simulacao.enredo import Enredo
from chancela.server.simulacao.provas import Provas

_GUARDADOS = ("Authorized", "Canceled")


def archive_holds(enredo: Enredo, provas: Provas) -> Iterator[str]:
    """Schema, signature, protocol and hash chain, as the product's own proof judges them; and every file is there."""
    del enredo
    yield from provas.arquivo
    for documento in provas.documentos:
        if (documento.status in _GUARDADOS) != (documento.xml is not None):
            yield f"{documento.chave}: {documento.status} e {'sem' if documento.xml is None else 'com'} XML"


def money(enredo: Enredo, provas: Provas) -> Iterator[str]:
    """What the shop sold, what the list shows and what the XML adds up to are one amount."""
    lojas = list(provas.canarios)
    vendas = {(lojas[venda.loja], venda.referencia): venda for venda in enredo.vendas}
    for documento in provas.documentos:
        if documento.xml is None:
            continue
        inf = ElementTree.fromstring(documento.xml).find(f"{NS}NFe/{NS}infNFe")  # noqa: S314 - of our own archive
        assert inf is not None
        yield from (f"{documento.chave}: {achado}" for achado in examine_group(inf))
        na_nota = amount(inf, "total/ICMSTot/vNF")
        if na_nota != documento.valor:
            yield f"{documento.chave}: a lista mostra {documento.valor}, o XML {na_nota}"
        venda = vendas.get((documento.empresa, documento.referencia))
        if venda is None or venda.disputa:
            continue
        vendido = Decimal(venda.preco_centavos).scaleb(-2) * venda.quantidade
        if na_nota != vendido:
            yield f"{documento.chave}: vendidos {vendido}, na nota {na_nota}"
