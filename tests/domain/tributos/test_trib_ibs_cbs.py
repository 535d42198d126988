"""IBS and CBS: every CST by what the official tables demand, dates, bases, totals."""

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
    operacao,
    um,
)

from chancela.domain.identidade import Modelo
from chancela.domain.tributos.configuracao import AliquotasIbsCbs
from chancela.domain.tributos.entrada import (
    CompraGovernamental,
    CreditoPresumidoInformado,
    IbsCbsInformado,
)
from chancela.domain.tributos.motor import compute_tributos
from chancela.domain.tributos.resultado import Resultado
from chancela.domain.tributos.resultado_ibs_cbs import (
    AjusteCompetencia,
    AlcZfmCbs,
    CreditoPresumidoZfm,
    GrupoIbsCbs,
    GrupoMonofasia,
    IbsCbs,
    MonoPadrao,
    MonoRetencao,
    ParIbsCbs,
    TributoMonofasico,
)
from chancela.domain.tributos.tabelas import CreditoPresumidoTabela

EM_2027 = date(2027, 2, 1)


def _calc(
    cst: str, classe: str, valor: str = "1000.00", x: IbsCbsInformado | None = None, **campos: Any
) -> Resultado:
    return calcular(item(valor, categoria(icms("41"), ibs=(cst, classe)), ibs_cbs=x), **campos)


def _ok(cst: str, classe: str, **campos: Any) -> IbsCbs:
    r = _calc(cst, classe, **campos)
    assert r.violacoes == ()
    i = r.itens[0].ibs_cbs
    assert i is not None
    assert (i.cst, i.classificacao) == (cst, classe)
    return i


def _g(cst: str, classe: str, **campos: Any) -> GrupoIbsCbs:
    g = _ok(cst, classe, **campos).tributacao
    assert g is not None
    return g


def test_full_rates_of_2026() -> None:
    g = _g("000", "000001")
    assert (g.uf.aliquota, g.municipio.aliquota, g.cbs.aliquota) == (D("0.1"), D(0), D("0.9"))
    assert (g.uf.valor, g.municipio.valor, g.cbs.valor, g.valor_ibs) == (
        D("1.00"),
        D("0.00"),
        D("9.00"),
        D("1.00"),
    )
    assert (g.uf.reducao, g.tributacao_regular, g.compra_gov) == (None, None, None)


@pytest.mark.parametrize(
    ("valor", "cbs"),
    [("1.50", "0.01"), ("2.50", "0.02"), ("0.50", "0.00"), ("5.00", "0.04"), ("15.00", "0.14")],
)
def test_half_to_even(valor: str, cbs: str) -> None:
    assert _g("000", "000001", valor=valor).cbs.valor == D(cbs)


@pytest.mark.parametrize(
    ("em", "uf", "municipio", "cbs", "estimada"),
    [
        (date(2025, 11, 1), "0.1", "0", "0.9", False),
        (date(2026, 12, 31), "0.1", "0", "0.9", False),
        (EM_2027, "0.05", "0.05", "8.4", True),
        (date(2029, 1, 1), "1.6", "0.25", "8.5", True),
    ],
)
def test_rates_by_date(em: date, uf: str, municipio: str, cbs: str, estimada: bool) -> None:
    r = _calc("000", "000001", data_emissao=em)
    i = r.itens[0].ibs_cbs
    assert i is not None
    assert i.tributacao is not None
    g = i.tributacao
    assert (g.uf.aliquota, g.municipio.aliquota, g.cbs.aliquota) == (D(uf), D(municipio), D(cbs))
    assert ("TRIB-IBSCBS-08" in avisos(r)) is estimada


def test_rates_of_the_company_and_of_the_item() -> None:
    da_empresa = {"cfg": {"aliquotas_ibs_cbs": AliquotasIbsCbs(D(1), D(2), D(3))}, "data_emissao": EM_2027}
    r = _calc("000", "000001", **da_empresa)
    assert avisos(r) == []
    assert _g("000", "000001", **da_empresa).municipio.valor == D("20.00")
    do_item = IbsCbsInformado(aliquotas=AliquotasIbsCbs(D(4), D(5), D(6)))
    assert _g("000", "000001", x=do_item, **da_empresa).municipio.valor == D("50.00")
    assert codigos(_calc("000", "000001", data_emissao=date(2040, 1, 1))) == ["TRIB-IBSCBS-06"]


def test_reduction_may_differ_between_ibs_and_cbs() -> None:
    g = _g("200", "200025")
    assert g.uf.reducao is not None
    assert g.cbs.reducao is not None
    assert (g.uf.reducao.percentual, g.cbs.reducao.percentual, g.uf.valor, g.cbs.valor) == (
        D(60),
        D(100),
        D("0.40"),
        D("0.00"),
    )


def test_510_defers_all_unless_told() -> None:
    g = _g("510", "510001")
    assert g.cbs.diferimento is not None
    assert (g.cbs.diferimento.percentual, g.cbs.diferimento.valor, g.cbs.valor, g.cbs.reducao) == (
        D(100),
        D("9.00"),
        D("0.00"),
        None,
    )
    parte = _g("510", "510001", x=IbsCbsInformado(percentual_diferimento=D(50))).cbs
    assert parte.valor == D("4.50")
    r = _calc("510", "510001")
    assert r.totais.ibs_cbs is not None
    assert r.totais.ibs_cbs.cbs is not None
    assert (r.totais.ibs_cbs.cbs.valor_diferido, r.totais.ibs_cbs.cbs.valor) == (D("9.00"), D("0.00"))


@pytest.mark.parametrize("classe", ["550001", "200022", "200024"])
def test_regular_taxation_carries_the_rates(classe: str) -> None:
    g = _g(classe[:3], classe)
    assert [(p.aliquota, p.valor) for p in (g.uf, g.municipio, g.cbs)] == [(D(0), D("0.00"))] * 3
    assert (g.uf.reducao is not None) is (classe[:3] == "200")
    t = g.tributacao_regular
    assert t is not None
    assert (t.cst, t.classificacao, t.aliquota_uf, t.valor_uf, t.valor_municipio, t.aliquota_cbs, t.valor_cbs) == (
        "000", "000001", D("0.1"), D("1.00"), D("0.00"), D("0.9"), D("9.00"),
    )  # fmt: skip


def test_regular_taxation_by_another_class() -> None:
    t = _g(
        "550", "550001", x=IbsCbsInformado(cst_regular="200", classificacao_regular="200030")
    ).tributacao_regular
    assert t is not None
    assert (t.aliquota_cbs, t.valor_cbs) == (D("0.36"), D("3.60"))
    desconhecida = _g("550", "550001", x=IbsCbsInformado(classificacao_regular="999999")).tributacao_regular
    assert desconhecida is not None
    assert desconhecida.valor_cbs == D("9.00")


@pytest.mark.parametrize("classe", ["220001", "221001"])
def test_fixed_rates_must_be_informed(classe: str) -> None:
    assert codigos(_calc(classe[:3], classe)) == ["TRIB-IBSCBS-05"]
    g = _g(classe[:3], classe, x=IbsCbsInformado(aliquotas=AliquotasIbsCbs(D(1), D(0), D("0.5"))))
    assert (g.uf.valor, g.cbs.valor) == (D("10.00"), D("5.00"))


def test_base_reduction() -> None:
    assert _g("222", "222001").base_calculo == D("500.00")
    assert _g("222", "222001", x=IbsCbsInformado(percentual_reducao_base=D(10))).base_calculo == D("900.00")


@pytest.mark.parametrize("classe", ["400001", "410001", "820001"])
def test_only_cst_and_class(classe: str) -> None:
    r = _calc(classe[:3], classe)
    assert r.itens[0].ibs_cbs == IbsCbs(classe[:3], classe)
    t = r.totais.ibs_cbs
    assert t is not None
    assert (t.base_calculo, t.uf, t.cbs, t.monofasia) == (D("0.00"), None, None, None)


def test_830_has_a_base() -> None:
    assert _g("830", "830001").base_calculo == D("1000.00")


@pytest.mark.parametrize(
    ("classe", "x"),
    [
        ("800001", IbsCbsInformado(transferencia=ParIbsCbs(D(1), D(2)))),
        ("811001", IbsCbsInformado(ajuste=AjusteCompetencia("2026-05", D(1), D(2)))),
        ("810001", IbsCbsInformado(credito_presumido_zfm=CreditoPresumidoZfm("2026-05", "1", D(3)))),
    ],
)
def test_given_values(classe: str, x: IbsCbsInformado) -> None:
    assert codigos(_calc(classe[:3], classe)) == ["TRIB-IBSCBS-07"]
    i = _ok(classe[:3], classe, x=x)
    assert (i.transferencia, i.ajuste, i.credito_presumido_zfm) == (
        x.transferencia,
        x.ajuste,
        x.credito_presumido_zfm,
    )


def test_give_back_and_free_trade_area() -> None:
    zfm = AlcZfmCbs("1", D("0.9"), D("9.00"))
    x = IbsCbsInformado(
        devolucao_uf=D("0.30"),
        devolucao_municipio=D("1.00"),
        devolucao_cbs=D("20.00"),
        percentual_devolucao_cbs=D(100),
        alc_zfm=zfm,
        doacao=True,
    )
    i = _ok("000", "000001", x=x)
    g = i.tributacao
    assert g is not None
    assert g.cbs.devolucao is not None
    assert (
        g.uf.valor,
        g.municipio.valor,
        g.cbs.valor,
        g.cbs.devolucao.valor,
        g.cbs.devolucao.percentual,
    ) == (D("0.70"), D("0.00"), D("0.00"), D("9.00"), D(100))
    assert (g.cbs.alc_zfm, i.doacao) == (zfm, True)
    t = _calc("000", "000001", x=x).totais.ibs_cbs
    assert t is not None
    assert t.cbs is not None
    assert t.cbs.valor_devolvido == D("9.00")


def test_government_purchase() -> None:
    g = _g("000", "000001", compra_gov=CompraGovernamental(D(20)))
    assert g.uf.reducao is not None
    assert (g.uf.reducao.percentual, g.uf.reducao.aliquota_efetiva, g.uf.valor, g.cbs.valor) == (
        D(0),
        D("0.08"),
        D("0.80"),
        D("7.20"),
    )
    assert g.compra_gov is not None
    assert (
        g.compra_gov.aliquota_cbs,
        g.compra_gov.valor_uf,
        g.compra_gov.valor_municipio,
        g.compra_gov.valor_cbs,
    ) == (D("0.72"), D("0.80"), D("0.00"), D("7.20"))


def test_presumed_credit() -> None:
    x = IbsCbsInformado(credito_presumido=CreditoPresumidoInformado("01", D(10), D(20), base=D("100.00")))
    r = _calc("000", "000003", x=x)
    i = r.itens[0].ibs_cbs
    assert i is not None
    assert i.credito_presumido is not None
    assert i.credito_presumido.ibs is not None
    assert i.credito_presumido.cbs is not None
    assert (i.credito_presumido.ibs.valor, i.credito_presumido.cbs.valor) == (D("10.00"), D("20.00"))
    t = r.totais.ibs_cbs
    assert t is not None
    assert (t.credito_presumido_ibs, t.credito_presumido_cbs, t.valor_ibs) == (
        D("10.00"),
        D("20.00"),
        D("1.00"),
    )
    suspenso = IbsCbsInformado(
        credito_presumido=CreditoPresumidoInformado("01", None, D(20), condicao_suspensiva=True)
    )
    ts = _calc("000", "000003", x=suspenso).totais.ibs_cbs
    assert ts is not None
    assert (
        ts.credito_presumido_suspensivo_ibs,
        ts.credito_presumido_suspensivo_cbs,
        ts.credito_presumido_cbs,
    ) == (D(0), D("200.00"), D(0))


def test_a_credit_that_the_table_deducts_leaves_the_ibs() -> None:
    tabelas = replace(TABELAS, creditos_presumidos={"77": CreditoPresumidoTabela("77", True)})
    x = IbsCbsInformado(credito_presumido=CreditoPresumidoInformado("77", D("0.05"), None))
    i = item("1000.00", categoria(icms("41"), ibs=("000", "000003")), ibs_cbs=x)
    r = compute_tributos(operacao(i), tabelas)
    g = r.itens[0].ibs_cbs
    assert g is not None
    assert g.tributacao is not None
    assert (g.tributacao.valor_ibs, g.tributacao.uf.valor) == (D("0.50"), D("1.00"))


def _mono(ibs: TributoMonofasico | None, cbs: TributoMonofasico | None) -> IbsCbsInformado:
    return IbsCbsInformado(monofasia=GrupoMonofasia(D(0), D(0), ibs, cbs), valor_cbs_mono_diferido=D("1.00"))


def test_single_phase() -> None:
    assert codigos(_calc("620", "620001")) == ["TRIB-IBSCBS-10"]
    ibs = TributoMonofasico(
        True,
        MonoPadrao(D(0), quantidade=D(100), aliquota=D("0.1235")),
        MonoRetencao(D("0.5"), D(0), quantidade=D(10)),
        D("2.00"),
    )
    cbs = TributoMonofasico(
        False,
        MonoPadrao(D(0), base_calculo=D("1000.00"), aliquota=D(2)),
        MonoRetencao(D(4), D(0), base_calculo=D("100.00")),
    )
    r = _calc("620", "620002", x=_mono(ibs, cbs))
    i = r.itens[0].ibs_cbs
    assert i is not None
    assert i.monofasia is not None
    assert (i.monofasia.valor_ibs_item, i.monofasia.valor_cbs_item) == (D("17.35"), D("23.00"))
    assert [passo for passo in r.passos if passo[1] == "ibscbs.monofasia"] == [
        (1, "ibscbs.monofasia", (D("17.35"), D("23.00")), D("40.35"))
    ]
    t = r.totais.ibs_cbs
    assert t is not None
    assert t.monofasia is not None
    m = t.monofasia
    assert (m.valor_ibs, m.valor_ibs_retencao, m.valor_ibs_retido) == (D("12.35"), D("5.00"), D("2.00"))
    assert (m.valor_cbs, m.valor_cbs_retencao, m.valor_cbs_retido) == (D("20.00"), D("4.00"), D("0.00"))
    por_valor = TributoMonofasico(
        False, MonoPadrao(D(0), base_calculo=D("100.00"), aliquota_uf=D(3), aliquota_municipio=D(2))
    )
    i2 = _ok("620", "620001", x=_mono(por_valor, None)).monofasia
    assert i2 is not None
    assert i2.ibs is not None
    assert i2.ibs.padrao is not None
    assert (i2.valor_ibs_item, i2.valor_cbs_item, i2.ibs.padrao.valor_uf, i2.ibs.padrao.valor_municipio) == (
        D("5.00"),
        D("0.00"),
        D("3.00"),
        D("2.00"),
    )
    so_retido = TributoMonofasico(True, valor_retido=D("9.00"))
    i3 = _ok("620", "620005", x=_mono(so_retido, so_retido)).monofasia
    assert i3 is not None
    assert (i3.valor_ibs_item, i3.ibs) == (D("0.00"), so_retido)
    dado = TributoMonofasico(True, MonoPadrao(D("4.00")), MonoRetencao(D(1), D("2.00")))
    i4 = _ok("620", "620002", x=_mono(dado, None)).monofasia
    assert i4 is not None
    assert i4.valor_ibs_item == D("6.00")


def test_reversal_of_credit() -> None:
    x = IbsCbsInformado(estorno=ParIbsCbs(D("1.00"), D("2.00")))
    r = _calc("410", "410026", x=x)
    assert r.totais.ibs_cbs is not None
    assert r.totais.ibs_cbs.estorno == ParIbsCbs(D("1.00"), D("2.00"))


@pytest.mark.parametrize(
    ("cst", "classe", "codigo", "c_stat"),
    [
        ("999", "999001", "TRIB-IBSCBS-01", 1020),
        ("000", "000999", "TRIB-IBSCBS-02", 1023),
        ("200", "000001", "TRIB-IBSCBS-03", 1024),
    ],
)
def test_codes(cst: str, classe: str, codigo: str, c_stat: int) -> None:
    r = _calc(cst, classe)
    assert [(v.codigo, v.c_stat) for v in r.violacoes] == [(codigo, c_stat)]


def test_class_outside_the_model_is_a_warning() -> None:
    assert "TRIB-IBSCBS-04" in avisos(_calc("200", "200001", modelo=Modelo.NFCE))
    assert "TRIB-IBSCBS-04" not in avisos(_calc("200", "200001"))


@pytest.mark.parametrize(
    ("crt", "em", "finalidade", "aviso"),
    [
        (3, date(2026, 8, 2), "1", False), (3, date(2026, 8, 3), "1", True), (3, date(2026, 8, 3), "4", False),
        (1, date(2026, 8, 3), "1", False), (1, date(2027, 1, 4), "1", True),
    ],
)  # fmt: skip
def test_absence(crt: int, em: date, finalidade: str, aviso: bool) -> None:
    i = item("1.00", categoria(icms("102" if crt == 1 else "41")))
    assert ("TRIB-IBSCBS-12" in avisos(calcular(i, crt=crt, data_emissao=em, finalidade=finalidade))) is aviso


def test_absence_refused_when_the_company_demands() -> None:
    i = item("1.00", categoria(icms("41")))
    assert codigos(calcular(i, cfg={"exigir_ibscbs": True})) == ["TRIB-IBSCBS-11"]
    assert codigos(calcular(i, cfg={"exigir_ibscbs": True}, data_emissao=date(2025, 12, 31))) == []


def test_the_taxes_it_replaces_leave_the_base() -> None:
    cat = categoria(
        icms("00", aliquota=D(18), aliquota_fcp={operacao().uf_emitente: D(2)}),
        pis=("01", "1"),
        cofins=("01", "3"),
        ipi=("50", "10"),
        ibs=("000", "000001"),
    )
    i = um(item("1000.00", cat)).ibs_cbs
    assert i is not None
    assert i.tributacao is not None
    assert i.tributacao.base_calculo == D("1000") - D("180") - D("20") - D("10") - D("30")


def test_totals_join_the_invoice_from_2027() -> None:
    cat = categoria(icms("41"), ibs=("000", "000001"))
    antes = calcular(item("1000.00", cat))
    assert (antes.totais.valor_total, antes.itens[0].valor_item) == (antes.totais.icms.valor_nota, None)
    depois = calcular(item("1000.00", cat), data_emissao=EM_2027)
    assert depois.totais.icms.valor_nota == D("1000.00")
    assert depois.totais.valor_total == D("1085.00") == depois.itens[0].valor_item
    escrito = calcular(item("1000.00", cat), cfg={"emitir_valor_item_antes_de_2027": True})
    assert escrito.itens[0].valor_item == D("1000.00")
    mono = _mono(TributoMonofasico(True, MonoPadrao(D("4.00"))), None)
    r = calcular(
        item("1000.00", categoria(icms("41"), ibs=("620", "620001"), seletivo=("000", "1")), ibs_cbs=mono),
        data_emissao=EM_2027,
    )
    assert r.totais.valor_total == D("1014.00")
    assert calcular(item("1.00")).totais.valor_total is None
