import contextlib
import hashlib
import ssl
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.assinatura.ber import der, integer, oid
from tests.fixtures.pkcs12 import hide_bomb, raise_iterations, to_ber

from chancela.domain.assinatura import asn1
from chancela.domain.assinatura.certificado import Certificado, load_pkcs12, read_certificado
from chancela.domain.assinatura.cifras import decrypt_rc2_block, expand_rc2
from chancela.domain.erros import CertificadoInvalido
from chancela.domain.identidade import Cnpj, Cpf

AMOSTRAS = Path(__file__).parent / "amostras"
CNPJ = Cnpj("11222333000181")
FILIAL = Cnpj("11222333000262")
OUTRO = Cnpj("00000000000191")
CPF = Cpf("52998224725")
ANTIGO = serialization.PrivateFormat.PKCS12.encryption_builder().hmac_hash(hashes.SHA1()).kdf_rounds(1000)


def refused(conteudo: bytes, senha: str, **opcoes) -> CertificadoInvalido:
    with pytest.raises(CertificadoInvalido) as erro:
        load_pkcs12(conteudo, senha, **opcoes)
    assert erro.value.mensagem.endswith(".")
    assert erro.value.correcao.endswith(".")
    return erro.value


def test_loads_once_and_completely(fabrica, senha, agora) -> None:
    cert = fabrica.certificado()
    lido = load_pkcs12(fabrica.pfx(cert), senha, agora=agora, cnpj=CNPJ)
    publico = cert.public_bytes(serialization.Encoding.DER)
    assert lido.der == publico
    assert lido.titular == "PADARIA EXEMPLO LTDA"
    assert (lido.cnpj, lido.cpf, lido.documento) == (CNPJ, None, CNPJ)
    assert lido.impressao_digital == hashlib.sha256(publico).hexdigest()
    assert (lido.inicio, lido.fim) == (cert.not_valid_before_utc, cert.not_valid_after_utc)
    assert lido.chave.private_numbers() == fabrica.chave.private_numbers()
    assert lido == load_pkcs12(fabrica.pfx(cert), senha, agora=agora)
    assert read_certificado(publico).impressao_digital == lido.impressao_digital


def test_printing_shows_no_key(certificado: Certificado) -> None:
    for texto in (repr(certificado), str(certificado)):
        assert "RSAPrivateKey" not in texto
        assert certificado.base64[:40] not in texto
        assert "chave" not in texto


def test_pem_opens_a_tls_context(certificado: Certificado, tmp_path: Path) -> None:
    arquivo = tmp_path / "a.pem"
    arquivo.write_bytes(certificado.pem_bytes())
    ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_cert_chain(arquivo)


@pytest.mark.parametrize("nome", ["rc2_40", "rc2_128", "3des", "aes", "aes_sem_mac"])
def test_containers_of_other_writers(nome: str, senha, agora) -> None:
    conteudo = (AMOSTRAS / f"{nome}.pfx").read_bytes()
    assert load_pkcs12(conteudo, senha, agora=agora, cnpj=CNPJ).cnpj == CNPJ
    assert refused(conteudo, "errada", agora=agora).codigo == "CERT-SENHA"
    assert refused(conteudo, "", agora=agora).codigo == "CERT-SENHA"
    assert load_pkcs12(conteudo + b"\r\n", senha, agora=agora).cnpj == CNPJ


@pytest.mark.parametrize("nome", ["rc2_40", "3des", "aes"])
@pytest.mark.parametrize("profundidade", [0, 1, 2, 3])
def test_ber_containers(profundidade: int, nome: str, senha, agora) -> None:
    externo, _ = asn1.read_one((AMOSTRAS / f"{nome}.pfx").read_bytes())
    conteudo = to_ber(externo, profundidade)
    assert load_pkcs12(conteudo, senha, agora=agora).cnpj == CNPJ
    assert refused(conteudo, "errada", agora=agora).codigo == "CERT-SENHA"


@pytest.mark.parametrize("acentuada", ["", "sénhá ção", "пароль", "a" * 60])
def test_passwords_of_any_alphabet(fabrica, agora, acentuada: str) -> None:
    if acentuada:
        algoritmo = pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC
        antigo = ANTIGO.key_cert_algorithm(algoritmo).build(acentuada.encode())
        assert load_pkcs12(fabrica.pfx(protecao=antigo), acentuada, agora=agora).cnpj == CNPJ
    aberto = fabrica.pfx(senha=acentuada, protecao=None if acentuada else serialization.NoEncryption())
    assert load_pkcs12(aberto, acentuada, agora=agora).cnpj == CNPJ


@pytest.mark.parametrize(
    ("conteudo", "codigo"),
    [
        (b"", "CERT-FORMATO"),
        (b"-----BEGIN CERTIFICATE-----\n", "CERT-FORMATO"),
        (b"PK\x03\x04zip", "CERT-FORMATO"),
        (b"\x30\x03\x02\x01\x03", "CERT-FORMATO"),
        (b"\x30\x00", "CERT-FORMATO"),
        (b"\x30", "CERT-TRUNCADO"),
        (b"\x30\x84\xff\xff\xff\xff", "CERT-TRUNCADO"),
        (b"\x30\x80" * 20_000, "CERT-FORMATO"),
        (b"\x30" + b"\x00" * 65_536, "CERT-TAMANHO"),
    ],
)
def test_files_that_are_something_else(conteudo: bytes, codigo: str, senha, agora) -> None:
    assert refused(conteudo, senha, agora=agora).codigo == codigo


def test_every_truncation_is_called_so(senha, agora) -> None:
    inteiro = (AMOSTRAS / "aes.pfx").read_bytes()
    assert {refused(inteiro[:n], senha, agora=agora).codigo for n in range(1, len(inteiro), 37)} == {
        "CERT-TRUNCADO"
    }


def test_a_bare_certificate_is_no_container(fabrica, senha, agora) -> None:
    folha = fabrica.certificado().public_bytes(serialization.Encoding.DER)
    assert refused(folha, senha, agora=agora).codigo == "CERT-FORMATO"


def test_cipher_that_nobody_should_use(senha, agora) -> None:
    assert refused((AMOSTRAS / "rc4.pfx").read_bytes(), senha, agora=agora).codigo == "CERT-ALGORITMO"


@pytest.mark.parametrize("nome", ["rc2_40", "3des", "aes", "aes_sem_mac"])
def test_iteration_bombs_are_refused_before_they_run(nome: str, senha, agora) -> None:
    bomba = raise_iterations((AMOSTRAS / f"{nome}.pfx").read_bytes(), 2_000_000_000)
    assert refused(bomba, senha, agora=agora).codigo == "CERT-CUSTO"


def test_bomb_inside_an_encrypted_part(senha, agora) -> None:
    assert refused(hide_bomb(senha, 2_000_000_000), senha, agora=agora).codigo == "CERT-CUSTO"
    assert refused(hide_bomb(senha, 2_000_000_000), "errada", agora=agora).codigo == "CERT-SENHA"


def test_dates(fabrica, senha, agora) -> None:
    cert = fabrica.certificado()
    pfx = fabrica.pfx(cert)
    load_pkcs12(pfx, senha, agora=cert.not_valid_before_utc)
    load_pkcs12(pfx, senha, agora=cert.not_valid_after_utc)
    um = timedelta(seconds=1)
    assert refused(pfx, senha, agora=cert.not_valid_before_utc - um).codigo == "CERT-FUTURO"
    assert refused(pfx, senha, agora=cert.not_valid_after_utc + um).codigo == "CERT-VENCIDO"


def test_holder(fabrica, senha, agora) -> None:
    pfx = fabrica.pfx()
    assert load_pkcs12(pfx, senha, agora=agora, cnpj=FILIAL).cnpj == CNPJ
    assert refused(pfx, senha, agora=agora, cnpj=OUTRO).codigo == "CERT-OUTRO-TITULAR"
    assert refused(pfx, senha, agora=agora, cnpj=CPF).codigo == "CERT-OUTRO-TITULAR"
    pessoa = fabrica.pfx(fabrica.certificado(nome=f"MARIA EXEMPLO:{CPF}", cnpj=None, cpf=CPF))
    lida = load_pkcs12(pessoa, senha, agora=agora, cnpj=CPF)
    assert (lida.cpf, lida.titular) == (CPF, "MARIA EXEMPLO")
    assert refused(pessoa, senha, agora=agora, cnpj=CNPJ).codigo == "CERT-OUTRO-TITULAR"


@pytest.mark.parametrize("tag", [0x04, 0x0C, 0x13, 0x14, 0x16])
def test_holder_in_every_string_type(fabrica, senha, agora, tag: int) -> None:
    cert = fabrica.certificado(codificar=lambda texto: der(tag, texto.encode()))
    assert load_pkcs12(fabrica.pfx(cert), senha, agora=agora).cnpj == CNPJ


def test_alphanumeric_cnpj(fabrica, senha, agora) -> None:
    novo = Cnpj("12ABC34501DE35")
    pfx = fabrica.pfx(fabrica.certificado(nome=f"NOVA LTDA:{novo}", cnpj=novo))
    lido = load_pkcs12(pfx, senha, agora=agora, cnpj=novo)
    assert (lido.cnpj, lido.titular) == (novo, "NOVA LTDA")


@pytest.mark.parametrize("cnpj", [None, "11222333000180", "x"])
def test_certificate_that_names_nobody(fabrica, senha, agora, cnpj) -> None:
    pfx = fabrica.pfx(fabrica.certificado(cnpj=cnpj))
    assert refused(pfx, senha, agora=agora).codigo == "CERT-SEM-TITULAR"


def test_keys(fabrica, senha, agora) -> None:
    assert refused(fabrica.pfx(sem_chave=True), senha, agora=agora).codigo == "CERT-SEM-CHAVE"
    outra = rsa.generate_private_key(65537, 2048)
    estranho = pkcs12.serialize_key_and_certificates(
        None, outra, None, [fabrica.certificado()], serialization.BestAvailableEncryption(senha.encode())
    )
    assert refused(estranho, senha, agora=agora).codigo == "CERT-CHAVE-DIFERENTE"
    curta = rsa.generate_private_key(65537, 1024)
    fraco = fabrica.pfx(fabrica.certificado(chave=curta), chave=curta)
    assert refused(fraco, senha, agora=agora).codigo == "CERT-CHAVE-CURTA"
    eliptica = pkcs12.serialize_key_and_certificates(
        None,
        ec.generate_private_key(ec.SECP256R1()),
        None,
        [fabrica.certificado()],
        serialization.BestAvailableEncryption(senha.encode()),
    )
    assert refused(eliptica, senha, agora=agora).codigo == "CERT-NAO-RSA"


def test_leaf_is_that_of_the_key(fabrica, senha, agora) -> None:
    outra = rsa.generate_private_key(65537, 2048)
    alheios = [fabrica.certificado(chave=outra, nome=f"OUTRA {i}", cnpj=OUTRO) for i in range(10)]
    vencido = fabrica.certificado(inicio=agora - timedelta(days=900), fim=agora - timedelta(days=500))
    atual = fabrica.certificado()
    protecao = serialization.BestAvailableEncryption(senha.encode())
    pfx = pkcs12.serialize_key_and_certificates(
        None, fabrica.chave, None, [*alheios, vencido, atual], protecao
    )
    lido = load_pkcs12(pfx, senha, agora=agora)
    assert lido.der == atual.public_bytes(serialization.Encoding.DER)
    assert lido.cadeia == ()


def test_chain_follows_the_issuers(fabrica, senha, agora) -> None:
    raiz, meio, folha = issue_chain(fabrica, agora)
    alheio = fabrica.certificado(nome="OUTRA", cnpj=OUTRO, chave=rsa.generate_private_key(65537, 2048))
    lido = load_pkcs12(fabrica.pfx(folha, outros=[raiz, alheio, meio]), senha, agora=agora)
    assert [x509.load_der_x509_certificate(c) for c in lido.cadeia] == [meio, raiz]
    assert lido.pem_bytes().count(b"BEGIN CERTIFICATE") == 3


def issue_chain(fabrica, agora) -> Iterator[x509.Certificate]:
    chave = rsa.generate_private_key(65537, 2048)
    modelo = fabrica.certificado()
    emissor = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "AC 0")])
    nomes = [emissor, x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "AC 1")]), modelo.subject]
    for i, nome in enumerate(nomes):
        publica = fabrica.chave if i == 2 else chave
        construtor = (
            x509.CertificateBuilder()
            .subject_name(nome)
            .issuer_name(nomes[max(i - 1, 0)])
            .public_key(publica.public_key())
            .serial_number(i + 1)
            .not_valid_before(agora - timedelta(days=1))
            .not_valid_after(agora + timedelta(days=1))
        )
        if i == 2:
            san = modelo.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
            construtor = construtor.add_extension(san, critical=False)
        yield construtor.sign(chave, hashes.SHA256())


@pytest.mark.filterwarnings("ignore:PKCS#12 bundle could not be parsed as DER")
@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2396), st.integers(0, 255)), min_size=1, max_size=4))
def test_damaged_containers_only_ever_give_our_error(agora, senha, estragos: list[tuple[int, int]]) -> None:
    conteudo = bytearray((AMOSTRAS / "3des.pfx").read_bytes())
    for posicao, byte in estragos:
        conteudo[posicao] = byte
    with contextlib.suppress(CertificadoInvalido):
        load_pkcs12(bytes(conteudo), senha, agora=agora)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_only_ever_give_our_error(agora, dados: bytes) -> None:
    for conteudo in (dados, der(0x30, integer(3), dados)):
        with pytest.raises(CertificadoInvalido):
            load_pkcs12(conteudo, "x", agora=agora)
    with pytest.raises(CertificadoInvalido):
        read_certificado(dados)


@pytest.mark.parametrize(
    ("chave", "bits", "claro", "cifrado"),
    [
        ("0000000000000000", 63, "0000000000000000", "ebb773f993278eff"),
        ("ffffffffffffffff", 64, "ffffffffffffffff", "278b27e42e2f0d49"),
        ("3000000000000000", 64, "1000000000000001", "30649edf9be7d2c2"),
        ("88", 64, "0000000000000000", "61a8a244adacccf0"),
        ("88bca90e90875a", 64, "0000000000000000", "6ccf4308974c267f"),
        ("88bca90e90875a7f0f79c384627bafb2", 128, "0000000000000000", "2269552ab0f85ca6"),
    ],
)
def test_rc2_vectors_of_rfc_2268(chave: str, bits: int, claro: str, cifrado: str) -> None:
    subchaves = expand_rc2(bytes.fromhex(chave), bits)
    assert decrypt_rc2_block(subchaves, bytes.fromhex(cifrado)).hex() == claro


def test_keys_that_are_not_rsa_are_named_as_such(fabrica) -> None:
    eliptico = fabrica.certificado(chave=ec.generate_private_key(ec.SECP256R1()))
    with pytest.raises(CertificadoInvalido) as erro:
        read_certificado(eliptico.public_bytes(serialization.Encoding.DER))
    assert erro.value.codigo == "CERT-NAO-RSA"


def test_holder_in_wide_letters(fabrica, senha, agora) -> None:
    cert = fabrica.certificado(codificar=lambda texto: der(0x1E, texto.encode("utf-16-be")))
    assert load_pkcs12(fabrica.pfx(cert), senha, agora=agora).cnpj == CNPJ


def test_other_extensions_are_passed_over(fabrica, agora) -> None:
    modelo = fabrica.certificado()
    san = modelo.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    cert = (
        x509.CertificateBuilder(modelo.issuer, modelo.subject, fabrica.chave.public_key(), 9)
        .not_valid_before(agora - timedelta(days=1))
        .not_valid_after(agora + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(san, critical=False)
        .sign(fabrica.chave, hashes.SHA256())
    )
    assert read_certificado(cert.public_bytes(serialization.Encoding.DER)).cnpj == CNPJ


def test_issuers_that_name_each_other_end(fabrica, senha, agora) -> None:
    """Cross-signed authorities: the chain is no longer than what came along."""
    raiz, meio, folha = issue_chain(fabrica, agora)
    chave = rsa.generate_private_key(65537, 2048)
    cruzada = (
        x509.CertificateBuilder(meio.subject, raiz.subject, chave.public_key(), 99)
        .not_valid_before(agora - timedelta(days=1))
        .not_valid_after(agora + timedelta(days=1))
        .sign(chave, hashes.SHA256())
    )
    lido = load_pkcs12(fabrica.pfx(folha, outros=[meio, cruzada]), senha, agora=agora)
    assert [x509.load_der_x509_certificate(c) for c in lido.cadeia] == [meio, cruzada, meio]


RSA = oid("1.2.840.113549.1.1.1")


def open_container(fabrica, *outros: x509.Certificate) -> bytes:
    """Without password, cipher and integrity code, in lengths that only BER has: certificates and key lie open in it."""
    pfx = fabrica.pfx(senha="", outros=list(outros), protecao=serialization.NoEncryption())
    versao, conteudo = asn1.read_one(pfx)[0].children()[:2]
    sem_codigo = der(0x30, der(versao.tag, versao.conteudo), der(conteudo.tag, conteudo.conteudo))
    return to_ber(asn1.read_one(sem_codigo)[0], 0)


def put(dados: bytes, antes: bytes, depois: bytes, vez: int) -> bytes:
    """The bytes with one occurrence of others in their place."""
    partes = dados.split(antes)
    return antes.join(partes[: vez + 1]) + depois + antes.join(partes[vez + 1 :])


def test_strangers_that_cannot_be_read_do_no_harm(fabrica, agora) -> None:
    estranha = fabrica.certificado(nome="AC ESTRANHA", cnpj=None, chave=rsa.generate_private_key(65537, 2048))
    aberto = open_container(fabrica, estranha)
    sem_letras = aberto.replace(b"AC ESTRANHA", b"\xff\xfe ESTRANHA")
    for dados in (aberto, sem_letras, put(aberto, RSA, RSA[:-1] + b"\x7f", 1)):
        lido = load_pkcs12(dados, "", agora=agora)
        assert (lido.cnpj, lido.cadeia) == (CNPJ, ())


def test_a_key_of_an_unknown_kind(fabrica, agora) -> None:
    dados = put(open_container(fabrica), RSA, RSA[:-1] + b"\x7f", 1)
    assert refused(dados, "", agora=agora).codigo == "CERT-ALGORITMO"
    dados = put(open_container(fabrica), RSA, RSA[:-1] + b"\x7f", 0)
    assert refused(dados, "", agora=agora).codigo == "CERT-CHAVE-DIFERENTE"


def test_a_certificate_of_no_known_version(fabrica, agora) -> None:
    dados = open_container(fabrica).replace(bytes.fromhex("a003020102"), bytes.fromhex("a003020107"))
    assert refused(dados, "", agora=agora).codigo == "CERT-ILEGIVEL"
