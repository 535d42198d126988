"""Single-phase IBS and CBS over fuels (CST 620; LC 214/2025, arts. 172 to 180): values from quantities and rates."""

from dataclasses import replace
from decimal import Decimal

from chancela.domain.tributos.calculo import Calculo, Linha
from chancela.domain.tributos.entrada import IbsCbsInformado
from chancela.domain.tributos.numeros import CENTESIMO, ZERO, centavos_meio_par
from chancela.domain.tributos.resultado_ibs_cbs import GrupoMonofasia, TributoMonofasico


def sum_monofasia(c: Calculo, linha: Linha, x: IbsCbsInformado) -> GrupoMonofasia | None:
    """gIBSCBSMono: groups as informed; what they sum to in the item is ours."""
    m = x.monofasia
    if m is None:
        c.refuse(
            "TRIB-IBSCBS-10",
            linha,
            "ibs_cbs.monofasia",
            "a tributação monofásica do IBS/CBS exige as quantidades e alíquotas",
            "Informe os grupos da monofasia do item.",
            rotulo="monofasia do IBS/CBS",
            c_stat=1116,
        )
        return None
    totais: list[Decimal] = []
    tributos: list[TributoMonofasico | None] = []
    for tributo, diferido in ((m.ibs, x.valor_ibs_mono_diferido), (m.cbs, x.valor_cbs_mono_diferido)):
        calculado = None if tributo is None else compute_monofasia(tributo)
        total = -diferido
        if calculado is not None and calculado.padrao is not None:
            total += calculado.padrao.valor
        if calculado is not None and calculado.retencao is not None:
            total += calculado.retencao.valor
        tributos.append(calculado)
        totais.append(max(ZERO, centavos_meio_par(total)))
    c.explain(linha, "ibscbs.monofasia", (totais[0], totais[1]), totais[0] + totais[1])
    return replace(m, valor_ibs_item=totais[0], valor_cbs_item=totais[1], ibs=tributos[0], cbs=tributos[1])


def compute_monofasia(t: TributoMonofasico) -> TributoMonofasico:
    """The values of a single-phase group from its quantities or bases and its rates."""
    padrao, retencao = t.padrao, t.retencao
    if padrao is not None:
        if padrao.quantidade is not None and padrao.aliquota is not None:
            padrao = replace(padrao, valor=centavos_meio_par(padrao.quantidade * padrao.aliquota))
        elif padrao.base_calculo is not None and padrao.aliquota is not None:
            padrao = replace(
                padrao, valor=centavos_meio_par(padrao.base_calculo * padrao.aliquota * CENTESIMO)
            )
        elif padrao.base_calculo is not None:
            uf = centavos_meio_par(padrao.base_calculo * (padrao.aliquota_uf or ZERO) * CENTESIMO)
            municipio = centavos_meio_par(
                padrao.base_calculo * (padrao.aliquota_municipio or ZERO) * CENTESIMO
            )
            padrao = replace(padrao, valor=uf + municipio, valor_uf=uf, valor_municipio=municipio)
    if retencao is not None and retencao.quantidade is not None:
        retencao = replace(retencao, valor=centavos_meio_par(retencao.quantidade * retencao.aliquota))
    elif retencao is not None and retencao.base_calculo is not None:
        retencao = replace(
            retencao, valor=centavos_meio_par(retencao.base_calculo * retencao.aliquota * CENTESIMO)
        )
    return replace(t, padrao=padrao, retencao=retencao)
