"""How a server process treats its memory: few arenas, nothing kept of its start, and a collector that leaves it alone."""

import ctypes
import gc
import sys

_M_ARENA_MAX = -8
"""Of glibc's `mallopt`."""
_ARENAS = 2
_ALOCACOES = 20_000
"""Between two collections of the youngest objects (700 by default): what a call makes is gone by its end, and hardly ever in
a cycle, so looking more often finds nothing and costs a little of every document."""


def limit_arenas() -> None:
    """Have all threads share two arenas of the C library, before any is started. Each thread would get its own, and what a
    burst left free in one helps no other; under the interpreter's lock they hardly ever want it at the same time."""
    if sys.platform == "linux" and (mallopt := getattr(ctypes.CDLL(None), "mallopt", None)) is not None:
        mallopt(_M_ARENA_MAX, _ARENAS)


def load_uncollected() -> None:
    """Call before the parts are loaded, and `settle_memory` after: what a module makes stays, and looking for garbage in it
    meanwhile is a tenth of the start."""
    gc.disable()


def settle_memory() -> None:
    """Call once when everything is loaded: have garbage collected from here on, give back what loading took (the reference file is made with a lot of it), and
    take what stays for good out of every later collection."""
    gc.enable()
    gc.collect()
    gc.freeze()
    gc.set_threshold(_ALOCACOES, 10, 10)
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)) is not None:
        trim(0)
