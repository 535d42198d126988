"""What the engine is given: an operation and its items, already in neutral terms.

Amounts in reais, rates in percent, quantities in the item's unit; all `Decimal`. `None` means "not informed".
Extensions (withheld ICMS, fuels, service, IBS/CBS parameters, ...) carry what no table and no category can know.
"""

from dataclasses import field
from datetime import date
from decimal import Decimal
from enum import IntEnum, StrEnum

from chancela.domain.identidade import Modelo, Uf
from chancela.domain.tributos.categoria import Categoria
from chancela.domain.tributos.configuracao import AliquotasIbsCbs, ConfiguracaoTributaria
from chancela.domain.tributos.resultado import (
    Contribuicao,
    Icms,
    IcmsUfDestino,
    ImpostoImportacao,
    Ipi,
    IpiDevolvido,
    Issqn,
)
from chancela.domain.tributos.resultado_ibs_cbs import (
    AjusteCompetencia,
    AlcZfmCbs,
    CreditoPresumidoZfm,
    GrupoMonofasia,
    IbsCbs,
    ImpostoSeletivo,
    ParIbsCbs,
)
from chancela.domain.tributos.resultado_totais import RetencaoTributos
from chancela.kit.frozen import frozen

ZERO = Decimal("0.00")


class TipoOperacao(IntEnum):
    """`transaction_type` of the contract."""

    ENTRADA = 0
    SAIDA = 1
    IMPORTACAO = 2
    EXPORTACAO = 3


class TipoPessoa(StrEnum):
    """Kind of recipient."""

    FISICA = "fisica"
    JURIDICA = "juridica"


@frozen
class PrecoPauta:
    """Base by price list or maximum price: `preco` per taxable unit replaces the operation value."""

    modalidade: str
    """modBC 0 to 2, or modBCST 0 to 3 and 5."""
    preco: Decimal


@frozen
class IcmsRetido:
    """ICMS-ST withheld before (CST 60, CSOSN 500, ICMSST)."""

    base: Decimal
    aliquota: Decimal
    """pST, FCP included."""
    valor: Decimal | None = None
    """None: base times rate."""
    valor_substituto: Decimal | None = None
    base_fcp: Decimal | None = None
    aliquota_fcp: Decimal | None = None
    valor_fcp: Decimal | None = None
    base_destino: Decimal | None = None
    """With `valor_destino`: the transfer group ICMSST instead of ICMS60."""
    valor_destino: Decimal | None = None


@frozen
class IcmsEfetivo:
    """Effective ICMS of goods with tax withheld before."""

    aliquota: Decimal
    percentual_reducao: Decimal = ZERO


@frozen
class Combustivel:
    """Single-phase ICMS (CST 02, 15, 53, 61): reais per unit; without a quantity the taxable one is used."""

    aliquota_ad_rem: Decimal
    quantidade: Decimal | None = None
    aliquota_ad_rem_retencao: Decimal | None = None
    quantidade_retencao: Decimal | None = None
    percentual_reducao: Decimal | None = None
    motivo_reducao: str = ""
    percentual_diferimento: Decimal | None = None


@frozen
class Partilha:
    """Sharing between states in the sale of vehicles (ICMSPart)."""

    percentual_bc_operacao: Decimal
    uf_st: Uf


@frozen
class IpiInformado:
    """What IPI needs beyond the category: taxation per unit and the seal."""

    quantidade: Decimal | None = None
    valor_unidade: Decimal | None = None
    cnpj_produtor: str | None = None
    codigo_selo: str | None = None
    quantidade_selo: str | None = None


@frozen
class IpiDaDevolucao:
    """IPI of the original document, given back by who is not a taxpayer of it."""

    percentual: Decimal
    valor_original: Decimal


@frozen
class ContribuicaoSt:
    """PIS-ST or COFINS-ST. By quantity when `quantidade` is given: then `aliquota` is in reais."""

    aliquota: Decimal
    base: Decimal | None = None
    quantidade: Decimal | None = None
    soma_no_total: bool = False


@frozen
class Importacao:
    """II and the other customs amounts of one item. Without `valor`, base times `aliquota`."""

    base: Decimal
    valor: Decimal | None = None
    aliquota: Decimal | None = None
    despesas_aduaneiras: Decimal = ZERO
    iof: Decimal = ZERO
    afrmm: Decimal = ZERO


@frozen
class Servico:
    """ISSQN of a service item."""

    item_lista_servico: str
    aliquota: Decimal
    municipio_fato_gerador: str
    valor_deducao: Decimal = ZERO
    valor_outras_retencoes: Decimal = ZERO
    desconto_condicionado: Decimal = ZERO
    retido: bool = False
    exigibilidade: str = "1"
    codigo_servico: str | None = None
    codigo_municipio: str | None = None
    codigo_pais: str | None = None
    numero_processo: str | None = None
    incentivo: bool = False


@frozen
class ImpostoSeletivoInformado:
    """IS by unit beside the rate of the category."""

    aliquota_ad_rem: Decimal | None = None
    unidade: str | None = None
    quantidade: Decimal | None = None
    classificacao: str | None = None


@frozen
class CreditoPresumidoInformado:
    """Presumed credit of the operation; without `base`, the IBS/CBS base."""

    codigo: str
    percentual_ibs: Decimal | None = None
    percentual_cbs: Decimal | None = None
    base: Decimal | None = None
    condicao_suspensiva: bool = False


@frozen
class IbsCbsInformado:
    """What IBS/CBS needs beyond class and date."""

    aliquotas: AliquotasIbsCbs | None = None
    percentual_diferimento: Decimal | None = None
    devolucao_uf: Decimal | None = None
    devolucao_municipio: Decimal | None = None
    devolucao_cbs: Decimal | None = None
    percentual_devolucao_cbs: Decimal | None = None
    percentual_reducao_base: Decimal | None = None
    cst_regular: str | None = None
    classificacao_regular: str | None = None
    doacao: bool | None = None
    alc_zfm: AlcZfmCbs | None = None
    monofasia: GrupoMonofasia | None = None
    """Groups as declared; their item totals are recomputed."""
    valor_ibs_mono_diferido: Decimal = ZERO
    valor_cbs_mono_diferido: Decimal = ZERO
    transferencia: ParIbsCbs | None = None
    ajuste: AjusteCompetencia | None = None
    estorno: ParIbsCbs | None = None
    credito_presumido: CreditoPresumidoInformado | None = None
    credito_presumido_zfm: CreditoPresumidoZfm | None = None


@frozen
class CargaTributaria:
    """Approximate taxes of the goods (Lei 12.741), percent."""

    federal_nacional: Decimal
    federal_importado: Decimal
    estadual: Decimal
    municipal: Decimal


@frozen
class TributosInformados:
    """Groups taken as given: complementary and adjustment documents, copies of an original. Nothing is derived."""

    cfop: str
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
    codigo_beneficio: str | None = None
    valor_aproximado_tributos: Decimal | None = None
    valor_item: Decimal | None = None
    """vItem; None: computed, and written where the date calls for it."""


@frozen
class ItemTributavel:
    """One item. `valor_total` is vProd before discount."""

    valor_total: Decimal
    quantidade: Decimal
    valor_unitario: Decimal
    categoria: Categoria | None = None
    categoria_codigo: str = ""
    """What the caller asked for, for the message when `categoria` was not found."""
    informado: TributosInformados | None = None
    origem: str = "0"
    compoe_total: bool = True
    quantidade_tributavel: Decimal | None = None
    desconto: Decimal = ZERO
    frete: Decimal = ZERO
    seguro: Decimal = ZERO
    outras_despesas: Decimal = ZERO
    cfop: str = ""
    """Overrides the CFOP of the category; never adjusted."""
    codigo_beneficio: str = ""
    codigo_beneficio_reducao: str = ""
    disable_difal: bool | None = None
    desconta_icms_pis_cofins: bool | None = None
    faturamento_direto: bool = False
    """New vehicle invoiced directly to the buyer (tpOp 2)."""
    pauta: PrecoPauta | None = None
    pauta_st: PrecoPauta | None = None
    icms_retido: IcmsRetido | None = None
    icms_efetivo: IcmsEfetivo | None = None
    combustivel: Combustivel | None = None
    partilha: Partilha | None = None
    valor_st_desonerado: Decimal | None = None
    percentual_reducao_destino: Decimal = ZERO
    """Benefit of the destination state over the DIFAL base."""
    ipi: IpiInformado | None = None
    ipi_devolvido: IpiDaDevolucao | None = None
    pis_quantidade: Decimal | None = None
    cofins_quantidade: Decimal | None = None
    pis_st: ContribuicaoSt | None = None
    cofins_st: ContribuicaoSt | None = None
    importacao: Importacao | None = None
    servico: Servico | None = None
    imposto_seletivo: ImpostoSeletivoInformado | None = None
    ibs_cbs: IbsCbsInformado | None = None
    carga_tributaria: CargaTributaria | None = None


@frozen
class CompraGovernamental:
    """gCompraGov: sale to a public body, which lowers the rates by `redutor` percent."""

    redutor: Decimal
    ente: str = "1"
    operacao: str = "1"


@frozen
class FreteRetido:
    """ICMS of the freight withheld by the issuer."""

    valor_servico: Decimal
    base: Decimal
    aliquota: Decimal
    cfop: str
    municipio_fato_gerador: str
    valor: Decimal | None = None
    """None: base times rate."""


@frozen
class Operacao:
    """One document: who, when, what. `uf_destinatario` None means abroad."""

    tipo: TipoOperacao
    uf_emitente: Uf
    uf_destinatario: Uf | None
    crt: int
    data_emissao: date
    itens: tuple[ItemTributavel, ...]
    modelo: Modelo = Modelo.NFE
    finalidade: str = "1"
    tipo_pessoa: TipoPessoa = TipoPessoa.JURIDICA
    inscricao_estadual: str = ""
    """Of the recipient; serves to derive `ind_ie_dest` when that is None."""
    ind_ie_dest: str | None = None
    ind_final: bool | None = None
    ind_presenca: str = "9"
    desconto: Decimal = ZERO
    frete: Decimal = ZERO
    seguro: Decimal = ZERO
    outras_despesas: Decimal = ZERO
    compra_gov: CompraGovernamental | None = None
    frete_retido: FreteRetido | None = None
    retencao: RetencaoTributos | None = None
    regime_issqn: str | None = None
    """cRegTrib."""
    data_servico: date | None = None
    """dCompet; None: the day of issue."""
    configuracao: ConfiguracaoTributaria = field(default_factory=ConfiguracaoTributaria)
