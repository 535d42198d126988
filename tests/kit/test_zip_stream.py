"""Packages that the standard library reads back: few files, none, more than the old format can count, and beyond 4 GiB."""

import io
import zipfile

import pytest

from chancela.kit.zip_stream import ZipStream


def packed(files: dict[str, bytes], before: int = 0) -> bytes:
    sink = io.BytesIO()
    with ZipStream(sink) as package:
        package._position = before
        for name, content in files.items():
            package.add(name, content)
    return sink.getvalue()


@pytest.mark.parametrize("files", [{}, {"a.xml": b""}, {"á/ç.xml": b"x" * 10_000, "b": bytes(range(256))}])
def test_what_was_put_in_comes_out(files: dict[str, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(packed(files))) as package:
        assert package.testzip() is None
        assert {name: package.read(name) for name in package.namelist()} == files
    assert packed(files) == packed(files), "no time of making in it"


def test_more_files_than_sixteen_bits_count() -> None:
    files = {f"{n}.xml": b"" for n in range(70_000)}
    with zipfile.ZipFile(io.BytesIO(packed(files))) as package:
        assert package.namelist() == list(files)


def test_places_beyond_four_gib_are_written_whole() -> None:
    beyond = 5 * 2**30
    written = io.BytesIO(packed({"a": b"x", "b": b"y"}, before=beyond))
    # the reader takes what is missing in front for another program's words, and finds the places by the difference
    with zipfile.ZipFile(written) as package:
        assert [info.header_offset + beyond for info in package.infolist()] == [beyond, beyond + 34]
        assert package.read("b") == b"y"


def test_a_package_that_broke_off_has_no_end() -> None:
    sink = io.BytesIO()

    def break_off() -> None:
        with ZipStream(sink) as package:
            package.add("a", b"x")
            raise ValueError

    with pytest.raises(ValueError):
        break_off()
    assert not zipfile.is_zipfile(io.BytesIO(sink.getvalue()))
