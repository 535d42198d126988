"""Groups BA and VC: documents that the note refers to, as a whole and item by item (MOC 7.0, Anexo I; NT 2025.002)."""

from collections.abc import Callable, Iterator
from datetime import date

from chancela.simulator.nota import Item, Nota
from chancela.simulator.regras.contas import cnpj_ok, cpf_ok, key_digit, key_issuer_ok
from chancela.simulator.regras.emitente import ie_ok
from chancela.simulator.regras.modelo import (
    SO_NFCE,
    SO_NFE,
    Contexto,
    GrupoRegras,
    Regra,
    Veredito,
    item,
    nota,
)
from chancela.simulator.tabelas import UF_DO_CODIGO
from chancela.simulator.xml import Grupo

INICIO_REFERENCIA_POR_ITEM = date(2026, 11, 3)
CFOP_SEM_REFERENCIA = frozenset(["1201", "1202", "1410", "1411", "5921", "6921"])
_ANOS_PAPEL = 20
_TPEMIS_POSSIVEIS = frozenset("12345679")
FalhaChave = Callable[[str, Nota, Contexto], bool]


def reference_keys(n: Nota, tag: str = "refNFe") -> Iterator[tuple[int, str]]:
    """Occurrence (from 1) and key of each reference of a kind."""
    for ocorrencia, referencia in enumerate(n.referencias, 1):
        if referencia.tem(tag):
            yield ocorrencia, referencia.texto(tag)


def _key(
    codigo: str, c_stat: int, mensagem: str, falha: FalhaChave, *, tag: str = "refNFe", prioridade: int = 1
) -> Regra:
    """A rule over each key of a kind of reference; the message names the first occurrence that fails."""

    def judge(n: Nota, c: Contexto) -> Veredito:
        for ocorrencia, chave in reference_keys(n, tag):
            if falha(chave, n, c):
                return f"nOcor: {ocorrencia}"
        return False

    return nota(codigo, c_stat, mensagem, SO_NFE, judge, prioridade=prioridade, so_com=tag)


def _paper(
    codigo: str, c_stat: int, mensagem: str, tag: str, falha: Callable[[Grupo, Contexto], bool]
) -> Regra:
    """A rule over each paper document (refNF, refNFP)."""

    def judge(n: Nota, c: Contexto) -> Veredito:
        for ocorrencia, referencia in enumerate(n.referencias, 1):
            if referencia.tem(tag) and falha(referencia.grupo(tag), c):
                return f"nOcor: {ocorrencia}"
        return False

    return nota(codigo, c_stat, mensagem, SO_NFE, judge, prioridade=3, so_com=tag)


def _repeated(
    codigo: str, c_stat: int, mensagem: str, tag: str, campos: tuple[str, ...], prioridade: int = 3
) -> Regra:
    """The same document twice: the text of the reference itself, or of the fields that identify it."""

    def judge(n: Nota, _c: Contexto) -> Veredito:
        vistas: set[tuple[str, ...]] = set()
        for ocorrencia, referencia in enumerate(n.referencias, 1):
            if not referencia.tem(tag):
                continue
            grupo = referencia.grupo(tag)
            marca = tuple(grupo.texto(c) for c in campos) or (grupo.texto_proprio,)
            if marca in vistas:
                return f"nOcor: {ocorrencia}"
            vistas.add(marca)
        return False

    return nota(codigo, c_stat, mensagem, SO_NFE, judge, prioridade=prioridade, so_com=tag)


def _wrong_digit(chave: str, _n: Nota, _c: Contexto) -> bool:
    return key_digit(chave[:43]) != chave[43]


def _wrong_uf(chave: str, _n: Nota, _c: Contexto) -> bool:
    return chave[:2] not in UF_DO_CODIGO


def _wrong_month(chave: str, _n: Nota, c: Contexto) -> bool:
    return not 6 <= int(chave[2:4]) <= c.agora.year % 100 or not 1 <= int(chave[4:6]) <= 12


def _no_number(chave: str, _n: Nota, _c: Contexto) -> bool:
    return int(chave[25:34]) == 0


def _wrong_issuer(chave: str, _n: Nota, _c: Contexto) -> bool:
    return not key_issuer_ok(chave)


def _impossible_mode(chave: str, _n: Nota, _c: Contexto) -> bool:
    return chave[20:22] in ("55", "65") and chave[2:6] > "1104" and chave[34] not in _TPEMIS_POSSIVEIS


def _old_or_future(papel: Grupo, c: Contexto) -> bool:
    """AAMM of a paper document: not older than twenty years, not after this month."""
    aamm = papel.texto("AAMM")
    seculo = 2000 if int(aamm[:2]) <= c.agora.year % 100 else 1900
    mes = (seculo + int(aamm[:2])) * 12 + int(aamm[2:])
    atual = c.agora.year * 12 + c.agora.month
    return mes > atual or atual - mes > _ANOS_PAPEL * 12


def _ie_wrong(papel: Grupo, _c: Contexto) -> bool:
    ie, uf = papel.texto("IE"), UF_DO_CODIGO.get(papel.texto("cUF"), "")
    return ie != "ISENTO" and not ie_ok(uf, ie)


def _internal_paper(n: Nota, _c: Contexto) -> Veredito:
    return n.id_dest != "1" and any(r.tem("refECF") or r.tem("refNF") for r in n.referencias)


def _natural_of(chave: str) -> str:
    return chave[:2] + chave[6:34]


GRUPO = GrupoRegras(
    "BA",
    (
        nota("BA01-10", 708, "NFC-e não pode referenciar documento fiscal", SO_NFCE, lambda n, _c: bool(n.referencias), so_com="NFref"),
        _key("BA02-10", 547, "Chave de Acesso referenciada com Dígito Verificador inválido", _wrong_digit),
        _key("BA02-14", 522, "Chave de Acesso referenciada com UF inválida", _wrong_uf, prioridade=2),
        _key("BA02-20", 524, "Chave de Acesso referenciada com Ano-Mês inválido", _wrong_month, prioridade=2),
        _key("BA02-30", 552, "Chave de Acesso referenciada com CNPJ/CPF inválido", _wrong_issuer),
        _key("BA02-34", 679, "Chave de Acesso referenciada com Modelo inválido", lambda k, _n, _c: k[20:22] not in ("55", "65", "59")),
        _key("BA02-40", 683, "Chave de Acesso referenciada com Número inválido", _no_number, prioridade=2),
        _repeated("BA02-44", 680, "Chave de Acesso referenciada em duplicidade na NF-e", "refNFe", (), 1),
        _key("BA02-50", 316, "Chave de Acesso referenciada com a mesma Chave de Acesso da Nota Fiscal atual", lambda k, n, _c: k == n.chave),
        _key("BA02-60", 953, "Chave de Acesso referenciada com tipo de emissão inválido", _impossible_mode, prioridade=3),
        nota("BA02a-10", 951, "Chave de Acesso referenciada com código numérico zerado não permitida para finalidade diferente de normal.", SO_NFE, lambda n, _c: n.fin_nfe != "1" and any(reference_keys(n, "refNFeSig")), prioridade=2, so_com="refNFeSig"),
        _key("BA02a-74", 955, "Chave de Acesso referenciada com código numérico não zerado", lambda k, _n, _c: int(k[35:43]) != 0, tag="refNFeSig", prioridade=3),
        _key("BA02a-100", 952, "Chave de Acesso referenciada com a mesma Chave Natural da Nota Fiscal atual", lambda k, n, _c: _natural_of(k) == _natural_of(n.chave), tag="refNFeSig", prioridade=3),
        _repeated("BA03-10", 681, "Duplicidade de NF Modelo 1 referenciada (CNPJ, Modelo, Série e Número)", "refNF", ("CNPJ", "mod", "serie", "nNF")),
        _paper("BA05-10", 317, "NF modelo 1 referenciada com data de emissão inválida", "refNF", _old_or_future),
        _paper("BA06-10", 548, "NF modelo 1 referenciada com data de emissão inválida", "refNF", lambda g, _c: not cnpj_ok(g.texto("CNPJ"))),
        _repeated("BA10-10", 682, "Duplicidade de NF de Produtor referenciada (IE, Modelo, Série e Número)", "refNFP", ("IE", "mod", "serie", "nNF")),
        _paper("BA12-10", 322, "NF de produtor referenciada com data de emissão inválida", "refNFP", _old_or_future),
        _paper("BA13-10", 549, "CNPJ da NF referenciada de produtor inválido", "refNFP", lambda g, _c: g.tem("CNPJ") and not cnpj_ok(g.texto("CNPJ"))),
        _paper("BA14-10", 550, "CPF da NF referenciada de produtor inválido.", "refNFP", lambda g, _c: g.tem("CPF") and not cpf_ok(g.texto("CPF"))),
        _paper("BA15-10", 551, "IE da NF referenciada de produtor inválido.", "refNFP", _ie_wrong),
        _key("BA19-10", 547, "Chave de Acesso referenciada com Dígito Verificador inválido", _wrong_digit, tag="refCTe", prioridade=2),
        _key("BA19-10/UF", 522, "Chave de Acesso referenciada com UF inválida", _wrong_uf, tag="refCTe", prioridade=2),
        _key("BA19-10/AAMM", 524, "Chave de Acesso referenciada com Ano-Mês inválido", _wrong_month, tag="refCTe", prioridade=2),
        _key("BA19-10/CNPJ", 552, "Chave de Acesso referenciada com CNPJ/CPF inválido", _wrong_issuer, tag="refCTe", prioridade=2),
        _key("BA19-10/MOD", 679, "Chave de Acesso referenciada com Modelo inválido", lambda k, _n, _c: k[20:22] != "57", tag="refCTe", prioridade=2),
        _key("BA19-10/NUM", 683, "Chave de Acesso referenciada com Número inválido", _no_number, tag="refCTe", prioridade=2),
        _repeated("BA19-10/DUP", 680, "Chave de Acesso referenciada em duplicidade na NF-e", "refCTe", (), 2),
        _repeated("BA20-10", 684, "Duplicidade de Cupom Fiscal referenciado (Modelo, Número de Ordem e COO)", "refECF", ("mod", "nECF", "nCOO")),
        nota("BA20-20", 923, "Referenciado documento de operação interna em operação interestadual ou com o exterior", SO_NFE, _internal_paper, prioridade=3, so_com="NFref"),
    ),
)  # fmt: skip


def _of_item(i: Item) -> Grupo:
    return i.det.grupo("DFeReferenciado")


def _debit(n: Nota) -> str:
    return n.ide.texto("tpNFDebito")


def _item_without_reference(i: Item, n: Nota, _c: Contexto) -> Veredito:
    """Once a return refers item by item, every item does; the CFOPs that need no reference are left alone."""
    por_item = n.fin_nfe == "4" and not n.referencias and any(_of_item(outro) for outro in n.itens)
    return por_item and not _of_item(i) and i.cfop not in CFOP_SEM_REFERENCIA


def _repeated_item(i: Item, n: Nota, _c: Contexto) -> Veredito:
    marca = (_of_item(i).texto("chaveAcesso"), _of_item(i).texto("nItem"))
    if not all(marca):
        return False
    return any(
        (_of_item(outro).texto("chaveAcesso"), _of_item(outro).texto("nItem")) == marca
        for outro in n.itens
        if int(outro.numero) < int(i.numero)
    )


def _several_documents(i: Item, n: Nota, _c: Contexto) -> Veredito:
    """Returns and the debit of loss may gather several documents (NT 2025.002); other notes refer to one."""
    chaves = {_of_item(outro).texto("chaveAcesso") for outro in n.itens if _of_item(outro)}
    return n.fin_nfe not in ("1", "4") and _debit(n) != "03" and len(chaves) > 1 and bool(_of_item(i))


POR_ITEM = GrupoRegras(
    "VB/VC",
    (
        item("VC02-04", 708, "NFC-e não pode referenciar documento fiscal", SO_NFCE, lambda i, _n, _c: bool(_of_item(i)), so_com="DFeReferenciado"),
        item("VC02-05", 1010, "NF-e com referenciamento de documento a nível de nota e a nível de item", SO_NFE, lambda i, n, _c: bool(_of_item(i)) and bool(n.referencias), so_com="DFeReferenciado"),
        item("VC02-07", 1042, "NF-e com referenciamento a nível de item informado indevidamente", SO_NFE, lambda i, n, _c: bool(_of_item(i)) and n.fin_nfe == "5", prioridade=2, so_com="DFeReferenciado"),
        item("VC02-10", 1038, "DFeReferenciado não informado", SO_NFE, lambda i, n, _c: _debit(n) in ("03", "04") and not _of_item(i), prioridade=2, so_com="tpNFDebito"),
        item("VC02-14", 321, "NF-e de devolução de mercadoria não possui documento fiscal referenciado", SO_NFE, _item_without_reference, inicio=INICIO_REFERENCIA_POR_ITEM, so_com="DFeReferenciado"),
        item("VC02-15", 1102, "NF-e de devolução de mercadoria com referenciamento a nível de item exige referenciamento do item da NF-e original", SO_NFE, lambda i, n, _c: n.fin_nfe == "4" and bool(_of_item(i)) and not _of_item(i).tem("nItem"), prioridade=2, so_com="DFeReferenciado"),
        item("VC02-20", 1072, "DFe/Item referenciado em duplicidade", SO_NFE, _repeated_item, prioridade=2, so_com="DFeReferenciado"),
        item("VC02-30", 1130, "Mais de um documento fiscal referenciado", SO_NFE, _several_documents, prioridade=2, so_com="DFeReferenciado"),
        item("VC03-10", 1039, "nItem do DFeReferenciado informado indevidamente", SO_NFE, lambda i, n, _c: _debit(n) == "03" and _of_item(i).tem("nItem"), prioridade=3, so_com="DFeReferenciado"),
        item("VC03-20", 1048, "nItem do DFeReferenciado não informado", SO_NFE, lambda i, n, _c: _debit(n) == "04" and bool(_of_item(i)) and not _of_item(i).tem("nItem"), prioridade=3, so_com="DFeReferenciado"),
    ),
)  # fmt: skip
