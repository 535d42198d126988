"""What a document has that most have not, one bit each: rules that speak only of it need not be asked without it.

Here lives what is cheap to see; what is right or wrong about it lives in the rules (docs/adr/0100).
"""

import re
from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from chancela.documents.nfe.enumeracoes import (
    MEIOS_PAGAMENTO,
    Destino,
    Finalidade,
    FormatoDanfe,
    IndicadorIe,
    Presenca,
    TipoOperacao,
)
from chancela.documents.nfe.inscricoes import IE_NUMERO, ie_holds
from chancela.documents.nfe.itens import Item, Produto
from chancela.documents.nfe.modelo import Contingencia, IdEstrangeiro, Nfe
from chancela.documents.nfe.participantes import Destinatario, Emitente, Endereco
from chancela.domain.identidade import Cnpj, Modelo, Uf
from chancela.domain.tributos.resultado import Icms, TributosItem
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
IBS_REDUZIDO = 1 << 40
IBS_DIFERIDO = 1 << 41
FORMA = 1 << 42
"""A code or text of the product that is absent or out of its form."""
NEGATIVO = 1 << 43
PRECO = 1 << 44
"""A value that is not exactly quantity times price, or a taxable unit other than the commercial one."""
DESCONTO = 1 << 45
"""A discount, or a value that even none would pass."""
SEM_ORIGEM = 1 << 46
CST_DE_CONTRIBUINTE = 1 << 47
"""A CST that is seldom used with who does not pay ICMS."""
ICMS_APROXIMADO = 1 << 48
"""An ICMS that is not its base times its rate, to half a cent."""
IBS_OUTRA_ALIQUOTA = 1 << 49
"""Rates of IBS and CBS other than those of the transition."""
IBS_APROXIMADO = 1 << 50
"""Some amount of IBS or CBS that is not its base times its rate, to half a cent, or not the sum of its parts."""

# Of the document again, where the bits of the first group end.
ENDERECO = 1 << 51
"""An address that lacks a text or has a code out of its form."""
EMITENTE_INCOMPLETO = 1 << 52
"""An issuer without name or registration."""
DESTINATARIO_INCOMPLETO = 1 << 53
"""A recipient without name or address."""
IE_FORA_DA_FORMA = 1 << 54
"""A registration, of issuer or recipient, that is not made of digits."""
PAGAMENTO_DIVIDIDO = 1 << 55
"""Anything but one payment of exactly the total."""
IDENTIFICACAO = 1 << 56
"""Something of the head of the note (operation, city of the taxes, departure, form of the DANFE, series) that is absent or not the usual."""
NUMERACAO = 1 << 57
"""Items that are not 1 to 990, numbered in their order."""
IE_QUE_NAO_CONFERE = 1 << 58
"""A registration of the issuer whose check digits its state does not give."""

CST_NAO_CONTRIBUINTE = frozenset(("00", "20", "40", "41", "60", "61"))
ALIQUOTAS_DA_TRANSICAO: dict[int, tuple[Decimal | None, Decimal | None, Decimal | None]] = {
    2026: (Decimal("0.1"), Decimal(0), Decimal("0.9")),
    2027: (Decimal("0.05"), Decimal("0.05"), None),
    2028: (Decimal("0.05"), Decimal("0.05"), None),
}
"""Rates of the state, of the municipality and of the CBS by year of issue; what is absent or None is not checked."""
_NCM = re.compile(r"[0-9]{8}|00")
_CFOP = re.compile(r"[123567][0-9]{3}")
_CEP = re.compile(r"[0-9]{8}")
_MUNICIPIO = re.compile(r"[0-9]{7}")
_ZERO = Decimal(0)
_CENTESIMO = Decimal("0.01")
_MEIO_CENTAVO = Decimal("0.005")
"""An amount further than this from its base times its rate is not what rounding to the cent makes of them."""

_FORMATOS_DE_CUPOM = frozenset((FormatoDanfe.NFCE, FormatoDanfe.NFCE_MENSAGEM))
_MEIOS_COMUNS = MEIOS_PAGAMENTO.keys() - {"03", "04", "14", "17", "90", "91", "99"}


def read_documento(
    nfe: Nfe, *, emissao: datetime, serie: int, tp_emis: int, contingencia: Contingencia | None
) -> int:
    """The bits of the document itself, but for `TOTAIS`."""
    sinais = _read_identificacao(nfe, emissao, serie)
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


def _read_identificacao(nfe: Nfe, emissao: datetime, serie: int) -> int:
    saida, uf, cupom = nfe.saida_entrada, nfe.emitente.endereco.uf, nfe.modelo is Modelo.NFCE
    if (
        not nfe.natureza_operacao
        or not 0 <= serie <= 889
        or (saida is not None and (cupom or saida < emissao))
        or (cupom and nfe.previsao_entrega is not None)
        or (nfe.formato_danfe in _FORMATOS_DE_CUPOM) is not cupom
        or (isinstance(uf, Uf) and not nfe.municipio_fato_gerador.startswith(uf.codigo))
    ):
        return IDENTIFICACAO
    return 0


def _read_partes(nfe: Nfe) -> int:
    destinatario = nfe.destinatario
    sinais = _read_emitente(nfe.emitente)
    sinais |= SEM_DESTINATARIO if destinatario is None else _read_destinatario(destinatario)
    if nfe.autorizados:
        sinais |= AUTORIZADOS
    for local in (nfe.retirada, nfe.entrega):
        if local is not None and not _is_whole(local.endereco):
            sinais |= ENDERECO
    return sinais


@lru_cache(1_024)
def _read_emitente(emitente: Emitente) -> int:
    """Kept by issuer: the same few issue again and again."""
    sinais = 0
    if not _is_whole(emitente.endereco) or emitente.endereco.cep is None:
        sinais |= ENDERECO
    ie = emitente.inscricao_estadual
    if len(emitente.nome) < 2 or ie is None or not ie.strip("0"):
        sinais |= EMITENTE_INCOMPLETO
    if ie is not None and not _has_digits(ie, 2, 14):
        sinais |= IE_FORA_DA_FORMA
    if ie is not None and IE_NUMERO.fullmatch(ie) and not ie_holds(str(emitente.endereco.uf), ie):
        sinais |= IE_QUE_NAO_CONFERE
    if emitente.inscricao_estadual_st is not None:
        sinais |= IE_DE_SUBSTITUTO
    if not isinstance(emitente.documento, Cnpj):
        sinais |= EMITENTE_CPF
    if emitente.crt.usa_csosn:
        sinais |= SIMPLES
    return sinais


def _read_destinatario(destinatario: Destinatario) -> int:
    sinais = 0
    endereco, ie = destinatario.endereco, destinatario.inscricao_estadual
    if endereco is None or len(destinatario.nome or "") < 2:
        sinais |= DESTINATARIO_INCOMPLETO
    if endereco is not None and not _is_whole(endereco):
        sinais |= ENDERECO
    if isinstance(destinatario.documento, IdEstrangeiro) or (endereco is not None and endereco.uf == "EX"):
        sinais |= ESTRANGEIRO
    if destinatario.indicador_ie is not IndicadorIe.NAO_CONTRIBUINTE or ie is not None:
        sinais |= CONTRIBUINTE
    if ie is not None and not _has_digits(ie, 2, 14):
        sinais |= IE_FORA_DA_FORMA
    return sinais


def _is_whole(e: Endereco) -> bool:
    """Whether an address has every text and each of its codes in its form; only an issuer's must have a CEP."""
    codigo = e.codigo_municipio
    return (
        len(e.logradouro) > 1
        and len(e.numero) > 0
        and len(e.bairro) > 1
        and len(e.municipio) > 1
        and (e.cep is None or _CEP.fullmatch(e.cep) is not None)
        and (e.telefone is None or _has_digits(e.telefone, 6, 14))
        and _MUNICIPIO.fullmatch(codigo) is not None
        and (not isinstance(e.uf, Uf) or codigo.startswith(e.uf.codigo))
    )


def _has_digits(texto: str, minimo: int, maximo: int) -> bool:
    return minimo <= len(texto) <= maximo and texto.isdigit() and texto.isascii()


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
    pagamentos = nfe.pagamentos
    if len(pagamentos) != 1 or pagamentos[0].valor != nfe.totais.icms.valor_nota:
        sinais |= PAGAMENTO_DIVIDIDO
    for pagamento in pagamentos:
        if (
            pagamento.meio not in _MEIOS_COMUNS
            or pagamento.cartao is not None
            or pagamento.descricao is not None
        ):
            sinais |= PAGAMENTO
    return sinais


def read_item(item: Item, ano: int) -> int:
    """The bits of one item, in a document issued in that year."""
    p, t = item.produto, item.tributos
    sinais = _read_codigos(t.cfop, p.ncm, p.unidade, p.unidade_tributavel) | _read_quantias(p, t)
    if not p.codigo or not p.descricao:
        sinais |= FORMA
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
    return sinais if grupo is None else sinais | _read_ibs_cbs(grupo, ano)


@lru_cache(4_096)
def _read_codigos(cfop: str, ncm: str, unidade: str, unidade_tributavel: str) -> int:
    primeiro = cfop[:1]
    sinais = CFOP_ENTRADA if primeiro in ("1", "2", "3") else 0
    if cfop[1:2] != "1":
        sinais |= CFOP_DE_RETORNO
    if primeiro in ("2", "6"):
        sinais |= CFOP_INTERESTADUAL
    elif primeiro in ("3", "7"):
        sinais |= CFOP_EXTERIOR
    formas = _CFOP.fullmatch(cfop) and _NCM.fullmatch(ncm)
    if not formas or not 1 <= len(unidade) <= 6 or not 1 <= len(unidade_tributavel) <= 6:
        sinais |= FORMA
    return sinais


def _read_quantias(p: Produto, t: TributosItem) -> int:
    sinais, quantidade, unitario, valor = 0, p.quantidade, p.valor_unitario, t.valor_produto
    if quantidade < _ZERO or unitario < _ZERO or valor < _ZERO:
        sinais |= NEGATIVO | DESCONTO
    if t.valor_frete < _ZERO or t.valor_seguro < _ZERO or t.valor_outras_despesas < _ZERO:
        sinais |= NEGATIVO
    if t.valor_desconto:
        sinais |= DESCONTO if t.valor_desconto > _ZERO else NEGATIVO
    if (
        quantidade * unitario != valor
        or p.quantidade_tributavel != quantidade
        or p.valor_unitario_tributavel != unitario
    ):
        sinais |= PRECO
    return sinais


def _read_icms(icms: Icms) -> int:
    sinais = _read_cst(icms.cst, icms.csosn)
    if icms.origem is None:
        sinais |= SEM_ORIGEM
    if icms.valor_fcp is not None or icms.valor_fcp_st is not None or icms.valor_fcp_st_retido is not None:
        sinais |= FCP
    if icms.motivo_desoneracao is not None:
        sinais |= DESONERACAO
    base, aliquota, valor = icms.base_calculo, icms.aliquota, icms.valor
    if (
        base is not None
        and aliquota is not None
        and valor is not None
        and abs(base * aliquota * _CENTESIMO - valor) > _MEIO_CENTAVO
    ):
        sinais |= ICMS_APROXIMADO
    return sinais


@lru_cache(256)
def _read_cst(cst: str | None, csosn: str | None) -> int:
    sinais = 0
    if csosn is not None:
        sinais |= CSOSN
    if cst == "51":
        sinais |= CST_51
    if cst not in ("00", "20", "40", "41", "51") and csosn not in ("101", "102", "103", "300"):
        sinais |= ST
    if cst not in CST_NAO_CONTRIBUINTE:
        sinais |= CST_DE_CONTRIBUINTE
    return sinais


def _read_ibs_cbs(grupo: GrupoIbsCbs, ano: int) -> int:
    sinais, base = 0, grupo.base_calculo
    partes = uf, municipio, cbs = grupo.uf, grupo.municipio, grupo.cbs
    for parte in partes:
        if parte.reducao is not None:
            sinais |= IBS_REDUZIDO | IBS_APROXIMADO
        if parte.diferimento is not None:
            sinais |= IBS_DIFERIDO | IBS_APROXIMADO
        if (
            parte.devolucao is not None
            or abs(base * parte.aliquota * _CENTESIMO - parte.valor) > _MEIO_CENTAVO
        ):
            sinais |= IBS_APROXIMADO
    if grupo.valor_ibs != uf.valor + municipio.valor:
        sinais |= IBS_APROXIMADO
    if (uf.aliquota, municipio.aliquota, cbs.aliquota) != ALIQUOTAS_DA_TRANSICAO.get(ano):
        sinais |= IBS_OUTRA_ALIQUOTA
    return sinais
