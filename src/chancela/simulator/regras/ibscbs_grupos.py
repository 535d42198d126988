"""Groups UB and IS, second half: single-phase fuels, regular taxation, government purchase, credits and adjustments (NT 2025.002)."""

from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from chancela.simulator.nota import Item, Nota
from chancela.simulator.regras.contas import CENTAVO, sum_of
from chancela.simulator.regras.modelo import (
    AMBOS,
    SO_NFCE,
    SO_NFE,
    Contexto,
    GrupoRegras,
    JuizItem,
    Veredito,
    item,
    nota,
)
from chancela.simulator.tabelas import (
    class_tribs,
    class_tribs_is,
    creditos_presumidos,
    csts_ibscbs,
)
from chancela.simulator.xml import Grupo

INICIO_IS = date(2027, 1, 1)
"""LC 214/2025, art. 542: the Imposto Seletivo is due from 2027."""
_CEM = Decimal(100)
_TOLERANCIA_GOVERNO = Decimal("0.04")
_CLASSE_DO_DEBITO = {
    "01": "800002",
    "02": "811001",
    "03": "811002",
    "05": "800001",
    "07": "410030",
    "08": "811003",
}
_CLASSE_DO_CREDITO = {"02": "810001", "05": "800001"}
_CREDITO_BEM_USADO = "04"
_RAMOS_MONO = ("gIBSMonoAdRem", "gIBSMonoAdValorem", "gCBSMonoAdRem", "gCBSMonoAdValorem")


def _debit(n: Nota) -> str:
    return n.ide.texto("tpNFDebito")


def _credit(n: Nota) -> str:
    return n.ide.texto("tpNFCredito")


def _unduly(grupo: str, indicador: str) -> JuizItem:
    """The group is there and the CST's indicator is 0."""

    def judge(i: Item, _n: Nota, _c: Contexto) -> Veredito:
        cst = csts_ibscbs().get(i.ibscbs.texto("CST"))
        return i.ibscbs.tem(grupo) and cst is not None and not getattr(cst, indicador)

    return judge


def _absent(grupo: str, indicador: str) -> JuizItem:
    """The group is missing and the CST's indicator is 1."""

    def judge(i: Item, _n: Nota, _c: Contexto) -> Veredito:
        cst = csts_ibscbs().get(i.ibscbs.texto("CST"))
        return bool(i.ibscbs) and cst is not None and getattr(cst, indicador) and not i.ibscbs.tem(grupo)

    return judge


def _demands(i: Item, grupo: str) -> bool | None:
    """Whether the cClassTrib asks for a group; None when the code is unknown (another rule's matter)."""
    classe = class_tribs().get(i.ibscbs.texto("cClassTrib")) if i.ibscbs else None
    return None if classe is None else grupo in classe.grupos


def _mono(i: Item, grupo: str) -> list[Grupo]:
    """A group of the single-phase regime, of IBS and of CBS, by amount or by value."""
    mono = i.ibscbs.grupo("gIBSCBSMono")
    return [mono.grupo(ramo).grupo(grupo) for ramo in _RAMOS_MONO if mono.grupo(ramo).tem(grupo)]


def _mono_absent(grupo: str, indicador: str) -> JuizItem:
    return lambda i, _n, _c: _demands(i, indicador) is True and not _mono(i, grupo)


def _mono_unduly(grupo: str, indicador: str) -> JuizItem:
    return lambda i, _n, _c: _demands(i, indicador) is False and bool(_mono(i, grupo))


def _mono_total(tributo: str) -> JuizItem:
    """vTot = own + withheld - deferred, the difference of the biofuel mixture counting either way."""

    def judge(i: Item, _n: Nota, _c: Contexto) -> Veredito:
        mono = i.ibscbs.grupo("gIBSCBSMono")
        if not mono:
            return False
        soma = sum_of(_mono(i, "gMonoPadrao"), f"v{tributo}Mono")
        soma += sum_of(_mono(i, "gMonoReten"), f"v{tributo}MonoReten")
        diferenca = sum_of(_mono(i, "gpBioDiferenca"), f"v{tributo}Diferenca")
        informado = mono.valor(f"vTot{tributo}MonoItem")
        return all(abs(informado - s) > CENTAVO for s in (soma, soma + diferenca, soma - diferenca))

    return judge


def _regular(taxa: str, valor: str) -> JuizItem:
    def judge(i: Item, _n: Nota, _c: Contexto) -> Veredito:
        g = i.ibscbs.grupo("gIBSCBS")
        regular = g.grupo("gTribRegular")
        return bool(regular) and _off(regular.valor(valor), g.valor("vBC") * regular.valor(taxa) / _CEM)

    return judge


def _off(informado: Decimal, calculado: Decimal) -> bool:
    return abs(informado - calculado.quantize(CENTAVO, ROUND_HALF_EVEN)) > CENTAVO


def _regular_code(tag: str, *, classe: bool) -> JuizItem:
    def judge(i: Item, _n: Nota, _c: Contexto) -> Veredito:
        regular = i.ibscbs.grupo("gIBSCBS").grupo("gTribRegular")
        tabela = class_tribs() if classe else csts_ibscbs()
        return regular.tem(tag) and regular.texto(tag) not in tabela

    return judge


def _government(i: Item) -> Grupo:
    return i.ibscbs.grupo("gIBSCBS").grupo("gTribCompraGov")


def _government_sum(i: Item, _n: Nota, _c: Contexto) -> Veredito:
    g = i.ibscbs.grupo("gIBSCBS")
    if not _government(i):
        return False
    partes = sum_of([_government(i)], "vTribIBSUF", "vTribIBSMun", "vTribCBS")
    devido = g.grupo("gIBSUF").valor("vIBSUF") + g.grupo("gIBSMun").valor("vIBSMun")
    return abs(partes - devido - g.grupo("gCBS").valor("vCBS")) > _TOLERANCIA_GOVERNO


def _class_of_kind(esperadas: dict[str, str], tipo: str, i: Item) -> Veredito:
    esperada = esperadas.get(tipo)
    return esperada is not None and bool(i.ibscbs) and i.ibscbs.texto("cClassTrib") != esperada


def _both_zero(grupo: str, ibs: str, cbs: str) -> JuizItem:
    def judge(i: Item, _n: Nota, _c: Contexto) -> Veredito:
        g = i.ibscbs.grupo(grupo)
        return bool(g) and g.valor(ibs) == 0 and g.valor(cbs) == 0

    return judge


def _wrong_debit_kind(i: Item, n: Nota, _c: Contexto) -> Veredito:
    return i.ibscbs.tem("gTransfCred") and n.fin_nfe == "6" and _debit(n) not in ("01", "05")


def _reversal_unduly(i: Item, n: Nota, _c: Contexto) -> Veredito:
    return i.ibscbs.tem("gEstornoCred") and _demands(i, "estorno") is False and _debit(n) != "07"


def _reversal_absent(i: Item, n: Nota, _c: Contexto) -> Veredito:
    exigido = _demands(i, "estorno") is True or (_debit(n) == "07" and bool(i.ibscbs))
    return exigido and not i.ibscbs.tem("gEstornoCred")


def _operation_credit(i: Item) -> Grupo:
    return i.ibscbs.grupo("gCredPresOper")


def _credit_unduly(i: Item, _n: Nota, _c: Contexto) -> Veredito:
    usado = (
        i.prod.texto("indBemMovelUsado") == "1"
        or _operation_credit(i).texto("cCredPres") == _CREDITO_BEM_USADO
    )
    return bool(_operation_credit(i)) and _demands(i, "credpres") is False and not usado


def _tax_of_credit(grupo: str, tributo: str, *, presente: bool) -> JuizItem:
    """The credit group of one tax against the table of cCredPres."""

    def judge(i: Item, _n: Nota, _c: Contexto) -> Veredito:
        linha = creditos_presumidos().get(_operation_credit(i).texto("cCredPres"))
        if linha is None:
            return False
        permitido = linha.ibs if tributo == "ibs" else linha.cbs
        existe = _operation_credit(i).tem(grupo)
        return existe and not permitido if presente else not existe and permitido

    return judge


def _credit_above_product(grupo: str) -> JuizItem:
    def judge(i: Item, _n: Nota, _c: Contexto) -> Veredito:
        credito = _operation_credit(i)
        usado = credito.texto("cCredPres") == _CREDITO_BEM_USADO
        return usado and credito.grupo(grupo).valor("vCredPres") > i.prod.valor("vProd")

    return judge


def _free_zone(i: Item) -> Grupo:
    return i.ibscbs.grupo("gCredPresIBSZFM")


def _future_month(i: Item, _n: Nota, c: Contexto) -> Veredito:
    return _free_zone(i).tem("competApur") and _free_zone(i).texto("competApur") > f"{c.agora:%Y-%m}"


def _repeated_kind(n: Nota, _c: Contexto) -> Veredito:
    tipos = [_free_zone(i).texto("tpCredPresIBSZFM") for i in n.itens if _free_zone(i)]
    return len(tipos) != len(set(tipos))


def _selective(i: Item) -> Grupo:
    return i.imposto.grupo("IS")


def _selective_value(i: Item, _n: Nota, _c: Contexto) -> Veredito:
    g = _selective(i)
    devido = g.valor("vBCIS") * g.valor("pIS") / _CEM + g.valor("qTrib") * g.valor("adRemIS")
    return bool(g) and _off(g.valor("vIS"), devido)


def _returned(i: Item) -> Grupo:
    return i.ibscbs.grupo("gIBSCBS").grupo("gCBS").grupo("gDevTrib")


def _returned_value(i: Item, _n: Nota, _c: Contexto) -> Veredito:
    g = i.ibscbs.grupo("gIBSCBS")
    cbs = g.grupo("gCBS")
    efetiva = cbs.grupo("gRed").valor("pAliqEfet") if cbs.tem("gRed") else cbs.valor("pCBS")
    bruto = g.valor("vBC") * efetiva / _CEM
    return _returned(i).tem("pDevTrib") and _off(
        _returned(i).valor("vDevTrib"), bruto * _returned(i).valor("pDevTrib") / _CEM
    )


def _returned_of(onde: str) -> JuizItem:
    return lambda i, _n, _c: i.ibscbs.grupo("gIBSCBS").grupo(onde).tem("gDevTrib")


GRUPO = GrupoRegras(
    "UB/2",
    (
        item("UB02-10", 1014, "CST do Imposto Seletivo informado inexistente", AMBOS, lambda i, _n, _c: bool(_selective(i)) and _selective(i).texto("CSTIS") not in {c for c, _ in class_tribs_is()}, prioridade=3, inicio=INICIO_IS, so_com="IS"),
        item("UB03-10", 1015, "Classificação Tributária do Imposto Seletivo informada inexistente", AMBOS, lambda i, _n, _c: bool(_selective(i)) and _selective(i).texto("cClassTribIS") not in {c for _, c in class_tribs_is()}, prioridade=3, inicio=INICIO_IS, so_com="IS"),
        item("UB11-10", 1019, "Valor do Imposto Seletivo difere do calculado", AMBOS, _selective_value, prioridade=3, inicio=INICIO_IS, so_com="IS"),
        item("UB13-44", 1131, "Grupo de transferência de crédito informado indevidamente", SO_NFE, _unduly("gTransfCred", "transferencia"), prioridade=2, so_com="gTransfCred"),
        item("UB13-45", 1132, "Grupo de transferência de crédito não informado", SO_NFE, _absent("gTransfCred", "transferencia"), prioridade=2),
        item("UB14-70", 1200, "cClassTrib incompatível com o tipo da nota de débito (tpNFDebito)", SO_NFE, lambda i, n, _c: _class_of_kind(_CLASSE_DO_DEBITO, _debit(n), i), prioridade=2, so_com="tpNFDebito"),
        item("UB14-80", 1201, "cClassTrib incompatível com o tipo da nota de crédito (tpNFCredito)", SO_NFE, lambda i, n, _c: _class_of_kind(_CLASSE_DO_CREDITO, _credit(n), i), prioridade=2, so_com="tpNFCredito"),
        item("UB24-10", 1111, "gDevTrib do IBS da UF não permitido", AMBOS, _returned_of("gIBSUF"), prioridade=2, ativa=False, so_com="gDevTrib"),
        item("UB43-10", 1112, "gDevTrib do IBS municipal não permitido", AMBOS, _returned_of("gIBSMun"), prioridade=2, ativa=False, so_com="gDevTrib"),
        item("UB62-10", 1187, "Grupo de devolução de tributo da CBS (gDevTrib) não permitido em NFC-e", SO_NFCE, lambda i, _n, _c: bool(_returned(i)), prioridade=2, so_com="gDevTrib"),
        item("UB62a-10", 1188, "Percentual de devolução da CBS (pDevTrib) não informado", SO_NFE, lambda i, _n, _c: bool(_returned(i)) and not _returned(i).tem("pDevTrib"), prioridade=3, ativa=False, so_com="gDevTrib"),
        item("UB63-10", 1189, "Valor devolvido da CBS (vDevTrib) difere do calculado", SO_NFE, _returned_value, prioridade=3, ativa=False, so_com="gDevTrib"),
        item("UB69-10", 1066, "CST do IBS e da CBS informado no grupo de tributação regular inexistente", AMBOS, _regular_code("CSTReg", classe=False), prioridade=2, so_com="gTribRegular"),
        item("UB70-10", 1067, "Classificação Tributária do IBS e da CBS informada no grupo de tributação regular inexistente", AMBOS, _regular_code("cClassTribReg", classe=True), prioridade=2, so_com="gTribRegular"),
        item("UB72-10", 1040, "Valor do Tributo Regular da UF difere do calculado", AMBOS, _regular("pAliqEfetRegIBSUF", "vTribRegIBSUF"), prioridade=2, so_com="gTribRegular"),
        item("UB72b-10", 1051, "Valor do Tributo Regular do Município difere do calculado", AMBOS, _regular("pAliqEfetRegIBSMun", "vTribRegIBSMun"), prioridade=2, so_com="gTribRegular"),
        item("UB72d-10", 1068, "Valor do Tributo Regular da CBS difere do calculado", AMBOS, _regular("pAliqEfetRegCBS", "vTribRegCBS"), prioridade=2, so_com="gTribRegular"),
        item("UB82a-10", 1141, "Grupo de informações da composição do valor do IBS e da CBS em compras governamentais não informado", SO_NFE, lambda i, n, _c: n.ide.tem("gCompraGov") and i.ibscbs.tem("gIBSCBS") and not _government(i), prioridade=2, so_com="gCompraGov"),
        item("UB82a-20", 1142, "Soma dos valores de IBS e CBS em compras governamentais divergente", SO_NFE, _government_sum, prioridade=2, so_com="gTribCompraGov"),
        item("UB82a-30", 1144, "Grupo de informações da composição do valor do IBS e da CBS em compras governamentais informado indevidamente", SO_NFE, lambda i, n, _c: bool(_government(i)) and not n.ide.tem("gCompraGov"), prioridade=2, so_com="gTribCompraGov"),
        item("UB84a-10", 1125, "Não informada a Tributação Monofásica de Combustível", AMBOS, _mono_absent("gMonoPadrao", "mono_padrao"), prioridade=2),
        item("UB84a-20", 1126, "Informada Tributação Monofásica de Combustível indevidamente", AMBOS, _mono_unduly("gMonoPadrao", "mono_padrao"), prioridade=2, so_com="gIBSCBSMono"),
        item("UB90-10", 1127, "Não informada a Tributação Monofásica de Combustível com Retenção", AMBOS, _mono_absent("gMonoReten", "mono_reten"), prioridade=2),
        item("UB90-20", 1128, "Informada indevidamente a Tributação Monofásica de Combustível com Retenção", AMBOS, _mono_unduly("gMonoReten", "mono_reten"), prioridade=2, so_com="gIBSCBSMono"),
        item("UB94-10", 1108, "Não informada a Tributação Monofásica Retida Anteriormente", AMBOS, _mono_absent("gMonoRet", "mono_ret"), prioridade=2),
        item("UB94-20", 1109, "Informada indevidamente a Tributação Monofásica Retida anteriormente", AMBOS, _mono_unduly("gMonoRet", "mono_ret"), prioridade=2, so_com="gIBSCBSMono"),
        item("UB104-10", 1070, "Valor do IBS monofásico difere do calculado", AMBOS, _mono_total("IBS"), prioridade=2, so_com="gIBSCBSMono"),
        item("UB105-10", 1071, "Valor da CBS monofásico difere do calculado", AMBOS, _mono_total("CBS"), prioridade=2, so_com="gIBSCBSMono"),
        item("UB106-30", 1133, "Finalidade de Emissão da Nota Fiscal incompatível com o CST", SO_NFE, lambda i, n, _c: i.ibscbs.tem("gTransfCred") and n.fin_nfe != "6", prioridade=2, so_com="gTransfCred"),
        item("UB106-31", 1168, "Tipo de Nota de Débito incompatível com o CST", SO_NFE, _wrong_debit_kind, prioridade=2, so_com="gTransfCred"),
        item("UB106-40", 1129, "Valor do IBS ou da CBS deve ser maior que zero na transferência de crédito.", SO_NFE, _both_zero("gTransfCred", "vIBS", "vCBS"), prioridade=2, so_com="gTransfCred"),
        item("UB112-10", 1169, "Grupo de Ajuste de Competência informado indevidamente", AMBOS, _unduly("gAjusteCompet", "ajuste"), prioridade=2, so_com="gAjusteCompet"),
        item("UB112-20", 1170, "Grupo de Ajuste de Competência não informado", SO_NFE, _absent("gAjusteCompet", "ajuste"), prioridade=2),
        item("UB112-30", 1171, "Valor do IBS ou da CBS deve ser maior que zero no ajuste de competência", SO_NFE, _both_zero("gAjusteCompet", "vIBS", "vCBS"), prioridade=3, so_com="gAjusteCompet"),
        item("UB116-10", 1172, "Grupo de Estorno de Crédito informado indevidamente", AMBOS, _reversal_unduly, prioridade=2, so_com="gEstornoCred"),
        item("UB116-20", 1173, "Grupo de Estorno de Crédito não informado", SO_NFE, _reversal_absent, prioridade=2),
        item("UB116-30", 1174, "Valor do IBS ou da CBS deve ser maior que zero no estorno de crédito", SO_NFE, _both_zero("gEstornoCred", "vIBSEstCred", "vCBSEstCred"), prioridade=3, so_com="gEstornoCred"),
        item("UB120-10", 1049, "Não é permitido o uso de Crédito Presumido na NFC-e modelo 65", SO_NFCE, lambda i, _n, _c: bool(_operation_credit(i)), prioridade=2, so_com="gCredPresOper"),
        item("UB120-20", 1175, "Grupo de Crédito Presumido na Operação informado indevidamente", SO_NFE, _credit_unduly, prioridade=2, so_com="gCredPresOper"),
        item("UB122-10", 1055, "Código de Crédito Presumido (cCredPres) da Operação inexistente", SO_NFE, lambda i, _n, _c: bool(_operation_credit(i)) and _operation_credit(i).texto("cCredPres") not in creditos_presumidos(), prioridade=2, so_com="gCredPresOper"),
        item("UB123-10", 1053, "Crédito Presumido para o IBS informado indevidamente", SO_NFE, _tax_of_credit("gIBSCredPres", "ibs", presente=True), prioridade=3, so_com="gCredPresOper"),
        item("UB123-20", 1054, "Crédito Presumido para o IBS não informado", SO_NFE, _tax_of_credit("gIBSCredPres", "ibs", presente=False), prioridade=3, so_com="gCredPresOper"),
        item("UB125-10", 1107, "Valor do Crédito Presumido do IBS não pode ser superior a vProd", SO_NFE, _credit_above_product("gIBSCredPres"), prioridade=3, so_com="gCredPresOper"),
        item("UB127-10", 1050, "Crédito Presumido para a CBS informado indevidamente", SO_NFE, _tax_of_credit("gCBSCredPres", "cbs", presente=True), prioridade=3, so_com="gCredPresOper"),
        item("UB127-20", 1058, "Crédito Presumido para a CBS não informado", SO_NFE, _tax_of_credit("gCBSCredPres", "cbs", presente=False), prioridade=3, so_com="gCredPresOper"),
        item("UB129-10", 1124, "Valor do Crédito Presumido da CBS não pode ser superior a vProd", SO_NFE, _credit_above_product("gCBSCredPres"), prioridade=3, so_com="gCredPresOper"),
        item("UB131-10", 1138, "Não é permitido o uso de Crédito Presumido ZFM na NFC-e modelo 65", SO_NFCE, lambda i, _n, _c: bool(_free_zone(i)), prioridade=2, so_com="gCredPresIBSZFM"),
        item("UB131-40", 1158, "Tipo de Nota de Crédito não permite o grupo para apropriação de crédito presumido de IBS sobre o saldo devedor na ZFM", SO_NFE, lambda i, n, _c: bool(_free_zone(i)) and _credit(n) != "02", prioridade=3, so_com="gCredPresIBSZFM"),
        item("UB131-50", 1159, "Tipo de Nota de Crédito exige o grupo para apropriação de crédito presumido de IBS sobre o saldo devedor na ZFM", SO_NFE, lambda i, n, _c: _credit(n) == "02" and not _free_zone(i), prioridade=3, so_com="tpNFCredito"),
        item("UB132-10", 1160, "Ano e mês referência do período de apuração superior ao ano e mês atual", SO_NFE, _future_month, prioridade=3, so_com="gCredPresIBSZFM"),
        nota("UB133-10", 1136, "Não é possível repetir o Tipo de Classificação para o cálculo do crédito presumido na ZFM neste DFe", SO_NFE, _repeated_kind, prioridade=3, so_com="gCredPresIBSZFM"),
    ),
)  # fmt: skip
