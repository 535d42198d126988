"""Totals of what few items have: services, single-phase fuels and IBS/CBS, and the day from which the reform counts."""

from datetime import date
from decimal import Decimal as D

import pytest
from tests.domain.tributos.fabrica import calcular, categoria, icms, item

from chancela.domain.tributos.entrada import Combustivel, IbsCbsInformado, Servico
from chancela.domain.tributos.resultado_ibs_cbs import GrupoMonofasia, MonoPadrao, TributoMonofasico


@pytest.mark.parametrize(
    ("dia", "valor_item", "total"),
    [(date(2026, 12, 31), None, "1000.00"), (date(2027, 1, 1), "1085.00", "1085.00")],
)
def test_the_reform_joins_the_total_on_its_first_day(dia: date, valor_item: str | None, total: str) -> None:
    r = calcular(item("1000.00", categoria(icms("41"), ibs=("000", "000001"))), data_emissao=dia)
    assert r.itens[0].valor_item == (None if valor_item is None else D(valor_item))
    assert (r.totais.icms.valor_nota, r.totais.valor_total) == (D("1000.00"), D(total))


def test_single_phase_ibs_and_cbs_join_the_total_both() -> None:
    lado_ibs, lado_cbs = (TributoMonofasico(True, MonoPadrao(D(valor))) for valor in ("4.00", "3.00"))
    x = IbsCbsInformado(monofasia=GrupoMonofasia(D(0), D(0), lado_ibs, lado_cbs))
    cat = categoria(icms("41"), ibs=("620", "620001"))
    r = calcular(item("1000.00", cat, ibs_cbs=x), data_emissao=date(2027, 1, 1))
    assert r.totais.valor_total == D("1007.00") == r.itens[0].valor_item


def test_quantities_of_fuel_are_summed_by_their_kind_and_absent_without_fuel() -> None:
    propria = item(
        "100.00", categoria(icms("02")), combustivel=Combustivel(D("1.12"), quantidade=D("10.005"))
    )
    retida = item("100.00", categoria(icms("61")), combustivel=Combustivel(D("1.47"), quantidade=D("5")))
    t = calcular(propria, retida, item("100.00")).totais.icms
    assert (t.quantidade_mono, t.valor_mono) == (D("10.01"), D("11.21"))
    assert (t.quantidade_mono_retido, t.valor_mono_retido) == (D("5.00"), D("7.35"))
    assert (t.quantidade_mono_retencao, t.valor_mono_retencao) == (None, None)
    sem = calcular(item("100.00")).totais.icms
    assert (sem.quantidade_mono, sem.valor_mono, sem.quantidade_mono_retido) == (None, None, None)


def test_a_service_has_a_day_of_its_own_and_only_the_amounts_that_it_has() -> None:
    servico = Servico("14.01", D("2.9"), "3550308", desconto_condicionado=D("2.00"))
    cat = categoria(icms("41", "5933"))
    n = calcular(
        item("500.00", cat, servico=servico, desconto=D("20.00")), data_servico=date(2026, 5, 1)
    ).totais.issqn
    assert n is not None
    assert (n.data_competencia, n.desconto_incondicionado, n.desconto_condicionado) == (
        date(2026, 5, 1), D("20.00"), D("2.00"),
    )  # fmt: skip
    sem = calcular(item("500.00", cat, servico=Servico("14.01", D("2.9"), "3550308"))).totais.issqn
    assert sem is not None
    assert (sem.data_competencia, sem.desconto_incondicionado, sem.desconto_condicionado, sem.valor_deducao) == (
        date(2026, 5, 4), None, None, None,
    )  # fmt: skip


def test_what_items_add_beside_their_taxes_is_summed_each_in_its_own_total() -> None:
    um_item = item("100.00", frete=D("1.10"), seguro=D("2.20"), outras_despesas=D("3.30"), desconto=D("4.40"))
    outro = item("50.00", frete=D("0.01"), seguro=D("0.02"), outras_despesas=D("0.03"), desconto=D("0.04"))
    t = calcular(um_item, outro).totais.icms
    assert (t.valor_frete, t.valor_seguro, t.valor_outras_despesas, t.valor_desconto) == (
        D("1.11"),
        D("2.22"),
        D("3.33"),
        D("4.44"),
    )
    assert t.valor_nota == D("152.22")
