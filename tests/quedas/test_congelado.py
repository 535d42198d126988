"""A worker frozen past its lease (SIGSTOP) and woken again writes nothing: what it held is another's by then."""

import http.client
import signal

import psycopg
import pytest
from tests.processos.apoio import Loja, eventually
from tests.quedas.casa import Casa

from chancela.kit.clock import SystemClock
from chancela.kit.quedas import PARAR, after_commit
from chancela.server.demonstracao import wait_settled

pytestmark = [pytest.mark.processos, pytest.mark.xdist_group("quedas")]


@pytest.mark.parametrize("ponto", ["documento_respondido", after_commit("documento_envio")])
def test_who_wakes_past_its_lease_changes_nothing(casa: Casa, ponto: str) -> None:
    """It froze with SEFAZ's answer in its hands, or with the socket still to open."""
    loja = Loja(casa.plataforma)
    casa.kill("worker")
    casa.start("worker", CHANCELA_LEASE_S="2")
    casa.arm(after_commit("documento_numero"))
    casa.arm(ponto, PARAR)
    with pytest.raises((http.client.HTTPException, OSError)):
        loja.cliente.post("/api/invoice/create", loja.sale(id="GELO"))
    eventually(lambda: casa.frozen("worker"))
    casa.start("api", "worker2")
    uuid = eventually(
        lambda: loja.cliente.post("/api/invoice/create", loja.sale(id="GELO")).dados.get("uuid")
    )
    detalhe = wait_settled(loja.cliente, uuid, SystemClock()).dados
    assert detalhe["status"] == "Authorized"
    antes = _written(casa, uuid)

    casa.signal("worker", signal.SIGCONT)
    outra = loja.cliente.post("/api/invoice/create", loja.sale(id="DEPOIS")).dados
    casa.processos["worker"].terminate()
    casa.processos["worker"].wait(40)

    assert _written(casa, uuid) == antes
    assert loja.cliente.get("/api/invoice/get_detail", uuid=uuid).dados == detalhe
    notas = [n for n in casa.ledger() if n["emitente"] == loja.cnpj]
    assert [(n["chave"], n["textos"], n["autorizacoes"]) for n in notas] == [
        (detalhe["chave"], 1, 1),
        (outra["chave"], 1, 1),
    ]
    casa.kill("worker2")
    casa.start("worker")


def _written(casa: Casa, uuid: str) -> list[tuple[object, ...]]:
    """Everything that was ever written about a document: its row, its attempts, its timeline."""
    with psycopg.connect(casa.url_banco) as conexao:
        return [
            *conexao.execute(
                "SELECT estado, protocolo, concessao, atualizado_em FROM documentos WHERE id = %s", (uuid,)
            ),
            *conexao.execute(
                "SELECT id, operacao, dono, resultado, c_stat FROM tentativas WHERE documento_id = %s ORDER BY id",
                (uuid,),
            ),
            *conexao.execute(
                "SELECT tipo, descricao FROM eventos_documento WHERE documento_id = %s ORDER BY sequencia",
                (uuid,),
            ),
        ]
