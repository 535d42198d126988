"""Totals of the document: sums of what the items declare, never recomputed from rates (section 11 and 8.6)."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from functools import partial
from operator import attrgetter

from chancela.domain.tributos.calculo import Calculo, Linha
from chancela.domain.tributos.numeros import CENTESIMO, ZERO
from chancela.domain.tributos.resultado import Contribuicao, Icms, Issqn
from chancela.domain.tributos.resultado_ibs_cbs import (
    GrupoIbsCbs,
    GrupoMonofasia,
    IbsCbs,
    ParIbsCbs,
    ParteCreditoPresumido,
)
from chancela.domain.tributos.resultado_totais import (
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
    total = linha.oper if linha.item.compoe_total else linha.oper - linha.vprod
    if linha.ipi is not None and linha.ipi.valor is not None:
        total += linha.ipi.valor
    if linha.pis_st is not None or linha.cofins_st is not None:
        total += _st_in_total(linha)
    if linha.ii is not None:
        total += linha.ii.valor
    direto = linha.item.faturamento_direto
    if linha.ipi_devolvido is not None and not direto:
        total += linha.ipi_devolvido.valor
    icms = linha.icms
    if icms is not None:
        if icms.valor_mono_retencao is not None:
            total += icms.valor_mono_retencao
        if not direto and (icms.valor_st or icms.valor_fcp_st):
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
    servicos = [linha for linha in linhas if linha.issqn is not None]
    com_is = [linha.is_ for linha in linhas if linha.is_ is not None]
    c.explain(None, "total.nota", (nota,), nota)
    return Totais(
        icms=_icms(linhas, nota),
        issqn=_issqn(c, servicos) if servicos else None,
        retencao=c.operacao.retencao,
        valor_is=_sum([i.valor for i in com_is]) if com_is else None,
        ibs_cbs=ibs_cbs,
        valor_total=None if ibs_cbs is None else total,
    )


_RAROS_DO_ICMS = (
    "valor_desonerado", "valor_fcp", "base_st", "valor_st", "valor_fcp_st", "valor_fcp_st_retido",
    "quantidade_mono", "valor_mono", "quantidade_mono_retencao", "valor_mono_retencao", "quantidade_mono_retido", "valor_mono_retido",
)  # fmt: skip
"""Attributes of `Icms` that are summed into those of the same name of `TotaisIcms`, beside base and value; most items have none."""
_raros_do_icms = attrgetter(*_RAROS_DO_ICMS)
_NENHUM = (None,) * len(_RAROS_DO_ICMS)


_Somas = defaultdict[str, Decimal]
"""Sums by name. What no item has is left out, and takes the default of its total: zero, or absent."""
_no_somas: Callable[[], _Somas] = partial(defaultdict, ZERO.copy_abs)


def _add(somas: _Somas, nome: str, valor: Decimal | None) -> None:
    """Take in what one item has of a sum."""
    if valor is not None:
        somas[nome] += valor or ZERO


def _icms(linhas: list[Linha], nota: Decimal) -> TotaisIcms:
    somas = _no_somas()
    for linha in linhas:
        _add_valores(somas, linha)
        if linha.icms is not None:
            _add_icms(somas, linha.icms)
        if linha.difal is not None:
            _add(somas, "valor_fcp_uf_destino", linha.difal.valor_fcp or ZERO)
            _add(somas, "valor_uf_destino", linha.difal.valor_destino)
            _add(somas, "valor_uf_remetente", linha.difal.valor_remetente)
    for nome in ("quantidade_mono", "quantidade_mono_retencao", "quantidade_mono_retido"):
        if nome in somas:
            somas[nome] = somas[nome].quantize(CENTESIMO, "ROUND_HALF_UP")
    return TotaisIcms(**somas, valor_nota=nota)


def _add_icms(somas: _Somas, icms: Icms) -> None:
    if icms.base_calculo is not None:
        somas["base_calculo"] += icms.base_calculo or ZERO
    if icms.valor is not None:
        somas["valor"] += icms.valor or ZERO
    raros = _raros_do_icms(icms)
    if raros != _NENHUM:
        for nome, valor in zip(_RAROS_DO_ICMS, raros, strict=True):
            _add(somas, nome, valor)


def _add_valores(somas: _Somas, linha: Linha) -> None:
    """What an item adds beside its ICMS; PIS and COFINS of services have totals of their own."""
    if linha.issqn is None:
        if linha.item.compoe_total:
            somas["valor_produtos"] += linha.vprod
        if linha.pis is not None and linha.pis.valor is not None:
            somas["valor_pis"] += linha.pis.valor or ZERO
        if linha.cofins is not None and linha.cofins.valor is not None:
            somas["valor_cofins"] += linha.cofins.valor or ZERO
    if linha.frete:
        somas["valor_frete"] += linha.frete
    if linha.seguro:
        somas["valor_seguro"] += linha.seguro
    if linha.desconto:
        somas["valor_desconto"] += linha.desconto
    if linha.outras:
        somas["valor_outras_despesas"] += linha.outras
    if linha.ii is not None:
        _add(somas, "valor_ii", linha.ii.valor)
    if linha.ipi is not None and linha.ipi.valor is not None:
        somas["valor_ipi"] += linha.ipi.valor or ZERO
    if linha.ipi_devolvido is not None:
        _add(somas, "valor_ipi_devolvido", linha.ipi_devolvido.valor)
    if linha.total_tributos is not None:
        somas["valor_aproximado_tributos"] += linha.total_tributos or ZERO


def _contribution(grupos: Iterable[Contribuicao | None]) -> Decimal:
    return _sum([None if g is None else g.valor for g in grupos])


def _issqn(c: Calculo, servicos: list[Linha]) -> TotaisIssqn:
    """ISSQNtot: optional amounts are absent when zero, as the schema demands."""
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


class _SomasDaReforma:
    """Sums of IBS and CBS over the items that carry the group, by the names of their totals."""

    def __init__(self) -> None:
        self.proprias, self.mono, self.estorno = _no_somas(), _no_somas(), _no_somas()
        self.partes = {"uf": _no_somas(), "municipio": _no_somas(), "cbs": _no_somas()}
        self.com_grupo = self.com_mono = self.com_estorno = False

    def add(self, item: IbsCbs) -> None:
        """Take in one item."""
        if item.tributacao is not None:
            self._add_grupo(item.tributacao)
        if item.monofasia is not None:
            self._add_mono(item.monofasia)
        if item.credito_presumido is not None:
            self._add_credito("ibs", item.credito_presumido.ibs)
            self._add_credito("cbs", item.credito_presumido.cbs)
        if item.estorno is not None:
            self.com_estorno = True
            _add(self.estorno, "valor_ibs", item.estorno.valor_ibs)
            _add(self.estorno, "valor_cbs", item.estorno.valor_cbs)

    def _add_grupo(self, grupo: GrupoIbsCbs) -> None:
        self.com_grupo = True
        self.proprias["base_calculo"] += grupo.base_calculo or ZERO
        self.proprias["valor_ibs"] += grupo.valor_ibs or ZERO
        for nome, parte in (("uf", grupo.uf), ("municipio", grupo.municipio), ("cbs", grupo.cbs)):
            somas = self.partes[nome]
            somas["valor"] += parte.valor or ZERO
            if parte.diferimento is not None:
                _add(somas, "valor_diferido", parte.diferimento.valor)
            if parte.devolucao is not None:
                _add(somas, "valor_devolvido", parte.devolucao.valor)

    def _add_mono(self, monofasia: GrupoMonofasia) -> None:
        self.com_mono = True
        for nome, lado in (("ibs", monofasia.ibs), ("cbs", monofasia.cbs)):
            if lado is None:
                continue
            if lado.padrao is not None:
                _add(self.mono, f"valor_{nome}", lado.padrao.valor)
            if lado.retencao is not None:
                _add(self.mono, f"valor_{nome}_retencao", lado.retencao.valor)
            _add(self.mono, f"valor_{nome}_retido", lado.valor_retido)

    def _add_credito(self, nome: str, parte: ParteCreditoPresumido | None) -> None:
        if parte is not None:
            _add(self.proprias, f"credito_presumido_{nome}", parte.valor)
            _add(self.proprias, f"credito_presumido_suspensivo_{nome}", parte.valor_condicao_suspensiva)


def _ibs_cbs(linhas: list[Linha]) -> TotaisIbsCbs | None:
    """IBSCBSTot, when some item has the group."""
    itens = [linha.ibs_cbs for linha in linhas if linha.ibs_cbs is not None]
    if not itens:
        return None
    somas = _SomasDaReforma()
    for item in itens:
        somas.add(item)
    proprias, partes = somas.proprias, somas.partes
    return TotaisIbsCbs(
        base_calculo=proprias["base_calculo"],
        uf=TotaisComponente(**partes["uf"]) if somas.com_grupo else None,
        municipio=TotaisComponente(**partes["municipio"]) if somas.com_grupo else None,
        valor_ibs=proprias["valor_ibs"],
        credito_presumido_ibs=proprias["credito_presumido_ibs"],
        credito_presumido_suspensivo_ibs=proprias["credito_presumido_suspensivo_ibs"],
        cbs=TotaisComponente(**partes["cbs"]) if somas.com_grupo else None,
        credito_presumido_cbs=proprias["credito_presumido_cbs"],
        credito_presumido_suspensivo_cbs=proprias["credito_presumido_suspensivo_cbs"],
        monofasia=TotaisMonofasia(**somas.mono) if somas.com_mono else None,
        estorno=ParIbsCbs(**somas.estorno) if somas.com_estorno else None,
    )
