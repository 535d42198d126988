"""The clock of a process: the machine's own, or, in tests against a simulator, one that a file shifts for all of them."""

from chancela.kit.clock import Clock, OffsetClock, SystemClock
from chancela.server.configuracao import Configuracao


def create_clock(configuracao: Configuracao) -> Clock:
    """What tells the time here."""
    return SystemClock() if configuracao.clock_file is None else OffsetClock(configuracao.clock_file)


def database_clock(configuracao: Configuracao, clock: Clock) -> Clock | None:
    """The clock that leases and due times follow: None, the database's own, unless a file shifts ours.

    ValueError when documents would leave for the real SEFAZ with a date that a file made up.
    """
    if configuracao.clock_file is None:
        return None
    if not configuracao.sefaz_url:
        raise ValueError(
            "CHANCELA_CLOCK_FILE é só para testes: com as SEFAZ verdadeiras (CHANCELA_SEFAZ_URL vazia) ele não é aceito."
            " Apague a variável."
        )
    return clock
