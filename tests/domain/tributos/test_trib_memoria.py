"""The words of every rule, as a person reads them: `memoria.txt`, rewritten by `--update` and reviewed."""

from decimal import Decimal as D
from pathlib import Path

import pytest

from chancela.domain.tributos.memoria import REGRAS, render

GOLDEN = Path(__file__).parent / "memoria.txt"


def test_words_of_every_rule(request: pytest.FixtureRequest) -> None:
    texto = ""
    for nome, regra in REGRAS.items():
        operandos = tuple(D(n) for n in range(1, len(regra.operandos) + 1))
        texto += f"{nome}\n  {render([(1, nome, operandos, D('9.5'))])}\n"
    if request.config.getoption("--update"):
        GOLDEN.write_text(texto, encoding="utf-8")
    assert texto == GOLDEN.read_text(encoding="utf-8"), "run with --update and review the difference"


def test_a_step_of_the_document_names_no_item() -> None:
    assert render([(0, "total.nota", (D("1.00"),), D("1.00"))]) == (
        "Valor da nota = soma do que cada item declara = 1,00 (soma dos itens 1,00). MOC 7.0, regra W16-10."
    )
