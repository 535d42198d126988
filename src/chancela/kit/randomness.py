"""Randomness as a port: the machine's own in production, a seed in a simulation."""

import random
import secrets
from typing import Protocol


class Randomness(Protocol):
    """Where unpredictable numbers come from."""

    def randbelow(self, limit: int) -> int:
        """A number from 0 to `limit` - 1."""
        ...

    def token_bytes(self, count: int) -> bytes:
        """`count` random bytes."""
        ...


class SystemRandomness:
    """The operating system's generator, fit for secrets."""

    def randbelow(self, limit: int) -> int:
        return secrets.randbelow(limit)

    def token_bytes(self, count: int) -> bytes:
        return secrets.token_bytes(count)


class SeededRandomness:
    """Repeatable: the same seed gives the same year. Never for secrets."""

    def __init__(self, seed: int | str) -> None:
        self._random = random.Random(seed)  # noqa: S311 - repeatability is the point

    def randbelow(self, limit: int) -> int:
        return self._random.randrange(limit)

    def token_bytes(self, count: int) -> bytes:
        return self._random.randbytes(count)
