"""What is done for every document, or every few seconds, reads no table from end to end, however much is stored."""

import gzip
from collections.abc import Mapping
from pathlib import Path

import psycopg
from tests.quedas.mesa import CNPJ, Mesa, open_mesa
from tests.stores.enchente import fill
from tests.stores.fabrica import new_id

from chancela.documents.inutilizacao.layout import Faixa
from chancela.documents.recebidos.classificacao import Recebido, TipoRecebido
from chancela.domain.identidade import Ambiente, Modelo, Uf
from chancela.issuing.distribuicao import Interessado, NovoRecebido, Pagina
from chancela.issuing.notificacao import NovoWebhook
from chancela.stores.entregas import EntregasPg
from chancela.stores.linha_do_tempo import LinhaDoTempo
from chancela.stores.pendencias import PendenciasPg
from chancela.stores.prazos import PrazosPg
from chancela.stores.recebidos import RecebidosPg
from chancela.stores.situacao import SituacaoPg
from chancela.stores.solicitacoes import SolicitacoesPg
from chancela.stores.webhooks import WebhooksPg

CORRECAO = "O endereço de entrega é o do depósito central."
MOTIVO = "Venda desfeita pelo cliente na mesma hora."
_POUCAS = 500
"""Rows of tables that stay small (circuits, the queue), read whole some twenty times."""


def read_rows(url: str) -> Mapping[str, int]:
    """Rows read so far by walking through each table."""
    with psycopg.connect(url, autocommit=True) as conexao:
        linhas = conexao.execute("SELECT relname, seq_tup_read FROM pg_stat_user_tables").fetchall()
    return dict(linhas)


def work(mesa: Mesa) -> None:
    """The life of some documents, from the call to the webhook, with all that a worker does beside them."""
    empresa, respostas, documentos = mesa.empresa, mesa.pecas.respostas, mesa.pecas.documentos
    entregas = EntregasPg(mesa.pecas.banco, mesa.pecas.cofre)
    for vez in range(3):
        chave = bytes([vez]) * 32
        respostas.begin([chave])
        venda = mesa.sell(f"VENDA-{vez}")
        respostas.finish([(chave, b"resposta")])
        assert mesa.pecas.empresas.get(empresa.id) is not None
        assert documentos.find_by_chave(venda.chave, empresa.id) is not None
        assert documentos.find_by_referencia(f"VENDA-{vez}", empresa.id, Ambiente.HOMOLOGACAO, venda.modelo)
        mesa.run(mesa.eventos.correct(empresa, venda, CORRECAO))
        mesa.run(mesa.eventos.cancel(empresa, venda, MOTIVO))
        LinhaDoTempo(mesa.pecas.banco).of(venda.id, empresa.id)
        SolicitacoesPg(mesa.pecas.banco).list_of(venda.id, empresa.id)
    numero = mesa.queue("NA-FILA").numero + 1
    mesa.run(
        mesa.eventos.inutilise(
            empresa, Faixa(Ambiente.HOMOLOGACAO, empresa.cnpj, Uf.SP, Modelo.NFE, 1, numero, numero), MOTIVO
        )
    )
    mesa.recover()
    assert entregas.take(limite=50, prazo_s=60)
    PrazosPg(mesa.pecas.banco).look()
    SituacaoPg(mesa.pecas.banco).read()
    original, substituta = mesa.sold(), mesa.sold()
    mesa.query(
        "UPDATE documentos SET substituto_id = %s WHERE id = %s RETURNING id", substituta.id, original.id
    )
    assert len(PendenciasPg(mesa.pecas.banco).list_pending(100)) == 1
    receive(mesa)
    outage(mesa)


def receive(mesa: Mesa) -> None:
    """A page of the distribution, and what is to be done about what came."""
    quem = Interessado(mesa.empresa.id, mesa.empresa.cnpj, Uf.SP, Ambiente.HOMOLOGACAO)
    recebidos = RecebidosPg(mesa.pecas.banco)
    recebidos.due(10)
    posse = recebidos.claim(quem, dono="um", prazo_s=60)
    assert posse is not None
    novo = NovoRecebido(new_id(), 9_000_000, "x.xsd", gzip.compress(b"<x/>"), Recebido(TipoRecebido.PROC_NFE))
    recebidos.keep(
        posse, Pagina(138, "Localizado", 9_000_000, 9_000_000, [novo], sincronizada=True), prazo_s=60
    )
    recebidos.release(posse)
    assert recebidos.get(novo.id, mesa.empresa.id) is not None
    recebidos.holes(quem, 20)
    recebidos.to_follow(quem, 20)
    recebidos.to_acknowledge(quem, prazo_d=180, limite=20)


def outage(mesa: Mesa) -> None:
    """A note waits for its authorizer, which comes back."""
    nota = mesa.queue("PARADA")
    for _ in range(3):
        mesa.run(mesa.vigia.note_failure(nota, "sem conexão"))
    mesa.drain()
    mesa.recover()
    assert mesa.now(nota).protocolo


def test_nothing_on_the_way_of_a_document_walks_through_a_table_that_grows(
    url_banco: str, tmp_path: Path
) -> None:
    with open_mesa(url_banco, tmp_path) as mesa:
        WebhooksPg(mesa.pecas.banco, mesa.pecas.cofre, mesa.pecas.randomness).create(
            NovoWebhook(mesa.empresa.integrador_id, mesa.empresa.id, "https://erp.exemplo.com.br/")
        )
        fill(url_banco, CNPJ)
        antes = read_rows(url_banco)
        work(mesa)
    depois = read_rows(url_banco)
    lidas = {tabela: depois[tabela] - antes[tabela] for tabela in depois if depois[tabela] > antes[tabela]}
    assert {tabela: linhas for tabela, linhas in lidas.items() if linhas > _POUCAS} == {}
