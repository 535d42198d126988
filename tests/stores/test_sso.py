"""A ticket is worth one login, however many ask at once; calls are counted by the minute; accountants by their link."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from tests.stores.fabrica import companies, new_id

from chancela.kit.clock import VirtualClock
from chancela.stores.conexao import Banco, Limites
from chancela.stores.contadores import Contador, ContadoresPg
from chancela.stores.sso import SsoPg


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(datetime(2026, 11, 20, 12, 0, 30, tzinfo=UTC))


@pytest.fixture
def banco(url_banco: str, clock: VirtualClock):
    banco = Banco(url_banco, relogio=clock, limites=Limites(conexoes=16))
    yield banco
    banco.close()


def test_a_thousand_consumers_and_one_login(banco: Banco) -> None:
    (empresa,) = companies(banco)
    sso = SsoPg(banco)
    sso.create("bilhete", empresa.id, idioma="en", pagina="emitir_nfe", validade_s=60)
    with ThreadPoolExecutor(16) as executor:
        lidos = list(executor.map(lambda _: sso.consume("bilhete"), range(1_000)))
    achados = [lido for lido in lidos if lido is not None]
    assert len(achados) == 1
    assert (achados[0].empresa_id, achados[0].idioma, achados[0].pagina) == (empresa.id, "en", "emitir_nfe")


def test_a_ticket_ends_after_its_time(banco: Banco, clock: VirtualClock) -> None:
    (empresa,) = companies(banco)
    sso = SsoPg(banco)
    for bilhete in ("a", "b"):
        sso.create(bilhete, empresa.id, idioma="br", pagina="", validade_s=60)
    clock.advance(59)
    assert sso.consume("a") is not None
    clock.advance(1)
    assert sso.consume("b") is None
    sso.purge()


def test_calls_are_counted_by_the_minute(banco: Banco, clock: VirtualClock) -> None:
    sso = SsoPg(banco)
    with ThreadPoolExecutor(8) as executor:
        contados = Counter(executor.map(lambda _: sso.count_call("a"), range(50)))
    assert sorted(contados) == list(range(1, 51)), "no two calls get the same number"
    assert sso.count_call("b") == 1
    clock.advance(60)
    assert sso.count_call("a") == 1


def test_only_a_linked_company_sees_an_accountant(banco: Banco) -> None:
    uma, outra = companies(banco, 2)
    contadores, contador_id = ContadoresPg(banco), new_id()
    contadores.create(contador_id, Contador("c@escritorio.com.br", "CNPJ", "12345678000199", "Escritório", "Responsável", "SP123456/O-7", "12345678909"))  # fmt: skip
    assert contadores.get(contador_id, uma.id) is None
    assert contadores.link(contador_id, uma.id)
    assert contadores.link(contador_id, uma.id), "again is no harm"
    assert not contadores.link(new_id(), uma.id)
    lido = contadores.get(contador_id, uma.id)
    assert lido is not None
    assert lido.escritorio == "Escritório"
    assert contadores.get(contador_id, outra.id) is None
    assert contadores.unlink(contador_id, uma.id)
    assert contadores.get(contador_id, uma.id) is None
