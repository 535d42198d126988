"""Groups I (import, export, batches), K, L and LB: what only some kinds of product carry (MOC 7.0, Anexo I)."""

from datetime import date, timedelta
from decimal import Decimal

from chancela.simulator.nota import Item, Nota
from chancela.simulator.regras.contas import cnpj_ok, cpf_ok, key_digit, total
from chancela.simulator.regras.modelo import AMBOS, SO_NFCE, SO_NFE, Contexto, GrupoRegras, Veredito, item
from chancela.simulator.regras.referencias import reference_keys
from chancela.simulator.tabelas import Combustivel, cfops, combustiveis
from chancela.simulator.xml import Grupo

_CINCO_ANOS = timedelta(days=5 * 366)
_CEM = Decimal(100)
_GLP = "210203001"
_IMPORTACAO_DRAWBACK = ("3127", "3211")
_EXPORTACAO_DRAWBACK = ("7127", "7211")
_EXPORTACAO_INDIRETA = ("3503", "7501")
_CFOP_BOMBA = ("5656", "5667")
_POR_ENCOMENDA = ("2", "3")
_MARITIMA = "1"


def _declarations(i: Item) -> list[Grupo]:
    return i.prod.grupos("DI")


def _third_party_wrong(di: Grupo) -> bool:
    return (di.tem("CNPJ") and not cnpj_ok(di.texto("CNPJ"))) or (
        di.tem("CPF") and not cpf_ok(di.texto("CPF"))
    )


def _bad_clearance(i: Item, _n: Nota, c: Contexto) -> Veredito:
    hoje = c.agora.date()
    datas = [date.fromisoformat(di.texto("dDesemb")) for di in _declarations(i) if di.tem("dDesemb")]
    return any(dia > hoje or hoje - dia > _CINCO_ANOS for dia in datas)


def _import_without_drawback(i: Item, _n: Nota, _c: Contexto) -> Veredito:
    adicoes = [adi for di in _declarations(i) for adi in di.grupos("adi")]
    return i.cfop in _IMPORTACAO_DRAWBACK and not any(adi.tem("nDraw") for adi in adicoes)


def _exports(i: Item) -> list[Grupo]:
    return i.prod.grupos("detExport")


def _indirect_keys(i: Item) -> list[str]:
    return [g.grupo("exportInd").texto("chNFe") for g in _exports(i) if g.tem("exportInd")]


def _not_referred(i: Item, n: Nota, _c: Contexto) -> Veredito:
    referidas = {chave for _, chave in reference_keys(n)}
    return any(chave not in referidas for chave in _indirect_keys(i))


def _exported_amount(i: Item, _n: Nota, _c: Contexto) -> Veredito:
    quantidades = [g.grupo("exportInd").valor("qExport") for g in _exports(i) if g.tem("exportInd")]
    return bool(quantidades) and total(quantidades) != i.prod.valor("qCom")


def _batches(i: Item) -> list[Grupo]:
    return i.prod.grupos("rastro")


def _made_in_future(i: Item, _n: Nota, c: Contexto) -> Veredito:
    return any(g.texto("dFab") > c.agora.date().isoformat() for g in _batches(i))


def _fuel(i: Item) -> Grupo:
    return i.prod.grupo("comb")


def _product(i: Item) -> Combustivel | None:
    """The fuel of the item in the table of the ANP."""
    return combustiveis().get(_fuel(i).texto("cProdANP"))


def _fuel_movement(i: Item) -> bool:
    linha = cfops().get(i.cfop)
    return linha is not None and linha.combustivel


def _fuel_class_without_group(i: Item, _n: Nota, _c: Contexto) -> Veredito:
    classe = i.ibscbs.texto("cClassTrib")
    return (classe == "410013" or classe.startswith("620")) and not _fuel(i)


def _gas_shares(i: Item) -> list[Decimal]:
    return [_fuel(i).valor(tag) for tag in ("pGLP", "pGNn", "pGNi") if _fuel(i).tem(tag)]


def _is_glp(i: Item) -> bool:
    return _fuel(i).texto("cProdANP") == _GLP


def _meter_backwards(i: Item, _n: Nota, _c: Contexto) -> Veredito:
    g = _fuel(i).grupo("encerrante")
    return bool(g) and g.valor("vEncFin") <= g.valor("vEncIni")


def _origin_sum(i: Item, _n: Nota, _c: Contexto) -> Veredito:
    origens = _fuel(i).grupos("origComb")
    return bool(origens) and not _is_glp(i) and total(o.valor("pOrig") for o in origens) != _CEM


def _against_table(i: Item, campo: str, tag: str, *, presente: bool) -> Veredito:
    """Whether `tag` is there though the table says the product has none, or missing though it says it has."""
    linha = _product(i)
    previsto = None if linha is None else getattr(linha, campo)
    if previsto is None:
        return False
    return _fuel(i).tem(tag) and not previsto if presente else previsto and not _fuel(i).tem(tag)


GRUPO = GrupoRegras(
    "I-L",
    (
        item("I23-10", 376, "Data do Desembaraço Aduaneiro inválida", SO_NFE, _bad_clearance, prioridade=3, so_com="DI"),
        item("I23b-10", 330, "Informar o Valor da AFRMM na importação por via marítima", SO_NFE, lambda i, _n, _c: any(di.texto("tpViaTransp") == _MARITIMA and not di.tem("vAFRMM") for di in _declarations(i)), prioridade=2, so_com="DI"),
        item("I23d-10", 331, "Informar o CNPJ ou CPF do adquirente ou do encomendante nesta forma de importação", SO_NFE, lambda i, _n, _c: any(di.texto("tpIntermedio") in _POR_ENCOMENDA and not di.tem("CNPJ") and not di.tem("CPF") for di in _declarations(i)), prioridade=2, so_com="DI"),
        item("I23d-20", 332, "CNPJ/CPF do adquirente ou do encomendante da importação inválido", SO_NFE, lambda i, _n, _c: any(_third_party_wrong(di) for di in _declarations(i)), prioridade=2, so_com="DI"),
        item("I23e-10", 333, "Informar a UF do adquirente ou do encomendante nesta forma de importação", SO_NFE, lambda i, _n, _c: any(di.texto("tpIntermedio") in _POR_ENCOMENDA and not di.tem("UFTerceiro") for di in _declarations(i)), prioridade=2, so_com="DI"),
        item("I29a-10", 334, "Número do processo de drawback não informado na importação", SO_NFE, _import_without_drawback, prioridade=2),
        item("I50-10", 336, "Informado o grupo de exportação no item em operação que não é com exterior", AMBOS, lambda i, n, _c: bool(_exports(i)) and n.id_dest != "3", prioridade=2, so_com="detExport"),
        item("I51-10", 338, "Número do processo de drawback não informado na exportação", SO_NFE, lambda i, _n, _c: i.cfop in _EXPORTACAO_DRAWBACK and not any(g.tem("nDraw") for g in _exports(i)), prioridade=2),
        item("I52-10", 340, "Não informado o grupo de exportação indireta no item", SO_NFE, lambda i, _n, _c: i.cfop in _EXPORTACAO_INDIRETA and not _indirect_keys(i), prioridade=3),
        item("I54-10", 342, "Chave de Acesso informada na Exportação Indireta com DV inválido", SO_NFE, lambda i, _n, _c: any(key_digit(k[:43]) != k[43] for k in _indirect_keys(i)), prioridade=3, so_com="exportInd"),
        item("I54-20", 343, "Modelo da NF-e informada na Exportação Indireta diferente de 55", SO_NFE, lambda i, _n, _c: any(k[20:22] != "55" for k in _indirect_keys(i)), prioridade=3, so_com="exportInd"),
        item("I54-30", 344, "Duplicidade de NF-e informada na Exportação Indireta (Chave de Acesso informada mais de uma vez)", SO_NFE, lambda i, _n, _c: len(_indirect_keys(i)) != len(set(_indirect_keys(i))), prioridade=3, so_com="exportInd"),
        item("I54-40", 345, "Chave de Acesso informada na Exportação Indireta não consta como NF-e referenciada", SO_NFE, _not_referred, prioridade=3, so_com="exportInd"),
        item("I55-10", 346, "Somatório das quantidades informadas na Exportação Indireta não corresponde a quantidade total do item", SO_NFE, _exported_amount, prioridade=3, so_com="exportInd"),
        item("I83-10", 877, "Data de fabricação maior que a data de processamento", AMBOS, _made_in_future, prioridade=2, so_com="rastro"),
        item("I84-10", 870, "Data de validade incompatível com data de fabricação", AMBOS, lambda i, _n, _c: any(g.texto("dVal") < g.texto("dFab") for g in _batches(i)), prioridade=2, so_com="rastro"),
        item("J01-10", 736, "NFC-e com grupo de Veículos novos", SO_NFCE, lambda i, _n, _c: i.prod.tem("veicProd"), so_com="veicProd"),
        item("K01-20", 873, "Operação com medicamentos e não informado os campos de rastreabilidade", SO_NFE, lambda i, _n, _c: i.prod.tem("med") and not _batches(i), prioridade=2, so_com="med"),
        item("L01-10", 738, "NFC-e com grupo de Armamentos", SO_NFCE, lambda i, _n, _c: i.prod.tem("arma"), so_com="arma"),
        item("LA01-20", 660, "CFOP de Combustível e não informado grupo de combustível da NF-e", AMBOS, lambda i, _n, _c: _fuel_movement(i) and not _fuel(i), prioridade=2),
        item("LA01-30", 1106, "Não informado grupo de combustível para cClassTrib de Combustível", AMBOS, _fuel_class_without_group, prioridade=2),
        item("LA02-10", 761, "Código de Produto ANP inexistente", AMBOS, lambda i, _n, _c: bool(_fuel(i)) and _product(i) is None, prioridade=2, so_com="comb"),
        item("LA03c-10", 461, "Informado campos de percentual de GLP e/ou GLGNn e/ou GLGNi para produto diferente de GLP", AMBOS, lambda i, _n, _c: bool(_gas_shares(i)) and not _is_glp(i), prioridade=2, so_com="comb"),
        item("LA03c-20", 855, "Somatório percentuais de GLP derivado do petróleo, GLGNn e GLGNi diferente de 100", AMBOS, lambda i, _n, _c: _is_glp(i) and total(_gas_shares(i)) != _CEM, prioridade=2, so_com="comb"),
        item("LA11-10", 378, "Grupo de Combustível sem a informação de Encerrante", SO_NFCE, lambda i, _n, _c: i.cfop in _CFOP_BOMBA and bool(_fuel(i)) and not _fuel(i).tem("encerrante"), prioridade=3, ativa=False, so_com="comb"),
        item("LA11-20", 379, "Grupo de Encerrante na NF-e (modelo 55) para CFOP diferente de venda de combustível para consumidor final", SO_NFE, lambda i, _n, _c: _fuel(i).tem("encerrante") and i.cfop not in _CFOP_BOMBA, prioridade=3, so_com="encerrante"),
        item("LA16-10", 380, "Valor do Encerrante final não é superior ao Encerrante inicial", AMBOS, _meter_backwards, prioridade=3, so_com="encerrante"),
        item("LA17-10", 907, "Grupo de combustível não pode ter o índice de mistura do Biocombustível.", AMBOS, lambda i, _n, _c: _against_table(i, "biodiesel", "pBio", presente=True), prioridade=3, so_com="comb"),
        item("LA17-20", 908, "Obrigatório o preenchimento do índice de mistura do Biocombustível.", SO_NFE, lambda i, _n, _c: _against_table(i, "biodiesel", "pBio", presente=False), prioridade=3, ativa=False, so_com="comb"),
        item("LA18-10", 909, "Obrigatório o preenchimento do grupo de UF de origem do combustível", AMBOS, lambda i, _n, _c: _against_table(i, "origem", "origComb", presente=False), prioridade=3, ativa=False, so_com="comb"),
        item("LA18-30", 747, "Não permitido o preenchimento do grupo de UF de origem do combustível", AMBOS, lambda i, _n, _c: _against_table(i, "origem", "origComb", presente=True), prioridade=3, so_com="origComb"),
        item("LA21-10", 958, "Somatório dos percentuais originários para a UF do combustível diverge de 100.", AMBOS, _origin_sum, prioridade=3, so_com="origComb"),
        item("LB01-10", 348, "NFC-e com grupo RECOPI", SO_NFCE, lambda i, _n, _c: i.prod.tem("nRECOPI"), prioridade=2, so_com="nRECOPI"),
    ),
)  # fmt: skip
