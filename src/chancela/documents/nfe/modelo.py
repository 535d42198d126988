"""The NF-e and NFC-e of layout 4.00 as frozen values.

`Nfe` is the document before it has a number; `Identificacao` is what numbering adds. Both come together only when
the XML is written or read.
"""

from datetime import date, datetime
from decimal import Decimal

from chancela.documents.nfe.enumeracoes import (
    Crt,
    Destino,
    Finalidade,
    FormatoDanfe,
    IndicadorIe,
    Intermediacao,
    ModalidadeFrete,
    Presenca,
    TipoOperacao,
    ViaTransporte,
)
from chancela.documents.nfe.grupos import (
    SEM_TRANSPORTE,
    AssinaturaPaa,
    Cana,
    Cartao,
    Cobranca,
    Compra,
    CompraGovernamental,
    Deducao,
    Defensivo,
    Duplicata,
    Fatura,
    FornecimentoDiario,
    GuiaTransito,
    InformacoesAdicionais,
    Intermediador,
    LocalExportacao,
    Pagamento,
    ProcessoReferenciado,
    Referencia,
    ReferenciaEcf,
    ReferenciaNf,
    ReferenciaProdutor,
    ResponsavelTecnico,
    Transporte,
    Veiculo,
    Volume,
)
from chancela.documents.nfe.itens import (
    SEM_GTIN,
    Adicao,
    Arma,
    Cide,
    Combustivel,
    CreditoPresumidoIcms,
    DeclaracaoImportacao,
    DfeReferenciado,
    Embalagem,
    Encerrante,
    Exportacao,
    ExportacaoIndireta,
    Item,
    Lote,
    Medicamento,
    Observacao,
    OrigemCombustivel,
    Produto,
    ProdutoNff,
    VeiculoNovo,
)
from chancela.documents.nfe.participantes import (
    PAIS_BRASIL,
    Autorizado,
    Avulsa,
    Destinatario,
    Emitente,
    Endereco,
    IdEstrangeiro,
    Local,
    Transportador,
    UfOuExterior,
)
from chancela.domain.chave import ChaveAcesso
from chancela.domain.identidade import Ambiente, Modelo, Uf
from chancela.domain.tributos.resultado_totais import Totais
from chancela.kit.frozen import frozen, replace

__all__ = [
    "PAIS_BRASIL", "SEM_GTIN", "Adicao", "Arma", "AssinaturaPaa", "Autorizado", "Avulsa", "Cana", "Cartao", "Cide", "Cobranca", "Combustivel",
    "Compra", "CompraGovernamental", "Contingencia", "CreditoPresumidoIcms", "Crt", "DeclaracaoImportacao", "Deducao",
    "Defensivo", "Destinatario", "Destino", "DfeReferenciado", "Duplicata", "Embalagem", "Emitente", "Encerrante", "Endereco",
    "Exportacao", "ExportacaoIndireta", "Fatura", "Finalidade", "FormatoDanfe", "FornecimentoDiario", "GuiaTransito",
    "IdEstrangeiro", "Identificacao", "IndicadorIe", "InformacoesAdicionais", "Intermediacao", "Intermediador", "Item",
    "Local", "LocalExportacao", "Lote", "Medicamento", "ModalidadeFrete", "Nfe", "Observacao", "OrigemCombustivel",
    "Pagamento", "Presenca", "ProcessoReferenciado", "Produto", "ProdutoNff", "Referencia", "ReferenciaEcf", "ReferenciaNf",
    "ReferenciaProdutor", "ResponsavelTecnico", "Suplemento", "TipoOperacao", "Transportador", "Transporte", "UfOuExterior",
    "Veiculo", "VeiculoNovo", "ViaTransporte", "Volume",
]  # fmt: skip


@frozen
class Nfe:
    """A whole document of model 55 or 65, without number, key, date and environment."""

    modelo: Modelo
    natureza_operacao: str
    tipo_operacao: TipoOperacao
    destino: Destino
    municipio_fato_gerador: str
    emitente: Emitente
    itens: tuple[Item, ...]
    totais: Totais
    pagamentos: tuple[Pagamento, ...]
    finalidade: Finalidade = Finalidade.NORMAL
    consumidor_final: bool = False
    presenca: Presenca = Presenca.OUTROS
    formato_danfe: FormatoDanfe = FormatoDanfe.RETRATO
    saida_entrada: datetime | None = None
    previsao_entrega: date | None = None
    municipio_fato_gerador_ibs: str | None = None
    tipo_nota_debito: str | None = None
    tipo_nota_credito: str | None = None
    com_intermediador: bool | None = None
    """indIntermed."""
    indicador_operacao: str | None = None
    """cIndOp (NT 2025.002 v1.40)."""
    processo_emissao: str = "0"
    versao_aplicativo: str = "chancela 1"
    referencias: tuple[Referencia, ...] = ()
    compra_governamental: CompraGovernamental | None = None
    pagamentos_antecipados: tuple[ChaveAcesso, ...] = ()
    avulsa: Avulsa | None = None
    destinatario: Destinatario | None = None
    retirada: Local | None = None
    entrega: Local | None = None
    autorizados: tuple[Autorizado, ...] = ()
    transporte: Transporte = SEM_TRANSPORTE
    cobranca: Cobranca | None = None
    troco: Decimal | None = None
    intermediador: Intermediador | None = None
    informacoes: InformacoesAdicionais | None = None
    exportacao: LocalExportacao | None = None
    compra: Compra | None = None
    cana: Cana | None = None
    responsavel_tecnico: ResponsavelTecnico | None = None
    solicitacao_nff: str | None = None
    defensivos: tuple[Defensivo, ...] = ()
    guia_transito: GuiaTransito | None = None
    assinatura_paa: AssinaturaPaa | None = None


@frozen
class Contingencia:
    """dhCont and xJust (15 to 256 characters)."""

    inicio: datetime
    justificativa: str


@frozen
class Identificacao:
    """What numbering adds. Series, number, tpEmis and cNF live in the key; `emissao` is dhEmi, in local time."""

    chave: ChaveAcesso
    emissao: datetime
    ambiente: Ambiente
    contingencia: Contingencia | None = None

    def __post_init__(self) -> None:
        assert self.emissao.tzinfo is not None, "dhEmi carries its offset"

    @classmethod
    def compose(
        cls,
        nfe: Nfe,
        *,
        serie: int,
        numero: int,
        cnf: str,
        emissao: datetime,
        ambiente: Ambiente,
        tp_emis: int = 1,
        contingencia: Contingencia | None = None,
    ) -> "Identificacao":
        """Give a document its key. `emissao` is aware, in the issuer's local time; seconds are cut."""
        inteira = emissao.replace(microsecond=0)
        uf = nfe.emitente.endereco.uf
        assert isinstance(uf, Uf), "the issuer is in Brazil"
        chave = ChaveAcesso.compose(
            uf=uf,
            emissao=inteira,
            emitente=nfe.emitente.documento,
            modelo=nfe.modelo,
            serie=serie,
            numero=numero,
            tp_emis=tp_emis,
            cnf=cnf,
        )
        return cls(chave, inteira, ambiente, contingencia)


@frozen
class Suplemento:
    """infNFeSupl of an NFC-e: text of the QR Code and address of the query by key."""

    qr_code: str
    url_chave: str


PRESENCAS_COM_INTERMEDIADOR = frozenset(
    {
        Presenca.PRESENCIAL,
        Presenca.INTERNET,
        Presenca.TELEATENDIMENTO,
        Presenca.ENTREGA_DOMICILIO,
        Presenca.OUTROS,
    }
)
"""Values of indPres with which a normal sale tells whether a marketplace took part (rule B25c-10)."""


def complete_intermediador(nfe: Nfe) -> Nfe:
    """Say "no marketplace" in a normal sale whose caller said nothing (NT 2020.006: send indIntermed always)."""
    venda = nfe.tipo_operacao is TipoOperacao.SAIDA and nfe.finalidade is Finalidade.NORMAL
    if venda and nfe.com_intermediador is None and nfe.presenca in PRESENCAS_COM_INTERMEDIADOR:
        return replace(nfe, com_intermediador=nfe.intermediador is not None)
    return nfe


TEXTO_HOMOLOGACAO_DESTINATARIO = "NF-E EMITIDA EM AMBIENTE DE HOMOLOGACAO - SEM VALOR FISCAL"
TEXTO_HOMOLOGACAO_PRODUTO = "NOTA FISCAL EMITIDA EM AMBIENTE DE HOMOLOGACAO - SEM VALOR FISCAL"


def apply_ambiente(nfe: Nfe, ambiente: Ambiente) -> Nfe:
    """The document with the texts that homologation demands (rejections 598 and 373); unchanged in production."""
    if ambiente is Ambiente.PRODUCAO:
        return nfe
    if nfe.destinatario is not None:
        nfe = replace(nfe, destinatario=replace(nfe.destinatario, nome=TEXTO_HOMOLOGACAO_DESTINATARIO))
    if nfe.modelo is Modelo.NFCE and nfe.itens:
        primeiro = nfe.itens[0]
        produto = replace(primeiro.produto, descricao=TEXTO_HOMOLOGACAO_PRODUTO)
        nfe = replace(nfe, itens=(replace(primeiro, produto=produto), *nfe.itens[1:]))
    return nfe
