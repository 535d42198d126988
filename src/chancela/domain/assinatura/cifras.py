"""Password-based decryption of PKCS#12 contents (RFC 7292 appendix B, RFC 8018, RFC 2268).

Only what it takes to see, before the real loader runs, that an encrypted part hides no costly derivation. RC2 is
written out because no library offers its 40-bit form any more; nothing is ever encrypted with it here.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

_PI = bytes.fromhex(
    "d978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2"
    "179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82"
    "54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626"
    "6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7"
    "08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ec"
    "c2e0416e0f51cbcc2491af50a1f4703999 7c3a8523b8b47afc02365b25559731"
    "2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a9"
    "0d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad".replace(" ", "")
)


@dataclass(frozen=True, slots=True)
class CifraPkcs12:
    """A PBES1 scheme of PKCS#12: SHA-1 derivation and a block cipher in CBC with blocks of eight bytes."""

    chave_bytes: int
    decifrar: Callable[[bytes, bytes, bytes], bytes]

    def decrypt(self, senha: bytes | None, sal: bytes, iteracoes: int, conteudo: bytes) -> bytes:
        """Plain content with its padding taken off. ValueError when the padding shows a wrong password."""
        bmp = to_bmp(senha)
        chave = derive_pkcs12(bmp, sal, iteracoes, 1, self.chave_bytes)
        iv = derive_pkcs12(bmp, sal, iteracoes, 2, 8)
        return unpad(self.decifrar(chave, iv, conteudo), 8)


def to_bmp(senha: bytes | None) -> bytes:
    """The password as PKCS#12 derives from it: UTF-16 with two zero bytes; no password gives nothing."""
    if senha is None:
        return b""
    return senha.decode("utf-8").encode("utf-16-be") + b"\x00\x00"


def derive_pkcs12(senha: bytes, sal: bytes, iteracoes: int, finalidade: int, tamanho: int) -> bytes:
    """RFC 7292, appendix B.2, with SHA-1; `finalidade` 1 key, 2 initialisation vector, 3 MAC."""
    bloco = 64
    diversificador = bytes([finalidade]) * bloco
    entrada = bytearray(_stretch(sal, bloco) + _stretch(senha, bloco))
    saida = b""
    while len(saida) < tamanho:
        resumo = hashlib.sha1(diversificador + entrada, usedforsecurity=False).digest()
        for _ in range(iteracoes - 1):
            resumo = hashlib.sha1(resumo, usedforsecurity=False).digest()
        saida += resumo
        soma = int.from_bytes(_stretch(resumo, bloco)[:bloco], "big") + 1
        for i in range(0, len(entrada), bloco):
            valor = (int.from_bytes(entrada[i : i + bloco], "big") + soma) % (1 << 8 * bloco)
            entrada[i : i + bloco] = valor.to_bytes(bloco, "big")
    return saida[:tamanho]


def _stretch(dados: bytes, bloco: int) -> bytes:
    if not dados:
        return b""
    tamanho = -(-len(dados) // bloco) * bloco
    return (dados * (tamanho // len(dados) + 1))[:tamanho]


def unpad(conteudo: bytes, bloco: int) -> bytes:
    """Take PKCS#7 padding off. ValueError when there is none."""
    sobra = conteudo[-1] if conteudo else 0
    if not 1 <= sobra <= bloco or conteudo[-sobra:] != bytes([sobra]) * sobra:
        raise ValueError("padding")
    return conteudo[:-sobra]


def decrypt_aes_cbc(chave: bytes, iv: bytes, conteudo: bytes) -> bytes:
    """AES in CBC, padding left on."""
    decifrador = Cipher(AES(chave), CBC(iv)).decryptor()
    return decifrador.update(conteudo) + decifrador.finalize()


def decrypt_3des_cbc(chave: bytes, iv: bytes, conteudo: bytes) -> bytes:
    """3DES (two or three keys) in CBC, padding left on."""
    completa = chave + chave[:8] if len(chave) == 16 else chave
    decifrador = Cipher(TripleDES(completa), CBC(iv)).decryptor()
    return decifrador.update(conteudo) + decifrador.finalize()


def decrypt_rc2_cbc(chave: bytes, iv: bytes, conteudo: bytes) -> bytes:
    """RC2 in CBC with as many effective bits as the key has, padding left on."""
    if len(conteudo) % 8:
        raise ValueError("block")
    subchaves = expand_rc2(chave, 8 * len(chave))
    saida = bytearray()
    anterior = int.from_bytes(iv, "big")
    for i in range(0, len(conteudo), 8):
        bloco = conteudo[i : i + 8]
        claro = int.from_bytes(decrypt_rc2_block(subchaves, bloco), "big") ^ anterior
        saida += claro.to_bytes(8, "big")
        anterior = int.from_bytes(bloco, "big")
    return bytes(saida)


def expand_rc2(chave: bytes, bits_efetivos: int) -> list[int]:
    """RFC 2268, section 2: the 64 subkeys."""
    octetos = -(-bits_efetivos // 8)
    mascara = 0xFF >> (8 * octetos - bits_efetivos)
    tabela = list(chave)
    while len(tabela) < 128:
        tabela.append(_PI[(tabela[-1] + tabela[-len(chave)]) & 0xFF])
    tabela[128 - octetos] = _PI[tabela[128 - octetos] & mascara]
    for i in range(127 - octetos, -1, -1):
        tabela[i] = _PI[tabela[i + 1] ^ tabela[i + octetos]]
    return [tabela[2 * i] | tabela[2 * i + 1] << 8 for i in range(64)]


def decrypt_rc2_block(subchaves: list[int], bloco: bytes) -> bytes:
    """RFC 2268, section 4."""
    r = [int.from_bytes(bloco[i : i + 2], "little") for i in (0, 2, 4, 6)]
    j = 63
    for rodada in range(16):
        for i, giro in ((3, 5), (2, 3), (1, 2), (0, 1)):
            r[i] = (r[i] >> giro | r[i] << 16 - giro) & 0xFFFF
            mistura = subchaves[j] + (r[i - 1] & r[i - 2]) + (~r[i - 1] & r[i - 3])
            r[i] = (r[i] - mistura) & 0xFFFF
            j -= 1
        if rodada in (4, 10):
            for i in (3, 2, 1, 0):
                r[i] = (r[i] - subchaves[r[i - 1] & 63]) & 0xFFFF
    return b"".join(valor.to_bytes(2, "little") for valor in r)
