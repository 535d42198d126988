"""The lines of a report as a PDF, all held at once.

Import it where one is drawn: what it draws with takes 35 MiB and 0.4 s of a process, and most processes never draw any.
"""

from collections.abc import Sequence
from decimal import Decimal

from fpdf import FPDF

from chancela.issuing.modelo import Estado
from chancela.reports.planilhas import Coluna, Titulo, show
from chancela.stores.relatorios import LinhaRelatorio


def draw_pdf(titulo: Titulo, linhas: Sequence[LinhaRelatorio], colunas: Sequence[Coluna]) -> bytes:
    """A4, landscape, one line per document."""
    visiveis = [coluna for coluna in colunas if coluna.largura_mm]
    folga = 277 - sum(coluna.largura_mm for coluna in visiveis)
    pdf = _Folha(
        titulo, [(c.titulo, c.largura_mm + (folga if c.titulo == "Destinatário" else 0)) for c in visiveis]
    )
    pdf.add_page()
    for linha in linhas:
        pdf.add_row([show(coluna.valor(linha)) for coluna in visiveis])
    total = sum((linha.valor_total for linha in linhas if linha.estado is Estado.AUTORIZADO), Decimal(0))
    pdf.add_total(f"{len(linhas)} documentos; total autorizado: R$ {show(total)}")
    return bytes(pdf.output())


class _Folha(FPDF):
    """The page of the report: title and column heads on each, number at the foot."""

    def __init__(self, titulo: Titulo, colunas: Sequence[tuple[str, int]]) -> None:
        super().__init__(orientation="landscape", format="A4")
        self._titulo = titulo
        self._colunas = colunas
        self.set_auto_page_break(auto=True, margin=14)

    def header(self) -> None:
        self.set_font("helvetica", "B", 11)
        self.cell(0, 6, _latin(self._titulo.empresa), new_x="LMARGIN", new_y="NEXT")
        self.set_font("helvetica", "", 9)
        self.cell(0, 6, _latin(self._titulo.periodo), new_x="LMARGIN", new_y="NEXT")
        self.set_font("helvetica", "B", 8)
        for nome, largura in self._colunas:
            self.cell(largura, 6, _latin(nome), border="B")
        self.ln(6)

    def footer(self) -> None:
        self.set_y(-12)
        self.set_font("helvetica", "", 7)
        self.cell(0, 6, f"{self.page_no()}", align="R")

    def add_row(self, textos: Sequence[str]) -> None:
        self.set_font("helvetica", "", 8)
        for texto, (_, largura) in zip(textos, self._colunas, strict=True):
            self.cell(largura, 5, _latin(self._fit(texto, largura)))
        self.ln(5)

    def add_total(self, texto: str) -> None:
        self.set_font("helvetica", "B", 9)
        self.cell(0, 8, _latin(texto), border="T")

    def _fit(self, texto: str, largura_mm: int) -> str:
        """Cut to the column: about 1.6 mm per character at 8 points."""
        cabem = int(largura_mm / 1.6)
        return texto if len(texto) <= cabem else texto[: cabem - 1] + "."


def _latin(texto: str) -> str:
    """The built-in fonts know Latin-1 only."""
    return texto.encode("latin-1", "replace").decode("latin-1")
