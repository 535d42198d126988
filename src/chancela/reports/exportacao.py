"""Making the files: asked for here, made by the worker in flat memory, streamed to the object store by parts."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

import obstore
import structlog
from obstore.store import ObjectStore

from chancela.domain.identidade import Ambiente
from chancela.issuing.empresa import Empresa
from chancela.kit.ids import IdSource
from chancela.kit.quedas import Pontos, no_points
from chancela.kit.zip_stream import ZipStream
from chancela.reports.pedidos import MENSAL, PedidoExportacao, month_of, monthly_files, read_pedido
from chancela.reports.planilhas import Titulo, choose_columns, write_csv, write_xlsx
from chancela.stores.exportacoes import Exportacao, ExportacoesPg, Vencida
from chancela.stores.relatorios import LinhaRelatorio, RelatoriosPg, Retrato

POSSE_S = 60.0
_LOTE = 500
_LOTE_XML = 100
_PARTE_BYTES = 8 * 1024 * 1024
_PARTES = 2
"""On their way to the object store at once: what an export holds in memory besides one batch."""
_VALIDADE_S = 7 * 86_400.0
_VALIDADE_MENSAL_S = 400 * 86_400.0
_PAUSA_S = 60.0
_log = structlog.get_logger("chancela.reports.exportacao")


class Perdida(Exception):
    """Another worker has the export now."""


@dataclass(frozen=True, slots=True)
class Exportador:
    """Asks for exports and makes them. Blocking: `make_next` belongs in a thread of the worker."""

    relatorios: RelatoriosPg
    exportacoes: ExportacoesPg
    objetos: ObjectStore
    ids: IdSource
    empresas: Callable[[int], Empresa | None]
    pontos: Pontos = no_points

    def portray(self, empresa_id: int, pedido: PedidoExportacao) -> Retrato:
        """What it would hold now: documents, or ranges, which are only ever added."""
        filtro = pedido.filter_of(empresa_id)
        if pedido.de_faixas:
            faixas = self.relatorios.count_voided(filtro)
            return Retrato(faixas, faixas)
        return self.relatorios.portray(filtro)

    def request(self, empresa_id: int, pedido: PedidoExportacao) -> Exportacao:
        """The export of these parameters, begun unless it is there."""
        retrato = self.portray(empresa_id, pedido)
        return self.exportacoes.request(
            self.ids.new(), empresa_id, pedido.tipo, pedido.parameters(),
            total=retrato.quantidade, mudancas=retrato.mudancas,
        )  # fmt: skip

    def request_month(self, mes: date) -> int:
        """Ask for the four files of a past month for every company that issued in it; returns how many are new."""
        inicio, fim = month_of(mes)
        novas = 0
        for empresa_id in self.relatorios.companies_with(inicio, fim):
            ambiente = self.relatorios.environment_of(empresa_id)
            for pedido in monthly_files(mes, ambiente):
                if self.portray(empresa_id, pedido).quantidade:
                    novas += self.request(empresa_id, pedido).tentativas == 0
        return novas

    def make_next(self) -> bool:
        """Make one export that waits; False when none does."""
        exportacao = self.exportacoes.take(prazo_s=POSSE_S)
        if exportacao is None:
            return False
        try:
            self._make(exportacao)
        except Perdida:
            _log.warning("exportacao_perdida", exportacao=exportacao.id)
        except Exception as erro:  # noqa: BLE001 - noted with the export, tried again, and given up in the end
            _log.exception("exportacao_falhou", exportacao=exportacao.id)
            self.exportacoes.fail(exportacao, type(erro).__name__, nova_em_s=_PAUSA_S)
        return True

    def purge(self) -> int:
        """Delete the files of exports that are over; returns how many exports.

        A path is forgotten after its file is gone: a store that is away now is asked again the next time.
        """
        vencidas = self.exportacoes.expire()
        for vencida in vencidas:
            for caminho in files_of(vencida):
                with suppress(FileNotFoundError):
                    obstore.delete(self.objetos, caminho)
            self.exportacoes.forget_file(vencida)
        return len(vencidas)

    def _make(self, exportacao: Exportacao) -> None:
        pedido = read_pedido(exportacao.tipo, exportacao.parametros)
        caminho = (
            f"exportacoes/{exportacao.empresa_id}/{exportacao.id}-{exportacao.tentativas}{pedido.extensao}"
        )
        progresso = _Progresso(self.exportacoes, exportacao)
        if pedido.formato == "xml":
            self._write_zip(caminho, exportacao.empresa_id, pedido, progresso)
        else:
            self._write_table(caminho, exportacao, pedido, progresso)
        self.pontos("exportacao_escrita")
        tamanho = obstore.head(self.objetos, caminho)["size"]
        validade_s = _VALIDADE_MENSAL_S if exportacao.tipo == MENSAL else _VALIDADE_S
        if not self.exportacoes.finish(
            exportacao, caminho, tamanho, feitos=progresso.feitos, validade_s=validade_s
        ):
            obstore.delete(self.objetos, caminho)
            raise Perdida

    def _write_zip(
        self, caminho: str, empresa_id: int, pedido: PedidoExportacao, progresso: "_Progresso"
    ) -> None:
        filtro = pedido.filter_of(empresa_id)
        with (
            obstore.open_writer(
                self.objetos, caminho, buffer_size=_PARTE_BYTES, max_concurrency=_PARTES
            ) as destino,
            ZipStream(destino) as pacote,
        ):
            if pedido.de_faixas:
                for arquivo in self.relatorios.voided_files(filtro):
                    pacote.add(arquivo.nome, arquivo.conteudo)
                    progresso.add(1)
                return
            for linhas in self.relatorios.stream(filtro, lote=_LOTE_XML):
                for arquivo in self.relatorios.files_of(empresa_id, [linha.id for linha in linhas]):
                    pacote.add(arquivo.nome, arquivo.conteudo)
                progresso.add(len(linhas))

    def _write_table(
        self, caminho: str, exportacao: Exportacao, pedido: PedidoExportacao, progresso: "_Progresso"
    ) -> None:
        colunas = choose_columns(detalhes=pedido.detalhes, tributos=pedido.tributos)
        lotes = self._batches(exportacao.empresa_id, pedido, progresso)
        with tempfile.TemporaryFile() as rascunho:
            if pedido.formato == "csv":
                write_csv(rascunho, lotes, colunas)
            elif pedido.formato == "xlsx":
                write_xlsx(rascunho, lotes, colunas)
            else:
                from chancela.reports.folha import draw_pdf

                titulo = title_of(self.empresas(exportacao.empresa_id), pedido)
                rascunho.write(draw_pdf(titulo, [linha for lote in lotes for linha in lote], colunas))
            rascunho.seek(0)
            with obstore.open_writer(
                self.objetos, caminho, buffer_size=_PARTE_BYTES, max_concurrency=_PARTES
            ) as destino:
                while parte := rascunho.read(_PARTE_BYTES):
                    destino.write(parte)

    def _batches(
        self, empresa_id: int, pedido: PedidoExportacao, progresso: "_Progresso"
    ) -> Iterator[Sequence[LinhaRelatorio]]:
        for lote in self.relatorios.stream(pedido.filter_of(empresa_id), lote=_LOTE):
            yield lote
            progresso.add(len(lote))


def files_of(vencida: Vencida) -> Sequence[str]:
    """Every file that an export may have left: that of each try, since a worker may die between writing and saying so."""
    base, numero, extensao = vencida.caminho.rpartition(f"-{vencida.tentativas}")
    assert numero, vencida.caminho
    return [f"{base}-{tentativa}{extensao}" for tentativa in range(1, vencida.tentativas + 1)]


def title_of(empresa: Empresa | None, pedido: PedidoExportacao) -> Titulo:
    """The head of a printed report."""
    nome = "" if empresa is None else f"{empresa.razao_social} - CNPJ {empresa.cnpj.formatado}"
    ambiente = "" if pedido.ambiente is Ambiente.PRODUCAO else " - homologação, sem valor fiscal"
    return Titulo(nome, f"Documentos emitidos de {pedido.inicio:%d/%m/%Y} a {pedido.fim:%d/%m/%Y}{ambiente}")


class _Progresso:
    """Counts what is done; each report of it keeps the export ours."""

    def __init__(self, exportacoes: ExportacoesPg, exportacao: Exportacao) -> None:
        self._exportacoes = exportacoes
        self._exportacao = exportacao
        self.feitos = 0

    def add(self, quantos: int) -> None:
        self.feitos += quantos
        if not self._exportacoes.advance(self._exportacao, self.feitos, prazo_s=POSSE_S):
            raise Perdida
