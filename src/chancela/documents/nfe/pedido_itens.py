"""One item of the neutral request, and what accompanies it: customs, special products, taxes beyond a category."""

from decimal import Decimal

from chancela.documents.nfe import itens
from chancela.domain.tributos import entrada
from chancela.domain.tributos.categoria import Categoria
from chancela.kit.frozen import frozen


@frozen
class ImportacaoPedido:
    """Import tax of one item, as the customs broker states it. Without `valor`, `base` times `aliquota`."""

    base: Decimal | None = None
    despesas_aduaneiras: Decimal | None = None
    valor: Decimal | None = None
    iof: Decimal | None = None
    aliquota: Decimal | None = None


@frozen
class AdicaoPedido:
    """One addition of an import declaration."""

    numero: str = ""
    numero_sequencial: str = ""
    fabricante: str = ""
    desconto: Decimal | None = None
    drawback: str = ""


@frozen
class DeclaracaoPedido:
    """DI, DSI, DIRE or DUImp. Dates are text: AAAA-MM-DD, DD/MM/AAAA or a date and time."""

    numero: str = ""
    data_registro: str = ""
    local_desembaraco: str = ""
    uf_desembaraco: str = ""
    data_desembaraco: str = ""
    exportador: str = ""
    via_transporte: str = ""
    intermediacao: str = ""
    valor_afrmm: Decimal | None = None
    cnpj_terceiro: str = ""
    cpf_terceiro: str = ""
    uf_terceiro: str = ""
    adicoes: tuple[AdicaoPedido, ...] = ()


@frozen
class ExtensoesItem:
    """What no table and no category can know about the taxes of an item; all optional, already typed."""

    informado: entrada.TributosInformados | None = None
    """Groups taken as given (complementary, adjustment, copies): nothing is derived for this item."""
    pauta: entrada.PrecoPauta | None = None
    pauta_st: entrada.PrecoPauta | None = None
    icms_retido: entrada.IcmsRetido | None = None
    icms_efetivo: entrada.IcmsEfetivo | None = None
    monofasico: entrada.Combustivel | None = None
    partilha: entrada.Partilha | None = None
    valor_st_desonerado: Decimal | None = None
    percentual_reducao_destino: Decimal | None = None
    codigo_beneficio_reducao: str = ""
    ipi: entrada.IpiInformado | None = None
    ipi_devolvido: entrada.IpiDaDevolucao | None = None
    pis_quantidade: Decimal | None = None
    cofins_quantidade: Decimal | None = None
    pis_st: entrada.ContribuicaoSt | None = None
    cofins_st: entrada.ContribuicaoSt | None = None
    servico: entrada.Servico | None = None
    imposto_seletivo: entrada.ImpostoSeletivoInformado | None = None
    ibs_cbs: entrada.IbsCbsInformado | None = None
    carga_tributaria: entrada.CargaTributaria | None = None


SEM_EXTENSOES = ExtensoesItem()


@frozen
class ItemPedido:
    """One item. Taxes come from `categoria` (a registered code) or `impostos` (given inline), the latter first."""

    descricao: str = ""
    codigo: str = ""
    """Empty: the item's number in the document."""
    ncm: str = ""
    cest: str = ""
    gtin: str = ""
    gtin_tributavel: str = ""
    unidade: str = ""
    quantidade: Decimal | None = None
    valor_unitario: Decimal | None = None
    valor_total: Decimal | None = None
    """vProd, before discount."""
    desconto: Decimal | None = None
    frete: Decimal | None = None
    seguro: Decimal | None = None
    outras_despesas: Decimal | None = None
    origem: str = ""
    compoe_total: bool = True
    categoria: str = ""
    impostos: Categoria | None = None
    disable_difal: bool | None = None
    desconta_icms_pis_cofins: bool | None = None
    cfop: str = ""
    """Overrides the CFOP of the category."""
    codigo_beneficio: str = ""
    importacao: ImportacaoPedido | None = None
    declaracoes_importacao: tuple[DeclaracaoPedido, ...] = ()
    numero_item_pedido: int | None = None
    """nItemPed, 1 to 999999."""
    pedido: str = ""
    """xPed of this item; empty: the `referencia` of the request."""
    unidade_tributavel: str = ""
    quantidade_tributavel: Decimal | None = None
    valor_unitario_tributavel: Decimal | None = None
    codigo_barras: str = ""
    codigo_barras_tributavel: str = ""
    nve: tuple[str, ...] = ()
    escala_relevante: str = ""
    """indEscala: S or N."""
    cnpj_fabricante: str = ""
    ex_tipi: str = ""
    fci: str = ""
    informacoes: str = ""
    """infAdProd."""
    bem_movel_usado: bool | None = None
    creditos_presumidos: tuple[itens.CreditoPresumidoIcms, ...] = ()
    credito_presumido_ibs_zfm: str = ""
    exportacoes: tuple[itens.Exportacao, ...] = ()
    lotes: tuple[itens.Lote, ...] = ()
    embalagem: itens.Embalagem | None = None
    veiculo: itens.VeiculoNovo | None = None
    medicamento: itens.Medicamento | None = None
    armas: tuple[itens.Arma, ...] = ()
    combustivel: itens.Combustivel | None = None
    recopi: str = ""
    observacao_contribuinte: itens.Observacao | None = None
    observacao_fisco: itens.Observacao | None = None
    referenciado: itens.DfeReferenciado | None = None
    extensoes: ExtensoesItem = SEM_EXTENSOES
