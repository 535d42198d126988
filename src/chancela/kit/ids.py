"""Identifiers: 24 hexadecimal characters that sort by the instant they were made."""

import re
from typing import Protocol

from chancela.kit.clock import Clock
from chancela.kit.randomness import Randomness

_FORM = re.compile(r"[0-9a-f]{24}")


class IdSource(Protocol):
    """What names new records."""

    def new(self) -> str:
        """A fresh identifier of 24 lowercase hexadecimal characters."""
        ...


class TimeOrderedIds:
    """48 bits of milliseconds, then 48 random bits: index-friendly and not guessable in sequence."""

    def __init__(self, clock: Clock, randomness: Randomness) -> None:
        self._clock = clock
        self._randomness = randomness

    def new(self) -> str:
        milliseconds = int(self._clock.now().timestamp() * 1000)
        return f"{milliseconds & 0xFFFFFFFFFFFF:012x}{self._randomness.token_bytes(6).hex()}"


def is_id(text: str) -> bool:
    """Whether `text` has the form of an identifier of ours."""
    return _FORM.fullmatch(text) is not None
