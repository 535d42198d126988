"""The arithmetic of the end-to-end benchmark; the platform itself is measured by hand."""

from benchmarks.ponta.carga import Atendimento
from benchmarks.ponta.contas import Gasto
from benchmarks.ponta.medir import added_ms, percentile


def test_the_simulators_own_time_is_taken_off_and_refused_notes_do_not_count() -> None:
    atendimentos = [Atendimento("a", 30.0), Atendimento("", 900.0), Atendimento("b", 12.5)]
    assert added_ms(atendimentos, {"a": 5.0, "b": 2.5}) == [25.0, 10.0]


def test_percentiles_lie_between_what_was_seen() -> None:
    valores = [float(valor) for valor in range(1, 102)]
    assert percentile(valores, 50) == 51.0
    assert percentile(valores, 99) == 100.0
    assert percentile([7.0], 99) == 7.0


def test_what_a_period_spent_is_the_difference_of_two_readings() -> None:
    antes = Gasto({"API": (1.0, 0.5)}, commits=10, wal_bytes=100)
    depois = Gasto({"API": (1.75, 1.0)}, commits=16, wal_bytes=300)
    assert depois - antes == Gasto({"API": (0.75, 0.5)}, commits=6, wal_bytes=200)
