"""Counts of what a piece of work calls, taken from the interpreter itself: they are the same on every machine."""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from types import FrameType
from typing import Any


@dataclass(slots=True)
class Contagem:
    """Calls of Python functions by module and qualified name, of C functions by name, and the bytes that were parsed."""

    python: Counter[str] = field(default_factory=Counter[str])
    c: Counter[str] = field(default_factory=Counter[str])
    lidos: Counter[str] = field(default_factory=Counter[str])
    """Digest of each text given to the XML parser, and how many times."""

    @property
    def total(self) -> int:
        """Calls of Python functions."""
        return self.python.total()


_LEITOR = "chancela.domain.xml.leitura._parse"


@contextmanager
def counting() -> Iterator[Contagem]:
    """Count what this thread calls inside the block."""
    contagem = Contagem()

    def see(quadro: FrameType, evento: str, alvo: Any) -> None:
        if evento == "call":
            nome = f"{quadro.f_globals.get('__name__')}.{quadro.f_code.co_qualname}"
            contagem.python[nome] += 1
            if nome == _LEITOR:
                contagem.lidos[sha256(quadro.f_locals["corpo"]).hexdigest()] += 1
        elif evento == "c_call":
            contagem.c[alvo.__qualname__] += 1

    sys.setprofile(see)
    try:
        yield contagem
    finally:
        sys.setprofile(None)
