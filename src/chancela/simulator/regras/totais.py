"""Group W: totals against the sums of the items. An absent value is zero; sums are exact to the cent, vNF within R$ 0.50."""

from decimal import Decimal

from chancela.simulator.nota import Item, Nota
from chancela.simulator.regras.contas import MEIO_REAL, total
from chancela.simulator.regras.modelo import (
    AMBOS,
    SO_NFCE,
    SO_NFE,
    Contexto,
    GrupoRegras,
    JuizNota,
    Veredito,
    nota,
)

_SEM_ICMS = ("40", "41", "50")
NFCE_SEM_DESTINATARIO = Decimal("10000.00")
NFCE_MAXIMO = Decimal("200000.00")


def _icms(tag: str) -> JuizNota:
    return lambda n, _c: n.icms_tot.valor(tag) != total(i.icms.valor(tag) for i in n.itens)


def _prod(tag: str) -> JuizNota:
    return lambda n, _c: n.icms_tot.valor(tag) != total(i.prod.valor(tag) for i in n.itens)


def _difal(tag: str) -> JuizNota:
    return lambda n, _c: n.icms_tot.valor(tag) != total(i.difal.valor(tag) for i in n.itens)


def _is_service(i: Item) -> bool:
    return bool(i.issqn)


def _v_icms(n: Nota, _c: Contexto) -> Veredito:
    return n.icms_tot.valor("vICMS") != total(
        i.icms.valor("vICMS") for i in n.itens if i.cst not in _SEM_ICMS
    )


def _v_prod(n: Nota, _c: Contexto) -> Veredito:
    contam = [i for i in n.itens if i.conta_no_total]
    mercadorias = total(i.prod.valor("vProd") for i in contam if not _is_service(i))
    todos = total(i.prod.valor("vProd") for i in contam)
    return n.icms_tot.valor("vProd") not in (mercadorias, todos)


def _contribution(tag: str, *, servicos: bool) -> JuizNota:
    def judge(n: Nota, _c: Contexto) -> Veredito:
        origem = n.total.grupo("ISSQNtot") if servicos else n.icms_tot
        soma = total(
            (i.pis if tag == "vPIS" else i.cofins).valor(tag) for i in n.itens if _is_service(i) == servicos
        )
        return origem.valor(tag) != soma

    return judge


def _v_nf(n: Nota, _c: Contexto) -> Veredito:
    """W16-10 with its exceptions: imports are left out, and vICMSDeson and the ST of new vehicles count either way."""
    if any(i.cfop.startswith("3") for i in n.itens):
        return False
    t = n.icms_tot
    somadas = ("vProd", "vFrete", "vSeg", "vOutro", "vII", "vIPI", "vIPIDevol", "vICMSMonoReten")
    base = total(t.valor(tag) for tag in somadas) - t.valor("vDesc")
    todos = total(i.prod.valor("vProd") for i in n.itens if i.conta_no_total)
    if t.valor("vProd") != todos:
        base += n.total.grupo("ISSQNtot").valor("vServ")
    for i in n.itens:
        for grupo, indicador, tag in (
            ("PISST", "indSomaPISST", "vPIS"),
            ("COFINSST", "indSomaCOFINSST", "vCOFINS"),
        ):
            if i.imposto.grupo(grupo).texto(indicador) == "1":
                base += i.imposto.grupo(grupo).valor(tag)
    st = t.valor("vST") + t.valor("vFCPST")
    deduzido = total(i.icms.valor("vICMSDeson") for i in n.itens if i.icms.texto("indDeduzDeson") == "1")
    direto = any(i.prod.grupo("veicProd").texto("tpOp") == "2" for i in n.itens)
    bases = [base + st - deduzido, base + st - t.valor("vICMSDeson")]
    if direto:
        bases += [base - deduzido, base - t.valor("vICMSDeson")]
    return all(abs(n.v_nf - esperada) > MEIO_REAL for esperada in bases)


def _v_tot_trib(n: Nota, _c: Contexto) -> Veredito:
    return n.icms_tot.tem("vTotTrib") and n.icms_tot.valor("vTotTrib") != total(
        i.imposto.valor("vTotTrib") for i in n.itens
    )


def _iss(tag: str, do_item: str = "") -> JuizNota:
    return lambda n, _c: (
        n.total.grupo("ISSQNtot").valor(tag) != total(i.issqn.valor(do_item or tag) for i in n.itens)
    )


def _v_serv(n: Nota, _c: Contexto) -> Veredito:
    return n.total.grupo("ISSQNtot").valor("vServ") != total(
        i.prod.valor("vProd") for i in n.itens if _is_service(i) and i.conta_no_total
    )


def _anonymous_limit(n: Nota, _c: Contexto) -> Veredito:
    return n.v_nf > NFCE_SEM_DESTINATARIO and not n.destinatario and not n.dest.tem("idEstrangeiro")


GRUPO = GrupoRegras(
    "W",
    (
        nota("W03-10", 531, "Total da BC ICMS difere do somatório dos itens", AMBOS, _icms("vBC")),
        nota("W04-10", 532, "Total do ICMS difere do somatório dos itens", AMBOS, _v_icms),
        nota("W04a-10", 795, "Total do ICMS desonerado difere do somatório dos itens", AMBOS, _icms("vICMSDeson")),
        nota("W04b-10", 861, "Total do FCP difere do somatório dos itens", AMBOS, _icms("vFCP")),
        nota("W04c-10", 798, "Valor total do ICMS relativo Fundo de Combate à Pobreza (FCP) da UF de destino difere do somatório do valor dos itens", SO_NFE, _difal("vFCPUFDest"), so_com="ICMSUFDest vFCPUFDest"),
        nota("W04e-10", 799, "Valor total do ICMS Interestadual da UF de destino difere do somatório dos itens", SO_NFE, _difal("vICMSUFDest"), so_com="ICMSUFDest vICMSUFDest"),
        nota("W04g-10", 800, "Valor total do ICMS Interestadual da UF do remetente difere do somatório dos itens", SO_NFE, _difal("vICMSUFRemet"), so_com="ICMSUFDest vICMSUFRemet"),
        nota("W05-10", 533, "Total da BC ICMS-ST difere do somatório dos itens", AMBOS, _icms("vBCST")),
        nota("W06-10", 534, "Total do ICMS-ST difere do somatório dos itens", AMBOS, lambda n, _c: n.icms_tot.valor("vST") != total(i.icms.valor("vICMSST") for i in n.itens)),
        nota("W06a-10", 862, "Total do FCP ST difere do somatório dos itens", SO_NFE, _icms("vFCPST")),
        nota("W06b-10", 859, "Total do FCP retido anteriormente por Substituição Tributária difere do somatório dos itens", SO_NFE, _icms("vFCPSTRet"), prioridade=2),
        nota("W06b.1-10", 700, "Total da quantidade tributada do ICMS monofásico próprio difere do somatório dos itens.", SO_NFE, _icms("qBCMono"), prioridade=2, so_com="qBCMono"),
        nota("W06c-10", 967, "Total do ICMS monofásico próprio difere do somatório dos itens.", SO_NFE, _icms("vICMSMono"), prioridade=2, so_com="vICMSMono"),
        nota("W06c.1-10", 723, "Total da quantidade tributada do ICMS monofásico sujeito a retenção difere do somatório dos itens.", SO_NFE, _icms("qBCMonoReten"), prioridade=2, so_com="qBCMonoReten"),
        nota("W06d-10", 968, "Total do ICMS monofásico sujeito a retenção difere do somatório dos itens.", SO_NFE, _icms("vICMSMonoReten"), prioridade=2, so_com="vICMSMonoReten"),
        nota("W06d.1-10", 744, "Total da quantidade tributada do ICMS monofásico retido anteriormente difere do somatório dos itens.", AMBOS, _icms("qBCMonoRet"), prioridade=2, so_com="qBCMonoRet"),
        nota("W06e-10", 969, "Total do ICMS monofásico retido anteriormente difere do somatório dos itens.", AMBOS, _icms("vICMSMonoRet"), prioridade=2, so_com="vICMSMonoRet"),
        nota("W07-10", 564, "Total do Produto / Serviço difere do somatório dos itens", AMBOS, _v_prod),
        nota("W08-10", 535, "Total do Frete difere do somatório dos itens", AMBOS, _prod("vFrete")),
        nota("W09-10", 536, "Total do Seguro difere do somatório dos itens", AMBOS, _prod("vSeg")),
        nota("W10-10", 537, "Total do Desconto difere do somatório dos itens", AMBOS, _prod("vDesc")),
        nota("W11-10", 601, "Total do II difere do somatório dos itens", SO_NFE, lambda n, _c: n.icms_tot.valor("vII") != total(i.imposto.grupo("II").valor("vII") for i in n.itens)),
        nota("W12-10", 538, "Total do IPI difere do somatório dos itens", SO_NFE, lambda n, _c: n.icms_tot.valor("vIPI") != total(i.ipi.valor("vIPI") for i in n.itens)),
        nota("W12a-10", 863, "Total do IPI devolvido difere do somatório dos itens", SO_NFE, lambda n, _c: n.icms_tot.valor("vIPIDevol") != total(i.det.grupo("impostoDevol").grupo("IPI").valor("vIPIDevol") for i in n.itens)),
        nota("W13-10", 602, "Total do PIS difere do somatório dos itens sujeitos ao ICMS", AMBOS, _contribution("vPIS", servicos=False)),
        nota("W14-10", 603, "Total da COFINS difere do somatório dos itens sujeitos ao ICMS", AMBOS, _contribution("vCOFINS", servicos=False)),
        nota("W15-10", 604, "Total do vOutro difere do somatório dos itens", AMBOS, _prod("vOutro")),
        nota("W16-10", 610, "Total da NF difere do somatório dos Valores compõe o valor Total da NF.", AMBOS, _v_nf),
        nota("W16-30", 780, f"Total da NFC-e superior ao valor limite estabelecido pela SEFAZ [{NFCE_MAXIMO}]", SO_NFCE, lambda n, _c: n.v_nf > NFCE_MAXIMO, prioridade=2),
        nota("W16-40", 750, "NFC-e com valor total superior ao permitido para destinatário não identificado (Código) [10000.00]", SO_NFCE, _anonymous_limit),
        nota("W16-50", 751, "NFC-e com valor total superior ao permitido para destinatário não identificado (Nome) [10000.00]", SO_NFCE, lambda n, _c: n.v_nf > NFCE_SEM_DESTINATARIO and not n.dest.tem("xNome"), prioridade=3, ativa=False),
        nota("W16-60", 752, "NFC-e com valor total superior ao permitido para destinatário não identificado (Endereço) [10000.00]", SO_NFCE, lambda n, _c: n.v_nf > NFCE_SEM_DESTINATARIO and not n.dest.tem("enderDest"), prioridade=3, ativa=False),
        nota("W16a-10", 685, "Total do Valor Aproximado dos Tributos difere do somatório dos itens", AMBOS, _v_tot_trib, so_com="vTotTrib"),
        nota("W18-10", 605, "Total do vServ difere do somatório do vProd dos itens sujeitos ao ISSQN", AMBOS, _v_serv, so_com="ISSQN ISSQNtot"),
        nota("W19-10", 606, "Total do vBC do ISS difere do somatório dos itens", AMBOS, _iss("vBC"), so_com="ISSQN ISSQNtot"),
        nota("W20-10", 607, "Total do ISS difere do somatório dos itens", AMBOS, _iss("vISS", "vISSQN"), so_com="ISSQN ISSQNtot"),
        nota("W21-10", 608, "Total do PIS difere do somatório dos itens sujeitos ao ISSQN", AMBOS, _contribution("vPIS", servicos=True), so_com="ISSQN ISSQNtot"),
        nota("W22-10", 609, "Total da COFINS difere do somatório dos itens sujeitos ao ISSQN", AMBOS, _contribution("vCOFINS", servicos=True), so_com="ISSQN ISSQNtot"),
        nota("W22b-10", 364, "Total do valor da dedução do ISS difere do somatório dos itens", AMBOS, _iss("vDeducao"), prioridade=2, so_com="ISSQN ISSQNtot"),
        nota("W22c-10", 365, "Total de outras retenções difere do somatório dos itens", AMBOS, _iss("vOutro"), prioridade=2, so_com="ISSQN ISSQNtot"),
        nota("W22d-10", 366, "Total do desconto incondicionado ISS difere do somatório dos itens", AMBOS, _iss("vDescIncond"), prioridade=2, so_com="ISSQN ISSQNtot"),
        nota("W22e-10", 367, "Total do desconto condicionado ISS difere do somatório dos itens", AMBOS, _iss("vDescCond"), prioridade=2, so_com="ISSQN ISSQNtot"),
        nota("W22f-10", 368, "Total de ISS retido difere do somatório dos itens", AMBOS, _iss("vISSRet"), prioridade=2, so_com="ISSQN ISSQNtot"),
    ),
)  # fmt: skip
