"""Group W, totals of IS, IBS and CBS against the sums of the items, exact to the cent (NT 2025.002)."""

from decimal import Decimal

from chancela.simulator.nota import Nota
from chancela.simulator.regras.contas import sum_of, total
from chancela.simulator.regras.modelo import AMBOS, Contexto, GrupoRegras, JuizNota, Veredito, nota

_RAMOS = {"IBS": ("gIBSMonoAdRem", "gIBSMonoAdValorem"), "CBS": ("gCBSMonoAdRem", "gCBSMonoAdValorem")}


def _selective(n: Nota, _c: Contexto) -> Veredito:
    return n.total.grupo("ISTot").valor("vIS") != total(i.imposto.grupo("IS").valor("vIS") for i in n.itens)


def _mono(tributo: str, grupo: str, tag: str) -> JuizNota:
    """A total of the single-phase regime; nothing is compared when the note has no IBSCBSTot."""

    def judge(n: Nota, _c: Contexto) -> Veredito:
        tot = n.total.grupo("IBSCBSTot")
        partes = (
            i.ibscbs.grupo("gIBSCBSMono").grupo(ramo).grupo(grupo)
            for i in n.itens
            for ramo in _RAMOS[tributo]
        )
        return bool(tot) and tot.grupo("gMono").valor(tag) != sum_of(partes, tag)

    return judge


def _reversal(tag: str) -> JuizNota:
    def judge(n: Nota, _c: Contexto) -> Veredito:
        tot = n.total.grupo("IBSCBSTot")
        estornos = (i.ibscbs.grupo("gEstornoCred") for i in n.itens)
        return bool(tot) and tot.grupo("gEstornoCred").valor(tag) != sum_of(estornos, tag)

    return judge


def _ibscbs(
    c_stat: int,
    codigo: str,
    mensagem: str,
    onde: tuple[str, ...],
    tag: str,
    no_item: tuple[str, ...],
    tag_item: str = "",
) -> tuple[str, int, str, frozenset[str], JuizNota]:
    def judge(n: Nota, _c: Contexto) -> Veredito:
        alvo = n.total.grupo("IBSCBSTot")
        if not alvo:
            return False
        for passo in onde:
            alvo = alvo.grupo(passo)
        soma = Decimal(0)
        for i in n.itens:
            grupo = i.ibscbs.grupo("gIBSCBS")
            for passo in no_item:
                grupo = grupo.grupo(passo)
            soma += grupo.valor(tag_item or tag)
        return alvo.valor(tag) != soma

    return codigo, c_stat, mensagem, AMBOS, judge


def _credit(do_total: str, do_item: str) -> JuizNota:
    def judge(n: Nota, _c: Contexto) -> Veredito:
        tot = n.total.grupo("IBSCBSTot")
        alvo = tot.grupo(do_total)
        soma = total(i.ibscbs.grupo("gCredPresOper").grupo(do_item).valor("vCredPres") for i in n.itens)
        return bool(tot) and alvo.valor("vCredPres") != soma

    return judge


_UF, _MUN, _CBS = ("gIBS", "gIBSUF"), ("gIBS", "gIBSMun"), ("gCBS",)
GRUPO = GrupoRegras(
    "W/IBSCBS",
    (
        nota("W31-10", 1073, "Total de IS informado indevidamente", AMBOS, lambda n, _c: n.total.tem("ISTot") and not any(i.imposto.tem("IS") for i in n.itens), prioridade=2, so_com="ISTot"),
        nota("W31-20", 1117, "Total de IS não informado", AMBOS, lambda n, _c: not n.total.tem("ISTot") and any(i.imposto.tem("IS") for i in n.itens), prioridade=2, so_com="IS"),
        nota("W33-10", 1075, "Total do Imposto Seletivo difere da soma dos itens", AMBOS, _selective, prioridade=3, so_com="IS ISTot"),
        nota("W34-10", 1118, "Total de IBS e CBS informado indevidamente", AMBOS, lambda n, _c: n.total.tem("IBSCBSTot") and not any(i.ibscbs for i in n.itens)),
        nota("W34-20", 1119, "Total de IBS e CBS não informado", AMBOS, lambda n, _c: not n.total.tem("IBSCBSTot") and any(i.ibscbs for i in n.itens)),
        nota(*_ibscbs(1076, "W35-10", "Total da BC do IBS e da CBS difere da soma dos itens", (), "vBCIBSCBS", (), "vBC")),
        nota(*_ibscbs(1077, "W38-10", "Total de Diferimento do IBS UF difere da soma dos itens", _UF, "vDif", ("gIBSUF", "gDif"))),
        nota(*_ibscbs(1078, "W39-10", "Total Devolvido do IBS UF difere da soma dos itens", _UF, "vDevTrib", ("gIBSUF", "gDevTrib"))),
        nota(*_ibscbs(1080, "W41-10", "Total de IBS UF difere da soma dos itens", _UF, "vIBSUF", ("gIBSUF",))),
        nota(*_ibscbs(1081, "W43-10", "Total de Diferimento do IBS Municipal difere da soma dos itens", _MUN, "vDif", ("gIBSMun", "gDif"))),
        nota(*_ibscbs(1082, "W44-10", "Total Devolvido do IBS Municipal difere da soma dos itens", _MUN, "vDevTrib", ("gIBSMun", "gDevTrib"))),
        nota(*_ibscbs(1084, "W46-10", "Total de IBS Municipal difere da soma dos itens", _MUN, "vIBSMun", ("gIBSMun",))),
        nota(*_ibscbs(1085, "W47-10", "Total do IBS difere da soma do vIBS dos itens", ("gIBS",), "vIBS", ())),
        nota(*_ibscbs(1088, "W53-10", "Total de Diferimento da CBS difere da soma dos itens", _CBS, "vDif", ("gCBS", "gDif"))),
        nota(*_ibscbs(1089, "W54-10", "Total Devolvido da CBS difere da soma dos itens", _CBS, "vDevTrib", ("gCBS", "gDevTrib"))),
        nota(*_ibscbs(1091, "W56-10", "Total de CBS difere da soma dos itens", _CBS, "vCBS", ("gCBS",))),
        nota("W48-10", 1086, "Total de Crédito Presumido do IBS UF difere da soma dos itens", AMBOS, _credit("gIBS", "gIBSCredPres")),
        nota("W56a-10", 1087, "Total de Crédito Presumido da CBS difere da soma dos itens", AMBOS, _credit("gCBS", "gCBSCredPres")),
        nota("W58-10", 1092, "Total do IBS monofásico difere da soma dos itens", AMBOS, _mono("IBS", "gMonoPadrao", "vIBSMono"), prioridade=2, so_com="gIBSCBSMono gMono"),
        nota("W59-10", 1093, "Total da CBS monofásica difere da soma dos itens", AMBOS, _mono("CBS", "gMonoPadrao", "vCBSMono"), prioridade=2, so_com="gIBSCBSMono gMono"),
        nota("W59a-10", 1120, "Total do IBS monofásico sujeito a retenção difere da soma dos itens", AMBOS, _mono("IBS", "gMonoReten", "vIBSMonoReten"), prioridade=2, so_com="gIBSCBSMono gMono"),
        nota("W59b-10", 1121, "Total da CBS monofásica sujeita a retenção difere da soma dos itens", AMBOS, _mono("CBS", "gMonoReten", "vCBSMonoReten"), prioridade=2, so_com="gIBSCBSMono gMono"),
        nota("W59c-10", 1122, "Total do IBS monofásico retido anteriormente difere da soma dos itens", AMBOS, _mono("IBS", "gMonoRet", "vIBSMonoRet"), prioridade=2, so_com="gIBSCBSMono gMono"),
        nota("W59d-10", 1123, "Total da CBS monofásica retida anteriormente difere da soma dos itens", AMBOS, _mono("CBS", "gMonoRet", "vCBSMonoRet"), prioridade=2, so_com="gIBSCBSMono gMono"),
        nota("W59f-10", 1176, "Total do IBS estornado difere da soma dos itens", AMBOS, _reversal("vIBSEstCred"), prioridade=2, so_com="gEstornoCred"),
        nota("W59g-10", 1177, "Total da CBS estornada difere da soma dos itens", AMBOS, _reversal("vCBSEstCred"), prioridade=2, so_com="gEstornoCred"),
    ),
)  # fmt: skip
