"""Layout of the taxes of one item (groups M to U of the manual; IBS and CBS apart), over the values of `domain.tributos.resultado`."""

from chancela.domain.tributos import resultado as t
from chancela.domain.tributos import resultado_ibs_cbs as ti
from chancela.domain.xml.formatos import (
    ALIQUOTA,
    DEC_0A4,
    DEC_4,
    SIM_NAO,
    TEXTO,
    UF,
    VALOR,
    VALOR_OPCIONAL,
    Formato,
)
from chancela.domain.xml.leiaute import Parte, Tabela, campo, envolve, variantes

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

ATRIBUTOS_ICMS: dict[str, frozenset[str]] = {
    grupo: frozenset(_ICMS[tag][0] for tag in tags.split()) for grupo, tags in GRUPOS_ICMS.items()
}
"""What of `Icms` each group holds."""


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
    ti.ImpostoSeletivo,
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
