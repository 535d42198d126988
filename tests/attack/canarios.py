"""Canary secrets: every form in which one of them could lie in a log, an answer, a table or a backup."""

import base64
from collections.abc import Iterable, Iterator, Mapping
from typing import Any


def forms(segredo: bytes) -> frozenset[bytes]:
    """In clear, in hexadecimal and in base64 at each of its three alignments, standard and for URLs."""
    achadas = {segredo, segredo.hex().encode(), segredo.hex().upper().encode()}
    for folga in range(3):
        texto = base64.b64encode(b"\x00" * folga + segredo)
        # Cut what depends on the neighbours: the characters of the padding before and of the last group.
        meio = texto[-(-folga * 8 // 6) : len(texto) - 4]
        achadas |= {meio, meio.replace(b"+", b"-").replace(b"/", b"_")}
    return frozenset(achadas)


class Canarios:
    """Secrets by name."""

    def __init__(self) -> None:
        self._formas: dict[str, frozenset[bytes]] = {}

    def add(self, nome: str, segredo: str | bytes) -> None:
        """Watch for a secret from now on; short ones would be found by chance."""
        bruto = segredo.encode() if isinstance(segredo, str) else segredo
        assert len(bruto) >= 12, nome
        self._formas[nome] = self._formas.get(nome, frozenset()) | forms(bruto)

    def found_in(self, texto: bytes, *, menos: Iterable[str] = ()) -> list[str]:
        """Which of them stand in `texto`."""
        fora = set(menos)
        return [
            nome
            for nome, formas in self._formas.items()
            if nome not in fora and any(forma in texto for forma in formas)
        ]

    def __len__(self) -> int:
        return len(self._formas)


def values_of(linha: Mapping[str, Any]) -> Iterator[bytes]:
    """The bytes of every column, those of a `bytea` as they are."""
    for valor in linha.values():
        yield bytes(valor) if isinstance(valor, bytes | memoryview) else str(valor).encode()
