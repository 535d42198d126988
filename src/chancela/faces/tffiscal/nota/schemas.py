"""Wire form of the NF-e operations: `/api/invoice/create`, `get_detail`, `get_danfe`.

Only types and the fields that the contract marks as required are judged here. What a code may be, how long a text is and
what goes with what are rules of the document, checked together, so that the caller sees them all at once.
"""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from chancela.faces.tffiscal.categoria.schemas import Cfop, ImpostosItem
from chancela.faces.tffiscal.datas import Fim, Inicio
from chancela.faces.tffiscal.nota.situacoes import check_status
from chancela.faces.tffiscal.paginas import Pagina, size_up_to
from chancela.faces.tffiscal.tipos import (
    Codigo,
    Corpo,
    Documento,
    Inteiro,
    Logico,
    Numero,
    Texto,
    Valor,
    at_most,
    one_of,
)

TAMANHO_MAXIMO_PAGINA = 50
_PALAVRAS = {
    "nfe": "55",
    "nfce": "65",
    "input": "0",
    "output": "1",
    "normal": "1",
    "production": "1",
    "homologation": "2",
}
"""Words that the contract's opening table uses for codes."""


def _word(valor: object) -> object:
    return _PALAVRAS.get(valor.strip().lower(), valor) if isinstance(valor, str) else valor


Palavra = BeforeValidator(_word)


class Pessoa(Corpo):
    """Names shared by recipient, place of pickup and place of delivery."""

    cpf: Documento = Field("", title="CPF")
    cnpj: Documento = Field("", title="CNPJ")
    ie: Codigo = Field("", title="Inscrição estadual")
    name: Texto = Field(title="Nome ou razão social")
    endereco: Texto = Field("", title="Logradouro")
    complemento: Texto = Field("", title="Complemento")
    numero: Texto = Field("", title="Número")
    number: Texto = Field("", title="Número")
    bairro: Texto = Field("", title="Bairro")
    city: Texto = Field("", title="Município")
    uf: Codigo = Field("", title="UF")
    cep: Documento = Field("", title="CEP")
    telefone: Codigo = Field("", title="Telefone")
    email: Codigo = Field("", title="E-mail")


class ClienteEntrada(Pessoa):
    """`cliente`."""

    id_estrangeiro: Codigo = Field("", title="Identificação do estrangeiro")
    c_pais: Codigo = Field("", title="Código do país (BACEN)")
    x_pais: Texto = Field("", title="País")
    ind_ie_dest: Codigo = Field("", title="Indicador da inscrição estadual", validation_alias="indIEDest")


class LocalEntrada(Pessoa):
    """`shipping_address` and `delivery_address`."""


class IiEntrada(Corpo):
    """`products[].ii`; `aliquota` is an addition of ours."""

    base: Valor | None = Field(None, title="Base do II", validation_alias="vBC")
    despesas_aduaneiras: Valor | None = Field(None, title="Despesas aduaneiras", validation_alias="vDespAdu")
    valor: Valor | None = Field(None, title="Valor do II", validation_alias="vII")
    iof: Valor | None = Field(None, title="Valor do IOF", validation_alias="vIOF")
    aliquota: Valor | None = Field(None, title="Alíquota do II (%)")


class AdicaoEntrada(Corpo):
    """`products[].import_declarations[].additions[]`."""

    numero: Codigo = Field("", title="Número da adição", validation_alias="nAdicao")
    sequencial: Codigo = Field("", title="Sequencial na adição", validation_alias="nSeqAdic")
    fabricante: Texto = Field("", title="Código do fabricante", validation_alias="cFabricante")
    desconto: Valor | None = Field(None, title="Desconto da adição", validation_alias="vDescDI")
    drawback: Codigo = Field("", title="Ato concessório de drawback", validation_alias="nDraw")


class DeclaracaoEntrada(Corpo):
    """`products[].import_declarations[]`."""

    numero: Codigo = Field("", title="Número da DI", validation_alias="nDI")
    data: Codigo = Field("", title="Data da DI", validation_alias="dDI")
    local_desembaraco: Texto = Field("", title="Local do desembaraço", validation_alias="xLocDesemb")
    uf_desembaraco: Codigo = Field("", title="UF do desembaraço", validation_alias="UFDesemb")
    data_desembaraco: Codigo = Field("", title="Data do desembaraço", validation_alias="dDesemb")
    exportador: Texto = Field("", title="Código do exportador", validation_alias="cExportador")
    via_transporte: Codigo = Field("", title="Via de transporte", validation_alias="tpViaTransp")
    intermediacao: Codigo = Field("", title="Forma de importação", validation_alias="tpIntermedio")
    valor_afrmm: Valor | None = Field(None, title="Valor do AFRMM", validation_alias="vAFRMM")
    adicoes: tuple[AdicaoEntrada, ...] = Field((), title="Adições", validation_alias="additions")


class ProdutoComum(Corpo):
    """What `products[]` says of a product in a document of either model."""

    codigo: Codigo = Field("", title="Código do produto")
    name: Texto = Field(title="Descrição do produto")
    ncm: Documento = Field(title="NCM")
    cest: Documento = Field("", title="CEST")
    gtin: Codigo = Field("", title="GTIN")
    gtin_tributavel: Codigo = Field("", title="GTIN da unidade tributável")
    count: Numero = Field(title="Quantidade")
    unit: Codigo = Field(title="Unidade comercial")
    unit_price: Numero = Field(title="Valor unitário")
    total_price: Numero = Field(title="Valor total do item")
    discount_price: Valor | None = Field(None, title="Desconto do item")
    origem: Codigo = Field(title="Origem da mercadoria")
    indicador_total: Logico = Field(title="Compõe o total da nota")
    category_id: Codigo = Field("", title="Categoria tributária")
    numero_item_pedido: Inteiro | None = Field(
        None, title="Item do pedido de compra", validation_alias="nItemPed"
    )
    cfop: Documento = Field("", title="CFOP")


class ProdutoEntrada(ProdutoComum):
    """`products[]`."""

    impostos: ImpostosItem | None = Field(None, title="Impostos do item")
    tax_info: ImpostosItem | None = Field(None, title="Impostos do item")
    disable_difal: Logico | None = Field(None, title="Desligar o DIFAL")
    desconta_icms_pis_cofins: Logico | None = Field(None, title="Descontar o ICMS da base do PIS/COFINS")
    ii: IiEntrada | None = Field(None, title="Imposto de importação")
    import_declarations: tuple[DeclaracaoEntrada, ...] = Field((), title="Declarações de importação")


class TransportadorEntrada(Corpo):
    """`transportation.carrier_info`."""

    cpf: Documento = Field("", title="CPF do transportador")
    cnpj: Documento = Field("", title="CNPJ do transportador")
    ie: Codigo = Field("", title="Inscrição estadual do transportador")
    name: Texto = Field("", title="Nome do transportador")
    endereco: Texto = Field("", title="Endereço do transportador")
    city: Texto = Field("", title="Município do transportador")
    uf: Codigo = Field("", title="UF do transportador")
    cep: Documento = Field("", title="CEP do transportador")


class VeiculoEntrada(Corpo):
    """`transportation.vehicle_info` and `trailer_info`."""

    plate: Documento = Field("", title="Placa")
    uf: Codigo = Field("", title="UF da placa")
    rntc: Codigo = Field("", title="RNTC")


class VolumeEntrada(Corpo):
    """`transportation.packages[]`; weights in kg."""

    qty: Inteiro | None = Field(None, title="Quantidade de volumes")
    gross_weight: Valor | None = Field(None, title="Peso bruto")
    net_weight: Valor | None = Field(None, title="Peso líquido")
    packaging_type: Texto = Field("", title="Espécie dos volumes")
    number: Texto = Field("", title="Numeração dos volumes")
    mark: Texto = Field("", title="Marca dos volumes")
    seals: tuple[Codigo, ...] = Field((), title="Lacres")


class RetencaoEntrada(Corpo):
    """`transportation.transport_tax_retention_info`."""

    freight_service_amount: Valor | None = Field(None, title="Valor do serviço de transporte")
    tax_base: Valor | None = Field(None, title="Base da retenção")
    tax_rate: Valor | None = Field(None, title="Alíquota da retenção (%)")
    cfop: Documento = Field("", title="CFOP do transporte")
    cep: Documento = Field("", title="CEP da ocorrência do fato gerador")


class TransporteEntrada(Corpo):
    """`transportation`."""

    transport_mode: Codigo = Field("", title="Modalidade do frete")
    freight_amount: Valor | None = Field(None, title="Valor do frete")
    carrier_info: TransportadorEntrada | None = Field(None, title="Transportador")
    vehicle_info: VeiculoEntrada | None = Field(None, title="Veículo")
    trailer_info: VeiculoEntrada | None = Field(None, title="Reboque")
    packages: tuple[VolumeEntrada, ...] = Field((), title="Volumes")
    transport_tax_retention_info: RetencaoEntrada | None = Field(None, title="Retenção do ICMS do frete")


class CartaoEntrada(Corpo):
    """`pag_info[].card_info`."""

    integration_type: Codigo = Field(title="Tipo de integração do pagamento")
    brand_code: Codigo = Field(title="Bandeira do cartão")
    acquirer_cnpj: Documento = Field("", title="CNPJ da credenciadora")
    authorization_code: Codigo = Field("", title="Código de autorização")


class PagamentoEntrada(Corpo):
    """`pag_info[]`."""

    payment_method: Codigo = Field(title="Meio de pagamento")
    payment_indicator: Codigo = Field(title="Indicador da forma de pagamento")
    payment_value: Valor | None = Field(None, title="Valor do pagamento")
    card_info: CartaoEntrada | None = Field(None, title="Cartão")


class NotaEntrada(Corpo):
    """Body of `/api/invoice/create`."""

    id: Annotated[Codigo, at_most(120)] = Field("", title="Identificador do pedido")
    nature_of_operation: Texto = Field(title="Natureza da operação")
    transaction_type: Annotated[Codigo, Palavra, one_of("0", "1", "2", "3")] = Field(title="Tipo de operação")
    model: Annotated[Codigo, Palavra, one_of("55")] = Field(title="Modelo do documento")
    issuance_type: Annotated[Codigo, Palavra] = Field(title="Tipo de emissão")
    ambiente: Annotated[Codigo, Palavra, one_of("1", "2")] = Field(title="Ambiente")
    finalidade: Annotated[Codigo, Palavra] = Field("", title="Finalidade da emissão")
    ref_nfe_chave: Codigo = Field("", title="Chave da NF-e referenciada")
    is_reopen: Logico = Field(False, title="Reabrir a nota")
    insistir: Logico = Field(False, title="Enviar apesar das recusas repetidas")
    dh_sai_ent: Codigo = Field("", title="Data e hora de saída ou entrada")
    total_discount_amount: Valor | None = Field(None, title="Desconto total")
    troco: Valor | None = Field(None, title="Troco")
    seguro: Valor | None = Field(None, title="Seguro")
    outras_despesas: Valor | None = Field(None, title="Outras despesas")
    ind_final: Codigo = Field("", title="Consumidor final")
    ind_pres: Codigo = Field("", title="Indicador de presença")
    informacoes_complementares: Texto = Field("", title="Informações complementares")
    informacoes_fisco: Texto = Field("", title="Informações ao fisco")
    cliente: ClienteEntrada = Field(title="Cliente")
    shipping_address: LocalEntrada | None = Field(None, title="Local de retirada")
    delivery_address: LocalEntrada | None = Field(None, title="Local de entrega")
    products: list[ProdutoEntrada] = Field(title="Produtos", min_length=1, max_length=990)
    transportation: TransporteEntrada | None = Field(None, title="Transporte")
    pag_info: tuple[PagamentoEntrada, ...] = Field((), title="Pagamentos", max_length=100)


class DevolucaoEntrada(Corpo):
    """Body of `/api/invoice/return`: `uuid` or `chave` of the original; with `return_detail`, the whole body of the return."""

    uuid: Codigo = Field("", title="UUID da nota original")
    chave: Codigo = Field("", title="Chave da nota original")
    cfop: Cfop = Field(title="CFOP da devolução")
    natureza_operacao: Texto = Field("", title="Natureza da operação")
    nature_of_operation: Texto = Field("", title="Natureza da operação")
    return_detail: NotaEntrada | None = Field(None, title="Nota de devolução")


class DetalheConsulta(Corpo):
    """Query of `/api/invoice/get_detail`."""

    uuid: Codigo = Field(title="UUID da nota")
    memoria: Logico = Field(False, title="Memória de cálculo")


class NotaLista(Corpo):
    """Query of `/api/invoice/get_list`. The period is optional, but has both ends or none."""

    page: Pagina = Field(title="Página")
    page_size: Annotated[Inteiro, size_up_to(TAMANHO_MAXIMO_PAGINA)] = Field(title="Itens por página")
    start_create_time: Inicio | None = Field(None, title="Início do período")
    end_create_time: Fim | None = Field(None, title="Fim do período")
    status: Annotated[Codigo, AfterValidator(check_status)] = Field("", title="Situação")


class DanfeEntrada(Corpo):
    """Body of `/api/invoice/get_danfe`."""

    uuid: Codigo = Field("", title="UUID da nota")
    chave: Codigo = Field("", title="Chave de acesso")
