"""No gap, no double, whatever rolls back."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.stores.fabrica import companies

from chancela.domain.erros import NumeracaoEsgotada
from chancela.domain.identidade import Ambiente, Modelo
from chancela.stores.conexao import Banco, Limites
from chancela.stores.numeracao import Serie, return_number, take_number


def serie_of(cnpj: str) -> Serie:
    return Serie(Ambiente.HOMOLOGACAO, cnpj, Modelo.NFE, 1)


def test_64_threads_race_for_2000_numbers_with_forced_rollbacks(url_banco: str) -> None:
    banco = Banco(url_banco, limites=Limites(conexoes=64, trava_s=60, comando_s=60))
    (empresa,) = companies(banco)
    serie = serie_of(empresa.cnpj)
    dados: list[int] = []
    trava = threading.Lock()
    vez = iter(range(10**9))

    class Desistiu(Exception):
        pass

    def worker() -> None:
        while True:
            with trava:
                if len(dados) >= 2_000:
                    return
                desiste = next(vez) % 10 == 0
            try:
                with banco.company(empresa.id) as conexao:
                    numero = take_number(conexao, serie)
                    if desiste:
                        raise Desistiu
            except Desistiu:
                continue
            with trava:
                dados.append(numero)

    with ThreadPoolExecutor(64) as executor:
        for feito in [executor.submit(worker) for _ in range(64)]:
            feito.result()
    banco.close()
    assert sorted(dados) == list(range(1, len(dados) + 1))
    assert len(dados) >= 2_000


def test_first_number_of_a_series_is_the_callers(banco: Banco) -> None:
    (empresa,) = companies(banco)
    with banco.company(empresa.id) as conexao:
        assert take_number(conexao, serie_of(empresa.cnpj), 501) == 501
        assert take_number(conexao, serie_of(empresa.cnpj), 1) == 502


def test_returned_numbers_come_first_lowest_first(banco: Banco) -> None:
    (empresa,) = companies(banco)
    serie = serie_of(empresa.cnpj)
    with banco.company(empresa.id) as conexao:
        assert [take_number(conexao, serie) for _ in range(5)] == [1, 2, 3, 4, 5]
    with banco.company(empresa.id) as conexao:
        return_number(conexao, serie, 4)
        return_number(conexao, serie, 2)
    with banco.company(empresa.id) as conexao:
        assert [take_number(conexao, serie) for _ in range(3)] == [2, 4, 6]


def test_a_rolled_back_return_is_not_given(banco: Banco) -> None:
    (empresa,) = companies(banco)
    serie = serie_of(empresa.cnpj)
    with banco.company(empresa.id) as conexao:
        take_number(conexao, serie)

    def give_up() -> None:
        with banco.company(empresa.id) as conexao:
            return_number(conexao, serie, 1)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        give_up()
    with banco.company(empresa.id) as conexao:
        assert take_number(conexao, serie) == 2


def test_a_series_ends(banco: Banco) -> None:
    (empresa,) = companies(banco)
    with banco.company(empresa.id) as conexao:
        assert take_number(conexao, serie_of(empresa.cnpj), 999_999_999) == 999_999_999
        with pytest.raises(NumeracaoEsgotada):
            take_number(conexao, serie_of(empresa.cnpj))
