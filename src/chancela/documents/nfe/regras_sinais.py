"""What a document has that most have not, one bit each: rules that speak only of it need not be asked without it.

Here lives what is cheap to see; what is right or wrong about it lives in the rules (docs/adr/0100).
"""

from functools import lru_cache

from chancela.documents.nfe.enumeracoes import (
    MEIOS_PAGAMENTO,
    Destino,
    Finalidade,
    IndicadorIe,
    Presenca,
    TipoOperacao,
)
from chancela.documents.nfe.itens import Item
from chancela.documents.nfe.modelo import Contingencia, IdEstrangeiro, Nfe
from chancela.domain.identidade import Cnpj
from chancela.domain.tributos.resultado import Icms
from chancela.domain.tributos.resultado_ibs_cbs import GrupoIbsCbs

SEM_GTIN = "SEM GTIN"
SEMPRE = 0
"""Of a rule that every document must be asked."""

# Of the document.
OUTRA_FINALIDADE = 1 << 0
"""Other than a normal sale: purpose, kind of debit or credit note, government purchase."""
REFERENCIAS = 1 << 1
CONTINGENCIA = 1 << 2
ENTRADA = 1 << 3
FORA_DO_ESTADO = 1 << 4
NAO_FINAL = 1 << 5
INTERMEDIADOR = 1 << 6
"""A marketplace, or nothing said about one."""
DOMICILIO = 1 << 7
SEM_DESTINATARIO = 1 << 8
ESTRANGEIRO = 1 << 9
"""A recipient with a foreign identity or an address abroad."""
CONTRIBUINTE = 1 << 10
"""A recipient that pays ICMS, or has a registration."""
AUTORIZADOS = 1 << 11
TRANSPORTADOR = 1 << 12
"""A carrier or a vehicle."""
COBRANCA = 1 << 13
PAGAMENTO = 1 << 14
"""A payment by means of which a rule speaks, with a card or a description."""
TROCO = 1 << 15
EXPORTACAO = 1 << 16
IE_DE_SUBSTITUTO = 1 << 17
EMITENTE_CPF = 1 << 18
SIMPLES = 1 << 19
TOTAIS = 1 << 20
"""Some total is not the sum of the items."""

# Of an item.
REFERENCIADO = 1 << 21
GTIN = 1 << 22
CEST = 1 << 23
GRUPO_ESPECIAL = 1 << 24
"""Vehicle, medicine, weapon, fuel or exempt paper."""
CFOP_ENTRADA = 1 << 25
CFOP_INTERESTADUAL = 1 << 26
CFOP_EXTERIOR = 1 << 27
CFOP_DE_RETORNO = 1 << 28
"""Anything but x1xx: what is returned, transferred, moved without sale."""
SEM_ICMS = 1 << 29
CSOSN = 1 << 30
CST_51 = 1 << 31
FCP = 1 << 32
ST = 1 << 33
DESONERACAO = 1 << 34
DIFAL = 1 << 35
SEM_CONTRIBUICAO = 1 << 36
ISSQN = 1 << 37
IPI_DEVOLVIDO = 1 << 38
SEM_IBS = 1 << 39
IBS = 1 << 40
IBS_REDUZIDO = 1 << 41
IBS_DIFERIDO = 1 << 42

_MEIOS_COMUNS = MEIOS_PAGAMENTO.keys() - {"03", "04", "14", "17", "90", "91", "99"}


def read_documento(nfe: Nfe, *, tp_emis: int, contingencia: Contingencia | None) -> int:
    """The bits of the document itself, but for `TOTAIS`."""
    sinais = 0
    if (
        nfe.finalidade is not Finalidade.NORMAL
        or nfe.tipo_nota_debito is not None
        or nfe.tipo_nota_credito is not None
        or nfe.compra_governamental is not None
    ):
        sinais |= OUTRA_FINALIDADE
    if nfe.referencias:
        sinais |= REFERENCIAS
    if tp_emis != 1 or contingencia is not None:
        sinais |= CONTINGENCIA
    if nfe.tipo_operacao is TipoOperacao.ENTRADA:
        sinais |= ENTRADA
    if nfe.destino is not Destino.INTERNA:
        sinais |= FORA_DO_ESTADO
    if not nfe.consumidor_final:
        sinais |= NAO_FINAL
    if nfe.com_intermediador is not False or nfe.intermediador is not None:
        sinais |= INTERMEDIADOR
    if nfe.presenca is Presenca.ENTREGA_DOMICILIO:
        sinais |= DOMICILIO
    return sinais | _read_partes(nfe) | _read_valores(nfe)


def _read_partes(nfe: Nfe) -> int:
    sinais = 0
    destinatario, emitente = nfe.destinatario, nfe.emitente
    if destinatario is None:
        sinais |= SEM_DESTINATARIO
    else:
        endereco = destinatario.endereco
        if isinstance(destinatario.documento, IdEstrangeiro) or (
            endereco is not None and endereco.uf == "EX"
        ):
            sinais |= ESTRANGEIRO
        if (
            destinatario.indicador_ie is not IndicadorIe.NAO_CONTRIBUINTE
            or destinatario.inscricao_estadual is not None
        ):
            sinais |= CONTRIBUINTE
    if nfe.autorizados:
        sinais |= AUTORIZADOS
    if emitente.inscricao_estadual_st is not None:
        sinais |= IE_DE_SUBSTITUTO
    if not isinstance(emitente.documento, Cnpj):
        sinais |= EMITENTE_CPF
    if emitente.crt.usa_csosn:
        sinais |= SIMPLES
    return sinais


def _read_valores(nfe: Nfe) -> int:
    sinais = 0
    transporte = nfe.transporte
    if transporte.transportador is not None or transporte.veiculo is not None or transporte.reboques:
        sinais |= TRANSPORTADOR
    if nfe.cobranca is not None:
        sinais |= COBRANCA
    if nfe.troco:
        sinais |= TROCO
    if nfe.exportacao is not None:
        sinais |= EXPORTACAO
    if nfe.totais.issqn is not None:
        sinais |= ISSQN
    for pagamento in nfe.pagamentos:
        if (
            pagamento.meio not in _MEIOS_COMUNS
            or pagamento.cartao is not None
            or pagamento.descricao is not None
        ):
            sinais |= PAGAMENTO
    return sinais


def read_item(item: Item) -> int:
    """The bits of one item."""
    p, t = item.produto, item.tributos
    sinais = _read_cfop(t.cfop)
    if item.referenciado is not None:
        sinais |= REFERENCIADO
    if p.gtin != SEM_GTIN or p.gtin_tributavel != SEM_GTIN:
        sinais |= GTIN
    if p.cest is not None:
        sinais |= CEST
    if p.veiculo or p.medicamento or p.armas or p.combustivel or p.recopi is not None:
        sinais |= GRUPO_ESPECIAL
    sinais |= SEM_ICMS if t.icms is None else _read_icms(t.icms)
    if t.icms_uf_destino is not None:
        sinais |= DIFAL
    if t.pis is None or t.cofins is None:
        sinais |= SEM_CONTRIBUICAO
    if t.issqn is not None:
        sinais |= ISSQN
    if t.ipi_devolvido is not None:
        sinais |= IPI_DEVOLVIDO
    if t.ibs_cbs is None:
        return sinais | SEM_IBS
    grupo = t.ibs_cbs.tributacao
    return sinais if grupo is None else sinais | _read_ibs_cbs(grupo)


@lru_cache(4_096)
def _read_cfop(cfop: str) -> int:
    primeiro = cfop[:1]
    sinais = CFOP_ENTRADA if primeiro in ("1", "2", "3") else 0
    if cfop[1:2] != "1":
        sinais |= CFOP_DE_RETORNO
    if primeiro in ("2", "6"):
        return sinais | CFOP_INTERESTADUAL
    return sinais | CFOP_EXTERIOR if primeiro in ("3", "7") else sinais


def _read_icms(icms: Icms) -> int:
    sinais = 0
    if icms.csosn is not None:
        sinais |= CSOSN
    if icms.cst == "51":
        sinais |= CST_51
    if icms.valor_fcp is not None or icms.valor_fcp_st is not None or icms.valor_fcp_st_retido is not None:
        sinais |= FCP
    if icms.cst not in ("00", "20", "40", "41", "51") and icms.csosn not in ("101", "102", "103", "300"):
        sinais |= ST
    if icms.motivo_desoneracao is not None:
        sinais |= DESONERACAO
    return sinais


def _read_ibs_cbs(grupo: GrupoIbsCbs) -> int:
    sinais = IBS
    for parte in (grupo.uf, grupo.municipio, grupo.cbs):
        if parte.reducao is not None:
            sinais |= IBS_REDUZIDO
        if parte.diferimento is not None:
            sinais |= IBS_DIFERIDO
    return sinais
