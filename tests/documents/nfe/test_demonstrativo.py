"""What a calculation shows is what the document would write, tag for tag."""

from dataclasses import replace
from decimal import Decimal as D

import pytest
from lxml import etree

from chancela.documents.nfe.demonstrativo import show_item, show_resultado, show_totais
from chancela.documents.nfe.layout_itens import DET
from chancela.documents.nfe.layout_totais import TOTAIS
from chancela.documents.nfe.modelo import Crt
from chancela.documents.nfe.pedido import PedidoNfe

from . import fabrica, pedidos
from .montar import montar

PEDIDOS = {nome: p for nome, p in vars(pedidos).items() if isinstance(p, PedidoNfe)}
_SO_TRIBUTOS = ("cBenef", "CFOP", "vProd", "vFrete", "vSeg", "vDesc", "vOutro", "indTot")


def plain(elemento: etree._Element) -> object:
    """Nested values by tag, written on purpose apart from the code under test."""
    if len(elemento) == 0:
        return elemento.text or ""
    saida: dict[str, object] = {}
    for tag in dict.fromkeys(f.tag for f in elemento):
        valores = [plain(f) for f in elemento if f.tag == tag]
        saida[tag] = valores[0] if len(valores) == 1 else valores
    return saida


@pytest.mark.parametrize("nome", PEDIDOS)
def test_items_and_totals_are_those_of_the_document(nome: str) -> None:
    montada = montar(PEDIDOS[nome])
    for item, tributos in zip(montada.nfe.itens, montada.resultado.itens, strict=True):
        escrito = plain(etree.fromstring(DET.escrever(item)))
        assert isinstance(escrito, dict)
        mostrado = show_item(tributos)
        assert mostrado["imposto"] == escrito["imposto"]
        assert mostrado["prod"] == {t: v for t, v in escrito["prod"].items() if t in _SO_TRIBUTOS}
    assert show_totais(montada.resultado) == plain(etree.fromstring(TOTAIS.escrever(montada.nfe.totais)))


def test_what_lies_outside_the_items_is_shown_too() -> None:
    mostrado = show_resultado(montar(pedidos.COMPLETO).resultado)
    assert mostrado["retTransp"]["pICMSRet"] == "12.00"
    assert set(mostrado["operacao"]) == {"cenario", "idDest", "indFinal", "indIEDest"}
    assert "retTransp" not in show_resultado(montar(pedidos.SIMPLES).resultado)


def test_the_legal_sentence_of_a_credit_is_shown() -> None:
    emitente = replace(fabrica.EMITENTE, crt=Crt.SIMPLES)
    cat = pedidos.categoria(cst="101", ibs=False)
    cat = replace(cat, icms=(replace(cat.icms[0], aliquota_credito=D("2.56")),))
    mostrado = show_resultado(
        montar(pedidos.SIMPLES, emitente=emitente, categorias={"TF00001": cat}).resultado
    )
    (sentenca,) = mostrado["infCpl"]
    assert "2,56" in sentenca
    assert "7,68" in sentenca
