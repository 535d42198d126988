"""Numbered texts whose content this process has seen the schema accept, so that the signed document need not be judged twice.

Only a memory of digests: what is not in it (another process, a restart, a text that grew old) is judged in full.
"""

from collections import OrderedDict
from hashlib import sha256
from threading import Lock

from chancela.documents.nfe.numeracao import differs_only_in_number


class Julgados:
    """The memory of a process, for all its threads. The oldest of `capacidade` texts is forgotten first."""

    def __init__(self, capacidade: int = 4_096) -> None:
        assert capacidade > 0
        self._capacidade = capacidade
        self._digestos: OrderedDict[bytes, None] = OrderedDict()
        self._trava = Lock()

    def remember(self, julgado: bytes, numerado: bytes) -> None:
        """Keep `numerado` when it is `julgado`, which the schema has accepted, with nothing but its number changed."""
        if not differs_only_in_number(julgado, numerado):
            return
        digesto = sha256(numerado).digest()
        with self._trava:
            self._digestos[digesto] = None
            while len(self._digestos) > self._capacidade:
                self._digestos.popitem(last=False)

    def knows(self, numerado: bytes) -> bool:
        """Whether exactly these bytes were kept."""
        return sha256(numerado).digest() in self._digestos
