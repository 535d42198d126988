"""What every answer of SEFAZ means for an event or a range."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chancela.domain.identidade import Ambiente, Modelo, Uf
from chancela.gateways.nfe.retornos import (
    EventoVinculado,
    ProtocoloNfe,
    RetornoConsulta,
    RetornoEvento,
    RetornoInutilizacao,
)
from chancela.issuing.decisao_solicitacao import (
    PassoSolicitacao,
    decide_after_event_query,
    decide_after_event_refusal,
    decide_after_event_silence,
    decide_after_evento,
    decide_after_inutilizacao,
    next_step_of,
)
from chancela.issuing.solicitacao import INUTILIZACAO, EstadoSolicitacao, Solicitacao

AGORA = datetime(2026, 11, 20, 12, tzinfo=UTC)
CHAVE = "35261111222333000181550010000001421000000018"
CANCELA = Solicitacao(
    "0" * 24, 1, "110111", Ambiente.HOMOLOGACAO, "11222333000181", Uf.SP, Modelo.NFE, "motivo",
    EstadoSolicitacao.ASSINADA, b"<evento/>", "nosso", AGORA, documento_id="1" * 24, chave=CHAVE, sequencia=1,
)  # fmt: skip
CARTA = replace(CANCELA, tipo="110110", sequencia=2)
FAIXA = replace(
    CANCELA, tipo=INUTILIZACAO, documento_id=None, chave=None, sequencia=None, serie=1, inicio=10, fim=12
)
ESTADO = EstadoSolicitacao


def answer(c_stat: int, *, lote: int = 128, xml: bytes | None = b"<retEvento/>") -> RetornoEvento:
    return RetornoEvento(lote, "lote", c_stat, f"texto {c_stat}", "135260000000002", AGORA, xml)


def linked(tipo: str, sequencia: int, digest: str, c_stat: int = 135) -> EventoVinculado:
    return EventoVinculado(
        tipo, sequencia, c_stat, "registrado", "135260000000003", AGORA, "Evento", b"<procEventoNFe/>", digest
    )


def query(c_stat: int, *eventos: EventoVinculado) -> RetornoConsulta:
    protocolo = ProtocoloNfe(CHAVE, "135260000000001", 100, "ok", AGORA, "d", "", "", b"<protNFe/>")
    return RetornoConsulta(c_stat, "consulta", AGORA, None if c_stat == 217 else protocolo, eventos)


def void_answer(
    c_stat: int, n_prot: str | None, faixa: tuple[str, str, str, str, str] | None
) -> RetornoInutilizacao:
    return RetornoInutilizacao(c_stat, "texto", n_prot, AGORA, faixa, b"<retInutNFe/>")


@pytest.mark.parametrize("c_stat", [135, 136, 155])
def test_registered_cancels_the_document_and_a_letter_does_not(c_stat: int) -> None:
    decisao = decide_after_evento(CANCELA, answer(c_stat))
    assert (decisao.estado, decisao.documento_cancelado) == (ESTADO.REGISTRADA, True)
    assert decisao.retorno == b"<retEvento/>"
    assert decide_after_evento(CARTA, answer(c_stat)).documento_cancelado is False


@pytest.mark.parametrize("c_stat", [501, 222, 580, 494])
def test_refused(c_stat: int) -> None:
    decisao = decide_after_evento(CANCELA, answer(c_stat))
    assert (decisao.estado, decisao.c_stat, decisao.proxima_acao_s) == (ESTADO.REJEITADA, c_stat, None)


@pytest.mark.parametrize(
    ("c_stat", "estado"),
    [(108, ESTADO.ASSINADA), (656, ESTADO.ASSINADA), (999, ESTADO.INCERTA), (105, ESTADO.INCERTA)],
)
def test_asked_to_wait(c_stat: int, estado: EstadoSolicitacao) -> None:
    decisao = decide_after_evento(CANCELA, answer(c_stat, lote=c_stat, xml=None))
    assert decisao.estado is estado
    assert decisao.proxima_acao_s is not None
    duvidosa = replace(CANCELA, estado=ESTADO.INCERTA)
    assert decide_after_evento(duvidosa, answer(c_stat, xml=None)).estado is ESTADO.INCERTA


def test_duplicate_is_looked_for_before_it_is_believed() -> None:
    decisao = decide_after_evento(CANCELA, answer(573))
    assert (decisao.estado, decisao.consultar) == (ESTADO.INCERTA, True)


def test_query_finds_ours_by_its_digest() -> None:
    decisao = decide_after_event_query(CANCELA, query(101, linked("110111", 1, "nosso")))
    assert (decisao.estado, decisao.documento_cancelado) == (ESTADO.REGISTRADA, True)
    assert decisao.arquivo == b"<procEventoNFe/>"


@pytest.mark.parametrize(
    "consulta",
    [query(101, linked("110111", 1, "alheio")), query(101), query(100, linked("110112", 1, "alheio"))],
)
def test_a_cancellation_of_somebody_else_is_a_fact_of_the_document_only(consulta: RetornoConsulta) -> None:
    decisao = decide_after_event_query(CANCELA, consulta)
    assert (decisao.estado, decisao.documento_cancelado) == (ESTADO.REJEITADA, True)
    assert decisao.arquivo is None


def test_a_letter_of_somebody_else_takes_its_sequence() -> None:
    decisao = decide_after_event_query(CARTA, query(100, linked("110110", 3, "alheio")))
    assert (decisao.estado, decisao.sequencia_vista, decisao.c_stat) == (ESTADO.REJEITADA, 3, 573)


@pytest.mark.parametrize("consulta", [query(100), query(100, linked("110110", 1, "alheio")), query(217)])
def test_what_sefaz_does_not_know_is_sent_again(consulta: RetornoConsulta) -> None:
    decisao = decide_after_event_query(replace(CARTA, estado=ESTADO.INCERTA), consulta)
    assert decisao.estado is ESTADO.ASSINADA
    assert decisao.proxima_acao_s is not None


def test_a_query_that_was_turned_away_proves_nothing() -> None:
    vazia = replace(query(108), protocolo=None)
    assert decide_after_event_query(CANCELA, vazia).estado is ESTADO.INCERTA


def test_range_accepted_and_recovered_by_its_earlier_protocol() -> None:
    faixa = ("11222333000181", "55", "1", "10", "12")
    assert decide_after_inutilizacao(FAIXA, void_answer(102, "1", faixa)).estado is ESTADO.REGISTRADA
    decisao = decide_after_inutilizacao(FAIXA, void_answer(563, "135260000000009", faixa))
    assert (decisao.estado, decisao.protocolo) == (ESTADO.REGISTRADA, "135260000000009")


@pytest.mark.parametrize(
    "retorno",
    [
        void_answer(563, "1", ("11222333000181", "55", "1", "10", "13")),
        void_answer(241, None, None),
    ],
)
def test_range_refused(retorno: RetornoInutilizacao) -> None:
    assert decide_after_inutilizacao(FAIXA, retorno).estado is ESTADO.REJEITADA


def test_a_range_that_is_voided_already_is_voided_though_no_protocol_is_named() -> None:
    """Given back, its numbers would be used, and refused for ever with 206."""
    decisao = decide_after_inutilizacao(FAIXA, void_answer(563, None, None))
    assert (decisao.estado, decisao.protocolo) == (ESTADO.REGISTRADA, None)


def test_one_number_that_was_voided_in_a_wider_range_is_voided() -> None:
    um = replace(FAIXA, fim=10)
    decisao = decide_after_inutilizacao(um, void_answer(256, None, None))
    assert (decisao.estado, decisao.protocolo, decisao.marcos[0].tipo) == (
        ESTADO.REGISTRADA,
        None,
        "inutilizado",
    )
    assert decide_after_inutilizacao(FAIXA, void_answer(256, None, None)).estado is ESTADO.REJEITADA


def test_silence_and_refused_connections() -> None:
    for enviado in (True, False):
        assert decide_after_event_silence(CANCELA, "x", enviado=enviado).estado is ESTADO.INCERTA
    assert decide_after_event_refusal(CANCELA, "x", enviado=True).estado is ESTADO.ASSINADA
    duvidosa = replace(CANCELA, estado=ESTADO.INCERTA)
    assert decide_after_event_refusal(duvidosa, "x", enviado=True).estado is ESTADO.INCERTA
    assert decide_after_event_refusal(CANCELA, "x", enviado=False).estado is ESTADO.INCERTA


@pytest.mark.parametrize(
    ("solicitacao", "passo"),
    [
        (CANCELA, PassoSolicitacao.ENVIAR),
        (replace(CANCELA, tentativa_aberta=True), PassoSolicitacao.CONSULTAR),
        (replace(CANCELA, estado=ESTADO.INCERTA), PassoSolicitacao.CONSULTAR),
        (replace(FAIXA, estado=ESTADO.INCERTA, tentativa_aberta=True), PassoSolicitacao.ENVIAR),
    ],
)
def test_next_step(solicitacao: Solicitacao, passo: PassoSolicitacao) -> None:
    assert next_step_of(solicitacao) is passo


def test_an_unknown_national_event_is_sent_again_and_a_repeated_statement_is_a_success() -> None:
    incerta = replace(CANCELA, tipo="210210", estado=EstadoSolicitacao.INCERTA, tentativas=1)
    assert next_step_of(incerta) is PassoSolicitacao.ENVIAR
    repetido = replace(answer(573), n_prot=None, motivo="Duplicidade de Evento [nProt:891260000000001]")
    decisao = decide_after_evento(incerta, repetido)
    assert (decisao.estado, decisao.c_stat, decisao.protocolo) == (
        EstadoSolicitacao.REGISTRADA,
        573,
        "891260000000001",
    )


@pytest.mark.parametrize(
    ("tentativas", "estado"), [(1, EstadoSolicitacao.REGISTRADA), (0, EstadoSolicitacao.REJEITADA)]
)
def test_a_repeated_national_event_that_the_state_does_not_show(
    tentativas: int, estado: EstadoSolicitacao
) -> None:
    solicitacao = replace(CANCELA, tipo="110150", tentativas=tentativas)
    repetido = answer(573)
    assert decide_after_evento(solicitacao, repetido).consultar
    decisao = decide_after_event_query(solicitacao, query(100), repetido)
    assert (decisao.estado, decisao.sequencia_vista) == (estado, 0 if tentativas else 1)


def test_an_epec_repeated_after_a_lost_answer_is_ours() -> None:
    epec = replace(CANCELA, tipo="110140", estado=EstadoSolicitacao.INCERTA)
    assert decide_after_evento(epec, answer(485)).estado is EstadoSolicitacao.REGISTRADA
    assert decide_after_evento(epec, answer(573)).estado is EstadoSolicitacao.REGISTRADA
    primeira = replace(epec, estado=EstadoSolicitacao.ASSINADA)
    assert decide_after_evento(primeira, answer(485)).estado is EstadoSolicitacao.REJEITADA
