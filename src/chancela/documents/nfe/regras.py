"""What SEFAZ would refuse, said before a number is spent.

Every rule of the manual that the document alone decides; all broken rules come back at once. A rule refuses (ERRO)
only when it is mandatory and all its exceptions can be seen here; otherwise it warns (AVISO). Arithmetic of the taxes
themselves is judged by the engine that computes them; rules that need tables live with the tables.
"""

from datetime import datetime
from functools import cache

from chancela.documents.nfe import (
    regras_ibs_cbs,
    regras_ide,
    regras_itens,
    regras_pagamento,
    regras_partes,
    regras_totais,
)
from chancela.documents.nfe.modelo import Contingencia, Nfe
from chancela.documents.nfe.regras_base import Contexto, Regra
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
    contexto = Contexto(nfe, ambiente, emissao, serie, tp_emis, contingencia)
    return tuple([regra.tell(a) for regra in _rules_of(nfe.modelo) for a in regra.verificar(contexto)])


@cache
def _rules_of(modelo: Modelo) -> tuple[Regra, ...]:
    return tuple(regra for regra in REGRAS if modelo in regra.modelos)


def require(violacoes: tuple[Violacao, ...]) -> tuple[Violacao, ...]:
    """The warnings, when there is nothing worse; raises `RegraViolada` with all the errors otherwise."""
    erros = tuple(v for v in violacoes if v.severidade is Severidade.ERRO)
    if erros:
        raise RegraViolada(erros)
    return violacoes
