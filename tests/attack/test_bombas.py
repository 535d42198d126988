"""A packed document of a gigabyte is left packed, in flat memory."""

import tracemalloc
import zlib

from chancela.gateways.nfe.distribuicao import DOCUMENTO_MAXIMO_BYTES, unpack

_CABECALHO_GZIP = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_MIB = 1024 * 1024


def bomb(mib: int) -> bytes:
    """A gzip member of `mib` MiB of zeros: the same independent block again and again."""
    compressor = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    bloco = compressor.compress(b"\x00" * _MIB) + compressor.flush(zlib.Z_FULL_FLUSH)
    return _CABECALHO_GZIP + bloco * mib


def test_a_gigabyte_is_not_unpacked() -> None:
    bomba = bomb(1024)
    assert len(bomba) < 2 * _MIB
    tracemalloc.start()
    try:
        assert unpack(bomba) is None
        _, pico = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert pico < 4 * DOCUMENTO_MAXIMO_BYTES
