"""The worked examples of the tax specification, to the cent."""

from decimal import Decimal as D

import pytest
from tests.domain.tributos.fabrica import calcular, categoria, icms, item, por_uf, um

from chancela.domain.identidade import Uf
from chancela.domain.tributos.configuracao import Arredondamento, MetodoDesoneracao, MetodoDifal
from chancela.domain.tributos.entrada import Combustivel, Importacao, TipoOperacao, TipoPessoa
from chancela.domain.tributos.nfse import ServicoPrestado, compute_nfse

SP18 = por_uf(Uf.SP, "18")


@pytest.mark.parametrize(
    ("desconta", "base", "pis", "cofins"),
    [(True, "1025.00", "16.91", "77.90"), (False, "1250.00", "20.63", "95.00")],
)
def test_1_internal_sale_with_and_without_icms_in_the_base(
    desconta: bool, base: str, pis: str, cofins: str
) -> None:
    cat = categoria(
        pis=("01", "1.65"), cofins=("01", "7.60"), ibs=("000", "000001"), desconta_icms_pis_cofins=desconta
    )
    t = um(item("1234.50", cat, desconto=D("34.50"), frete=D("50.00")))
    assert t.icms is not None
    assert (t.icms.grupo, t.icms.base_calculo, t.icms.aliquota, t.icms.valor) == (
        "ICMS00",
        D("1250.00"),
        D(18),
        D("225.00"),
    )
    assert t.pis is not None
    assert t.cofins is not None
    assert (t.pis.base_calculo, t.pis.valor, t.cofins.valor) == (D(base), D(pis), D(cofins))
    if desconta:
        assert t.ibs_cbs is not None
        g = t.ibs_cbs.tributacao
        assert g is not None
        assert (g.base_calculo, g.uf.valor, g.municipio.valor, g.cbs.valor, g.valor_ibs) == (
            D("930.19"), D("0.93"), D("0.00"), D("8.37"), D("0.93"),
        )  # fmt: skip


def test_2_interstate_substitution_with_adjusted_mva() -> None:
    entrada = icms(
        "10",
        "6403",
        cenario="saida_fora_estado",
        aliquota_mva=por_uf(Uf.PR, "45"),
        aliquota_fcp_st=por_uf(Uf.PR, "2"),
    )
    r = calcular(
        item("2000.00", categoria(entrada, ipi=("50", "10"))),
        uf_destinatario=Uf.PR,
        cfg={"mva_ajustada_automatica": True},
    )
    assert r.violacoes == ()
    g = r.itens[0].icms
    assert g is not None
    assert (g.percentual_mva_st, g.valor, g.base_st, g.valor_st, g.valor_fcp_st) == (
        D("58.51"), D("240.00"), D("3487.22"), D("440.01"), D("69.74"),
    )  # fmt: skip
    assert g.base_fcp_st == g.base_st
    assert r.totais.icms.valor_ipi == D("200.00")
    assert r.totais.icms.valor_nota == D("2709.75")


@pytest.mark.parametrize(
    ("metodo", "base", "destino", "fcp"),
    [
        (MetodoDifal.UNICA, "890.00", "120.15", "17.80"),
        (MetodoDifal.DUPLA, "1068.00", "156.64", "21.36"),
        (MetodoDifal.TABELA, "1068.00", "156.64", "21.36"),
    ],
)
def test_3_difal_to_a_natural_person(metodo: MetodoDifal, base: str, destino: str, fcp: str) -> None:
    cat = categoria(icms("00", "6108", aliquota_fcp=por_uf(Uf.PE, "2")))
    t = um(
        item("890.00", cat),
        uf_destinatario=Uf.PE,
        tipo_pessoa=TipoPessoa.FISICA,
        ind_ie_dest="9",
        ind_final=True,
        cfg={"difal_metodo": metodo},
    )
    d = t.icms_uf_destino
    assert t.icms is not None
    assert t.icms.valor == D("62.30")
    assert d is not None
    assert (d.base_calculo, d.valor_destino, d.valor_fcp, d.base_fcp) == (
        D(base),
        D(destino),
        D(fcp),
        D(base),
    )
    assert (d.aliquota_destino, d.aliquota_interestadual, d.percentual_partilha, d.valor_remetente) == (
        D("20.50"), D(7), D(100), D(0),
    )  # fmt: skip


def test_4_simples_credit() -> None:
    r = calcular(item("760.40", categoria(icms("101", aliquota_credito=D("2.56")))), crt=1)
    g = r.itens[0].icms
    assert g is not None
    assert (g.grupo, g.aliquota_credito_sn, g.valor_credito_sn) == ("ICMSSN101", D("2.56"), D("19.47"))
    assert r.informacoes_complementares == (
        "PERMITE O APROVEITAMENTO DO CRÉDITO DE ICMS NO VALOR DE R$ 19,47, CORRESPONDENTE À ALÍQUOTA DE 2,56%, "
        "NOS TERMOS DO ART. 23 DA LEI COMPLEMENTAR Nº 123, DE 2006.",
    )


def test_5_simples_substitution_over_a_presumed_own_tax() -> None:
    entrada = icms(
        "201",
        "5401",
        aliquota_icms=SP18,
        aliquota_icms_st=SP18,
        aliquota_mva=por_uf(Uf.SP, "38"),
        aliquota_credito=D("2.56"),
    )
    r = calcular(item("760.40", categoria(entrada)), crt=1)
    g = r.itens[0].icms
    assert g is not None
    assert (g.base_st, g.valor_st, g.valor, g.valor_credito_sn) == (
        D("1049.35"),
        D("52.01"),
        None,
        D("19.47"),
    )
    presumido = [p for p in r.passos if p[1] == "icms.presumido"]
    assert presumido[0][3] == D("136.87")
    assert r.totais.icms.valor == D("0.00")


@pytest.mark.parametrize(
    ("metodo", "valor"), [(MetodoDesoneracao.POR_FORA, "38.40"), (MetodoDesoneracao.POR_DENTRO, "46.82")]
)
def test_6_reduced_base_and_its_relief(metodo: MetodoDesoneracao, valor: str) -> None:
    entrada = icms("20", aliquota_icms=SP18, aliquota_reducao=D("33.33"), motivo_desoneracao="9")
    g = um(item("640.00", categoria(entrada)), cfg={"desoneracao_metodo": metodo}).icms
    assert g is not None
    assert (g.base_calculo, g.percentual_reducao, g.valor) == (D("426.69"), D("33.33"), D("76.80"))
    assert (g.valor_desonerado, g.motivo_desoneracao, g.deduz_desoneracao) == (D(valor), "9", False)


@pytest.mark.parametrize(
    ("metodo", "valor"), [(MetodoDesoneracao.POR_FORA, "115.20"), (MetodoDesoneracao.POR_DENTRO, "140.49")]
)
def test_7_relief_of_an_exempt_sale(metodo: MetodoDesoneracao, valor: str) -> None:
    cat = categoria(icms("40", aliquota_icms=SP18, motivo_desoneracao="7"))
    r = calcular(item("640.00", cat), cfg={"desoneracao_metodo": metodo})
    g = r.itens[0].icms
    assert g is not None
    assert (g.grupo, g.cst, g.valor_desonerado, g.deduz_desoneracao) == ("ICMS40", "40", D(valor), True)
    assert r.totais.icms.valor_desonerado == D(valor)
    assert r.totais.icms.valor_nota == D("640.00") - D(valor)


def test_8_deferral() -> None:
    cat = categoria(icms("51", aliquota_icms=por_uf(Uf.SP, "12"), aliquota_diferimento=D("41.67")))
    r = calcular(item("750.00", cat))
    g = r.itens[0].icms
    assert g is not None
    assert (g.valor_operacao, g.percentual_diferimento, g.valor_diferido, g.valor) == (
        D("90.00"), D("41.67"), D("37.50"), D("52.50"),
    )  # fmt: skip
    assert r.totais.icms.valor == D("52.50")


def test_9_single_phase_deferred() -> None:
    f = Combustivel(D("1.12"), D("350.5"), percentual_diferimento=D(30))
    g = um(item("1000.00", categoria(icms("53")), combustivel=f)).icms
    assert g is not None
    assert (g.valor_mono_operacao, g.valor_mono_diferido, g.valor_mono) == (
        D("392.56"),
        D("117.77"),
        D("274.79"),
    )


def test_10_single_phase_withheld_before() -> None:
    r = calcular(item("300.00", categoria(icms("61")), combustivel=Combustivel(D("1.47"), D("42.315"))))
    g = r.itens[0].icms
    assert g is not None
    assert (g.grupo, g.valor_mono_retido, g.quantidade_mono_retido) == ("ICMS61", D("62.20"), D("42.3150"))
    assert (r.totais.icms.valor_mono_retido, r.totais.icms.quantidade_mono_retido) == (D("62.20"), D("42.32"))
    assert r.totais.icms.valor_nota == D("300.00")


def test_11_ipi_joins_the_base_for_the_final_consumer() -> None:
    cat = categoria(icms("00", aliquota_icms=SP18), ipi=("50", "6.5"))
    t = um(item("500.00", cat), ind_final=True)
    assert t.ipi is not None
    assert t.icms is not None
    assert (t.ipi.valor, t.icms.base_calculo, t.icms.valor) == (D("32.50"), D("532.50"), D("95.85"))
    revenda = um(item("500.00", cat)).icms
    assert revenda is not None
    assert revenda.base_calculo == D("500.00")


@pytest.mark.parametrize(("base", "uf", "cbs"), [("1000.00", "0.40", "3.60"), ("333.33", "0.13", "1.20")])
def test_12_reduced_rates(base: str, uf: str, cbs: str) -> None:
    t = um(item(base, categoria(icms("41"), ibs=("200", "200030"))))
    assert t.ibs_cbs is not None
    g = t.ibs_cbs.tributacao
    assert g is not None
    assert g.uf.reducao is not None
    assert g.municipio.reducao is not None
    assert g.cbs.reducao is not None
    efetivas = [p.reducao.aliquota_efetiva for p in (g.uf, g.municipio, g.cbs) if p.reducao]
    assert [str(e) for e in efetivas] == ["0.0400", "0.0000", "0.3600"]
    assert (g.uf.valor, g.municipio.valor, g.cbs.valor) == (D(uf), D("0.00"), D(cbs))


def test_13_deferred_ibs_and_cbs() -> None:
    t = um(item("1000.00", categoria(icms("41"), ibs=("515", "515001"))))
    assert t.ibs_cbs is not None
    g = t.ibs_cbs.tributacao
    assert g is not None
    assert [p.diferimento.valor for p in (g.uf, g.municipio, g.cbs) if p.diferimento] == [
        D("0.40"),
        D("0.00"),
        D("3.60"),
    ]
    assert [p.valor for p in (g.uf, g.municipio, g.cbs)] == [D("0.00")] * 3


def test_14_import() -> None:
    entrada = icms("00", "3102", cenario="importacao", aliquota_importacao=D(18))
    cat = categoria(entrada, ipi=("00", "10"), pis=("50", "2.10"), cofins=("50", "9.65"))
    aduana = Importacao(base=D("5000.00"), valor=D("600.00"), despesas_aduaneiras=D("214.50"))
    r = calcular(
        item("5000.00", cat, origem="1", importacao=aduana),
        tipo=TipoOperacao.IMPORTACAO,
        uf_destinatario=None,
        ind_ie_dest=None,
    )
    assert r.violacoes == ()
    t = r.itens[0]
    assert t.icms is not None
    assert t.ipi is not None
    assert t.pis is not None
    assert t.cofins is not None
    assert (t.ipi.valor, t.pis.valor, t.cofins.valor) == (D("560.00"), D("105.00"), D("482.50"))
    assert (t.icms.base_calculo, t.icms.valor) == (D("8490.24"), D("1528.24"))
    assert [p[3] for p in r.passos if p[1] == "icms.soma_importacao"] == [D("6962.00")]
    assert r.enquadramento.destino == "3"


def test_15_service_invoice() -> None:
    s = ServicoPrestado(
        D("3200.00"), D("2.9"), D("200.00"), D("100.00"), iss_retido=True,
        valor_pis=D("20.80"), valor_cofins=D("96.00"), valor_csll=D("32.00"), valor_ir=D("48.00"),
    )  # fmt: skip
    r = compute_nfse(s)
    assert (r.base_calculo, r.valor_iss, r.valor_liquido) == (D("2900.00"), D("84.10"), D("2819.10"))


@pytest.mark.parametrize(("valor", "half_up", "abnt"), [("2.675", "2.68", "2.68"), ("2.665", "2.67", "2.66")])
def test_16_rounding(valor: str, half_up: str, abnt: str) -> None:
    base = D(valor) * 100
    for modo, esperado in ((Arredondamento.HALF_UP, half_up), (Arredondamento.ABNT, abnt)):
        g = um(
            item(str(base), categoria(icms("00", aliquota_icms=por_uf(Uf.SP, "1")))),
            cfg={"arredondamento": modo},
        ).icms
        assert g is not None
        assert g.valor == D(esperado)
