"""Tax groups as plain values keyed by the official tags: what a calculation shows before there is any XML.

Tags, order and precision come from the tables that write the document, through the very text that they write.
"""

from dataclasses import dataclass
from typing import Any

from chancela.documents.nfe.layout_itens import IMPOSTO
from chancela.documents.nfe.layout_totais import RETENCAO_TRANSPORTE, TOTAIS
from chancela.documents.nfe.layout_tributos import IPI_DEVOLVIDO
from chancela.domain.tributos.resultado import Resultado, TributosItem
from chancela.domain.xml.formatos import INTEIRO, SIM_NAO, TEXTO, VALOR, VALOR_OPCIONAL
from chancela.domain.xml.leiaute import Tabela, campo, envolve, grupo
from chancela.domain.xml.leitura import Elemento, local_name, parse_xml


@dataclass(frozen=True, slots=True)
class _Item:
    """An item of which only the taxes are known."""

    tributos: TributosItem


_ITEM = Tabela(
    "det",
    _Item,
    campo("nItem", "tributos.numero", INTEIRO),
    envolve(
        "prod",
        campo("cBenef", "tributos.codigo_beneficio", TEXTO),
        campo("CFOP", "tributos.cfop", TEXTO),
        campo("vProd", "tributos.valor_produto", VALOR),
        campo("vFrete", "tributos.valor_frete", VALOR_OPCIONAL),
        campo("vSeg", "tributos.valor_seguro", VALOR_OPCIONAL),
        campo("vDesc", "tributos.valor_desconto", VALOR_OPCIONAL),
        campo("vOutro", "tributos.valor_outras_despesas", VALOR_OPCIONAL),
        campo("indTot", "tributos.compoe_total", SIM_NAO),
    ),
    IMPOSTO,
    grupo("tributos.ipi_devolvido", IPI_DEVOLVIDO),
    campo("vItem", "tributos.valor_item", VALOR),
)


def show_item(tributos: TributosItem) -> dict[str, Any]:
    """One item: `nItem`, `prod` (amounts) and `imposto`, groups nested as in the XML, every value as the XML writes it."""
    return _plain(_ITEM, _Item(tributos))


def show_totais(resultado: Resultado) -> dict[str, Any]:
    """`total` as in the XML: `ICMSTot` and, when there are any, `ISSQNtot`, `retTrib`, `ISTot`, `IBSCBSTot`, `vNFTot`."""
    return _plain(TOTAIS, resultado.totais)


def show_resultado(resultado: Resultado) -> dict[str, Any]:
    """Items, totals and how the operation was read."""
    lida = resultado.enquadramento
    mostrado: dict[str, Any] = {
        "operacao": {
            "cenario": lida.cenario,
            "idDest": lida.destino,
            "indFinal": "1" if lida.consumidor_final else "0",
            "indIEDest": lida.ind_ie_dest,
        },
        "itens": [show_item(tributos) for tributos in resultado.itens],
        "total": show_totais(resultado),
    }
    if resultado.retencao_transporte is not None:
        mostrado["retTransp"] = _plain(RETENCAO_TRANSPORTE, resultado.retencao_transporte)
    if resultado.informacoes_complementares:
        mostrado["infCpl"] = list(resultado.informacoes_complementares)
    return mostrado


def _plain(tabela: Tabela, objeto: object) -> dict[str, Any]:
    lido = _value(parse_xml(tabela.escrever(objeto).encode()))
    assert not isinstance(lido, str), "a group has tags"
    return lido


def _value(elemento: Elemento) -> dict[str, Any] | str:
    """Text of a leaf, else its children by tag."""
    if not len(elemento):
        return elemento.text or ""
    filhos: dict[str, Any] = {}
    for filho in elemento:
        tag = local_name(filho)
        assert tag not in filhos, "no group of the taxes and of the totals has a list"
        filhos[tag] = _value(filho)
    return filhos
