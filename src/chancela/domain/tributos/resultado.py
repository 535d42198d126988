"""What the engine declares: one frozen value per tax group of layout 4.00 (PL_010, NT 2025.002).

Every attribute stands for one official tag, named in the comment beside it. Amounts in reais with 2 decimals, rates
in percent, quantities with up to 4 decimals; all `Decimal`. `None` means that the tag is absent. Blocks that the
schema holds together are present or absent together. Flags (`ind*`) are `bool`; codes are text as the manual
writes them. The document layout turns these values into XML; nothing here knows XML.
"""

from decimal import Decimal

from chancela.domain.erros import Violacao
from chancela.domain.identidade import Uf
from chancela.domain.tributos.resultado_ibs_cbs import IbsCbs, ImpostoSeletivo
from chancela.domain.tributos.resultado_totais import ZERO, Totais
from chancela.kit.frozen import frozen


@frozen
class Icms:
    """ICMS of one item, any CST or CSOSN. `grupo` is the group of the schema (`ICMS00`, `ICMSSN102`, `ICMSPart`, ...)."""

    grupo: str
    origem: str | None = None  # orig
    cst: str | None = None  # CST
    csosn: str | None = None  # CSOSN
    # own operation
    modalidade_bc: str | None = None  # modBC
    percentual_reducao: Decimal | None = None  # pRedBC
    codigo_beneficio_reducao: str | None = None  # cBenefRBC
    base_calculo: Decimal | None = None  # vBC
    aliquota: Decimal | None = None  # pICMS
    valor_operacao: Decimal | None = None  # vICMSOp
    percentual_diferimento: Decimal | None = None  # pDif
    valor_diferido: Decimal | None = None  # vICMSDif
    valor: Decimal | None = None  # vICMS
    base_fcp: Decimal | None = None  # vBCFCP
    aliquota_fcp: Decimal | None = None  # pFCP
    valor_fcp: Decimal | None = None  # vFCP
    percentual_diferimento_fcp: Decimal | None = None  # pFCPDif
    valor_fcp_diferido: Decimal | None = None  # vFCPDif
    valor_fcp_efetivo: Decimal | None = None  # vFCPEfet
    # substitution
    modalidade_bc_st: str | None = None  # modBCST
    percentual_mva_st: Decimal | None = None  # pMVAST
    percentual_reducao_st: Decimal | None = None  # pRedBCST
    base_st: Decimal | None = None  # vBCST
    aliquota_st: Decimal | None = None  # pICMSST
    valor_st: Decimal | None = None  # vICMSST
    base_fcp_st: Decimal | None = None  # vBCFCPST
    aliquota_fcp_st: Decimal | None = None  # pFCPST
    valor_fcp_st: Decimal | None = None  # vFCPST
    # relief
    valor_desonerado: Decimal | None = None  # vICMSDeson
    motivo_desoneracao: str | None = None  # motDesICMS
    deduz_desoneracao: bool | None = None  # indDeduzDeson
    valor_st_desonerado: Decimal | None = None  # vICMSSTDeson
    motivo_desoneracao_st: str | None = None  # motDesICMSST
    # sharing between states (ICMSPart)
    percentual_bc_operacao: Decimal | None = None  # pBCOp
    uf_st: Uf | None = None  # UFST
    # previously withheld, destination and effective values (60, 500, ICMSST)
    base_st_retido: Decimal | None = None  # vBCSTRet
    aliquota_suportada: Decimal | None = None  # pST
    valor_substituto: Decimal | None = None  # vICMSSubstituto
    valor_st_retido: Decimal | None = None  # vICMSSTRet
    base_fcp_st_retido: Decimal | None = None  # vBCFCPSTRet
    aliquota_fcp_st_retido: Decimal | None = None  # pFCPSTRet
    valor_fcp_st_retido: Decimal | None = None  # vFCPSTRet
    base_st_destino: Decimal | None = None  # vBCSTDest
    valor_st_destino: Decimal | None = None  # vICMSSTDest
    percentual_reducao_efetivo: Decimal | None = None  # pRedBCEfet
    base_efetiva: Decimal | None = None  # vBCEfet
    aliquota_efetiva: Decimal | None = None  # pICMSEfet
    valor_efetivo: Decimal | None = None  # vICMSEfet
    # single-phase fuels (02, 15, 53, 61); pDif of 53 is `percentual_diferimento`
    quantidade_mono: Decimal | None = None  # qBCMono
    aliquota_ad_rem: Decimal | None = None  # adRemICMS
    valor_mono: Decimal | None = None  # vICMSMono
    quantidade_mono_retencao: Decimal | None = None  # qBCMonoReten
    aliquota_ad_rem_retencao: Decimal | None = None  # adRemICMSReten
    valor_mono_retencao: Decimal | None = None  # vICMSMonoReten
    percentual_reducao_ad_rem: Decimal | None = None  # pRedAdRem
    motivo_reducao_ad_rem: str | None = None  # motRedAdRem
    valor_mono_operacao: Decimal | None = None  # vICMSMonoOp
    valor_mono_diferido: Decimal | None = None  # vICMSMonoDif
    quantidade_mono_diferido: Decimal | None = None  # qBCMonoDif
    aliquota_ad_rem_diferido: Decimal | None = None  # adRemICMSDif
    quantidade_mono_retido: Decimal | None = None  # qBCMonoRet
    aliquota_ad_rem_retido: Decimal | None = None  # adRemICMSRet
    valor_mono_retido: Decimal | None = None  # vICMSMonoRet
    # Simples Nacional
    aliquota_credito_sn: Decimal | None = None  # pCredSN
    valor_credito_sn: Decimal | None = None  # vCredICMSSN


@frozen
class IcmsUfDestino:
    """DIFAL and FCP of the destination state (ICMSUFDest)."""

    base_calculo: Decimal  # vBCUFDest
    aliquota_destino: Decimal  # pICMSUFDest
    aliquota_interestadual: Decimal  # pICMSInter: 4, 7 or 12
    percentual_partilha: Decimal  # pICMSInterPart
    valor_destino: Decimal  # vICMSUFDest
    valor_remetente: Decimal  # vICMSUFRemet
    base_fcp: Decimal | None = None  # vBCFCPUFDest
    aliquota_fcp: Decimal | None = None  # pFCPUFDest
    valor_fcp: Decimal | None = None  # vFCPUFDest


@frozen
class Ipi:
    """IPI of one item; `grupo` is `IPITrib` or `IPINT`."""

    grupo: str
    cst: str  # CST
    codigo_enquadramento: str  # cEnq
    cnpj_produtor: str | None = None  # CNPJProd
    codigo_selo: str | None = None  # cSelo
    quantidade_selo: str | None = None  # qSelo
    base_calculo: Decimal | None = None  # vBC
    aliquota: Decimal | None = None  # pIPI
    quantidade: Decimal | None = None  # qUnid
    valor_unidade: Decimal | None = None  # vUnid
    valor: Decimal | None = None  # vIPI


@frozen
class IpiDevolvido:
    """IPI given back in a return by who does not pay it (impostoDevol)."""

    percentual: Decimal  # pDevol
    valor: Decimal  # vIPIDevol


@frozen
class ImpostoImportacao:
    """II of one item."""

    base_calculo: Decimal  # vBC
    despesas_aduaneiras: Decimal  # vDespAdu
    valor: Decimal  # vII
    valor_iof: Decimal  # vIOF


@frozen
class Contribuicao:
    """PIS, COFINS, PISST or COFINSST. `grupo`: `Aliq`, `Qtde`, `NT`, `Outr` or `ST` (`PISAliq`, `COFINSST`, ...)."""

    grupo: str
    cst: str | None = None  # CST; absent in ST
    base_calculo: Decimal | None = None  # vBC
    aliquota: Decimal | None = None  # pPIS, pCOFINS
    quantidade: Decimal | None = None  # qBCProd
    aliquota_reais: Decimal | None = None  # vAliqProd
    valor: Decimal | None = None  # vPIS, vCOFINS
    soma_no_total: bool | None = None  # indSomaPISST, indSomaCOFINSST


@frozen
class Issqn:
    """ISSQN of a service item inside the NF-e."""

    base_calculo: Decimal  # vBC
    aliquota: Decimal  # vAliq
    valor: Decimal  # vISSQN
    municipio_fato_gerador: str  # cMunFG
    item_lista_servico: str  # cListServ
    valor_deducao: Decimal | None = None  # vDeducao
    valor_outras_retencoes: Decimal | None = None  # vOutro
    desconto_incondicionado: Decimal | None = None  # vDescIncond
    desconto_condicionado: Decimal | None = None  # vDescCond
    valor_retido: Decimal | None = None  # vISSRet
    exigibilidade: str = "1"  # indISS
    codigo_servico: str | None = None  # cServico
    codigo_municipio: str | None = None  # cMun
    codigo_pais: str | None = None  # cPais
    numero_processo: str | None = None  # nProcesso
    incentivo: str = "2"  # indIncentivo: 1 yes, 2 no


@frozen
class TributosItem:
    """Everything computed for one item; `numero` counts from 1 (nItem)."""

    numero: int
    cfop: str  # CFOP, after adjustment to the operation
    valor_produto: Decimal  # vProd (of services too)
    compoe_total: bool  # indTot
    valor_frete: Decimal = ZERO  # vFrete; zero is not written
    valor_seguro: Decimal = ZERO  # vSeg
    valor_desconto: Decimal = ZERO  # vDesc
    valor_outras_despesas: Decimal = ZERO  # vOutro
    codigo_beneficio: str | None = None  # cBenef
    valor_aproximado_tributos: Decimal | None = None  # imposto/vTotTrib
    icms: Icms | None = None
    ipi: Ipi | None = None
    ii: ImpostoImportacao | None = None
    issqn: Issqn | None = None
    pis: Contribuicao | None = None
    pis_st: Contribuicao | None = None
    cofins: Contribuicao | None = None
    cofins_st: Contribuicao | None = None
    icms_uf_destino: IcmsUfDestino | None = None
    imposto_seletivo: ImpostoSeletivo | None = None
    ibs_cbs: IbsCbs | None = None
    ipi_devolvido: IpiDevolvido | None = None
    valor_item: Decimal | None = None  # vItem; written from 2027


@frozen
class RetencaoTransporte:
    """retTransp: ICMS withheld on the freight."""

    valor_servico: Decimal  # vServ
    base_calculo: Decimal  # vBCRet
    aliquota: Decimal  # pICMSRet
    valor: Decimal  # vICMSRet
    cfop: str  # CFOP
    municipio_fato_gerador: str  # cMunFG


Passo = tuple[int, str, tuple[Decimal, ...], Decimal]
"""One step of the reasoning: item number (0 = document), rule id, operands, value. `memoria` puts it in words."""


@frozen
class Enquadramento:
    """How the operation was read: scenario name, idDest (1 internal, 2 interstate, 3 abroad), indFinal, indIEDest."""

    cenario: str
    destino: str
    consumidor_final: bool
    ind_ie_dest: str


@frozen
class Resultado:
    """What `compute_tributos` answers. With any error in `violacoes`, `itens` and `totais` must not be issued."""

    itens: tuple[TributosItem, ...]
    totais: Totais
    enquadramento: Enquadramento
    retencao_transporte: RetencaoTransporte | None = None
    informacoes_complementares: tuple[str, ...] = ()  # legal sentences for infCpl, Portuguese
    passos: tuple[Passo, ...] = ()
    violacoes: tuple[Violacao, ...] = ()
    avisos: tuple[Violacao, ...] = ()
