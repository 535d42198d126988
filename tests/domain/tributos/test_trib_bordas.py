"""Corners that the groups' own tests do not reach: dated rates, informed relief, bases of IBS/CBS with II and DIFAL."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

from tests.domain.tributos.fabrica import TABELAS, avisos, calcular, categoria, icms, item, por_uf, um

from chancela.domain.identidade import Uf
from chancela.domain.tributos.entrada import Importacao, TipoOperacao


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
