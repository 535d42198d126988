"""Groups H and I: items, CFOP, GTIN and the arithmetic of the product (MOC 7.0, Anexo I)."""

from chancela.simulator.nota import Item, Nota
from chancela.simulator.regras.contas import cnpj_ok, differs, gtin_ok
from chancela.simulator.regras.modelo import (
    AMBOS,
    SO_NFCE,
    SO_NFE,
    Contexto,
    GrupoRegras,
    Veredito,
    item,
    nota,
)
from chancela.simulator.tabelas import cfops, combustiveis, ncms

DESCRICAO_HOMOLOGACAO = "NOTA FISCAL EMITIDA EM AMBIENTE DE HOMOLOGACAO - SEM VALOR FISCAL"
CFOP_NFCE = frozenset(["5101", "5102", "5103", "5104", "5115", "5405", "5656", "5667", "5910", "5933"])
_CFOP_IMPORTACAO_SEM_DI = frozenset(["3201", "3202", "3503", "3553"])
_CFOP_COM_REFERENCIA = frozenset(["5929", "6929", "3503", "7501"])
_CFOP_FIM_EXPORTACAO = frozenset(
    ["1501", "2501", "5501", "5502", "5504", "5505", "6501", "6502", "6504", "6505"]
)
_CST_SEM_BENEFICIO = ("00", "10", "60")
_GTIN_8 = 8
_LITRO = {"L": "LT"}
"""The fuel table writes L, the table of foreign trade LT; both are the litre."""
_PREFIXOS_SEM_DONO = (range(20, 30), range(40, 60), range(140, 300), range(391, 400))
"""GS1: restricted circulation (02, 04, 2) and unassigned ranges; the rest may be given to a country at any time."""
_CFOP_QUALQUER_DEVOLUCAO = frozenset(["1949", "2949"])


def _no_ncm(i: Item, n: Nota, _c: Contexto) -> Veredito:
    codigo = i.prod.texto("NCM")
    if codigo == "00":
        return False
    linha = ncms().get(codigo)
    return linha is None or not linha.inicio <= n.data_emissao <= (linha.fim or n.data_emissao)


def _no_cfop(i: Item, _n: Nota, _c: Contexto) -> Veredito:
    linha = cfops().get(i.cfop)
    return linha is None or not linha.nfe


def _scope(digitos: str, id_dest: str, i: Item, n: Nota) -> Veredito:
    if i.cfop[:1] == "7" and i.prod.grupo("comb").texto("UFCons") == "EX":
        return False
    return i.cfop[:1] in digitos and n.id_dest != id_dest


def _product_differs(unitario: str, quantidade: str, i: Item, n: Nota) -> Veredito:
    return n.fin_nfe == "1" and differs(
        i.prod.valor("vProd"), i.prod.valor(unitario) * i.prod.valor(quantidade)
    )


def _returns_goods(i: Item) -> bool:
    linha = cfops().get(i.cfop)
    return i.cfop in _CFOP_QUALQUER_DEVOLUCAO or (linha is not None and linha.devolucao)


def _cfop_of_return(i: Item, n: Nota, _c: Contexto) -> Veredito:
    return (
        n.fin_nfe not in ("2", "4", "5", "6") and _returns_goods(i) and i.cfop not in _CFOP_QUALQUER_DEVOLUCAO
    )


def _is_gtin(texto: str) -> bool:
    return texto not in ("", "SEM GTIN")


def _prefix_wrong(texto: str) -> bool:
    """A code of restricted circulation or of a range that GS1 has assigned to nobody; its digits are another rule's matter."""
    if not _is_gtin(texto) or not gtin_ok(texto) or len(texto) == _GTIN_8:
        return False
    prefixo = int(texto.zfill(14)[1:4])
    return any(prefixo in faixa for faixa in _PREFIXOS_SEM_DONO)


def _interstate_within_uf(i: Item, n: Nota, _c: Contexto) -> Veredito:
    consumo = i.prod.grupo("comb").texto("UFCons")
    entrega = n.inf.grupo("entrega").texto("UF")
    mesma = n.uf_dest == n.uf and n.destinatario != n.emitente
    return i.cfop[:1] in "26" and mesma and consumo in ("", n.uf) and entrega in ("", n.uf)


def _import_without_ipi(i: Item, _n: Nota, _c: Contexto) -> Veredito:
    return i.cfop[:1] == "3" and not _returns_goods(i) and not i.imposto.tem("IPI")


def _reference_required(i: Item, n: Nota, _c: Contexto) -> Veredito:
    return i.cfop in _CFOP_COM_REFERENCIA and not n.referencias and not i.det.tem("DFeReferenciado")


def _coupon_of_nfce(i: Item, n: Nota, _c: Contexto) -> Veredito:
    return i.cfop == "5929" and any(r.texto("refNFe")[20:22] == "65" for r in n.referencias)


def _fuel_unit(i: Item, _n: Nota, _c: Contexto) -> Veredito:
    linha = combustiveis().get(i.prod.grupo("comb").texto("cProdANP"))
    unidade = i.prod.texto("uTrib").upper()
    return linha is not None and bool(linha.utrib) and unidade not in (linha.utrib, _LITRO.get(linha.utrib))


def _unit_of_export(i: Item, n: Nota, _c: Contexto) -> Veredito:
    if n.tp_nf != "1" or (n.id_dest != "3" and i.cfop not in _CFOP_FIM_EXPORTACAO):
        return False
    linha = ncms().get(i.prod.texto("NCM"))
    return linha is not None and bool(linha.utrib) and i.prod.texto("uTrib").upper() != linha.utrib


def _benefit_without(i: Item, _n: Nota, _c: Contexto) -> Veredito:
    return i.prod.tem("cBenef") and i.prod.texto("cBenef") != "SEM CBENEF" and i.cst in _CST_SEM_BENEFICIO


def _first_description(n: Nota, _c: Contexto) -> Veredito:
    return (
        "nItem: 1" if n.ambiente == 2 and n.itens[0].prod.texto("xProd") != DESCRICAO_HOMOLOGACAO else False
    )


GRUPO = GrupoRegras(
    "H/I",
    (
        nota("H02-10", 927, "Número do item fora da ordem sequencial.", AMBOS, lambda n, _c: [i.numero for i in n.itens] != [str(k) for k in range(1, len(n.itens) + 1)], prioridade=2),
        item("I03-10", 611, "GTIN (cEAN) inválido", AMBOS, lambda i, _n, _c: _is_gtin(i.prod.texto("cEAN")) and not gtin_ok(i.prod.texto("cEAN"))),
        item("I03-20", 882, "GTIN (cEAN) com prefixo inválido", AMBOS, lambda i, _n, _c: _prefix_wrong(i.prod.texto("cEAN")), prioridade=2),
        item("I03-30", 883, "GTIN (cEAN) sem informação", AMBOS, lambda i, n, _c: n.crt != "4" and not i.prod.texto("cEAN")),
        nota("I04-10", 373, f"Descrição do primeiro item diferente de {DESCRICAO_HOMOLOGACAO}", SO_NFCE, _first_description),
        item("I05-10", 777, "Obrigatória a informação do NCM completo", AMBOS, lambda i, _n, _c: len(i.prod.texto("NCM")) != 8 and i.prod.texto("NCM") != "00"),
        item("I05-20", 778, "Informado NCM inexistente", AMBOS, _no_ncm, ativa=False),
        item("I05-24", 471, "Informado NCM=00 indevidamente", AMBOS, lambda i, n, _c: i.prod.texto("NCM") == "00" and n.fin_nfe != "3" and not i.issqn, prioridade=2),
        item("I05e-10", 879, "Informado item “Produzido em Escala NÃO Relevante” e não informado CNPJ do Fabricante", AMBOS, lambda i, _n, _c: i.prod.texto("indEscala") == "N" and not i.prod.tem("CNPJFab"), prioridade=2, so_com="indEscala"),
        item("I05e-20", 489, "CNPJ informado inválido (DV ou zeros)", AMBOS, lambda i, _n, _c: i.prod.tem("CNPJFab") and not cnpj_ok(i.prod.texto("CNPJFab")), prioridade=2, so_com="CNPJFab"),
        item("I05f-10", 928, "Informado código de benefício fiscal para CST sem benefício fiscal", AMBOS, _benefit_without, prioridade=2, ativa=False, so_com="cBenef"),
        item("I05k-10", 1165, "Não é permitido informar a classificação para subapuração do IBS na ZFM na NFC-e modelo 65", SO_NFCE, lambda i, _n, _c: i.prod.tem("tpCredPresIBSZFM"), prioridade=2, so_com="tpCredPresIBSZFM"),
        item("I08-04", 770, "CFOP Inexistente", AMBOS, _no_cfop),
        item("I08-10", 518, "CFOP de entrada para NF-e de saída", SO_NFE, lambda i, n, _c: n.tp_nf == "1" and i.cfop[:1] in "123", so_com="tpNF=1"),
        item("I08-20", 519, "CFOP de saída para NF-e de entrada", SO_NFE, lambda i, n, _c: n.tp_nf == "0" and i.cfop[:1] in "567", so_com="tpNF=0"),
        item("I08-30", 731, "CFOP de operação com Exterior e idDest <> 3", SO_NFE, lambda i, n, _c: _scope("37", "3", i, n)),
        item("I08-40", 732, "CFOP de operação interestadual e idDest <> 2", SO_NFE, lambda i, n, _c: _scope("26", "2", i, n)),
        item("I08-50", 733, "CFOP de operação interna e idDest <> 1", SO_NFE, lambda i, n, _c: _scope("15", "1", i, n)),
        item("I08-60", 520, "CFOP de Operação com Exterior e UF destinatário difere de “EX”", SO_NFE, lambda i, n, _c: i.cfop[:1] in "37" and n.uf_dest != "EX" and i.prod.grupo("comb").texto("UFCons") != "EX"),
        item("I08-70", 521, "Operação Interna e UF do emitente difere da UF do destinatário/remetente contribuinte do ICMS", SO_NFE, lambda i, n, _c: i.cfop[:1] in "15" and n.dest.texto("indIEDest") == "1" and n.uf_dest not in ("", n.uf) and not i.prod.tem("comb"), prioridade=2, so_com="indIEDest=1"),
        item("I08-90", 523, "CFOP não é de Operação Estadual e UF emitente igual à UF destinatário", SO_NFE, _interstate_within_uf, prioridade=2),
        item("I08-94", 771, "Informado idEstrangeiro em operação interestadual", SO_NFE, lambda i, n, _c: n.id_dest == "2" and n.dest.tem("idEstrangeiro") and i.cfop != "6667", prioridade=2, so_com="idEstrangeiro"),
        item("I08-110", 525, "CFOP de Importação e não informado dados da DI", SO_NFE, lambda i, _n, _c: i.cfop[:1] == "3" and i.cfop not in _CFOP_IMPORTACAO_SEM_DI and not i.prod.tem("DI")),
        item("I08-120", 597, "CFOP de Importação e não informado dados de IPI", SO_NFE, _import_without_ipi, prioridade=2),
        item("I08-130", 599, "CFOP de Importação e não informado dados de II", SO_NFE, lambda i, _n, _c: i.cfop[:1] == "3" and not i.imposto.tem("II") and not _returns_goods(i)),
        item("I08-140", 327, "CFOP inválido para Nota Fiscal com finalidade de devolução de mercadoria", SO_NFE, lambda i, n, _c: n.fin_nfe == "4" and not _returns_goods(i), so_com="finNFe=4"),
        item("I08-144", 328, "CFOP de devolução de mercadoria para NF-e que não tem finalidade de devolução de mercadoria", SO_NFE, _cfop_of_return),
        item("I08-150", 725, "NFC-e com CFOP inválido", SO_NFCE, lambda i, _n, _c: i.cfop not in CFOP_NFCE),
        item("I08-160", 374, "CFOP incompatível com o grupo de tributação", SO_NFCE, lambda i, _n, _c: (i.cfop == "5933") != bool(i.issqn), prioridade=2),
        item("I08-180", 375, "NF-e com lançamento relativo a Cupom Fiscal referencia uma NFC-e", SO_NFE, _coupon_of_nfce, prioridade=3, ativa=False, so_com="NFref"),
        item("I08-184", 701, "Não informado Nota Fiscal referenciada (CFOP de Exportação Indireta)", SO_NFE, _reference_required, prioridade=2),
        item("I11-10", 629, "Valor do Produto difere do produto Valor Unitário de Comercialização e Quantidade Comercial", AMBOS, lambda i, n, _c: _product_differs("vUnCom", "qCom", i, n)),
        item("I11-20", 630, "Valor do Produto difere do produto Valor Unitário de Tributação e Quantidade Tributável", AMBOS, lambda i, n, _c: _product_differs("vUnTrib", "qTrib", i, n)),
        item("I12-10", 612, "GTIN da unidade tributável (cEANTrib) inválido", AMBOS, lambda i, _n, _c: _is_gtin(i.prod.texto("cEANTrib")) and not gtin_ok(i.prod.texto("cEANTrib"))),
        item("I12-20", 884, "GTIN da unidade tributável (cEANTrib) com prefixo inválido", AMBOS, lambda i, _n, _c: _prefix_wrong(i.prod.texto("cEANTrib")), prioridade=2),
        item("I12-30", 885, "GTIN informado, mas não informado o GTIN da unidade tributável", AMBOS, lambda i, _n, _c: _is_gtin(i.prod.texto("cEAN")) and i.prod.texto("cEANTrib") == "SEM GTIN"),
        item("I12-40", 886, "GTIN da unidade tributável informado, mas não informado o GTIN", AMBOS, lambda i, _n, _c: _is_gtin(i.prod.texto("cEANTrib")) and i.prod.texto("cEAN") == "SEM GTIN"),
        item("I12-60", 888, "GTIN da unidade tributável (cEANTrib) sem informação", AMBOS, lambda i, n, _c: n.crt != "4" and not i.prod.texto("cEANTrib")),
        item("I13-20", 854, "Unidade Tributável (tag:uTrib) incompatível com produto informado", AMBOS, _fuel_unit, prioridade=2, so_com="comb"),
        item("I14-10", 817, "Unidade Tributável incompatível com o NCM informado na operação com Comércio Exterior", SO_NFE, _unit_of_export, prioridade=2),
        item("I17-10", 483, "Valor do desconto maior que valor do produto", AMBOS, lambda i, _n, _c: i.prod.valor("vDesc") > i.prod.valor("vProd")),
        item("I17b-10", 774, "NFC-e com indicador de item não participante do total", SO_NFCE, lambda i, _n, _c: not i.conta_no_total, prioridade=2, ativa=False),
    ),
)  # fmt: skip
