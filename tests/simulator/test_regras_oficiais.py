"""Every official rule is judged or has a reason; what is judged agrees with the table in number, model and priority; the page is in step."""

import ast
from pathlib import Path

import pytest

import chancela.simulator
from chancela.simulator.regras.ausentes import AUSENTES
from chancela.simulator.regras.catalogo import REGRAS
from chancela.simulator.regras.mensagem import OPCOES_DE_SERVICO, REGRAS_MENSAGEM, refusal
from chancela.simulator.regras.pagina import JULGADAS, count, render_pagina
from chancela.simulator.regras.servicos import CODIGOS_DE_SERVICO
from chancela.simulator.tabelas import RegraOficial, regras_oficiais

PAGINA = Path(__file__).parents[2] / "docs" / "regras-simulador.md"
SIMULADOR = Path(chancela.simulator.__file__).parent
OFICIAL = {regra.codigo: regra for regra in regras_oficiais()}
OUTRO_NUMERO = {"2B08-50": 692}
"""The table prints two texts under one row; the one of the EPEC has its own number."""


def test_the_page_is_up_to_date() -> None:
    """When it is not: run `docs/gerar_regras_simulador.py` and review the difference."""
    assert PAGINA.read_text(encoding="utf-8") == render_pagina()


def test_every_official_rule_is_judged_or_has_a_reason() -> None:
    assert len(OFICIAL) == 811
    assert OFICIAL.keys() <= JULGADAS | AUSENTES.keys()
    assert not JULGADAS & AUSENTES.keys()
    assert AUSENTES.keys() <= OFICIAL.keys()
    assert OFICIAL.keys() >= CODIGOS_DE_SERVICO


def test_every_rule_of_priority_1_over_a_note_is_judged() -> None:
    de_nota = [r for r in OFICIAL.values() if r.prioridade == 1 and r.modelos in ("55", "65", "55/65", "*")]
    assert count(de_nota).julgadas == len(de_nota) == 311


@pytest.mark.parametrize("regra", [r for r in REGRAS if r.codigo in OFICIAL], ids=lambda r: r.codigo)
def test_a_rule_agrees_with_the_official_table(regra: object) -> None:
    minha = next(r for r in REGRAS if r is regra)
    oficial = OFICIAL[minha.codigo]
    assert minha.c_stat == OUTRO_NUMERO.get(minha.codigo, oficial.c_stat)
    assert minha.prioridade == oficial.prioridade
    assert minha.modelos <= set(oficial.modelos.split("/"))


@pytest.mark.parametrize("regra", REGRAS_MENSAGEM, ids=lambda r: r.codigo)
def test_a_rule_of_the_message_agrees_with_the_official_table(regra: object) -> None:
    minha = next(r for r in REGRAS_MENSAGEM if r is regra)
    oficial = OFICIAL[minha.codigo]
    assert (minha.c_stat, minha.mensagem, minha.prioridade) == (
        oficial.c_stat,
        oficial.mensagem,
        oficial.prioridade,
    )
    assert refusal(minha.codigo) == (minha.c_stat, minha.texto)


def test_a_rule_with_a_suffix_belongs_to_an_official_one() -> None:
    extras = {r.codigo for r in REGRAS} - OFICIAL.keys()
    assert {codigo.partition("/")[0] for codigo in extras} <= OFICIAL.keys() | {"2A-EPEC3"}


def test_what_a_service_is_said_to_judge_it_answers() -> None:
    """Each cStat of a service rule stands in the code of the services, the events or what they share."""
    numeros: set[int] = set()
    for pasta in ("eventos", "servicos", "."):
        for modulo in (SIMULADOR / pasta).glob("*.py"):
            arvore = ast.parse(modulo.read_text(encoding="utf-8"))
            numeros |= {
                n.value for n in ast.walk(arvore) if isinstance(n, ast.Constant) and type(n.value) is int
            }
    faltam = [c for c in CODIGOS_DE_SERVICO if OFICIAL[c].c_stat not in numeros | _shared_numbers()]
    assert not faltam


def _shared_numbers() -> set[int]:
    """What the services take from the tables of rules instead of writing it again."""
    from chancela.simulator.regras.contas import MENSAGENS_CHAVE

    return {r.c_stat for r in (*REGRAS_MENSAGEM, *OPCOES_DE_SERVICO)} | set(MENSAGENS_CHAVE)


def test_the_count_is_of_the_rules_given() -> None:
    regras = [
        RegraOficial("g", "A01", "*", 1, 280, "m"),
        RegraOficial("g", "O06-10", "55", 2, 387, "m"),
    ]
    assert count(regras).celula == "1 de 2"
    assert count([]).celula == ""
