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
RSA_MAXIMO_BITS = 4096
"""The longest that ICP-Brasil issues (DOC-ICP-01.01). Loading a key proves its primes, at a cost that grows with the fourth power."""
_PKCS8_MAXIMO_BYTES = 3072
"""An RSA key of `RSA_MAXIMO_BITS` takes 2,400; keys of other kinds are shorter."""

_DATA = "1.2.840.113549.1.7.1"
_ENCRYPTED_DATA = "1.2.840.113549.1.7.6"
_KEY_BAG = "1.2.840.113549.1.12.10.1.1"
_CERT_BAG = "1.2.840.113549.1.12.10.1.3"
_X509 = "1.2.840.113549.1.9.22.1"
_SHROUDED_KEY_BAG = "1.2.840.113549.1.12.10.1.2"
_SAFE_CONTENTS_BAG = "1.2.840.113549.1.12.10.1.6"
_PBES2 = "1.2.840.113549.1.5.13"
_PBKDF2 = "1.2.840.113549.1.5.12"
_PBMAC1 = "1.2.840.113549.1.5.14"

_RSA = {"1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10"}
_RC2 = {"1.2.840.113549.1.12.1.5", "1.2.840.113549.1.12.1.6"}
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

    algoritmo: str
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
    """Look through the encrypted parts and at the size of the keys too; False when `senha` does not open them.

    To be called after `check_cost`. Raises `CertificadoInvalido` (CERT-CUSTO, CERT-CHAVE-LONGA).
    """
    try:
        bolsas = [bolsa for parte in _safes(der) for bolsa in _bags(_contents(parte, senha), 0)]
        escondidas = [_shrouded(bolsa) for bolsa in bolsas if bolsa.oid == _SHROUDED_KEY_BAG]
        cifradas = [_encrypted(p.conteudo) for p in _safes(der) if p.oid == _ENCRYPTED_DATA]
        _refuse_above(sum(protegido.iteracoes for protegido in (*escondidas, *cifradas)))
        chaves = [der_of(bolsa.conteudo) for bolsa in bolsas if bolsa.oid == _KEY_BAG]
        chaves += [protegida.decifrar(senha) for protegida in escondidas]
        longas = any(
            len(chave) > _PKCS8_MAXIMO_BYTES or _rsa_bits(chave) > RSA_MAXIMO_BITS for chave in chaves
        )
    except (ValueError, IndexError, asn1.Asn1Invalido):
        return False
    if longas:
        raise CertificadoInvalido(
            "CERT-CHAVE-LONGA",
            f"A chave do certificado tem mais de {RSA_MAXIMO_BITS} bits, o máximo da ICP-Brasil.",
            "Use um certificado A1 emitido pela ICP-Brasil.",
        )
    return True


def needs_own_opening(der: bytes) -> bool:
    """Whether the container is of a kind that the library may not open: RC2, or lengths that only BER has."""
    auth_safe = _content_info(asn1.read_one(der)[0].children()[1]).conteudo
    if der[1] == 0x80 or auth_safe.tag != asn1.OCTET_STRING or auth_safe.conteudo[1:2] == b"\x80":
        return True
    return any(protegido.algoritmo in _RC2 for protegido in _visible(der))


def open_contents(der: bytes, senha: bytes | None) -> tuple[list[bytes], list[bytes]]:
    """Private keys (PKCS#8) and certificates, both in DER, of a container that passed `check_contents`.

    The integrity code is not computed: that the key fits the certificate proves the password better. ValueError when
    `senha` does not open everything.
    """
    chaves: list[bytes] = []
    certificados: list[bytes] = []
    try:
        for parte in _safes(der):
            for bolsa in _bags(_contents(parte, senha), 0):
                if bolsa.oid == _SHROUDED_KEY_BAG:
                    chaves.append(_shrouded(bolsa).decifrar(senha))
                elif bolsa.oid == _KEY_BAG:
                    chaves.append(der_of(bolsa.conteudo))
                elif bolsa.oid == _CERT_BAG:
                    tipo, valor = bolsa.conteudo.children()
                    if tipo.oid() == _X509:
                        certificados.append(_first(valor).octets())
    except (asn1.Asn1Invalido, IndexError) as erro:
        raise ValueError("contents") from erro
    return chaves, certificados


def der_of(no: asn1.No) -> bytes:
    """The value again, with a definite length."""
    tamanho = len(no.conteudo)
    octetos = tamanho.to_bytes((tamanho.bit_length() + 7) // 8, "big")
    cabeca = bytes([no.tag, tamanho]) if tamanho < 0x80 else bytes([no.tag, 0x80 | len(octetos)]) + octetos
    return cabeca + no.conteudo


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
            f"Abrir o arquivo do certificado exigiria mais de {limite} iterações, o limite.",
            "Exporte o certificado novamente com as opções padrão.",
        )


def _rsa_bits(pkcs8: bytes) -> int:
    """Length of the modulus of a PKCS#8 key (RFC 5958); 0 for a key of another kind. ValueError when it is no key."""
    _, algoritmo, chave, *_ = asn1.read_one(pkcs8)[0].children()
    if _first(algoritmo).oid() not in _RSA:
        return 0
    _, modulo, *_ = asn1.read_one(chave.octets())[0].children()
    return modulo.integer().bit_length()


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
        yield from (protegido.iteracoes for protegido in _visible(der))
    except (asn1.Asn1Invalido, ValueError, IndexError):
        raise _not_a_container() from None


def _visible(der: bytes) -> Iterator[_Protegido]:
    """Every encrypted part and protected key that can be seen without the password."""
    for parte in _safes(der):
        if parte.oid == _ENCRYPTED_DATA:
            yield _encrypted(parte.conteudo)
        else:
            bolsas = _bags(_contents(parte, None), 0)
            yield from (_shrouded(bolsa) for bolsa in bolsas if bolsa.oid == _SHROUDED_KEY_BAG)


def _contents(parte: _Parte, senha: bytes | None) -> asn1.No:
    """The SafeContents of a part, decrypted where it is encrypted."""
    if parte.oid == _DATA:
        return asn1.read_one(parte.conteudo.octets())[0]
    if parte.oid == _ENCRYPTED_DATA:
        return asn1.read_one(_encrypted(parte.conteudo).decifrar(senha))[0]
    raise _unsupported()


def _bags(safe_contents: asn1.No, profundidade: int) -> Iterator[_Parte]:
    """Every bag of a SafeContents, nested ones included."""
    if profundidade > 4:
        raise asn1.Asn1Invalido("bags nested too deep")
    for no in safe_contents.children():
        bolsa = _content_info(no)
        if bolsa.oid == _SAFE_CONTENTS_BAG:
            yield from _bags(bolsa.conteudo, profundidade + 1)
        else:
            yield bolsa


def _shrouded(bolsa: _Parte) -> _Protegido:
    algoritmo, dados = bolsa.conteudo.children()
    return _protection(algoritmo, dados.octets())


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
    return _Protegido(
        oid.oid(), iteracoes, lambda senha: cifra.decrypt(senha, sal.octets(), iteracoes, cifrado)
    )


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

    return _Protegido(_PBES2, iteracoes, abrir)


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
