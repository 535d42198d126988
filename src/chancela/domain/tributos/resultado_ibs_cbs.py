"""What the engine declares of IS, IBS and CBS, of one item: the groups that NT 2025.002 added to layout 4.00.

Attributes, units and flags are written as in `resultado`. IBS and CBS round half-even (LC 214/2025).
"""

from decimal import Decimal

from chancela.kit.frozen import frozen


@frozen
class ImpostoSeletivo:
    """IS of one item. Without a base only CST and class are declared."""

    cst: str  # CSTIS
    classificacao: str  # cClassTribIS
    base_calculo: Decimal | None = None  # vBCIS
    aliquota: Decimal | None = None  # pIS
    aliquota_ad_rem: Decimal | None = None  # adRemIS
    unidade: str | None = None  # uTrib
    quantidade: Decimal | None = None  # qTrib
    valor: Decimal | None = None  # vIS


@frozen
class Diferimento:
    """gDif."""

    percentual: Decimal  # pDif
    valor: Decimal  # vDif


@frozen
class DevolucaoTributo:
    """gDevTrib."""

    valor: Decimal  # vDevTrib
    percentual: Decimal | None = None  # pDevTrib


@frozen
class ReducaoAliquota:
    """gRed."""

    percentual: Decimal  # pRedAliq
    aliquota_efetiva: Decimal  # pAliqEfet


@frozen
class AlcZfmCbs:
    """gALCZFMCBS: CBS of free-trade areas."""

    tipo: str  # tpALCZFMCBS
    aliquota: Decimal  # pAliqEfetRegCBS
    valor: Decimal  # vTribRegCBS
    processo_suframa: str | None = None  # nProcSuframa


@frozen
class ComponenteIbsCbs:
    """gIBSUF, gIBSMun or gCBS: one rate with its deferral, give-back and reduction."""

    aliquota: Decimal  # pIBSUF, pIBSMun, pCBS
    valor: Decimal  # vIBSUF, vIBSMun, vCBS
    diferimento: Diferimento | None = None  # gDif
    devolucao: DevolucaoTributo | None = None  # gDevTrib
    reducao: ReducaoAliquota | None = None  # gRed
    alc_zfm: AlcZfmCbs | None = None  # gALCZFMCBS, only CBS


@frozen
class TributacaoRegular:
    """gTribRegular: what would be due without the suspension."""

    cst: str  # CSTReg
    classificacao: str  # cClassTribReg
    aliquota_uf: Decimal  # pAliqEfetRegIBSUF
    valor_uf: Decimal  # vTribRegIBSUF
    aliquota_municipio: Decimal  # pAliqEfetRegIBSMun
    valor_municipio: Decimal  # vTribRegIBSMun
    aliquota_cbs: Decimal  # pAliqEfetRegCBS
    valor_cbs: Decimal  # vTribRegCBS


@frozen
class TributacaoCompraGov:
    """gTribCompraGov: the shares before they go to the buying government."""

    aliquota_uf: Decimal  # pAliqIBSUF
    valor_uf: Decimal  # vTribIBSUF
    aliquota_municipio: Decimal  # pAliqIBSMun
    valor_municipio: Decimal  # vTribIBSMun
    aliquota_cbs: Decimal  # pAliqCBS
    valor_cbs: Decimal  # vTribCBS


@frozen
class GrupoIbsCbs:
    """gIBSCBS."""

    base_calculo: Decimal  # vBC
    uf: ComponenteIbsCbs  # gIBSUF
    municipio: ComponenteIbsCbs  # gIBSMun
    valor_ibs: Decimal  # vIBS
    cbs: ComponenteIbsCbs  # gCBS
    tributacao_regular: TributacaoRegular | None = None  # gTribRegular
    compra_gov: TributacaoCompraGov | None = None  # gTribCompraGov


@frozen
class MonoPadrao:
    """gMonoPadrao: by quantity (`quantidade`, `aliquota`) or by value (`base_calculo`, rates).

    The IBS by value has its rate split (`aliquota_uf`, `aliquota_municipio`); the CBS uses `aliquota`.
    """

    valor: Decimal  # vIBSMono, vCBSMono
    quantidade: Decimal | None = None  # qBCMono
    base_calculo: Decimal | None = None  # vBCMono
    aliquota: Decimal | None = None  # adRemIBS, adRemCBS, pAliqMonoCBS
    aliquota_uf: Decimal | None = None  # pAliqMonoUF
    valor_uf: Decimal | None = None  # vIBSMonoUF
    aliquota_municipio: Decimal | None = None  # pAliqMonoMun
    valor_municipio: Decimal | None = None  # vIBSMonoMun


@frozen
class MonoRetencao:
    """gMonoReten."""

    aliquota: Decimal  # adRemIBSReten, adRemCBSReten, pAliqMonoReten
    valor: Decimal  # vIBSMonoReten, vCBSMonoReten
    quantidade: Decimal | None = None  # qBCMonoReten
    base_calculo: Decimal | None = None  # vBCMonoReten


@frozen
class MonoBiocombustivel:
    """gpBioDiferenca."""

    quantidade: Decimal  # qBCBioComb
    valor_diferenca: Decimal  # vIBSDiferenca, vCBSDiferenca


@frozen
class TributoMonofasico:
    """gIBSMonoAdRem / gCBSMonoAdRem (`ad_rem`) or gIBSMonoAdValorem / gCBSMonoAdValorem."""

    ad_rem: bool
    padrao: MonoPadrao | None = None  # gMonoPadrao
    retencao: MonoRetencao | None = None  # gMonoReten
    valor_retido: Decimal | None = None  # gMonoRet: vIBSMonoRet, vCBSMonoRet
    biocombustivel: MonoBiocombustivel | None = None  # gpBioDiferenca


@frozen
class GrupoMonofasia:
    """gIBSCBSMono."""

    valor_ibs_item: Decimal  # vTotIBSMonoItem
    valor_cbs_item: Decimal  # vTotCBSMonoItem
    ibs: TributoMonofasico | None = None
    cbs: TributoMonofasico | None = None


@frozen
class ParIbsCbs:
    """gTransfCred (vIBS, vCBS), gEstornoCred (vIBSEstCred, vCBSEstCred)."""

    valor_ibs: Decimal
    valor_cbs: Decimal


@frozen
class AjusteCompetencia:
    """gAjusteCompet."""

    competencia: str  # competApur: AAAA-MM
    valor_ibs: Decimal  # vIBS
    valor_cbs: Decimal  # vCBS


@frozen
class ParteCreditoPresumido:
    """gIBSCredPres or gCBSCredPres: either the plain value or the one under a suspensive condition."""

    percentual: Decimal  # pCredPres
    valor: Decimal | None = None  # vCredPres
    valor_condicao_suspensiva: Decimal | None = None  # vCredPresCondSus


@frozen
class CreditoPresumido:
    """gCredPresOper."""

    base_calculo: Decimal  # vBCCredPres
    codigo: str  # cCredPres
    ibs: ParteCreditoPresumido | None = None  # gIBSCredPres
    cbs: ParteCreditoPresumido | None = None  # gCBSCredPres


@frozen
class CreditoPresumidoZfm:
    """gCredPresIBSZFM."""

    competencia: str  # competApur
    tipo: str  # tpCredPresIBSZFM
    valor: Decimal  # vCredPresIBSZFM


@frozen
class IbsCbs:
    """IBSCBS of one item; at most one of `tributacao`, `monofasia`, `transferencia`, `ajuste`."""

    cst: str  # CST
    classificacao: str  # cClassTrib
    doacao: bool | None = None  # indDoacao
    tributacao: GrupoIbsCbs | None = None  # gIBSCBS
    monofasia: GrupoMonofasia | None = None  # gIBSCBSMono
    transferencia: ParIbsCbs | None = None  # gTransfCred
    ajuste: AjusteCompetencia | None = None  # gAjusteCompet
    estorno: ParIbsCbs | None = None  # gEstornoCred
    credito_presumido: CreditoPresumido | None = None  # gCredPresOper
    credito_presumido_zfm: CreditoPresumidoZfm | None = None  # gCredPresIBSZFM
