"""The archive: complete, whole, and right to the cent."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from xml.etree import ElementTree

from chancela.server.simulacao.conferentes.dinheiro import NS, amount, examine_group
from chancela.server.simulacao.enredo import Enredo
from chancela.server.simulacao.provas import Provas

_GUARDADOS = ("Authorized", "Canceled")
_VERAO = (datetime(2018, 11, 4, 3, tzinfo=UTC), datetime(2019, 2, 17, 2, tzinfo=UTC))
"""The last summer time of São Paulo and Minas Gerais (Decretos 6.558/2008 and 8.112/2013)."""
_ERRO_DO_RELOGIO = timedelta(minutes=5)
_ESPERA = _ERRO_DO_RELOGIO + timedelta(minutes=1)
"""More than any shop's clock is ever off in a play."""


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


def legal_time(enredo: Enredo, provas: Provas) -> Iterator[str]:
    """The hour of issue is the hour of one of the calls that asked for it, written in the legal time of its day."""
    del enredo
    pedidos: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for chamada in provas.chamadas:
        if chamada.operacao in ("invoice/create", "nfce/create"):
            pedidos[chamada.empresa, chamada.referencia].append(chamada.em)
    for documento in provas.documentos:
        if documento.xml is None:
            continue
        texto = documento.xml.decode().partition("<dhEmi>")[2].partition("</dhEmi>")[0]
        emissao = datetime.fromisoformat(texto)
        horas = -2 if _VERAO[0] <= emissao < _VERAO[1] else -3
        if emissao.utcoffset() != timedelta(hours=horas):
            yield f"{documento.chave}: emitida às {texto}, e a hora legal é UTC{horas}"
        # An answer comes after its call: as long as the product may take for it.
        momentos = pedidos.get((documento.empresa, documento.referencia), ())
        if momentos and not any(m - _ESPERA <= emissao <= m + _ERRO_DO_RELOGIO for m in momentos):
            yield f"{documento.chave}: emitida às {texto}, e pedida às {momentos[0].isoformat()}"
