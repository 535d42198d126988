"""Sums, pages and files of a company's documents, against what was put in."""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import obstore
import pytest
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store
from pypdf import PdfReader
from sqlalchemy import text
from tests.stores.fabrica import companies, new_document, outcome, plan, protocol, signed

from chancela.domain.identidade import Ambiente
from chancela.issuing.modelo import Estado, Resumo
from chancela.kit.clock import VirtualClock
from chancela.kit.ids import TimeOrderedIds
from chancela.kit.portas import free_port
from chancela.kit.randomness import SeededRandomness
from chancela.reports.consulta import Resumo as ResumoPeriodo
from chancela.reports.consulta import group, summarize
from chancela.reports.exportacao import Exportador
from chancela.reports.pedidos import MENSAL, PedidoExportacao, monthly_files, report_of
from chancela.stores.conexao import Banco
from chancela.stores.documentos import DocumentosPg
from chancela.stores.exportacoes import EstadoExportacao, Exportacao, ExportacoesPg
from chancela.stores.relatorios import Filtro, Passo, RelatoriosPg, Retrato

INICIO, FIM = date(2026, 1, 1), date(2026, 12, 31)


class Cena:
    def __init__(self, url: str, pasta: Path) -> None:
        self.clock = VirtualClock(datetime(2026, 11, 20, 12, 0, tzinfo=UTC))
        self.banco = Banco(url, relogio=self.clock)
        self.documentos = DocumentosPg(self.banco)
        self.relatorios = RelatoriosPg(self.banco)
        self.exportacoes = ExportacoesPg(self.banco)
        self.objetos = LocalStore(pasta)
        self.exportador = Exportador(
            self.relatorios, self.exportacoes, self.objetos,
            TimeOrderedIds(self.clock, SeededRandomness(2)), lambda _: self.empresa,
        )  # fmt: skip
        self.empresa, self.outra = companies(self.banco, 2)

    def issue(
        self, quando: str, valor: str = "100.00", estado: Estado = Estado.AUTORIZADO,
        ambiente: Ambiente = Ambiente.PRODUCAO, nome: str = "Cliente",
    ) -> str:  # fmt: skip
        resumo = Resumo(Decimal(valor), "Venda", nome, "12345678000199", 1, Decimal(valor) / 10)
        novo = new_document(
            self.empresa, emitido_em=datetime.fromisoformat(quando), resumo=resumo, ambiente=ambiente
        )
        admissao = self.documentos.admit(novo, dono="api", prazo_s=60)
        assert admissao.concessao is not None
        (tentativa,) = self.documentos.begin([plan(admissao.concessao, signed())])
        fim = outcome(admissao.concessao, estado, tentativa)
        if estado in (Estado.AUTORIZADO, Estado.CANCELADO):
            fim = replace(fim, protocolo=protocol(), xml_autorizado=f"<nfeProc>{novo.id}</nfeProc>".encode())
        return self.documentos.settle([fim])[0].id

    def change(self, documento_id: str, estado: Estado) -> None:
        with self.banco.company(self.empresa.id) as conexao:
            mudanca = {"id": documento_id, "estado": estado.value}
            conexao.execute(text("UPDATE documentos SET estado = :estado WHERE id = :id"), mudanca)

    def filter(self, *estados: Estado, inicio: date = INICIO, fim: date = FIM) -> Filtro:
        filtro = Filtro(self.empresa.id, Ambiente.PRODUCAO, inicio, fim)
        return replace(filtro, estados=estados) if estados else filtro

    def make(self, pedido: PedidoExportacao) -> tuple[Exportacao, bytes]:
        pedida = self.exportador.request(self.empresa.id, pedido)
        assert self.exportador.make_next()
        pronta = self.exportacoes.get(pedida.id, self.empresa.id)
        assert pronta is not None
        assert pronta.estado is EstadoExportacao.CONCLUIDA, pronta.motivo
        assert pronta.caminho is not None
        conteudo = bytes(obstore.get(self.objetos, pronta.caminho).bytes())
        assert pronta.tamanho == len(conteudo)
        return pronta, conteudo


@pytest.fixture
def cena(url_banco: str, tmp_path: Path) -> Iterator[Cena]:
    cena = Cena(url_banco, tmp_path)
    yield cena
    cena.banco.close()


def fill(cena: Cena) -> list[str]:
    """Two months, both sides of midnight in Brasília, every state, and what must not count."""
    ids = [
        cena.issue("2026-01-31T23:30:00-03:00", "10.00"),
        cena.issue("2026-02-01T02:30:00+00:00", "20.00"),
        cena.issue("2026-02-01T03:00:00+00:00", "40.00"),
        cena.issue("2026-02-10T10:00:00-03:00", "80.00", Estado.CANCELADO),
        cena.issue("2026-02-10T11:00:00-03:00", "160.00", Estado.DENEGADO),
        cena.issue("2026-03-05T10:00:00-03:00", "320.00"),
    ]
    cena.issue("2026-02-10T12:00:00-03:00", "1.00", Estado.REJEITADO)
    cena.issue("2026-02-10T12:00:00-03:00", "2.00", ambiente=Ambiente.HOMOLOGACAO)
    return ids


def test_sums_by_period_follow_the_days_of_brasilia(cena: Cena) -> None:
    fill(cena)

    def by(passo: Passo) -> dict[str, ResumoPeriodo]:
        return group(cena.relatorios.totals(cena.filter(), passo), passo)

    resumo = by(Passo.ANO)["2026"]
    assert (resumo.quantidade, resumo.valor, resumo.tributos) == (6, Decimal("390.00"), Decimal("39.00"))
    assert (resumo.autorizados, resumo.cancelados, resumo.denegados) == (4, 1, 1)
    assert {periodo: (r.quantidade, r.valor) for periodo, r in by(Passo.MES).items()} == {
        "2026-01": (2, Decimal("30.00")),
        "2026-02": (3, Decimal("40.00")),
        "2026-03": (1, Decimal("320.00")),
    }
    assert list(by(Passo.SEMANA)) == ["2026-W05", "2026-W07", "2026-W10"]
    assert list(by(Passo.DIA)) == ["2026-01-31", "2026-02-01", "2026-02-10", "2026-03-05"]


def test_sums_stay_true_when_a_state_changes_and_when_they_are_put_together(cena: Cena) -> None:
    ids = fill(cena)
    cena.change(ids[0], Estado.CANCELADO)
    antes = cena.relatorios.totals(cena.filter(), Passo.DIA)
    retrato = cena.relatorios.portray(cena.filter())
    assert summarize(antes).valor == Decimal("380.00")
    assert cena.relatorios.compact() > 0
    assert cena.relatorios.compact() == 0
    assert cena.relatorios.totals(cena.filter(), Passo.DIA) == antes
    assert cena.relatorios.portray(cena.filter()) == retrato
    cena.change(ids[0], Estado.AUTORIZADO)
    assert cena.relatorios.portray(cena.filter()) == Retrato(6, retrato.mudancas + 2)


@pytest.mark.parametrize("estados", [(), (Estado.AUTORIZADO,), (Estado.CANCELADO, Estado.DENEGADO)])
def test_pages_put_together_are_the_stream(cena: Cena, estados: tuple[Estado, ...]) -> None:
    fill(cena)
    filtro = cena.filter(*estados)
    todos = [linha for lote in cena.relatorios.stream(filtro, lote=2) for linha in lote]
    assert [linha.emitido_em for linha in todos] == sorted(linha.emitido_em for linha in todos)
    assert len(todos) == cena.relatorios.portray(filtro).quantidade
    for tamanho in (1, 2, 3, 50):
        paginas = [
            cena.relatorios.page(filtro, salto=salto, limite=tamanho)
            for salto in range(0, len(todos) + tamanho, tamanho)
        ]
        assert [linha for _, pagina in paginas for linha in pagina] == todos
        assert {summarize(totais).quantidade for totais, _ in paginas} == {len(todos)}


def test_production_counts_once_there_is_any(cena: Cena) -> None:
    assert cena.relatorios.environment_of(cena.empresa.id) is Ambiente.HOMOLOGACAO
    fill(cena)
    assert cena.relatorios.environment_of(cena.empresa.id) is Ambiente.PRODUCAO
    assert cena.relatorios.environment_of(cena.outra.id) is Ambiente.HOMOLOGACAO


def test_a_csv_opens_in_a_brazilian_spreadsheet_and_runs_nothing(cena: Cena) -> None:
    fill(cena)
    cena.issue("2026-03-06T10:00:00-03:00", "1234.50", nome='=cmd|"/c calc"!A1;x')
    _, conteudo = cena.make(report_of(Ambiente.PRODUCAO, INICIO, FIM, "csv"))
    linhas = list(csv.DictReader(io.StringIO(conteudo.decode("utf-8-sig")), delimiter=";"))
    assert len(linhas) == 7
    assert linhas[-1]["Valor total"] == "1234,50"
    assert linhas[-1]["Destinatário"].startswith("'=")
    assert linhas[0]["Emissão"] == "31/01/2026 23:30:00"


def test_a_spreadsheet_holds_numbers_and_dates(cena: Cena) -> None:
    fill(cena)
    pronta, conteudo = cena.make(monthly_files(date(2026, 2, 1), Ambiente.PRODUCAO)[0])
    with zipfile.ZipFile(io.BytesIO(conteudo)) as pacote:
        assert pacote.testzip() is None
        folha = pacote.read("xl/worksheets/sheet1.xml").decode()
    assert folha.count("<row ") == 2, "heads, and the one authorised note of the month"
    assert "<v>40.00</v>" in folha
    assert (pronta.tipo, pronta.feitos, pronta.total) == (MENSAL, 1, 1)


def test_a_pdf_shows_every_document(cena: Cena) -> None:
    fill(cena)
    _, conteudo = cena.make(report_of(Ambiente.PRODUCAO, INICIO, FIM, "pdf"))
    texto = "".join(pagina.extract_text() for pagina in PdfReader(io.BytesIO(conteudo)).pages)
    assert "6 documentos; total autorizado: R$ 390,00" in texto
    assert texto.count("Cliente") == 6


def test_a_zip_holds_the_bytes_that_sefaz_authorised(cena: Cena) -> None:
    ids = fill(cena)
    pedido = PedidoExportacao("notas", Ambiente.PRODUCAO, INICIO, FIM, (Estado.AUTORIZADO,), "xml")
    pronta, conteudo = cena.make(pedido)
    with zipfile.ZipFile(io.BytesIO(conteudo)) as pacote:
        xmls = sorted(pacote.read(nome).decode() for nome in pacote.namelist())
    assert xmls == sorted(f"<nfeProc>{ids[n]}</nfeProc>" for n in (0, 1, 2, 5))
    assert (pronta.feitos, pronta.total) == (4, 4)


def test_the_same_parameters_are_the_same_export_until_something_changed(cena: Cena) -> None:
    fill(cena)
    pedido = report_of(Ambiente.PRODUCAO, INICIO, FIM, "csv")
    primeira = cena.exportador.request(cena.empresa.id, pedido)
    assert cena.exportador.request(cena.empresa.id, pedido).id == primeira.id
    assert cena.exportador.make_next()
    assert not cena.exportador.make_next(), "asked for twice, made once"
    assert cena.exportador.request(cena.empresa.id, pedido).id == primeira.id
    assert cena.exportador.request(cena.empresa.id, replace(pedido, tributos=False)).id != primeira.id
    assert cena.exportador.request(cena.outra.id, pedido).id != primeira.id
    cena.issue("2026-04-01T10:00:00-03:00")
    assert cena.exportador.request(cena.empresa.id, pedido).id != primeira.id


def test_an_export_is_old_when_as_many_came_as_went(cena: Cena) -> None:
    ids = fill(cena)
    autorizadas = monthly_files(date(2026, 2, 1), Ambiente.PRODUCAO)[1]
    primeira, _ = cena.make(autorizadas)
    cena.change(ids[2], Estado.CANCELADO)
    novo = cena.issue("2026-02-01T03:00:00+00:00", "40.00")
    segunda, conteudo = cena.make(autorizadas)
    assert segunda.id != primeira.id
    assert segunda.total == primeira.total == 1
    with zipfile.ZipFile(io.BytesIO(conteudo)) as pacote:
        assert [pacote.read(nome) for nome in pacote.namelist()] == [f"<nfeProc>{novo}</nfeProc>".encode()]


def test_files_that_are_over_are_deleted(cena: Cena) -> None:
    fill(cena)
    pronta, _ = cena.make(report_of(Ambiente.PRODUCAO, INICIO, FIM, "csv"))
    assert cena.exportador.purge() == 0
    cena.clock.advance(timedelta(days=8).total_seconds())
    assert cena.exportador.purge() == 1
    with pytest.raises(FileNotFoundError):
        obstore.get(cena.objetos, pronta.caminho or "")
    vencida = cena.exportacoes.get(pronta.id, cena.empresa.id)
    assert vencida is not None
    assert vencida.estado is EstadoExportacao.EXPIRADA


def test_a_store_that_is_away_is_asked_again(cena: Cena) -> None:
    fill(cena)
    pronta, _ = cena.make(report_of(Ambiente.PRODUCAO, INICIO, FIM, "csv"))
    cena.clock.advance(timedelta(days=8).total_seconds())
    fora = S3Store(
        "balde", endpoint=f"http://127.0.0.1:{free_port()}", region="us-east-1", access_key_id="x", secret_access_key="x",
        client_options={"allow_http": True}, retry_config={"max_retries": 0},
    )  # fmt: skip
    with pytest.raises(BaseError):
        replace(cena.exportador, objetos=fora).purge()
    vencida = cena.exportacoes.get(pronta.id, cena.empresa.id)
    assert vencida is not None
    assert vencida.estado is EstadoExportacao.EXPIRADA, "nobody fetches it, deleted or not"
    assert cena.exportador.purge() == 1
    assert obstore.list(cena.objetos).collect() == []
    assert cena.exportador.purge() == 0


def test_what_a_worker_left_that_died_after_writing_goes_with_the_rest(cena: Cena) -> None:
    fill(cena)
    pedida = cena.exportador.request(cena.empresa.id, report_of(Ambiente.PRODUCAO, INICIO, FIM, "csv"))
    assert cena.exportacoes.take(prazo_s=60) is not None
    obstore.put(cena.objetos, f"exportacoes/{cena.empresa.id}/{pedida.id}-1.csv", b"half")
    cena.clock.advance(61)
    assert cena.exportador.make_next()
    assert len(obstore.list(cena.objetos).collect()) == 2
    cena.clock.advance(timedelta(days=8).total_seconds())
    assert cena.exportador.purge() == 1
    assert obstore.list(cena.objetos).collect() == []


def test_an_export_whose_worker_died_is_made_by_another_and_given_up_in_the_end(cena: Cena) -> None:
    fill(cena)
    pedida = cena.exportador.request(cena.empresa.id, report_of(Ambiente.PRODUCAO, INICIO, FIM, "csv"))
    velha = cena.exportacoes.take(prazo_s=60)
    assert velha is not None
    assert cena.exportacoes.take(prazo_s=60) is None
    cena.clock.advance(61)
    assert cena.exportador.make_next()
    assert not cena.exportacoes.advance(velha, 3, prazo_s=60), "the late one writes nothing"
    assert not cena.exportacoes.finish(velha, "x", 1, feitos=1, validade_s=60)
    outra = cena.exportador.request(cena.empresa.id, report_of(Ambiente.PRODUCAO, INICIO, FIM, "xlsx"))
    for _ in range(3):
        assert cena.exportacoes.take(prazo_s=60) is not None
        cena.clock.advance(61)
    assert cena.exportacoes.take(prazo_s=60) is None
    desistida = cena.exportacoes.get(outra.id, cena.empresa.id)
    assert desistida is not None
    assert desistida.estado is EstadoExportacao.FALHOU
    assert pedida.id != outra.id


def test_the_month_is_asked_for_once_for_every_company_that_issued_in_it(cena: Cena) -> None:
    fill(cena)
    assert cena.exportador.request_month(date(2026, 2, 1)) == 3, "spreadsheet, authorised, cancelled"
    while cena.exportador.make_next():
        pass
    assert cena.exportador.request_month(date(2026, 2, 1)) == 0
    prontas = cena.exportacoes.list_done(cena.empresa.id, MENSAL)
    assert [p.parametros["formato"] for p in prontas] == ["xlsx", "xml", "xml"]
    assert cena.exportacoes.list_done(cena.outra.id, MENSAL) == []
