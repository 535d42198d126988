"""`chancela doctor`: what was looked at, and what to do about it."""

from collections.abc import Sequence

from chancela.cli.saida import RECUSADO, say, show_rows
from chancela.issuing.diagnostico import Achado, Situacao


def show_findings(achados: Sequence[Achado], *, em_json: bool) -> None:
    """Print every finding; leave with 1 when something is broken. Warnings alone leave with 0."""
    linhas = [(a.situacao.value, a.item, a.visto, a.correcao) for a in achados]
    show_rows("Diagnóstico", ("situacao", "item", "visto", "correcao"), linhas, em_json=em_json)
    erros = sum(a.situacao is Situacao.ERRO for a in achados)
    avisos = sum(a.situacao is Situacao.AVISO for a in achados)
    say(f"{len(achados)} itens, {erros} com erro, {avisos} com aviso.")
    if erros:
        raise SystemExit(RECUSADO)
