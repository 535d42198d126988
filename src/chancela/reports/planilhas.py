"""The lines of a report as CSV or spreadsheet, in batches that are never held all; its PDF is `reports.folha`."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import IO, Protocol, cast
from zoneinfo import ZoneInfo

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
    import xlsxwriter  # hardly ever needed, and costs every process its start

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


def show(valor: Valor) -> str:
    """As a Brazilian reads it."""
    if isinstance(valor, datetime):
        return f"{_local(valor):%d/%m/%Y %H:%M:%S}"
    if isinstance(valor, Decimal):
        return f"{valor:.2f}".replace(".", ",")
    return str(valor)


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
