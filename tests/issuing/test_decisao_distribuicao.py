"""What answers of NFeDistribuicaoDFe mean, without any store."""

import gzip
from datetime import UTC, datetime
from typing import Any

import pytest

from chancela.documents.recebidos.classificacao import TipoRecebido
from chancela.gateways.nfe.distribuicao import DocZip, RetornoDistribuicao
from chancela.issuing.decisao_distribuicao import (
    BURACOS_MAXIMOS,
    HORA_S,
    decide_hole,
    decide_note,
    decide_page,
    decide_silence,
)
from chancela.issuing.distribuicao import EstadoDistribuicao
from chancela.kit.clock import VirtualClock
from chancela.kit.ids import TimeOrderedIds
from chancela.kit.randomness import SeededRandomness

IDS = TimeOrderedIds(VirtualClock(datetime(2026, 11, 20, tzinfo=UTC)), SeededRandomness(1))


def zipped(nsu: int, xml: bytes | None = b"<outra/>") -> DocZip:
    return DocZip(nsu, "resNFe_v1.01.xsd", gzip.compress(xml or b""), xml)


def answer(c_stat: int, **mudancas: Any) -> RetornoDistribuicao:
    campos: dict[str, Any] = {"motivo": "motivo", "dh_resp": None, "ult_nsu": 0, "max_nsu": 0, **mudancas}
    return RetornoDistribuicao(c_stat, **campos)


def test_a_page_goes_on_while_something_is_left() -> None:
    antes = EstadoDistribuicao(ult_nsu=10, max_nsu=10)
    passo = decide_page(antes, answer(138, ult_nsu=12, max_nsu=20, documentos=(zipped(11), zipped(12))), IDS)
    assert (passo.continua, passo.pagina.ult_nsu, passo.pagina.max_nsu, passo.pagina.espera_s) == (
        True,
        12,
        20,
        0,
    )
    assert passo.pagina.buracos == ()
    assert [d.dados.tipo for d in passo.pagina.documentos] == [TipoRecebido.OUTRO] * 2


def test_the_last_page_rests_for_an_hour() -> None:
    antes = EstadoDistribuicao(ult_nsu=10)
    passo = decide_page(antes, answer(138, ult_nsu=11, max_nsu=11, documentos=(zipped(11),)), IDS)
    assert (passo.continua, passo.pagina.espera_s, passo.pagina.sincronizada) == (False, HORA_S, True)


def test_nothing_left_rests_for_an_hour() -> None:
    passo = decide_page(EstadoDistribuicao(ult_nsu=7, max_nsu=7), answer(137, ult_nsu=7, max_nsu=7), IDS)
    assert (passo.continua, passo.pagina.espera_s, passo.pagina.ult_nsu) == (False, HORA_S, 7)


def test_a_queue_that_starts_late_has_no_holes_before_its_start() -> None:
    passo = decide_page(
        EstadoDistribuicao(),
        answer(138, ult_nsu=903, max_nsu=950, documentos=(zipped(900), zipped(903))),
        IDS,
    )
    assert passo.pagina.buracos == (901, 902)


def test_too_many_questions_obey_the_position_that_sefaz_names() -> None:
    passo = decide_page(EstadoDistribuicao(ult_nsu=100), answer(656, ult_nsu=103), IDS)
    assert (passo.continua, passo.pagina.espera_s, passo.pagina.ult_nsu) == (False, HORA_S, 103)
    assert passo.pagina.buracos == (101, 102, 103)
    atras = decide_page(EstadoDistribuicao(ult_nsu=100), answer(656, ult_nsu=40), IDS)
    assert (atras.pagina.ult_nsu, atras.pagina.buracos) == (100, ())


def test_a_jump_too_wide_to_be_filled_says_how_much_is_lost() -> None:
    passo = decide_page(EstadoDistribuicao(ult_nsu=0), answer(656, ult_nsu=BURACOS_MAXIMOS + 5), IDS)
    assert (passo.pagina.perdidos, len(passo.pagina.buracos)) == (5, BURACOS_MAXIMOS)


@pytest.mark.parametrize(
    ("c_stat", "espera_s"), [(108, 600), (109, 600), (252, HORA_S), (593, HORA_S), (280, HORA_S)]
)
def test_a_refusal_changes_nothing_but_the_next_time(c_stat: int, espera_s: float) -> None:
    passo = decide_page(EstadoDistribuicao(ult_nsu=5, max_nsu=9), answer(c_stat, ult_nsu=99, max_nsu=99), IDS)
    assert (passo.pagina.ult_nsu, passo.pagina.max_nsu, passo.pagina.espera_s) == (5, 9, espera_s)
    assert not passo.continua


def test_silence_asks_again_soon_from_the_same_place() -> None:
    passo = decide_silence(EstadoDistribuicao(ult_nsu=5, max_nsu=9), "sem resposta")
    assert (passo.pagina.ult_nsu, passo.pagina.espera_s, passo.continua) == (5, 60.0, False)


def test_a_hole_is_closed_by_its_document_or_by_not_existing() -> None:
    antes = EstadoDistribuicao(ult_nsu=5, max_nsu=9, espera_s=1800)
    assert decide_hole(antes, answer(138, documentos=(zipped(3),)), 3, IDS).pagina.preenchido == 3
    assert decide_hole(antes, answer(137), 3, IDS).pagina.preenchido == 3
    recusa = decide_hole(antes, answer(656, ult_nsu=5), 3, IDS)
    assert (recusa.pagina.preenchido, recusa.pagina.espera_s, recusa.continua) == (None, HORA_S, False)


def test_a_single_question_does_not_shorten_the_rest_of_the_queue() -> None:
    antes = EstadoDistribuicao(ult_nsu=5, max_nsu=9, espera_s=1800)
    assert decide_note(antes, answer(138, documentos=(zipped(6),)), IDS).pagina.espera_s == 1800
    assert decide_note(antes, answer(640), IDS).continua
