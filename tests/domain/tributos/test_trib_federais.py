"""II, IPI, PIS, COFINS, ISSQN, IS, approximate taxes, withheld freight, and the totals that they reach."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest
from tests.domain.tributos.fabrica import calcular, categoria, codigos, icms, item, por_uf, um

from chancela.domain.identidade import Modelo, Uf
from chancela.domain.tributos.entrada import (
    CargaTributaria,
    ContribuicaoSt,
    FreteRetido,
    Importacao,
    ImpostoSeletivoInformado,
    IpiDaDevolucao,
    IpiInformado,
    Servico,
    TipoOperacao,
    TributosInformados,
)
from chancela.domain.tributos.nfse import ServicoPrestado, compute_nfse, suggest_retencoes
from chancela.domain.tributos.resultado import Icms, Ipi, RetencaoTransporte

ISENTO = icms("41")


def test_ii() -> None:
    cat = categoria(icms("41", "3102"))
    campos = {"tipo": TipoOperacao.IMPORTACAO, "uf_destinatario": None}
    r = calcular(item("100.00", cat, importacao=Importacao(D(100), aliquota=D(14), iof=D("1.50"))), **campos)
    ii = r.itens[0].ii
    assert ii is not None
    assert (ii.base_calculo, ii.valor, ii.valor_iof) == (D("100.00"), D("14.00"), D("1.50"))
    assert (r.totais.icms.valor_ii, r.totais.icms.valor_nota) == (D("14.00"), D("114.00"))
    assert codigos(calcular(item("100.00", cat), **campos)) == ["TRIB-II-01"]
    assert "TRIB-II-02" in codigos(
        calcular(item("1.00", categoria(ISENTO), importacao=Importacao(D(1))), modelo=Modelo.NFCE)
    )


@pytest.mark.parametrize("cst", ["01", "02", "03", "04", "05", "51", "52", "53", "54", "55"])
def test_ipi_not_taxed(cst: str) -> None:
    assert um(item("100.00", categoria(ISENTO, ipi=(cst, "10")))).ipi == Ipi("IPINT", cst, "999")


def test_ipi_zero_and_per_unit_and_unknown() -> None:
    zero = um(item("100.00", categoria(ISENTO, ipi=("99", "0")))).ipi
    assert zero == Ipi("IPITrib", "99", "999", base_calculo=D("0.00"), aliquota=D("0.00"), valor=D("0.00"))
    x = IpiInformado(valor_unidade=D("1.2345"), codigo_selo="9710-01", quantidade_selo="3")
    ipi = um(item("100.00", categoria(ISENTO, ipi=("50", "0")), quantidade="10", ipi=x)).ipi
    assert ipi is not None
    assert (ipi.quantidade, ipi.valor_unidade, ipi.valor, ipi.codigo_selo) == (
        D(10),
        D("1.2345"),
        D("12.35"),
        "9710-01",
    )
    outra = um(item("100.00", categoria(ISENTO, ipi=("50", "0")), ipi=replace(x, quantidade=D(2)))).ipi
    assert outra is not None
    assert outra.valor == D("2.47")
    assert codigos(calcular(item("1.00", categoria(ISENTO, ipi=("77", "0"))))) == ["TRIB-IPI-01"]


def test_ipi_given_back() -> None:
    r = calcular(
        item("100.00", categoria(ISENTO), ipi_devolvido=IpiDaDevolucao(D(50), D("31.00"))), finalidade="4"
    )
    t = r.itens[0]
    assert t.ipi is None
    assert t.ipi_devolvido is not None
    assert (t.ipi_devolvido.percentual, t.ipi_devolvido.valor) == (D(50), D("15.50"))
    assert (r.totais.icms.valor_ipi_devolvido, r.totais.icms.valor_nota) == (D("15.50"), D("115.50"))


@pytest.mark.parametrize(
    ("cst", "aliquota", "quantidade", "grupo", "valor"),
    [
        ("01", "1.65", None, "Aliq", "1.65"),
        ("02", "2", None, "Aliq", "2.00"),
        ("03", "0.5", None, "Qtde", "5.00"),
        ("03", "0.5", "4", "Qtde", "2.00"),
        ("04", "1", None, "NT", None),
        ("09", "1", None, "NT", None),
        ("49", "0", None, "Outr", "0.00"),
        ("98", "1", None, "Outr", "1.00"),
        ("99", "0.3", "10", "Outr", "3.00"),
    ],
)
def test_contributions(
    cst: str, aliquota: str, quantidade: str | None, grupo: str, valor: str | None
) -> None:
    quantos = None if quantidade is None else D(quantidade)
    cat = categoria(ISENTO, pis=(cst, aliquota), cofins=(cst, aliquota))
    t = um(item("100.00", cat, quantidade="10", pis_quantidade=quantos, cofins_quantidade=quantos))
    for contribuicao in (t.pis, t.cofins):
        assert contribuicao is not None
        assert (contribuicao.grupo, contribuicao.cst) == (grupo, cst)
        assert contribuicao.valor == (None if valor is None else D(valor))


def test_contribution_refusals() -> None:
    assert codigos(calcular(item("1.00", categoria(ISENTO, pis=("48", "0"), cofins=("48", "0"))))) == [
        "TRIB-PIS-01",
        "TRIB-COFINS-01",
    ]
    cat = categoria(
        icms("00", aliquota=D(150)), pis=("01", "1"), cofins=("07", "0"), desconta_icms_pis_cofins=True
    )
    assert codigos(calcular(item("1.00", cat))) == ["TRIB-PIS-02"]


def test_the_item_overrides_the_deduction_of_icms() -> None:
    cat = categoria(icms("00", aliquota=D(18)), pis=("01", "1"))
    com = um(item("100.00", cat, desconta_icms_pis_cofins=True)).pis
    assert com is not None
    assert com.base_calculo == D("82.00")
    sn = um(item("100.00", categoria(icms("102"), pis=("01", "1"), desconta_icms_pis_cofins=True)), crt=1).pis
    assert sn is not None
    assert sn.base_calculo == D("100.00")


def test_substituted_contributions_join_the_total_when_told() -> None:
    i = item(
        "100.00", categoria(ISENTO, pis=("05", "0"), cofins=("05", "0")),
        pis_st=ContribuicaoSt(D("1.65"), soma_no_total=True), cofins_st=ContribuicaoSt(D("0.5"), quantidade=D(4)),
    )  # fmt: skip
    r = calcular(i)
    t = r.itens[0]
    assert t.pis_st is not None
    assert t.cofins_st is not None
    assert (t.pis_st.grupo, t.pis_st.valor, t.pis_st.soma_no_total) == ("ST", D("1.65"), True)
    assert (t.cofins_st.quantidade, t.cofins_st.valor, t.cofins_st.soma_no_total) == (D(4), D("2.00"), False)
    assert r.totais.icms.valor_nota == D("101.65")
    com_base = um(replace(i, pis_st=ContribuicaoSt(D(2), base=D("50.00")))).pis_st
    assert com_base is not None
    assert com_base.valor == D("1.00")
    assert codigos(calcular(i, modelo=Modelo.NFCE)) == ["TRIB-PIS-ST-01", "TRIB-COFINS-ST-01"]


def test_service_item() -> None:
    s = Servico("14.01", D("2.9"), "3550308", D("50.00"), D("1.00"), D("2.00"), retido=True, incentivo=True)
    cat = categoria(icms("41", "5933"), pis=("01", "1"), cofins=("01", "2"), ibs=("000", "000001"))
    r = calcular(item("500.00", cat, servico=s, desconto=D("20.00")), item("100.00"), regime_issqn="3")
    assert r.violacoes == ()
    t = r.itens[0]
    assert t.icms is None
    assert t.ipi is None
    assert t.issqn is not None
    assert (t.issqn.base_calculo, t.issqn.valor, t.issqn.valor_retido) == (
        D("430.00"),
        D("12.47"),
        D("12.47"),
    )
    assert (t.issqn.desconto_incondicionado, t.issqn.desconto_condicionado, t.issqn.incentivo) == (
        D("20.00"),
        D("2.00"),
        "1",
    )
    assert t.ibs_cbs is not None
    assert t.ibs_cbs.tributacao is not None
    assert t.ibs_cbs.tributacao.base_calculo == D("480.00") - D("4.80") - D("9.60") - D("12.47")
    n = r.totais.issqn
    assert n is not None
    assert (n.valor_servicos, n.base_calculo, n.valor, n.valor_pis, n.valor_cofins) == (
        D("500.00"),
        D("430.00"),
        D("12.47"),
        D("4.80"),
        D("9.60"),
    )
    assert (n.valor_deducao, n.valor_outras_retencoes, n.valor_retido, n.regime_tributacao) == (
        D("50.00"),
        D("1.00"),
        D("12.47"),
        "3",
    )
    assert (r.totais.icms.valor_produtos, r.totais.icms.valor_pis, r.totais.icms.valor_nota) == (
        D("100.00"),
        D("0.00"),
        D("580.00"),
    )
    assert codigos(calcular(item("10.00", cat, servico=replace(s, valor_deducao=D("10.01"))))) == [
        "TRIB-ISS-01"
    ]
    simples = um(item("10.00", cat, servico=Servico("14.01", D(5), "3550308"))).issqn
    assert simples is not None
    assert (simples.valor_retido, simples.valor_deducao, simples.incentivo) == (None, None, "2")


def test_is_only_from_2027_or_when_told() -> None:
    cat = categoria(ISENTO, seletivo=("000", "10"), ibs=("000", "000001"))
    assert um(item("100.00", cat)).imposto_seletivo is None
    r = calcular(item("100.00", cat), cfg={"emitir_is": True})
    s = r.itens[0].imposto_seletivo
    assert s is not None
    assert (s.cst, s.classificacao, s.base_calculo, s.aliquota, s.valor) == (
        "000",
        "000001",
        D("100.00"),
        D(10),
        D("10.00"),
    )
    assert r.totais.valor_is == D("10.00")
    i = r.itens[0].ibs_cbs
    assert i is not None
    assert i.tributacao is not None
    assert i.tributacao.base_calculo == D("110.00")
    x = ImpostoSeletivoInformado(D("0.25"), "LT", D(10), "000002")
    com = um(item("100.00", cat, imposto_seletivo=x), data_emissao=date(2027, 1, 1)).imposto_seletivo
    assert com is not None
    assert (com.valor, com.aliquota_ad_rem, com.unidade, com.quantidade, com.classificacao) == (
        D("12.50"),
        D("0.25"),
        "LT",
        D(10),
        "000002",
    )
    sem_unidade = um(
        item("100.00", cat, imposto_seletivo=replace(x, unidade=None, quantidade=None)),
        cfg={"emitir_is": True},
    ).imposto_seletivo
    assert sem_unidade is not None
    assert (sem_unidade.valor, sem_unidade.unidade, sem_unidade.quantidade) == (D("10.25"), None, None)


def test_negative_base_of_is_and_ibs() -> None:
    cat = categoria(icms("00", aliquota=D(150)), seletivo=("000", "10"), ibs=("000", "000001"))
    assert codigos(calcular(item("100.00", cat), cfg={"emitir_is": True})) == ["TRIB-IS-01", "TRIB-IBSCBS-09"]


@pytest.mark.parametrize(("origem", "valor"), [("0", "30.00"), ("1", "35.00")])
def test_approximate_taxes(origem: str, valor: str) -> None:
    i = item(
        "100.00",
        categoria(ISENTO),
        origem=origem,
        carga_tributaria=CargaTributaria(D(10), D(15), D(18), D(2)),
    )
    r = calcular(i, ind_final=True)
    assert r.itens[0].valor_aproximado_tributos == D(valor)
    assert r.totais.icms.valor_aproximado_tributos == D(valor)
    assert calcular(i).totais.icms.valor_aproximado_tributos is None


def test_withheld_freight() -> None:
    r = calcular(item("1.00"), frete_retido=FreteRetido(D("150.00"), D("150.00"), D(12), "5932", "3548500"))
    assert r.retencao_transporte == RetencaoTransporte(
        D("150.00"), D("150.00"), D("12.00"), D("18.00"), "5932", "3548500"
    )


def test_given_groups_are_copied() -> None:
    g = Icms(
        grupo="ICMS00",
        origem="0",
        cst="00",
        modalidade_bc="3",
        base_calculo=D("0.00"),
        aliquota=D(18),
        valor=D("5.00"),
    )
    i = item("0.00", informado=TributosInformados("5102", icms=g), quantidade="0")
    r = calcular(replace(i, categoria=None), finalidade="2")
    assert r.violacoes == ()
    assert (r.itens[0].icms, r.itens[0].cfop) == (g, "5102")
    assert (r.totais.icms.valor, r.totais.icms.valor_nota) == (D("5.00"), D("0.00"))


def test_direct_invoicing_leaves_substitution_out_of_the_total() -> None:
    cat = categoria(icms("10", aliquota=D(18), aliquota_mva=por_uf(Uf.SP, "50")))
    assert calcular(item("100.00", cat)).totais.icms.valor_nota == D("109.00")
    assert calcular(item("100.00", cat, faturamento_direto=True)).totais.icms.valor_nota == D("100.00")


def test_product_value() -> None:
    i = replace(item("100.00"), valor_unitario=D("100.02"))
    r = calcular(i)
    assert [(v.codigo, v.c_stat, v.caminho) for v in r.violacoes] == [
        ("TRIB-PROD-01", 629, "itens[0].valor_total")
    ]
    assert codigos(calcular(i, finalidade="2")) == []
    assert codigos(calcular(replace(i, valor_unitario=D("100.01")))) == []


def test_suggested_withholdings() -> None:
    alto, baixo = suggest_retencoes(D("1000.00")), suggest_retencoes(D("200.00"))
    assert (alto.pis, alto.cofins, alto.csll, alto.ir, alto.inss) == (
        D("6.50"),
        D("30.00"),
        D("10.00"),
        D("15.00"),
        D("110.00"),
    )
    assert (baixo.pis, baixo.cofins, baixo.csll, baixo.ir, baixo.inss) == (D(0), D(0), D(0), D(0), D("22.00"))


def test_service_invoice_edges() -> None:
    r = compute_nfse(ServicoPrestado(D("100.00"), D(6), valor_deducoes=D("101.00"), valor_iss=D("3.00")))
    assert (r.base_negativa, r.aliquota_incomum, r.valor_iss, r.valor_liquido) == (
        True,
        True,
        D("3.00"),
        D("100.00"),
    )
