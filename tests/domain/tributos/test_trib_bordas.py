"""Corners that the groups' own tests do not reach: dated rates, informed relief, bases of IBS/CBS with II and DIFAL."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest
from tests.domain.tributos.fabrica import (
    TABELAS,
    avisos,
    calcular,
    categoria,
    codigos,
    icms,
    item,
    por_uf,
    um,
)

from chancela.domain.identidade import Uf
from chancela.domain.tributos.entrada import (
    IcmsRetido,
    Importacao,
    Partilha,
    PrecoPauta,
    TipoOperacao,
    TributosInformados,
)


def test_a_newer_internal_rate_holds_from_its_day() -> None:
    velha = TABELAS.internas[Uf.SP][0]
    nova = replace(velha, aliquota=D("19.00"), desde=date(2026, 7, 1))
    tabelas = replace(TABELAS, internas={**TABELAS.internas, Uf.SP: (velha, nova)})
    dias = [date(2026, 6, 30), date(2026, 7, 1)]
    assert [tabelas.interna(Uf.SP, d).aliquota for d in dias] == [D("18.00"), D("19.00")]


def test_relief_of_st_as_informed_or_without_value() -> None:
    cat = categoria(icms("10", aliquota_mva=por_uf(Uf.SP, "50"), motivo_desoneracao_st="9"))
    g = um(item("100.00", cat, valor_st_desonerado=D("3.00"))).icms
    assert g is not None
    assert (g.valor_st_desonerado, g.motivo_desoneracao_st) == (D("3.00"), "9")
    r = calcular(item("100.00", cat))
    assert "TRIB-DESON-04" in avisos(r)
    sem = r.itens[0].icms
    assert sem is not None
    assert (sem.valor_st_desonerado, sem.motivo_desoneracao_st) == (None, None)


def test_ii_joins_and_difal_leaves_the_base_of_ibs_and_cbs() -> None:
    importado = um(
        item(
            "100.00",
            categoria(icms("41", "3102"), ibs=("000", "000001")),
            importacao=Importacao(D(100), D("14.00")),
        ),
        tipo=TipoOperacao.IMPORTACAO,
        uf_destinatario=None,
    ).ibs_cbs
    assert importado is not None
    assert importado.tributacao is not None
    assert importado.tributacao.base_calculo == D("114.00")
    cat = categoria(icms("00", "6108", aliquota_fcp=por_uf(Uf.PE, "2")), ibs=("000", "000001"))
    vendido = um(item("100.00", cat), uf_destinatario=Uf.PE, ind_ie_dest="9", ind_final=True).ibs_cbs
    assert vendido is not None
    assert vendido.tributacao is not None
    assert vendido.tributacao.base_calculo == D("100.00") - D("7.00") - D("13.50") - D("2.00")


@pytest.mark.parametrize(
    ("muda", "caminho"),
    [
        ({"pauta": PrecoPauta("1", D("-2"))}, "itens[0].pauta.preco"),
        ({"icms_retido": IcmsRetido(D("5"), D("18"), D("-1"))}, "itens[0].icms_retido.valor"),
    ],
)
def test_only_the_wrong_number_of_a_group_is_named(muda: dict[str, Any], caminho: str) -> None:
    r = calcular(item("1.00", **muda))
    assert [(v.codigo, v.caminho) for v in r.violacoes] == [("TRIB-NUM-01", caminho)]


def test_a_discount_that_the_items_already_have_whole_leaves_nothing_to_share() -> None:
    r = calcular(item("100.00", desconto=D("10.00")), item("50.00"), desconto=D("10.00"))
    assert [i.valor_desconto for i in r.itens] == [D("10.00"), D("0.00")]
    assert r.totais.icms.valor_desconto == D("10.00")


def test_an_import_without_its_declaration_is_refused_and_computed_all_the_same() -> None:
    cat = categoria(icms("00", "3102", aliquota=D("18")))
    r = calcular(item("100.00", cat), tipo=TipoOperacao.IMPORTACAO, uf_destinatario=None)
    assert codigos(r) == ["TRIB-II-01"]
    g = r.itens[0].icms
    assert g is not None
    assert (g.base_calculo, g.valor) == (D("121.95"), D("21.95"))


def test_the_value_of_an_item_as_stated() -> None:
    stated = replace(
        item("100.00"), categoria=None, informado=TributosInformados("5102", valor_item=D("123.45"))
    )
    r = calcular(stated, item("50.00"), data_emissao=date(2027, 1, 1))
    assert [i.valor_item for i in r.itens] == [D("123.45"), D("50.00")]
    assert r.totais.icms.valor_nota == D("150.00")


def test_the_state_of_a_sharing_is_no_number() -> None:
    r = calcular(item("1.00", partilha=Partilha(D("-1"), Uf.RJ)))
    assert [(v.codigo, v.caminho) for v in r.violacoes] == [
        ("TRIB-NUM-01", "itens[0].partilha.percentual_bc_operacao")
    ]


def test_an_item_outside_the_total_leaves_its_price_out_of_the_note() -> None:
    r = calcular(item("100.00", compoe_total=False, outras_despesas=D("2.00")), item("50.00"))
    assert (r.totais.icms.valor_produtos, r.totais.icms.valor_nota) == (D("50.00"), D("52.00"))
