"""Room at the server: promises are seen while their process lives, and who does not fit is told what to change."""

import psycopg
import pytest

from chancela.stores.lotacao import BancoLotado, Lotacao, Promessa, claimed_room, read_lotacao


def promised(url: str, promessa: Promessa) -> bool:
    with psycopg.connect(url) as conexao:
        antes = read_lotacao(conexao)
        depois = read_lotacao(conexao, promessa.aplicacao)
        return antes.prometidas - depois.prometidas == promessa.conexoes + 1


def test_a_promise_holds_as_long_as_its_process(url_banco: str) -> None:
    promessa = Promessa("chancela-api", 5, "maquina/1/1")
    with claimed_room(url_banco, promessa, variavel="X"):
        assert promised(url_banco, promessa)
    with psycopg.connect(url_banco) as conexao:
        nomes = conexao.execute("SELECT application_name FROM pg_stat_activity").fetchall()
    assert (promessa.aplicacao,) not in nomes


def test_connections_of_one_process_are_one_promise(url_banco: str) -> None:
    promessa = Promessa("chancela-worker", 7, "maquina/2/1")
    with (
        claimed_room(url_banco, promessa, variavel="X"),
        psycopg.connect(url_banco, application_name=promessa.aplicacao),
    ):
        assert promised(url_banco, promessa)


def test_who_does_not_fit_is_told_why_and_what_to_change(url_banco: str) -> None:
    demais = Promessa("chancela-api", 10_000, "maquina/3/1")
    with (
        claimed_room(url_banco, Promessa("chancela-worker", 4, "maquina/4/1"), variavel="X"),
        pytest.raises(BancoLotado) as erro,
        claimed_room(url_banco, demais, variavel="CHANCELA_DATABASE_POOL"),
    ):
        raise AssertionError("there is no such room")
    assert erro.value.codigo == "BANCO-LOTADO"
    assert "pode abrir 10001 conexões" in erro.value.mensagem
    assert "Diminua CHANCELA_DATABASE_POOL" in erro.value.correcao


def test_a_server_that_does_not_answer_is_not_judged() -> None:
    with claimed_room(
        "postgresql://postgres@/nada?host=%2Fnao-existe", Promessa("chancela-api", 1, "m"), variavel="X"
    ):
        pass


def test_what_is_left() -> None:
    assert Lotacao(maximo=97, prometidas=60, alheias=10).livres == 27


def test_the_name_fits_whoever_the_owner_is() -> None:
    longo = Promessa("chancela-worker", 10_000, "maquina-" + "x" * 300)
    assert len(longo.aplicacao) <= 63
    assert longo.aplicacao != Promessa("chancela-worker", 10_000, "maquina-" + "y" * 300).aplicacao
