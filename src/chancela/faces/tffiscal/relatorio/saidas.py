"""Answers of `invoice/report*`, `report/status`, `invoice/get_xml` and `company/get_export_invoice_month_files`."""

from typing import NotRequired

from typing_extensions import TypedDict

from chancela.faces.tffiscal.saida import Valor


class TotaisSaida(TypedDict):
    """Quantos documentos, quanto valem, e em que situação estão."""

    total_invoices: int
    total_value: Valor
    authorized: int
    canceled: int
    denied: int


class RelatorioLinhaSaida(TypedDict):
    """Um documento do relatório."""

    invoice_id: str
    number: int
    series: int
    access_key: str
    status: str
    issue_date: str
    total_value: Valor
    customer_name: str
    customer_document: str
    nature_of_operation: str
    model: str


class PaginacaoSaida(TypedDict):
    """Onde a página está."""

    current_page: int
    per_page: int
    total_pages: int
    total_records: int


class RelatorioSaida(TypedDict):
    """Os documentos de um período."""

    summary: TotaisSaida
    invoices: list[RelatorioLinhaSaida]
    pagination: PaginacaoSaida


class PeriodoSaida(TotaisSaida):
    """Um mês (`2024-01`), semana (`2024-W05`) ou dia."""

    period: str
    total_tax: Valor


class ResumoSaida(TypedDict):
    """As somas de um ano."""

    company_id: str
    year: int
    periods: list[PeriodoSaida]


class ExportacaoSaida(TypedDict):
    """Um relatório em segundo plano: em andamento traz `callback_url`, pronto traz `download_url`."""

    report_id: str
    status: str
    estimated_time: NotRequired[str]
    callback_url: NotRequired[str]
    progress_count: NotRequired[int]
    total_count: NotRequired[int]
    download_url: NotRequired[str]
    expires_at: NotRequired[str]
    file_size: NotRequired[str]


class PacoteSaida(TypedDict):
    """A exportação das notas; `url` é vazia enquanto `status` é `Processing`."""

    status: str
    progress_count: int
    total_count: int
    url: str


class ArquivoMensalSaida(TypedDict):
    """Um arquivo mensal."""

    url: str
    year: int
    month: str
    type: str
    status: str
    create: str


class ArquivosMensaisSaida(TypedDict):
    """Os arquivos mensais deste ano que existem."""

    files: list[ArquivoMensalSaida]
