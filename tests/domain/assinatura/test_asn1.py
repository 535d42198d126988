"""BER by hand: what is read, and what is refused with its reason."""

import pytest

from chancela.domain.assinatura.asn1 import Asn1Invalido, Asn1Truncado, No, read_all, read_one


def test_values_and_where_they_end() -> None:
    assert read_one(b"\x02\x01\x05\xff") == (No(0x02, b"\x05"), 3)
    assert read_one(b"\x04\x81\x02ab") == (No(0x04, b"ab"), 5)
    assert read_all(b"\x02\x01\x05\x04\x00") == [No(0x02, b"\x05"), No(0x04, b"")]
    assert read_one(b"\x30\x80\x02\x01\x07\x00\x00\x99") == (No(0x30, b"\x02\x01\x07"), 7)
    assert No(0x02, b"\xff\x7f").integer() == -129
    assert No(0x06, bytes.fromhex("2a864886f70d010701")).oid() == "1.2.840.113549.1.7.1"
    assert No(0x06, bytes.fromhex("883703")).oid() == "2.999.3"


def test_octet_string_in_pieces_within_pieces() -> None:
    assert No(0x24, b"\x04\x01a\x24\x03\x04\x01b\x04\x00").octets() == b"ab"


@pytest.mark.parametrize(
    ("dados", "motivo"),
    [
        (b"\x1f\x81\x01\x00", "several bytes"),
        (b"\x04\x80\x00\x00", "indefinite length of a primitive"),
        (b"\x04\x85\x00\x00\x00\x00\x01a", "four bytes"),
        (b"\x30\x80" * 40, "too deep"),
    ],
)
def test_what_is_not_ber(dados: bytes, motivo: str) -> None:
    with pytest.raises(Asn1Invalido, match=motivo) as erro:
        read_one(dados)
    assert not isinstance(erro.value, Asn1Truncado)


@pytest.mark.parametrize("dados", [b"", b"\x04", b"\x04\x82\x01", b"\x04\x02a", b"\x30\x80\x02\x01\x07\x00"])
def test_bytes_that_end_too_soon(dados: bytes) -> None:
    with pytest.raises(Asn1Truncado):
        read_one(dados)


def test_values_of_another_type() -> None:
    for no in (No(0x04, b"\x01"), No(0x02, b"")):
        with pytest.raises(Asn1Invalido, match="INTEGER expected"):
            no.integer()
    for no in (No(0x04, b"\x2a"), No(0x06, b"")):
        with pytest.raises(Asn1Invalido, match="IDENTIFIER expected"):
            no.oid()
    with pytest.raises(Asn1Invalido, match="unfinished"):
        No(0x06, b"\x86").oid()


def test_pieces_nested_beyond_reason() -> None:
    dados = b"\x04\x01a"
    for _ in range(34):
        dados = bytes([0x24, len(dados)]) + dados
    with pytest.raises(Asn1Invalido, match="too deep"):
        read_one(dados)[0].octets()
