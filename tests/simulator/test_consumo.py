"""Consumo indevido in the other services: off until switched on, then counted per subject and hour."""

import pytest
from tests.simulator.amostra import A1, build_key, document, envelope, lot, query, signed, values
from tests.simulator.amostra_eventos import ask, correct, register

from chancela.kit.clock import VirtualClock
from chancela.simulator.estado import Consumo
from chancela.simulator.sefaz import Sefaz


def refused_note(sefaz: Sefaz, a1: A1) -> bytes:
    d = document()
    d["emit"]["IE"] = "110042490115"
    return sefaz.handle("/NFeAutorizacao4", envelope(lot(signed(d, a1))), a1.der).corpo


def test_nothing_is_counted_by_default(sefaz: Sefaz, a1: A1) -> None:
    assert [ask(sefaz, a1, build_key())[0] for _ in range(12)] == ["217"] * 12


def test_a_key_may_be_asked_for_ten_times_an_hour(sefaz: Sefaz, a1: A1, relogio: VirtualClock) -> None:
    sefaz.consumo = Consumo(geral=True)
    assert [ask(sefaz, a1, build_key())[0] for _ in range(11)] == ["217"] * 10 + ["656"]
    assert ask(sefaz, a1, build_key(numero=2))[0] == "217"
    relogio.advance(1800)
    assert ask(sefaz, a1, build_key())[0] == "656"
    relogio.advance(3601)
    assert ask(sefaz, a1, build_key())[0] == "217"


def test_equal_refusals_are_enough_at_thirty_and_twenty(sefaz: Sefaz, a1: A1) -> None:
    sefaz.consumo = Consumo(geral=True)
    ultimas = [refused_note(sefaz, a1) for _ in range(31)][-2:]
    assert [b"<cStat>209</cStat>" in ultimas[0], values(ultimas[1], "cStat")] == [True, ["656"]]
    desconhecida = correct(build_key(numero=7))
    assert [register(sefaz, a1, desconhecida) for _ in range(20)] == ["494"] * 20
    assert register(sefaz, a1, desconhecida) == ""
    assert sefaz.livro.list_trocas({}, 1)[0]["c_stat"] == 656


@pytest.mark.parametrize("tipo", ["656", "108"])
def test_the_fault_plan_gives_it_to_whom_it_names(sefaz: Sefaz, a1: A1, tipo: str) -> None:
    sefaz.plano.add({"tipo": tipo, "servico": "NFeConsultaProtocolo4", "autorizador": "SP", "vezes": 1})
    corpo = envelope(query(build_key()), "NFeConsultaProtocolo4")
    respostas = [sefaz.handle("/NFeConsultaProtocolo4", corpo, a1.der).corpo for _ in range(2)]
    assert [values(r, "cStat") for r in respostas] == [[tipo], ["217"]]
