"""Groups Y, YA and YB: billing, payment, intermediary."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from chancela.simulator.nota import Nota
from chancela.simulator.regras.contas import cnpj_ok, total
from chancela.simulator.regras.modelo import AMBOS, SO_NFCE, SO_NFE, Contexto, GrupoRegras, Veredito, nota
from chancela.simulator.tabelas import bandeiras, meios_pagamento
from chancela.simulator.xml import Grupo

_SEM_VALOR = ("90", "91")
_COM_CARTAO = ("03", "04", "17")
_ACEITA_CARTAO = ("03", "04", "10", "11", "12", "13", "15", "17", "18")
_PRAZO_MAXIMO_ANOS = 10
_TROCO_MAXIMO = Decimal("300000.00")


def _invoice(n: Nota) -> Grupo:
    return n.inf.grupo("cobr").grupo("fat")


def _instalments(n: Nota) -> list[Grupo]:
    return n.inf.grupo("cobr").grupos("dup")


def _numbers_wrong(n: Nota, _c: Contexto) -> Veredito:
    for ocorrencia, dup in enumerate(_instalments(n), 1):
        if dup.texto("nDup") != f"{ocorrencia:03d}":
            return f"nOcor: {ocorrencia}"
    return False


def _due(dup: Grupo) -> date | None:
    return date.fromisoformat(dup.texto("dVenc")) if dup.tem("dVenc") else None


def _due_before_issue(n: Nota, _c: Contexto) -> Veredito:
    for ocorrencia, dup in enumerate(_instalments(n), 1):
        if (vence := _due(dup)) is None or vence < n.data_emissao:
            return f"nOcor: {ocorrencia}"
    return False


def _due_out_of_order(n: Nota, _c: Contexto) -> Veredito:
    vencimentos = [_due(dup) for dup in _instalments(n)]
    for ocorrencia in range(1, len(vencimentos)):
        antes, depois = vencimentos[ocorrencia - 1], vencimentos[ocorrencia]
        if antes is not None and depois is not None and depois < antes:
            return f"nOcor: {ocorrencia + 1}"
    return False


def _cash_billed(n: Nota, _c: Contexto) -> Veredito:
    dups = _instalments(n)
    return len(dups) == 1 and _due(dups[0]) == n.data_emissao


def _sum_of_instalments(n: Nota, _c: Contexto) -> Veredito:
    dups = _instalments(n)
    return (
        bool(dups) and bool(_invoice(n)) and total(d.valor("vDup") for d in dups) != _invoice(n).valor("vLiq")
    )


def _net_differs(n: Nota, _c: Contexto) -> Veredito:
    fat = _invoice(n)
    return (
        fat.tem("vLiq") and fat.tem("vOrig") and fat.valor("vLiq") != fat.valor("vOrig") - fat.valor("vDesc")
    )


def _paid(n: Nota) -> Decimal:
    return total(p.valor("vPag") for p in n.pagamentos)


def _first_payment(n: Nota, ruim: Callable[[Grupo], bool]) -> Veredito:
    for ocorrencia, pagamento in enumerate(n.pagamentos, 1):
        if ruim(pagamento):
            return f"nOcor: {ocorrencia}"
    return False


def _any(n: Nota, ruim: Callable[[Grupo], bool]) -> bool:
    return any(ruim(p) for p in n.pagamentos)


def _underpaid(n: Nota, _c: Contexto) -> Veredito:
    isento = n.fin_nfe in ("3", "4") or _any(n, lambda p: p.texto("tPag") in _SEM_VALOR)
    return not isento and _paid(n) < n.v_nf


def _overpaid(n: Nota, _c: Contexto) -> Veredito:
    return _paid(n) > n.v_nf and not n.inf.grupo("pag").tem("vTroco")


def _change_wrong(n: Nota, _c: Contexto) -> Veredito:
    pag = n.inf.grupo("pag")
    return pag.tem("vTroco") and pag.valor("vTroco") != _paid(n) - n.v_nf


def _integrated_without_data(p: Grupo) -> bool:
    card = p.grupo("card")
    return card.texto("tpIntegra") == "1" and not (card.tem("CNPJ") and card.tem("cAut"))


def _paid_in_future(n: Nota, c: Contexto) -> Veredito:
    hoje = c.agora.date().isoformat()
    return _first_payment(n, lambda p: p.texto("dPag") > hoje)


def _due_too_far(n: Nota, c: Contexto) -> Veredito:
    hoje = c.agora.date()
    for ocorrencia, dup in enumerate(_instalments(n), 1):
        vence = _due(dup)
        if vence is not None and (vence.year - _PRAZO_MAXIMO_ANOS, vence.month, vence.day) > (
            hoje.year,
            hoje.month,
            hoje.day,
        ):
            return f"nOcor: {ocorrencia}"
    return False


def _cnpj_wrong(grupo: Grupo, tag: str) -> bool:
    return grupo.tem(tag) and not cnpj_ok(grupo.texto(tag))


GRUPO = GrupoRegras(
    "Y/YA/YB",
    (
        nota("Y01-10", 760, "NFC-e com dados de cobrança (Fatura, Duplicata)", SO_NFCE, lambda n, _c: n.inf.tem("cobr"), so_com="cobr"),
        nota("Y01-20", 905, "Campos do grupo Fatura não informados", SO_NFE, lambda n, _c: bool(_invoice(n)) and not all(_invoice(n).tem(t) for t in ("nFat", "vOrig", "vLiq")), prioridade=2, so_com="fat"),
        nota("Y05-10", 901, "Valor do Desconto da Fatura maior que Valor Original da Fatura", SO_NFE, lambda n, _c: _invoice(n).valor("vDesc") > _invoice(n).valor("vOrig"), so_com="fat"),
        nota("Y06-10", 902, "Valor Liquido da Fatura difere do Valor Original menos o Valor do Desconto", SO_NFE, _net_differs, so_com="fat"),
        nota("Y08-10", 852, "Número da parcela inválido ou não informado", SO_NFE, _numbers_wrong, so_com="dup"),
        nota("Y09-20", 900, "Data de vencimento da parcela não informada ou menor que Data de Emissão", SO_NFE, _due_before_issue, ativa=False, so_com="dup"),
        nota("Y09-30", 850, "Data de vencimento da parcela não informada ou menor que a Data de vencimento da parcela anterior", SO_NFE, _due_out_of_order, ativa=False, so_com="dup"),
        nota("Y09-40", 853, "Dados de cobrança não devem ser informados para pagamento à vista", SO_NFE, _cash_billed, so_com="dup"),
        nota("Y09-50", 797, "Data de vencimento da parcela superior a 10 anos da data atual", SO_NFE, _due_too_far, prioridade=2, so_com="dup"),
        nota("Y10-10", 851, "Soma do valor das parcelas difere do Valor Líquido da Fatura", SO_NFE, _sum_of_instalments, so_com="dup"),
        nota("YA02-04", 871, "O campo Meio de Pagamento deve ser preenchido com a opção Sem Pagamento", SO_NFE, lambda n, _c: n.fin_nfe in ("3", "4") and _any(n, lambda p: p.texto("tPag") != "90"), so_com="finNFe=3 finNFe=4"),
        nota("YA02-10", 857, "Informado Duplicata Mercantil como Forma de Pagamento", SO_NFCE, lambda n, _c: _any(n, lambda p: p.texto("tPag") == "14")),
        nota("YA02-40", 899, "Informado incorretamente o campo meio de pagamento", SO_NFCE, lambda n, _c: _any(n, lambda p: p.texto("tPag") == "90")),
        nota("YA02-60", 436, "Informado 99-Outros como meio de pagamento", AMBOS, lambda n, _c: _any(n, lambda p: p.texto("tPag") not in meios_pagamento())),
        nota("YA02a-10", 441, "Descrição do pagamento obrigatória para meio de pagamento 99-Outros", AMBOS, lambda n, _c: _any(n, lambda p: p.texto("tPag") == "99" and not p.tem("xPag"))),
        nota("YA02a-20", 442, "Descrição do pagamento não permitida", AMBOS, lambda n, _c: _any(n, lambda p: p.texto("tPag") != "99" and p.tem("xPag")), so_com="xPag"),
        nota("YA03-10", 865, "Total dos pagamentos menor que o total da nota", SO_NFCE, _underpaid),
        nota("YA03-20", 866, "Ausência de troco quando o valor dos pagamentos informados for maior que o total da nota", AMBOS, _overpaid),
        nota("YA03-30", 904, "Informado indevidamente campo valor de pagamento", AMBOS, lambda n, _c: _any(n, lambda p: p.texto("tPag") in _SEM_VALOR and p.valor("vPag") != 0)),
        nota("YA03a-10", 657, "Data de Pagamento inválida", AMBOS, _paid_in_future, prioridade=2, so_com="dPag"),
        nota("YA03c-10", 961, "CNPJ transacional do pagamento inválido", AMBOS, lambda n, _c: _first_payment(n, lambda p: _cnpj_wrong(p, "CNPJPag")), prioridade=2, so_com="CNPJPag"),
        nota("YA04-10", 391, "Não informados os dados do cartão de crédito / débito nas Formas de Pagamento da Nota Fiscal", AMBOS, lambda n, _c: _first_payment(n, lambda p: p.texto("tPag") in _COM_CARTAO and not p.tem("card")), ativa=False),
        nota("YA04-20", 963, "Tipo de pagamento não aceita o grupo de cartões ou boletos.", AMBOS, lambda n, _c: _first_payment(n, lambda p: p.tem("card") and p.texto("tPag") not in _ACEITA_CARTAO), prioridade=2, so_com="card"),
        nota("YA04a-20", 737, "Pagamento com cartão de crédito em sistema de automação não integrado", AMBOS, lambda n, _c: _any(n, lambda p: p.grupo("card").texto("tpIntegra") == "2"), prioridade=3, ativa=False, so_com="card"),
        nota("YA05-10", 392, "Não informados os dados da operação de pagamento por cartão de crédito / débito", AMBOS, lambda n, _c: _any(n, _integrated_without_data), so_com="card"),
        nota("YA05-20", 437, "CNPJ da instituição de pagamento inválido", AMBOS, lambda n, _c: _any(n, lambda p: p.grupo("card").tem("CNPJ") and not cnpj_ok(p.grupo("card").texto("CNPJ"))), so_com="card"),
        nota("YA06-10", 443, "Código da bandeira de cartão de crédito e/ou débito inexistente", AMBOS, lambda n, _c: _any(n, lambda p: p.grupo("card").tem("tBand") and p.grupo("card").texto("tBand") not in bandeiras()), prioridade=2, so_com="card"),
        nota("YA07a-10", 796, "CNPJ recebedor do pagamento inválido", AMBOS, lambda n, _c: _first_payment(n, lambda p: _cnpj_wrong(p.grupo("card"), "CNPJReceb")), prioridade=2, so_com="card"),
        nota("YA09-10", 869, "Valor do troco incorreto", AMBOS, _change_wrong, so_com="vTroco"),
        nota("YA09-20", 965, "Valor do troco acima do permitido", AMBOS, lambda n, _c: n.inf.grupo("pag").valor("vTroco") > _TROCO_MAXIMO, prioridade=3, so_com="vTroco"),
        nota("YB01-10", 438, "Obrigatória as informações do intermediador da transação para operação por site de terceiros", AMBOS, lambda n, _c: n.ide.texto("indIntermed") == "1" and not n.inf.tem("infIntermed"), so_com="indIntermed=1"),
        nota("YB01-20", 439, "Informações do intermediador da transação para operação por site de terceiros preenchido indevidamente", AMBOS, lambda n, _c: n.inf.tem("infIntermed") and n.ide.texto("indIntermed") != "1", so_com="infIntermed"),
        nota("YB02-10", 440, "CNPJ do intermediador da transação inválido", AMBOS, lambda n, _c: n.inf.tem("infIntermed") and not cnpj_ok(n.inf.grupo("infIntermed").texto("CNPJ")), so_com="infIntermed"),
    ),
)  # fmt: skip
