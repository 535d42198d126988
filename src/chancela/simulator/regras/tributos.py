"""Groups O to UA: IPI, II, PIS, COFINS, ISSQN and the group of returned taxes."""

from chancela.simulator.nota import Nota
from chancela.simulator.regras.modelo import AMBOS, SO_NFCE, SO_NFE, GrupoRegras, item


def _exempt(n: Nota) -> bool:
    return n.fin_nfe in ("5", "6") or n.ide.grupo("gCompraGov").texto("tpOperGov") == "2"


GRUPO = GrupoRegras(
    "O-U",
    (
        item("O01-10", 742, "NFC-e com grupo do IPI", SO_NFCE, lambda i, _n, _c: i.imposto.tem("IPI")),
        item("P01-10", 743, "NFC-e com grupo do II", SO_NFCE, lambda i, _n, _c: i.imposto.tem("II")),
        item("Q01-20", 745, "NF-e sem grupo do PIS", SO_NFE, lambda i, n, _c: not i.imposto.tem("PIS") and not _exempt(n)),
        item("R01-10", 746, "NFC-e com grupo do PIS-ST", SO_NFCE, lambda i, _n, _c: i.imposto.tem("PISST")),
        item("S01-20", 748, "NF-e sem grupo da COFINS", SO_NFE, lambda i, n, _c: not i.imposto.tem("COFINS") and not _exempt(n)),
        item("T01-10", 749, "NFC-e com grupo da COFINS-ST", SO_NFCE, lambda i, _n, _c: i.imposto.tem("COFINSST")),
        item("U01-10", 530, "Operação com tributação de ISSQN sem informar a Inscrição Municipal", AMBOS, lambda i, n, _c: bool(i.issqn) and not n.emit.tem("IM")),
        item("UA01-10", 354, "Informado grupo de devolução de tributos para NF-e que não tem finalidade de devolução de mercadoria", SO_NFE, lambda i, n, _c: i.det.tem("impostoDevol") and n.fin_nfe != "4"),
        item("UA01-20", 390, "Nota Fiscal com grupo de devolução de Tributos", SO_NFCE, lambda i, _n, _c: i.det.tem("impostoDevol")),
    ),
)  # fmt: skip
