"""DER written by hand, for containers and certificates that no library would write."""


def encode_length(tamanho: int) -> bytes:
    if tamanho < 0x80:
        return bytes([tamanho])
    octetos = tamanho.to_bytes((tamanho.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(octetos)]) + octetos


def der(tag: int, *partes: bytes) -> bytes:
    conteudo = b"".join(partes)
    return bytes([tag]) + encode_length(len(conteudo)) + conteudo


def integer(valor: int) -> bytes:
    return der(0x02, valor.to_bytes(valor.bit_length() // 8 + 1, "big", signed=True))


def oid(texto: str) -> bytes:
    a, b, *resto = (int(n) for n in texto.split("."))
    saida = bytearray()
    for numero in (40 * a + b, *resto):
        grupos = [numero & 0x7F]
        while numero := numero >> 7:
            grupos.append(0x80 | numero & 0x7F)
        saida += bytes(reversed(grupos))
    return der(0x06, bytes(saida))
