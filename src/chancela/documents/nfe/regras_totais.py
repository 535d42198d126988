"""Rules over totals (group W): the sums are made again here, plainly, so that no wrong total leaves."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from chancela.documents.nfe.modelo import Item, Nfe
from chancela.documents.nfe.regras_base import (
    AVISO,
    SO_NFCE,
    SO_NFE,
    Achado,
    Contexto,
    Regra,
    no_documento,
    plain,
    se,
)
from chancela.domain.identidade import Modelo
from chancela.domain.tributos.resultado import (
    CreditoPresumido,
    GrupoIbsCbs,
    Icms,
    ParteCreditoPresumido,
    TotaisIbsCbs,
    TotaisIcms,
    TotaisIssqn,
    TributosItem,
)

ZERO = Decimal(0)
TOLERANCIA_VNF = Decimal("0.50")
LIMITE_NFCE_SEM_IDENTIFICACAO = Decimal("10000.00")

DoItem = Callable[[TributosItem], Decimal | None]
DoTotal = Callable[[TotaisIcms], Decimal | None]


def _sum(itens: tuple[Item, ...], valor: DoItem) -> Decimal:
    # Most items have nothing of most totals: what is not there is not added.
    total = ZERO
    for item in itens:
        parcela = valor(item.tributos)
        if parcela:
            total += parcela
    return total


def _icms(pegar: Callable[[Icms], Decimal | None]) -> DoItem:
    return lambda t: None if t.icms is None else pegar(t.icms)


def _icms_devido(t: TributosItem) -> Decimal | None:
    return None if t.icms is None or t.icms.cst in ("40", "41", "50") else t.icms.valor


def _de_mercadoria(pegar: DoItem) -> DoItem:
    return lambda t: None if t.issqn is not None else pegar(t)


def _de_servico(pegar: DoItem) -> DoItem:
    return lambda t: None if t.issqn is None else pegar(t)


def _pis(t: TributosItem) -> Decimal | None:
    return None if t.pis is None else t.pis.valor


def _cofins(t: TributosItem) -> Decimal | None:
    return None if t.cofins is None else t.cofins.valor


_SOMAS: tuple[tuple[str, int, str, str, DoTotal, DoItem, frozenset[Modelo] | None], ...] = (
    ("W03-10", 531, "base_calculo", "base do ICMS", lambda t: t.base_calculo, _icms(lambda i: i.base_calculo), None),
    ("W04-10", 532, "valor", "ICMS", lambda t: t.valor, _icms_devido, None),
    ("W04a-10", 795, "valor_desonerado", "ICMS desonerado", lambda t: t.valor_desonerado, _icms(lambda i: i.valor_desonerado), None),
    ("W04b-10", 861, "valor_fcp", "FCP", lambda t: t.valor_fcp, _icms(lambda i: i.valor_fcp), None),
    ("W04c-10", 798, "valor_fcp_uf_destino", "FCP da UF de destino", lambda t: t.valor_fcp_uf_destino, lambda t: t.icms_uf_destino and t.icms_uf_destino.valor_fcp, SO_NFE),
    ("W04e-10", 799, "valor_uf_destino", "ICMS da UF de destino", lambda t: t.valor_uf_destino, lambda t: t.icms_uf_destino and t.icms_uf_destino.valor_destino, SO_NFE),
    ("W04g-10", 800, "valor_uf_remetente", "ICMS da UF do remetente", lambda t: t.valor_uf_remetente, lambda t: t.icms_uf_destino and t.icms_uf_destino.valor_remetente, SO_NFE),
    ("W05-10", 533, "base_st", "base do ICMS-ST", lambda t: t.base_st, _icms(lambda i: i.base_st), None),
    ("W06-10", 534, "valor_st", "ICMS-ST", lambda t: t.valor_st, _icms(lambda i: i.valor_st), None),
    ("W06a-10", 862, "valor_fcp_st", "FCP-ST", lambda t: t.valor_fcp_st, _icms(lambda i: i.valor_fcp_st), SO_NFE),
    ("W08-10", 535, "valor_frete", "frete", lambda t: t.valor_frete, lambda t: t.valor_frete, None),
    ("W09-10", 536, "valor_seguro", "seguro", lambda t: t.valor_seguro, lambda t: t.valor_seguro, None),
    ("W10-10", 537, "valor_desconto", "desconto", lambda t: t.valor_desconto, lambda t: t.valor_desconto, None),
    ("W11-10", 601, "valor_ii", "II", lambda t: t.valor_ii, lambda t: t.ii and t.ii.valor, SO_NFE),
    ("W12-10", 538, "valor_ipi", "IPI", lambda t: t.valor_ipi, lambda t: t.ipi and t.ipi.valor, SO_NFE),
    ("W12a-10", 863, "valor_ipi_devolvido", "IPI devolvido", lambda t: t.valor_ipi_devolvido, lambda t: t.ipi_devolvido and t.ipi_devolvido.valor, SO_NFE),
    ("W13-10", 602, "valor_pis", "PIS", lambda t: t.valor_pis, _de_mercadoria(_pis), None),
    ("W14-10", 603, "valor_cofins", "COFINS", lambda t: t.valor_cofins, _de_mercadoria(_cofins), None),
    ("W15-10", 604, "valor_outras_despesas", "outras despesas", lambda t: t.valor_outras_despesas, lambda t: t.valor_outras_despesas, None),
    ("W16a-10", 685, "valor_aproximado_tributos", "tributos aproximados", lambda t: t.valor_aproximado_tributos, lambda t: t.valor_aproximado_tributos, None),
)  # fmt: skip
"""Rule, cStat, attribute of `totais.icms`, label, total, value of one item, models (None: both)."""

_SOMAS_ISSQN: tuple[tuple[str, int, str, str, Callable[[TotaisIssqn], Decimal | None], DoItem], ...] = (
    ("W18-10", 605, "valor_servicos", "serviços", lambda t: t.valor_servicos, lambda t: t.valor_produto if t.compoe_total else None),
    ("W19-10", 606, "base_calculo", "base do ISS", lambda t: t.base_calculo, lambda t: t.issqn and t.issqn.base_calculo),
    ("W20-10", 607, "valor", "ISS", lambda t: t.valor, lambda t: t.issqn and t.issqn.valor),
    ("W21-10", 608, "valor_pis", "PIS dos serviços", lambda t: t.valor_pis, _pis),
    ("W22-10", 609, "valor_cofins", "COFINS dos serviços", lambda t: t.valor_cofins, _cofins),
)  # fmt: skip


def _grupo(pegar: Callable[[GrupoIbsCbs], Decimal | None]) -> DoItem:
    def valor(t: TributosItem) -> Decimal | None:
        return None if t.ibs_cbs is None or t.ibs_cbs.tributacao is None else pegar(t.ibs_cbs.tributacao)

    return valor


def _credito(pegar: Callable[[CreditoPresumido], ParteCreditoPresumido | None]) -> DoItem:
    """vCredPres of one tax; the one under a suspensive condition has a total of its own."""

    def valor(t: TributosItem) -> Decimal | None:
        credito = None if t.ibs_cbs is None else t.ibs_cbs.credito_presumido
        parte = None if credito is None else pegar(credito)
        return None if parte is None else parte.valor

    return valor


_SOMAS_IBS: tuple[tuple[str, int, str, str, Callable[[TotaisIbsCbs], Decimal | None], DoItem], ...] = (
    ("W35-10", 1076, "base_calculo", "base do IBS e da CBS", lambda t: t.base_calculo, _grupo(lambda g: g.base_calculo)),
    ("W38-10", 1077, "uf.valor_diferido", "IBS estadual diferido", lambda t: t.uf and t.uf.valor_diferido, _grupo(lambda g: g.uf.diferimento and g.uf.diferimento.valor)),
    ("W39-10", 1078, "uf.valor_devolvido", "IBS estadual devolvido", lambda t: t.uf and t.uf.valor_devolvido, _grupo(lambda g: g.uf.devolucao and g.uf.devolucao.valor)),
    ("W41-10", 1080, "uf.valor", "IBS estadual", lambda t: t.uf and t.uf.valor, _grupo(lambda g: g.uf.valor)),
    ("W43-10", 1081, "municipio.valor_diferido", "IBS municipal diferido", lambda t: t.municipio and t.municipio.valor_diferido, _grupo(lambda g: g.municipio.diferimento and g.municipio.diferimento.valor)),
    ("W44-10", 1082, "municipio.valor_devolvido", "IBS municipal devolvido", lambda t: t.municipio and t.municipio.valor_devolvido, _grupo(lambda g: g.municipio.devolucao and g.municipio.devolucao.valor)),
    ("W46-10", 1084, "municipio.valor", "IBS municipal", lambda t: t.municipio and t.municipio.valor, _grupo(lambda g: g.municipio.valor)),
    ("W47-10", 1085, "valor_ibs", "IBS", lambda t: t.valor_ibs, _grupo(lambda g: g.valor_ibs)),
    ("W53-10", 1088, "cbs.valor_diferido", "CBS diferida", lambda t: t.cbs and t.cbs.valor_diferido, _grupo(lambda g: g.cbs.diferimento and g.cbs.diferimento.valor)),
    ("W54-10", 1089, "cbs.valor_devolvido", "CBS devolvida", lambda t: t.cbs and t.cbs.valor_devolvido, _grupo(lambda g: g.cbs.devolucao and g.cbs.devolucao.valor)),
    ("W56-10", 1091, "cbs.valor", "CBS", lambda t: t.cbs and t.cbs.valor, _grupo(lambda g: g.cbs.valor)),
    ("W48-10", 1086, "credito_presumido_ibs", "crédito presumido do IBS", lambda t: t.credito_presumido_ibs, _credito(lambda c: c.ibs)),
    ("W56a-10", 1087, "credito_presumido_cbs", "crédito presumido da CBS", lambda t: t.credito_presumido_cbs, _credito(lambda c: c.cbs)),
)  # fmt: skip


def _soma_icms(
    total: DoTotal, item: DoItem, caminho: str, rotulo: str, *, se_informado: bool
) -> Callable[[Contexto], Iterator[Achado]]:
    def verificar(c: Contexto) -> Iterator[Achado]:
        informado = total(c.nfe.totais.icms)
        if informado is None and se_informado:
            return
        if (informado or ZERO) != _sum(c.nfe.itens, item):
            yield f"totais.icms.{caminho}", f"Total de {rotulo}", plain(informado or ZERO)

    return verificar


def _soma_issqn(
    total: Callable[[TotaisIssqn], Decimal | None], item: DoItem, caminho: str, rotulo: str
) -> Callable[[Contexto], Iterator[Achado]]:
    def verificar(c: Contexto) -> Iterator[Achado]:
        informado = ZERO if c.nfe.totais.issqn is None else total(c.nfe.totais.issqn) or ZERO
        if informado != _sum(c.nfe.itens, _de_servico(item)):
            yield f"totais.issqn.{caminho}", f"Total de {rotulo}", plain(informado)

    return verificar


def _soma_ibs(
    total: Callable[[TotaisIbsCbs], Decimal | None], item: DoItem, caminho: str, rotulo: str
) -> Callable[[Contexto], Iterator[Achado]]:
    def verificar(c: Contexto) -> Iterator[Achado]:
        if c.nfe.totais.ibs_cbs is None:
            return
        informado = total(c.nfe.totais.ibs_cbs) or ZERO
        if informado != _sum(c.nfe.itens, item):
            yield f"totais.ibs_cbs.{caminho}", f"Total de {rotulo}", plain(informado)

    return verificar


def _valor_produtos(c: Contexto) -> str | None:
    """W07-10: goods that compose the total; with items of ISSQN the text admits two readings."""
    total = c.nfe.totais.icms.valor_produtos
    compoe = [i for i in c.nfe.itens if i.tributos.compoe_total]
    todos = sum((i.tributos.valor_produto for i in compoe), ZERO)
    mercadorias = sum((i.tributos.valor_produto for i in compoe if i.tributos.issqn is None), ZERO)
    return se(total not in (todos, mercadorias), total)


def _st_somado(itens: tuple[Item, ...]) -> Decimal:
    """PIS-ST and COFINS-ST that add to the note (indSomaPISST, indSomaCOFINSST)."""
    somas = [
        g
        for i in itens
        for g in (i.tributos.pis_st, i.tributos.cofins_st)
        if g is not None and g.soma_no_total
    ]
    return sum((g.valor or ZERO for g in somas), ZERO)


def _valor_nota(c: Contexto) -> str | None:
    nfe = c.nfe
    livre = any(
        i.tributos.cfop.startswith("3")
        or (i.produto.veiculo is not None and i.produto.veiculo.tipo_operacao == "2")
        for i in nfe.itens
    )
    if livre:
        return None
    total = nfe.totais.icms.valor_nota
    com, sem = expected_valor_nota(nfe)
    perto = any(abs(total - esperado) <= TOLERANCIA_VNF for esperado in (com, sem))
    return se(not perto, total)


def expected_valor_nota(nfe: Nfe) -> tuple[Decimal, Decimal]:
    """vNF by W16-10, with the ICMS relief taken off and without."""
    t = nfe.totais.icms
    servicos = sum(
        (i.tributos.valor_produto for i in nfe.itens if i.tributos.issqn and i.tributos.compoe_total), ZERO
    )
    mercadorias = sum(
        (i.tributos.valor_produto for i in nfe.itens if not i.tributos.issqn and i.tributos.compoe_total),
        ZERO,
    )
    soma = (
        mercadorias + servicos - t.valor_desconto + t.valor_st + t.valor_fcp_st + (t.valor_mono_retencao or ZERO) + t.valor_frete
        + t.valor_seguro + t.valor_outras_despesas + t.valor_ii + t.valor_ipi + t.valor_ipi_devolvido + _st_somado(nfe.itens)
    )  # fmt: skip
    return soma - t.valor_desonerado, soma


def _nfce_sem_cliente(c: Contexto) -> str | None:
    valor = c.nfe.totais.icms.valor_nota
    return se(c.nfe.destinatario is None and valor > LIMITE_NFCE_SEM_IDENTIFICACAO, valor)


def _total_ibs(c: Contexto) -> str | None:
    return se(c.nfe.totais.ibs_cbs is not None and not any(i.tributos.ibs_cbs for i in c.nfe.itens))


def _sem_total_ibs(c: Contexto) -> str | None:
    return se(c.nfe.totais.ibs_cbs is None and any(i.tributos.ibs_cbs for i in c.nfe.itens))


_MENSAGEM = "O total não é a soma dos itens."
_CORRECAO = "Deixe o total ser calculado, ou confira os valores dos itens."
_AMBOS = frozenset({Modelo.NFE, Modelo.NFCE})

REGRAS = (
    *(
        Regra(f"NFE-TOT-{n:02d}", oficial, c_stat, _soma_icms(total, item, caminho, rotulo, se_informado=oficial == "W16a-10"), _MENSAGEM, _CORRECAO, modelos or _AMBOS)
        for n, (oficial, c_stat, caminho, rotulo, total, item, modelos) in enumerate(_SOMAS, 1)
    ),
    *(
        Regra(f"NFE-TOT-{n}", oficial, c_stat, _soma_issqn(total, item, caminho, rotulo), _MENSAGEM, _CORRECAO)
        for n, (oficial, c_stat, caminho, rotulo, total, item) in enumerate(_SOMAS_ISSQN, 30)
    ),
    *(
        Regra(f"NFE-TOT-{n}", oficial, c_stat, _soma_ibs(total, item, caminho, rotulo), _MENSAGEM, _CORRECAO)
        for n, (oficial, c_stat, caminho, rotulo, total, item) in enumerate(_SOMAS_IBS, 40)
    ),
    Regra("NFE-TOT-60", "W07-10", 564, no_documento("totais.icms.valor_produtos", "Total dos produtos", _valor_produtos), _MENSAGEM, _CORRECAO),
    Regra("NFE-TOT-61", "W16-10", 610, no_documento("totais.icms.valor_nota", "Valor da nota", _valor_nota),
          "O valor da nota não é a soma do que a compõe.", _CORRECAO),
    Regra("NFE-TOT-62", "W16-40", 750, no_documento("destinatario", "Destinatário", _nfce_sem_cliente),
          "Venda acima de R$ 10.000,00 sem identificar o comprador (o limite muda por UF).", "Informe o CPF ou CNPJ do comprador.", SO_NFCE, AVISO),
    Regra("NFE-TOT-63", "W34-10", 1118, no_documento("totais.ibs_cbs", "Total de IBS e CBS", _total_ibs),
          "Há total de IBS e CBS, mas nenhum item os traz.", "Retire o total."),
    Regra("NFE-TOT-64", "W34-20", 1119, no_documento("totais.ibs_cbs", "Total de IBS e CBS", _sem_total_ibs),
          "Há itens com IBS e CBS, mas falta o total.", "Deixe o total ser calculado."),
)  # fmt: skip
