"""One line of the document: the product as it is sold, its special groups and its taxes."""

from datetime import date
from decimal import Decimal

from chancela.documents.nfe.enumeracoes import Intermediacao, ViaTransporte
from chancela.documents.nfe.participantes import UfOuExterior
from chancela.domain.chave import ChaveAcesso
from chancela.domain.identidade import Cnpj, Cpf, Uf
from chancela.domain.tributos.resultado import TributosItem
from chancela.kit.frozen import frozen

SEM_GTIN = "SEM GTIN"


@frozen
class CreditoPresumidoIcms:
    """gCred: presumed ICMS credit by benefit code."""

    codigo: str
    percentual: Decimal
    valor: Decimal


@frozen
class Adicao:
    """Addition of an import declaration."""

    numero_sequencial: str
    fabricante: str
    numero: str | None = None
    desconto: Decimal | None = None
    drawback: str | None = None


@frozen
class DeclaracaoImportacao:
    """DI, DSI, DIRE or DUImp (group I18)."""

    numero: str
    data_registro: date
    local_desembaraco: str
    uf_desembaraco: Uf
    data_desembaraco: date
    via_transporte: ViaTransporte
    intermediacao: Intermediacao
    exportador: str
    adicoes: tuple[Adicao, ...]
    valor_afrmm: Decimal | None = None
    terceiro: Cnpj | Cpf | None = None
    uf_terceiro: Uf | None = None


@frozen
class ExportacaoIndireta:
    """exportInd."""

    registro_exportacao: str
    chave: ChaveAcesso
    quantidade: Decimal


@frozen
class Exportacao:
    """detExport."""

    drawback: str | None = None
    indireta: ExportacaoIndireta | None = None


@frozen
class Lote:
    """rastro: batch; quantity with 3 decimals."""

    numero: str
    quantidade: Decimal
    fabricacao: date
    validade: date
    codigo_agregacao: str | None = None


@frozen
class ProdutoNff:
    """infProdNFF: product of the easy-issue regime."""

    codigo_fisco: str
    operacao: str


@frozen
class Embalagem:
    """infProdEmb."""

    descricao: str
    quantidade: Decimal
    unidade: str


@frozen
class VeiculoNovo:
    """veicProd (group JA), all codes as the manual writes them."""

    tipo_operacao: str
    chassi: str
    codigo_cor: str
    cor: str
    potencia: str
    cilindradas: str
    peso_liquido: str
    peso_bruto: str
    serie: str
    combustivel: str
    motor: str
    capacidade_tracao: str
    distancia_eixos: str
    ano_modelo: str
    ano_fabricacao: str
    tipo_pintura: str
    tipo: str
    especie: str
    vin: str
    condicao: str
    marca_modelo: str
    cor_denatran: str
    lotacao: str
    restricao: str


@frozen
class Medicamento:
    """med (group K)."""

    codigo_anvisa: str
    preco_maximo: Decimal
    motivo_isencao: str | None = None


@frozen
class Arma:
    """arma (group L)."""

    tipo: str
    serie: str
    cano: str
    descricao: str


@frozen
class Cide:
    """CIDE of fuels."""

    quantidade: Decimal
    aliquota: Decimal
    valor: Decimal


@frozen
class Encerrante:
    """Pump counter readings; 3 decimals."""

    bico: str
    tanque: str
    inicial: Decimal
    final: Decimal
    bomba: str | None = None


@frozen
class OrigemCombustivel:
    """origComb."""

    importado: bool
    uf: Uf
    percentual: Decimal


@frozen
class Combustivel:
    """comb (group LA)."""

    codigo_anp: str
    descricao_anp: str
    uf_consumo: UfOuExterior
    percentual_glp: Decimal | None = None
    percentual_gas_nacional: Decimal | None = None
    percentual_gas_importado: Decimal | None = None
    valor_partida: Decimal | None = None
    codif: str | None = None
    quantidade_temperatura: Decimal | None = None
    cide: Cide | None = None
    encerrante: Encerrante | None = None
    percentual_biodiesel: Decimal | None = None
    origens: tuple[OrigemCombustivel, ...] = ()


@frozen
class Produto:
    """What is sold (group I), without the values that the taxes carry.

    Quantities have up to 4 decimals, unit prices up to 10. At most one of vehicle, medicine, weapons, fuel, RECOPI.
    """

    codigo: str
    descricao: str
    ncm: str
    unidade: str
    quantidade: Decimal
    valor_unitario: Decimal
    unidade_tributavel: str
    quantidade_tributavel: Decimal
    valor_unitario_tributavel: Decimal
    gtin: str = SEM_GTIN
    gtin_tributavel: str = SEM_GTIN
    codigo_barras: str | None = None
    codigo_barras_tributavel: str | None = None
    nve: tuple[str, ...] = ()
    cest: str | None = None
    escala_relevante: str | None = None
    """indEscala: S or N."""
    cnpj_fabricante: str | None = None
    creditos_presumidos: tuple[CreditoPresumidoIcms, ...] = ()
    credito_presumido_ibs_zfm: str | None = None
    ex_tipi: str | None = None
    bem_movel_usado: bool | None = None
    declaracoes_importacao: tuple[DeclaracaoImportacao, ...] = ()
    exportacoes: tuple[Exportacao, ...] = ()
    pedido: str | None = None
    item_pedido: str | None = None
    fci: str | None = None
    lotes: tuple[Lote, ...] = ()
    nff: ProdutoNff | None = None
    embalagem: Embalagem | None = None
    veiculo: VeiculoNovo | None = None
    medicamento: Medicamento | None = None
    armas: tuple[Arma, ...] = ()
    combustivel: Combustivel | None = None
    recopi: str | None = None


@frozen
class Observacao:
    """obsCont or obsFisco: a named text."""

    campo: str
    texto: str


@frozen
class DfeReferenciado:
    """Item of another document that this item refers to (group VC)."""

    chave: str
    numero_item: str | None = None


@frozen
class Item:
    """One `det`; its number is `tributos.numero`."""

    produto: Produto
    tributos: TributosItem
    informacoes: str | None = None
    observacao_contribuinte: Observacao | None = None
    observacao_fisco: Observacao | None = None
    referenciado: DfeReferenciado | None = None
