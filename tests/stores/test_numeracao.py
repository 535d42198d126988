"""No gap, no double, whatever rolls back."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from sqlalchemy import Connection
from tests.processos.apoio import eventually
from tests.stores.fabrica import companies, new_document
from tests.stores.test_contingencia import blocked

from chancela.domain.erros import NumeracaoEsgotada
from chancela.domain.identidade import Ambiente, Modelo
from chancela.issuing.empresa import Empresa
from chancela.stores.admissao import number_documents
from chancela.stores.conexao import Banco, Limites
from chancela.stores.documentos import DocumentosPg
from chancela.stores.numeracao import Serie, peek_number, return_number, take_number

Sql = Callable[..., list[tuple[object, ...]]]


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


# -- many at once -----------------------------------------------------------------------------------------------------


def number_many(
    conexao: Connection, empresa: Empresa, quantos: int, **mudancas: object
) -> Sequence[int | None]:
    return number_documents(conexao, [new_document(empresa, **mudancas) for _ in range(quantos)])


def test_many_are_given_what_one_after_another_would_be(banco: Banco, superusuario: Sql) -> None:
    """With numbers that came back, some of them in a reserved range, and ranges behind and ahead."""
    (empresa,) = companies(banco)
    for numero in (1, 2):  # the same story in two series
        serie = Serie(Ambiente.HOMOLOGACAO, empresa.cnpj, Modelo.NFE, numero)
        with banco.company(empresa.id) as conexao:
            assert number_many(conexao, empresa, 8, serie=numero, numero_inicial=101) == [*range(101, 109)]
            for devolvido in (107, 102, 105):
                return_number(conexao, serie, devolvido)
        for inicio, fim in ((104, 105), (111, 113)):
            superusuario(
                "WITH s AS (INSERT INTO solicitacoes (id, empresa_id, tipo, ambiente, cnpj, uf, modelo, serie, inicio, fim, texto,"
                " estado, xml_assinado, digest_value, proxima_acao) VALUES (lpad(%s, 24, '0'), %s, 'inutilizacao', 2, %s, 'SP',"
                " '55', %s, %s, %s, 'x', 'ASSINADA', '', '', now()) RETURNING id)"
                " INSERT INTO numeros_inutilizados (ambiente, cnpj, modelo, serie, inicio, fim, solicitacao_id, ultimo_na_reserva)"
                " SELECT 2, %s, '55', %s, %s, %s, id, 108 FROM s",
                f"{numero}{inicio}", empresa.id, str(empresa.cnpj), numero, inicio, fim,
                str(empresa.cnpj), numero, inicio, fim,
            )  # fmt: skip
    um_a_um = Serie(Ambiente.HOMOLOGACAO, empresa.cnpj, Modelo.NFE, 2)
    with banco.company(empresa.id) as conexao:
        juntos = [*number_many(conexao, empresa, 5, serie=1), *number_many(conexao, empresa, 3, serie=1)]
        assert juntos == [take_number(conexao, um_a_um) for _ in range(8)]
    assert juntos == [102, 107, 109, 110, 114, 115, 116, 117]


def test_the_series_of_a_batch_are_numbered_apart_and_known_references_take_nothing(banco: Banco) -> None:
    (empresa,) = companies(banco)
    DocumentosPg(banco).admit(new_document(empresa, referencia="JA"), dono=None, prazo_s=0)
    novos = [
        new_document(empresa, serie=2, numero_inicial=7),
        new_document(empresa, referencia="JA"),
        new_document(empresa, serie=2, numero_inicial=900),
        new_document(empresa, referencia="JA", ambiente=Ambiente.PRODUCAO),
        new_document(empresa, referencia="JA", serie=9),
        new_document(empresa, referencia="NOVA"),
    ]
    with banco.company(empresa.id) as conexao:
        assert number_documents(conexao, novos) == [7, None, 8, 1, None, 2]
        nunca = Serie(Ambiente.HOMOLOGACAO, empresa.cnpj, Modelo.NFE, 9)
        assert peek_number(conexao, nunca) is None, "the series of a known reference is not opened"


def test_the_last_numbers_of_a_series_are_given_and_nothing_after_them(banco: Banco) -> None:
    (empresa,) = companies(banco)
    with banco.company(empresa.id) as conexao:
        assert number_many(conexao, empresa, 2, numero_inicial=999_999_996) == [999_999_996, 999_999_997]
    with pytest.raises(NumeracaoEsgotada), banco.company(empresa.id) as conexao:  # and all is undone
        number_many(conexao, empresa, 3)
    with banco.company(empresa.id) as conexao:
        assert number_many(conexao, empresa, 2) == [999_999_998, 999_999_999]
        return_number(conexao, serie_of(empresa.cnpj), 5)
    with banco.company(empresa.id) as conexao:
        assert number_many(conexao, empresa, 1) == [5]
        with pytest.raises(NumeracaoEsgotada):
            number_many(conexao, empresa, 1)


def test_who_waited_for_a_series_sees_the_number_that_came_back_meanwhile(
    banco: Banco, url_banco: str
) -> None:
    (empresa,) = companies(banco)
    with banco.company(empresa.id) as conexao:
        number_many(conexao, empresa, 4)

    def number_two() -> Sequence[int | None]:
        with banco.company(empresa.id) as conexao:
            return number_many(conexao, empresa, 2)

    with ThreadPoolExecutor(1) as lado, psycopg.connect(url_banco, autocommit=True) as vigia:
        with banco.company(empresa.id) as conexao:
            return_number(conexao, serie_of(empresa.cnpj), 3)
            esperando = lado.submit(number_two)
            eventually(lambda: blocked(vigia) == 1)
        assert esperando.result() == [3, 5]


def test_batches_that_race_return_and_roll_back_leave_no_gap(banco: Banco) -> None:
    (empresa,) = companies(banco)
    serie = serie_of(empresa.cnpj)

    class Desistiu(Exception):
        pass

    def run(vez: int) -> list[int]:
        try:
            with banco.company(empresa.id) as conexao:
                numeros = [
                    numero for numero in number_many(conexao, empresa, 1 + vez % 6) if numero is not None
                ]
                if vez % 4 == 0:
                    raise Desistiu
        except Desistiu:
            return []
        if vez % 5 == 0:
            with banco.company(empresa.id) as conexao:
                return_number(conexao, serie, numeros.pop())
        return numeros

    with ThreadPoolExecutor(8) as executor:
        dados = [numero for lote in executor.map(run, range(120)) for numero in lote]
    with banco.company(empresa.id) as conexao:
        proximo = peek_number(conexao, serie)
        assert proximo is not None
        while proximo is not None and proximo <= max(dados):  # what came back and was not given again
            dados.append(take_number(conexao, serie))
            proximo = peek_number(conexao, serie)
    assert sorted(dados) == [*range(1, len(dados) + 1)]
