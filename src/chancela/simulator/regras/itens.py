"""Groups H to L: items, products, CFOP, GTIN, product arithmetic."""

from chancela.simulator.nota import Item, Nota
from chancela.simulator.regras.contas import differs, gtin_ok
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
from chancela.simulator.tabelas import cfops, ncms

DESCRICAO_HOMOLOGACAO = "NOTA FISCAL EMITIDA EM AMBIENTE DE HOMOLOGACAO - SEM VALOR FISCAL"
CFOP_NFCE = frozenset(["5101", "5102", "5103", "5104", "5115", "5405", "5656", "5667", "5910", "5933"])
_CFOP_IMPORTACAO_SEM_DI = frozenset(["3201", "3202", "3503", "3553"])
_CFOP_QUALQUER_DEVOLUCAO = frozenset(["1949", "2949"])


def _no_ncm(i: Item, n: Nota, _c: Contexto) -> Veredito:
    codigo = i.prod.texto("NCM")
    if codigo == "00":
        return False
    vigencia = ncms().get(codigo)
    return vigencia is None or not vigencia[0] <= n.data_emissao <= (vigencia[1] or n.data_emissao)


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


def _first_description(n: Nota, _c: Contexto) -> Veredito:
    return (
        "nItem: 1" if n.ambiente == 2 and n.itens[0].prod.texto("xProd") != DESCRICAO_HOMOLOGACAO else False
    )


GRUPO = GrupoRegras(
    "H/I",
    (
        nota("H02-10", 927, "Número do item fora da ordem sequencial.", AMBOS, lambda n, _c: [i.numero for i in n.itens] != [str(k) for k in range(1, len(n.itens) + 1)], prioridade=2),
        item("I03-10", 611, "GTIN (cEAN) inválido", AMBOS, lambda i, _n, _c: _is_gtin(i.prod.texto("cEAN")) and not gtin_ok(i.prod.texto("cEAN"))),
        item("I03-30", 883, "GTIN (cEAN) sem informação", AMBOS, lambda i, n, _c: n.crt != "4" and not i.prod.texto("cEAN")),
        nota("I04-10", 373, f"Descrição do primeiro item diferente de {DESCRICAO_HOMOLOGACAO}", SO_NFCE, _first_description),
        item("I05-10", 777, "Obrigatória a informação do NCM completo", AMBOS, lambda i, _n, _c: len(i.prod.texto("NCM")) != 8 and i.prod.texto("NCM") != "00"),
        item("I05-20", 778, "Informado NCM inexistente", AMBOS, _no_ncm, ativa=False),
        item("I05-24", 471, "Informado NCM=00 indevidamente", AMBOS, lambda i, n, _c: i.prod.texto("NCM") == "00" and n.fin_nfe != "3" and not i.issqn, prioridade=2),
        item("I08-04", 770, "CFOP Inexistente", AMBOS, _no_cfop),
        item("I08-10", 518, "CFOP de entrada para NF-e de saída", SO_NFE, lambda i, n, _c: n.tp_nf == "1" and i.cfop[:1] in "123"),
        item("I08-20", 519, "CFOP de saída para NF-e de entrada", SO_NFE, lambda i, n, _c: n.tp_nf == "0" and i.cfop[:1] in "567"),
        item("I08-30", 731, "CFOP de operação com Exterior e idDest <> 3", SO_NFE, lambda i, n, _c: _scope("37", "3", i, n)),
        item("I08-40", 732, "CFOP de operação interestadual e idDest <> 2", SO_NFE, lambda i, n, _c: _scope("26", "2", i, n)),
        item("I08-50", 733, "CFOP de operação interna e idDest <> 1", SO_NFE, lambda i, n, _c: _scope("15", "1", i, n)),
        item("I08-60", 520, "CFOP de Operação com Exterior e UF destinatário difere de “EX”", SO_NFE, lambda i, n, _c: i.cfop[:1] in "37" and n.uf_dest != "EX" and i.prod.grupo("comb").texto("UFCons") != "EX"),
        item("I08-70", 521, "Operação Interna e UF do emitente difere da UF do destinatário/remetente contribuinte do ICMS", SO_NFE, lambda i, n, _c: i.cfop[:1] in "15" and n.dest.texto("indIEDest") == "1" and n.uf_dest not in ("", n.uf) and not i.prod.tem("comb"), prioridade=2),
        item("I08-110", 525, "CFOP de Importação e não informado dados da DI", SO_NFE, lambda i, _n, _c: i.cfop[:1] == "3" and i.cfop not in _CFOP_IMPORTACAO_SEM_DI and not i.prod.tem("DI")),
        item("I08-130", 599, "CFOP de Importação e não informado dados de II", SO_NFE, lambda i, _n, _c: i.cfop[:1] == "3" and not i.imposto.tem("II") and not _returns_goods(i)),
        item("I08-140", 327, "CFOP inválido para Nota Fiscal com finalidade de devolução de mercadoria", SO_NFE, lambda i, n, _c: n.fin_nfe == "4" and not _returns_goods(i)),
        item("I08-144", 328, "CFOP de devolução de mercadoria para NF-e que não tem finalidade de devolução de mercadoria", SO_NFE, _cfop_of_return),
        item("I08-150", 725, "NFC-e com CFOP inválido", SO_NFCE, lambda i, _n, _c: i.cfop not in CFOP_NFCE),
        item("I08-160", 374, "CFOP incompatível com o grupo de tributação", SO_NFCE, lambda i, _n, _c: (i.cfop == "5933") != bool(i.issqn), prioridade=2),
        item("I11-10", 629, "Valor do Produto difere do produto Valor Unitário de Comercialização e Quantidade Comercial", AMBOS, lambda i, n, _c: _product_differs("vUnCom", "qCom", i, n)),
        item("I11-20", 630, "Valor do Produto difere do produto Valor Unitário de Tributação e Quantidade Tributável", AMBOS, lambda i, n, _c: _product_differs("vUnTrib", "qTrib", i, n)),
        item("I12-10", 612, "GTIN da unidade tributável (cEANTrib) inválido", AMBOS, lambda i, _n, _c: _is_gtin(i.prod.texto("cEANTrib")) and not gtin_ok(i.prod.texto("cEANTrib"))),
        item("I12-30", 885, "GTIN informado, mas não informado o GTIN da unidade tributável", AMBOS, lambda i, _n, _c: _is_gtin(i.prod.texto("cEAN")) and i.prod.texto("cEANTrib") == "SEM GTIN"),
        item("I12-40", 886, "GTIN da unidade tributável informado, mas não informado o GTIN", AMBOS, lambda i, _n, _c: _is_gtin(i.prod.texto("cEANTrib")) and i.prod.texto("cEAN") == "SEM GTIN"),
        item("I12-60", 888, "GTIN da unidade tributável (cEANTrib) sem informação", AMBOS, lambda i, n, _c: n.crt != "4" and not i.prod.texto("cEANTrib")),
        item("I17-10", 483, "Valor do desconto maior que valor do produto", AMBOS, lambda i, _n, _c: i.prod.valor("vDesc") > i.prod.valor("vProd")),
        item("I50-10", 336, "Informado o grupo de exportação no item em operação que não é com exterior", SO_NFE, lambda i, n, _c: i.prod.tem("detExport") and n.id_dest != "3", prioridade=2),
        item("J01-10", 736, "NFC-e com grupo de Veículos novos", SO_NFCE, lambda i, _n, _c: i.prod.tem("veicProd")),
        item("L01-10", 738, "NFC-e com grupo de Armamentos", SO_NFCE, lambda i, _n, _c: i.prod.tem("arma")),
    ),
)  # fmt: skip
