"""Numbers of typed groups fit their fields or are refused by name; the layout never meets one it cannot write."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancela.documents.nfe import itens as m
from chancela.documents.nfe.numeracao import build_placeholder, prevalidate
from chancela.documents.nfe.pedido import ExtensoesItem, ItemPedido
from chancela.domain.identidade import Uf
from chancela.domain.tributos import entrada as e
from chancela.domain.tributos.resultado_totais import RetencaoTributos

from . import pedidos as p
from .montar import caminhos, montar, recusas

NUMEROS = (
    st.sampled_from([D(x) for x in ("0", "1", "12.5", "0.30000000000000004", "0.12345", "-1", "NaN", "1E+20")]) | st.decimals()
)  # fmt: skip


def lote(quantidade: D = D("12.5")) -> m.Lote:
    return m.Lote("L1", quantidade, date(2026, 1, 1), date(2027, 1, 1))


def combustivel(numero: D = D("10")) -> m.Combustivel:
    return m.Combustivel(
        "320101001",
        "GASOLINA A COMUM",
        Uf.SP,
        cide=m.Cide(numero, numero, numero),
        encerrante=m.Encerrante("1", "1", numero, numero),
        origens=(m.OrigemCombustivel(importado=False, uf=Uf.SP, percentual=D("100")),),
    )


def test_noise_leaves_and_lost_decimals_are_named() -> None:
    bom = replace(p.PRODUTO, lotes=(lote(D("0.30000000000000004")),))
    montada = montar(replace(p.SIMPLES, itens=(bom,)))
    assert montada.nfe.itens[0].produto.lotes[0].quantidade == D("0.3")
    assert prevalidate(build_placeholder(montada)) == ()
    ruim = replace(p.PRODUTO, lotes=(lote(), lote(D("0.1234"))), combustivel=combustivel(D("0.00001")))
    assert {
        "itens[0].lotes[1].quantidade",
        "itens[0].combustivel.cide.quantidade",
        "itens[0].combustivel.cide.aliquota",
        "itens[0].combustivel.cide.valor",
        "itens[0].combustivel.encerrante.inicial",
        "itens[0].combustivel.encerrante.final",
    } == caminhos(replace(p.SIMPLES, itens=(ruim,)))


def test_numbers_of_the_document_groups() -> None:
    pedido = replace(
        p.SIMPLES,
        compra_governamental=e.CompraGovernamental(D("1.23456")),
        retencao_tributos=RetencaoTributos(valor_pis=D("1.005")),
    )
    assert {"compra_governamental.redutor", "retencao_tributos.valor_pis"} <= caminhos(pedido)


@pytest.mark.parametrize("nome", ["lotes", "combustivel", "medicamento", "creditos_presumidos", "embalagem"])
@given(numero=NUMEROS)
def test_any_number_in_a_typed_group(nome: str, numero: D) -> None:
    grupos: dict[str, object] = {
        "lotes": (lote(numero),),
        "combustivel": combustivel(numero),
        "medicamento": m.Medicamento("1234567890123", numero),
        "creditos_presumidos": (m.CreditoPresumidoIcms("SP123456", numero, numero),),
        "embalagem": m.Embalagem("CX", numero, "UN"),
    }
    item: ItemPedido = replace(p.PRODUTO, **{nome: grupos[nome]})  # type: ignore[arg-type]
    pedido = replace(p.SIMPLES, itens=(item,))
    achadas = recusas(pedido)
    assert all(v.caminho.startswith(f"itens[0].{nome}") for v in achadas)
    if not achadas:
        prevalidate(build_placeholder(montar(pedido)))


@given(NUMEROS, NUMEROS)
def test_any_number_in_the_extensions_of_the_taxes(um: D, outro: D) -> None:
    extensoes = ExtensoesItem(
        pauta=e.PrecoPauta("1", um),
        icms_retido=e.IcmsRetido(um, outro),
        ipi=e.IpiInformado(quantidade=um, valor_unidade=outro),
        pis_quantidade=um,
        cofins_st=e.ContribuicaoSt(um, base=outro),
        valor_st_desonerado=um,
        percentual_reducao_destino=outro,
    )
    pedido = replace(p.SIMPLES, itens=(replace(p.PRODUTO, extensoes=extensoes),))
    if not recusas(pedido):
        prevalidate(build_placeholder(montar(pedido)))
