"""A soak of the whole platform: mixed traffic of one integrator's companies leaves nothing under way and two equal books.

The gate runs some seconds of it; the campaign ten minutes of a thousand companies, which must leave no memory behind either.
"""

import os

import pytest
from benchmarks.ponta.cena import open_cena
from benchmarks.ponta.imersao import Imersao, drift, soak

EMPRESAS = int(os.environ.get("CHANCELA_CAMPANHA_EMPRESAS", "1000"))
SEGUNDOS = float(os.environ.get("CHANCELA_CAMPANHA_SEGUNDOS", "600"))
FOLGA = 1.10
"""The median memory of the last quarter of the time over that of the second."""
_RECUSADA = "recusada"


def run(empresas: int, segundos: float, clientes: int) -> Imersao:
    with open_cena(empresas) as cena:
        imersao = soak(cena, clientes=clientes, segundos=segundos)
    assert imersao.em_andamento == 0
    assert (imersao.so_na_sefaz, imersao.so_na_plataforma) == (0, 0)
    assert set(imersao.estados) <= {"AUTORIZADO", "CANCELADO", "REJEITADO"}
    assert sum(imersao.estados.values()) > 0
    recusadas = sum(vezes for qual, vezes in imersao.recusas.items() if qual.startswith(f"{_RECUSADA}: "))
    assert recusadas == imersao.chamadas.get(_RECUSADA, 0)
    assert not imersao.inesperadas, imersao.inesperadas
    return imersao


@pytest.mark.processos
def test_some_seconds_of_mixed_traffic_settle() -> None:
    run(3, 6.0, clientes=4)


@pytest.mark.processos
@pytest.mark.longo
def test_mixed_traffic_settles_and_leaves_no_memory_behind() -> None:
    imersao = run(EMPRESAS, SEGUNDOS, clientes=8)
    print(imersao)
    for parte in ("API", "worker"):
        antes, depois = imersao.memoria_mib[parte]
        assert depois <= FOLGA * antes, (parte, imersao.memoria_mib)


def test_memory_is_compared_between_the_second_quarter_and_the_last() -> None:
    amostras = [(t, {"API": 100.0 + t}) for t in range(100)]
    assert drift(amostras, 100.0) == {"API": (137.0, 187.0)}
