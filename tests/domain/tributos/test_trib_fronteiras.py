"""At the edges: rates and amounts below one, limits themselves, and every code of the small tables of the engine."""

import csv
from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from importlib.resources import files
from typing import Any

import pytest
from tests.domain.tributos.fabrica import calcular, categoria, codigos, icms, item, por_uf, um

from chancela.domain.identidade import Uf
from chancela.domain.tributos.categoria import CenarioIpi
from chancela.domain.tributos.configuracao import MetodoDifal
from chancela.domain.tributos.devolucao import scale_tributos
from chancela.domain.tributos.entrada import (
    CargaTributaria,
    Combustivel,
    ContribuicaoSt,
    Importacao,
    ImpostoSeletivoInformado,
    IpiInformado,
    Servico,
    TipoOperacao,
)
from chancela.domain.tributos.nfse import ServicoPrestado, compute_nfse, suggest_retencoes
from chancela.domain.tributos.rateio import RateioImpossivel, apportion, apportion_desconto, combine
from chancela.domain.tributos.resultado import Ipi

EM_2027 = date(2027, 1, 1)
PARA_PE: dict[str, Any] = {"uf_destinatario": Uf.PE, "ind_ie_dest": "9", "ind_final": True}
CONTRIBUICOES = [
    (linha["cst"], linha["grupo_xml_pis"].removeprefix("PIS"))
    for linha in csv.DictReader(
        (files("chancela") / "data" / "pis_cofins_cst.csv").read_text(encoding="utf-8").splitlines()
    )
]


@pytest.mark.parametrize(("cst", "grupo"), CONTRIBUICOES)
def test_every_cst_of_pis_and_cofins_has_its_group(cst: str, grupo: str) -> None:
    t = um(item("100.00", categoria(pis=(cst, "0.5"), cofins=(cst, "0.5"))))
    assert t.pis is not None
    assert t.cofins is not None
    assert (t.pis.grupo, t.cofins.grupo, t.pis.cst) == (grupo, grupo, cst)
    assert t.pis.valor == (None if grupo == "NT" else D("0.50"))


@pytest.mark.parametrize("cst", ["00", "10", "20", "51", "70", "90", "30", "40", "41", "50", "60"])
def test_which_cst_owe_the_difference_of_rates(cst: str) -> None:
    cat = categoria(icms(cst, "6108", aliquota_mva=por_uf(Uf.PE, "10")))
    com = calcular(item("100.00", cat), **PARA_PE).itens[0].icms_uf_destino
    assert (com is not None) == (cst in ("00", "10", "20", "51", "70", "90"))


@pytest.mark.parametrize(
    ("cst", "motivos"),
    [
        ("20", "3 9 10 11 12"),
        ("30", "6 7 9"),
        ("40", "1 3 4 5 6 7 8 9 10 11 16 90"),
        ("41", "1 3 4 5 6 7 8 9 10 11 16 90"),
        ("50", "1 3 4 5 6 7 8 9 10 11 16 90"),
        ("70", "3 9 12"),
        ("90", "3 9 12"),
    ],
)
def test_reasons_of_relief_by_cst(cst: str, motivos: str) -> None:
    """NT 2013.005 and later: rules N12-84 to N28-10."""
    aceitos = {
        str(n)
        for n in range(100)
        if "TRIB-DESON-01"
        not in codigos(
            calcular(
                item(
                    "100.00",
                    categoria(icms(cst, "5102", aliquota_mva=por_uf(Uf.SP, "10"), motivo_desoneracao=str(n))),
                )
            )
        )
    }
    assert aceitos - {"0"} == set(motivos.split())


def test_deferral_of_half_a_percent() -> None:
    cat = categoria(
        icms(
            "51",
            aliquota_diferimento=D("0.5"),
            aliquota_fcp=por_uf(Uf.SP, "0.5"),
            aliquota_diferimento_fcp=D("0.5"),
        )
    )
    g = um(item("1000.00", cat)).icms
    assert g is not None
    assert (g.valor_operacao, g.valor_diferido, g.valor) == (D("180.00"), D("0.90"), D("179.10"))
    assert (g.valor_fcp, g.valor_fcp_diferido, g.valor_fcp_efetivo) == (D("5.00"), D("0.03"), D("4.97"))
    nada = um(item("1000.00", categoria(icms("51", aliquota_fcp=por_uf(Uf.SP, "0.5"))))).icms
    assert nada is not None
    assert (nada.valor_operacao, nada.percentual_diferimento, nada.percentual_diferimento_fcp) == (
        None,
        None,
        None,
    )
    outro = um(item("1000.00", categoria(icms("00", aliquota_fcp=por_uf(Uf.SP, "0.5"), aliquota_diferimento_fcp=D("0.5"))))).icms  # fmt: skip
    assert outro is not None
    assert (outro.valor_fcp, outro.percentual_diferimento_fcp) == (D("5.00"), None)


def test_substitution_with_fcp_of_half_a_percent() -> None:
    cat = categoria(icms("10", aliquota_mva=por_uf(Uf.SP, "50"), aliquota_fcp_st=por_uf(Uf.SP, "0.5"), aliquota_fcp=por_uf(Uf.SP, "0.5")))  # fmt: skip
    g = um(item("100.00", cat)).icms
    assert g is not None
    assert (g.base_st, g.valor_st, g.aliquota_fcp_st, g.valor_fcp_st) == (
        D("150.00"),
        D("9.00"),
        D("0.5"),
        D("0.25"),
    )


def test_difal_has_ipi_in_its_base_and_fcp_in_the_double_one() -> None:
    cat = categoria(icms("00", "6108", aliquota_fcp=por_uf(Uf.PE, "0.5")), ipi=("50", "10"))
    unica = um(item("100.00", cat), **PARA_PE, cfg={"difal_metodo": MetodoDifal.UNICA}).icms_uf_destino
    assert unica is not None
    assert (unica.base_calculo, unica.valor_fcp, unica.aliquota_fcp) == (D("110.00"), D("0.55"), D("0.5"))
    dupla = um(item("100.00", cat), **PARA_PE, cfg={"difal_metodo": MetodoDifal.DUPLA}).icms_uf_destino
    assert dupla is not None
    assert dupla.base_calculo == D("129.49")  # (110.00 - 7.70) / (1 - 0.205 - 0.005)
    cheia = categoria(
        icms("00", "6108", aliquota_icms=por_uf(Uf.PE, "99.5"), aliquota_fcp=por_uf(Uf.PE, "0.5"))
    )
    simples = um(item("100.00", cheia), **PARA_PE, cfg={"difal_metodo": MetodoDifal.DUPLA}).icms_uf_destino
    assert simples is not None
    assert simples.base_calculo == D("100.00")


def test_shares_of_a_cent() -> None:
    assert apportion(D("0.01"), [D("0.01"), D("0")]) == (D("0.01"), D("0.00"))
    assert apportion(D("0.01"), [D("0.01"), D("0.01"), D("0.01")]) == (D("0.01"), D("0.00"), D("0.00"))
    assert apportion(D("1"), [D("5")]) == (D("1.00"),)
    assert apportion_desconto(D("0.01"), [D("0.01")], [D("0.01")]) == (D("0.01"),)
    assert apportion_desconto(D("0.02"), [D("0.01"), D("0.01")], [D("0.01"), D("0.01")]) == (
        D("0.01"),
        D("0.01"),
    )
    with pytest.raises(RateioImpossivel):
        apportion_desconto(D("6"), [D("0"), D("5")], [D("9"), D("5")])
    assert combine(D("1"), [D("0")]) == D("1")
    assert combine(D("0"), [D("1")]) == D("0.00")


@pytest.mark.parametrize(("valor", "base"), [("50.00", "0.00"), ("50.50", "0.50")])
def test_a_deduction_may_take_the_whole_price_of_a_service(valor: str, base: str) -> None:
    g = um(
        item(valor, categoria(icms("41", "5933")), servico=Servico("14.01", D(5), "3550308", D("50.00")))
    ).issqn
    assert g is not None
    assert g.base_calculo == D(base)


@pytest.mark.parametrize(
    ("origem", "total"),
    [(o, "1.11" if o in "03458" else "2.11") for o in "012345678"],
)
def test_approximate_taxes_by_origin(origem: str, total: str) -> None:
    """Lei 12.741/2012: goods of origin 1, 2, 6 and 7 are imported."""
    carga = CargaTributaria(D("1"), D("2"), D("0.1"), D("0.01"))
    t = um(item("100.00", origem=origem, carga_tributaria=carga), ind_final=True)
    assert t.valor_aproximado_tributos == D(total)


def test_selective_tax_of_small_amounts() -> None:
    cat = categoria(icms("41"), seletivo=("000", "50"), ibs=("000", "000001"))
    meio = um(item("0.50", cat), data_emissao=EM_2027).imposto_seletivo
    assert meio is not None
    assert (meio.base_calculo, meio.valor, meio.classificacao) == (D("0.50"), D("0.25"), "000001")
    for quantidade, unidade in (("0.5", "L"), ("0", None)):
        x = ImpostoSeletivoInformado(D("2.00"), "L", D(quantidade))
        g = um(item("0.50", cat, imposto_seletivo=x), data_emissao=EM_2027).imposto_seletivo
        assert g is not None
        assert (g.unidade, g.valor) == (unidade, D("0.25") + D("2.00") * D(quantidade))


@pytest.mark.parametrize("motivo", ["1", "9"])
def test_ad_rem_rates_keep_four_decimals_and_small_reductions(motivo: str) -> None:
    f = Combustivel(D("1.12345"), quantidade=D("10"), aliquota_ad_rem_retencao=D("0.12345"), percentual_reducao=D("0.5"), motivo_reducao=motivo)  # fmt: skip
    g = um(item("100.00", categoria(icms("15")), combustivel=f)).icms
    assert g is not None
    assert (g.grupo, g.aliquota_ad_rem, g.valor_mono, g.percentual_reducao_ad_rem, g.motivo_reducao_ad_rem) == (
        "ICMS15", D("1.1235"), D("11.18"), D("0.50"), motivo,
    )  # fmt: skip
    assert (g.aliquota_ad_rem_retencao, g.valor_mono_retencao) == (D("0.1235"), D("1.24"))
    sem = um(item("100.00", categoria(icms("15")), combustivel=Combustivel(D("1"), D("10"), D("1"), motivo_reducao="9"))).icms  # fmt: skip
    assert sem is not None
    assert (sem.percentual_reducao_ad_rem, sem.motivo_reducao_ad_rem) == (None, None)
    r = calcular(item("100.00", categoria(icms("15")), combustivel=Combustivel(D("1"), D("10"), D("1"), percentual_reducao=D("0.5"))))  # fmt: skip
    assert [(v.codigo, v.valor) for v in r.violacoes] == [("TRIB-MONO-03", "")]


@pytest.mark.parametrize(
    ("campos", "passa"),
    [
        ({"valor_total": "9999999999999.99"}, True),
        ({"valor_total": "10000000000000.00"}, False),
        ({"percentual_reducao_destino": "100"}, True),
        ({"percentual_reducao_destino": "100.01"}, False),
        ({"pis_quantidade": "99999999999.9999"}, True),
        ({"pis_quantidade": "100000000000"}, False),
        ({"cofins_st": ContribuicaoSt(D("999.9999"))}, True),
        ({"cofins_st": ContribuicaoSt(D("1000"))}, False),
    ],
)
def test_limits_of_the_layout_are_inside(campos: dict[str, Any], passa: bool) -> None:
    lidos = {nome: D(v) if isinstance(v, str) else v for nome, v in campos.items()}
    um_item = item("1.00", quantidade="1000", **{n: v for n, v in lidos.items() if n != "valor_total"})
    if "valor_total" in lidos:
        um_item = replace(um_item, valor_total=lidos["valor_total"])
    assert ("TRIB-NUM-01" in codigos(calcular(um_item))) is not passa


def test_a_service_invoice_at_its_edges() -> None:
    s = compute_nfse(
        ServicoPrestado(D("100.00"), D("2"), D("100.00"), valor_inss=D("11.00"), valor_pis=D("1.00"))
    )
    assert (s.base_calculo, s.base_negativa, s.aliquota_incomum, s.valor_liquido) == (
        D("0.00"),
        False,
        False,
        D("88.00"),
    )
    assert compute_nfse(ServicoPrestado(D("100.00"), D("5"), D("99.50"))).valor_iss == D("0.03")
    assert not compute_nfse(ServicoPrestado(D("100.00"), D("5"))).aliquota_incomum
    assert compute_nfse(ServicoPrestado(D("100.00"), D("5.01"))).aliquota_incomum
    assert compute_nfse(ServicoPrestado(D("100.00"), D("1.99"))).aliquota_incomum
    assert compute_nfse(ServicoPrestado(D("100.00"), D("5"), valor_iss=D("0.50"))).valor_iss == D("0.50")


def test_withholdings_up_to_ten_reais_are_waived() -> None:
    """IR: Lei 9.430/1996, art. 67; PIS, COFINS and CSLL: Lei 10.833/2003, art. 31."""
    no_limite = suggest_retencoes(D("666.67"))
    assert (no_limite.ir, no_limite.pis, no_limite.inss) == (D("0.00"), D("4.33"), D("73.33"))
    acima = suggest_retencoes(D("667.00"))
    assert acima.ir == D("10.01")
    tres = suggest_retencoes(D("215.05"))
    assert (tres.pis, tres.cofins, tres.csll) == (D("0.00"), D("0.00"), D("0.00"))
    assert suggest_retencoes(D("215.40")).cofins == D("6.46")


def test_ipi_groups_and_their_legal_framing() -> None:
    entrada = CenarioIpi("padrao", "juridica", "50", "301", D("10"))
    cat = replace(categoria(), ipi=(entrada,))
    por_unidade = IpiInformado(quantidade=D("2"), valor_unidade=D("1.50"))
    for informado, esperado in (
        (None, Ipi("IPITrib", "50", "301", base_calculo=D("100.00"), aliquota=D("10"), valor=D("10.00"))),
        (
            por_unidade,
            Ipi("IPITrib", "50", "301", quantidade=D("2.0000"), valor_unidade=D("1.5000"), valor=D("3.00")),
        ),
    ):
        assert um(item("100.00", cat, ipi=informado)).ipi == esperado
    nulo = um(
        item("100.00", replace(cat, ipi=(replace(entrada, aliquota=None, codigo_enquadramento=" "),)))
    ).ipi
    assert nulo == Ipi("IPITrib", "50", "999", base_calculo=D("0.00"), aliquota=D("0.00"), valor=D("0.00"))


def test_a_return_scales_amounts_and_quantities_but_no_price_per_unit() -> None:
    cat = replace(categoria(), ipi=(CenarioIpi("padrao", "juridica", "50", "301", D("10")),))
    ipi = IpiInformado(quantidade=D("4"), valor_unidade=D("1.50"))
    original = um(item("100.00", cat, ipi=ipi))
    metade = scale_tributos(original, cfop="1202", devolvida=D(1), quantidade_original=D(2)).ipi
    assert metade is not None
    assert (metade.quantidade, metade.valor_unidade, metade.valor) == (D("2.0000"), D("1.5000"), D("3.00"))
    importado = um(
        item("100.00", categoria(icms("41", "3102")), importacao=Importacao(D(100), D("14.00"), despesas_aduaneiras=D("6.00"), iof=D("2.00"))),
        tipo=TipoOperacao.IMPORTACAO, uf_destinatario=None,
    )  # fmt: skip
    ii = scale_tributos(importado, cfop="7202", devolvida=D(1), quantidade_original=D(2)).ii
    assert ii is not None
    assert (ii.base_calculo, ii.valor, ii.despesas_aduaneiras, ii.valor_iof) == (
        D("50.00"),
        D("7.00"),
        D("3.00"),
        D("1.00"),
    )


def test_single_phase_icms_leaves_the_base_of_ibs_and_cbs() -> None:
    cat = categoria(icms("02"), ibs=("000", "000001"))
    g = um(item("100.00", cat, combustivel=Combustivel(D("1.50"), quantidade=D("10")))).ibs_cbs
    assert g is not None
    assert g.tributacao is not None
    assert g.tributacao.base_calculo == D("85.00")


def test_reductions_of_half_a_percent_are_written() -> None:
    cat = categoria(
        icms("90", aliquota_reducao=D("0.5"), aliquota_mva=por_uf(Uf.SP, "50"), aliquota_reducao_st=D("0.5"))
    )
    g = um(item("1000.00", cat)).icms
    assert g is not None
    assert (g.percentual_reducao, g.base_calculo, g.percentual_reducao_st) == (
        D("0.5"),
        D("995.00"),
        D("0.5"),
    )
    assert "TRIB-ICMS-02" not in codigos(
        calcular(item("1000.00", categoria(icms("20", aliquota_reducao=D("0.5")))))
    )


def test_internal_rates_of_the_category_bring_no_fcp_of_the_table() -> None:
    """RJ has 2 % of FCP in the table, which holds for the rate of the table only."""
    da_tabela = um(item("100.00"), uf_emitente=Uf.RJ, uf_destinatario=Uf.RJ).icms
    da_categoria = um(
        item("100.00", categoria(icms("00", aliquota=D("20")))), uf_emitente=Uf.RJ, uf_destinatario=Uf.RJ
    ).icms
    assert da_tabela is not None
    assert da_categoria is not None
    assert (da_tabela.aliquota_fcp, da_categoria.aliquota_fcp) == (D("2.00"), None)
