"""Rules over IBS and CBS of the items that need no table (group UB): rates of the year, reductions, deferral, amounts.

What depends on the indicators of CST and cClassTrib is judged by the tax engine, which holds those tables.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from chancela.documents.nfe.enumeracoes import Finalidade
from chancela.documents.nfe.itens import Item
from chancela.documents.nfe.regras_base import (
    AVISO,
    CENTAVO,
    POR_CENTO,
    Contexto,
    PorItem,
    Regra,
    plain,
    se,
)
from chancela.documents.nfe.regras_sinais import (
    ALIQUOTAS_DA_TRANSICAO,
    IBS_APROXIMADO,
    IBS_DIFERIDO,
    IBS_OUTRA_ALIQUOTA,
    IBS_REDUZIDO,
    OUTRA_FINALIDADE,
)
from chancela.domain.tributos.resultado_ibs_cbs import ComponenteIbsCbs, GrupoIbsCbs
from chancela.domain.valores import centavos_par

ZERO, CEM, UM = Decimal(0), Decimal(100), Decimal(1)
DECIMO_MILESIMO = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class _Parte:
    """One of the three components, with the rules that speak of it: (code of the MOC, cStat)."""

    nome: str
    rotulo: str
    numero: int
    pegar: Callable[[GrupoIbsCbs], ComponenteIbsCbs]
    aliquota: tuple[str, int]
    diferimento: tuple[str, int]
    reducao: tuple[str, int]
    efetiva: tuple[str, int]
    valor: tuple[str, int]


_PARTES = (
    _Parte("uf", "IBS estadual", 10, lambda g: g.uf, ("UB18-10", 1026), ("UB23-10", 1031), ("UB26-20", 1033), ("UB28-10", 1035), ("UB35-10", 1041)),
    _Parte("municipio", "IBS municipal", 20, lambda g: g.municipio, ("UB37-10", 1036), ("UB42-10", 1045), ("UB45-20", 1074), ("UB47-10", 1047), ("UB54-10", 1052)),
    _Parte("cbs", "CBS", 30, lambda g: g.cbs, ("UB56-10", 1037), ("UB61-10", 1062), ("UB64-20", 1079), ("UB66-10", 1064), ("UB67-10", 1069)),
)  # fmt: skip

_NAO_CONFERIDAS = (None, None, None)
Teste = Callable[[Contexto, GrupoIbsCbs, ComponenteIbsCbs], Decimal | None]


def _por_componente(parte: _Parte, campo: str, rotulo: str, teste: Teste) -> PorItem:
    def testa(c: Contexto, item: Item) -> str | None:
        ibs_cbs = item.tributos.ibs_cbs
        if ibs_cbs is None or ibs_cbs.tributacao is None:
            return None
        errado = teste(c, ibs_cbs.tributacao, parte.pegar(ibs_cbs.tributacao))
        return None if errado is None else plain(errado)

    return PorItem(f"tributos.ibs_cbs.tributacao.{parte.nome}.{campo}", f"{rotulo} ({parte.rotulo})", testa)


def _rate_of_the_year(posicao: int) -> Teste:
    """The rate must be that of the year; zero is right for some classes, returns may carry an older one."""

    def teste(c: Contexto, _g: GrupoIbsCbs, p: ComponenteIbsCbs) -> Decimal | None:
        devida = ALIQUOTAS_DA_TRANSICAO.get(c.emissao.year, _NAO_CONFERIDAS)[posicao]
        isento = c.nfe.finalidade is Finalidade.DEVOLUCAO or c.nfe.tipo_nota_credito in ("03", "04", "06")
        return None if devida is None or isento or p.aliquota in (devida, ZERO) else p.aliquota

    return teste


def _deferral(_c: Contexto, g: GrupoIbsCbs, p: ComponenteIbsCbs) -> Decimal | None:
    """The text speaks of the full rate, the worked example of the reduced one (docs/adr/0036): only what neither gives is wrong."""
    if p.diferimento is None:
        return None
    lidas = (p.aliquota,) if p.reducao is None else (p.aliquota, p.reducao.aliquota_efetiva)
    esperados = [
        centavos_par(g.base_calculo * aliquota * p.diferimento.percentual / CEM / CEM) for aliquota in lidas
    ]
    certo = any(abs(p.diferimento.valor - esperado) <= CENTAVO for esperado in esperados)
    return None if certo else p.diferimento.valor


def _reduction_of_government(c: Contexto, _g: GrupoIbsCbs, p: ComponenteIbsCbs) -> Decimal | None:
    return p.aliquota if c.nfe.compra_governamental is not None and p.reducao is None else None


def _effective_rate(c: Contexto, _g: GrupoIbsCbs, p: ComponenteIbsCbs) -> Decimal | None:
    if p.reducao is None:
        return None
    gov = c.nfe.compra_governamental
    redutor = UM if gov is None else UM - gov.percentual_reducao / CEM
    esperada = p.aliquota * (UM - p.reducao.percentual / CEM) * redutor
    return (
        p.reducao.aliquota_efetiva if abs(p.reducao.aliquota_efetiva - esperada) > DECIMO_MILESIMO else None
    )


def _amount(_c: Contexto, g: GrupoIbsCbs, p: ComponenteIbsCbs) -> Decimal | None:
    aliquota = p.aliquota if p.reducao is None else p.reducao.aliquota_efetiva
    esperado = centavos_par(g.base_calculo * aliquota * POR_CENTO)
    if p.diferimento is not None:
        esperado -= p.diferimento.valor
    if p.devolucao is not None:
        esperado -= p.devolucao.valor
    return p.valor if abs(p.valor - esperado) > CENTAVO else None


def _valor_ibs(_c: Contexto, item: Item) -> str | None:
    """UB54a-10; a presumed credit may come off the amount, which only a table tells."""
    ibs_cbs = item.tributos.ibs_cbs
    if ibs_cbs is None or ibs_cbs.tributacao is None or ibs_cbs.credito_presumido is not None:
        return None
    g = ibs_cbs.tributacao
    return se(abs(g.valor_ibs - g.uf.valor - g.municipio.valor) > CENTAVO, g.valor_ibs)


def _rules_of(posicao: int, p: _Parte) -> tuple[Regra, ...]:
    n = p.numero
    return (
        Regra(f"NFE-IBS-{n + 1}", *p.aliquota, _por_componente(p, "aliquota", "alíquota", _rate_of_the_year(posicao)),
              "A alíquota não é a do ano da emissão.", "Use a alíquota de transição do ano (em 2026: IBS estadual 0,1 %, municipal 0 %, CBS 0,9 %).", quando=IBS_OUTRA_ALIQUOTA),
        Regra(f"NFE-IBS-{n + 2}", *p.diferimento, _por_componente(p, "diferimento.valor", "valor diferido", _deferral),
              "O valor diferido não é base vezes alíquota vezes percentual.", "Confira o percentual e o valor diferido.", quando=IBS_DIFERIDO),
        Regra(f"NFE-IBS-{n + 3}", *p.reducao, _por_componente(p, "reducao", "redução", _reduction_of_government),
              "Compra governamental exige a redução de alíquota.", "Informe a redução de alíquota do item.", quando=OUTRA_FINALIDADE),
        Regra(f"NFE-IBS-{n + 4}", *p.efetiva, _por_componente(p, "reducao.aliquota_efetiva", "alíquota efetiva", _effective_rate),
              "A alíquota efetiva não é a alíquota com a redução.", "Confira a redução e a alíquota efetiva, com 4 casas.", quando=IBS_REDUZIDO),
        Regra(f"NFE-IBS-{n + 5}", *p.valor, _por_componente(p, "valor", "valor", _amount),
              "O valor não é base vezes alíquota, menos o diferido e o devolvido.", "Confira base, alíquota e valor (tolerância de um centavo).", quando=IBS_APROXIMADO),
    )  # fmt: skip


REGRAS = (
    *(regra for posicao, parte in enumerate(_PARTES) for regra in _rules_of(posicao, parte)),
    Regra("NFE-IBS-01", "UB54a-10", 1150, PorItem("tributos.ibs_cbs.tributacao.valor_ibs", "valor do IBS", _valor_ibs),
          "O valor do IBS não é a soma das partes estadual e municipal.", "Confira os três valores.", severidade=AVISO, quando=IBS_APROXIMADO),
)  # fmt: skip
