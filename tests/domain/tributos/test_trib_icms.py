"""ICMS, every group: which blocks are declared and with which values."""

from decimal import Decimal as D
from typing import Any

import pytest
from tests.domain.tributos.fabrica import avisos, calcular, categoria, codigos, icms, item, por_uf, um

from chancela.domain.identidade import Modelo, Uf
from chancela.domain.tributos.configuracao import MetodoDesoneracao
from chancela.domain.tributos.entrada import (
    Combustivel,
    IcmsEfetivo,
    IcmsRetido,
    Importacao,
    Partilha,
    PrecoPauta,
    TipoOperacao,
)
from chancela.domain.tributos.icms import GRUPO_DO_CST
from chancela.domain.tributos.icms_st import adjust_mva
from chancela.domain.tributos.resultado import Icms
from chancela.domain.tributos.simples import GRUPO_DO_CSOSN

SP18 = {"aliquota_icms": por_uf(Uf.SP, "18")}
MVA50 = {"aliquota_mva": por_uf(Uf.SP, "50")}
FCP2 = {"aliquota_fcp": por_uf(Uf.SP, "2"), "aliquota_fcp_st": por_uf(Uf.SP, "2")}


def _g(
    codigo: str,
    valor: str = "1000.00",
    crt: int = 3,
    cfg: dict[str, Any] | None = None,
    extra: dict[str, Any] | None = None,
    **campos: Any,
) -> Icms:
    g = um(item(valor, categoria(icms(codigo, **campos)), **(extra or {})), crt=crt, cfg=cfg or {}).icms
    assert g is not None
    return g


def test_every_code_of_the_tables_has_its_group() -> None:
    assert set(GRUPO_DO_CST) == {
        "00",
        "02",
        "10",
        "15",
        "20",
        "30",
        "40",
        "41",
        "50",
        "51",
        "53",
        "60",
        "61",
        "70",
        "90",
    }
    assert {GRUPO_DO_CST[c] for c in ("40", "41", "50")} == {"ICMS40"}
    assert set(GRUPO_DO_CSOSN) == {"101", "102", "103", "201", "202", "203", "300", "400", "500", "900"}
    assert GRUPO_DO_CSOSN["203"] == "ICMSSN202"


def test_00_ignores_reduction_and_has_no_fcp_base() -> None:
    g = _g("00", **SP18, **FCP2, aliquota_reducao=D(50))
    assert (g.base_calculo, g.valor, g.base_fcp, g.aliquota_fcp, g.valor_fcp) == (
        D("1000.00"),
        D("180.00"),
        None,
        D(2),
        D("20.00"),
    )
    assert (g.modalidade_bc, g.percentual_reducao) == ("3", None)


def test_10_own_and_substitution() -> None:
    g = _g("10", **SP18, **MVA50, **FCP2, aliquota_reducao_st=D(10), motivo_desoneracao_st="9")
    assert (g.valor, g.base_fcp, g.valor_fcp) == (D("180.00"), D("1000.00"), D("20.00"))
    assert (g.percentual_mva_st, g.percentual_reducao_st, g.base_st, g.valor_st) == (
        D(50),
        D(10),
        D("1350.00"),
        D("63.00"),
    )
    assert (g.base_fcp_st, g.valor_fcp_st) == (D("1350.00"), D("7.00"))
    assert (g.valor_st_desonerado, g.motivo_desoneracao_st) == (D("27.00"), "9")
    assert (g.modalidade_bc_st, g.motivo_desoneracao) == ("4", None)


def test_st_never_below_zero() -> None:
    g = _g(
        "10",
        **SP18,
        aliquota_mva=por_uf(Uf.SP, "0"),
        aliquota_icms_st=por_uf(Uf.SP, "7"),
        aliquota_fcp=por_uf(Uf.SP, "2"),
        aliquota_fcp_st=por_uf(Uf.SP, "1"),
    )
    assert (g.valor_st, g.valor_fcp_st) == (D("0.00"), D("0.00"))


def test_20_relief_of_what_the_reduction_spares() -> None:
    g = _g(
        "20", **SP18, **FCP2, aliquota_reducao=D(10), motivo_desoneracao="3", cfg={"deduz_desoneracao": True}
    )
    assert (g.percentual_reducao, g.base_calculo, g.valor, g.base_fcp) == (
        D(10),
        D("900.00"),
        D("162.00"),
        D("900.00"),
    )
    assert (g.valor_desonerado, g.motivo_desoneracao, g.deduz_desoneracao) == (D("18.00"), "3", True)


def test_20_without_reduction_is_told() -> None:
    r = calcular(item("10.00", categoria(icms("20", motivo_desoneracao="9"))))
    assert r.violacoes == ()
    assert [a for a in avisos(r) if not a.startswith("TRIB-IBS")] == ["TRIB-ICMS-02", "TRIB-DESON-02"]
    g = r.itens[0].icms
    assert g is not None
    assert (g.percentual_reducao, g.valor_desonerado, g.motivo_desoneracao) == (D("0.00"), None, None)


@pytest.mark.parametrize(("explicita", "st"), [(True, "90.00"), (False, "270.00")])
def test_30_subtracts_a_presumed_own_tax_only_when_the_category_names_the_rate(
    explicita: bool, st: str
) -> None:
    g = _g("30", **(SP18 if explicita else {}), **MVA50, motivo_desoneracao="6")
    assert (g.base_calculo, g.base_st, g.valor_st) == (None, D("1500.00"), D(st))
    assert (g.valor_desonerado, g.motivo_desoneracao, g.deduz_desoneracao) == (D("180.00"), "6", False)


@pytest.mark.parametrize("cst", ["40", "41", "50"])
def test_40_41_50_bare(cst: str) -> None:
    assert _g(cst) == Icms(grupo="ICMS40", origem="0", cst=cst)


def test_51_bare_and_with_everything() -> None:
    assert _g("51", **SP18) == Icms(grupo="ICMS51", origem="0", cst="51")
    g = _g(
        "51",
        **SP18,
        **FCP2,
        aliquota_reducao=D(50),
        aliquota_diferimento=D(100),
        aliquota_diferimento_fcp=D(50),
        extra={"codigo_beneficio_reducao": "SP123456"},
    )
    assert (g.percentual_reducao, g.codigo_beneficio_reducao, g.base_calculo) == (
        D(50),
        "SP123456",
        D("500.00"),
    )
    assert (g.valor_operacao, g.valor_diferido, g.valor) == (D("90.00"), D("90.00"), D("0.00"))
    assert (
        g.base_fcp,
        g.valor_fcp,
        g.percentual_diferimento_fcp,
        g.valor_fcp_diferido,
        g.valor_fcp_efetivo,
    ) == (D("500.00"), D("10.00"), D(50), D("5.00"), D("5.00"))


def test_60_and_500_as_far_as_informed() -> None:
    assert _g("60") == Icms(grupo="ICMS60", origem="0", cst="60")
    assert _g("500", crt=1) == Icms(grupo="ICMSSN500", origem="0", csosn="500")
    retido = IcmsRetido(base=D("1000.00"), aliquota=D(20), valor_substituto=D("120.00"), aliquota_fcp=D(2))
    for g in (_g("60", extra={"icms_retido": retido}), _g("500", crt=1, extra={"icms_retido": retido})):
        assert (g.base_st_retido, g.aliquota_suportada, g.valor_substituto, g.valor_st_retido) == (
            D("1000.00"),
            D(20),
            D("120.00"),
            D("200.00"),
        )
        assert (g.base_fcp_st_retido, g.aliquota_fcp_st_retido, g.valor_fcp_st_retido) == (
            D("1000.00"),
            D(2),
            D("20.00"),
        )
    dado = IcmsRetido(
        D("1000.00"), D(20), valor=D("80.00"), base_fcp=D("900.00"), aliquota_fcp=D(2), valor_fcp=D("9.00")
    )
    g = _g("60", extra={"icms_retido": dado})
    assert (g.valor_st_retido, g.base_fcp_st_retido, g.valor_fcp_st_retido) == (
        D("80.00"),
        D("900.00"),
        D("9.00"),
    )


def test_effective_values() -> None:
    g = _g("60", extra={"icms_efetivo": IcmsEfetivo(D(18), D(10))})
    assert (g.percentual_reducao_efetivo, g.base_efetiva, g.aliquota_efetiva, g.valor_efetivo) == (
        D(10),
        D("900.00"),
        D(18),
        D("162.00"),
    )
    pela_uf = _g("60", cfg={"ufs_icms_efetivo": frozenset({Uf.SP})})
    assert (pela_uf.base_efetiva, pela_uf.valor_efetivo) == (D("1000.00"), D("180.00"))


@pytest.mark.parametrize("cst", ["41", "60"])
def test_transfer_group(cst: str) -> None:
    retido = IcmsRetido(D("1000.00"), D(18), base_destino=D("800.00"), valor_destino=D("144.00"))
    g = _g(cst, extra={"icms_retido": retido})
    assert (g.grupo, g.valor_st_retido, g.base_st_destino, g.valor_st_destino) == (
        "ICMSST",
        D("180.00"),
        D("800.00"),
        D("144.00"),
    )


def test_70_is_20_with_substitution() -> None:
    g = _g(
        "70",
        **SP18,
        **MVA50,
        aliquota_reducao=D(10),
        motivo_desoneracao="12",
        cfg={"desoneracao_metodo": MetodoDesoneracao.POR_DENTRO},
    )
    assert (g.grupo, g.valor, g.base_st, g.valor_st) == ("ICMS70", D("162.00"), D("1500.00"), D("108.00"))
    assert g.valor_desonerado == D("21.95")


def test_90_emits_the_blocks_that_have_parameters() -> None:
    assert _g("90") == Icms(grupo="ICMS90", origem="0", cst="90")
    g = _g("90", **SP18, **MVA50, aliquota_diferimento=D(50), motivo_desoneracao="9", aliquota_reducao=D(10))
    assert (g.valor_operacao, g.valor, g.percentual_reducao, g.valor_st) == (
        D("162.00"),
        D("81.00"),
        D(10),
        D("189.00"),
    )
    assert g.valor_desonerado == D("99.00")


@pytest.mark.parametrize("cst", ["10", "90"])
def test_sharing_between_states(cst: str) -> None:
    extra = {"partilha": Partilha(D("55.00"), Uf.RJ)}
    g = _g(
        cst,
        **SP18,
        **MVA50,
        **FCP2,
        aliquota_reducao=D(10),
        aliquota_diferimento=D(10),
        motivo_desoneracao="9",
        extra=extra,
    )
    assert (g.grupo, g.percentual_bc_operacao, g.uf_st) == ("ICMSPart", D("55.00"), Uf.RJ)
    assert (g.percentual_reducao, g.valor, g.valor_fcp, g.valor_operacao, g.valor_desonerado) == (
        D(10),
        D("162.00"),
        None,
        None,
        D("18.00"),
    )


def test_price_list_replaces_the_base() -> None:
    extra = {
        "pauta": PrecoPauta("1", D("12.50")),
        "pauta_st": PrecoPauta("5", D("20.00")),
        "quantidade_tributavel": D(100),
    }
    g = _g("10", **SP18, extra=extra)
    assert (g.modalidade_bc, g.base_calculo, g.valor) == ("1", D("1250.00"), D("225.00"))
    assert (g.modalidade_bc_st, g.percentual_mva_st, g.base_st, g.valor_st) == (
        "5",
        None,
        D("2000.00"),
        D("135.00"),
    )


@pytest.mark.parametrize("csosn", ["102", "103", "300", "400"])
def test_simples_without_values(csosn: str) -> None:
    assert _g(csosn, crt=1) == Icms(grupo="ICMSSN102", origem="0", csosn=csosn)


@pytest.mark.parametrize("csosn", ["202", "203"])
def test_simples_substitution_without_credit(csosn: str) -> None:
    g = _g(csosn, crt=1, **SP18, **MVA50, aliquota_credito=D(3))
    assert (g.grupo, g.valor_st, g.valor_credito_sn) == ("ICMSSN202", D("90.00"), None)


def test_simples_900() -> None:
    assert _g("900", crt=1) == Icms(grupo="ICMSSN900", origem="0", csosn="900")
    g = _g(
        "900",
        crt=1,
        **SP18,
        **MVA50,
        aliquota_credito=D("1.25"),
        aliquota_reducao=D(10),
        cfg={"credito_sobre_base_reduzida": True},
    )
    assert (g.base_calculo, g.percentual_reducao, g.valor, g.valor_st) == (
        D("900.00"),
        D(10),
        D("162.00"),
        D("108.00"),
    )
    assert (g.aliquota_credito_sn, g.valor_credito_sn) == (D("1.25"), D("11.25"))


def test_credit_of_zero_is_told() -> None:
    r = calcular(item("10.00", categoria(icms("101"))), crt=1)
    g = r.itens[0].icms
    assert g is not None
    assert (avisos(r), g.valor_credito_sn, r.informacoes_complementares) == (["TRIB-SN-01"], D("0.00"), ())


def test_02_and_15() -> None:
    g = _g("02", extra={"combustivel": Combustivel(D("1.1234")), "quantidade": "10"})
    assert (g.grupo, g.quantidade_mono, g.aliquota_ad_rem, g.valor_mono) == (
        "ICMS02",
        D(10),
        D("1.1234"),
        D("11.23"),
    )
    f = Combustivel(D(2), D(100), D(3), D(50), D(10), "1")
    r = calcular(item("1000.00", categoria(icms("15")), combustivel=f))
    g15 = r.itens[0].icms
    assert g15 is not None
    assert (
        g15.valor_mono,
        g15.valor_mono_retencao,
        g15.percentual_reducao_ad_rem,
        g15.motivo_reducao_ad_rem,
    ) == (D("180.00"), D("150.00"), D(10), "1")
    assert (
        r.totais.icms.valor_mono,
        r.totais.icms.valor_mono_retencao,
        r.totais.icms.quantidade_mono_retencao,
    ) == (D("180.00"), D("150.00"), D("50.00"))
    assert r.totais.icms.valor_nota == D("1150.00")
    sem = _g("15", extra={"combustivel": Combustivel(D(2), D(100), D(3))})
    assert (sem.quantidade_mono_retencao, sem.percentual_reducao_ad_rem) == (D(100), None)


def test_53_without_deferral() -> None:
    g = _g("53", extra={"combustivel": Combustivel(D(2), D(10))})
    assert (g.valor_mono_operacao, g.percentual_diferimento, g.valor_mono) == (D("20.00"), None, D("20.00"))


@pytest.mark.parametrize(
    ("codigo", "extra", "campos", "esperado"),
    [
        ("99", {}, {}, "TRIB-ICMS-01"),
        ("10", {}, {}, "TRIB-ST-01"),
        ("10", {}, {**MVA50, "motivo_desoneracao_st": "7"}, "TRIB-DESON-03"),
        ("20", {}, {"motivo_desoneracao": "7"}, "TRIB-DESON-01"),
        ("02", {}, {}, "TRIB-MONO-01"),
        ("15", {"combustivel": Combustivel(D(1))}, {}, "TRIB-MONO-02"),
        ("15", {"combustivel": Combustivel(D(1), None, D(1), None, D(10))}, {}, "TRIB-MONO-03"),
    ],
)
def test_refusals(codigo: str, extra: dict[str, Any], campos: dict[str, Any], esperado: str) -> None:
    assert codigos(calcular(item("10.00", categoria(icms(codigo, **campos)), **extra))) == [esperado]


def test_st_of_simples_without_mva() -> None:
    assert codigos(calcular(item("10.00", categoria(icms("202"))), crt=1)) == ["TRIB-ST-01"]


def test_relief_por_dentro_of_a_full_rate() -> None:
    cat = categoria(icms("40", aliquota_icms=por_uf(Uf.SP, "100"), motivo_desoneracao="9"))
    assert codigos(
        calcular(item("10.00", cat), cfg={"desoneracao_metodo": MetodoDesoneracao.POR_DENTRO})
    ) == ["TRIB-ICMS-03"]


@pytest.mark.parametrize("codigo", ["00", "40", "90", "900", "202"])
def test_import_with_a_full_rate(codigo: str) -> None:
    cat = categoria(
        icms(codigo, "3102", aliquota_importacao=D(100), motivo_desoneracao="9" if codigo == "40" else "")
    )
    r = calcular(
        item("10.00", cat, importacao=Importacao(D(10), D(1))),
        tipo=TipoOperacao.IMPORTACAO,
        uf_destinatario=None,
        crt=1 if len(codigo) == 3 else 3,
    )
    assert "TRIB-ICMS-03" in codigos(r)


def test_import_may_take_other_expenses_into_the_base() -> None:
    cat = categoria(icms("00", "3102", aliquota_importacao=D(50)), pis=("50", "1"))
    campos = {"tipo": TipoOperacao.IMPORTACAO, "uf_destinatario": None}
    i = item("100.00", cat, outras_despesas=D("10.00"), importacao=Importacao(D(100), D(0), afrmm=D("9.00")))
    bases = [um(i, **campos, cfg={"import_voutro_na_base": v}).icms for v in (False, True)]
    assert [b.base_calculo for b in bases if b] == [D("220.00"), D("240.00")]


def test_adjusted_mva_stays_when_the_law_says_so() -> None:
    assert adjust_mva(D(45), D(12), D("19.5")) == D("58.51")
    entrada = {"cenario": "saida_fora_estado", "aliquota_mva": por_uf(Uf.PR, "45")}
    cfg = {"mva_ajustada_automatica": True}
    simples = um(
        item("10.00", categoria(icms("202", "6403", **entrada))), uf_destinatario=Uf.PR, crt=1, cfg=cfg
    ).icms
    igual = um(
        item("10.00", categoria(icms("10", "6403", **entrada, aliquota_icms=por_uf(Uf.PR, "11")))),
        uf_destinatario=Uf.PR,
        cfg=cfg,
    ).icms
    assert [g.percentual_mva_st for g in (simples, igual) if g] == [D(45), D(45)]
    com_fcp = um(
        item("10.00", categoria(icms("10", "6403", **entrada, aliquota_fcp=por_uf(Uf.PR, "2")))),
        uf_destinatario=Uf.PR, cfg={**cfg, "mva_ajustada_inclui_fcp": True},
    ).icms  # fmt: skip
    assert com_fcp is not None
    assert com_fcp.percentual_mva_st == D("62.55")


def test_difal_by_substitution_for_use_and_consumption() -> None:
    entrada = icms("10", "6403", cenario="saida_fora_estado", aliquota_fcp_st=por_uf(Uf.PR, "2"))
    campos = {"uf_destinatario": Uf.PR, "ind_final": True, "cfg": {"cfops_difal_st": frozenset({"6403"})}}
    g = um(item("1000.00", categoria(entrada)), **campos).icms
    assert g is not None
    assert (g.percentual_mva_st, g.base_st, g.valor_st, g.valor_fcp_st) == (
        D(0),
        D("1093.17"),
        D("93.17"),
        D("21.86"),
    )
    cheia = categoria(icms("10", "6403", cenario="saida_fora_estado", aliquota_icms_st=por_uf(Uf.PR, "100")))
    assert codigos(calcular(item("10.00", cheia), **campos)) == ["TRIB-ST-02"]


def _difal(**campos: Any) -> bool:
    base: dict[str, Any] = {"uf_destinatario": Uf.PE, "ind_ie_dest": "9", "ind_final": True}
    cat = campos.pop("cat", None) or categoria(icms("00", "6108"))
    extra = campos.pop("extra", {})
    return um(item("100.00", cat, **extra), **{**base, **campos}).icms_uf_destino is not None


def test_when_difal_is_due() -> None:
    assert _difal()
    assert _difal(crt=2)
    assert not _difal(ind_ie_dest="1")
    assert not _difal(uf_destinatario=Uf.SP)
    assert not _difal(modelo=Modelo.NFCE)
    assert not _difal(cat=categoria(icms("102", "6108")), crt=1)
    assert not _difal(cat=categoria(icms("40", "6108")))
    assert not _difal(cat=categoria(icms("00", "6108"), disable_difal=True))
    assert _difal(cat=categoria(icms("00", "6108"), disable_difal=True), extra={"disable_difal": False})
    assert not _difal(extra={"disable_difal": True})
    assert not _difal(cat=categoria(icms("00", "2108")), tipo=TipoOperacao.ENTRADA)
    assert not _difal(cat=categoria(icms("00", "6108", aliquota_icms=por_uf(Uf.PE, "6"))))


def test_difal_bases() -> None:
    base: dict[str, Any] = {"uf_destinatario": Uf.PE, "ind_ie_dest": "9", "ind_final": True}
    t = um(
        item(
            "100.00", categoria(icms("20", "6108", aliquota_reducao=D(50))), percentual_reducao_destino=D(10)
        ),
        **base,
    )
    d = t.icms_uf_destino
    assert d is not None
    assert (d.base_calculo, d.valor_destino, d.valor_fcp) == (D("90.00"), D("14.95"), None)
    sem_bc = um(item("100.00", categoria(icms("51", "6108"))), **base).icms_uf_destino
    assert sem_bc is not None
    assert sem_bc.valor_destino == D("13.50")
    cheia = um(
        item("100.00", categoria(icms("00", "6108", aliquota_icms=por_uf(Uf.PE, "100")))),
        **base,
        cfg={"difal_metodo": "dupla"},
    ).icms_uf_destino
    assert cheia is not None
    assert cheia.base_calculo == D("100.00")
