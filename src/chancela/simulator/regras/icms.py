"""Groups N and NA: ICMS of the items, FCP, and the share of the destination UF."""

from decimal import Decimal

from chancela.simulator.nota import Item, Nota
from chancela.simulator.regras.contas import CENTAVO, differs, percent
from chancela.simulator.regras.modelo import AMBOS, SO_NFCE, SO_NFE, Contexto, GrupoRegras, Veredito, item
from chancela.simulator.tabelas import NORTE_NORDESTE_CO_ES, cfops

_MONOFASICOS = ("02", "15", "53", "61")
_ORIGEM_IMPORTADA = ("1", "2", "3", "8")
_CFOP_COMUM = frozenset(["5101", "5102", "5103", "5104", "5115", "5910"])
_CFOP_ST = frozenset(["5405", "5656", "5667", "5910"])
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
_QUATRO, _SETE, _DOZE = Decimal(4), Decimal(7), Decimal(12)


def _special_movement(i: Item, n: Nota) -> bool:
    """Entries, returns, shipments and transfers of assets, which the rules of the non-contributor leave alone."""
    linha = cfops().get(i.cfop)
    flags = linha is not None and (linha.devolucao or linha.retorno or linha.remessa)
    return n.tp_nf == "0" or n.fin_nfe != "1" or flags or i.cfop[1:3] in ("55", "90", "91", "92", "94")


def _icms_value(i: Item, n: Nota, _c: Contexto) -> Veredito:
    if n.fin_nfe != "1" or i.icms.tag not in ("ICMS00", "ICMS10", "ICMS20", "ICMS70"):
        return False
    return differs(i.icms.valor("vICMS"), percent(i.icms.valor("vBC"), i.icms.valor("pICMS")))


def _deferred_value(i: Item, _n: Nota, _c: Contexto) -> Veredito:
    g = i.icms
    if i.cst != "51" or not g.tem("vICMSOp"):
        return False
    return differs(g.valor("vICMSOp"), percent(g.valor("vBC"), g.valor("pICMS")))


def _deferred_part(i: Item, _n: Nota, _c: Contexto) -> Veredito:
    g = i.icms
    return (
        i.cst == "51"
        and g.tem("vICMSDif")
        and differs(g.valor("vICMSDif"), percent(g.valor("vICMSOp"), g.valor("pDif")))
    )


def _deferred_rest(i: Item, _n: Nota, _c: Contexto) -> Veredito:
    g = i.icms
    return (
        i.cst == "51"
        and g.tem("vICMSDif")
        and abs(g.valor("vICMS") - (g.valor("vICMSOp") - g.valor("vICMSDif"))) > CENTAVO
    )


def _fcp(i: Item, n: Nota, _c: Contexto) -> Veredito:
    if n.fin_nfe != "1":
        return False
    g = i.icms
    proprio = g.valor("vBCFCP") if g.tem("vBCFCP") else g.valor("vBC")
    trios = (
        ("vFCP", proprio, "pFCP"),
        ("vFCPST", g.valor("vBCFCPST"), "pFCPST"),
        ("vFCPSTRet", g.valor("vBCFCPSTRet"), "pFCPSTRet"),
    )
    return any(
        g.tem(valor) and differs(g.valor(valor), percent(base, g.valor(taxa))) for valor, base, taxa in trios
    )


def _interstate_limit(i: Item, n: Nota, _c: Contexto) -> Veredito:
    if n.id_dest != "2" or n.tp_nf != "1" or n.fin_nfe != "1" or i.icms.texto("orig") in _ORIGEM_IMPORTADA:
        return False
    sul_sudeste = n.uf in ("SP", "RJ", "MG", "PR", "SC", "RS")
    limite = _SETE if sul_sudeste and n.uf_dest in NORTE_NORDESTE_CO_ES else _DOZE
    return i.icms.valor("pICMS") > limite


def _imported_limit(i: Item, n: Nota, _c: Contexto) -> Veredito:
    caso = n.id_dest == "2" and n.tp_nf == "1" and i.icms.texto("orig") in _ORIGEM_IMPORTADA
    return caso and i.cst in ("00", "10", "20", "70", "90") and i.icms.valor("pICMS") > _QUATRO


def _has_st(i: Item) -> bool:
    return i.icms.tem("vICMSST") and (i.icms.valor("vICMSST") > 0 or i.icms.valor("vBCST") > 0)


def _cest_missing(i: Item, _n: Nota, _c: Contexto) -> Veredito:
    com_st = i.cst in ("10", "30", "60", "70") or i.csosn in ("201", "202", "203", "500")
    outros = (i.cst == "90" or i.csosn == "900") and _has_st(i)
    return (com_st or outros) and not i.prod.tem("CEST")


def _difal_missing(i: Item, n: Nota, _c: Contexto) -> Veredito:
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
    return not (isento or fora or entrega_no_estado or _special_movement(i, n))


def _difal_unduly(i: Item, n: Nota, _c: Contexto) -> Veredito:
    certo = n.id_dest == "2" and n.ide.texto("indFinal") == "1" and n.dest.texto("indIEDest") == "9"
    return bool(i.difal) and not certo


def _cst_to_non_taxpayer(i: Item, n: Nota, _c: Contexto) -> Veredito:
    caso = n.dest.texto("indIEDest") == "9" and bool(i.cst) and not _special_movement(i, n)
    return caso and i.cst not in ("00", "20", "40", "41", "60", *_MONOFASICOS)


def _csosn_to_non_taxpayer(i: Item, n: Nota, _c: Contexto) -> Veredito:
    caso = n.dest.texto("indIEDest") == "9" and bool(i.csosn) and not _special_movement(i, n)
    return caso and i.csosn not in ("102", "103", "300", "400", "500")


GRUPO = GrupoRegras(
    "N/NA",
    (
        item("N11-10", 966, "Obrigatório o preenchimento da origem da mercadoria", AMBOS, lambda i, n, _c: bool(i.icms) and n.crt != "4" and not i.icms.tem("orig")),
        item("N12-20", 590, "Informado CST para emissor do Simples Nacional (CRT=1 ou 4)", AMBOS, lambda i, n, _c: n.crt in ("1", "4") and bool(i.cst) and i.cst not in _MONOFASICOS),
        item("N12-30", 766, "Item com CST indevido", SO_NFCE, lambda i, _n, _c: bool(i.cst) and i.cst not in ("00", "20", "40", "41", "60", "61", "90", "02", "15", "53")),
        item("N12-40", 382, "CFOP não permitido para o CST informado", SO_NFCE, lambda i, _n, _c: i.cst in ("00", "20", "40", "41", "90") and i.cfop not in _CFOP_COMUM),
        item("N12-44", 382, "CFOP não permitido para o CST informado", SO_NFCE, lambda i, _n, _c: i.cst == "60" and i.cfop not in _CFOP_ST),
        item("N12-50", 741, "NFC-e com Partilha de ICMS entre UF", SO_NFCE, lambda i, _n, _c: i.icms.tag == "ICMSPart", prioridade=2),
        item("N12-60", 740, "Item com Repasse de ICMS retido por Substituto Tributário", SO_NFCE, lambda i, _n, _c: i.icms.tag == "ICMSST", prioridade=2),
        item("N12-70", 508, "CST incompatível na operação com Não Contribuinte", SO_NFE, _cst_to_non_taxpayer),
        item("N12a-10", 591, "Informado CSOSN para emissor que não é do Simples Nacional (CRT diferente de 1 ou 4)", AMBOS, lambda i, n, _c: n.crt not in ("1", "4") and bool(i.csosn)),
        item("N12a-20", 383, "Item com CSOSN indevido", SO_NFCE, lambda i, _n, _c: bool(i.csosn) and i.csosn not in ("102", "103", "300", "400", "500", "900")),
        item("N12a-40", 386, "CFOP não permitido para o CSOSN informado", SO_NFCE, lambda i, _n, _c: i.csosn in ("102", "103", "300", "400", "900") and i.cfop not in _CFOP_COMUM),
        item("N12a-44", 386, "CFOP não permitido para o CSOSN informado", SO_NFCE, lambda i, _n, _c: i.csosn == "500" and i.cfop not in _CFOP_ST),
        item("N12a-70", 600, "CSOSN incompatível na operação com Não Contribuinte", SO_NFE, _csosn_to_non_taxpayer),
        item("N16-04", 663, "Alíquota do ICMS com valor superior a 4 por cento na operação de saída interestadual com produtos importados", SO_NFE, _imported_limit),
        item("N16-20", 693, "Alíquota de ICMS superior à definida para a operação interestadual", SO_NFE, _interstate_limit),
        item("N16a-10", 351, "Valor do ICMS da Operação no CST=51 difere do produto BC e Alíquota", SO_NFE, _deferred_value),
        item("N16c-10", 352, "Valor do ICMS Diferido no CST=51 difere do produto Valor ICMS Operação e percentual diferimento", SO_NFE, _deferred_part),
        item("N17-10", 353, "Valor do ICMS no CST=51 não corresponde a diferença do ICMS operação e ICMS diferido", SO_NFE, _deferred_rest),
        item("N17-20", 528, "Valor do ICMS difere do produto BC e Alíquota", AMBOS, _icms_value),
        item("N17c-10", 860, "Valor do FCP informado difere de base de cálculo*alíquota", AMBOS, _fcp),
        item("N23-10", 806, "Operação com ICMS-ST sem informação do CEST", SO_NFE, _cest_missing),
        item("N28-30", 627, "O valor do ICMS desonerado deve ser informado", AMBOS, lambda i, _n, _c: i.icms.tem("motDesICMS") and i.icms.valor("vICMSDeson") <= 0),
        item("NA01-10", 807, "NFC-e com grupo de ICMS para a UF do destinatário", SO_NFCE, lambda i, _n, _c: bool(i.difal)),
        item("NA01-20", 694, "Não informado o grupo de ICMS para a UF de destino", SO_NFE, _difal_missing),
        item("NA01-30", 695, "Informado indevidamente o grupo de ICMS para a UF de destino", SO_NFE, _difal_unduly),
        item("NA13-10", 793, "Valor do ICMS relativo ao Fundo de Combate à Pobreza na UF de destino difere do calculado", SO_NFE, lambda i, _n, _c: i.difal.tem("vFCPUFDest") and differs(i.difal.valor("vFCPUFDest"), percent(i.difal.valor("vBCFCPUFDest"), i.difal.valor("pFCPUFDest")))),
    ),
)  # fmt: skip
