"""Everything goes down with sales still to be transmitted, and comes up again: the API serves, and all of them are settled."""

import json

import psycopg
import pytest
from tests.documents.nfe import pedidos
from tests.documents.nfe.lugares import LUGARES
from tests.processos.apoio import Loja, eventually
from tests.quedas.casa import Casa

from chancela.domain.identidade import Ambiente
from chancela.issuing.servico_nfe import ServicoNfe
from chancela.kit.clock import SystemClock
from chancela.server.configuracao import Configuracao
from chancela.server.pecas import open_pecas
from chancela.stores.referencia_tributos import packaged_tabelas

pytestmark = [pytest.mark.processos, pytest.mark.xdist_group("quedas")]


def accumulate(casa: Casa, loja: Loja, quantas: int) -> None:
    """So many sales with their numbers, signed by nobody yet: what a worker that was away finds."""
    configuracao = Configuracao(home=casa.pasta, database_url=casa.url_banco)
    with open_pecas(configuracao, casa.url_banco, threads=2, nome="chancela-teste") as pecas:
        ((empresa_id,),) = _query(casa, "SELECT id FROM empresas WHERE cnpj = %s", loja.cnpj)
        empresa = pecas.empresas.get(empresa_id)
        assert empresa is not None
        servico = ServicoNfe(
            emissor=None,  # type: ignore[arg-type] - nothing is sent here
            categorias=pecas.categorias, lugares=LUGARES, tabelas=packaged_tabelas(), esquemas=pecas.esquemas,
            clock=pecas.clock, ids=pecas.ids, randomness=pecas.randomness, executor=pecas.executor,
        )  # fmt: skip
        item = pedidos.replace(pedidos.PRODUTO, categoria=loja.categoria)
        preparada = servico.prepare(
            empresa, pedidos.replace(pedidos.SIMPLES, itens=(item,), ambiente=Ambiente.HOMOLOGACAO)
        )
        for vez in range(quantas):
            novo = servico._novo(
                empresa, preparada, referencia=f"ACUMULADA-{vez}", reabrir=False, corpo=b"{}", offline=False
            )
            pecas.documentos.admit(novo, dono=None, prazo_s=60.0)


def _query(casa: Casa, sql: str, *parametros: object) -> list[tuple[int, ...]]:
    with psycopg.connect(casa.url_banco) as conexao:
        return conexao.execute(sql, parametros).fetchall()  # type: ignore[arg-type]


def come_back(casa: Casa, quantas: int, prazo_s: float) -> float:
    """Down, with work left; up, until all of it is done. How long the API took to serve."""
    loja, relogio = Loja(casa.plataforma), SystemClock()
    for nome in ("api", "worker", "simulador"):
        casa.kill(nome)
    accumulate(casa, loja, quantas)
    inicio = relogio.monotonic()
    for nome in ("simulador", "worker", "api"):
        casa.spawn(nome)
    eventually(lambda: casa.ready("api"))
    assert loja.cliente.get("/api/category/get_detail", category_id=loja.categoria).status == 200
    serve_s = relogio.monotonic() - inicio
    eventually(lambda: _alive(casa, loja.cnpj) == 0, prazo_s=prazo_s)
    notas = [nota for nota in casa.ledger() if nota["emitente"] == loja.cnpj]
    assert [nota["numero"] for nota in notas] == list(range(1, quantas + 1))
    assert {(nota["textos"], nota["autorizacoes"]) for nota in notas} == {(1, 1)}
    nossas = casa.documents(loja.cnpj)
    assert {chave: protocolo for chave, (protocolo, _) in nossas.items()} == {
        n["chave"]: n["protocolo"] for n in notas
    }
    figuras = {
        "pendentes": quantas,
        "serve_s": round(serve_s, 1),
        "todas_em_s": round(relogio.monotonic() - inicio),
    }
    print("volta:", json.dumps(figuras))
    return serve_s


def _alive(casa: Casa, cnpj: str) -> int:
    ((vivas,),) = _query(
        casa, "SELECT count(*) FROM documentos WHERE cnpj = %s AND estado <> 'AUTORIZADO'", cnpj
    )
    return vivas


def test_pending_sales_are_settled_after_a_restart(casa: Casa) -> None:
    come_back(casa, 100, prazo_s=240)


@pytest.mark.longo
def test_ten_thousand_pending_sales(casa: Casa) -> None:
    assert come_back(casa, 10_000, prazo_s=1_800) < 5.0
