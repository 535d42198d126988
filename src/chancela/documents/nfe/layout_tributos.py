"""Layout of the tax groups (M to VA of the manual), over the values of `domain.tributos.resultado`."""

from chancela.domain.tributos import resultado as t
from chancela.domain.xml.formatos import (
    ALIQUOTA,
    DATA,
    DEC_0A4,
    DEC_4,
    MARCA,
    SIM_NAO,
    TEXTO,
    UF,
    VALOR,
    VALOR_OPCIONAL,
    Formato,
)
from chancela.domain.xml.leiaute import Parte, Tabela, campo, embutido, envolve, grupo, variantes

_ICMS: dict[str, tuple[str, Formato]] = {
    "orig": ("origem", TEXTO),
    "CST": ("cst", TEXTO),
    "CSOSN": ("csosn", TEXTO),
    "modBC": ("modalidade_bc", TEXTO),
    "pRedBC": ("percentual_reducao", ALIQUOTA),
    "cBenefRBC": ("codigo_beneficio_reducao", TEXTO),
    "vBC": ("base_calculo", VALOR),
    "pICMS": ("aliquota", ALIQUOTA),
    "vICMSOp": ("valor_operacao", VALOR),
    "pDif": ("percentual_diferimento", ALIQUOTA),
    "vICMSDif": ("valor_diferido", VALOR),
    "vICMS": ("valor", VALOR),
    "vBCFCP": ("base_fcp", VALOR),
    "pFCP": ("aliquota_fcp", ALIQUOTA),
    "vFCP": ("valor_fcp", VALOR),
    "pFCPDif": ("percentual_diferimento_fcp", ALIQUOTA),
    "vFCPDif": ("valor_fcp_diferido", VALOR),
    "vFCPEfet": ("valor_fcp_efetivo", VALOR),
    "modBCST": ("modalidade_bc_st", TEXTO),
    "pMVAST": ("percentual_mva_st", ALIQUOTA),
    "pRedBCST": ("percentual_reducao_st", ALIQUOTA),
    "vBCST": ("base_st", VALOR),
    "pICMSST": ("aliquota_st", ALIQUOTA),
    "vICMSST": ("valor_st", VALOR),
    "vBCFCPST": ("base_fcp_st", VALOR),
    "pFCPST": ("aliquota_fcp_st", ALIQUOTA),
    "vFCPST": ("valor_fcp_st", VALOR),
    "vICMSDeson": ("valor_desonerado", VALOR),
    "motDesICMS": ("motivo_desoneracao", TEXTO),
    "indDeduzDeson": ("deduz_desoneracao", SIM_NAO),
    "vICMSSTDeson": ("valor_st_desonerado", VALOR),
    "motDesICMSST": ("motivo_desoneracao_st", TEXTO),
    "pBCOp": ("percentual_bc_operacao", ALIQUOTA),
    "UFST": ("uf_st", UF),
    "vBCSTRet": ("base_st_retido", VALOR),
    "pST": ("aliquota_suportada", ALIQUOTA),
    "vICMSSubstituto": ("valor_substituto", VALOR),
    "vICMSSTRet": ("valor_st_retido", VALOR),
    "vBCFCPSTRet": ("base_fcp_st_retido", VALOR),
    "pFCPSTRet": ("aliquota_fcp_st_retido", ALIQUOTA),
    "vFCPSTRet": ("valor_fcp_st_retido", VALOR),
    "vBCSTDest": ("base_st_destino", VALOR),
    "vICMSSTDest": ("valor_st_destino", VALOR),
    "pRedBCEfet": ("percentual_reducao_efetivo", ALIQUOTA),
    "vBCEfet": ("base_efetiva", VALOR),
    "pICMSEfet": ("aliquota_efetiva", ALIQUOTA),
    "vICMSEfet": ("valor_efetivo", VALOR),
    "qBCMono": ("quantidade_mono", DEC_0A4),
    "adRemICMS": ("aliquota_ad_rem", ALIQUOTA),
    "vICMSMono": ("valor_mono", VALOR),
    "qBCMonoReten": ("quantidade_mono_retencao", DEC_0A4),
    "adRemICMSReten": ("aliquota_ad_rem_retencao", ALIQUOTA),
    "vICMSMonoReten": ("valor_mono_retencao", VALOR),
    "pRedAdRem": ("percentual_reducao_ad_rem", VALOR),
    "motRedAdRem": ("motivo_reducao_ad_rem", TEXTO),
    "vICMSMonoOp": ("valor_mono_operacao", VALOR),
    "vICMSMonoDif": ("valor_mono_diferido", VALOR),
    "qBCMonoDif": ("quantidade_mono_diferido", DEC_0A4),
    "adRemICMSDif": ("aliquota_ad_rem_diferido", ALIQUOTA),
    "qBCMonoRet": ("quantidade_mono_retido", DEC_0A4),
    "adRemICMSRet": ("aliquota_ad_rem_retido", ALIQUOTA),
    "vICMSMonoRet": ("valor_mono_retido", VALOR),
    "pCredSN": ("aliquota_credito_sn", ALIQUOTA),
    "vCredICMSSN": ("valor_credito_sn", VALOR),
}

_FCP = "vBCFCP pFCP vFCP"
_FCP_DIF = "pFCPDif vFCPDif vFCPEfet"
_FCP_ST = "vBCFCPST pFCPST vFCPST"
_ST = f"modBCST pMVAST pRedBCST vBCST pICMSST vICMSST {_FCP_ST}"
_DESON = "vICMSDeson motDesICMS indDeduzDeson"
_DESON_ST = "vICMSSTDeson motDesICMSST"
_RETIDO = "vBCSTRet pST vICMSSubstituto vICMSSTRet vBCFCPSTRet pFCPSTRet vFCPSTRet"
_EFETIVO = "pRedBCEfet vBCEfet pICMSEfet vICMSEfet"
_SN = "pCredSN vCredICMSSN"

GRUPOS_ICMS: dict[str, str] = {
    "ICMS00": "orig CST modBC vBC pICMS vICMS pFCP vFCP",
    "ICMS02": "orig CST qBCMono adRemICMS vICMSMono",
    "ICMS10": f"orig CST modBC vBC pICMS vICMS {_FCP} {_ST} {_DESON_ST}",
    "ICMS15": "orig CST qBCMono adRemICMS vICMSMono qBCMonoReten adRemICMSReten vICMSMonoReten pRedAdRem motRedAdRem",
    "ICMS20": f"orig CST modBC pRedBC vBC pICMS vICMS {_FCP} {_DESON}",
    "ICMS30": f"orig CST {_ST} {_DESON}",
    "ICMS40": f"orig CST {_DESON}",
    "ICMS51": f"orig CST modBC pRedBC cBenefRBC vBC pICMS vICMSOp pDif vICMSDif vICMS {_FCP} {_FCP_DIF}",
    "ICMS53": "orig CST qBCMono adRemICMS vICMSMonoOp pDif vICMSMonoDif vICMSMono qBCMonoDif adRemICMSDif",
    "ICMS60": f"orig CST {_RETIDO} {_EFETIVO}",
    "ICMS61": "orig CST qBCMonoRet adRemICMSRet vICMSMonoRet",
    "ICMS70": f"orig CST modBC pRedBC vBC pICMS vICMS {_FCP} {_ST} {_DESON} {_DESON_ST}",
    "ICMS90": (
        f"orig CST modBC vBC pRedBC cBenefRBC pICMS vICMSOp pDif vICMSDif vICMS {_FCP} {_FCP_DIF} "
        f"{_ST} {_DESON} {_DESON_ST}"
    ),
    "ICMSPart": f"orig CST modBC vBC pRedBC pICMS vICMS {_ST} pBCOp UFST {_DESON}",
    "ICMSST": f"orig CST {_RETIDO} vBCSTDest vICMSSTDest {_EFETIVO}",
    "ICMSSN101": f"orig CSOSN {_SN}",
    "ICMSSN102": "orig CSOSN",
    "ICMSSN201": f"orig CSOSN {_ST} {_SN}",
    "ICMSSN202": f"orig CSOSN {_ST}",
    "ICMSSN500": f"orig CSOSN {_RETIDO} {_EFETIVO}",
    "ICMSSN900": f"orig CSOSN modBC vBC pRedBC pICMS vICMS {_ST} {_SN}",
}
"""Tags of every ICMS group in schema order."""


def _rows_of_icms(tags: str) -> tuple[Parte, ...]:
    return tuple(campo(tag, *_ICMS[tag]) for tag in tags.split())


ICMS = Tabela(
    "ICMS", t.Icms, variantes("grupo", {g: (g, _rows_of_icms(tags)) for g, tags in GRUPOS_ICMS.items()})
)

IPI = Tabela(
    "IPI",
    t.Ipi,
    campo("CNPJProd", "cnpj_produtor", TEXTO),
    campo("cSelo", "codigo_selo", TEXTO),
    campo("qSelo", "quantidade_selo", TEXTO),
    campo("cEnq", "codigo_enquadramento", TEXTO),
    variantes(
        "grupo",
        {
            "IPITrib": (
                "IPITrib",
                (
                    campo("CST", "cst", TEXTO),
                    campo("vBC", "base_calculo", VALOR),
                    campo("pIPI", "aliquota", ALIQUOTA),
                    campo("qUnid", "quantidade", DEC_0A4),
                    campo("vUnid", "valor_unidade", DEC_4),
                    campo("vIPI", "valor", VALOR),
                ),
            ),
            "IPINT": ("IPINT", (campo("CST", "cst", TEXTO),)),
        },
    ),
)

II = Tabela(
    "II",
    t.ImpostoImportacao,
    campo("vBC", "base_calculo", VALOR),
    campo("vDespAdu", "despesas_aduaneiras", VALOR),
    campo("vII", "valor", VALOR),
    campo("vIOF", "valor_iof", VALOR),
)

ISSQN = Tabela(
    "ISSQN",
    t.Issqn,
    campo("vBC", "base_calculo", VALOR),
    campo("vAliq", "aliquota", ALIQUOTA),
    campo("vISSQN", "valor", VALOR),
    campo("cMunFG", "municipio_fato_gerador", TEXTO),
    campo("cListServ", "item_lista_servico", TEXTO),
    campo("vDeducao", "valor_deducao", VALOR_OPCIONAL),
    campo("vOutro", "valor_outras_retencoes", VALOR_OPCIONAL),
    campo("vDescIncond", "desconto_incondicionado", VALOR_OPCIONAL),
    campo("vDescCond", "desconto_condicionado", VALOR_OPCIONAL),
    campo("vISSRet", "valor_retido", VALOR_OPCIONAL),
    campo("indISS", "exigibilidade", TEXTO),
    campo("cServico", "codigo_servico", TEXTO),
    campo("cMun", "codigo_municipio", TEXTO),
    campo("cPais", "codigo_pais", TEXTO),
    campo("nProcesso", "numero_processo", TEXTO),
    campo("indIncentivo", "incentivo", TEXTO),
)


def _contribuicao(nome: str) -> Tabela:
    cst = campo("CST", "cst", TEXTO)
    percentual = (campo("vBC", "base_calculo", VALOR), campo(f"p{nome}", "aliquota", ALIQUOTA))
    unidade = (campo("qBCProd", "quantidade", DEC_0A4), campo("vAliqProd", "aliquota_reais", DEC_0A4))
    valor = campo(f"v{nome}", "valor", VALOR)
    opcoes = {
        "Aliq": (f"{nome}Aliq", (cst, *percentual, valor)),
        "Qtde": (f"{nome}Qtde", (cst, *unidade, valor)),
        "NT": (f"{nome}NT", (cst,)),
        "Outr": (f"{nome}Outr", (cst, *percentual, *unidade, valor)),
    }
    return Tabela(nome, t.Contribuicao, variantes("grupo", opcoes))


def _contribuicao_st(nome: str) -> Tabela:
    return Tabela(
        f"{nome}ST",
        t.Contribuicao,
        campo("vBC", "base_calculo", VALOR),
        campo(f"p{nome}", "aliquota", ALIQUOTA),
        campo("qBCProd", "quantidade", DEC_4),
        campo("vAliqProd", "aliquota_reais", DEC_4),
        campo(f"v{nome}", "valor", VALOR),
        campo(f"indSoma{nome}ST", "soma_no_total", SIM_NAO),
        fixos={"grupo": "ST"},
    )


PIS, PIS_ST = _contribuicao("PIS"), _contribuicao_st("PIS")
COFINS, COFINS_ST = _contribuicao("COFINS"), _contribuicao_st("COFINS")

ICMS_UF_DESTINO = Tabela(
    "ICMSUFDest",
    t.IcmsUfDestino,
    campo("vBCUFDest", "base_calculo", VALOR),
    campo("vBCFCPUFDest", "base_fcp", VALOR),
    campo("pFCPUFDest", "aliquota_fcp", ALIQUOTA),
    campo("pICMSUFDest", "aliquota_destino", ALIQUOTA),
    campo("pICMSInter", "aliquota_interestadual", VALOR),
    campo("pICMSInterPart", "percentual_partilha", ALIQUOTA),
    campo("vFCPUFDest", "valor_fcp", VALOR),
    campo("vICMSUFDest", "valor_destino", VALOR),
    campo("vICMSUFRemet", "valor_remetente", VALOR),
)

IMPOSTO_SELETIVO = Tabela(
    "IS",
    t.ImpostoSeletivo,
    campo("CSTIS", "cst", TEXTO),
    campo("cClassTribIS", "classificacao", TEXTO),
    campo("vBCIS", "base_calculo", VALOR),
    campo("pIS", "aliquota", ALIQUOTA),
    campo("adRemIS", "aliquota_ad_rem", ALIQUOTA),
    campo("uTrib", "unidade", TEXTO),
    campo("qTrib", "quantidade", DEC_4),
    campo("vIS", "valor", VALOR),
)

IPI_DEVOLVIDO = Tabela(
    "impostoDevol",
    t.IpiDevolvido,
    campo("pDevol", "percentual", VALOR),
    envolve("IPI", campo("vIPIDevol", "valor", VALOR)),
)

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

_V = VALOR
_TOTAIS_ICMS = Tabela(
    "ICMSTot",
    t.TotaisIcms,
    campo("vBC", "base_calculo", _V),
    campo("vICMS", "valor", _V),
    campo("vICMSDeson", "valor_desonerado", _V),
    campo("vFCPUFDest", "valor_fcp_uf_destino", _V),
    campo("vICMSUFDest", "valor_uf_destino", _V),
    campo("vICMSUFRemet", "valor_uf_remetente", _V),
    campo("vFCP", "valor_fcp", _V),
    campo("vBCST", "base_st", _V),
    campo("vST", "valor_st", _V),
    campo("vFCPST", "valor_fcp_st", _V),
    campo("vFCPSTRet", "valor_fcp_st_retido", _V),
    campo("qBCMono", "quantidade_mono", _V),
    campo("vICMSMono", "valor_mono", _V),
    campo("qBCMonoReten", "quantidade_mono_retencao", _V),
    campo("vICMSMonoReten", "valor_mono_retencao", _V),
    campo("qBCMonoRet", "quantidade_mono_retido", _V),
    campo("vICMSMonoRet", "valor_mono_retido", _V),
    campo("vProd", "valor_produtos", _V),
    campo("vFrete", "valor_frete", _V),
    campo("vSeg", "valor_seguro", _V),
    campo("vDesc", "valor_desconto", _V),
    campo("vII", "valor_ii", _V),
    campo("vIPI", "valor_ipi", _V),
    campo("vIPIDevol", "valor_ipi_devolvido", _V),
    campo("vPIS", "valor_pis", _V),
    campo("vCOFINS", "valor_cofins", _V),
    campo("vOutro", "valor_outras_despesas", _V),
    campo("vNF", "valor_nota", _V),
    campo("vTotTrib", "valor_aproximado_tributos", _V),
)

_TOTAIS_ISSQN = Tabela(
    "ISSQNtot",
    t.TotaisIssqn,
    campo("vServ", "valor_servicos", VALOR_OPCIONAL),
    campo("vBC", "base_calculo", VALOR_OPCIONAL),
    campo("vISS", "valor", VALOR_OPCIONAL),
    campo("vPIS", "valor_pis", VALOR_OPCIONAL),
    campo("vCOFINS", "valor_cofins", VALOR_OPCIONAL),
    campo("dCompet", "data_competencia", DATA),
    campo("vDeducao", "valor_deducao", VALOR_OPCIONAL),
    campo("vOutro", "valor_outras_retencoes", VALOR_OPCIONAL),
    campo("vDescIncond", "desconto_incondicionado", VALOR_OPCIONAL),
    campo("vDescCond", "desconto_condicionado", VALOR_OPCIONAL),
    campo("vISSRet", "valor_retido", VALOR_OPCIONAL),
    campo("cRegTrib", "regime_tributacao", TEXTO),
)

_RETENCAO = Tabela(
    "retTrib",
    t.RetencaoTributos,
    campo("vRetPIS", "valor_pis", VALOR_OPCIONAL),
    campo("vRetCOFINS", "valor_cofins", VALOR_OPCIONAL),
    campo("vRetCSLL", "valor_csll", VALOR_OPCIONAL),
    campo("vBCIRRF", "base_irrf", VALOR_OPCIONAL),
    campo("vIRRF", "valor_irrf", VALOR_OPCIONAL),
    campo("vBCRetPrev", "base_previdencia", VALOR_OPCIONAL),
    campo("vRetPrev", "valor_previdencia", VALOR_OPCIONAL),
)


def _rows_of_componente(nome: str) -> tuple[Parte, ...]:
    return (
        campo("vDif", "valor_diferido", _V),
        campo("vDevTrib", "valor_devolvido", _V),
        campo(nome, "valor", _V),
    )


_TOTAIS_IBS_CBS = Tabela(
    "IBSCBSTot",
    t.TotaisIbsCbs,
    campo("vBCIBSCBS", "base_calculo", _V),
    envolve(
        "gIBS",
        grupo("uf", Tabela("gIBSUF", t.TotaisComponente, *_rows_of_componente("vIBSUF"))),
        grupo("municipio", Tabela("gIBSMun", t.TotaisComponente, *_rows_of_componente("vIBSMun"))),
        campo("vIBS", "valor_ibs", _V),
        campo("vCredPres", "credito_presumido_ibs", _V),
        campo("vCredPresCondSus", "credito_presumido_suspensivo_ibs", _V),
        se="uf",
    ),
    envolve(
        "gCBS",
        embutido("cbs", t.TotaisComponente, *_rows_of_componente("vCBS")),
        campo("vCredPres", "credito_presumido_cbs", _V),
        campo("vCredPresCondSus", "credito_presumido_suspensivo_cbs", _V),
        se="cbs",
    ),
    grupo(
        "monofasia",
        Tabela(
            "gMono",
            t.TotaisMonofasia,
            campo("vIBSMono", "valor_ibs", _V),
            campo("vCBSMono", "valor_cbs", _V),
            campo("vIBSMonoReten", "valor_ibs_retencao", _V),
            campo("vCBSMonoReten", "valor_cbs_retencao", _V),
            campo("vIBSMonoRet", "valor_ibs_retido", _V),
            campo("vCBSMonoRet", "valor_cbs_retido", _V),
        ),
    ),
    grupo("estorno", par_ibs_cbs("gEstornoCred", "EstCred")),
)

TOTAIS = Tabela(
    "total",
    t.Totais,
    grupo("icms", _TOTAIS_ICMS),
    grupo("issqn", _TOTAIS_ISSQN),
    grupo("retencao", _RETENCAO),
    envolve("ISTot", campo("vIS", "valor_is", _V)),
    grupo("ibs_cbs", _TOTAIS_IBS_CBS),
    campo("vNFTot", "valor_total", _V),
)

RETENCAO_TRANSPORTE = Tabela(
    "retTransp",
    t.RetencaoTransporte,
    campo("vServ", "valor_servico", _V),
    campo("vBCRet", "base_calculo", _V),
    campo("pICMSRet", "aliquota", ALIQUOTA),
    campo("vICMSRet", "valor", _V),
    campo("CFOP", "cfop", TEXTO),
    campo("cMunFG", "municipio_fato_gerador", TEXTO),
)
