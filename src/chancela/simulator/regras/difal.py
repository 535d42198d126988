"""Group NA: the share of the UF of destination in sales to who is no contributor (EC 87/2015, LC 190/2022)."""

from decimal import Decimal

from chancela.simulator.nota import Item, Nota
from chancela.simulator.regras.contas import differs, percent
from chancela.simulator.regras.icms import (
    DOZE,
    ORIGEM_IMPORTADA,
    QUATRO,
    SETE,
    interstate_rate,
    special_movement,
)
from chancela.simulator.regras.modelo import SO_NFCE, SO_NFE, Contexto, GrupoRegras, Veredito, item

_CFOP_SEM_DIFAL = frozenset(
    [
        "6552",
        "6922",
        "6929",
        "6117",
        "6118",
        "6119",
        "6120",
        "6934",
        "6933",
        "6901",
        "6902",
        "6905",
        "6907",
        "6908",
        "6909",
        "6912",
        "6913",
        "6915",
        "6916",
    ]
)
_TUDO_AO_DESTINO = Decimal(100)


def _missing(i: Item, n: Nota, _c: Contexto) -> Veredito:
    if (
        not n.saida_nao_contribuinte_interestadual
        or i.difal
        or n.crt in ("1", "4")
        or n.fin_nfe in ("2", "3", "5", "6")
    ):
        return False
    entrega_no_estado = n.inf.grupo("entrega").texto("UF") == n.uf or n.uf_dest == n.uf
    isento = i.cst in ("40", "41") or i.csosn in ("103", "300", "400")
    fora = i.icms.tag == "ICMSPart" or bool(i.issqn) or i.prod.tem("comb") or i.cfop in _CFOP_SEM_DIFAL
    return not (isento or fora or entrega_no_estado or special_movement(i, n))


def _unduly(i: Item, n: Nota, _c: Contexto) -> Veredito:
    certo = n.id_dest == "2" and n.ide.texto("indFinal") == "1" and n.dest.texto("indIEDest") == "9"
    return bool(i.difal) and not certo


def _rate_of_origin(i: Item, _n: Nota, _c: Contexto) -> Veredito:
    if not i.difal:
        return False
    importado, aliquota = i.icms.texto("orig") in ORIGEM_IMPORTADA, i.difal.valor("pICMSInter")
    return (aliquota == QUATRO and not importado) or (aliquota in (SETE, DOZE) and importado)


def _rate_of_ufs(i: Item, n: Nota, _c: Contexto) -> Veredito:
    aliquota = i.difal.valor("pICMSInter")
    return aliquota in (SETE, DOZE) and n.tp_nf == "1" and aliquota != interstate_rate(n.uf, n.uf_dest)


def _due(i: Item) -> Decimal:
    """What both UFs share: destination's tax less the interstate one, never negative."""
    destino = percent(i.difal.valor("vBCUFDest"), i.difal.valor("pICMSUFDest"))
    return max(destino - percent(i.icms.valor("vBC"), i.difal.valor("pICMSInter")), Decimal(0))


def _destination_value(i: Item, _n: Nota, _c: Contexto) -> Veredito:
    if not i.difal or i.cst != "00":
        return False
    parte = percent(_due(i), i.difal.valor("pICMSInterPart"))
    return _told(i.difal.valor("vICMSUFDest"), parte)


def _origin_value(i: Item, _n: Nota, _c: Contexto) -> Veredito:
    if not i.difal or i.cst != "00":
        return False
    resto = percent(_due(i), _TUDO_AO_DESTINO - i.difal.valor("pICMSInterPart"))
    return _told(i.difal.valor("vICMSUFRemet"), resto)


def _told(informado: Decimal, calculado: Decimal) -> Veredito:
    if not differs(informado, calculado):
        return False
    return f"Valor Informado: {informado}, Valor Calculado: {calculado.quantize(Decimal('0.01'))}"


def _fund_value(i: Item, _n: Nota, _c: Contexto) -> Veredito:
    g = i.difal
    return g.tem("vFCPUFDest") and differs(
        g.valor("vFCPUFDest"), percent(g.valor("vBCFCPUFDest"), g.valor("pFCPUFDest"))
    )


GRUPO = GrupoRegras(
    "NA",
    (
        item("NA01-10", 807, "NFC-e com grupo de ICMS para a UF do destinatário", SO_NFCE, lambda i, _n, _c: bool(i.difal), so_com="ICMSUFDest"),
        item("NA01-20", 694, "Não informado o grupo de ICMS para a UF de destino", SO_NFE, _missing, so_com="indIEDest=9"),
        item("NA01-30", 695, "Informado indevidamente o grupo de ICMS para a UF de destino", SO_NFE, _unduly, so_com="ICMSUFDest"),
        item("NA09-10", 697, "Alíquota interestadual do ICMS com origem diferente do previsto", SO_NFE, _rate_of_origin, prioridade=2, so_com="ICMSUFDest"),
        item("NA09-30", 698, "Alíquota interestadual do ICMS incompatível com as UF envolvidas na operação", SO_NFE, _rate_of_ufs, prioridade=2, so_com="ICMSUFDest"),
        item("NA11-10", 699, "Percentual do ICMS Interestadual para a UF de destino difere do previsto para o ano da Data de Emissão", SO_NFE, lambda i, _n, _c: i.difal.tem("pICMSInterPart") and i.difal.valor("pICMSInterPart") != _TUDO_AO_DESTINO, prioridade=3, so_com="ICMSUFDest"),
        item("NA13-10", 793, "Valor do ICMS relativo ao Fundo de Combate à Pobreza na UF de destino difere do calculado", SO_NFE, _fund_value, so_com="ICMSUFDest"),
        item("NA15-10", 815, "Valor do ICMS Interestadual para UF de Destino difere do calculado", SO_NFE, _destination_value, prioridade=2, so_com="ICMSUFDest"),
        item("NA17-10", 816, "Valor do ICMS Interestadual para UF do Remetente difere do calculado", SO_NFE, _origin_value, prioridade=3, so_com="ICMSUFDest"),
    ),
)  # fmt: skip
