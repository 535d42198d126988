"""Clock, ids and randomness behave as the simulation needs them."""

from datetime import UTC, datetime, timedelta

import pytest

from chancela.kit.clock import SystemClock, VirtualClock
from chancela.kit.ids import TimeOrderedIds, is_id
from chancela.kit.randomness import SeededRandomness, SystemRandomness


def test_virtual_clock_moves_only_when_told() -> None:
    inicio = datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)
    relogio = VirtualClock(inicio)
    assert relogio.now() == inicio
    relogio.advance(2)
    assert relogio.now().year == 2027
    assert relogio.monotonic() == 2
    relogio.set(inicio)
    assert relogio.now() == inicio
    assert relogio.monotonic() == 2
    with pytest.raises(ValueError):
        relogio.advance(-1)
    with pytest.raises(ValueError):
        VirtualClock(datetime(2026, 1, 1))


def test_system_clock_is_aware() -> None:
    relogio = SystemClock()
    assert relogio.now().utcoffset() == timedelta(0)
    assert relogio.monotonic() <= relogio.monotonic()


def test_ids_sort_by_time_and_repeat_with_the_seed() -> None:
    relogio = VirtualClock(datetime(2026, 11, 21, tzinfo=UTC))
    ids = TimeOrderedIds(relogio, SeededRandomness(7))
    primeiro = ids.new()
    relogio.advance(0.001)
    segundo = ids.new()
    assert primeiro < segundo
    assert is_id(primeiro)
    assert not is_id("x" * 24)
    outra = TimeOrderedIds(VirtualClock(datetime(2026, 11, 21, tzinfo=UTC)), SeededRandomness(7))
    assert outra.new() == primeiro


def test_randomness_ports() -> None:
    assert SeededRandomness("a").token_bytes(4) == SeededRandomness("a").token_bytes(4)
    assert 0 <= SeededRandomness(1).randbelow(10) < 10
    assert len(SystemRandomness().token_bytes(16)) == 16
    assert 0 <= SystemRandomness().randbelow(3) < 3
