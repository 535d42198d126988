"""No cell of a report is run by the program that opens it: what begins as a formula is text."""

import csv
import io
import zipfile

import pytest

from chancela.reports.planilhas import Coluna, write_csv, write_xlsx

FORMULAS = (
    '=cmd|"/c calc"!A1', "+1+1", "-2+3", "@SUM(1)", "\t=1", "\r=1", '=HYPERLINK("http://exemplo.com","x")', "=1\n=2", '=";"', '"=1', "{=1}",
    "http://exemplo.com/", "mailto:a@exemplo.com", "internal:A1",
)  # fmt: skip


@pytest.mark.parametrize("texto", FORMULAS)
def test_a_formula_is_text(texto: str) -> None:
    colunas, lotes = [Coluna("Nome", lambda _: texto), Coluna("Fim", lambda _: "fim")], [[object()]]
    destino = io.BytesIO()
    write_csv(destino, lotes, colunas)  # type: ignore[arg-type]
    (linha,) = csv.DictReader(io.StringIO(destino.getvalue().decode("utf-8-sig"), newline=""), delimiter=";")
    assert linha["Nome"].removeprefix("'") == texto
    assert linha["Nome"][0] not in "=+-@\t\r"
    assert linha["Fim"] == "fim", "no text breaks out of its cell"
    planilha = io.BytesIO()
    write_xlsx(planilha, lotes, colunas)  # type: ignore[arg-type]
    with zipfile.ZipFile(planilha) as pacote:
        folha = pacote.read("xl/worksheets/sheet1.xml").decode()
        assert not [nome for nome in pacote.namelist() if "_rels/sheet" in nome], "no link"
    assert "<f>" not in folha
    assert folha.count('t="inlineStr"') == 4
