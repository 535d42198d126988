"""Group UB: IBS and CBS of the items (NT 2025.002). Tolerance R$ 0.01, rates 0.0001."""

from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from chancela.simulator.nota import Item, Nota
from chancela.simulator.regras.contas import CENTAVO
from chancela.simulator.regras.modelo import AMBOS, Contexto, GrupoRegras, Veredito, item
from chancela.simulator.tabelas import ClassTrib, CstIbsCbs, class_tribs, creditos_presumidos, csts_ibscbs
from chancela.simulator.xml import Grupo

OBRIGATORIO_CRT3 = date(2026, 8, 3)
OBRIGATORIO_CRT3_HOMOLOGACAO = date(2026, 7, 1)
OBRIGATORIO_DEMAIS = date(2027, 1, 4)
_CEM = Decimal(100)
_TOLERANCIA_ALIQUOTA = Decimal("0.0001")


def _missing(crts: tuple[str, ...], i: Item, n: Nota) -> Veredito:
    antiga = n.fin_nfe in ("2", "4") and any(
        r.texto("refNFe")[2:6] < "2608" for r in n.referencias if r.tem("refNFe")
    )
    return n.crt in crts and not i.ibscbs and not antiga


def _cst(i: Item) -> CstIbsCbs | None:
    return csts_ibscbs().get(i.ibscbs.texto("CST"))


def _class(i: Item) -> ClassTrib | None:
    return class_tribs().get(i.ibscbs.texto("cClassTrib"))


def _g(i: Item) -> Grupo:
    return i.ibscbs.grupo("gIBSCBS")


def _demanded(n: Nota) -> bool:
    return n.ide.texto("tpNFDebito") != "07"


def _not_in_model(i: Item, n: Nota, _c: Contexto) -> Veredito:
    classe = _class(i)
    return bool(i.ibscbs) and classe is not None and not (classe.nfce if n.nfce else classe.nfe)


def _wrong_rate(i: Item, n: Nota, grupo: str, tag: str, de_2025: str, de_2027: str | None) -> Veredito:
    """The rates of the test years; later years of the CBS come from law and are not checked."""
    classe = _class(i)
    ano = n.data_emissao.year
    parcial = n.fin_nfe == "4" or n.ide.texto("tpNFCredito") in ("03", "04", "06")
    if not _g(i) or parcial or ano > 2028 or (ano > 2026 and de_2027 is None):
        return False
    esperada = Decimal(de_2025 if ano <= 2026 else de_2027 or "0")
    informada = _g(i).grupo(grupo).valor(tag)
    if classe is not None and classe.tributacao_regular and informada == 0:
        return False
    return informada != esperada


def _group(i: Item, onde: str, sub: str, *, presente: bool, indicador: str, n: Nota) -> Veredito:
    """Whether `sub` is there against the indicator of the CST, or missing against it."""
    cst = _cst(i)
    if not _g(i) or cst is None:
        return False
    pedido = cst.diferimento if indicador == "diferimento" else cst.reducao
    governo = indicador == "reducao" and n.ide.tem("gCompraGov")
    existe = _g(i).grupo(onde).tem(sub)
    return existe and not pedido and not governo if presente else not existe and (pedido or governo)


def _deferral(i: Item, onde: str, taxa: str) -> Veredito:
    """Deferral with reduction (CST 515) defers what is due, so the effective rate counts (docs/adr/0035)."""
    g = _g(i).grupo(onde)
    dif = g.grupo("gDif")
    if not dif:
        return False
    efetiva = g.grupo("gRed").valor("pAliqEfet") if g.tem("gRed") else g.valor(taxa)
    return _off(dif.valor("vDif"), _g(i).valor("vBC") * efetiva / _CEM * dif.valor("pDif") / _CEM)


def _reduction(i: Item, onde: str, *, cbs: bool) -> Veredito:
    classe, red = _class(i), _g(i).grupo(onde).grupo("gRed")
    if not red or classe is None:
        return False
    return red.valor("pRedAliq") != Decimal((classe.reducao_cbs if cbs else classe.reducao_ibs) or "0")


def _effective(i: Item, n: Nota, onde: str, taxa: str) -> Veredito:
    g = _g(i).grupo(onde)
    red = g.grupo("gRed")
    if not red:
        return False
    esperada = g.valor(taxa) * (1 - red.valor("pRedAliq") / _CEM)
    if n.ide.tem("gCompraGov"):
        esperada *= 1 - n.ide.grupo("gCompraGov").valor("pRedutor") / _CEM
    return abs(red.valor("pAliqEfet") - esperada) > _TOLERANCIA_ALIQUOTA


def _value(i: Item, onde: str, taxa: str, valor: str) -> Veredito:
    if not _g(i):
        return False
    g = _g(i).grupo(onde)
    efetiva = g.grupo("gRed").valor("pAliqEfet") if g.tem("gRed") else g.valor(taxa)
    devido = (
        _g(i).valor("vBC") * efetiva / _CEM
        - g.grupo("gDif").valor("vDif")
        - g.grupo("gDevTrib").valor("vDevTrib")
    )
    return _off(g.valor(valor), devido)


def _off(informado: Decimal, calculado: Decimal) -> bool:
    return abs(informado - calculado.quantize(CENTAVO, ROUND_HALF_EVEN)) > CENTAVO


def _ibs_sum(i: Item, _n: Nota, _c: Contexto) -> Veredito:
    g = _g(i)
    if not g:
        return False
    soma = g.grupo("gIBSUF").valor("vIBSUF") + g.grupo("gIBSMun").valor("vIBSMun")
    operacao = i.ibscbs.grupo("gCredPresOper")
    linha = creditos_presumidos().get(operacao.texto("cCredPres"))
    if linha is not None and linha.deduz:
        soma -= operacao.grupo("gIBSCredPres").valor("vCredPres")
    return abs(g.valor("vIBS") - soma) > CENTAVO


def _regular(i: Item, *, presente: bool) -> Veredito:
    classe = _class(i)
    if not i.ibscbs or classe is None:
        return False
    existe = _g(i).tem("gTribRegular")
    return existe and not classe.tributacao_regular if presente else not existe and classe.tributacao_regular


GRUPO = GrupoRegras(
    "UB",
    (
        item("UB12-10", 1115, "IBS/CBS não informado", AMBOS, lambda i, n, _c: _missing(("3",), i, n), inicio=OBRIGATORIO_CRT3, inicio_homologacao=OBRIGATORIO_CRT3_HOMOLOGACAO),
        item("UB12-10/SN", 1115, "IBS/CBS não informado", AMBOS, lambda i, n, _c: _missing(("1", "2", "4"), i, n), inicio=OBRIGATORIO_DEMAIS),
        item("UB13-10", 1020, "CST do IBS/CBS informado inexistente", AMBOS, lambda i, _n, _c: bool(i.ibscbs) and _cst(i) is None),
        item("UB13-20", 1021, "Grupo IBS/CBS informado indevidamente", AMBOS, lambda i, _n, _c: bool(_g(i)) and _cst(i) is not None and not _demands(i, "regular")),
        item("UB13-30", 1022, "Grupo IBS/CBS não informado", AMBOS, lambda i, n, _c: bool(i.ibscbs) and not _g(i) and _demands(i, "regular") and _demanded(n)),
        item("UB13-39", 1151, "Grupo IBS/CBS Monofásico informado indevidamente", AMBOS, lambda i, _n, _c: i.ibscbs.tem("gIBSCBSMono") and not _demands(i, "mono"), prioridade=2, so_com="gIBSCBSMono"),
        item("UB13-40", 1116, "Grupo IBS/CBS Monofásico não informado", AMBOS, lambda i, _n, _c: bool(i.ibscbs) and not i.ibscbs.tem("gIBSCBSMono") and _demands(i, "mono"), prioridade=2),
        item("UB14-10", 1023, "Classificação Tributária do IBS/CBS informada inexistente", AMBOS, lambda i, _n, _c: bool(i.ibscbs) and _class(i) is None),
        item("UB14-20", 1024, "Classificação Tributária do IBS e da CBS incompatível com o CST informado", AMBOS, lambda i, _n, _c: bool(i.ibscbs) and (k := _class(i)) is not None and k.cst != i.ibscbs.texto("CST")),
        item("UB14-25", 1025, "cClassTrib do IBS/CBS não permitido neste modelo de DFe", AMBOS, _not_in_model),
        item("UB18-10", 1026, "Alíquota do IBS da UF inválida", AMBOS, lambda i, n, _c: _wrong_rate(i, n, "gIBSUF", "pIBSUF", "0.1", "0.05")),
        item("UB22-10", 1029, "CST do IBS/CBS informado não permite informação de diferimento Estadual", AMBOS, lambda i, n, _c: _group(i, "gIBSUF", "gDif", presente=True, indicador="diferimento", n=n), so_com="gDif"),
        item("UB22-20", 1030, "CST do IBS/CBS informado obriga informação de diferimento Estadual", AMBOS, lambda i, n, _c: _group(i, "gIBSUF", "gDif", presente=False, indicador="diferimento", n=n)),
        item("UB23-10", 1031, "Valor do Diferimento da UF difere do calculado", AMBOS, lambda i, _n, _c: _deferral(i, "gIBSUF", "pIBSUF"), so_com="gDif"),
        item("UB26-10", 1032, "CST do IBS/CBS informado não permite informação de redução de alíquota Estadual", AMBOS, lambda i, n, _c: _group(i, "gIBSUF", "gRed", presente=True, indicador="reducao", n=n), so_com="gRed"),
        item("UB26-20", 1033, "Não informado o grupo de redução de alíquota Estadual", AMBOS, lambda i, n, _c: _group(i, "gIBSUF", "gRed", presente=False, indicador="reducao", n=n)),
        item("UB27-10", 1034, "Percentual de redução de alíquota da UF não é válido para este cClassTrib", AMBOS, lambda i, _n, _c: _reduction(i, "gIBSUF", cbs=False), so_com="gRed"),
        item("UB28-10", 1035, "Valor da Alíquota Efetiva do IBS da UF calculado incorretamente", AMBOS, lambda i, n, _c: _effective(i, n, "gIBSUF", "pIBSUF"), so_com="gRed"),
        item("UB35-10", 1041, "Valor do IBS da UF difere do calculado", AMBOS, lambda i, _n, _c: _value(i, "gIBSUF", "pIBSUF", "vIBSUF")),
        item("UB37-10", 1036, "Alíquota do IBS do Município inválida", AMBOS, lambda i, n, _c: _wrong_rate(i, n, "gIBSMun", "pIBSMun", "0", "0.05")),
        item("UB40-10", 1044, "CST do IBS/CBS informado obriga informação de diferimento Municipal", AMBOS, lambda i, n, _c: _group(i, "gIBSMun", "gDif", presente=False, indicador="diferimento", n=n)),
        item("UB40-20", 1083, "CST do IBS/CBS informado não permite informação de diferimento Municipal", AMBOS, lambda i, n, _c: _group(i, "gIBSMun", "gDif", presente=True, indicador="diferimento", n=n), so_com="gDif"),
        item("UB42-10", 1045, "Valor do Diferimento do Município difere do calculado", AMBOS, lambda i, _n, _c: _deferral(i, "gIBSMun", "pIBSMun"), so_com="gDif"),
        item("UB45-10", 1007, "CST do IBS/CBS informado não permite informação de redução de alíquota municipal", AMBOS, lambda i, n, _c: _group(i, "gIBSMun", "gRed", presente=True, indicador="reducao", n=n), so_com="gRed"),
        item("UB45-20", 1074, "Não informado o grupo de redução de alíquota Municipal", AMBOS, lambda i, n, _c: _group(i, "gIBSMun", "gRed", presente=False, indicador="reducao", n=n)),
        item("UB46-10", 1046, "Percentual de redução de alíquota do Município não é válido para este cClassTrib", AMBOS, lambda i, _n, _c: _reduction(i, "gIBSMun", cbs=False), so_com="gRed"),
        item("UB47-10", 1047, "Valor da Alíquota Efetiva do IBS do Município calculado incorretamente", AMBOS, lambda i, n, _c: _effective(i, n, "gIBSMun", "pIBSMun"), so_com="gRed"),
        item("UB54-10", 1052, "Valor do IBS Municipal difere do calculado", AMBOS, lambda i, _n, _c: _value(i, "gIBSMun", "pIBSMun", "vIBSMun")),
        item("UB54a-10", 1150, "Valor do IBS do Item (vIBS) difere do calculado", AMBOS, _ibs_sum),
        item("UB56-10", 1037, "Alíquota da CBS inválida", AMBOS, lambda i, n, _c: _wrong_rate(i, n, "gCBS", "pCBS", "0.9", None)),
        item("UB59-10", 1061, "CST do IBS/CBS informado obriga informação de diferimento da CBS", AMBOS, lambda i, n, _c: _group(i, "gCBS", "gDif", presente=False, indicador="diferimento", n=n)),
        item("UB59-20", 1090, "CST do IBS/CBS informado não permite informação de diferimento da CBS", AMBOS, lambda i, n, _c: _group(i, "gCBS", "gDif", presente=True, indicador="diferimento", n=n), so_com="gDif"),
        item("UB61-10", 1062, "Valor do Diferimento da CBS difere do calculado", AMBOS, lambda i, _n, _c: _deferral(i, "gCBS", "pCBS"), so_com="gDif"),
        item("UB64-10", 1028, "CST do IBS/CBS informado não permite informação de redução de alíquota da CBS", AMBOS, lambda i, n, _c: _group(i, "gCBS", "gRed", presente=True, indicador="reducao", n=n), so_com="gRed"),
        item("UB64-20", 1079, "Não informado o grupo de redução de alíquota da CBS", AMBOS, lambda i, n, _c: _group(i, "gCBS", "gRed", presente=False, indicador="reducao", n=n)),
        item("UB65-10", 1063, "Percentual de redução de alíquota da CBS não é válido para este cClassTrib", AMBOS, lambda i, _n, _c: _reduction(i, "gCBS", cbs=True), so_com="gRed"),
        item("UB66-10", 1064, "Valor da Alíquota Efetiva da CBS calculado incorretamente", AMBOS, lambda i, n, _c: _effective(i, n, "gCBS", "pCBS"), so_com="gRed"),
        item("UB67-10", 1069, "Valor da CBS difere do calculado", AMBOS, lambda i, _n, _c: _value(i, "gCBS", "pCBS", "vCBS")),
        item("UB68-10", 1065, "Classificação Tributária do IBS e da CBS informada obriga informação da tributação regular", AMBOS, lambda i, _n, _c: _regular(i, presente=False)),
        item("UB68-11", 1114, "Classificação Tributária do IBS e da CBS informada não permite informação da tributação regular", AMBOS, lambda i, _n, _c: _regular(i, presente=True), so_com="gTribRegular"),
    ),
)  # fmt: skip


def _demands(i: Item, grupo: str) -> bool:
    cst = _cst(i)
    return cst is not None and (cst.mono if grupo == "mono" else cst.regular)
