"""Reports and exports in the words of the contract."""

from collections.abc import Mapping, Sequence
from datetime import date

from chancela.domain.identidade import Modelo
from chancela.faces.tffiscal.envelope import Resposta, succeed
from chancela.faces.tffiscal.links import Links
from chancela.faces.tffiscal.nota.respostas import instant
from chancela.faces.tffiscal.relatorio.saidas import (
    ArquivoMensalSaida,
    ArquivosMensaisSaida,
    ExportacaoSaida,
    PacoteSaida,
    RelatorioLinhaSaida,
    RelatorioSaida,
    ResumoSaida,
    TotaisSaida,
)
from chancela.issuing.modelo import Estado
from chancela.kit.ids import is_id
from chancela.reports.consulta import Resumo
from chancela.reports.pedidos import read_pedido
from chancela.stores.exportacoes import EstadoExportacao, Exportacao
from chancela.stores.relatorios import LinhaRelatorio

_PREFIXO = "rpt_"
_LINHAS_POR_SEGUNDO = 2_000
STATUS_RELATORIO: Mapping[Estado, str] = {
    Estado.AUTORIZADO: "AUTHORIZED",
    Estado.CANCELADO: "CANCELED",
    Estado.DENEGADO: "DENIED",
}
_STATUS_EXPORTACAO = {
    EstadoExportacao.PENDENTE: "processing",
    EstadoExportacao.CONCLUIDA: "completed",
    EstadoExportacao.FALHOU: "failed",
    EstadoExportacao.EXPIRADA: "expired",
}
_STATUS_MENSAL = {Estado.AUTORIZADO: "Success", Estado.CANCELADO: "Canceled", Estado.INUTILIZADO: "Voided"}


def answer_report(
    resumo: Resumo, linhas: Sequence[LinhaRelatorio], *, pagina: int, por_pagina: int
) -> Resposta:
    """The answer of invoice/report in JSON."""
    data: RelatorioSaida = {
        "summary": _totals(resumo),
        "invoices": [_invoice(linha) for linha in linhas],
        "pagination": {
            "current_page": pagina,
            "per_page": por_pagina,
            "total_pages": -(-resumo.quantidade // por_pagina),
            "total_records": resumo.quantidade,
        },
    }
    return succeed(data)


def answer_summary(empresa_id: int, ano: int, periodos: Mapping[str, Resumo]) -> Resposta:
    """The answer of invoice/report/summary."""
    data: ResumoSaida = {
        "company_id": f"comp_{empresa_id}",
        "year": ano,
        "periods": [
            {"period": periodo, "total_tax": resumo.tributos, **_totals(resumo)}
            for periodo, resumo in periodos.items()
        ],
    }
    return succeed(data)


def answer_requested(exportacao: Exportacao, links: Links, base_url: str) -> Resposta:
    """The answer of invoice/report/export: under way, or there already."""
    if exportacao.estado is EstadoExportacao.CONCLUIDA:
        return answer_status(exportacao, links, base_url)
    data: ExportacaoSaida = {
        "report_id": report_id(exportacao),
        "status": _STATUS_EXPORTACAO[exportacao.estado],
        "estimated_time": f"{max(5, exportacao.total // _LINHAS_POR_SEGUNDO)}s",
        "callback_url": f"{links.base(base_url)}/v1/report/status/{report_id(exportacao)}",
    }
    return succeed(data, "Report processing")


def answer_status(exportacao: Exportacao, links: Links, base_url: str) -> Resposta:
    """The answer of report/status; the counters are an addition."""
    data: ExportacaoSaida = {
        "report_id": report_id(exportacao),
        "status": _STATUS_EXPORTACAO[exportacao.estado],
        "progress_count": exportacao.feitos,
        "total_count": exportacao.total,
    }
    if exportacao.estado is EstadoExportacao.CONCLUIDA:
        assert exportacao.expira_em is not None
        assert exportacao.tamanho is not None
        data["download_url"] = download_link(exportacao, links, base_url)
        data["expires_at"] = instant(exportacao.expira_em)
        data["file_size"] = _size(exportacao.tamanho)
    return succeed(data)


def answer_progress(exportacao: Exportacao, links: Links, base_url: str) -> Resposta:
    """The answer of invoice/get_xml."""
    pronta = exportacao.estado is EstadoExportacao.CONCLUIDA
    data: PacoteSaida = {
        "status": "Success" if pronta else "Processing",
        "progress_count": exportacao.feitos,
        "total_count": exportacao.total,
        "url": download_link(exportacao, links, base_url) if pronta else "",
    }
    return succeed(data)


def answer_month_files(exportacoes: Sequence[Exportacao], ano: int, links: Links, base_url: str) -> Resposta:
    """The answer of company/get_export_invoice_month_files."""
    arquivos: list[ArquivoMensalSaida] = []
    for exportacao in exportacoes:
        pedido = read_pedido(exportacao.tipo, exportacao.parametros)
        if pedido.inicio.year != ano:
            continue
        assert exportacao.concluida_em is not None
        arquivos.append(
            {
                "url": download_link(exportacao, links, base_url),
                "year": pedido.inicio.year,
                "month": str(pedido.inicio.month),
                "type": pedido.formato,
                "status": _STATUS_MENSAL[pedido.estados[0]],
                "create": instant(exportacao.concluida_em),
            }
        )
    data: ArquivosMensaisSaida = {"files": arquivos}
    return succeed(data)


def download_link(exportacao: Exportacao, links: Links, base_url: str) -> str:
    """A signed link to the file, good as long as the file."""
    assert exportacao.expira_em is not None
    return links.make_export(
        exportacao.empresa_id, exportacao.id, file_name(exportacao), exportacao.expira_em, base_url
    )


def file_name(exportacao: Exportacao) -> str:
    """What the file is called when it is fetched."""
    pedido = read_pedido(exportacao.tipo, exportacao.parametros)
    estados = "-".join(estado.value.lower() for estado in pedido.estados)
    return f"{_period(pedido.inicio, pedido.fim)}_{estados}{pedido.extensao}"


def report_id(exportacao: Exportacao) -> str:
    """The export's id as the contract shows it."""
    return f"{_PREFIXO}{exportacao.id}"


def parse_report_id(texto: str) -> str | None:
    """The id behind `rpt_...`; None for what is none of ours."""
    exportacao_id = texto.removeprefix(_PREFIXO)
    return exportacao_id if is_id(exportacao_id) else None


def _totals(resumo: Resumo) -> TotaisSaida:
    return {
        "total_invoices": resumo.quantidade,
        "total_value": resumo.valor,
        "authorized": resumo.autorizados,
        "canceled": resumo.cancelados,
        "denied": resumo.denegados,
    }


def _invoice(linha: LinhaRelatorio) -> RelatorioLinhaSaida:
    return {
        "invoice_id": linha.id,
        "number": linha.numero,
        "series": linha.serie,
        "access_key": linha.chave,
        "status": STATUS_RELATORIO[linha.estado],
        "issue_date": instant(linha.emitido_em),
        "total_value": linha.valor_total,
        "customer_name": linha.destinatario_nome,
        "customer_document": _document(linha.destinatario_documento),
        "nature_of_operation": linha.natureza_operacao,
        "model": "nfce" if linha.modelo is Modelo.NFCE else "nfe",
    }


def _document(texto: str) -> str:
    if len(texto) == 14:
        return f"{texto[:2]}.{texto[2:5]}.{texto[5:8]}/{texto[8:12]}-{texto[12:]}"
    if len(texto) == 11 and texto.isdecimal():
        return f"{texto[:3]}.{texto[3:6]}.{texto[6:9]}-{texto[9:]}"
    return texto


def _period(inicio: date, fim: date) -> str:
    if (inicio.year, inicio.month) == (fim.year, fim.month) and inicio.day == 1:
        return f"{inicio:%Y_%m}"
    return f"{inicio:%Y%m%d}-{fim:%Y%m%d}"


def _size(octetos: int) -> str:
    """`2.4 MB`."""
    decimos = max(1, octetos * 10 // (1024 * 1024)) if octetos >= 1024 * 1024 else 0
    if decimos:
        return f"{decimos // 10}.{decimos % 10} MB"
    decimos = max(1, octetos * 10 // 1024)
    return f"{decimos // 10}.{decimos % 10} KB"
