"""The lines of a report as CSV, spreadsheet or PDF. Each takes batches and never holds them all, but for the PDF."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import IO, Protocol, cast
from zoneinfo import ZoneInfo

import xlsxwriter
from fpdf import FPDF

from chancela.issuing.modelo import Estado
from chancela.stores.relatorios import LinhaRelatorio

FUSO = ZoneInfo("America/Sao_Paulo")
NOME_DO_ESTADO = {
    Estado.AUTORIZADO: "Autorizada",
    Estado.CANCELADO: "Cancelada",
    Estado.DENEGADO: "Denegada",
    Estado.INUTILIZADO: "Inutilizada",
}
_MODELOS = {"55": "NF-e", "65": "NFC-e"}
Valor = str | int | Decimal | datetime


class Escritor(Protocol):
    """Where bytes go."""

    def write(self, dados: bytes, /) -> object: ...


@dataclass(frozen=True, slots=True)
class Coluna:
    """A column: title, value, and its width in the PDF in millimetres (0: not there)."""

    titulo: str
    valor: Callable[[LinhaRelatorio], Valor]
    largura_mm: int = 0


@dataclass(frozen=True, slots=True)
class Titulo:
    """What a file says of itself."""

    empresa: str
    periodo: str


_BASICAS = (
    Coluna("Modelo", lambda linha: _MODELOS.get(linha.modelo.value, linha.modelo.value), 14),
    Coluna("Série", lambda linha: linha.serie, 12),
    Coluna("Número", lambda linha: linha.numero, 20),
    Coluna("Emissão", lambda linha: linha.emitido_em, 32),
    Coluna("Situação", lambda linha: NOME_DO_ESTADO[linha.estado], 22),
    Coluna("Destinatário", lambda linha: linha.destinatario_nome, 75),
    Coluna("CNPJ/CPF", lambda linha: linha.destinatario_documento, 32),
    Coluna("Valor total", lambda linha: linha.valor_total, 30),
)
_DETALHES = (
    Coluna("Natureza da operação", lambda linha: linha.natureza_operacao),
    Coluna("Chave de acesso", lambda linha: linha.chave),
    Coluna("Protocolo", lambda linha: linha.protocolo),
    Coluna("Itens", lambda linha: linha.quantidade_itens),
)
_TRIBUTOS = (Coluna("Total de tributos", lambda linha: linha.total_tributos, 30),)


def choose_columns(*, detalhes: bool = True, tributos: bool = True) -> Sequence[Coluna]:
    """The columns of a report."""
    return (*_BASICAS, *(_DETALHES if detalhes else ()), *(_TRIBUTOS if tributos else ()))


def write_csv(
    destino: Escritor, lotes: Iterable[Sequence[LinhaRelatorio]], colunas: Sequence[Coluna]
) -> None:
    """As Brazilian spreadsheets open it: UTF-8 with BOM, semicolons, decimal commas."""
    destino.write("\ufeff".encode())
    _write_rows(destino, [[coluna.titulo for coluna in colunas]])
    for lote in lotes:
        _write_rows(destino, [[show(coluna.valor(linha)) for coluna in colunas] for linha in lote])


def write_xlsx(
    destino: IO[bytes], lotes: Iterable[Sequence[LinhaRelatorio]], colunas: Sequence[Coluna]
) -> None:
    """One sheet, written row by row to a temporary file (`constant_memory`)."""
    pasta = xlsxwriter.Workbook(destino, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})  # fmt: skip
    try:
        folha = pasta.add_worksheet("Documentos")
        negrito = pasta.add_format({"bold": True})
        dinheiro = pasta.add_format({"num_format": "#,##0.00"})
        data = pasta.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})
        folha.freeze_panes(1, 0)
        for posicao, coluna in enumerate(colunas):
            folha.write_string(0, posicao, coluna.titulo, negrito)
        numero = 0
        for lote in lotes:
            for linha in lote:
                numero += 1
                for posicao, coluna in enumerate(colunas):
                    valor = coluna.valor(linha)
                    if isinstance(valor, datetime):
                        folha.write_datetime(numero, posicao, _local(valor).replace(tzinfo=None), data)
                    elif isinstance(valor, Decimal):
                        folha.write_number(numero, posicao, cast("float", valor), dinheiro)
                    elif isinstance(valor, int):
                        folha.write_number(numero, posicao, valor)
                    else:
                        folha.write_string(numero, posicao, valor)
    finally:
        pasta.close()


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


def show(valor: Valor) -> str:
    """As a Brazilian reads it."""
    if isinstance(valor, datetime):
        return f"{_local(valor):%d/%m/%Y %H:%M:%S}"
    if isinstance(valor, Decimal):
        return f"{valor:.2f}".replace(".", ",")
    return str(valor)


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


def _local(momento: datetime) -> datetime:
    return momento.astimezone(FUSO)


def _write_rows(destino: Escritor, linhas: Sequence[Sequence[str]]) -> None:
    texto = io.StringIO()
    escritor = csv.writer(texto, delimiter=";", lineterminator="\r\n")
    escritor.writerows([[_harmless(celula) for celula in linha] for linha in linhas])
    destino.write(texto.getvalue().encode("utf-8"))


def _harmless(celula: str) -> str:
    """A text that a spreadsheet would run as a formula is quoted (CSV injection)."""
    return f"'{celula}" if celula[:1] in ("=", "+", "-", "@", "\t", "\r") else celula
