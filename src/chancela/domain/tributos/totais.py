"""Totals of the document: sums of what the items declare, never recomputed from rates (section 11 and 8.6)."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from operator import attrgetter

from chancela.domain.tributos.calculo import Calculo, Linha
from chancela.domain.tributos.numeros import CENTESIMO, ZERO
from chancela.domain.tributos.resultado import (
    ComponenteIbsCbs,
    Contribuicao,
    Issqn,
    ParIbsCbs,
    ParteCreditoPresumido,
    Totais,
    TotaisComponente,
    TotaisIbsCbs,
    TotaisIcms,
    TotaisIssqn,
    TotaisMonofasia,
)

INICIO_SOMA_IBSCBS = date(2027, 1, 1)
"""From this day vItem and vNFTot include IS, IBS and CBS, and vItem is written."""


def _sum(valores: Iterable[Decimal | None]) -> Decimal:
    total = ZERO
    for valor in valores:
        if valor:  # most items have nothing of most totals
            total += valor
    return total


def _st_in_total(linha: Linha) -> Decimal:
    total = ZERO
    for st in (linha.pis_st, linha.cofins_st):
        if st is not None and st.soma_no_total and st.valor is not None:
            total += st.valor
    return total


def item_in_nota(linha: Linha) -> Decimal:
    """What one item adds to vNF (rule W16-10): so the items sum to the document exactly."""
    total = linha.frete + linha.seguro + linha.outras - linha.desconto + linha.valor_ipi + _st_in_total(linha)
    if linha.item.compoe_total:
        total += linha.vprod
    if linha.ii is not None:
        total += linha.ii.valor
    direto = linha.item.faturamento_direto
    if linha.ipi_devolvido is not None and not direto:
        total += linha.ipi_devolvido.valor
    icms = linha.icms
    if icms is not None:
        total += icms.valor_mono_retencao or ZERO
        if not direto:
            total += (icms.valor_st or ZERO) + (icms.valor_fcp_st or ZERO)
        if icms.deduz_desoneracao:
            total -= icms.valor_desonerado or ZERO
    return total


def _reforma(linha: Linha) -> Decimal:
    """IS, IBS and CBS of one item, which join the total from 2027."""
    total = ZERO
    if linha.is_ is not None:
        total += linha.is_.valor or ZERO
    if linha.ibs_cbs is None:
        return total
    t, m = linha.ibs_cbs.tributacao, linha.ibs_cbs.monofasia
    if t is not None:
        total += t.uf.valor + t.municipio.valor + t.cbs.valor
    if m is not None:
        total += m.valor_ibs_item + m.valor_cbs_item
    return total


def compute_totais(c: Calculo, linhas: list[Linha]) -> Totais:
    """All totals; sets `valor_item` of the lines on the way (rule VB01-10)."""
    com_reforma = c.operacao.data_emissao >= INICIO_SOMA_IBSCBS
    escreve = com_reforma or c.configuracao.emitir_valor_item_antes_de_2027
    nota = total = ZERO
    for linha in linhas:
        parcela = item_in_nota(linha)
        nota += parcela
        if com_reforma:
            parcela += _reforma(linha)
        total += parcela
        informado = linha.item.informado
        if informado is not None and informado.valor_item is not None:
            linha.valor_item = informado.valor_item
        elif escreve:
            linha.valor_item = parcela
    ibs_cbs = _ibs_cbs(linhas)
    com_is = [linha.is_ for linha in linhas if linha.is_ is not None]
    c.explain(None, "total.nota", (nota,), nota)
    return Totais(
        icms=_icms(linhas, nota),
        issqn=_issqn(c, linhas),
        retencao=c.operacao.retencao,
        valor_is=_sum([i.valor for i in com_is]) if com_is else None,
        ibs_cbs=ibs_cbs,
        valor_total=None if ibs_cbs is None else total,
    )


_DO_ICMS = (
    "base_calculo", "valor", "valor_desonerado", "valor_fcp", "base_st", "valor_st", "valor_fcp_st", "valor_fcp_st_retido",
    "quantidade_mono", "valor_mono", "quantidade_mono_retencao", "valor_mono_retencao", "quantidade_mono_retido", "valor_mono_retido",
)  # fmt: skip
"""Attributes of `Icms` that are summed into those of the same name of `TotaisIcms`."""
_valores_do_icms = attrgetter(*_DO_ICMS)


class _Somas(dict[str, Decimal]):
    """Sums by name. What no item has is left out, and takes the default of its total: zero, or absent."""

    def add(self, nome: str, valor: Decimal | None) -> None:
        if valor is not None:
            self[nome] = self.get(nome, ZERO) + (valor or ZERO)


def _icms(linhas: list[Linha], nota: Decimal) -> TotaisIcms:
    somas = _Somas()
    for linha in linhas:
        _add_valores(somas, linha)
        if linha.icms is not None:
            for nome, valor in zip(_DO_ICMS, _valores_do_icms(linha.icms), strict=True):
                if valor is not None:
                    somas.add(nome, valor)
        if linha.difal is not None:
            somas.add("valor_fcp_uf_destino", linha.difal.valor_fcp or ZERO)
            somas.add("valor_uf_destino", linha.difal.valor_destino)
            somas.add("valor_uf_remetente", linha.difal.valor_remetente)
    for nome in ("quantidade_mono", "quantidade_mono_retencao", "quantidade_mono_retido"):
        if nome in somas:
            somas[nome] = somas[nome].quantize(CENTESIMO, "ROUND_HALF_UP")
    return TotaisIcms(**somas, valor_nota=nota)


def _add_valores(somas: _Somas, linha: Linha) -> None:
    """What an item adds beside its ICMS; PIS and COFINS of services have totals of their own."""
    if linha.issqn is None:
        if linha.item.compoe_total:
            somas.add("valor_produtos", linha.vprod)
        if linha.pis is not None:
            somas.add("valor_pis", linha.pis.valor)
        if linha.cofins is not None:
            somas.add("valor_cofins", linha.cofins.valor)
    if linha.frete:
        somas.add("valor_frete", linha.frete)
    if linha.seguro:
        somas.add("valor_seguro", linha.seguro)
    if linha.desconto:
        somas.add("valor_desconto", linha.desconto)
    if linha.outras:
        somas.add("valor_outras_despesas", linha.outras)
    if linha.ii is not None:
        somas.add("valor_ii", linha.ii.valor)
    if linha.ipi is not None:
        somas.add("valor_ipi", linha.ipi.valor)
    if linha.ipi_devolvido is not None:
        somas.add("valor_ipi_devolvido", linha.ipi_devolvido.valor)
    somas.add("valor_aproximado_tributos", linha.total_tributos)


def _contribution(grupos: Iterable[Contribuicao | None]) -> Decimal:
    return _sum([None if g is None else g.valor for g in grupos])


def _issqn(c: Calculo, linhas: list[Linha]) -> TotaisIssqn | None:
    """ISSQNtot: optional amounts are absent when zero, as the schema demands."""
    servicos = [linha for linha in linhas if linha.issqn is not None]
    if not servicos:
        return None
    grupos: list[Issqn] = [linha.issqn for linha in servicos if linha.issqn is not None]
    return TotaisIssqn(
        data_competencia=c.operacao.data_servico or c.operacao.data_emissao,
        valor_servicos=_sum([linha.vprod for linha in servicos if linha.item.compoe_total]) or None,
        base_calculo=_sum([g.base_calculo for g in grupos]) or None,
        valor=_sum([g.valor for g in grupos]) or None,
        valor_pis=_contribution(linha.pis for linha in servicos) or None,
        valor_cofins=_contribution(linha.cofins for linha in servicos) or None,
        valor_deducao=_sum([g.valor_deducao for g in grupos]) or None,
        valor_outras_retencoes=_sum([g.valor_outras_retencoes for g in grupos]) or None,
        desconto_incondicionado=_sum([g.desconto_incondicionado for g in grupos]) or None,
        desconto_condicionado=_sum([g.desconto_condicionado for g in grupos]) or None,
        valor_retido=_sum([g.valor_retido for g in grupos]) or None,
        regime_tributacao=c.operacao.regime_issqn,
    )


def _component(partes: list[ComponenteIbsCbs]) -> TotaisComponente:
    return TotaisComponente(
        valor_diferido=_sum([p.diferimento.valor for p in partes if p.diferimento is not None]),
        valor_devolvido=_sum([p.devolucao.valor for p in partes if p.devolucao is not None]),
        valor=_sum([p.valor for p in partes]),
    )


def _credits(partes: Iterable[ParteCreditoPresumido | None]) -> tuple[Decimal, Decimal]:
    presentes = [p for p in partes if p is not None]
    return _sum([p.valor for p in presentes]), _sum([p.valor_condicao_suspensiva for p in presentes])


def _ibs_cbs(linhas: list[Linha]) -> TotaisIbsCbs | None:
    """IBSCBSTot, when some item has the group."""
    itens = [linha.ibs_cbs for linha in linhas if linha.ibs_cbs is not None]
    if not itens:
        return None
    grupos = [i.tributacao for i in itens if i.tributacao is not None]
    creditos = [i.credito_presumido for i in itens if i.credito_presumido is not None]
    estornos = [i.estorno for i in itens if i.estorno is not None]
    com_mono = [i.monofasia for i in itens if i.monofasia is not None]
    ibs, ibs_suspensivo = _credits(p.ibs for p in creditos)
    cbs, cbs_suspensivo = _credits(p.cbs for p in creditos)
    mono: TotaisMonofasia | None = None
    if com_mono:
        lado_ibs = [m.ibs for m in com_mono if m.ibs is not None]
        lado_cbs = [m.cbs for m in com_mono if m.cbs is not None]
        mono = TotaisMonofasia(
            valor_ibs=_sum([t.padrao.valor for t in lado_ibs if t.padrao is not None]),
            valor_cbs=_sum([t.padrao.valor for t in lado_cbs if t.padrao is not None]),
            valor_ibs_retencao=_sum([t.retencao.valor for t in lado_ibs if t.retencao is not None]),
            valor_cbs_retencao=_sum([t.retencao.valor for t in lado_cbs if t.retencao is not None]),
            valor_ibs_retido=_sum([t.valor_retido for t in lado_ibs]),
            valor_cbs_retido=_sum([t.valor_retido for t in lado_cbs]),
        )
    estorno = None
    if estornos:
        estorno = ParIbsCbs(_sum([e.valor_ibs for e in estornos]), _sum([e.valor_cbs for e in estornos]))
    return TotaisIbsCbs(
        base_calculo=_sum([g.base_calculo for g in grupos]),
        uf=_component([g.uf for g in grupos]) if grupos else None,
        municipio=_component([g.municipio for g in grupos]) if grupos else None,
        valor_ibs=_sum([g.valor_ibs for g in grupos]),
        credito_presumido_ibs=ibs,
        credito_presumido_suspensivo_ibs=ibs_suspensivo,
        cbs=_component([g.cbs for g in grupos]) if grupos else None,
        credito_presumido_cbs=cbs,
        credito_presumido_suspensivo_cbs=cbs_suspensivo,
        monofasia=mono,
        estorno=estorno,
    )
