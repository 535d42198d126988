"""Group N: ICMS of the items by CST and CSOSN, substitution and FCP (MOC 7.0, Anexo I)."""

from decimal import Decimal

from chancela.simulator.nota import Item, Nota
from chancela.simulator.regras.contas import CENTAVO, differs, percent
from chancela.simulator.regras.modelo import (
    AMBOS,
    SO_NFCE,
    SO_NFE,
    Contexto,
    GrupoRegras,
    JuizItem,
    Veredito,
    item,
)
from chancela.simulator.tabelas import NORTE_NORDESTE_CO_ES, cfops, fcps

MONOFASICOS = ("02", "15", "53", "61")
ORIGEM_IMPORTADA = ("1", "2", "3", "8")
_SUL_SUDESTE = frozenset(["SP", "RJ", "MG", "PR", "SC", "RS"])
_CSOSN_MEI = {"55": ("102", "300", "400", "900"), "65": ("102", "300")}
_CFOP_MEI_102 = ("5102", "6102")
_CST_COM_BENEFICIO = ("20", "30", "40", "41", "50", "51", "53", "70")
_ZFM = "7"
_CFOP_COMUM = frozenset(["5101", "5102", "5103", "5104", "5115", "5910"])
_CFOP_ST = frozenset(["5405", "5656", "5667", "5910"])
QUATRO, SETE, DOZE = Decimal(4), Decimal(7), Decimal(12)


def interstate_rate(origem: str, destino: str) -> Decimal:
    """7 % from the South and Southeast except ES to the other regions and ES, 12 % elsewhere (Resolução do Senado 22/1989)."""
    return SETE if origem in _SUL_SUDESTE and destino in NORTE_NORDESTE_CO_ES else DOZE


def special_movement(i: Item, n: Nota) -> bool:
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
    if n.id_dest != "2" or n.tp_nf != "1" or n.fin_nfe != "1" or i.icms.texto("orig") in ORIGEM_IMPORTADA:
        return False
    return i.icms.valor("pICMS") > interstate_rate(n.uf, n.uf_dest)


def _imported_limit(i: Item, n: Nota, _c: Contexto) -> Veredito:
    caso = n.id_dest == "2" and n.tp_nf == "1" and i.icms.texto("orig") in ORIGEM_IMPORTADA
    return caso and i.cst in ("00", "10", "20", "70", "90") and i.icms.valor("pICMS") > QUATRO


def _with_st(i: Item) -> bool:
    """Any field of the substitution in a group that may carry it."""
    return any(i.icms.tem(tag) for tag in ("modBCST", "vBCST", "vICMSST"))


def _export_tax(i: Item, n: Nota, _c: Contexto) -> Veredito:
    outro = (i.cst or "41") != "41" or (i.csosn or "300") != "300"
    return i.cfop[:1] == "7" and n.fin_nfe != "4" and bool(i.icms) and outro


def _exempt_contributor(i: Item, n: Nota, _c: Contexto) -> Veredito:
    """CST 50 and 51 to an exempt contributor; repair, and the deferral within the UF to a CPF, are accepted."""
    conserto = i.cfop[1:] in ("915", "916")
    produtor = i.cst == "51" and n.id_dest == "1" and n.dest.tem("CPF")
    return n.dest.texto("indIEDest") == "2" and i.cst in ("50", "51") and not conserto and not produtor


def _mei_code(i: Item, n: Nota, _c: Contexto) -> Veredito:
    return n.crt == "4" and n.id_dest != "3" and bool(i.csosn) and i.csosn not in _CSOSN_MEI[n.modelo]


def _mei_cfop(i: Item, n: Nota, _c: Contexto) -> Veredito:
    """Code 102 only: the list of code 900 is not in the texts at hand. A return keeps the code of what it returns."""
    venda = n.crt == "4" and i.csosn == "102" and n.id_dest != "3" and n.fin_nfe != "4"
    return venda and i.cfop not in _CFOP_MEI_102


def _fund_rate(tag: str, i: Item, n: Nota) -> Veredito:
    uf = n.uf_dest if tag == "pFCPST" and n.id_dest == "2" else n.uf
    aliquota, linha = i.icms.valor(tag), fcps().get(uf)
    return i.icms.tem(tag) and aliquota > 0 and linha is not None and not linha.accepts(aliquota)


def _st_paid_before(*tags: str, final: str) -> JuizItem:
    """CST 60 or CSOSN 500 without the fields of the substitution paid before."""

    def judge(i: Item, n: Nota, _c: Contexto) -> Veredito:
        caso = (i.cst == "60" or i.csosn == "500") and n.ide.texto("indFinal") == final
        return caso and not all(i.icms.tem(tag) for tag in tags)

    return judge


def _relief_untold(i: Item, _n: Nota, _c: Contexto) -> Veredito:
    return i.cst in _CST_COM_BENEFICIO and i.cst not in ("51", "53") and not i.icms.tem("motDesICMS")


def _margin(i: Item, *, presente: bool) -> Veredito:
    por_margem = i.icms.texto("modBCST") == "4"
    tem = i.icms.tem("pMVAST")
    return i.icms.tem("modBCST") and (tem and not por_margem if presente else por_margem and not tem)


def _has_st(i: Item) -> bool:
    return i.icms.tem("vICMSST") and (i.icms.valor("vICMSST") > 0 or i.icms.valor("vBCST") > 0)


def _cest_missing(i: Item, _n: Nota, _c: Contexto) -> Veredito:
    com_st = i.cst in ("10", "30", "60", "70") or i.csosn in ("201", "202", "203", "500")
    outros = (i.cst == "90" or i.csosn == "900") and _has_st(i)
    return (com_st or outros) and not i.prod.tem("CEST")


def _cst_to_non_taxpayer(i: Item, n: Nota, _c: Contexto) -> Veredito:
    caso = n.dest.texto("indIEDest") == "9" and bool(i.cst) and not special_movement(i, n)
    return caso and i.cst not in ("00", "20", "40", "41", "60", *MONOFASICOS)


def _csosn_to_non_taxpayer(i: Item, n: Nota, _c: Contexto) -> Veredito:
    caso = n.dest.texto("indIEDest") == "9" and bool(i.csosn) and not special_movement(i, n)
    return caso and i.csosn not in ("102", "103", "300", "400", "500")


GRUPO = GrupoRegras(
    "N",
    (
        item("N11-10", 966, "Obrigatório o preenchimento da origem da mercadoria", AMBOS, lambda i, n, _c: bool(i.icms) and n.crt != "4" and not i.icms.tem("orig")),
        item("N12-10", 527, "Operação de Exportação com informação de ICMS incompatível", SO_NFE, _export_tax, prioridade=2),
        item("N12-20", 590, "Informado CST para emissor do Simples Nacional (CRT=1 ou 4)", AMBOS, lambda i, n, _c: n.crt in ("1", "4") and bool(i.cst) and i.cst not in MONOFASICOS, so_com="CRT=1 CRT=4"),
        item("N12-30", 766, "Item com CST indevido", SO_NFCE, lambda i, _n, _c: bool(i.cst) and i.cst not in ("00", "20", "40", "41", "60", "61", "90", "02", "15", "53")),
        item("N12-34", 381, "Grupo de tributação ICMS90, informando dados do ICMS-ST", SO_NFCE, lambda i, _n, _c: i.cst == "90" and _with_st(i), prioridade=2),
        item("N12-40", 382, "CFOP não permitido para o CST informado", SO_NFCE, lambda i, _n, _c: i.cst in ("00", "20", "40", "41", "90") and i.cfop not in _CFOP_COMUM),
        item("N12-44", 382, "CFOP não permitido para o CST informado", SO_NFCE, lambda i, _n, _c: i.cst == "60" and i.cfop not in _CFOP_ST),
        item("N12-50", 741, "NFC-e com Partilha de ICMS entre UF", SO_NFCE, lambda i, _n, _c: i.icms.tag == "ICMSPart", prioridade=2, so_com="ICMSPart"),
        item("N12-60", 740, "Item com Repasse de ICMS retido por Substituto Tributário", SO_NFCE, lambda i, _n, _c: i.icms.tag == "ICMSST", prioridade=2, so_com="ICMSST"),
        item("N12-70", 508, "CST incompatível na operação com Não Contribuinte", SO_NFE, _cst_to_non_taxpayer),
        item("N12-80", 529, "CST incompatível na operação com Contribuinte Isento de Inscrição Estadual", SO_NFE, _exempt_contributor, prioridade=2),
        item("N12-81", 938, "Não informada BCST, pST e ICMSST retido na operação anterior", AMBOS, _st_paid_before("vBCSTRet", "pST", "vICMSSTRet", final="0"), prioridade=3, ativa=False),
        item("N12-82", 906, "Não informados os campos do grupo opcional para informações do ICMS Efetivo, Obrigatório quando CST = 60 ou CSOSN=500 e operação com consumidor final", AMBOS, _st_paid_before("pRedBCEfet", "vBCEfet", "pICMSEfet", "vICMSEfet", final="1"), prioridade=3, ativa=False),
        item("N12-84", 930, "CST com benefício fiscal e não informado o código de benefício fiscal", AMBOS, lambda i, _n, _c: i.cst in _CST_COM_BENEFICIO and not i.prod.tem("cBenef"), prioridade=2, ativa=False),
        item("N12-90", 934, "Não informado valor do ICMS desonerado ou o Motivo de desoneração", AMBOS, _relief_untold, prioridade=3, ativa=False),
        item("N12-97", 929, "Informado CST de diferimento sem as informações de diferimento", SO_NFE, lambda i, _n, _c: i.cst == "51" and not all(i.icms.tem(t) for t in ("vICMSOp", "pDif", "vICMSDif")), prioridade=3, ativa=False, so_com="ICMS51"),
        item("N12a-10", 591, "Informado CSOSN para emissor que não é do Simples Nacional (CRT diferente de 1 ou 4)", AMBOS, lambda i, n, _c: n.crt not in ("1", "4") and bool(i.csosn), so_com="CSOSN"),
        item("N12a-20", 383, "Item com CSOSN indevido", SO_NFCE, lambda i, _n, _c: bool(i.csosn) and i.csosn not in ("102", "103", "300", "400", "500", "900"), so_com="CSOSN"),
        item("N12a-34", 385, "Grupo de tributação ICMSSN900, informando dados do ICMS-ST", SO_NFCE, lambda i, _n, _c: i.csosn == "900" and _with_st(i), prioridade=2, so_com="CSOSN"),
        item("N12a-40", 386, "CFOP não permitido para o CSOSN informado", SO_NFCE, lambda i, _n, _c: i.csosn in ("102", "103", "300", "400", "900") and i.cfop not in _CFOP_COMUM, so_com="CSOSN"),
        item("N12a-44", 386, "CFOP não permitido para o CSOSN informado", SO_NFCE, lambda i, _n, _c: i.csosn == "500" and i.cfop not in _CFOP_ST, so_com="CSOSN"),
        item("N12a-70", 600, "CSOSN incompatível na operação com Não Contribuinte", SO_NFE, _csosn_to_non_taxpayer, so_com="CSOSN"),
        item("N12a-80", 782, "CSOSN inválido para emitente MEI (CRT=4)", AMBOS, _mei_code, prioridade=2, so_com="CSOSN"),
        item("N12a-90", 337, "CFOP inválido para emitente MEI (CRT=4)", AMBOS, _mei_cfop, prioridade=2, so_com="CSOSN"),
        item("N16-04", 663, "Alíquota do ICMS com valor superior a 4 por cento na operação de saída interestadual com produtos importados", SO_NFE, _imported_limit),
        item("N16-20", 693, "Alíquota de ICMS superior à definida para a operação interestadual", SO_NFE, _interstate_limit),
        item("N16a-10", 351, "Valor do ICMS da Operação no CST=51 difere do produto BC e Alíquota", SO_NFE, _deferred_value, so_com="ICMS51"),
        item("N16c-10", 352, "Valor do ICMS Diferido no CST=51 difere do produto Valor ICMS Operação e percentual diferimento", SO_NFE, _deferred_part, so_com="ICMS51"),
        item("N17-10", 353, "Valor do ICMS no CST=51 não corresponde a diferença do ICMS operação e ICMS diferido", SO_NFE, _deferred_rest, so_com="ICMS51"),
        item("N17-20", 528, "Valor do ICMS difere do produto BC e Alíquota", AMBOS, _icms_value),
        item("N17b-10", 880, "Percentual de FCP igual a zero", AMBOS, lambda i, _n, _c: i.icms.tem("pFCP") and i.icms.valor("pFCP") == 0, prioridade=2, so_com="pFCP"),
        item("N17b-20", 874, "Percentual de FCP inválido", AMBOS, lambda i, n, _c: _fund_rate("pFCP", i, n), prioridade=2, so_com="pFCP"),
        item("N17c-10", 860, "Valor do FCP informado difere de base de cálculo*alíquota", AMBOS, _fcp),
        item("N17c-20", 876, "Operação interestadual para Consumidor Final e valor do FCP informado em campo diferente de vFCPUFDest (id:NA13)", SO_NFE, lambda i, n, _c: n.saida_nao_contribuinte_interestadual and i.icms.valor("vFCP") > 0, prioridade=2, so_com="indIEDest=9"),
        item("N18-10", 932, "Informada modalidade de determinação da BC da ST como MVA e não informado o campo pMVAST", SO_NFE, lambda i, _n, _c: _margin(i, presente=False), prioridade=3, ativa=False, so_com="modBCST"),
        item("N18-20", 933, "Informada modalidade de determinação da BC da ST diferente de MVA e informado o campo pMVAST", SO_NFE, lambda i, _n, _c: _margin(i, presente=True), prioridade=3, ativa=False, so_com="modBCST"),
        item("N23-10", 806, "Operação com ICMS-ST sem informação do CEST", SO_NFE, _cest_missing),
        item("N23b-10", 881, "Percentual de FCPST igual a zero", SO_NFE, lambda i, _n, _c: i.icms.tem("pFCPST") and i.icms.valor("pFCPST") == 0, prioridade=2, so_com="pFCPST"),
        item("N23b-20", 875, "Percentual de FCPST inválido", SO_NFE, lambda i, n, _c: _fund_rate("pFCPST", i, n), prioridade=2, so_com="pFCPST"),
        item("N28-10", 625, "Inscrição SUFRAMA deve ser informada na venda com isenção para ZFM", AMBOS, lambda i, n, _c: i.icms.texto("motDesICMS") == _ZFM and not n.dest.tem("ISUF"), prioridade=2, so_com="motDesICMS"),
        item("N28-12", 652, "Informado indicador de desoneração inválido para a ZFM", SO_NFE, lambda i, _n, _c: i.icms.texto("motDesICMS") == _ZFM and i.icms.texto("indDeduzDeson") != "1", prioridade=2, so_com="motDesICMS"),
        item("N28-30", 627, "O valor do ICMS desonerado deve ser informado", AMBOS, lambda i, _n, _c: i.icms.tem("motDesICMS") and i.icms.valor("vICMSDeson") <= 0, so_com="motDesICMS"),
    ),
)  # fmt: skip
