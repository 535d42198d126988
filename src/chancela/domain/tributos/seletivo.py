"""Imposto Seletivo of one item (8; LC 214/2025, arts. 409 and on). No tax before 2027."""

from datetime import date

from chancela.domain.tributos.base_ibs_cbs import base_comum
from chancela.domain.tributos.calculo import Calculo, Linha
from chancela.domain.tributos.categoria import CenarioIs
from chancela.domain.tributos.numeros import CENTESIMO, ZERO, centavos_meio_par, round_quantidade, round_taxa
from chancela.domain.tributos.resultado_ibs_cbs import ImpostoSeletivo

INICIO = date(2027, 1, 1)


def compute_is(c: Calculo, linha: Linha, entrada: CenarioIs) -> ImpostoSeletivo | None:
    """The IS group: percentage of the base plus, when informed, reais per unit."""
    if c.operacao.data_emissao < INICIO and not c.configuracao.emitir_is:
        return None
    x = linha.item.imposto_seletivo
    cst = entrada.situacao_tributaria.strip().zfill(3)
    classe = (
        x.classificacao if x is not None and x.classificacao else entrada.classificacao_tributaria
    ).strip() or f"{cst}001"
    base = base_comum(linha)
    if base < 0:
        c.refuse(
            "TRIB-IS-01",
            linha,
            "imposto_seletivo",
            f"base de calculo negativa no item {linha.numero}",
            "Confira os valores do item.",
            rotulo="base do Imposto Seletivo",
            valor=base,
        )
        return None
    taxa = round_taxa(entrada.aliquota or ZERO)
    valor = c.explain(linha, "is.valor", (base, taxa), centavos_meio_par(base * taxa * CENTESIMO))
    if x is None or x.aliquota_ad_rem is None:
        return ImpostoSeletivo(cst, classe, base, taxa, valor=valor)
    reais = round_quantidade(x.aliquota_ad_rem)
    quantidade = round_quantidade(linha.quantidade_tributavel if x.quantidade is None else x.quantidade)
    especifico = c.explain(linha, "is.unidade", (quantidade, reais), centavos_meio_par(quantidade * reais))
    com_unidade = x.unidade is not None and quantidade > 0
    return ImpostoSeletivo(
        cst,
        classe,
        base,
        taxa,
        aliquota_ad_rem=reais,
        unidade=x.unidade if com_unidade else None,
        quantidade=quantidade if com_unidade else None,
        valor=valor + especifico,
    )
