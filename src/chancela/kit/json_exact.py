"""JSON in which nothing is guessed: exact decimals both ways, and one reading only of every text.

The reader refuses what the grammar lets two programs read differently: a repeated name, a lone surrogate, bytes
that are not UTF-8, anything after the value. The last two also close the length extension of signatures
that are a plain hash of the text: the padding such a forgery needs (0x80) is neither UTF-8 there nor whitespace.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NoReturn

_STRINGS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_BRACKETS = re.compile(r"[\[\]{}]")
_NEITHER_BRACKET_NOR_QUOTE = bytes(set(range(256)) - set(b'[]{}"'))
_MAX_NUMBER_LENGTH = 40
_MAX_EXPONENT = 40


class JsonInvalid(ValueError):
    """The text is refused; `reason` is one of the keys documented in `read_json`, `detail` names the culprit."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class JsonLimits:
    """What a reader accepts at most."""

    size_bytes: int = 5 * 1024 * 1024
    depth: int = 32


def read_json(content: bytes, limits: JsonLimits | None = None) -> Any:
    """The value of a JSON text; numbers with a point or exponent are `Decimal`, others `int`.

    Only space, tab, CR and LF may surround the value. Raises `JsonInvalid` with reason `size`, `utf8`, `bom`,
    `empty`, `depth`, `syntax`, `trailing`, `repeated`, `number` or `text`.
    """
    bounds = limits or JsonLimits()
    if len(content) > bounds.size_bytes:
        raise JsonInvalid("size", str(bounds.size_bytes))
    try:
        text = content.decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        raise JsonInvalid("utf8", str(error.start)) from None
    if text.startswith("\ufeff"):
        raise JsonInvalid("bom")
    stripped = text.strip(" \t\r\n")
    if not stripped:
        raise JsonInvalid("empty")
    _check_depth(content, stripped, bounds.depth)
    try:
        value, end = _DECODER.raw_decode(stripped)
    except json.JSONDecodeError as error:
        raise JsonInvalid("syntax", f"{error.lineno}:{error.colno}") from None
    except RecursionError:
        raise JsonInvalid("depth", str(bounds.depth)) from None
    if end != len(stripped):
        raise JsonInvalid("trailing", str(end))
    if "\\u" in stripped:
        _check_texts(value)
    return value


def write_json(value: Any) -> bytes:
    """Compact UTF-8 JSON of plain values; a `Decimal` is written as a number, digit by digit. A float is refused."""
    parts: list[str] = []
    _write(value, parts)
    return "".join(parts).encode("utf-8")


def _check_depth(content: bytes, text: str, limit: int) -> None:
    if content.count(b"{") + content.count(b"[") <= limit:
        return
    depth = 0
    for bracket in _brackets(content, text):
        if bracket in "{[":
            depth += 1
            if depth > limit:
                raise JsonInvalid("depth", str(limit))
        else:
            depth -= 1


def _brackets(content: bytes, text: str) -> Iterable[str]:
    """The brackets outside of strings, in order.

    Where nothing is escaped they are what stands outside of pairs of quotes, and a pair with nothing in it may go.
    """
    if b"\\" in content:
        return _BRACKETS.findall(_STRINGS.sub("", text))
    bones = content.translate(None, _NEITHER_BRACKET_NOR_QUOTE).replace(b'""', b"")
    return b"".join(bones.split(b'"')[::2]).decode("ascii")


def _check_texts(value: Any) -> None:
    """No NUL and no lone surrogate: neither can be stored or written in XML."""
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= c <= "\udfff" for c in value):
            raise JsonInvalid("text", ascii(value)[:60])
    elif isinstance(value, dict):
        for name, inner in value.items():  # pyright: ignore[reportUnknownVariableType]
            _check_texts(name)
            _check_texts(inner)
    elif isinstance(value, list):
        for inner in value:  # pyright: ignore[reportUnknownVariableType]
            _check_texts(inner)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise JsonInvalid("repeated", name)
            seen.add(name)
    return result


def _decimal(text: str) -> Decimal:
    number = Decimal(text)
    if len(text) > _MAX_NUMBER_LENGTH or abs(number.adjusted()) > _MAX_EXPONENT:
        raise JsonInvalid("number", text[:_MAX_NUMBER_LENGTH])
    return number


def _integer(text: str) -> int:
    if len(text) > _MAX_NUMBER_LENGTH:
        raise JsonInvalid("number", text[:_MAX_NUMBER_LENGTH])
    return int(text)


def _constant(name: str) -> NoReturn:
    raise JsonInvalid("number", name)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_decimal, parse_int=_integer, parse_constant=_constant, strict=True
)
_write_text: Callable[[str], str] = json.encoder.encode_basestring
"""Quoted and escaped, as `json.dumps(ensure_ascii=False)` does in the end, without what stands around it."""


def _write(value: Any, parts: list[str]) -> None:
    if value is None:
        parts.append("null")
    elif value is True:
        parts.append("true")
    elif value is False:
        parts.append("false")
    elif isinstance(value, str):
        parts.append(_write_text(str(value)))
    elif isinstance(value, int):
        parts.append(str(int(value)))
    elif isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError("JSON has no infinity and no NaN")
        parts.append(format(value, "f"))
    elif isinstance(value, Mapping):
        _write_object(value, parts)  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        _write_array(value, parts)  # pyright: ignore[reportUnknownArgumentType]
    else:
        raise TypeError(f"{type(value).__name__} has no exact JSON form")


def _write_object(value: Mapping[str, Any], parts: list[str]) -> None:
    parts.append("{")
    for position, (name, inner) in enumerate(value.items()):
        if position:
            parts.append(",")
        parts.append(_write_text(name))
        parts.append(":")
        _write(inner, parts)
    parts.append("}")


def _write_array(value: Sequence[Any], parts: list[str]) -> None:
    parts.append("[")
    for position, inner in enumerate(value):
        if position:
            parts.append(",")
        _write(inner, parts)
    parts.append("]")
