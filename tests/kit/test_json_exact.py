import contextlib
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.benchmarks.contagem import counting

from chancela.kit.json_exact import JsonInvalid, JsonLimits, read_json, write_json


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"\xef\xbb\xbf{}", "bom"),
        (b'{"a":"\xff"}', "utf8"),
        (b'{"a":1}1700000000\x80\x00', "utf8"),
        (b'{"a":1}{"a":2}', "trailing"),
        (b'{"a":1}\x00', "trailing"),
        (b'{"a":1}\xc2\xa0', "trailing"),
        (b'{"a":1}\x0b', "trailing"),
        (b'{"a":1,"a":2}', "repeated"),
        (b'{"a":{"b":1,"b":1}}', "repeated"),
        (b'{"a":NaN}', "number"),
        (b'{"a":-Infinity}', "number"),
        (b'{"a":1e999}', "number"),
        (b'{"a":1e-999}', "number"),
        (b'{"a":0.' + b"1" * 60 + b"}", "number"),
        (b'{"a":' + b"9" * 5000 + b"}", "number"),
        (b'{"a":"\\ud800"}', "text"),
        (b'{"a":"\\u0000"}', "text"),
        (b'{"\\udfff":1}', "text"),
        (b"{'a':1}", "syntax"),
        (b'{"a":01}', "syntax"),
        (b'{"a":1,}', "syntax"),
        (b'{"a":"\n"}', "syntax"),
        (b"[" * 40 + b"]" * 40, "depth"),
        (b"[" * 200_000, "depth"),
        (b'{"a":"' + b"x" * 200 + b'"}', "size"),
    ],
)
def test_what_could_be_read_in_two_ways_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(JsonInvalid) as caught:
        read_json(content, JsonLimits(size_bytes=200 if reason == "size" else 1_000_000))
    assert caught.value.reason == reason


def test_brackets_inside_texts_do_not_count_as_depth() -> None:
    assert read_json(b'{"a":"' + b"[{" * 100 + b'\\"["}')["a"].endswith('"[')
    assert read_json(b'{"a":"' + b"[{" * 100 + b'"}')["a"].endswith("[{")


@pytest.mark.parametrize("escaped", [b"", b'"\\"",'])
def test_depth_is_counted_beside_texts_that_close_what_they_do_not_open(escaped: bytes) -> None:
    deep = b"[" + escaped + b'"]]]]",[' * 32 + b"]" * 33
    with pytest.raises(JsonInvalid) as caught:
        read_json(deep)
    assert caught.value.reason == "depth"


def test_numbers_stay_exact() -> None:
    assert read_json(b' {"a":150.00,"b":2,"c":1e2} \n') == {
        "a": Decimal("150.00"),
        "b": 2,
        "c": Decimal("1e2"),
    }
    assert str(read_json(b"[150.00]")[0]) == "150.00"


def test_written_numbers_keep_their_digits() -> None:
    assert write_json({"v": Decimal("300.00"), "n": 1, "t": "São “x”", "l": [True, None]}) == (
        '{"v":300.00,"n":1,"t":"São “x”","l":[true,null]}'.encode()
    )
    assert write_json(Decimal("1E+3")) == b"1000"


def test_texts_share_one_encoder() -> None:
    with counting() as contagem:
        escrito = write_json({f"campo {n}": 'água\t"x"' for n in range(20)})
    assert read_json(escrito)["campo 19"] == 'água\t"x"'
    assert contagem.python["json.encoder.JSONEncoder.__init__"] == 0


@pytest.mark.parametrize("value", [0.1, b"x", object()])
def test_values_without_an_exact_form_are_refused(value: object) -> None:
    with pytest.raises(TypeError):
        write_json(value)


_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.decimals(-(10**9), 10**9, places=4)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(_VALUES)
def test_reading_what_was_written_gives_it_back(value: object) -> None:
    assert read_json(write_json(value)) == value


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_text_is_written_to_the_byte_as_the_standard_library_does(text: str) -> None:
    assert write_json(text) == json.dumps(text, ensure_ascii=False).encode()


@given(st.binary(max_size=60))
def test_any_bytes_give_a_value_or_one_error(content: bytes) -> None:
    with contextlib.suppress(JsonInvalid):
        read_json(content)
