"""Layout of IBS and CBS of one item (group UB, NT 2025.002)."""

from chancela.domain.tributos import resultado_ibs_cbs as t
from chancela.domain.xml.formatos import ALIQUOTA, DEC_4, MARCA, TEXTO, VALOR
from chancela.domain.xml.leiaute import Parte, Tabela, campo, embutido, envolve, grupo, variantes

_DIFERIMENTO = Tabela(
    "gDif", t.Diferimento, campo("pDif", "percentual", ALIQUOTA), campo("vDif", "valor", VALOR)
)
_DEVOLUCAO = Tabela(
    "gDevTrib",
    t.DevolucaoTributo,
    campo("pDevTrib", "percentual", ALIQUOTA),
    campo("vDevTrib", "valor", VALOR),
)
_REDUCAO = Tabela(
    "gRed",
    t.ReducaoAliquota,
    campo("pRedAliq", "percentual", ALIQUOTA),
    campo("pAliqEfet", "aliquota_efetiva", ALIQUOTA),
)
_ALC_ZFM = Tabela(
    "gALCZFMCBS",
    t.AlcZfmCbs,
    campo("tpALCZFMCBS", "tipo", TEXTO),
    campo("nProcSuframa", "processo_suframa", TEXTO),
    campo("pAliqEfetRegCBS", "aliquota", ALIQUOTA),
    campo("vTribRegCBS", "valor", VALOR),
)


def _componente(tag: str, nome: str, *extras: Parte) -> Tabela:
    return Tabela(
        tag,
        t.ComponenteIbsCbs,
        campo(f"p{nome}", "aliquota", ALIQUOTA),
        grupo("diferimento", _DIFERIMENTO),
        grupo("devolucao", _DEVOLUCAO),
        grupo("reducao", _REDUCAO),
        *extras,
        campo(f"v{nome}", "valor", VALOR),
    )


_GRUPO_IBS_CBS = Tabela(
    "gIBSCBS",
    t.GrupoIbsCbs,
    campo("vBC", "base_calculo", VALOR),
    grupo("uf", _componente("gIBSUF", "IBSUF")),
    grupo("municipio", _componente("gIBSMun", "IBSMun")),
    campo("vIBS", "valor_ibs", VALOR),
    grupo("cbs", _componente("gCBS", "CBS", grupo("alc_zfm", _ALC_ZFM))),
    grupo(
        "tributacao_regular",
        Tabela(
            "gTribRegular",
            t.TributacaoRegular,
            campo("CSTReg", "cst", TEXTO),
            campo("cClassTribReg", "classificacao", TEXTO),
            campo("pAliqEfetRegIBSUF", "aliquota_uf", ALIQUOTA),
            campo("vTribRegIBSUF", "valor_uf", VALOR),
            campo("pAliqEfetRegIBSMun", "aliquota_municipio", ALIQUOTA),
            campo("vTribRegIBSMun", "valor_municipio", VALOR),
            campo("pAliqEfetRegCBS", "aliquota_cbs", ALIQUOTA),
            campo("vTribRegCBS", "valor_cbs", VALOR),
        ),
    ),
    grupo(
        "compra_gov",
        Tabela(
            "gTribCompraGov",
            t.TributacaoCompraGov,
            campo("pAliqIBSUF", "aliquota_uf", ALIQUOTA),
            campo("vTribIBSUF", "valor_uf", VALOR),
            campo("pAliqIBSMun", "aliquota_municipio", ALIQUOTA),
            campo("vTribIBSMun", "valor_municipio", VALOR),
            campo("pAliqCBS", "aliquota_cbs", ALIQUOTA),
            campo("vTribCBS", "valor_cbs", VALOR),
        ),
    ),
)


def _monofasico(nome: str) -> tuple[tuple[str, tuple[Parte, ...]], tuple[str, tuple[Parte, ...]]]:
    """The two forms of the single-phase group: (by value, by quantity)."""
    valor = campo(f"v{nome}Mono", "valor", VALOR)
    por_uf = (
        campo("pAliqMonoUF", "aliquota_uf", ALIQUOTA),
        campo("vIBSMonoUF", "valor_uf", VALOR),
        campo("pAliqMonoMun", "aliquota_municipio", ALIQUOTA),
        campo("vIBSMonoMun", "valor_municipio", VALOR),
    )
    taxa = por_uf if nome == "IBS" else (campo("pAliqMonoCBS", "aliquota", ALIQUOTA),)
    valor_retencao = campo(f"v{nome}MonoReten", "valor", VALOR)
    finais = (
        envolve("gMonoRet", campo(f"v{nome}MonoRet", "valor_retido", VALOR)),
        grupo(
            "biocombustivel",
            Tabela(
                "gpBioDiferenca",
                t.MonoBiocombustivel,
                campo("qBCBioComb", "quantidade", DEC_4),
                campo(f"v{nome}Diferenca", "valor_diferenca", VALOR),
            ),
        ),
    )
    base = campo("vBCMono", "base_calculo", VALOR)
    quantidade = (campo("qBCMono", "quantidade", DEC_4), campo(f"adRem{nome}", "aliquota", ALIQUOTA))
    retencao_valor = (
        campo("vBCMonoReten", "base_calculo", VALOR),
        campo("pAliqMonoReten", "aliquota", ALIQUOTA),
    )
    retencao_quantidade = (
        campo("qBCMonoReten", "quantidade", DEC_4),
        campo(f"adRem{nome}Reten", "aliquota", ALIQUOTA),
    )
    ad_valorem = (
        grupo("padrao", Tabela("gMonoPadrao", t.MonoPadrao, base, *taxa, valor)),
        grupo("retencao", Tabela("gMonoReten", t.MonoRetencao, *retencao_valor, valor_retencao)),
        *finais,
    )
    ad_rem = (
        grupo("padrao", Tabela("gMonoPadrao", t.MonoPadrao, *quantidade, valor)),
        grupo("retencao", Tabela("gMonoReten", t.MonoRetencao, *retencao_quantidade, valor_retencao)),
        *finais,
    )
    return (f"g{nome}MonoAdValorem", ad_valorem), (f"g{nome}MonoAdRem", ad_rem)


def _tributo_monofasico(caminho: str, nome: str) -> Parte:
    ad_valorem, ad_rem = _monofasico(nome)
    return embutido(caminho, t.TributoMonofasico, variantes("ad_rem", {True: ad_rem, False: ad_valorem}))


def _credito(tag: str) -> Tabela:
    return Tabela(
        tag,
        t.ParteCreditoPresumido,
        campo("pCredPres", "percentual", ALIQUOTA),
        campo("vCredPres", "valor", VALOR),
        campo("vCredPresCondSus", "valor_condicao_suspensiva", VALOR),
    )


def par_ibs_cbs(tag: str, sufixo: str = "") -> Tabela:
    """Two amounts: `gTransfCred` and the credit reversals."""
    return Tabela(
        tag,
        t.ParIbsCbs,
        campo(f"vIBS{sufixo}", "valor_ibs", VALOR),
        campo(f"vCBS{sufixo}", "valor_cbs", VALOR),
    )


IBS_CBS = Tabela(
    "IBSCBS",
    t.IbsCbs,
    campo("CST", "cst", TEXTO),
    campo("cClassTrib", "classificacao", TEXTO),
    campo("indDoacao", "doacao", MARCA),
    grupo("tributacao", _GRUPO_IBS_CBS),
    grupo(
        "monofasia",
        Tabela(
            "gIBSCBSMono",
            t.GrupoMonofasia,
            _tributo_monofasico("ibs", "IBS"),
            _tributo_monofasico("cbs", "CBS"),
            campo("vTotIBSMonoItem", "valor_ibs_item", VALOR),
            campo("vTotCBSMonoItem", "valor_cbs_item", VALOR),
        ),
    ),
    grupo("transferencia", par_ibs_cbs("gTransfCred")),
    grupo(
        "ajuste",
        Tabela(
            "gAjusteCompet",
            t.AjusteCompetencia,
            campo("competApur", "competencia", TEXTO),
            campo("vIBS", "valor_ibs", VALOR),
            campo("vCBS", "valor_cbs", VALOR),
        ),
    ),
    grupo("estorno", par_ibs_cbs("gEstornoCred", "EstCred")),
    grupo(
        "credito_presumido",
        Tabela(
            "gCredPresOper",
            t.CreditoPresumido,
            campo("vBCCredPres", "base_calculo", VALOR),
            campo("cCredPres", "codigo", TEXTO),
            grupo("ibs", _credito("gIBSCredPres")),
            grupo("cbs", _credito("gCBSCredPres")),
        ),
    ),
    grupo(
        "credito_presumido_zfm",
        Tabela(
            "gCredPresIBSZFM",
            t.CreditoPresumidoZfm,
            campo("competApur", "competencia", TEXTO),
            campo("tpCredPresIBSZFM", "tipo", TEXTO),
            campo("vCredPresIBSZFM", "valor", VALOR),
        ),
    ),
)
