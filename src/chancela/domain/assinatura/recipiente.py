"""The PKCS#12 container seen from outside (RFC 7292): is it one, is it whole, and what would opening it cost.

A container names its own derivation counts, so a small file can ask for hours of work. Everything visible is summed
before any derivation; parts that are encrypted are decrypted here first, with their own cost already known, and
looked through in the same way. Only then may the real loader have the file.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import pbkdf2_hmac

from chancela.domain.assinatura import asn1
from chancela.domain.assinatura.cifras import (
    CifraPkcs12,
    decrypt_3des_cbc,
    decrypt_aes_cbc,
    decrypt_rc2_cbc,
    unpad,
)
from chancela.domain.erros import CertificadoInvalido

TAMANHO_MAXIMO_BYTES = 64 * 1024
ITERACOES_MAXIMAS = 1_000_000
"""Of all derivations of one file together. Writers in use ask for 1,000 to 100,000 each, a few for 600,000."""
_ITERACOES_PKCS12_MAXIMAS = 300_000
"""Of one derivation of the old kind, which is slower to run here."""
_PARTES_MAXIMAS = 64

_DATA = "1.2.840.113549.1.7.1"
_ENCRYPTED_DATA = "1.2.840.113549.1.7.6"
_SHROUDED_KEY_BAG = "1.2.840.113549.1.12.10.1.2"
_SAFE_CONTENTS_BAG = "1.2.840.113549.1.12.10.1.6"
_PBES2 = "1.2.840.113549.1.5.13"
_PBKDF2 = "1.2.840.113549.1.5.12"
_PBMAC1 = "1.2.840.113549.1.5.14"

_CIFRAS_PKCS12 = {
    "1.2.840.113549.1.12.1.3": CifraPkcs12(24, decrypt_3des_cbc),
    "1.2.840.113549.1.12.1.4": CifraPkcs12(16, decrypt_3des_cbc),
    "1.2.840.113549.1.12.1.5": CifraPkcs12(16, decrypt_rc2_cbc),
    "1.2.840.113549.1.12.1.6": CifraPkcs12(5, decrypt_rc2_cbc),
}
_PRFS = {
    "1.2.840.113549.2.7": "sha1",
    "1.2.840.113549.2.8": "sha224",
    "1.2.840.113549.2.9": "sha256",
    "1.2.840.113549.2.10": "sha384",
    "1.2.840.113549.2.11": "sha512",
}
_CIFRAS_PBES2: dict[str, tuple[int, int, Callable[[bytes, bytes, bytes], bytes]]] = {
    "2.16.840.1.101.3.4.1.2": (16, 16, decrypt_aes_cbc),
    "2.16.840.1.101.3.4.1.22": (24, 16, decrypt_aes_cbc),
    "2.16.840.1.101.3.4.1.42": (32, 16, decrypt_aes_cbc),
    "1.2.840.113549.3.7": (24, 8, decrypt_3des_cbc),
}


@dataclass(frozen=True, slots=True)
class _Protegido:
    """An encrypted part: what it costs to open and how."""

    iteracoes: int
    decifrar: Callable[[bytes | None], bytes]


def open_outer(conteudo: bytes) -> bytes:
    """The bytes of the outer value of a PKCS#12 file. Raises `CertificadoInvalido` for size, format, truncation."""
    if len(conteudo) > TAMANHO_MAXIMO_BYTES:
        raise CertificadoInvalido(
            "CERT-TAMANHO",
            f"O arquivo do certificado tem {len(conteudo)} bytes; o limite é de {TAMANHO_MAXIMO_BYTES}.",
            "Envie somente o arquivo .pfx ou .p12 do certificado A1.",
        )
    if not conteudo.startswith(b"\x30"):
        raise _not_a_container()
    try:
        externo, fim = asn1.read_one(conteudo)
        versao, auth_safe, *_ = externo.children()
        if versao.integer() != 3 or auth_safe.tag != asn1.SEQUENCE:
            raise _not_a_container()
    except asn1.Asn1Truncado:
        raise CertificadoInvalido(
            "CERT-TRUNCADO",
            "O arquivo do certificado está incompleto.",
            "Envie o arquivo novamente, inteiro; se persistir, exporte o certificado outra vez.",
        ) from None
    except (asn1.Asn1Invalido, ValueError):
        raise _not_a_container() from None
    return conteudo[:fim]


def check_cost(der: bytes) -> None:
    """Sum every derivation that can be seen without the password. Raises `CertificadoInvalido` (CERT-CUSTO)."""
    _refuse_above(sum(_costs(der)))


def check_contents(der: bytes, senha: bytes | None) -> bool:
    """Look through the encrypted parts too; False when `senha` does not open them.

    To be called after `check_cost`. Raises `CertificadoInvalido` (CERT-CUSTO).
    """
    total = sum(_costs(der))
    for parte in _safes(der):
        if parte.oid == _ENCRYPTED_DATA:
            try:
                claro, _ = asn1.read_one(_encrypted(parte.conteudo).decifrar(senha))
                escondidos = [p.iteracoes for p in _shrouded(claro, 0)]
            except (ValueError, asn1.Asn1Invalido):
                return False
            total += sum(escondidos)
    _refuse_above(total)
    return True


def encodings(senha: str) -> tuple[bytes | None, ...]:
    """The password as the loader takes it; an empty one may also be none at all."""
    return (senha.encode("utf-8", errors="replace"),) if senha else (b"", None)


@dataclass(frozen=True, slots=True)
class _Parte:
    oid: str
    conteudo: asn1.No


def _not_a_container() -> CertificadoInvalido:
    return CertificadoInvalido(
        "CERT-FORMATO",
        "O arquivo não é um certificado A1 (PKCS#12).",
        "Envie o arquivo .pfx ou .p12 do certificado A1, com a chave privada.",
    )


def _unsupported() -> CertificadoInvalido:
    return CertificadoInvalido(
        "CERT-ALGORITMO",
        "O arquivo do certificado usa uma cifra que não é suportada.",
        "Exporte o certificado novamente com AES-256 ou 3DES.",
    )


def _refuse_above(iteracoes: int, limite: int = ITERACOES_MAXIMAS) -> None:
    if iteracoes > limite:
        raise CertificadoInvalido(
            "CERT-CUSTO",
            f"Abrir o arquivo do certificado exigiria {iteracoes} iterações; o limite é de {limite}.",
            "Exporte o certificado novamente com as opções padrão.",
        )


def _content_info(no: asn1.No) -> _Parte:
    tipo, *resto = no.children()
    if not resto:
        raise asn1.Asn1Invalido("content missing")
    return _Parte(tipo.oid(), resto[0].children()[0])


def _first(no: asn1.No) -> asn1.No:
    filhos = no.children()
    if not filhos:
        raise asn1.Asn1Invalido("empty")
    return filhos[0]


def _safes(der: bytes) -> list[_Parte]:
    """The parts of the AuthenticatedSafe."""
    auth_safe = _content_info(asn1.read_one(der)[0].children()[1])
    if auth_safe.oid != _DATA:
        raise _unsupported()
    sequencia, _ = asn1.read_one(auth_safe.conteudo.octets())
    partes = [_content_info(no) for no in sequencia.children()]
    if len(partes) > _PARTES_MAXIMAS:
        raise _not_a_container()
    return partes


def _costs(der: bytes) -> Iterator[int]:
    """Iterations of every derivation that can be seen."""
    try:
        for no in asn1.read_one(der)[0].children()[2:]:
            yield _mac_cost(no)
        for parte in _safes(der):
            if parte.oid == _DATA:
                claro, _ = asn1.read_one(parte.conteudo.octets())
                yield from (p.iteracoes for p in _shrouded(claro, 0))
            elif parte.oid == _ENCRYPTED_DATA:
                yield _encrypted(parte.conteudo).iteracoes
            else:
                raise _unsupported()
    except (asn1.Asn1Invalido, ValueError, IndexError):
        raise _not_a_container() from None


def _shrouded(safe_contents: asn1.No, profundidade: int) -> Iterator[_Protegido]:
    """Every protected key in a SafeContents, nested ones included."""
    if profundidade > 4:
        raise asn1.Asn1Invalido("bags nested too deep")
    for bolsa in safe_contents.children():
        tipo, valor, *_ = bolsa.children()
        if tipo.oid() == _SHROUDED_KEY_BAG:
            algoritmo, dados = _first(valor).children()
            yield _protection(algoritmo, dados.octets())
        elif tipo.oid() == _SAFE_CONTENTS_BAG:
            yield from _shrouded(_first(valor), profundidade + 1)


def _encrypted(encrypted_data: asn1.No) -> _Protegido:
    _, conteudo, *_ = encrypted_data.children()
    _, algoritmo, cifrado = conteudo.children()
    return _protection(algoritmo, cifrado.octets())


def _mac_cost(mac_data: asn1.No) -> int:
    digest_info, _, *iteracoes = mac_data.children()
    algoritmo = _first(digest_info)
    oid, *parametros = algoritmo.children()
    if oid.oid() == _PBMAC1:
        return _pbkdf2_parameters(_first(parametros[0]))[1]
    return _positive(iteracoes[0].integer()) if iteracoes else 1


def _protection(algoritmo: asn1.No, cifrado: bytes) -> _Protegido:
    oid, parametros = algoritmo.children()
    if oid.oid() == _PBES2:
        return _pbes2(parametros, cifrado)
    cifra = _CIFRAS_PKCS12.get(oid.oid())
    if cifra is None:
        raise _unsupported()
    sal, contagem = parametros.children()
    iteracoes = _positive(contagem.integer())
    _refuse_above(iteracoes, _ITERACOES_PKCS12_MAXIMAS)
    return _Protegido(iteracoes, lambda senha: cifra.decrypt(senha, sal.octets(), iteracoes, cifrado))


def _pbes2(parametros: asn1.No, cifrado: bytes) -> _Protegido:
    derivacao, esquema = parametros.children()
    sal, iteracoes, prf = _pbkdf2_parameters(derivacao)
    oid, vetor = esquema.children()
    cifra = _CIFRAS_PBES2.get(oid.oid())
    if cifra is None:
        raise _unsupported()
    chave_bytes, bloco, decifrar = cifra

    def abrir(senha: bytes | None) -> bytes:
        chave = pbkdf2_hmac(prf, senha or b"", sal, iteracoes, chave_bytes)
        return unpad(decifrar(chave, vetor.octets(), cifrado), bloco)

    return _Protegido(iteracoes, abrir)


def _pbkdf2_parameters(derivacao: asn1.No) -> tuple[bytes, int, str]:
    oid, parametros = derivacao.children()
    if oid.oid() != _PBKDF2:
        raise _unsupported()
    sal, contagem, *resto = parametros.children()
    if sal.tag != asn1.OCTET_STRING:
        raise _unsupported()
    prf = "sha1"
    for no in resto:
        if no.tag == asn1.SEQUENCE:
            nome = _PRFS.get(_first(no).oid())
            if nome is None:
                raise _unsupported()
            prf = nome
    return sal.octets(), _positive(contagem.integer()), prf


def _positive(numero: int) -> int:
    if numero < 1:
        raise asn1.Asn1Invalido("iterations")
    return numero
