"""Contingency in the tables: the same number, or the next one with a substitute; circuits that all processes share."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import psycopg
import pytest
from tests.processos.apoio import eventually
from tests.stores.fabrica import AGORA, companies, new_document, new_id, outcome, plan, signed, vault

from chancela.domain.erros import ConcessaoPerdida, EstadoInvalido
from chancela.domain.identidade import Ambiente, Modelo, Uf
from chancela.issuing.circuito import Alvo, Espera
from chancela.issuing.empresa import Empresa
from chancela.issuing.modelo import (
    Concessao,
    Documento,
    EnvioPlanejado,
    Estado,
    Marco,
    Numerado,
    OutraEmissao,
    TentativaEncerrada,
)
from chancela.issuing.notificacao import NovoWebhook
from chancela.kit.clock import VirtualClock
from chancela.kit.randomness import SeededRandomness
from chancela.stores.circuitos import CircuitosPg
from chancela.stores.conexao import Banco
from chancela.stores.documentos import DocumentosPg
from chancela.stores.entregas import EntregasPg
from chancela.stores.linha_do_tempo import LinhaDoTempo
from chancela.stores.webhooks import WebhooksPg

SP = Alvo("SP", Modelo.NFE, Ambiente.HOMOLOGACAO)


@pytest.fixture
def relogio() -> VirtualClock:
    return VirtualClock(AGORA)


@pytest.fixture
def banco(url_banco: str, relogio: VirtualClock) -> Iterator[Banco]:
    banco = Banco(url_banco, relogio=relogio)
    yield banco
    banco.close()


@pytest.fixture
def documentos(banco: Banco) -> DocumentosPg:
    return DocumentosPg(banco)


@pytest.fixture
def empresa(banco: Banco) -> Empresa:
    return companies(banco)[0]


def other(documento: Documento, tp_emis: int = 9) -> OutraEmissao:
    def number(numero: int) -> Numerado:
        chave = f"{documento.chave[:25]}{numero:09d}{tp_emis}{documento.chave[35:]}"
        return Numerado(chave, f"<infNFe>{tp_emis} {numero}</infNFe>".encode())

    return OutraEmissao(tp_emis, AGORA, AGORA + timedelta(days=1), number, Marco("contingencia", "Entrou."))


def admit(documentos: DocumentosPg, empresa: Empresa, referencia: str = "VENDA-1") -> Concessao:
    admissao = documentos.admit(new_document(empresa, referencia=referencia), dono="api", prazo_s=60)
    assert admissao.concessao is not None
    return admissao.concessao


def attempt(documentos: DocumentosPg, concessao: Concessao, resultado: str) -> None:
    (tentativa,) = documentos.begin([plan(concessao, signed())])
    fim = TentativaEncerrada(tentativa, resultado, None, "motivo", 5)
    estado = Estado.ASSINADO if resultado == "recusada" else Estado.INCERTO
    documentos.settle([outcome(concessao, estado, c_stat=None, tentativas=(fim,))])


def tried(documentos: DocumentosPg, empresa: Empresa, resultado: str) -> Concessao:
    """A document that was sent once, with this result, and is taken up again."""
    concessao = admit(documentos, empresa)
    attempt(documentos, concessao, resultado)
    retomada = documentos.claim_one(concessao.documento.id, empresa.id, dono="api", prazo_s=60)
    assert retomada is not None
    return retomada


def test_the_same_number_in_another_kind_of_emission(
    documentos: DocumentosPg, empresa: Empresa, banco: Banco
) -> None:
    retomada = tried(documentos, empresa, "recusada")
    mudada = documentos.change_emission(retomada, other(retomada.documento)).documento
    assert (mudada.estado, mudada.tp_emis, mudada.numero) == (Estado.PENDENTE, 9, retomada.documento.numero)
    assert (mudada.contingencia_em, mudada.transmitir_ate) == (AGORA, AGORA + timedelta(days=1))
    assert mudada.xml_assinado is None
    assert mudada.chave[34] == "9"
    linha = LinhaDoTempo(banco).of(mudada.id, empresa.id)
    assert linha[-1].marco.tipo == "contingencia"


def test_the_customer_is_told_that_the_note_was_signed_in_contingency(
    documentos: DocumentosPg, empresa: Empresa, banco: Banco
) -> None:
    WebhooksPg(banco, vault(), SeededRandomness(1)).create(
        NovoWebhook(empresa.integrador_id, empresa.id, "https://erp.exemplo.com.br/")
    )
    retomada = tried(documentos, empresa, "recusada")
    mudada = documentos.change_emission(retomada, other(retomada.documento))
    entregas = EntregasPg(banco, vault())
    assert entregas.take(limite=9, prazo_s=60) == [], "a try that failed and a new key are no news"
    documentos.begin([plan(mudada, signed("b"))])
    (tomada,) = entregas.take(limite=9, prazo_s=60)
    mensagem = tomada.entrega.mensagem
    assert (mensagem.evento, mensagem.alvo) == ("documento.contingencia", mudada.documento.id)
    assert (mensagem.dados["tp_emis"], mensagem.dados["chave"]) == (9, mudada.documento.chave)


def test_a_transmitted_number_does_not_change(documentos: DocumentosPg, empresa: Empresa) -> None:
    retomada = tried(documentos, empresa, "sem_resposta")
    assert documentos.was_transmitted(retomada.documento.id, empresa.id)
    with pytest.raises(EstadoInvalido) as erro:
        documentos.change_emission(retomada, other(retomada.documento))
    assert erro.value.codigo == "DOC-JA-TRANSMITIDO"


def test_the_substitute_takes_the_next_number_and_the_reference(
    documentos: DocumentosPg, empresa: Empresa
) -> None:
    retomada = tried(documentos, empresa, "sem_resposta")
    nova = documentos.substitute(retomada, other(retomada.documento), novo_id=new_id(), prazo_s=60)
    original = documentos.get(retomada.documento.id, empresa.id)
    assert original is not None
    assert (original.estado, original.substituto_id, original.referencia) == (
        Estado.INCERTO,
        nova.documento.id,
        None,
    )
    assert nova.documento.numero == original.numero + 1
    assert nova.documento.referencia == "VENDA-1"
    achada = documentos.find_by_referencia("VENDA-1", empresa.id, Ambiente.HOMOLOGACAO, Modelo.NFE)
    assert achada is not None
    assert achada.id == nova.documento.id
    with pytest.raises(ConcessaoPerdida):
        documentos.substitute(retomada, other(retomada.documento), novo_id=new_id(), prazo_s=60)


def test_what_is_told_of_an_original_names_its_substitute(
    documentos: DocumentosPg, empresa: Empresa, banco: Banco
) -> None:
    WebhooksPg(banco, vault(), SeededRandomness(1)).create(
        NovoWebhook(empresa.integrador_id, empresa.id, "https://erp.exemplo.com.br/")
    )
    retomada = tried(documentos, empresa, "sem_resposta")
    nova = documentos.substitute(retomada, other(retomada.documento), novo_id=new_id(), prazo_s=60)
    consultado = documentos.claim_one(retomada.documento.id, empresa.id, dono="api", prazo_s=60)
    assert consultado is not None
    documentos.settle(
        [outcome(consultado, Estado.REJEITADO, c_stat=217), outcome(nova, Estado.REJEITADO, c_stat=225)]
    )
    ditas = {
        tomada.entrega.mensagem.alvo: tomada.entrega.mensagem.dados
        for tomada in EntregasPg(banco, vault()).take(limite=9, prazo_s=60)
    }
    assert ditas[retomada.documento.id]["substituida_por"] == nova.documento.id
    assert "substituida_por" not in ditas[nova.documento.id]


def test_bytes_are_kept_without_an_attempt(documentos: DocumentosPg, empresa: Empresa) -> None:
    concessao = admit(documentos, empresa)
    assert documentos.begin([EnvioPlanejado(concessao, None, signed())]) == [0]
    guardado = documentos.settle([outcome(concessao, Estado.ASSINADO, c_stat=None)])[0]
    assert (guardado.estado, guardado.tentativas, guardado.xml_assinado) == (
        Estado.ASSINADO,
        0,
        signed().xml,
    )
    assert not documentos.was_transmitted(guardado.id, empresa.id)


def test_circuits_are_counted_together_and_asked_about_once(
    banco: Banco, relogio: VirtualClock, empresa: Empresa
) -> None:
    um, outro = CircuitosPg(banco, relogio), CircuitosPg(banco, relogio)
    for circuitos in (um, outro, um):
        visto = circuitos.fail(
            SP, empresa_id=empresa.id, uf=Uf.SP, motivo="sem resposta", limite=3, imediata=False
        )
    assert visto.aberto_em == AGORA
    assert [c.alvo for c in outro.load() if c.aberto] == [SP]
    assert um.claim_question(SP, 180, empresa_id=empresa.id, uf=Uf.SP)
    assert not outro.claim_question(SP, 180, empresa_id=empresa.id, uf=Uf.SP)
    relogio.advance(180)
    assert outro.claim_question(SP, 180, empresa_id=empresa.id, uf=Uf.SP)
    assert not outro.settle_status(SP, 107, "em operação", [Uf.SP]).aberto
    assert [c.aberto for c in um.load()] == [False]


def test_an_old_word_of_an_svc_is_not_believed_while_it_is_asked_again(
    banco: Banco, relogio: VirtualClock, empresa: Empresa
) -> None:
    """Six days later the SVC may be off: who looks while another process asks would enter it on the old 107."""
    circuitos = CircuitosPg(banco, relogio)
    svc = Alvo("SVC-AN", Modelo.NFE, Ambiente.HOMOLOGACAO, Uf.SP)
    perguntar = partial(circuitos.claim_question, svc, 180, empresa_id=empresa.id, uf=Uf.SP)
    assert perguntar()
    assert circuitos.settle_status(svc, 107, "em operação", [Uf.SP]).svc_ativa
    relogio.advance(180)
    assert perguntar()
    assert [c.svc_ativa for c in circuitos.load()] == [True]
    relogio.advance(6 * 86_400)
    assert perguntar()
    assert [c.svc_ativa for c in circuitos.load()] == [False]


def rest(documentos: DocumentosPg, empresa: Empresa) -> None:
    """One document, put to rest for 900 s."""
    lie_down(documentos, admit(documentos, empresa))
    assert documentos.claim(empresa.id, limite=10, dono="worker", prazo_s=60) == []


def lie_down(documentos: DocumentosPg, concessao: Concessao) -> None:
    documentos.begin([EnvioPlanejado(concessao, None, signed())])
    documentos.settle([outcome(concessao, Estado.ASSINADO, c_stat=None, proxima_acao_s=900.0)])


def waits(uf: Uf = Uf.SP, alternativa: Alvo | None = None) -> Espera:
    return Espera(uf, SP.modelo, SP.ambiente, frozenset({SP}), alternativa)


def test_a_wait_that_is_over_is_made_due_where_it_rests(
    banco: Banco, relogio: VirtualClock, documentos: DocumentosPg, empresa: Empresa
) -> None:
    rest(documentos, empresa)
    circuitos = CircuitosPg(banco, relogio)
    assert circuitos.release_if_over([waits(Uf.RS)]) == [0]
    assert circuitos.release_if_over([waits(), waits(), waits(Uf.RS)]) == [1, 1, 0]
    assert len(documentos.claim(empresa.id, limite=10, dono="worker", prazo_s=60)) == 1


def test_a_wait_is_over_when_its_authorizer_is_back_or_an_svc_steps_in(
    banco: Banco, relogio: VirtualClock, documentos: DocumentosPg, empresa: Empresa
) -> None:
    circuitos = CircuitosPg(banco, relogio)
    svc = Alvo("SVC-AN", Modelo.NFE, Ambiente.HOMOLOGACAO, Uf.SP)
    circuitos.fail(SP, empresa_id=empresa.id, uf=Uf.SP, motivo="108", limite=3, imediata=True)
    circuitos.settle_status(svc, 114, "desativada", [Uf.SP])
    rest(documentos, empresa)
    assert circuitos.release_if_over([waits(), waits(alternativa=svc)]) == [0, 0]
    circuitos.settle_status(svc, 107, "em operação", [])
    assert circuitos.release_if_over([waits()]) == [0], "it knew of the SVC and does not want it"
    assert circuitos.release_if_over([waits(alternativa=svc)]) == [1]


def test_nobody_lies_down_between_the_waking_and_the_commit_of_the_end_of_an_outage(
    url_banco: str, banco: Banco, relogio: VirtualClock, documentos: DocumentosPg, empresa: Empresa
) -> None:
    """The end of the outage is held while it wakes a first document: a second one that lies down then is not seen by it."""
    circuitos = CircuitosPg(banco, relogio)
    circuitos.fail(SP, empresa_id=empresa.id, uf=Uf.SP, motivo="108", limite=3, imediata=True)
    rest(documentos, empresa)
    segundo = admit(documentos, empresa, referencia="SEGUNDO")
    with (
        ThreadPoolExecutor(2) as lado,
        psycopg.connect(url_banco) as outra,
        psycopg.connect(url_banco, autocommit=True) as vigia,
    ):
        outra.execute("SELECT id FROM documentos WHERE id <> %s FOR UPDATE", (segundo.documento.id,))
        fim = lado.submit(circuitos.settle_status, SP, 107, "em operação", [Uf.SP])
        eventually(lambda: blocked(vigia) == 1)
        lie_down(documentos, segundo)
        acordados = lado.submit(circuitos.release_if_over, [waits()])
        eventually(lambda: acordados.done() or blocked(vigia) == 2)
        outra.commit()
        assert not fim.result().aberto
        assert acordados.result() == [1]


def blocked(conexao: psycopg.Connection[Any]) -> int:
    """How many transactions of this database wait for a lock."""
    linha = conexao.execute(
        "SELECT count(DISTINCT a.pid) FROM pg_stat_activity a"
        " WHERE a.datname = current_database() AND a.wait_event_type = 'Lock'"
    ).fetchone()
    assert linha is not None
    return linha[0]


def test_the_end_of_an_outage_and_the_waking_of_who_waits_are_one_commit(
    banco: Banco, relogio: VirtualClock, documentos: DocumentosPg, empresa: Empresa
) -> None:
    """Who died between the two left everybody asleep for as long as they had lain down."""
    circuitos = CircuitosPg(banco, relogio)
    circuitos.fail(SP, empresa_id=empresa.id, uf=Uf.SP, motivo="108", limite=3, imediata=True)
    rest(documentos, empresa)
    circuitos.settle_status(SP, 108, "paralisado", [Uf.SP])
    assert documentos.claim(empresa.id, limite=10, dono="worker", prazo_s=60) == []
    circuitos.settle_status(SP, 107, "em operação", [Uf.SP])
    assert len(documentos.claim(empresa.id, limite=10, dono="worker", prazo_s=60)) == 1


def test_an_svc_that_steps_in_wakes_who_waits_for_it(
    banco: Banco, relogio: VirtualClock, documentos: DocumentosPg, empresa: Empresa
) -> None:
    circuitos = CircuitosPg(banco, relogio)
    svc = Alvo("SVC-AN", Modelo.NFE, Ambiente.HOMOLOGACAO, Uf.SP)
    rest(documentos, empresa)
    circuitos.settle_status(svc, 107, "em operação", [Uf.SP])
    assert len(documentos.claim(empresa.id, limite=10, dono="worker", prazo_s=60)) == 1


def test_a_state_is_sent_to_its_svc_by_hand_and_the_order_outlives_what_the_svc_says(
    banco: Banco, relogio: VirtualClock
) -> None:
    circuitos = CircuitosPg(banco, relogio)
    alvo = Alvo("SVC-AN", Modelo.NFE, Ambiente.HOMOLOGACAO, Uf.SP)
    circuitos.force(alvo, "Manutenção anunciada")
    circuitos.settle_status(alvo, 114, "SVC desabilitada", [Uf.SP])
    assert [(c.forcada, c.svc_ativa) for c in circuitos.load()] == [("Manutenção anunciada", False)]
    circuitos.force(alvo, "")
    assert [c.forcada for c in circuitos.load()] == [""]
