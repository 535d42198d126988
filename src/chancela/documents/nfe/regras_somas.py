"""The sums of the items that the totals must be, made in one pass and plainly, apart from the engine that wrote the totals.

What most notes have nothing of is zero in the class, so that a sum is born without one store for each of its fields.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from chancela.documents.nfe.itens import Item
from chancela.domain.tributos.resultado import Contribuicao, Icms, TributosItem
from chancela.domain.tributos.resultado_ibs_cbs import IbsCbs

ZERO = Decimal(0)
_SEM_ICMS_DEVIDO = frozenset({"40", "41", "50"})


class SomasComponente:
    """Of one component of IBS and CBS."""

    valor_diferido: Decimal = ZERO
    valor_devolvido: Decimal = ZERO
    valor: Decimal = ZERO


class SomasIbsCbs:
    """What `TotaisIbsCbs` must hold, by the same names."""

    itens: int = 0
    """How many items carry the group."""
    base_calculo: Decimal = ZERO
    valor_ibs: Decimal = ZERO
    credito_presumido_ibs: Decimal = ZERO
    credito_presumido_cbs: Decimal = ZERO

    def __init__(self) -> None:
        self.uf, self.municipio, self.cbs = SomasComponente(), SomasComponente(), SomasComponente()

    def add(self, ibs_cbs: IbsCbs) -> None:
        """Take in one item. A credit under a suspensive condition has a total of its own."""
        self.itens += 1
        grupo, credito = ibs_cbs.tributacao, ibs_cbs.credito_presumido
        if grupo is not None:
            self.base_calculo += grupo.base_calculo
            self.valor_ibs += grupo.valor_ibs
            for soma, parte in (
                (self.uf, grupo.uf),
                (self.municipio, grupo.municipio),
                (self.cbs, grupo.cbs),
            ):
                if parte.valor:
                    soma.valor += parte.valor
                if parte.diferimento is not None:
                    soma.valor_diferido += parte.diferimento.valor
                if parte.devolucao is not None:
                    soma.valor_devolvido += parte.devolucao.valor
        if credito is not None:
            if credito.ibs is not None:
                self.credito_presumido_ibs += credito.ibs.valor or ZERO
            if credito.cbs is not None:
                self.credito_presumido_cbs += credito.cbs.valor or ZERO


class SomasIcms:
    """What `TotaisIcms` must hold, by the same names, and what rule W16-10 adds to it."""

    base_calculo: Decimal = ZERO
    valor: Decimal = ZERO
    valor_desonerado: Decimal = ZERO
    valor_fcp: Decimal = ZERO
    valor_fcp_uf_destino: Decimal = ZERO
    valor_uf_destino: Decimal = ZERO
    valor_uf_remetente: Decimal = ZERO
    base_st: Decimal = ZERO
    valor_st: Decimal = ZERO
    valor_fcp_st: Decimal = ZERO
    valor_frete: Decimal = ZERO
    valor_seguro: Decimal = ZERO
    valor_desconto: Decimal = ZERO
    valor_ii: Decimal = ZERO
    valor_ipi: Decimal = ZERO
    valor_ipi_devolvido: Decimal = ZERO
    valor_pis: Decimal = ZERO
    valor_cofins: Decimal = ZERO
    valor_outras_despesas: Decimal = ZERO
    valor_aproximado_tributos: Decimal = ZERO
    mercadorias: Decimal = ZERO
    """Value of the goods that compose the total; those of services apart."""
    servicos: Decimal = ZERO
    contribuicoes_st: Decimal = ZERO
    """PIS-ST and COFINS-ST that add to the note (indSomaPISST, indSomaCOFINSST)."""

    def add(self, t: TributosItem) -> None:
        """Take in one item. Most items have nothing of most totals: what is not there is not added."""
        if t.icms is not None:
            self._add_icms(t.icms)
        if t.valor_frete:
            self.valor_frete += t.valor_frete
        if t.valor_seguro:
            self.valor_seguro += t.valor_seguro
        if t.valor_desconto:
            self.valor_desconto += t.valor_desconto
        if t.valor_outras_despesas:
            self.valor_outras_despesas += t.valor_outras_despesas
        if t.valor_aproximado_tributos:
            self.valor_aproximado_tributos += t.valor_aproximado_tributos
        if t.ipi is not None and t.ipi.valor:
            self.valor_ipi += t.ipi.valor
        if t.compoe_total:
            if t.issqn is None:
                self.mercadorias += t.valor_produto
            else:
                self.servicos += t.valor_produto
        if t.issqn is None:  # PIS and COFINS of services have totals of their own
            if t.pis is not None and t.pis.valor:
                self.valor_pis += t.pis.valor
            if t.cofins is not None and t.cofins.valor:
                self.valor_cofins += t.cofins.valor
        if t.pis_st is not None:
            self._add_st(t.pis_st)
        if t.cofins_st is not None:
            self._add_st(t.cofins_st)
        if t.ii is not None or t.ipi_devolvido is not None or t.icms_uf_destino is not None:
            self._add_raros(t)

    def _add_icms(self, icms: Icms) -> None:
        if icms.base_calculo:
            self.base_calculo += icms.base_calculo
        if icms.valor and icms.cst not in _SEM_ICMS_DEVIDO:
            self.valor += icms.valor
        if icms.valor_desonerado:
            self.valor_desonerado += icms.valor_desonerado
        if icms.valor_fcp:
            self.valor_fcp += icms.valor_fcp
        if icms.base_st:
            self.base_st += icms.base_st
        if icms.valor_st:
            self.valor_st += icms.valor_st
        if icms.valor_fcp_st:
            self.valor_fcp_st += icms.valor_fcp_st

    def _add_st(self, contribuicao: Contribuicao) -> None:
        if contribuicao.soma_no_total and contribuicao.valor:
            self.contribuicoes_st += contribuicao.valor

    def _add_raros(self, t: TributosItem) -> None:
        if t.ii is not None:
            self.valor_ii += t.ii.valor
        if t.ipi_devolvido is not None:
            self.valor_ipi_devolvido += t.ipi_devolvido.valor
        if t.icms_uf_destino is not None:
            difal = t.icms_uf_destino
            self.valor_fcp_uf_destino += difal.valor_fcp or ZERO
            self.valor_uf_destino += difal.valor_destino
            self.valor_uf_remetente += difal.valor_remetente


@dataclass(frozen=True, slots=True)
class Somas:
    """The sums of a document."""

    icms: SomasIcms
    ibs_cbs: SomasIbsCbs


def sum_itens(itens: Iterable[Item]) -> Somas:
    """Every sum of the items."""
    icms, ibs_cbs = SomasIcms(), SomasIbsCbs()
    for item in itens:
        icms.add(item.tributos)
        if item.tributos.ibs_cbs is not None:
            ibs_cbs.add(item.tributos.ibs_cbs)
    return Somas(icms, ibs_cbs)
