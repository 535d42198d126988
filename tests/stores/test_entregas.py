"""The outbox: written by the state change itself, taken in order per target, never lost, given up at last."""

import gzip
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from tests.stores.fabrica import companies, new_document, new_id, outcome, plan, protocol, signed, vault

from chancela.documents.recebidos.classificacao import Recebido, TipoRecebido
from chancela.domain.erros import ConcessaoPerdida
from chancela.domain.identidade import Ambiente, Uf
from chancela.issuing.distribuicao import Interessado, NovoRecebido, Pagina
from chancela.issuing.empresa import Empresa
from chancela.issuing.modelo import Estado
from chancela.issuing.notificacao import EntregaTomada, EstadoEntrega, NovoWebhook, TentativaEntrega, Webhook
from chancela.kit.clock import VirtualClock
from chancela.kit.randomness import SeededRandomness
from chancela.stores.conexao import Banco
from chancela.stores.documentos import DocumentosPg
from chancela.stores.entregas import GUARDA_DIAS, EntregasPg
from chancela.stores.recebidos import RecebidosPg
from chancela.stores.webhooks import Dono, WebhooksPg

OK = TentativaEntrega(204, 3)
FALHA = TentativaEntrega(503, 3, resposta="fora do ar")


class Cena:
    def __init__(self, url: str) -> None:
        self.clock = VirtualClock(datetime(2026, 11, 20, 12, 0, tzinfo=UTC))
        self.banco = Banco(url, relogio=self.clock)
        self.documentos = DocumentosPg(self.banco)
        self.webhooks = WebhooksPg(self.banco, vault(), SeededRandomness(5))
        self.entregas = EntregasPg(self.banco, vault())
        self.empresa, self.outra = companies(self.banco, 2)
        self.dono = Dono(self.empresa.integrador_id, self.empresa.id)

    def hook(self, empresa: Empresa | None = None, *eventos: str, de_todas: bool = False) -> Webhook:
        empresa = empresa or self.empresa
        novo = NovoWebhook(
            empresa.integrador_id, None if de_todas else empresa.id, "https://erp.exemplo.com.br/", eventos
        )
        return self.webhooks.create(novo)[0]

    def issue(self, estado: Estado = Estado.AUTORIZADO, empresa: Empresa | None = None) -> str:
        admissao = self.documentos.admit(new_document(empresa or self.empresa), dono="api", prazo_s=60)
        assert admissao.concessao is not None
        (tentativa,) = self.documentos.begin([plan(admissao.concessao, signed())])
        fim = outcome(admissao.concessao, estado, tentativa)
        if estado is Estado.AUTORIZADO:
            fim = replace(fim, protocolo=protocol())
        return self.documentos.settle([fim])[0].id

    def say(self, alvo: str) -> None:
        """What every trigger calls."""
        with self.banco.company(self.empresa.id) as conexao:
            conexao.execute(
                text("SELECT chancela_notificar(:empresa, :alvo, 'documento.recebido', '{}')"),
                {"empresa": self.empresa.id, "alvo": alvo},
            )

    def receive(self, nsu: int, tipo: TipoRecebido, **dados: Any) -> None:
        recebidos = RecebidosPg(self.banco)
        quem = Interessado(self.empresa.id, self.empresa.cnpj, Uf.SP, Ambiente.PRODUCAO)
        posse = recebidos.claim(quem, dono="um", prazo_s=60)
        assert posse is not None
        novo = NovoRecebido(new_id(), nsu, "x.xsd", gzip.compress(b"<x/>"), Recebido(tipo, **dados))
        recebidos.keep(posse, Pagina(138, "Localizado", nsu, nsu, [novo], sincronizada=True), prazo_s=60)
        recebidos.release(posse)

    def take(self, limite: int = 50) -> list[EntregaTomada]:
        return list(self.entregas.take(limite=limite, prazo_s=30))

    def events(self) -> list[str]:
        return [tomada.entrega.mensagem.evento for tomada in self.take()]


@pytest.fixture
def cena(url_banco: str):
    cena = Cena(url_banco)
    yield cena
    cena.banco.close()


def test_the_change_of_state_writes_its_message(cena: Cena) -> None:
    cena.hook()
    documento_id = cena.issue()
    (tomada,) = cena.take()
    mensagem = tomada.entrega.mensagem
    assert (mensagem.evento, mensagem.alvo, mensagem.empresa_id) == ("documento.autorizado", documento_id, cena.empresa.id)  # fmt: skip
    assert mensagem.dados["protocolo"] == "135260000000001"
    assert mensagem.dados["valor_total"] == "300.00", (
        "an amount is text: a JSON number would become a fraction"
    )
    assert len(tomada.segredo) == 32


def test_the_message_of_an_adopted_version_has_its_key(cena: Cena) -> None:
    """SEFAZ turned out to hold the first content of a number that was issued again."""
    documentos, novo = cena.documentos, new_document(cena.empresa, referencia="R", conteudo="a")
    primeira = documentos.admit(novo, dono="api", prazo_s=60).concessao
    assert primeira is not None
    (tentativa,) = documentos.begin([plan(primeira, signed())])
    documentos.settle([outcome(primeira, Estado.REJEITADO, tentativa)])
    outra = new_document(cena.empresa, referencia="R", conteudo="b")
    segunda = documentos.admit(outra, dono="api", prazo_s=60).concessao
    assert segunda is not None
    (tentativa,) = documentos.begin([plan(segunda, signed("b"))])
    versoes = documentos.versions(segunda.documento.id, cena.empresa.id)
    cena.hook()
    documentos.settle(
        [outcome(segunda, Estado.AUTORIZADO, tentativa, adotar=versoes[0], protocolo=protocol())]
    )
    (tomada,) = cena.take()
    mensagem = tomada.entrega.mensagem
    assert (mensagem.evento, mensagem.dados["chave"]) == ("documento.autorizado", primeira.documento.chave)
    assert primeira.documento.chave != segunda.documento.chave


def test_an_outcome_that_was_undone_says_nothing(cena: Cena) -> None:
    cena.hook()
    admissao = cena.documentos.admit(new_document(cena.empresa), dono="api", prazo_s=60)
    assert admissao.concessao is not None
    (tentativa,) = cena.documentos.begin([plan(admissao.concessao, signed())])
    velha = replace(admissao.concessao, token=admissao.concessao.token - 1)
    with pytest.raises(ConcessaoPerdida):
        cena.documentos.settle([outcome(velha, Estado.REJEITADO, tentativa)])
    assert cena.take() == []


def test_who_hears_of_what(cena: Cena) -> None:
    do_integrador = cena.hook(de_todas=True)
    so_rejeicoes = cena.hook(None, "documento.rejeitado")
    cena.issue(empresa=cena.outra)
    cena.issue()
    cena.issue(Estado.REJEITADO)
    ouvidos = [(t.entrega.webhook_id, t.entrega.mensagem.empresa_id, t.entrega.mensagem.evento) for t in cena.take()]  # fmt: skip
    assert ouvidos == [
        (do_integrador.id, cena.outra.id, "documento.autorizado"),
        (do_integrador.id, cena.empresa.id, "documento.autorizado"),
        (do_integrador.id, cena.empresa.id, "documento.rejeitado"),
        (so_rejeicoes.id, cena.empresa.id, "documento.rejeitado"),
    ]


def test_a_note_that_arrives_is_told_as_summary_and_whole_and_once_each(cena: Cena) -> None:
    cena.hook(None, "documento.recebido")
    resumo = {
        "chave": "3526" + "1" * 40,
        "emitente": "11222333000181",
        "valor": Decimal("1234.50"),
        "situacao": 1,
    }
    for nsu, tipo in ((7, TipoRecebido.RES_NFE), (7, TipoRecebido.RES_NFE), (8, TipoRecebido.PROC_NFE), (9, TipoRecebido.RES_EVENTO)):  # fmt: skip
        cena.receive(nsu, tipo, **resumo)
    ouvidos: list[tuple[str, bool, str]] = []
    while tomadas := cena.take():  # one of a target at a time, in their order
        for tomada in tomadas:
            mensagem = tomada.entrega.mensagem
            ouvidos.append((mensagem.alvo, mensagem.dados["completo"], mensagem.dados["valor_total"]))
            cena.entregas.record(tomada.entrega, OK, nova_em_s=None)
    assert ouvidos == [(resumo["chave"], False, "1234.50"), (resumo["chave"], True, "1234.50")]


def test_messages_of_one_target_wait_for_each_other(cena: Cena) -> None:
    cena.hook()
    for alvo in ("a", "b", "a", "a"):
        cena.say(alvo)
    primeiras = cena.take()
    assert [t.entrega.mensagem.alvo for t in primeiras] == ["a", "b"]
    cena.entregas.record(primeiras[0].entrega, FALHA, nova_em_s=30)
    assert cena.take() == [], "the second of `a` waits until the first is through"
    cena.clock.advance(31)
    (outra_vez, _) = cena.take()
    assert outra_vez.entrega.mensagem.id == primeiras[0].entrega.mensagem.id
    cena.entregas.record(outra_vez.entrega, OK, nova_em_s=None)
    (segunda,) = cena.take()
    assert segunda.entrega.id > outra_vez.entrega.id


def test_a_dead_message_lets_the_next_one_pass_and_can_be_sent_again(cena: Cena) -> None:
    cena.hook()
    cena.say("a")
    cena.say("a")
    (primeira,) = cena.take()
    cena.entregas.record(primeira.entrega, FALHA, nova_em_s=None)
    (segunda,) = cena.take()
    cena.entregas.record(segunda.entrega, OK, nova_em_s=None)
    assert [e.estado for e in cena.entregas.list_of(primeira.entrega.webhook_id, cena.dono, limite=9)] == [
        EstadoEntrega.ENTREGUE,
        EstadoEntrega.MORTA,
    ]
    assert cena.entregas.resend(primeira.entrega.id, cena.dono)
    (de_novo,) = cena.take()
    assert (de_novo.entrega.tentativas, de_novo.entrega.rodada) == (2, 1)
    cena.entregas.record(de_novo.entrega, OK, nova_em_s=None)
    registro = cena.entregas.tries_of(primeira.entrega.id, cena.dono)
    assert [tentativa.status_http for _, tentativa in registro] == [503, 204]


def test_a_worker_that_dies_loses_nothing_and_one_that_wakes_up_late_writes_nothing(cena: Cena) -> None:
    cena.hook()
    cena.say("a")
    (perdida,) = cena.take()
    assert cena.take() == []
    cena.clock.advance(31)
    (outra,) = cena.take()
    cena.entregas.record(perdida.entrega, TentativaEntrega(None, 3, "x"), nova_em_s=None)
    cena.entregas.record(outra.entrega, OK, nova_em_s=None)
    (entrega,) = cena.entregas.list_of(outra.entrega.webhook_id, cena.dono, limite=9)
    assert entrega.estado is EstadoEntrega.ENTREGUE


def test_gone_switches_the_address_off(cena: Cena) -> None:
    webhook = cena.hook()
    for alvo in ("a", "b"):
        cena.say(alvo)
    cena.entregas.record(cena.take()[0].entrega, TentativaEntrega(410, 3), nova_em_s=None)
    cena.say("c")
    assert cena.take() == []
    assert [w.ativo for w in cena.webhooks.list_of(cena.dono)] == [False]
    assert cena.webhooks.reactivate(webhook.id, cena.dono)
    cena.say("d")
    assert [t.entrega.mensagem.alvo for t in cena.take()] == ["d"]


def test_strangers_see_and_touch_nothing(cena: Cena) -> None:
    webhook = cena.hook()
    cena.say("a")
    (tomada,) = cena.take()
    cena.entregas.record(tomada.entrega, OK, nova_em_s=None)
    for estranho in (
        Dono(cena.outra.integrador_id, cena.outra.id),
        Dono(cena.empresa.integrador_id, None),
        Dono(cena.empresa.integrador_id + 1, cena.empresa.id),
    ):
        assert cena.webhooks.list_of(estranho) == []
        assert not cena.webhooks.delete(webhook.id, estranho)
        assert not cena.webhooks.reactivate(webhook.id, estranho)
        assert cena.entregas.list_of(webhook.id, estranho, limite=9) == []
        assert cena.entregas.tries_of(tomada.entrega.id, estranho) == []
        assert not cena.entregas.resend(tomada.entrega.id, estranho)
    assert cena.webhooks.delete(webhook.id, cena.dono)


def test_old_messages_are_forgotten(cena: Cena) -> None:
    webhook = cena.hook()
    cena.say("a")
    cena.entregas.record(cena.take()[0].entrega, OK, nova_em_s=None)
    cena.say("b")
    cena.clock.advance(GUARDA_DIAS * 86_400 + 1)
    assert cena.entregas.purge() == 1
    assert [e.mensagem.alvo for e in cena.entregas.list_of(webhook.id, cena.dono, limite=9)] == ["b"]
