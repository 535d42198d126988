"""Layout of the totals (group W) and of the ICMS withheld on the freight (retTransp)."""

from chancela.documents.nfe.layout_ibs_cbs import par_ibs_cbs
from chancela.domain.tributos import resultado as t
from chancela.domain.tributos import resultado_totais as tt
from chancela.domain.xml.formatos import ALIQUOTA, DATA, TEXTO, VALOR, VALOR_OPCIONAL
from chancela.domain.xml.leiaute import Parte, Tabela, campo, embutido, envolve, grupo

_V = VALOR
_TOTAIS_ICMS = Tabela(
    "ICMSTot",
    tt.TotaisIcms,
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
    tt.TotaisIssqn,
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
    tt.RetencaoTributos,
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
    tt.TotaisIbsCbs,
    campo("vBCIBSCBS", "base_calculo", _V),
    envolve(
        "gIBS",
        grupo("uf", Tabela("gIBSUF", tt.TotaisComponente, *_rows_of_componente("vIBSUF"))),
        grupo("municipio", Tabela("gIBSMun", tt.TotaisComponente, *_rows_of_componente("vIBSMun"))),
        campo("vIBS", "valor_ibs", _V),
        campo("vCredPres", "credito_presumido_ibs", _V),
        campo("vCredPresCondSus", "credito_presumido_suspensivo_ibs", _V),
        se="uf",
    ),
    envolve(
        "gCBS",
        embutido("cbs", tt.TotaisComponente, *_rows_of_componente("vCBS")),
        campo("vCredPres", "credito_presumido_cbs", _V),
        campo("vCredPresCondSus", "credito_presumido_suspensivo_cbs", _V),
        se="cbs",
    ),
    grupo(
        "monofasia",
        Tabela(
            "gMono",
            tt.TotaisMonofasia,
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
    tt.Totais,
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
