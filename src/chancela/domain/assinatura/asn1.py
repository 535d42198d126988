"""Just enough ASN.1 to look into a file before any key derivation runs: tags, lengths and contents (X.690, BER).

Indefinite lengths and split octet strings are understood, since some PKCS#12 writers still produce them.
"""

from dataclasses import dataclass

INTEGER = 0x02
OCTET_STRING = 0x04
OID = 0x06
SEQUENCE = 0x30
_CONSTRUIDO = 0x20
_PROFUNDIDADE = 32
_OID_MAXIMO_BYTES = 64
"""Those in use have 10; a long one would be one huge number."""


class Asn1Invalido(Exception):
    """The bytes are not BER."""


class Asn1Truncado(Asn1Invalido):
    """The bytes end before the lengths say."""


@dataclass(frozen=True, slots=True)
class No:
    """One value: its first tag byte and its content."""

    tag: int
    conteudo: bytes

    def children(self) -> list["No"]:
        """The values inside a constructed one."""
        return read_all(self.conteudo)

    def octets(self, profundidade: int = 0) -> bytes:
        """The bytes of an octet string, also of one written in pieces."""
        if not self.tag & _CONSTRUIDO:
            return self.conteudo
        if profundidade > _PROFUNDIDADE:
            raise Asn1Invalido("nested too deep")
        return b"".join(pedaco.octets(profundidade + 1) for pedaco in self.children())

    def integer(self) -> int:
        """The value of an INTEGER."""
        if self.tag != INTEGER or not self.conteudo:
            raise Asn1Invalido("INTEGER expected")
        return int.from_bytes(self.conteudo, "big", signed=True)

    def oid(self) -> str:
        """Dotted text of an OBJECT IDENTIFIER."""
        if self.tag != OID or not 0 < len(self.conteudo) <= _OID_MAXIMO_BYTES:
            raise Asn1Invalido("OBJECT IDENTIFIER expected")
        numeros: list[int] = []
        acumulado = 0
        for byte in self.conteudo:
            acumulado = acumulado << 7 | byte & 0x7F
            if not byte & 0x80:
                numeros.append(acumulado)
                acumulado = 0
        if not numeros:
            raise Asn1Invalido("unfinished OBJECT IDENTIFIER")
        primeiro = min(numeros[0] // 40, 2)
        return ".".join(str(n) for n in (primeiro, numeros[0] - 40 * primeiro, *numeros[1:]))


def read_one(dados: bytes) -> tuple[No, int]:
    """The first value of `dados` and the position after it."""
    return _read(dados, 0, 0)


def read_all(dados: bytes) -> list[No]:
    """All the values that `dados` is made of."""
    nos: list[No] = []
    posicao = 0
    while posicao < len(dados):
        no, posicao = _read(dados, posicao, 0)
        nos.append(no)
    return nos


def _read(dados: bytes, posicao: int, profundidade: int) -> tuple[No, int]:
    if profundidade > _PROFUNDIDADE:
        raise Asn1Invalido("nested too deep")
    if posicao + 2 > len(dados):
        raise Asn1Truncado("header")
    tag, tamanho = dados[posicao], dados[posicao + 1]
    if tag & 0x1F == 0x1F:
        raise Asn1Invalido("tags of several bytes do not occur here")
    posicao += 2
    if tamanho == 0x80:
        return _read_indefinite(dados, posicao, tag, profundidade)
    if tamanho & 0x80:
        bytes_do_tamanho = tamanho & 0x7F
        if bytes_do_tamanho > 4:
            raise Asn1Invalido("length of more than four bytes")
        if posicao + bytes_do_tamanho > len(dados):
            raise Asn1Truncado("length")
        tamanho = int.from_bytes(dados[posicao : posicao + bytes_do_tamanho], "big")
        posicao += bytes_do_tamanho
    if posicao + tamanho > len(dados):
        raise Asn1Truncado("content")
    return No(tag, dados[posicao : posicao + tamanho]), posicao + tamanho


def _read_indefinite(dados: bytes, posicao: int, tag: int, profundidade: int) -> tuple[No, int]:
    if not tag & _CONSTRUIDO:
        raise Asn1Invalido("indefinite length of a primitive value")
    inicio = posicao
    while dados[posicao : posicao + 2] != b"\x00\x00":
        _, posicao = _read(dados, posicao, profundidade + 1)
    return No(tag, dados[inicio:posicao]), posicao + 2
