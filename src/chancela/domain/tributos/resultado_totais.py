"""The totals of a document: sums of what its items declare, rounded item by item (MOC, groups W01 to W60).

Attributes and units are written as in `resultado`.
"""

from datetime import date
from decimal import Decimal

from chancela.domain.tributos.resultado_ibs_cbs import ParIbsCbs
from chancela.kit.frozen import frozen

ZERO = Decimal("0.00")


@frozen
class TotaisIcms:
    """ICMSTot."""

    base_calculo: Decimal = ZERO  # vBC
    valor: Decimal = ZERO  # vICMS
    valor_desonerado: Decimal = ZERO  # vICMSDeson
    valor_fcp_uf_destino: Decimal | None = None  # vFCPUFDest
    valor_uf_destino: Decimal | None = None  # vICMSUFDest
    valor_uf_remetente: Decimal | None = None  # vICMSUFRemet
    valor_fcp: Decimal = ZERO  # vFCP
    base_st: Decimal = ZERO  # vBCST
    valor_st: Decimal = ZERO  # vST
    valor_fcp_st: Decimal = ZERO  # vFCPST
    valor_fcp_st_retido: Decimal = ZERO  # vFCPSTRet
    quantidade_mono: Decimal | None = None  # qBCMono, 2 decimals
    valor_mono: Decimal | None = None  # vICMSMono
    quantidade_mono_retencao: Decimal | None = None  # qBCMonoReten, 2 decimals
    valor_mono_retencao: Decimal | None = None  # vICMSMonoReten
    quantidade_mono_retido: Decimal | None = None  # qBCMonoRet, 2 decimals
    valor_mono_retido: Decimal | None = None  # vICMSMonoRet
    valor_produtos: Decimal = ZERO  # vProd
    valor_frete: Decimal = ZERO  # vFrete
    valor_seguro: Decimal = ZERO  # vSeg
    valor_desconto: Decimal = ZERO  # vDesc
    valor_ii: Decimal = ZERO  # vII
    valor_ipi: Decimal = ZERO  # vIPI
    valor_ipi_devolvido: Decimal = ZERO  # vIPIDevol
    valor_pis: Decimal = ZERO  # vPIS
    valor_cofins: Decimal = ZERO  # vCOFINS
    valor_outras_despesas: Decimal = ZERO  # vOutro
    valor_nota: Decimal = ZERO  # vNF
    valor_aproximado_tributos: Decimal | None = None  # vTotTrib


@frozen
class TotaisIssqn:
    """ISSQNtot."""

    data_competencia: date  # dCompet
    valor_servicos: Decimal | None = None  # vServ
    base_calculo: Decimal | None = None  # vBC
    valor: Decimal | None = None  # vISS
    valor_pis: Decimal | None = None  # vPIS
    valor_cofins: Decimal | None = None  # vCOFINS
    valor_deducao: Decimal | None = None  # vDeducao
    valor_outras_retencoes: Decimal | None = None  # vOutro
    desconto_incondicionado: Decimal | None = None  # vDescIncond
    desconto_condicionado: Decimal | None = None  # vDescCond
    valor_retido: Decimal | None = None  # vISSRet
    regime_tributacao: str | None = None  # cRegTrib


@frozen
class RetencaoTributos:
    """retTrib: federal withholdings of the document."""

    valor_pis: Decimal | None = None  # vRetPIS
    valor_cofins: Decimal | None = None  # vRetCOFINS
    valor_csll: Decimal | None = None  # vRetCSLL
    base_irrf: Decimal | None = None  # vBCIRRF
    valor_irrf: Decimal | None = None  # vIRRF
    base_previdencia: Decimal | None = None  # vBCRetPrev
    valor_previdencia: Decimal | None = None  # vRetPrev


@frozen
class TotaisComponente:
    """gIBSUF, gIBSMun or gCBS of IBSCBSTot."""

    valor_diferido: Decimal = ZERO  # vDif
    valor_devolvido: Decimal = ZERO  # vDevTrib
    valor: Decimal = ZERO  # vIBSUF, vIBSMun, vCBS


@frozen
class TotaisMonofasia:
    """gMono of IBSCBSTot."""

    valor_ibs: Decimal = ZERO  # vIBSMono
    valor_cbs: Decimal = ZERO  # vCBSMono
    valor_ibs_retencao: Decimal = ZERO  # vIBSMonoReten
    valor_cbs_retencao: Decimal = ZERO  # vCBSMonoReten
    valor_ibs_retido: Decimal = ZERO  # vIBSMonoRet
    valor_cbs_retido: Decimal = ZERO  # vCBSMonoRet


@frozen
class TotaisIbsCbs:
    """IBSCBSTot. `uf`, `municipio` and `cbs` are the groups gIBS and gCBS: all present or all absent."""

    base_calculo: Decimal  # vBCIBSCBS
    uf: TotaisComponente | None = None  # gIBS/gIBSUF
    municipio: TotaisComponente | None = None  # gIBS/gIBSMun
    valor_ibs: Decimal = ZERO  # gIBS/vIBS
    credito_presumido_ibs: Decimal = ZERO  # gIBS/vCredPres
    credito_presumido_suspensivo_ibs: Decimal = ZERO  # gIBS/vCredPresCondSus
    cbs: TotaisComponente | None = None  # gCBS
    credito_presumido_cbs: Decimal = ZERO  # gCBS/vCredPres
    credito_presumido_suspensivo_cbs: Decimal = ZERO  # gCBS/vCredPresCondSus
    monofasia: TotaisMonofasia | None = None  # gMono
    estorno: ParIbsCbs | None = None  # gEstornoCred


@frozen
class Totais:
    """total."""

    icms: TotaisIcms  # ICMSTot
    issqn: TotaisIssqn | None = None  # ISSQNtot
    retencao: RetencaoTributos | None = None  # retTrib
    valor_is: Decimal | None = None  # ISTot/vIS
    ibs_cbs: TotaisIbsCbs | None = None  # IBSCBSTot
    valor_total: Decimal | None = None  # vNFTot
