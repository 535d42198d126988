"""Notes that travel together: what may share a lot, and what the answers to a lot and to its receipt mean for each."""

from dataclasses import replace

import pytest
from tests.issuing.test_decisao import DOCUMENTO, protocolo, resposta

from chancela.issuing.decisao import decide_after_send, receipt_wait_s
from chancela.issuing.decisao_lote import (
    decide_after_lot,
    decide_after_lot_silence,
    decide_after_receipt,
    may_share_lot,
)
from chancela.issuing.modelo import Estado

RECIBO = "351000000000001"


@pytest.mark.parametrize(
    ("mudanca", "cabe"),
    [
        ({}, True),
        ({"estado": Estado.PENDENTE}, True),
        ({"c_stat": 108}, True),
        ({"c_stat": 114}, True),
        ({"c_stat": 225}, False),
        ({"c_stat": 217}, False),
        ({"c_stat": 136}, False),
        ({"tentativa_aberta": True}, False),
        ({"estado": Estado.INCERTO}, False),
        ({"estado": Estado.INCERTO, "recibo": RECIBO}, False),
        ({"substituto_id": "1" * 24}, False),
    ],
)
def test_only_what_was_never_read_shares_a_lot(mudanca: dict[str, object], cabe: bool) -> None:
    assert may_share_lot(replace(DOCUMENTO, **mudanca)) is cabe  # type: ignore[arg-type]


@pytest.mark.parametrize("c_stat", [214, 225, 280, 404, 452, 764])
def test_a_refused_lot_refuses_no_note(c_stat: int) -> None:
    decisao = decide_after_lot(DOCUMENTO, resposta(c_stat))
    assert (decisao.estado, decisao.proxima_acao_s, decisao.c_stat) == (Estado.ASSINADO, 0.0, c_stat)
    assert not may_share_lot(replace(DOCUMENTO, c_stat=c_stat)), "it goes alone from here on"
    assert decide_after_send(DOCUMENTO, resposta(c_stat)).estado is Estado.REJEITADO


def test_otherwise_a_lot_is_answered_as_a_note_alone() -> None:
    for retorno in (
        resposta(103, recibo=RECIBO),
        resposta(108),
        resposta(999),
        resposta(104),
        resposta(prot=protocolo()),
    ):
        assert decide_after_lot(DOCUMENTO, retorno) == decide_after_send(DOCUMENTO, retorno)


@pytest.mark.parametrize("c_stat", [215, 223, 252, 553])
def test_a_refused_question_about_a_receipt_refuses_no_note(c_stat: int) -> None:
    com_recibo = replace(DOCUMENTO, estado=Estado.INCERTO, recibo=RECIBO)
    decisao = decide_after_receipt(com_recibo, resposta(c_stat))
    assert (decisao.estado, decisao.recibo, decisao.consultar_chave) == (
        Estado.INCERTO,
        None,
        DOCUMENTO.chave,
    )
    assert decide_after_receipt(com_recibo, resposta(656)).recibo == RECIBO
    assert (
        decide_after_receipt(com_recibo, resposta(prot=protocolo(206, n_prot=None))).estado
        is Estado.REJEITADO
    )


def test_after_a_lost_lot_nobody_asks_before_it_can_be_known() -> None:
    decisao = decide_after_lot_silence(DOCUMENTO, "caiu")
    assert decisao.estado is Estado.INCERTO
    assert decisao.proxima_acao_s is not None
    assert decisao.proxima_acao_s >= 30


@pytest.mark.parametrize(
    ("tempo_medio_s", "tentativas", "espera_s"),
    [(3, 0, 3), (0, 0, 1), (900_000, 0, 600), (None, 0, 15), (None, 1, 15), (None, 4, 40), (None, 50, 300)],
)
def test_a_receipt_waits_as_long_as_sefaz_says(
    tempo_medio_s: int | None, tentativas: int, espera_s: float
) -> None:
    assert receipt_wait_s(tempo_medio_s, tentativas) == espera_s
