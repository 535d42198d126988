"""Totals of the document: sums of what the items declare, never recomputed from rates (section 11 and 8.6)."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

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


def _icms(linhas: list[Linha], nota: Decimal) -> TotaisIcms:
    icms = [linha.icms for linha in linhas if linha.icms is not None]
    difal = [linha.difal for linha in linhas if linha.difal is not None]
    bens = [linha for linha in linhas if linha.issqn is None]

    def quantidade(valores: list[Decimal]) -> Decimal | None:
        return _sum(valores).quantize(CENTESIMO, "ROUND_HALF_UP") if valores else None

    def mono(valores: list[Decimal]) -> Decimal | None:
        return _sum(valores) if valores else None

    aproximados = [linha.total_tributos for linha in linhas if linha.total_tributos is not None]
    return TotaisIcms(
        base_calculo=_sum([i.base_calculo for i in icms]),
        valor=_sum([i.valor for i in icms]),
        valor_desonerado=_sum([i.valor_desonerado for i in icms]),
        valor_fcp_uf_destino=_sum([d.valor_fcp for d in difal]) if difal else None,
        valor_uf_destino=_sum([d.valor_destino for d in difal]) if difal else None,
        valor_uf_remetente=_sum([d.valor_remetente for d in difal]) if difal else None,
        valor_fcp=_sum([i.valor_fcp for i in icms]),
        base_st=_sum([i.base_st for i in icms]),
        valor_st=_sum([i.valor_st for i in icms]),
        valor_fcp_st=_sum([i.valor_fcp_st for i in icms]),
        valor_fcp_st_retido=_sum([i.valor_fcp_st_retido for i in icms]),
        quantidade_mono=quantidade([i.quantidade_mono for i in icms if i.quantidade_mono is not None]),
        valor_mono=mono([i.valor_mono for i in icms if i.valor_mono is not None]),
        quantidade_mono_retencao=quantidade(
            [i.quantidade_mono_retencao for i in icms if i.quantidade_mono_retencao is not None]
        ),
        valor_mono_retencao=mono([i.valor_mono_retencao for i in icms if i.valor_mono_retencao is not None]),
        quantidade_mono_retido=quantidade(
            [i.quantidade_mono_retido for i in icms if i.quantidade_mono_retido is not None]
        ),
        valor_mono_retido=mono([i.valor_mono_retido for i in icms if i.valor_mono_retido is not None]),
        valor_produtos=_sum([linha.vprod for linha in bens if linha.item.compoe_total]),
        valor_frete=_sum([linha.frete for linha in linhas]),
        valor_seguro=_sum([linha.seguro for linha in linhas]),
        valor_desconto=_sum([linha.desconto for linha in linhas]),
        valor_ii=_sum([linha.ii.valor for linha in linhas if linha.ii is not None]),
        valor_ipi=_sum([linha.valor_ipi for linha in linhas]),
        valor_ipi_devolvido=_sum(
            [linha.ipi_devolvido.valor for linha in linhas if linha.ipi_devolvido is not None]
        ),
        valor_pis=_contribution(linha.pis for linha in bens),
        valor_cofins=_contribution(linha.cofins for linha in bens),
        valor_outras_despesas=_sum([linha.outras for linha in linhas]),
        valor_nota=nota,
        valor_aproximado_tributos=_sum(aproximados) if aproximados else None,
    )


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
