"""A second pair of eyes on a finished NF-e: plain arithmetic over the XML, sharing no code with the product.

It reads the text with the standard library and recomputes what a fiscal auditor would with a pocket calculator. Each
finding is a sentence; no finding means that the amounts agree.
"""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from xml.etree import ElementTree

CENTAVO = Decimal("0.01")
NS = "{http://www.portalfiscal.inf.br/nfe}"
SOMAS_ICMSTOT = {
    "vBC": "ICMS/*/vBC", "vICMS": "ICMS/*/vICMS", "vICMSDeson": "ICMS/*/vICMSDeson", "vFCP": "ICMS/*/vFCP",
    "vBCST": "ICMS/*/vBCST", "vST": "ICMS/*/vICMSST", "vFCPST": "ICMS/*/vFCPST", "vFCPSTRet": "ICMS/*/vFCPSTRet",
    "vFCPUFDest": "ICMSUFDest/vFCPUFDest", "vICMSUFDest": "ICMSUFDest/vICMSUFDest",
    "vICMSUFRemet": "ICMSUFDest/vICMSUFRemet", "vII": "II/vII", "vIPI": "IPI/IPITrib/vIPI",
    "vPIS": "PIS/*/vPIS", "vCOFINS": "COFINS/*/vCOFINS",
}  # fmt: skip
SOMAS_IBSCBS = {
    "vBCIBSCBS": "gIBSCBS/vBC", "gIBS/gIBSUF/vIBSUF": "gIBSCBS/gIBSUF/vIBSUF", "gIBS/vIBS": "gIBSCBS/vIBS",
    "gIBS/gIBSMun/vIBSMun": "gIBSCBS/gIBSMun/vIBSMun", "gCBS/vCBS": "gIBSCBS/gCBS/vCBS",
}  # fmt: skip
_NO_VNF = ("vST", "vFCPST", "vFrete", "vSeg", "vOutro", "vII", "vIPI", "vIPIDevol", "vICMSMonoReten")


def examine(texto: bytes) -> list[str]:
    """What does not add up; empty when everything does."""
    raiz = ElementTree.fromstring(texto)  # noqa: S314 - a document of our own archive
    inf = raiz if raiz.tag == f"{NS}infNFe" else raiz.find(f"{NS}infNFe")
    assert inf is not None
    return examine_group(inf)


def examine_group(inf: ElementTree.Element) -> list[str]:
    """The same, of an infNFe that is read already."""
    itens = inf.findall(f"{NS}det")
    return [*_totals(inf, itens), *_payments(inf), *_ibs_cbs(inf, itens)] + [
        f"item {item.get('nItem')}: {achado}" for item in itens for achado in _item(item)
    ]


def examine_totals(texto: bytes) -> list[str]:
    """Only the totals: what holds for any document, however odd the rates that the caller asked for."""
    raiz = ElementTree.fromstring(texto)  # noqa: S314 - a document of our own archive
    itens = raiz.findall(f"{NS}det")
    return [*_totals(raiz, itens), *_ibs_cbs(raiz, itens)]


@cache
def _path(caminho: str) -> str:
    return "/".join(parte if parte == "*" else f"{NS}{parte}" for parte in caminho.split("/"))


def amount(no: ElementTree.Element | None, caminho: str) -> Decimal:
    """The sum of the amounts at a path; zero where there is none."""
    achados = [] if no is None else no.findall(_path(caminho))
    return sum((Decimal(a.text or "0") for a in achados), Decimal(0))


def has(no: ElementTree.Element, caminho: str) -> bool:
    return no.find(_path(caminho)) is not None


def _differs(um: Decimal, outro: Decimal, folga: Decimal = Decimal(0)) -> bool:
    return abs(um - outro) > folga


def _cents(valor: Decimal) -> Decimal:
    return valor.quantize(CENTAVO, ROUND_HALF_UP)


def _totals(inf: ElementTree.Element, itens: list[ElementTree.Element]) -> Iterator[str]:
    total = inf.find(_path("total/ICMSTot"))
    assert total is not None
    compoem = [item for item in itens if amount(item, "prod/indTot") == 1]
    esperados = {
        "vProd": sum((amount(i, "prod/vProd") for i in compoem), Decimal(0)),
        "vIPIDevol": sum((amount(i, "impostoDevol/IPI/vIPIDevol") for i in itens), Decimal(0)),
        **{
            tag: sum((amount(i, f"prod/{tag}") for i in itens), Decimal(0))
            for tag in ("vFrete", "vSeg", "vDesc", "vOutro")
        },
        **{
            tag: sum((amount(i, f"imposto/{caminho}") for i in itens), Decimal(0))
            for tag, caminho in SOMAS_ICMSTOT.items()
        },
    }
    for tag, esperado in esperados.items():
        if _differs(amount(total, tag), esperado):
            yield f"total {tag} {amount(total, tag)}, soma {esperado}"
    deduz = sum(
        (
            amount(grupo, "vICMSDeson")
            for item in itens
            for grupo in item.findall(_path("imposto/ICMS/*"))
            if amount(grupo, "indDeduzDeson") == 1
        ),
        Decimal(0),
    )
    nota = (
        amount(total, "vProd") - amount(total, "vDesc") - deduz + sum(amount(total, tag) for tag in _NO_VNF)
    )
    if _differs(amount(total, "vNF"), nota):
        yield f"vNF {amount(total, 'vNF')}, conta {nota}"


def _payments(inf: ElementTree.Element) -> Iterator[str]:
    formas = {pagamento.findtext(f"{NS}tPag") for pagamento in inf.findall(_path("pag/detPag"))}
    pago = amount(inf, "pag/detPag/vPag") - amount(inf, "pag/vTroco")
    if formas == {"90"}:
        if pago:
            yield f"sem pagamento, e pagos {pago}"
    elif _differs(pago, amount(inf, "total/ICMSTot/vNF")):
        yield f"pagos {pago}, nota {amount(inf, 'total/ICMSTot/vNF')}"


def _ibs_cbs(inf: ElementTree.Element, itens: list[ElementTree.Element]) -> Iterator[str]:
    total = inf.find(_path("total/IBSCBSTot"))
    grupos = [g for item in itens for g in item.findall(_path("imposto/IBSCBS"))]
    if total is None:
        if grupos:
            yield "há IBS/CBS nos itens e não no total"
        return
    for tag, caminho in SOMAS_IBSCBS.items():
        soma = sum((amount(g, caminho) for g in grupos), Decimal(0))
        if _differs(amount(total, tag), soma):
            yield f"total {tag} {amount(total, tag)}, soma {soma}"


def _item(item: ElementTree.Element) -> Iterator[str]:
    prod = item.find(_path("prod"))
    imposto = item.find(_path("imposto"))
    assert prod is not None
    assert imposto is not None
    bruto = amount(prod, "qCom") * amount(prod, "vUnCom")
    if _differs(amount(prod, "vProd"), _cents(bruto), CENTAVO):
        yield f"vProd {amount(prod, 'vProd')}, quantidade por preço {bruto}"
    for grupo in imposto.findall(_path("ICMS/*")):
        yield from _icms(grupo)
    for nome, taxa in (("PIS", "pPIS"), ("COFINS", "pCOFINS")):
        for grupo in imposto.findall(_path(f"{nome}/*")):
            yield from _percentage(grupo, "vBC", taxa, f"v{nome}")
    for grupo in imposto.findall(_path("IPI/IPITrib")):
        yield from _percentage(grupo, "vBC", "pIPI", "vIPI")
    for grupo in imposto.findall(_path("IBSCBS/gIBSCBS")):
        for esfera, taxa, valor in (
            ("gIBSUF", "pIBSUF", "vIBSUF"),
            ("gIBSMun", "pIBSMun", "vIBSMun"),
            ("gCBS", "pCBS", "vCBS"),
        ):
            yield from _share(grupo, esfera, taxa, valor)
        if _differs(amount(grupo, "vIBS"), amount(grupo, "gIBSUF/vIBSUF") + amount(grupo, "gIBSMun/vIBSMun")):
            yield "vIBS não é a soma de UF e município"


def _icms(grupo: ElementTree.Element) -> Iterator[str]:
    if not has(grupo, "vICMSOp"):
        yield from _percentage(grupo, "vBC", "pICMS", "vICMS")
    else:
        yield from _percentage(grupo, "vBC", "pICMS", "vICMSOp")
        if _differs(amount(grupo, "vICMS"), amount(grupo, "vICMSOp") - amount(grupo, "vICMSDif")):
            yield "vICMS não é o da operação menos o diferido"
    if has(grupo, "pFCP"):
        base = "vBCFCP" if has(grupo, "vBCFCP") else "vBC"
        yield from _percentage(grupo, base, "pFCP", "vFCP")
    if has(grupo, "pFCPST"):
        yield from _percentage(grupo, "vBCFCPST", "pFCPST", "vFCPST", amount(grupo, "vFCP"))
    if has(grupo, "pICMSST") and has(grupo, "vICMS"):
        yield from _percentage(grupo, "vBCST", "pICMSST", "vICMSST", amount(grupo, "vICMS"))


def _percentage(
    grupo: ElementTree.Element, base: str, taxa: str, valor: str, menos: Decimal = Decimal(0)
) -> Iterator[str]:
    if not has(grupo, taxa):
        return
    conta = _cents(amount(grupo, base) * amount(grupo, taxa) / 100) - menos
    if _differs(amount(grupo, valor), max(conta, Decimal(0)), CENTAVO):
        yield f"{valor} {amount(grupo, valor)}, conta {conta}"


def _share(grupo: ElementTree.Element, esfera: str, taxa: str, valor: str) -> Iterator[str]:
    no = grupo.find(_path(esfera))
    if no is None:
        return
    efetiva = amount(no, "gRed/pAliqEfet") if has(no, "gRed") else amount(no, taxa)
    conta = amount(grupo, "vBC") * efetiva / 100 - amount(no, "gDif/vDif")
    if _differs(amount(no, valor), conta, CENTAVO):
        yield f"{valor} {amount(no, valor)}, conta {conta}"
