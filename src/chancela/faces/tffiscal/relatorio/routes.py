"""`invoice/report*`, `report/status`, `invoice/get_xml` and `company/get_export_invoice_month_files`."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial

from starlette.concurrency import run_in_threadpool

from chancela.domain.identidade import Ambiente
from chancela.faces.tffiscal.envelope import Resposta, hand_out
from chancela.faces.tffiscal.erros import FaceErro, refuse_field
from chancela.faces.tffiscal.portao import Chamada, Quem
from chancela.faces.tffiscal.relatorio.respostas import (
    answer_month_files,
    answer_progress,
    answer_report,
    answer_requested,
    answer_status,
    answer_summary,
    parse_report_id,
)
from chancela.faces.tffiscal.relatorio.saidas import (
    ArquivosMensaisSaida,
    ExportacaoSaida,
    PacoteSaida,
    RelatorioSaida,
    ResumoSaida,
)
from chancela.faces.tffiscal.relatorio.schemas import (
    ESTADOS,
    MODELOS,
    ExportacaoEntrada,
    RelatorioConsulta,
    ResumoConsulta,
    SituacaoConsulta,
    XmlEntrada,
)
from chancela.faces.tffiscal.rotas import Rota
from chancela.faces.tffiscal.servicos import Servicos
from chancela.faces.tffiscal.validacao import validate
from chancela.issuing.empresa import Empresa
from chancela.reports.consulta import group, summarize
from chancela.reports.exportacao import Exportador, title_of
from chancela.reports.pedidos import MENSAL, NOTAS, PedidoExportacao, month_of, monthly_files, report_of
from chancela.reports.planilhas import FUSO, choose_columns, write_csv
from chancela.stores.exportacoes import ExportacoesPg
from chancela.stores.relatorios import Filtro, Passo, RelatoriosPg

SEM_TIPO = "发票类型字段不能为空"
_LINHAS_NO_ATO = {"csv": 10_000, "pdf": 1_000}
"""More than that is an export, which runs in the background."""
_LINHAS_PDF = 20_000


@dataclass(frozen=True, slots=True)
class PortasRelatorio:
    """The parts of these operations."""

    relatorios: RelatoriosPg
    exportacoes: ExportacoesPg
    exportador: Exportador


class OperacoesRelatorio:
    """Reports of what was issued."""

    def __init__(self, servicos: Servicos, portas: PortasRelatorio) -> None:
        self._servicos = servicos
        self._relatorios = portas.relatorios
        self._exportacoes = portas.exportacoes
        self._exportador = portas.exportador

    async def report(self, chamada: Chamada) -> Resposta:
        """The documents of a period: a page of them, or all in a file."""
        consulta = validate(RelatorioConsulta, chamada.dados)
        empresa = await self._company(chamada, consulta.company_id)
        _check_period(consulta.start_date, consulta.end_date)
        filtro = Filtro(
            empresa.id, await self._environment(empresa, consulta.ambiente), consulta.start_date,
            consulta.end_date, ESTADOS[consulta.status], MODELOS[consulta.model],
        )  # fmt: skip
        if consulta.format != "json":
            return await self._file(empresa, filtro, consulta.format)
        salto = (consulta.page - 1) * consulta.per_page
        ler = partial(self._relatorios.page, filtro, salto=salto, limite=consulta.per_page)
        totais, linhas = await run_in_threadpool(ler)
        return answer_report(summarize(totais), linhas, pagina=consulta.page, por_pagina=consulta.per_page)

    async def summary(self, chamada: Chamada) -> Resposta:
        """The sums of a year by month, week or day."""
        consulta = validate(ResumoConsulta, chamada.dados)
        empresa = await self._company(chamada, consulta.company_id)
        ambiente = await self._environment(empresa, consulta.ambiente)
        filtro = Filtro(empresa.id, ambiente, date(consulta.year, 1, 1), date(consulta.year, 12, 31))
        passo = Passo(consulta.group_by)
        totais = await run_in_threadpool(self._relatorios.totals, filtro, passo)
        return answer_summary(empresa.id, consulta.year, group(totais, passo))

    async def export(self, chamada: Chamada) -> Resposta:
        """Begin a report in the background; asking again gives the same one."""
        entrada = validate(ExportacaoEntrada, chamada.dados)
        empresa = await self._company(chamada, entrada.company_id)
        _check_period(entrada.start_date, entrada.end_date)
        pedido = report_of(
            await self._environment(empresa, entrada.ambiente), entrada.start_date, entrada.end_date,
            entrada.format, estados=ESTADOS[entrada.status], detalhes=entrada.include_details,
            tributos=entrada.include_taxes,
        )  # fmt: skip
        if entrada.format == "pdf":
            quantos = (await run_in_threadpool(self._exportador.portray, empresa.id, pedido)).quantidade
            if quantos > _LINHAS_PDF:
                raise refuse_field(
                    "format", "RELATORIO-GRANDE", f"Um PDF leva até {_LINHAS_PDF} documentos; o período tem {quantos}.",
                    "Peça csv ou xlsx, ou um período menor.", valor="pdf", rotulo="Formato",
                )  # fmt: skip
        exportacao = await run_in_threadpool(self._exportador.request, empresa.id, pedido)
        return answer_requested(exportacao, self._servicos.links, chamada.base_url)

    async def status(self, chamada: Chamada) -> Resposta:
        """How an export stands, and where its file is."""
        consulta = validate(SituacaoConsulta, chamada.dados)
        exportacao_id = parse_report_id(consulta.report_id)
        exportacao = None
        if exportacao_id is not None:
            exportacao = await run_in_threadpool(self._exportacoes.get, exportacao_id, chamada.empresa.id)
        if exportacao is None:
            raise FaceErro(
                404, "RELATORIO-NAO-EXISTE", "Relatório não encontrado.", "Use o report_id de report/export."
            )
        return answer_status(exportacao, self._servicos.links, chamada.base_url)

    async def get_xml(self, chamada: Chamada) -> Resposta:
        """Begin an export of notes, or tell how far it is: the same parameters are the same export."""
        entrada = validate(XmlEntrada, chamada.dados)
        if not entrada.type:
            raise FaceErro(400, "RELATORIO-TIPO", SEM_TIPO, "Envie type: excel ou xml.")
        empresa = chamada.empresa
        ambiente = await self._environment(empresa, entrada.ambiente)
        pedido = self._notes_of(entrada, ambiente)
        exportacao = await run_in_threadpool(self._exportador.request, empresa.id, pedido)
        return answer_progress(exportacao, self._servicos.links, chamada.base_url)

    async def month_files(self, chamada: Chamada) -> Resposta:
        """The monthly files of this year that are there."""
        prontas = await run_in_threadpool(self._exportacoes.list_done, chamada.empresa.id, MENSAL)
        ano = self._servicos.clock.now().astimezone(FUSO).year
        return answer_month_files(prontas, ano, self._servicos.links, chamada.base_url)

    def _notes_of(self, entrada: XmlEntrada, ambiente: Ambiente) -> PedidoExportacao:
        formato = "xlsx" if entrada.type.lower() == "excel" else "xml"
        estados = tuple(ESTADOS[entrada.status])
        hoje = self._servicos.clock.now().astimezone(FUSO).date()
        if entrada.month is None and (
            entrada.start_create_time is not None or entrada.end_create_time is not None
        ):
            desde = _moment(entrada.start_create_time or 0)
            ate = (
                self._servicos.clock.now()
                if entrada.end_create_time is None
                else _moment(entrada.end_create_time)
            )
            if ate < desde:
                raise _period_refused("end_create_time")
            return PedidoExportacao(
                NOTAS, ambiente, desde.astimezone(FUSO).date(), ate.astimezone(FUSO).date(), estados, formato,
                desde=desde, ate=ate,
            )  # fmt: skip
        mes = hoje.replace(day=1)
        if entrada.month is not None:
            mes = date(hoje.year - (entrada.month > hoje.month), entrada.month, 1)
        for pedido in monthly_files(mes, ambiente):
            if (tuple(pedido.estados), pedido.formato) == (estados, formato):
                return pedido
        inicio, fim = month_of(mes)
        return PedidoExportacao(NOTAS, ambiente, inicio, fim, estados, formato)

    async def _file(self, empresa: Empresa, filtro: Filtro, formato: str) -> Resposta:
        quantos = (await run_in_threadpool(self._relatorios.portray, filtro)).quantidade
        if quantos > _LINHAS_NO_ATO[formato]:
            raise refuse_field(
                "format", "RELATORIO-GRANDE",
                f"O período tem {quantos} documentos; em {formato}, na hora, vão até {_LINHAS_NO_ATO[formato]}.",
                "Peça um período menor, ou use invoice/report/export.", valor=formato, rotulo="Formato",
            )  # fmt: skip
        nome = f"relatorio-{filtro.inicio}-{filtro.fim}.{formato}"
        if formato == "csv":
            return hand_out(nome, "text/csv; charset=utf-8", await run_in_threadpool(self._csv, filtro))
        return hand_out(nome, "application/pdf", await run_in_threadpool(self._pdf, empresa, filtro))

    def _csv(self, filtro: Filtro) -> bytes:
        partes = _Partes([])
        write_csv(partes, self._relatorios.stream(filtro), choose_columns())
        return b"".join(partes.dados)

    def _pdf(self, empresa: Empresa, filtro: Filtro) -> bytes:
        linhas = [linha for lote in self._relatorios.stream(filtro) for linha in lote]
        pedido = report_of(filtro.ambiente, filtro.inicio, filtro.fim, "pdf")
        from chancela.reports.folha import draw_pdf

        return draw_pdf(title_of(empresa, pedido), linhas, choose_columns(detalhes=False))

    async def _company(self, chamada: Chamada, company_id: str) -> Empresa:
        """The company that the call names: the token's own, or one of the integrator's."""
        numero = company_id.removeprefix("comp_")
        propria = chamada.credencial.empresa
        empresa = propria
        if numero.isascii() and numero.isdecimal() and len(numero) < 19:
            if propria is None:
                empresa = await run_in_threadpool(self._servicos.empresas.get, int(numero))
            if (
                empresa is not None
                and empresa.id == int(numero)
                and empresa.integrador_id == chamada.credencial.integrador.id
            ):
                return empresa
        raise FaceErro(
            404, "RELATORIO-EMPRESA", "Empresa não encontrada.", "Use o company_id da empresa do token."
        )

    async def _environment(self, empresa: Empresa, pedido: str | None) -> Ambiente:
        if pedido is not None:
            return Ambiente(int(pedido))
        return await run_in_threadpool(self._relatorios.environment_of, empresa.id)


def report_routes(servicos: Servicos, portas: PortasRelatorio) -> tuple[Rota, ...]:
    """The routes of these operations."""
    r, de, todos = OperacoesRelatorio(servicos, portas), Quem.EMPRESA, Quem.QUALQUER
    return (
        Rota("GET", "invoice/report", r.report, todos, "Relatório de notas emitidas", RelatorioConsulta, RelatorioSaida),
        Rota("GET", "invoice/report/summary", r.summary, todos, "Resumo por período", ResumoConsulta, ResumoSaida),
        Rota("POST", "invoice/report/export", r.export, de, "Exportar relatório", ExportacaoEntrada, ExportacaoSaida),
        Rota("GET", "report/status/{report_id}", r.status, de, "Situação de um relatório", SituacaoConsulta, ExportacaoSaida),
        Rota("POST", "invoice/get_xml", r.get_xml, de, "Exportar XML ou planilha das notas", XmlEntrada, PacoteSaida),
        Rota("GET", "company/get_export_invoice_month_files", r.month_files, de, "Arquivos mensais", None, ArquivosMensaisSaida),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Partes:
    dados: list[bytes]

    def write(self, dados: bytes, /) -> object:
        self.dados.append(dados)
        return len(dados)


def _check_period(inicio: date, fim: date) -> None:
    if fim < inicio:
        raise _period_refused("end_date")


def _period_refused(campo: str) -> FaceErro:
    return refuse_field(
        campo,
        "RELATORIO-PERIODO",
        "O período termina antes de começar.",
        "Inverta as datas.",
        rotulo="Fim do período",
    )


def _moment(milissegundos: int) -> datetime:
    return datetime.fromtimestamp(milissegundos / 1000, UTC)
