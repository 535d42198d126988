"""The groups around the items: references, transport, billing, payment, additional groups."""

from datetime import date
from decimal import Decimal

from chancela.documents.nfe.enumeracoes import ModalidadeFrete
from chancela.documents.nfe.itens import Observacao
from chancela.documents.nfe.participantes import Transportador, UfOuExterior
from chancela.domain.chave import ChaveAcesso
from chancela.domain.identidade import Cnpj, Cpf, Uf
from chancela.domain.tributos.resultado import RetencaoTransporte
from chancela.kit.frozen import frozen


@frozen
class ReferenciaNf:
    """Paper NF of model 01 or 02. `ano_mes` is AAMM."""

    uf: Uf
    ano_mes: str
    cnpj: Cnpj
    modelo: str
    serie: int
    numero: int


@frozen
class ReferenciaProdutor:
    """Paper NF of a rural producer, model 01 or 04."""

    uf: Uf
    ano_mes: str
    documento: Cnpj | Cpf
    inscricao_estadual: str
    modelo: str
    serie: int
    numero: int


@frozen
class ReferenciaEcf:
    """Receipt of a fiscal printer: model 2B, 2C or 2D."""

    modelo: str
    numero_ecf: str
    coo: str


@frozen
class Referencia:
    """One referenced document (NFref): exactly one of the attributes is given."""

    chave_nfe: ChaveAcesso | None = None
    chave_nfe_sigilosa: str | None = None
    """refNFeSig: a key whose cNF was zeroed, so its check digit need not hold."""
    nf: ReferenciaNf | None = None
    produtor: ReferenciaProdutor | None = None
    chave_cte: ChaveAcesso | None = None
    ecf: ReferenciaEcf | None = None

    def __post_init__(self) -> None:
        dados = (self.chave_nfe, self.chave_nfe_sigilosa, self.nf, self.produtor, self.chave_cte, self.ecf)
        assert sum(x is not None for x in dados) == 1, "a reference names one document"


@frozen
class CompraGovernamental:
    """gCompraGov."""

    ente: str
    percentual_reducao: Decimal
    operacao: str
    documentos_anteriores: tuple[str, ...] = ()


@frozen
class Veiculo:
    """Vehicle or trailer."""

    placa: str
    uf: UfOuExterior | None = None
    rntc: str | None = None


@frozen
class Volume:
    """vol; weights in kg with 3 decimals."""

    quantidade: int | None = None
    especie: str | None = None
    marca: str | None = None
    numeracao: str | None = None
    peso_liquido: Decimal | None = None
    peso_bruto: Decimal | None = None
    lacres: tuple[str, ...] = ()


@frozen
class Transporte:
    """transp. Vehicle and trailers, or wagon, or barge."""

    modalidade: ModalidadeFrete = ModalidadeFrete.SEM_FRETE
    transportador: Transportador | None = None
    retencao: RetencaoTransporte | None = None
    veiculo: Veiculo | None = None
    reboques: tuple[Veiculo, ...] = ()
    vagao: str | None = None
    balsa: str | None = None
    volumes: tuple[Volume, ...] = ()


SEM_TRANSPORTE = Transporte()
"""No freight, nothing more to say."""


@frozen
class Fatura:
    """fat."""

    numero: str | None = None
    valor_original: Decimal | None = None
    valor_desconto: Decimal | None = None
    valor_liquido: Decimal | None = None


@frozen
class Duplicata:
    """dup."""

    valor: Decimal
    numero: str | None = None
    vencimento: date | None = None


@frozen
class Cobranca:
    """cobr."""

    fatura: Fatura | None = None
    duplicatas: tuple[Duplicata, ...] = ()


@frozen
class Cartao:
    """card. `integracao`: 1 TEF, 2 POS."""

    integracao: str
    cnpj_credenciadora: str | None = None
    bandeira: str | None = None
    autorizacao: str | None = None
    cnpj_recebedor: str | None = None
    terminal: str | None = None


@frozen
class Pagamento:
    """detPag. `indicador`: 0 at sight, 1 on term. `meio`: tPag."""

    meio: str
    valor: Decimal
    indicador: str | None = None
    descricao: str | None = None
    data: date | None = None
    cnpj_pagador: str | None = None
    uf_pagador: Uf | None = None
    cartao: Cartao | None = None


@frozen
class Intermediador:
    """infIntermed: the marketplace."""

    cnpj: Cnpj
    identificador: str


@frozen
class ProcessoReferenciado:
    """procRef."""

    numero: str
    origem: str
    tipo_ato: str | None = None


@frozen
class InformacoesAdicionais:
    """infAdic."""

    fisco: str | None = None
    complementares: str | None = None
    observacoes_contribuinte: tuple[Observacao, ...] = ()
    observacoes_fisco: tuple[Observacao, ...] = ()
    processos: tuple[ProcessoReferenciado, ...] = ()


@frozen
class LocalExportacao:
    """exporta."""

    uf_saida: Uf
    local_embarque: str
    local_despacho: str | None = None


@frozen
class Compra:
    """compra."""

    nota_empenho: str | None = None
    pedido: str | None = None
    contrato: str | None = None


@frozen
class FornecimentoDiario:
    """forDia."""

    dia: int
    quantidade: Decimal


@frozen
class Deducao:
    """deduc."""

    descricao: str
    valor: Decimal


@frozen
class Cana:
    """cana: sugar cane. `referencia` is MM/AAAA."""

    safra: str
    referencia: str
    fornecimentos: tuple[FornecimentoDiario, ...]
    total_mes: Decimal
    total_anterior: Decimal
    total_geral: Decimal
    valor_fornecimento: Decimal
    valor_deducoes: Decimal
    valor_liquido: Decimal
    deducoes: tuple[Deducao, ...] = ()


@frozen
class ResponsavelTecnico:
    """infRespTec. `hash_csrt` is base64 of the SHA-1 of CSRT and key; it depends on the key (see `layout`)."""

    cnpj: Cnpj
    contato: str
    email: str
    telefone: str
    id_csrt: str | None = None
    hash_csrt: str | None = None


@frozen
class Defensivo:
    """Pesticide prescription."""

    receituario: str
    cpf_responsavel: Cpf


@frozen
class GuiaTransito:
    """Transit permit of animals or plants."""

    tipo: str
    uf: Uf
    numero: str
    serie: str | None = None


@frozen
class AssinaturaPaa:
    """infPAA: signature of a provider of assinatura e autorização; kept as read."""

    cnpj: str
    valor: str
    modulo: str
    expoente: str
