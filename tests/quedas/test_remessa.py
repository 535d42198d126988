"""A backlog that goes to SEFAZ in lots with a receipt: each note is settled once, by its own protocol, whatever fails on the way."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.quedas.mesa import CNPJ, Mesa, each_failure, open_mesa
from tests.quedas.test_enesima import into_failure

from chancela.issuing.modelo import Documento, Estado
from chancela.simulator.livro_eventos import InutilizacaoLivro
from chancela.stores.linha_do_tempo import LinhaDoTempo

ENVIO, RECIBO, CONSULTA = "NFeAutorizacao4", "NFeRetAutorizacao4", "NFeConsultaProtocolo4"


@pytest.fixture(scope="module")
def mesa(url_banco_do_modulo: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mesa]:
    with open_mesa(url_banco_do_modulo, tmp_path_factory.mktemp("mesa"), lot_backlog=2) as mesa:
        yield mesa


def accumulate(mesa: Mesa, nome: str, quantas: int = 3) -> list[Documento]:
    return [mesa.queue(f"{nome}-{vez}") for vez in range(quantas)]


def counts(mesa: Mesa) -> list[int]:
    return [mesa.asked(servico) for servico in (ENVIO, RECIBO, CONSULTA)]


def since(mesa: Mesa, antes: list[int]) -> list[int]:
    return [agora - entao for agora, entao in zip(counts(mesa), antes, strict=True)]


def states(mesa: Mesa, notas: list[Documento]) -> set[Estado]:
    return {mesa.now(nota).estado for nota in notas}


def told(mesa: Mesa, nota: Documento) -> list[str]:
    return [evento.marco.tipo for evento in LinhaDoTempo(mesa.pecas.banco).of(nota.id, nota.empresa_id)]


@pytest.mark.parametrize("zipado", [False, True])
def test_one_message_one_question_and_each_note_its_own_outcome(
    url_banco: str, tmp_path: Path, zipado: bool
) -> None:
    with open_mesa(url_banco, tmp_path, lot_backlog=2, lot_zip=zipado) as mesa:
        notas = accumulate(mesa, "LOTE", 4)
        recusada = notas[2]
        mesa.sefaz.livro.add_inutilizacao(
            InutilizacaoLivro(
                2, CNPJ, "55", 1, recusada.numero, recusada.numero, "26", "1", "2026-11-20", b""
            )
        )
        mesa.drain()
        assert counts(mesa) == [1, 0, 0]
        (recibo,) = {mesa.now(nota).recibo for nota in notas}
        assert recibo is not None
        # Before tMed nobody asks, whoever wants to know.
        mesa.run(mesa.emissor.refresh(notas[0].id, mesa.empresa.id))
        mesa.drain()
        assert counts(mesa) == [1, 0, 0]
        mesa.drain(depois_de_s=3)
        assert counts(mesa) == [1, 1, 0]
        for nota in notas:
            atual = mesa.now(nota)
            esperado = (Estado.REJEITADO, 206) if nota is recusada else (Estado.AUTORIZADO, 100)
            assert (atual.estado, atual.c_stat) == esperado
            if nota is not recusada:
                (no_livro,) = [n for n in mesa.ledger() if n["chave"] == nota.chave]
                assert atual.protocolo is not None
                assert atual.protocolo.numero == no_livro["protocolo"]
        assert not mesa.query("SELECT id FROM tentativas WHERE resultado IS NULL")


def test_one_note_alone_is_no_lot(mesa: Mesa) -> None:
    antes = counts(mesa)
    (nota,) = accumulate(mesa, "SO", 1)
    mesa.drain()
    assert mesa.now(nota).estado is Estado.AUTORIZADO
    assert since(mesa, antes) == [1, 0, 0]


def test_a_note_alone_that_sefaz_queues_is_settled_by_its_receipt(mesa: Mesa) -> None:
    antes = counts(mesa)
    mesa.sefaz.plano.add({"tipo": "105", "servico": ENVIO, "vezes": 1})
    nota = mesa.sell("NA-FILA")
    assert (nota.estado, bool(nota.recibo)) == (Estado.INCERTO, True)
    mesa.run(mesa.emissor.refresh(nota.id, mesa.empresa.id))
    assert since(mesa, antes) == [1, 0, 0]
    mesa.relogio.advance(2)
    feita = mesa.run(mesa.emissor.refresh(nota.id, mesa.empresa.id))
    assert feita.estado is Estado.AUTORIZADO
    assert since(mesa, antes) == [1, 1, 0]


def test_a_lot_refused_as_a_whole_goes_note_by_note(mesa: Mesa) -> None:
    antes, notas = counts(mesa), accumulate(mesa, "RECUSADO")
    mesa.sefaz.plano.add({"tipo": "cstat", "servico": ENVIO, "vezes": 1, "c_stat": 225})
    mesa.drain()
    assert states(mesa, notas) == {Estado.AUTORIZADO}
    assert since(mesa, antes) == [1 + len(notas), 0, 0]
    assert all("lote_recusado" in told(mesa, nota) for nota in notas)


@pytest.mark.parametrize(("falha", "espera_s"), [("108", 400), ("656", 3_700), ("999", 60)])
def test_a_lot_that_sefaz_puts_off(mesa: Mesa, falha: str, espera_s: float) -> None:
    notas = accumulate(mesa, f"ADIADO-{falha}")
    mesa.sefaz.plano.add({"tipo": falha, "servico": ENVIO, "vezes": 1})
    mesa.drain()
    assert states(mesa, notas) == {Estado.INCERTO if falha == "999" else Estado.ASSINADO}
    mesa.relogio.advance(espera_s)
    mesa.recover()
    assert states(mesa, notas) == {Estado.AUTORIZADO}
    mesa.check()


def test_a_lot_still_in_processing_is_asked_about_less_and_less(mesa: Mesa) -> None:
    antes, notas = counts(mesa), accumulate(mesa, "DEMORA")
    mesa.sefaz.plano.add({"tipo": "105", "servico": RECIBO, "vezes": 2})
    mesa.drain()
    for passou_s, perguntas in ((3, 1), (14, 1), (2, 2), (14, 2), (7, 3)):
        mesa.drain(depois_de_s=passou_s)
        assert since(mesa, antes) == [1, perguntas, 0]
    assert states(mesa, notas) == {Estado.AUTORIZADO}


@pytest.mark.parametrize("c_stat", [106, 223, 215])
def test_a_receipt_that_says_nothing_is_asked_about_by_key(mesa: Mesa, c_stat: int) -> None:
    antes, notas = counts(mesa), accumulate(mesa, f"RECIBO-{c_stat}")
    mesa.sefaz.plano.add({"tipo": "cstat", "servico": RECIBO, "vezes": 1, "c_stat": c_stat})
    mesa.drain()
    mesa.drain(depois_de_s=3)
    assert states(mesa, notas) == {Estado.INCERTO}, "a refused question refuses no note"
    mesa.drain(depois_de_s=3)
    assert states(mesa, notas) == {Estado.AUTORIZADO}
    assert since(mesa, antes) == [1, 1, len(notas)]


def test_a_receipt_is_never_asked_about_beyond_the_limit(mesa: Mesa) -> None:
    antes, notas = counts(mesa), accumulate(mesa, "INSISTE")
    mesa.sefaz.consumo.geral = True
    falha = mesa.sefaz.plano.add({"tipo": "105", "servico": RECIBO})
    mesa.drain()
    try:
        for _ in range(120):
            mesa.drain(depois_de_s=30)
    finally:
        mesa.sefaz.consumo.geral = False
    _, perguntas, consultas = since(mesa, antes)
    assert 5 < perguntas <= 36
    assert consultas == 0
    mesa.sefaz.plano.remove(falha.id)
    mesa.drain(depois_de_s=3_700)
    assert states(mesa, notas) == {Estado.AUTORIZADO}


def survive(mesa: Mesa, so: str = "") -> None:
    vez = iter(range(10_000))

    def prepare() -> Callable[[], object]:
        accumulate(mesa, f"FALHA-{so}-{next(vez)}")
        return lot

    def lot() -> None:
        mesa.drain()
        mesa.drain(depois_de_s=3)

    for enesima, jeito in each_failure(mesa, prepare, so=so):
        notas = accumulate(mesa, f"FALHA-{so}-{next(vez)}")
        into_failure(mesa, enesima, jeito, lot)
        mesa.recover()
        assert states(mesa, notas) == {Estado.AUTORIZADO}
    mesa.check()


def test_a_lot_survives_the_failure_of_any_exchange(mesa: Mesa) -> None:
    survive(mesa, "troca")


@pytest.mark.longo
def test_a_lot_survives_the_failure_of_any_operation(mesa: Mesa) -> None:
    survive(mesa)
