"""A ZIP package written in order, in flat memory however many files it has (PKWARE APPNOTE 6.3.10, ZIP64 where needed).

The standard library keeps every entry until the end; here the directory is written to a scratch file as it grows. Entries
bear no time: the same files make the same bytes.
"""

import struct
import tempfile
import zlib
from types import TracebackType
from typing import IO, Protocol

_UTF8, _DEFLATE, _PARTE = 0x0800, 8, 1 << 20
_VERSAO, _VERSAO_64 = 20, 45
_HORA, _DIA = 0, 0x21  # midnight of 1980-01-01, the first that the format knows
_CHEIO_16, _CHEIO_32 = 0xFFFF, 0xFFFFFFFF


class UnsafeName(ValueError):
    """A name that some program would unpack outside its folder, or over another file of it."""


def check_name(name: str) -> str:
    """The name, when it is a plain relative path for every system that may unpack it. `UnsafeName` otherwise.

    Names are made of keys and numbers, some of which came from outside: whoever opens the package trusts us for them.
    """
    parts = name.split("/")
    if not name.isprintable() or "\\" in name or ":" in name or any(p.strip(". ") == "" for p in parts):
        raise UnsafeName(name)
    return name


class Sink(Protocol):
    """Where bytes go."""

    def write(self, data: bytes, /) -> object: ...


class ZipStream:
    """Add files, then leave the `with`: without that the package has no directory and nobody can open it."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._directory: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed where the package ends
        self._position = 0
        self._count = 0

    def __enter__(self) -> "ZipStream":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._directory:
            if error is None:
                self._finish()

    def add(self, name: str, content: bytes) -> None:
        """One file, compressed quickly. `UnsafeName` when its name could lead out of a folder."""
        assert len(content) < _CHEIO_32, "one file stays below 4 GiB"
        deflater = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS)
        packed = deflater.compress(content) + deflater.flush()
        encoded = check_name(name).encode()
        common = struct.pack(
            "<HHHHIII", _UTF8, _DEFLATE, _HORA, _DIA, zlib.crc32(content), len(packed), len(content)
        )
        offset, extra, version = self._position, b"", _VERSAO
        if offset >= _CHEIO_32:
            offset, extra, version = _CHEIO_32, struct.pack("<HHQ", 1, 8, offset), _VERSAO_64
        self._write(struct.pack("<IH", 0x04034B50, _VERSAO) + common + struct.pack("<HH", len(encoded), 0))
        self._write(encoded)
        self._write(packed)
        lengths = struct.pack("<HHHHHII", len(encoded), len(extra), 0, 0, 0, 0, offset)
        self._directory.write(
            struct.pack("<IHH", 0x02014B50, version, version) + common + lengths + encoded + extra
        )
        self._count += 1

    def _finish(self) -> None:
        start, size = self._position, self._directory.tell()
        self._directory.seek(0)
        while part := self._directory.read(_PARTE):
            self._write(part)
        if self._count >= _CHEIO_16 or start >= _CHEIO_32 or size >= _CHEIO_32:
            end = self._position
            self._write(
                struct.pack(
                    "<IQHHIIQQQQ",
                    0x06064B50,
                    44,
                    _VERSAO_64,
                    _VERSAO_64,
                    0,
                    0,
                    self._count,
                    self._count,
                    size,
                    start,
                )
                + struct.pack("<IIQI", 0x07064B50, 0, end, 1)
            )
        count = min(self._count, _CHEIO_16)
        self._write(
            struct.pack(
                "<IHHHHIIH", 0x06054B50, 0, 0, count, count, min(size, _CHEIO_32), min(start, _CHEIO_32), 0
            )
        )

    def _write(self, data: bytes) -> None:
        self._sink.write(data)
        self._position += len(data)
