"""Group N, single-phase ICMS of fuels: CST 02, 15, 53 and 61 (LC 192/2022, Convênios ICMS 199/2022 and 15/2023)."""

from decimal import Decimal

from chancela.simulator.nota import Item, Nota
from chancela.simulator.regras.contas import differs
from chancela.simulator.regras.icms import MONOFASICOS
from chancela.simulator.regras.modelo import AMBOS, SO_NFE, Contexto, GrupoRegras, Veredito, item
from chancela.simulator.tabelas import combustiveis

_CEM = Decimal(100)


def _in_table(i: Item) -> bool:
    """Whether the product is one of the single-phase table: those that have a taxable unit there."""
    linha = combustiveis().get(i.prod.grupo("comb").texto("cProdANP"))
    return linha is not None and bool(linha.utrib)


def _other_tax(i: Item, n: Nota, _c: Contexto) -> Veredito:
    """Plain sales within the country only: entries, returns, adjustments and export keep their own CST."""
    venda = n.tp_nf == "1" and n.fin_nfe == "1" and n.id_dest != "3"
    return venda and _in_table(i) and bool(i.cst) and i.cst not in MONOFASICOS


def _own_value(i: Item, n: Nota, _c: Contexto) -> Veredito:
    g = i.icms
    if i.cst not in ("02", "15") or n.fin_nfe != "1" or not g.tem("qBCMono"):
        return False
    cheio = g.valor("qBCMono") * g.valor("adRemICMS")
    return differs(g.valor("vICMSMono"), cheio * (1 - g.valor("pRedAdRem") / _CEM))


def _withheld_value(i: Item, _n: Nota, _c: Contexto) -> Veredito:
    g = i.icms
    devido = g.valor("qBCMonoReten") * g.valor("adRemICMSReten")
    return i.cst == "15" and g.tem("qBCMonoReten") and differs(g.valor("vICMSMonoReten"), devido)


GRUPO = GrupoRegras(
    "N/M",
    (
        item("N12-100", 959, "NF-e não pode ter preenchimento de Grupo de Tributação do ICMS monofásica sobre combustíveis.", AMBOS, lambda i, _n, _c: i.cst in MONOFASICOS and not _in_table(i), prioridade=2, so_com="ICMS02 ICMS15 ICMS53 ICMS61"),
        item("N12-110", 960, "Obrigatório o preenchimento de Grupo de Tributação do ICMS monofásica sobre combustíveis.", AMBOS, _other_tax, prioridade=2, so_com="comb"),
        item("N37a-10", 767, "Obrigatório o preenchimento da Quantidade tributada", SO_NFE, lambda i, _n, _c: i.cst in ("02", "15", "53") and not i.icms.tem("qBCMono"), prioridade=2, so_com="ICMS02 ICMS15 ICMS53"),
        item("N39-10", 962, "Valor do ICMS próprio difere do calculado.", SO_NFE, _own_value, prioridade=2, so_com="ICMS02 ICMS15"),
        item("N39a-10", 768, "Obrigatório o preenchimento da Quantidade tributada sujeita a retenção", SO_NFE, lambda i, _n, _c: i.cst == "15" and not i.icms.tem("qBCMonoReten"), prioridade=2, so_com="ICMS15"),
        item("N41-10", 964, "Valor do ICMS com retenção difere do calculado.", SO_NFE, _withheld_value, prioridade=2, so_com="ICMS15"),
        item("N43a-10", 769, "Obrigatório o preenchimento da Quantidade tributada retida anteriormente", AMBOS, lambda i, _n, _c: i.cst == "61" and not i.icms.tem("qBCMonoRet"), prioridade=2, so_com="ICMS61"),
    ),
)  # fmt: skip
