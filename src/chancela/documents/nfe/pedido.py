"""The neutral request for an NF-e: what a caller asked for, before anything is derived, computed or checked.

Both HTTP faces map their words onto `PedidoNfe`; `montagem` turns it into a document. Rules for who fills it:

- Text is raw: no trimming, no cutting, no upper case. An empty string means "not informed" and so does `None`.
- Numbers are `Decimal` (amounts in reais, rates in percent, weights in kg) or `int`, as the caller wrote them.
- Codes are official codes as text ("1", "01"); dates and times are the caller's text. `montagem` judges both, so that a
  wrong code comes back together with every other violation.
- Documents (CPF, CNPJ, IE, CEP, keys) are text with or without punctuation.

Violations name fields of this module: `destinatario.cep`, `itens[1].ncm` (the second item),
`itens[0].importacao.valor`, `itens[0].declaracoes_importacao[0].adicoes[1].fabricante`,
`itens[0].impostos.icms.situacao_tributaria` (inline taxes, scenario index left out),
`transporte.veiculo.placa`, `transporte.volumes[0].lacres[1]`, `pagamentos[0].cartao.bandeira`. A path that starts with
`emitente.` speaks of the company's registry and not of the request. Nothing else appears in a path.
"""

from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal

from chancela.documents.nfe.pedido_especiais import (
    CanaPedido,
    DeducaoPedido,
    DefensivoPedido,
    EmitentePedido,
    FornecimentoPedido,
    GuiaTransitoPedido,
    ResponsavelTecnicoPedido,
)
from chancela.documents.nfe.pedido_itens import (
    AdicaoPedido,
    DeclaracaoPedido,
    ExtensoesItem,
    ImportacaoPedido,
    ItemPedido,
)
from chancela.domain.identidade import Ambiente, Modelo
from chancela.domain.tributos.entrada import CompraGovernamental, TipoOperacao
from chancela.domain.tributos.resultado_totais import RetencaoTributos
from chancela.kit.frozen import frozen

__all__ = [
    "AdicaoPedido", "CanaPedido", "CartaoPedido", "CobrancaPedido", "CompraPedido", "DeclaracaoPedido",
    "DeducaoPedido", "DefensivoPedido", "DuplicataPedido", "EmitentePedido", "ExportacaoPedido", "ExtensoesItem",
    "FornecimentoPedido", "GuiaTransitoPedido", "ImportacaoPedido", "IntermediadorPedido", "ItemPedido",
    "ObservacaoPedido", "PagamentoPedido", "PartePedido", "PedidoNfe", "ProcessoPedido", "ReferenciaPedido",
    "ResponsavelTecnicoPedido", "RetencaoFretePedido", "TransportadorPedido", "TransportePedido", "VeiculoPedido",
    "VolumePedido",
]  # fmt: skip


@frozen
class PartePedido:
    """A person with an address: recipient, place of pickup, place of delivery."""

    cpf: str = ""
    cnpj: str = ""
    id_estrangeiro: str = ""
    inscricao_estadual: str = ""
    indicador_ie: str = ""
    """indIEDest; empty: derived from person and IE. Only of the recipient, like the next two."""
    inscricao_suframa: str = ""
    inscricao_municipal: str = ""
    nome: str = ""
    logradouro: str = ""
    numero: str = ""
    complemento: str = ""
    bairro: str = ""
    municipio: str = ""
    codigo_municipio: str = ""
    """IBGE; empty: resolved from CEP, or from name and UF."""
    uf: str = ""
    cep: str = ""
    codigo_pais: str = ""
    """BACEN; empty: 1058."""
    pais: str = ""
    telefone: str = ""
    email: str = ""


@frozen
class TransportadorPedido:
    """Carrier. `cep` only serves to find municipality and UF when those are missing."""

    cpf: str = ""
    cnpj: str = ""
    inscricao_estadual: str = ""
    nome: str = ""
    endereco: str = ""
    municipio: str = ""
    uf: str = ""
    cep: str = ""


@frozen
class VeiculoPedido:
    """Vehicle or trailer."""

    placa: str = ""
    uf: str = ""
    rntc: str = ""


@frozen
class VolumePedido:
    """One line of packages; weights in kg."""

    quantidade: int | None = None
    especie: str = ""
    marca: str = ""
    numeracao: str = ""
    peso_liquido: Decimal | None = None
    peso_bruto: Decimal | None = None
    lacres: tuple[str, ...] = ()


@frozen
class RetencaoFretePedido:
    """ICMS of the freight withheld by the issuer; `cep` or `codigo_municipio` is where the carriage began."""

    valor_servico: Decimal | None = None
    base: Decimal | None = None
    aliquota: Decimal | None = None
    cfop: str = ""
    cep: str = ""
    codigo_municipio: str = ""
    valor: Decimal | None = None
    """Without it, base times rate."""


@frozen
class TransportePedido:
    """How the goods travel. `modalidade` is modFrete, 9 when empty; `frete` is apportioned over the items."""

    modalidade: str = ""
    frete: Decimal | None = None
    transportador: TransportadorPedido | None = None
    veiculo: VeiculoPedido | None = None
    reboques: tuple[VeiculoPedido, ...] = ()
    vagao: str = ""
    balsa: str = ""
    volumes: tuple[VolumePedido, ...] = ()
    retencao: RetencaoFretePedido | None = None


@frozen
class CartaoPedido:
    """Card of a payment. `integracao`: 1 integrated (TEF), 2 not (POS)."""

    integracao: str = ""
    bandeira: str = ""
    cnpj_credenciadora: str = ""
    autorizacao: str = ""
    cnpj_recebedor: str = ""
    terminal: str = ""


@frozen
class PagamentoPedido:
    """One way of payment. Without `valor` it takes what the others leave of the total."""

    meio: str = ""
    indicador: str = ""
    valor: Decimal | None = None
    descricao: str = ""
    data: str = ""
    cnpj_pagador: str = ""
    uf_pagador: str = ""
    cartao: CartaoPedido | None = None


@frozen
class DuplicataPedido:
    """One instalment."""

    numero: str = ""
    vencimento: str = ""
    valor: Decimal | None = None


@frozen
class CobrancaPedido:
    """Invoice and instalments."""

    numero: str = ""
    valor_original: Decimal | None = None
    valor_desconto: Decimal | None = None
    valor_liquido: Decimal | None = None
    duplicatas: tuple[DuplicataPedido, ...] = ()


@frozen
class ReferenciaPedido:
    """One referenced document: `chave` of an NF-e, NFC-e or CT-e, or the fields of a paper one.

    `tipo` chooses what the fields mean: "chave" (default), "nf", "produtor" or "ecf".
    """

    tipo: str = "chave"
    chave: str = ""
    uf: str = ""
    ano_mes: str = ""
    """AAMM."""
    cnpj: str = ""
    cpf: str = ""
    inscricao_estadual: str = ""
    modelo: str = ""
    serie: str = ""
    numero: str = ""
    numero_ecf: str = ""
    coo: str = ""


@frozen
class ObservacaoPedido:
    """A named text."""

    campo: str = ""
    texto: str = ""


@frozen
class ProcessoPedido:
    """A referenced process (procRef)."""

    numero: str = ""
    origem: str = ""
    tipo_ato: str = ""


@frozen
class ExportacaoPedido:
    """Where the goods leave the country. Without `uf_saida` an export leaves through the issuer's state."""

    uf_saida: str = ""
    local_embarque: str = ""
    local_despacho: str = ""


@frozen
class CompraPedido:
    """Purchase of a public body, order and contract."""

    nota_empenho: str = ""
    pedido: str = ""
    contrato: str = ""


@frozen
class IntermediadorPedido:
    """The marketplace that brought the sale."""

    cnpj: str = ""
    identificador: str = ""


@frozen
class PedidoNfe:
    """Everything a caller can say about one document of model 55 or 65."""

    natureza_operacao: str
    tipo_operacao: TipoOperacao
    ambiente: Ambiente
    itens: tuple[ItemPedido, ...]
    modelo: Modelo = Modelo.NFE
    referencia: str = ""
    """The caller's id: idempotency key, and order number (xPed) of the items when it fits 15 characters."""
    tipo_emissao: str = "1"
    """tpEmis. Only "1" may be asked for: contingency is entered by the platform, not by the request."""
    finalidade: str = ""
    """finNFe; empty: 1."""
    destinatario: PartePedido | None = None
    retirada: PartePedido | None = None
    entrega: PartePedido | None = None
    referencias: tuple[ReferenciaPedido, ...] = ()
    emissao: str = ""
    """dhEmi; empty: now."""
    saida_entrada: str = ""
    """dhSaiEnt; empty: the moment of issue."""
    previsao_entrega: str = ""
    serie: int | None = None
    """Another series than the company's."""
    desconto: Decimal | None = None
    """Total discount of the document, items included."""
    seguro: Decimal | None = None
    outras_despesas: Decimal | None = None
    troco: Decimal | None = None
    consumidor_final: str = ""
    """indFinal ("0" or "1"); empty: derived."""
    presenca: str = ""
    """indPres; empty: 9, or 0 for complementary and adjustment documents."""
    com_intermediador: str = ""
    """indIntermed; empty: derived from `intermediador`."""
    intermediador: IntermediadorPedido | None = None
    destino: str = ""
    """idDest; empty: derived. A value against the derived one is refused."""
    transporte: TransportePedido | None = None
    pagamentos: tuple[PagamentoPedido, ...] = ()
    cobranca: CobrancaPedido | None = None
    informacoes_complementares: str = ""
    informacoes_fisco: str = ""
    observacoes_contribuinte: tuple[ObservacaoPedido, ...] = ()
    observacoes_fisco: tuple[ObservacaoPedido, ...] = ()
    processos: tuple[ProcessoPedido, ...] = ()
    exportacao: ExportacaoPedido | None = None
    compra: CompraPedido | None = None
    autorizados: tuple[str, ...] = ()
    """CNPJ or CPF of who else may download the XML."""
    tipo_nota_debito: str = ""
    tipo_nota_credito: str = ""
    codigo_municipio_ibs: str = ""
    """cMunFGIBS."""
    compra_governamental: CompraGovernamental | None = None
    pagamentos_antecipados: tuple[str, ...] = ()
    """Keys of the advance payments (gPagAntecipado)."""
    retencao_tributos: RetencaoTributos | None = None
    regime_issqn: str = ""
    """cRegTrib."""
    data_servico: str = ""
    """dCompet of the services; empty: the day of issue."""
    emitente: EmitentePedido | None = None
    """What stands before the company's registry."""
    codigo_municipio_fato_gerador: str = ""
    """cMunFG; empty: the issuer's."""
    totais: Mapping[str, Decimal] = field(default_factory=dict[str, Decimal])
    """Totals in the place of the computed ones, by their path in `Totais` (`icms.base_calculo`)."""
    responsavel_tecnico: ResponsavelTecnicoPedido | None = None
    cana: CanaPedido | None = None
    defensivos: tuple[DefensivoPedido, ...] = ()
    guia_transito: GuiaTransitoPedido | None = None

    @property
    def informs_tributos(self) -> bool:
        """Whether the caller states the taxes of every item, so that none is derived from the operation."""
        for item in self.itens:
            if item.extensoes.informado is None:
                return False
        return bool(self.itens)
