"""Rules over totals (group W): the sums are made again here, plainly, so that no wrong total leaves."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from operator import attrgetter

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
from chancela.documents.nfe.regras_sinais import ISSQN, SEM_DESTINATARIO, TOTAIS
from chancela.documents.nfe.regras_somas import ZERO, Somas, sum_itens
from chancela.domain.identidade import Modelo
from chancela.domain.tributos.resultado import TributosItem
from chancela.domain.tributos.resultado_totais import TotaisIssqn

TOLERANCIA_VNF = Decimal("0.50")
LIMITE_NFCE_SEM_IDENTIFICACAO = Decimal("10000.00")

DoItem = Callable[[TributosItem], Decimal | None]


def _sum(itens: tuple[Item, ...], valor: DoItem) -> Decimal:
    total = ZERO
    for item in itens:
        parcela = valor(item.tributos)
        if parcela:
            total += parcela
    return total


def _de_servico(pegar: DoItem) -> DoItem:
    return lambda t: None if t.issqn is None else pegar(t)


def _pis(t: TributosItem) -> Decimal | None:
    return None if t.pis is None else t.pis.valor


def _cofins(t: TributosItem) -> Decimal | None:
    return None if t.cofins is None else t.cofins.valor


_SOMAS: tuple[tuple[str, int, str, str, frozenset[Modelo] | None], ...] = (
    ("W03-10", 531, "base_calculo", "base do ICMS", None),
    ("W04-10", 532, "valor", "ICMS", None),
    ("W04a-10", 795, "valor_desonerado", "ICMS desonerado", None),
    ("W04b-10", 861, "valor_fcp", "FCP", None),
    ("W04c-10", 798, "valor_fcp_uf_destino", "FCP da UF de destino", SO_NFE),
    ("W04e-10", 799, "valor_uf_destino", "ICMS da UF de destino", SO_NFE),
    ("W04g-10", 800, "valor_uf_remetente", "ICMS da UF do remetente", SO_NFE),
    ("W05-10", 533, "base_st", "base do ICMS-ST", None),
    ("W06-10", 534, "valor_st", "ICMS-ST", None),
    ("W06a-10", 862, "valor_fcp_st", "FCP-ST", SO_NFE),
    ("W08-10", 535, "valor_frete", "frete", None),
    ("W09-10", 536, "valor_seguro", "seguro", None),
    ("W10-10", 537, "valor_desconto", "desconto", None),
    ("W11-10", 601, "valor_ii", "II", SO_NFE),
    ("W12-10", 538, "valor_ipi", "IPI", SO_NFE),
    ("W12a-10", 863, "valor_ipi_devolvido", "IPI devolvido", SO_NFE),
    ("W13-10", 602, "valor_pis", "PIS", None),
    ("W14-10", 603, "valor_cofins", "COFINS", None),
    ("W15-10", 604, "valor_outras_despesas", "outras despesas", None),
    ("W16a-10", 685, "valor_aproximado_tributos", "tributos aproximados", None),
)  # fmt: skip
"""Rule, cStat, attribute of `totais.icms` and of its sums, label, models (None: both)."""

_SOMAS_ISSQN: tuple[tuple[str, int, str, str, Callable[[TotaisIssqn], Decimal | None], DoItem], ...] = (
    ("W18-10", 605, "valor_servicos", "serviços", lambda t: t.valor_servicos, lambda t: t.valor_produto if t.compoe_total else None),
    ("W19-10", 606, "base_calculo", "base do ISS", lambda t: t.base_calculo, lambda t: t.issqn and t.issqn.base_calculo),
    ("W20-10", 607, "valor", "ISS", lambda t: t.valor, lambda t: t.issqn and t.issqn.valor),
    ("W21-10", 608, "valor_pis", "PIS dos serviços", lambda t: t.valor_pis, _pis),
    ("W22-10", 609, "valor_cofins", "COFINS dos serviços", lambda t: t.valor_cofins, _cofins),
)  # fmt: skip

_SOMAS_IBS: tuple[tuple[str, int, str, str], ...] = (
    ("W35-10", 1076, "base_calculo", "base do IBS e da CBS"),
    ("W38-10", 1077, "uf.valor_diferido", "IBS estadual diferido"),
    ("W39-10", 1078, "uf.valor_devolvido", "IBS estadual devolvido"),
    ("W41-10", 1080, "uf.valor", "IBS estadual"),
    ("W43-10", 1081, "municipio.valor_diferido", "IBS municipal diferido"),
    ("W44-10", 1082, "municipio.valor_devolvido", "IBS municipal devolvido"),
    ("W46-10", 1084, "municipio.valor", "IBS municipal"),
    ("W47-10", 1085, "valor_ibs", "IBS"),
    ("W53-10", 1088, "cbs.valor_diferido", "CBS diferida"),
    ("W54-10", 1089, "cbs.valor_devolvido", "CBS devolvida"),
    ("W56-10", 1091, "cbs.valor", "CBS"),
    ("W48-10", 1086, "credito_presumido_ibs", "crédito presumido do IBS"),
    ("W56a-10", 1087, "credito_presumido_cbs", "crédito presumido da CBS"),
)  # fmt: skip
"""Rule, cStat, attribute of `totais.ibs_cbs` and of its sums, label."""

_VALORES_ICMS = attrgetter(*(caminho for _o, _c, caminho, _r, _m in _SOMAS))
_VALORES_IBS = attrgetter(*(caminho for _o, _c, caminho, _r in _SOMAS_IBS))


def totals_hold(nfe: Nfe, somas: Somas) -> bool:
    """Whether every total is beyond doubt the sum of the items; which one is not, the rules tell."""
    totais, ibs_cbs = nfe.totais.icms, nfe.totais.ibs_cbs
    if (
        totais.valor_produtos != somas.icms.mercadorias
        or totais.valor_nota not in expected_valor_nota(nfe, somas)
        or (ibs_cbs is None) is not (somas.ibs_cbs.itens == 0)
        or tuple([valor or ZERO for valor in _VALORES_ICMS(totais)]) != _VALORES_ICMS(somas.icms)
    ):
        return False
    if ibs_cbs is None:
        return True
    if ibs_cbs.uf is None or ibs_cbs.municipio is None or ibs_cbs.cbs is None:
        return False
    return tuple([valor or ZERO for valor in _VALORES_IBS(ibs_cbs)]) == _VALORES_IBS(somas.ibs_cbs)


def _soma_icms(nome: str, rotulo: str, *, se_informado: bool) -> Callable[[Contexto], Iterator[Achado]]:
    def verificar(c: Contexto) -> Iterator[Achado]:
        informado: Decimal | None = getattr(c.nfe.totais.icms, nome)
        if informado is None and se_informado:
            return
        if (informado or ZERO) != getattr(c.somas.icms, nome):
            yield f"totais.icms.{nome}", f"Total de {rotulo}", plain(informado or ZERO)

    return verificar


def _soma_issqn(
    total: Callable[[TotaisIssqn], Decimal | None], item: DoItem, caminho: str, rotulo: str
) -> Callable[[Contexto], Iterator[Achado]]:
    def verificar(c: Contexto) -> Iterator[Achado]:
        informado = ZERO if c.nfe.totais.issqn is None else total(c.nfe.totais.issqn) or ZERO
        if informado != _sum(c.nfe.itens, _de_servico(item)):
            yield f"totais.issqn.{caminho}", f"Total de {rotulo}", plain(informado)

    return verificar


def _soma_ibs(caminho: str, rotulo: str) -> Callable[[Contexto], Iterator[Achado]]:
    grupo, _, nome = caminho.rpartition(".")

    def verificar(c: Contexto) -> Iterator[Achado]:
        totais: object = c.nfe.totais.ibs_cbs
        somas: object = c.somas.ibs_cbs
        if totais is None:
            return
        if grupo:
            totais, somas = getattr(totais, grupo), getattr(somas, grupo)
        informado: Decimal = ZERO if totais is None else getattr(totais, nome)
        if informado != getattr(somas, nome):
            yield f"totais.ibs_cbs.{caminho}", f"Total de {rotulo}", plain(informado)

    return verificar


def _valor_produtos(c: Contexto) -> str | None:
    """W07-10: goods that compose the total; with items of ISSQN the text admits two readings."""
    total, mercadorias = c.nfe.totais.icms.valor_produtos, c.somas.icms.mercadorias
    return se(total not in (mercadorias, mercadorias + c.somas.icms.servicos), total)


def _valor_nota(c: Contexto) -> str | None:
    nfe = c.nfe
    total = nfe.totais.icms.valor_nota
    if any(abs(total - esperado) <= TOLERANCIA_VNF for esperado in expected_valor_nota(nfe, c.somas)):
        return None
    livre = any(
        i.tributos.cfop.startswith("3")
        or (i.produto.veiculo is not None and i.produto.veiculo.tipo_operacao == "2")
        for i in nfe.itens
    )
    return se(not livre, total)


def expected_valor_nota(nfe: Nfe, somas: Somas | None = None) -> tuple[Decimal, Decimal]:
    """vNF by W16-10, with the ICMS relief taken off and without."""
    t, s = nfe.totais.icms, (somas or sum_itens(nfe.itens)).icms
    soma = (
        s.mercadorias + s.servicos - t.valor_desconto + t.valor_st + t.valor_fcp_st + (t.valor_mono_retencao or ZERO) + t.valor_frete
        + t.valor_seguro + t.valor_outras_despesas + t.valor_ii + t.valor_ipi + t.valor_ipi_devolvido + s.contribuicoes_st
    )  # fmt: skip
    return soma - t.valor_desonerado, soma


def _nfce_sem_cliente(c: Contexto) -> str | None:
    valor = c.nfe.totais.icms.valor_nota
    return se(c.nfe.destinatario is None and valor > LIMITE_NFCE_SEM_IDENTIFICACAO, valor)


def _total_ibs(c: Contexto) -> str | None:
    return se(c.nfe.totais.ibs_cbs is not None and not c.somas.ibs_cbs.itens)


def _sem_total_ibs(c: Contexto) -> str | None:
    return se(c.nfe.totais.ibs_cbs is None and c.somas.ibs_cbs.itens > 0)


_MENSAGEM = "O total não é a soma dos itens."
_CORRECAO = "Deixe o total ser calculado, ou confira os valores dos itens."
_AMBOS = frozenset({Modelo.NFE, Modelo.NFCE})

REGRAS = (
    *(
        Regra(f"NFE-TOT-{n:02d}", oficial, c_stat, _soma_icms(nome, rotulo, se_informado=oficial == "W16a-10"), _MENSAGEM, _CORRECAO, modelos or _AMBOS, quando=TOTAIS)
        for n, (oficial, c_stat, nome, rotulo, modelos) in enumerate(_SOMAS, 1)
    ),
    *(
        Regra(f"NFE-TOT-{n}", oficial, c_stat, _soma_issqn(total, item, caminho, rotulo), _MENSAGEM, _CORRECAO, quando=ISSQN)
        for n, (oficial, c_stat, caminho, rotulo, total, item) in enumerate(_SOMAS_ISSQN, 30)
    ),
    *(
        Regra(f"NFE-TOT-{n}", oficial, c_stat, _soma_ibs(caminho, rotulo), _MENSAGEM, _CORRECAO, quando=TOTAIS)
        for n, (oficial, c_stat, caminho, rotulo) in enumerate(_SOMAS_IBS, 40)
    ),
    Regra("NFE-TOT-60", "W07-10", 564, no_documento("totais.icms.valor_produtos", "Total dos produtos", _valor_produtos), _MENSAGEM, _CORRECAO, quando=TOTAIS),
    Regra("NFE-TOT-61", "W16-10", 610, no_documento("totais.icms.valor_nota", "Valor da nota", _valor_nota),
          "O valor da nota não é a soma do que a compõe.", _CORRECAO, quando=TOTAIS),
    Regra("NFE-TOT-62", "W16-40", 750, no_documento("destinatario", "Destinatário", _nfce_sem_cliente),
          "Venda acima de R$ 10.000,00 sem identificar o comprador (o limite muda por UF).", "Informe o CPF ou CNPJ do comprador.", SO_NFCE, AVISO, quando=SEM_DESTINATARIO),
    Regra("NFE-TOT-63", "W34-10", 1118, no_documento("totais.ibs_cbs", "Total de IBS e CBS", _total_ibs),
          "Há total de IBS e CBS, mas nenhum item os traz.", "Retire o total.", quando=TOTAIS),
    Regra("NFE-TOT-64", "W34-20", 1119, no_documento("totais.ibs_cbs", "Total de IBS e CBS", _sem_total_ibs),
          "Há itens com IBS e CBS, mas falta o total.", "Deixe o total ser calculado.", quando=TOTAIS),
)  # fmt: skip
