"""Seeds of the gate: virtual weeks and months under faults, judged from outside. A failing one prints its replay."""

import pytest

from chancela.server.simulacao.corrida import Campanha, Resultado
from chancela.server.simulacao.enredo import Modo

SEMANA, MES = 7, 30


def prove(resultado: Resultado) -> None:
    achados = "\n".join(f"{achado.conferente}: {achado.texto}" for achado in resultado.achados)
    assert resultado.limpo, f"{achados}\nreplay: {resultado.replay}"
    assert resultado.provas.documentos, "a run that issues nothing proves nothing"
    assert bool(resultado.provas.recebidos) == bool(resultado.enredo.compras)


@pytest.mark.parametrize("semente", range(25))
def test_a_light_month(campanha: Campanha, semente: int) -> None:
    prove(campanha.run(semente, MES, Modo.LEVE))


@pytest.mark.parametrize("semente", range(3))
def test_a_full_week(campanha: Campanha, semente: int) -> None:
    prove(campanha.run(semente, SEMANA, Modo.COMPLETO))


def test_the_same_seed_tells_the_same_story(campanha: Campanha) -> None:
    primeira, segunda = (campanha.run(7, 2, Modo.COMPLETO) for _ in range(2))
    prove(primeira)
    assert primeira.provas.rastro == segunda.provas.rastro
    assert primeira.provas.resumo == segunda.provas.resumo
    assert primeira.provas.resumo != campanha.run(8, 2, Modo.COMPLETO).provas.resumo


@pytest.mark.longo
@pytest.mark.parametrize("semente", range(25, 1000))
def test_many_light_months(campanha: Campanha, semente: int) -> None:
    prove(campanha.run(semente, MES, Modo.LEVE))


@pytest.mark.longo
@pytest.mark.parametrize("semente", range(3, 20))
def test_many_full_weeks(campanha: Campanha, semente: int) -> None:
    prove(campanha.run(semente, SEMANA, Modo.COMPLETO))
