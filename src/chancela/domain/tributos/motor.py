"""The engine: one operation in, every tax group, total and reason out. Pure; no order of items changes a total.

Nothing is raised for what a caller may send: everything wrong is collected in `Resultado.violacoes`, all at once.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, localcontext
from operator import attrgetter

from chancela.domain.tributos import cenario, conferencia, rateio
from chancela.domain.tributos.calculo import Calculo, Escolha, Linha
from chancela.domain.tributos.categoria import Categoria, CenarioIbsCbs
from chancela.domain.tributos.difal import compute_difal
from chancela.domain.tributos.entrada import FreteRetido, Operacao, TributosInformados
from chancela.domain.tributos.federais import compute_ii, compute_ipi
from chancela.domain.tributos.ibs_cbs import compute_ibs_cbs
from chancela.domain.tributos.icms import compute_icms
from chancela.domain.tributos.issqn import approximate_tributos, compute_issqn
from chancela.domain.tributos.numeros import (
    CENTESIMO,
    CONTEXTO,
    ZERO,
    centavos_meio_acima,
    format_brasileiro,
    round_taxa,
)
from chancela.domain.tributos.pis_cofins import compute_contribuicao, compute_contribuicao_st
from chancela.domain.tributos.resultado import Resultado, RetencaoTransporte, TributosItem
from chancela.domain.tributos.resultado_totais import Totais, TotaisIcms
from chancela.domain.tributos.seletivo import compute_is
from chancela.domain.tributos.tabelas import Tabelas
from chancela.domain.tributos.totais import compute_totais

NORMAL = "1"
OBRIGATORIO_NORMAL = date(2026, 8, 3)
OBRIGATORIO_SIMPLES = date(2027, 1, 4)
"""Since when SEFAZ refuses a document without IBS/CBS (1115), CRT 3 and the others."""
_FIM_DO_ANO_DE_TESTE = date(2026, 12, 31)
_ICMS_TRIBUTADO = frozenset({"00", "10", "20", "70"})


def compute_tributos(operacao: Operacao, tabelas: Tabelas) -> Resultado:
    """Compute the taxes of one document. With errors in `violacoes`, items and totals are only indications."""
    with localcontext(CONTEXTO):
        return _compute(operacao, tabelas)


def _compute(operacao: Operacao, tabelas: Tabelas) -> Resultado:
    c = Calculo(operacao, tabelas, cenario.read_operacao(operacao))
    bons = conferencia.check_operacao(c, operacao)
    linhas: list[Linha] = []
    for indice, item in enumerate(operacao.itens):
        linha = Linha(indice, item, ZERO)
        if conferencia.check_item(c, linha):
            linha.vprod = linha.oper = centavos_meio_acima(item.valor_total)
            _check_produto(c, linha)
            linhas.append(linha)
    if bons and len(linhas) == len(operacao.itens):
        _apportion(c, linhas)
        boas = _check_categorias(c, linhas)
        for linha in linhas:
            _compute_item(c, linha, boas)
        totais = compute_totais(c, linhas)
    else:
        totais = Totais(TotaisIcms())
    return Resultado(
        itens=tuple([_declare(linha) for linha in linhas]),
        totais=totais,
        enquadramento=c.enquadramento,
        retencao_transporte=None
        if operacao.frete_retido is None or not bons
        else _withhold(c, operacao.frete_retido),
        informacoes_complementares=_sentences(linhas),
        passos=tuple(c.passos),
        violacoes=tuple(c.violacoes),
        avisos=tuple(c.avisos),
    )


def _check_produto(c: Calculo, linha: Linha) -> None:
    """vProd against quantity times price, in normal documents (rule I11-10)."""
    item = linha.item
    if c.operacao.finalidade != NORMAL:
        return
    calculado = item.quantidade * item.valor_unitario
    if calculado == linha.vprod:
        return
    calculado = centavos_meio_acima(calculado)
    if abs(calculado - linha.vprod) > CENTESIMO:
        mensagem = (
            "Valor do Produto difere do produto Valor Unitário de Comercialização e Quantidade Comercial"
        )
        c.refuse(
            "TRIB-PROD-01",
            linha,
            "valor_total",
            mensagem,
            f"Quantidade vezes valor unitário dá {calculado}.",
            rotulo="valor total",
            valor=linha.vprod,
            c_stat=629,
        )


def _check_categorias(c: Calculo, linhas: list[Linha]) -> dict[int, bool]:
    """Each category is checked once; answers by identity."""
    vistas: dict[int, bool] = {}
    for linha in linhas:
        categoria: Categoria | None = linha.item.categoria
        if categoria is not None and id(categoria) not in vistas:
            vistas[id(categoria)] = conferencia.check_categoria(c, linha, categoria)
    return vistas


def _apportion(c: Calculo, linhas: list[Linha]) -> None:
    """Shares of the four document amounts (section 3), then OPER of each line."""
    o = c.operacao
    if o.frete or o.seguro or o.outras_despesas or o.desconto:
        partes = [linha for linha in linhas if linha.item.compoe_total]
    elif any(map(any, map(_parcelas_of, o.itens))):
        partes = []
    else:
        return
    frete = _shares(c, partes, "frete", o.frete, [linha.item.frete for linha in linhas])
    seguro = _shares(c, partes, "seguro", o.seguro, [linha.item.seguro for linha in linhas])
    outras = _shares(
        c, partes, "outras_despesas", o.outras_despesas, [linha.item.outras_despesas for linha in linhas]
    )
    for linha in linhas:
        item = linha.item
        linha.frete = _amount(item.frete, frete.get(linha.indice))
        linha.seguro = _amount(item.seguro, seguro.get(linha.indice))
        linha.outras = _amount(item.outras_despesas, outras.get(linha.indice))
        linha.desconto = _amount(item.desconto, None)
    desconto = _shares(c, partes, "desconto", o.desconto, [linha.item.desconto for linha in linhas])
    for linha in linhas:
        parte = desconto.get(linha.indice)
        if parte is not None:
            linha.desconto += parte
        if linha.desconto > linha.vprod:
            c.refuse(
                "TRIB-DESC-01",
                linha,
                "desconto",
                "o desconto é maior que o valor do item",
                "Reduza o desconto.",
                rotulo="desconto",
                valor=linha.desconto,
                c_stat=483,
            )
        linha.oper = linha.vprod - linha.desconto + linha.frete + linha.seguro + linha.outras


_parcelas_of = attrgetter("frete", "seguro", "outras_despesas", "desconto")


def _amount(proprio: Decimal, parte: Decimal | None) -> Decimal:
    valor = centavos_meio_acima(proprio) if proprio else ZERO
    return valor if parte is None else valor + parte


def _shares(
    c: Calculo, partes: list[Linha], nome: str, total: Decimal, proprios: Sequence[Decimal]
) -> dict[int, Decimal]:
    """The share of each line over what the items state themselves; a refusal when it has no place."""
    if not total:
        return {}
    desconto = nome == "desconto"
    try:
        falta = rateio.combine(centavos_meio_acima(total), [centavos_meio_acima(p) for p in proprios])
    except rateio.RateioImpossivel:
        plural = "descontos" if desconto else nome
        mensagem = (
            f"soma dos {plural} dos itens maior que o {nome} total"
            if desconto
            else f"a soma de {plural} dos itens é maior que o total do documento"
        )
        c.refuse(
            "TRIB-RATEIO-02",
            None,
            nome,
            mensagem,
            "Corrija o total ou os valores dos itens.",
            rotulo=nome.replace("_", " "),
            valor=total,
        )
        return {}
    if not falta:
        return {}
    pesos = [linha.vprod for linha in partes]
    try:
        if desconto:
            limites = [max(ZERO, linha.vprod - linha.desconto) for linha in partes]
            valores = rateio.apportion_desconto(falta, pesos, limites)
        else:
            valores = rateio.apportion(falta, pesos)
    except rateio.RateioImpossivel:
        mensagem = (
            "o desconto não cabe nos itens" if desconto else "não há item com valor para receber o rateio"
        )
        c.refuse(
            "TRIB-RATEIO-01",
            None,
            nome,
            mensagem,
            "Corrija o valor do documento.",
            rotulo=nome.replace("_", " "),
            valor=total,
        )
        return {}
    for linha, valor in zip(partes, valores, strict=True):
        c.explain(linha, "rateio." + nome, (falta, linha.vprod), valor)
    return {linha.indice: valor for linha, valor in zip(partes, valores, strict=True)}


def _compute_item(c: Calculo, linha: Linha, boas: dict[int, bool]) -> None:
    if linha.item.informado is not None:
        _copy(linha, linha.item.informado)
        return
    escolha = cenario.choose(c, linha)
    if escolha is None or not boas[id(linha.item.categoria)] or not cenario.check_escolha(c, linha, escolha):
        return
    linha.escolha = escolha
    linha.cfop = linha.item.cfop or escolha.cfop
    cenario.check_cfop(c, linha, escolha)
    _read_beneficio(c, linha, escolha)
    parcelas = (linha.vprod, linha.desconto, linha.frete, linha.seguro, linha.outras)
    c.note((linha.numero, "oper", parcelas, linha.oper))
    linha.ii = compute_ii(c, linha)
    if linha.item.servico is None:
        linha.ipi = compute_ipi(c, linha, escolha.ipi)
    if c.importacao:
        _contributions(c, linha, escolha)
    if linha.item.servico is None:
        linha.icms = compute_icms(c, linha, escolha)
        if c.interestadual:
            linha.difal = compute_difal(c, linha, escolha)
    if not c.importacao:
        _contributions(c, linha, escolha)
    if linha.item.servico is not None:
        linha.issqn = compute_issqn(c, linha, linha.item.servico)
    if escolha.imposto_seletivo is not None:
        linha.is_ = compute_is(c, linha, escolha.imposto_seletivo)
    entrada = escolha.ibs_cbs or _presumed_ibs_cbs(c, linha, escolha)
    linha.ibs_cbs = compute_ibs_cbs(c, linha, entrada)
    if entrada is None:
        _check_ibs_cbs(c, linha)
    if linha.item.carga_tributaria is not None:
        approximate_tributos(c, linha, linha.item.carga_tributaria)


def _contributions(c: Calculo, linha: Linha, escolha: Escolha) -> None:
    item = linha.item
    assert escolha.pis is not None, "checked by check_escolha"
    assert escolha.cofins is not None, "checked by check_escolha"
    linha.pis = compute_contribuicao(c, linha, "pis", escolha.pis, item.pis_quantidade)
    linha.cofins = compute_contribuicao(c, linha, "cofins", escolha.cofins, item.cofins_quantidade)
    if item.pis_st is not None:
        linha.pis_st = compute_contribuicao_st(c, linha, "pis", item.pis_st)
    if item.cofins_st is not None:
        linha.cofins_st = compute_contribuicao_st(c, linha, "cofins", item.cofins_st)


def _read_beneficio(c: Calculo, linha: Linha, escolha: Escolha) -> None:
    """cBenef: of the item, of the inline configuration, or of the issuer's state in the category."""
    codigo = linha.item.codigo_beneficio
    if not codigo and escolha.icms is not None:
        codigo = escolha.icms.codigo_beneficio_fiscal or escolha.icms.beneficio_fiscal.get(
            c.operacao.uf_emitente, ""
        )
    linha.codigo_beneficio = codigo.strip() or None


def _presumed_ibs_cbs(c: Calculo, linha: Linha, escolha: Escolha) -> CenarioIbsCbs | None:
    """Full taxation (000, 000001) for a taxed sale of the normal regime whose category is silent, in 2026 only.

    SEFAZ refuses the silence (UB12-10), and in 2026 the groups inform and collect nothing (LC 214/2025, arts. 343 and
    348). From 2027 on nothing is presumed. See ADR 0015.
    """
    o = c.operacao
    if (
        not c.configuracao.presumir_ibscbs
        or c.configuracao.exigir_ibscbs
        or o.crt != 3
        or o.finalidade != NORMAL
        or not OBRIGATORIO_NORMAL <= o.data_emissao <= _FIM_DO_ANO_DE_TESTE
        or escolha.icms is None
        or escolha.icms.situacao_tributaria not in _ICMS_TRIBUTADO
    ):
        return None
    c.warn(
        "TRIB-IBSCBS-13",
        linha,
        "ibs_cbs",
        "A categoria não traz IBS/CBS; foi usada a tributação integral (CST 000, cClassTrib 000001), que em 2026 só informa",
        "Inclua na categoria o cenário de ibs_cbs que vale para o produto.",
        rotulo="IBS/CBS",
        c_stat=1115,
    )
    return CenarioIbsCbs("padrao", o.tipo_pessoa.value, "000", "000001")


def _check_ibs_cbs(c: Calculo, linha: Linha) -> None:
    """No IBS/CBS: an error where the company demands it, a warning where SEFAZ does (rule UB12-10)."""
    o = c.operacao
    normal = o.crt == 3
    correcao = "Inclua um cenário de ibs_cbs na categoria."
    if c.configuracao.exigir_ibscbs and normal and o.data_emissao.year >= 2026:
        c.refuse(
            "TRIB-IBSCBS-11",
            linha,
            "ibs_cbs",
            "IBS/CBS não informado",
            correcao,
            rotulo="IBS/CBS",
            c_stat=1115,
        )
    elif o.finalidade not in ("2", "4") and o.data_emissao >= (
        OBRIGATORIO_NORMAL if normal else OBRIGATORIO_SIMPLES
    ):
        c.warn(
            "TRIB-IBSCBS-12",
            linha,
            "ibs_cbs",
            "IBS/CBS não informado: a SEFAZ rejeita em produção",
            correcao,
            rotulo="IBS/CBS",
            c_stat=1115,
        )


def _copy(linha: Linha, t: TributosInformados) -> None:
    """Groups taken as given."""
    linha.cfop = t.cfop
    linha.codigo_beneficio = t.codigo_beneficio
    linha.total_tributos = t.valor_aproximado_tributos
    linha.icms, linha.ipi, linha.ii, linha.issqn = t.icms, t.ipi, t.ii, t.issqn
    linha.pis, linha.pis_st, linha.cofins, linha.cofins_st = t.pis, t.pis_st, t.cofins, t.cofins_st
    linha.difal, linha.is_, linha.ibs_cbs, linha.ipi_devolvido = (
        t.icms_uf_destino,
        t.imposto_seletivo,
        t.ibs_cbs,
        t.ipi_devolvido,
    )


def _withhold(c: Calculo, frete: FreteRetido) -> RetencaoTransporte:
    """ICMS withheld on the freight."""
    base, taxa = c.centavos(frete.base), round_taxa(frete.aliquota)
    valor = c.centavos(frete.valor) if frete.valor is not None else c.percent(base, taxa)
    c.explain(None, "transporte.retencao", (base, taxa), valor)
    return RetencaoTransporte(
        c.centavos(frete.valor_servico), base, taxa, valor, frete.cfop, frete.municipio_fato_gerador
    )


def _sentences(linhas: list[Linha]) -> tuple[str, ...]:
    """Legal sentence of the Simples Nacional credit, one per rate (LC 123/2006, art. 23; Res. CGSN 140/2018, art. 60)."""
    por_taxa: dict[Decimal, Decimal] = {}
    for linha in linhas:
        icms = linha.icms
        if icms is not None and icms.aliquota_credito_sn is not None and icms.valor_credito_sn:
            por_taxa[icms.aliquota_credito_sn] = (
                por_taxa.get(icms.aliquota_credito_sn, ZERO) + icms.valor_credito_sn
            )
    if not por_taxa:
        return ()
    return tuple(
        f"PERMITE O APROVEITAMENTO DO CRÉDITO DE ICMS NO VALOR DE R$ {format_brasileiro(valor)}, CORRESPONDENTE À ALÍQUOTA DE "
        f"{format_brasileiro(taxa)}%, NOS TERMOS DO ART. 23 DA LEI COMPLEMENTAR Nº 123, DE 2006."
        for taxa, valor in sorted(por_taxa.items())
    )


def _declare(linha: Linha) -> TributosItem:
    return TributosItem(
        linha.numero,
        linha.cfop,
        linha.vprod,
        linha.item.compoe_total,
        linha.frete,
        linha.seguro,
        linha.desconto,
        linha.outras,
        linha.codigo_beneficio,
        linha.total_tributos,
        linha.icms,
        linha.ipi,
        linha.ii,
        linha.issqn,
        linha.pis,
        linha.pis_st,
        linha.cofins,
        linha.cofins_st,
        linha.difal,
        linha.is_,
        linha.ibs_cbs,
        linha.ipi_devolvido,
        linha.valor_item,
    )
