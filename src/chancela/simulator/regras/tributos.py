"""Groups O to UA: IPI, II, PIS, COFINS, ISSQN and the group of returned taxes."""

from chancela.simulator.nota import Item, Nota
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
from chancela.simulator.tabelas import MUNICIPIO_EXTERIOR, municipios, paises

_FAIXAS = {
    "02": range(301, 400), "52": range(301, 400), "04": range(1, 100), "54": range(1, 100), "05": range(101, 200), "55": range(101, 200),
}  # fmt: skip
_REDUCAO_OU_OUTROS = (*range(601, 609), 999)


def _exempt(n: Nota) -> bool:
    return n.fin_nfe in ("5", "6") or n.ide.grupo("gCompraGov").texto("tpOperGov") == "2"


def _framing(i: Item, _n: Nota, _c: Contexto) -> Veredito:
    """cEnq by the range of its CST: exemption, immunity, suspension; reduction or other for the rest (IN RFB 2121)."""
    ipi = i.imposto.grupo("IPI")
    codigo = ipi.texto("cEnq")
    if not ipi or not codigo.isdigit():
        return False
    cst = (ipi.grupo("IPITrib") or ipi.grupo("IPINT")).texto("CST")
    return int(codigo) not in _FAIXAS.get(cst, _REDUCAO_OU_OUTROS)


def _city_unknown(i: Item, tag: str) -> Veredito:
    return (
        i.issqn.tem(tag)
        and i.issqn.texto(tag) not in municipios()
        and i.issqn.texto(tag) != MUNICIPIO_EXTERIOR
    )


GRUPO = GrupoRegras(
    "O-U",
    (
        item("O01-10", 742, "NFC-e com grupo do IPI", SO_NFCE, lambda i, _n, _c: i.imposto.tem("IPI"), so_com="IPI"),
        item("O09-10", 388, "Código de Situação Tributária do IPI incompatível com o Código de Enquadramento Legal do IPI", SO_NFE, _framing, prioridade=2, so_com="IPI"),
        item("P01-10", 743, "NFC-e com grupo do II", SO_NFCE, lambda i, _n, _c: i.imposto.tem("II"), so_com="II"),
        item("Q01-20", 745, "NF-e sem grupo do PIS", SO_NFE, lambda i, n, _c: not i.imposto.tem("PIS") and not _exempt(n)),
        item("R01-10", 746, "NFC-e com grupo do PIS-ST", SO_NFCE, lambda i, _n, _c: i.imposto.tem("PISST"), so_com="PISST"),
        item("S01-20", 748, "NF-e sem grupo da COFINS", SO_NFE, lambda i, n, _c: not i.imposto.tem("COFINS") and not _exempt(n)),
        item("T01-10", 749, "NFC-e com grupo da COFINS-ST", SO_NFCE, lambda i, _n, _c: i.imposto.tem("COFINSST"), so_com="COFINSST"),
        item("U01-10", 530, "Operação com tributação de ISSQN sem informar a Inscrição Municipal", AMBOS, lambda i, n, _c: bool(i.issqn) and not n.emit.tem("IM"), so_com="ISSQN"),
        nota("U01-20", 592, "A NF-e deve ter pelo menos um item de produto sujeito ao ICMS.", AMBOS, lambda n, _c: all(i.issqn for i in n.itens), prioridade=2, ativa=False, so_com="ISSQN"),
        item("U05-10", 287, "Código Município do Fato Gerador de ISSQN inexistente", AMBOS, lambda i, _n, _c: _city_unknown(i, "cMunFG"), prioridade=2, so_com="ISSQN"),
        item("U14-10", 389, "Código Município ISSQN inexistente", AMBOS, lambda i, _n, _c: _city_unknown(i, "cMun"), prioridade=3, so_com="ISSQN"),
        item("U15-10", 739, "Código de País do ISSQN Inexistente", AMBOS, lambda i, _n, _c: i.issqn.tem("cPais") and i.issqn.texto("cPais").lstrip("0") not in paises(), prioridade=3, so_com="ISSQN"),
        item("UA01-10", 354, "Informado grupo de devolução de tributos para NF-e que não tem finalidade de devolução de mercadoria", SO_NFE, lambda i, n, _c: i.det.tem("impostoDevol") and n.fin_nfe != "4", so_com="impostoDevol"),
        item("UA01-20", 390, "Nota Fiscal com grupo de devolução de Tributos", SO_NFCE, lambda i, _n, _c: i.det.tem("impostoDevol"), so_com="impostoDevol"),
    ),
)  # fmt: skip
