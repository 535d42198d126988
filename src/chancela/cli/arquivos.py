"""`chancela danfe` and `chancela xml`: commands over files, with no server behind them."""

from pathlib import Path

from chancela.cli.saida import RECUSADO, say, show
from chancela.documents.nfe.arquivo import archive_faults
from chancela.documents.nfe.danfe import render_danfe
from chancela.domain.xml.esquemas import Esquemas


def draw_danfe(arquivo: Path, saida: Path, *, em_json: bool) -> None:
    """Write the DANFE of an authorised XML; `XmlInvalido` when it is none."""
    saida.write_bytes(render_danfe(arquivo.read_bytes()))
    show({"arquivo": str(saida)}, em_json=em_json)


def verify_xml(arquivo: Path, *, em_json: bool) -> None:
    """Check schema, signature and protocol of an NFe or nfeProc; exit code 1 when anything does not hold."""
    conteudo = arquivo.read_bytes()
    faltas = list(archive_faults(conteudo, Esquemas()))
    for falta in faltas:
        say(falta)
    show({"arquivo": str(arquivo), "valido": not faltas, "faltas": faltas}, em_json=em_json)
    if faltas:
        raise SystemExit(RECUSADO)
