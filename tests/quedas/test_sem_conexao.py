"""PostgreSQL refuses connections: who asks is told to come back, and what was sold before and after is there once."""

import subprocess
import sys

import psycopg
import pytest
from tests.processos.apoio import Loja, eventually
from tests.quedas.casa import Casa

from chancela.kit.clock import SystemClock
from chancela.server.demonstracao import wait_settled
from chancela.stores.embutido import BANCO

pytestmark = [pytest.mark.processos, pytest.mark.xdist_group("quedas")]


def set_open(casa: Casa, aberto: bool) -> None:
    """Let connections into the product's database, or end those that there are and let none in."""
    with psycopg.connect(casa.servidor.url_of("postgres"), autocommit=True) as conexao:
        conexao.execute(f"ALTER DATABASE {BANCO} ALLOW_CONNECTIONS {str(aberto).lower()}".encode())
        if not aberto:
            conexao.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", (BANCO,)
            )


def test_a_call_is_refused_for_now_and_nothing_is_lost(casa: Casa) -> None:
    loja = Loja(casa.plataforma)
    antes = loja.cliente.post("/api/invoice/create", loja.sale(id="ANTES")).dados
    set_open(casa, False)
    try:
        for pedido in (loja.sale(id="DURANTE"), loja.sale(id="ANTES")):
            recusa = loja.cliente.post("/api/invoice/create", pedido)
            assert (recusa.status, recusa.corpo["data"]["codigo"]) == (503, "BANCO-SEM-CONEXAO")
            assert int(recusa.cabecalhos["retry-after"]) > 0
    finally:
        set_open(casa, True)
    vendidas = []
    for referencia in ("ANTES", "DURANTE"):
        resposta = loja.cliente.post("/api/invoice/create", loja.sale(id=referencia))
        assert resposta.status == 200, resposta.corpo
        vendidas.append(wait_settled(loja.cliente, resposta.dados["uuid"], SystemClock()).dados)
    assert [nota["status"] for nota in vendidas] == ["Authorized"] * 2
    assert vendidas[0]["chave"] == antes["chave"]
    livro = [n for n in casa.ledger() if n["emitente"] == loja.cnpj]
    assert [(n["chave"], n["numero"], n["textos"]) for n in livro] == [
        (vendidas[0]["chave"], 1, 1),
        (vendidas[1]["chave"], 2, 1),
    ]


def test_a_process_that_would_need_more_than_there_is_does_not_start(casa: Casa) -> None:
    for programa in ("serve", "worker"):
        fim = subprocess.run(
            [sys.executable, "-m", "chancela", programa],
            env={**casa.ambiente, "CHANCELA_DATABASE_POOL": "200"},
            capture_output=True,
            check=False,
            timeout=120,
        )
        assert fim.returncode == 1
        assert "BANCO-LOTADO" in fim.stderr.decode()
        assert "CHANCELA_DATABASE_POOL" in fim.stderr.decode()
    eventually(lambda: casa.ready("api"))
