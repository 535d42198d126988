"""What SEFAZ would refuse, said before a number is spent.

Every rule of the manual that the document alone decides; all broken rules come back at once. A rule refuses (ERRO)
only when it is mandatory and all its exceptions can be seen here; otherwise it warns (AVISO). Arithmetic of the taxes
themselves is judged by the engine that computes them; rules that need tables live with the tables.
"""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

from chancela.documents.nfe import (
    regras_ibs_cbs,
    regras_ide,
    regras_itens,
    regras_pagamento,
    regras_partes,
    regras_totais,
)
from chancela.documents.nfe.modelo import Contingencia, Item, Nfe
from chancela.documents.nfe.regras_base import Contexto, PorItem, Regra
from chancela.documents.nfe.regras_sinais import NUMERACAO, SEMPRE, TOTAIS, read_documento, read_item
from chancela.documents.nfe.regras_somas import sum_itens
from chancela.documents.nfe.regras_totais import totals_hold
from chancela.domain.erros import RegraViolada, Severidade, Violacao
from chancela.domain.identidade import Ambiente, Modelo

REGRAS: tuple[Regra, ...] = (
    *regras_ide.REGRAS,
    *regras_partes.REGRAS,
    *regras_itens.REGRAS,
    *regras_ibs_cbs.REGRAS,
    *regras_totais.REGRAS,
    *regras_pagamento.REGRAS,
)


def check_nfe(
    nfe: Nfe,
    *,
    ambiente: Ambiente,
    emissao: datetime,
    serie: int,
    tp_emis: int = 1,
    contingencia: Contingencia | None = None,
) -> tuple[Violacao, ...]:
    """Every rule that the document breaks, errors and warnings, in the order of the manual's groups.

    `emissao` is dhEmi: aware, in the issuer's local time.
    """
    somas = sum_itens(nfe.itens)
    contexto = Contexto(nfe, somas, ambiente, emissao, serie, tp_emis, contingencia)
    sinais = read_documento(nfe, emissao=emissao, serie=serie, tp_emis=tp_emis, contingencia=contingencia)
    if not totals_hold(nfe, somas):
        sinais |= TOTAIS
    if not 1 <= len(nfe.itens) <= 990:
        sinais |= NUMERACAO
    achadas: list[tuple[int, Violacao]] = []
    dos_itens, ano = 0, emissao.year
    for posicao, item in enumerate(nfe.itens):
        do_item = read_item(item, ano)
        if item.tributos.numero != posicao + 1:
            do_item |= NUMERACAO
        dos_itens |= do_item
        for ordem, teste in _plan_item(nfe.modelo, sinais | do_item):
            valor = teste(contexto, item)
            if valor is not None:
                achadas.append((ordem, _tell(ordem, posicao, valor)))
    for ordem, regra in _plan_documento(nfe.modelo, sinais | dos_itens):
        for achado in regra.verificar(contexto):
            achadas.append((ordem, regra.tell(achado)))  # noqa: PERF401 - a list for each rule costs more than most rules
    if not achadas:
        return ()
    achadas.sort(key=lambda achada: achada[0])
    return tuple([violacao for _ordem, violacao in achadas])


def _tell(ordem: int, posicao: int, valor: str) -> Violacao:
    regra = REGRAS[ordem]
    assert isinstance(regra.verificar, PorItem), "only rules over items are planned for items"
    return regra.tell(regra.verificar.place(posicao, valor))


@lru_cache(1_024)
def _plan_item(modelo: Modelo, sinais: int) -> tuple[tuple[int, Callable[[Contexto, Item], str | None]], ...]:
    """The tests that an item with such signs must be asked, each with the place of its rule."""
    return tuple(
        (ordem, regra.verificar.teste)
        for ordem, regra in _planned(modelo, sinais)
        if isinstance(regra.verificar, PorItem)
    )


@lru_cache(1_024)
def _plan_documento(modelo: Modelo, sinais: int) -> tuple[tuple[int, Regra], ...]:
    """The other rules that a document with such signs must be asked, each with its place."""
    return tuple((n, r) for n, r in _planned(modelo, sinais) if not isinstance(r.verificar, PorItem))


def _planned(modelo: Modelo, sinais: int) -> list[tuple[int, Regra]]:
    return [
        (ordem, regra)
        for ordem, regra in enumerate(REGRAS)
        if modelo in regra.modelos and (regra.quando == SEMPRE or regra.quando & sinais)
    ]


def require(violacoes: tuple[Violacao, ...]) -> tuple[Violacao, ...]:
    """The warnings, when there is nothing worse; raises `RegraViolada` with all the errors otherwise."""
    erros = tuple(v for v in violacoes if v.severidade is Severidade.ERRO)
    if erros:
        raise RegraViolada(erros)
    return violacoes
