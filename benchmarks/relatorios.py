"""What is asked of `invoice/report` (the sums of a period and one page of it) and of `invoice/report/summary`."""

from datetime import date, timedelta
from random import Random

from benchmarks.empresa_cheia import DIAS, INICIO
from benchmarks.perguntas import Pergunta
from chancela.domain.identidade import Ambiente
from chancela.issuing.modelo import Estado
from chancela.reports.consulta import group, summarize
from chancela.stores.conexao import Banco
from chancela.stores.relatorios import RELATADOS, Filtro, Passo, RelatoriosPg

TAMANHO = 200
"""The longest page of the contract."""


def report_questions(banco: Banco, empresa_id: int) -> dict[str, Pergunta]:
    """Every one answers how much it found."""
    acaso, relatorios = Random(12), RelatoriosPg(banco)
    inicio, fim = INICIO.date(), INICIO.date() + timedelta(days=DIAS)

    def page(estados: tuple[Estado, ...], salto: int, dias: int = DIAS) -> int:
        de = inicio + timedelta(days=acaso.randint(0, DIAS - dias))
        filtro = Filtro(empresa_id, Ambiente.PRODUCAO, de, de + timedelta(days=dias), estados)
        totais, linhas = relatorios.page(filtro, salto=salto, limite=TAMANHO)
        assert len(linhas) == min(TAMANHO, summarize(totais).quantidade - salto)
        return len(linhas)

    def any_page(estados: tuple[Estado, ...], dias: int = DIAS) -> Pergunta:
        filtro = Filtro(empresa_id, Ambiente.PRODUCAO, inicio, fim, estados)
        paginas = max(1, int(relatorios.portray(filtro).quantidade * (dias - 1) / DIAS) // TAMANHO)
        return lambda: page(estados, acaso.randrange(paginas) * TAMANHO, dias)

    def last_page() -> Pergunta:
        quantidade = relatorios.portray(Filtro(empresa_id, Ambiente.PRODUCAO, inicio, fim)).quantidade
        return lambda: page(RELATADOS, (quantidade - 1) // TAMANHO * TAMANHO)

    def summary(passo: Passo) -> int:
        filtro = Filtro(empresa_id, Ambiente.PRODUCAO, date(2026, 1, 1), date(2026, 12, 31))
        return len(group(relatorios.totals(filtro, passo), passo))

    return {
        "relatório do ano, página qualquer": any_page(RELATADOS),
        "relatório do ano, última página": last_page(),
        "canceladas do ano, página qualquer": any_page((Estado.CANCELADO,)),
        "relatório de 30 dias, página qualquer": any_page(RELATADOS, 30),
        "resumo do ano por mês": lambda: summary(Passo.MES),
        "resumo do ano por dia": lambda: summary(Passo.DIA),
    }
