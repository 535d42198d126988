"""Trusted CAs in a hashed folder: the same ones as before, found by OpenSSL itself, and loaded when met."""

import asyncio
import ssl
import warnings
from datetime import UTC, datetime
from pathlib import Path

import certifi
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from tests.gateways.apoio import (
    Autoridade,
    Pki,
    answering,
    http,
    server_context,
    tls_server,
)

from chancela.gateways.soap.contexto_tls import ContextosTls
from chancela.gateways.soap.perfis_tls import (
    CIFRAS,
    Cadeia,
    PedidoCertificado,
    PerfilTls,
    PerfisTls,
    packaged_profiles,
)
from chancela.gateways.soap.raizes import PastaRaizes, hashed_files, split_certificates
from chancela.gateways.soap.transporte import TransporteSoap
from chancela.gateways.soap.troca import EntregaRecusada
from chancela.kit.clock import SystemClock

SEM_EMISSOR, ASSINATURA_ERRADA = 20, 7
"""What OpenSSL says of a chain whose CA it does not find, and of one whose CA has another key (`X509_V_ERR_*`)."""
PERFIL = PerfilTls(
    "*", PedidoCertificado.INICIO, CIFRAS["aead"], frozenset({Cadeia.ICP}), ssl.TLSVersion.TLSv1_3
)


def _public_bundle() -> bytes:
    return Path(certifi.where()).read_bytes()


def _folder(pasta: Path, pem: bytes) -> Path:
    criada = PastaRaizes(pasta).folder(split_certificates(pem))
    assert criada is not None
    return criada


def test_the_folder_holds_all_public_authorities_and_no_other(tmp_path: Path) -> None:
    pasta = _folder(tmp_path, _public_bundle())
    inteiro = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    inteiro.load_verify_locations(cafile=certifi.where())
    guardados = [ssl.PEM_cert_to_DER_cert(arquivo.read_text()) for arquivo in pasta.iterdir()]
    assert len(guardados) == inteiro.cert_store_stats()["x509"] > 100
    assert set(guardados) == set(inteiro.get_ca_certs(binary_form=True))


def test_openssl_finds_every_public_authority_by_its_name(pki: Pki, tmp_path: Path) -> None:
    """A leaf in the name of each, signed by somebody else with a key of that kind: found, and refused for its signature."""
    pem = _public_bundle()
    cliente = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    cliente.load_verify_locations(capath=_folder(tmp_path / "raizes", pem))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # one of the oldest has the serial number zero
        raizes = x509.load_pem_x509_certificates(pem)
    rsa_alheia = serialization.load_pem_private_key(pki.cliente.pem, None)
    ec_alheia = ec.generate_private_key(ec.SECP256R1())
    assert isinstance(rsa_alheia, rsa.RSAPrivateKey)
    for raiz in raizes:
        chave = rsa_alheia if isinstance(raiz.public_key(), rsa.RSAPublicKey) else ec_alheia
        veredito = _verdict(cliente, _leaf(tmp_path, raiz.subject, chave))
        assert veredito == ASSINATURA_ERRADA, raiz.subject.rfc4514_string()
    ninguem = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "ninguém")])
    assert _verdict(cliente, _leaf(tmp_path, ninguem, ec_alheia)) == SEM_EMISSOR


def _leaf(pasta: Path, emissor: x509.Name, chave: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> Path:
    certificado = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")]))
        .issuer_name(emissor)
        .public_key(chave.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2074, 1, 1, tzinfo=UTC))
        .sign(chave, hashes.SHA256())
    )
    arquivo = pasta / "folha.pem"
    arquivo.write_bytes(
        certificado.public_bytes(serialization.Encoding.PEM)
        + chave.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return arquivo


def _verdict(cliente: ssl.SSLContext, folha: Path) -> int:
    """OpenSSL's code for a handshake with a server that shows `folha`, in memory."""
    servidor = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    servidor.load_cert_chain(folha)
    ida, volta = ssl.MemoryBIO(), ssl.MemoryBIO()
    aqui = cliente.wrap_bio(volta, ida, server_hostname="localhost")
    la = servidor.wrap_bio(ida, volta, server_side=True)
    with pytest.raises(ssl.SSLWantReadError):
        aqui.do_handshake()
    with pytest.raises(ssl.SSLWantReadError):
        la.do_handshake()
    with pytest.raises(ssl.SSLCertVerificationError) as recusa:
        aqui.do_handshake()
    return recusa.value.verify_code


def _trusting(pasta: Path, *autoridades: bytes) -> ContextosTls:
    icp = pasta / "icp.pem"
    icp.write_bytes(b"# comentario\n".join(autoridades))
    return ContextosTls(ca_icp=icp, pasta_raizes=pasta / "raizes")


def _call(pki: Pki, contextos: ContextosTls) -> None:
    async def run() -> None:
        transporte = TransporteSoap(clock=SystemClock(), contextos=contextos, perfis=PerfisTls([PERFIL]))
        try:
            async with tls_server(server_context(pki), answering(http(b"<Envelope/>"))) as servidor:
                for _ in range(3):
                    await transporte.post(
                        servidor.url, b"<x/>", tipo="text/xml", servico="S", certificado=pki.cliente
                    )
        finally:
            await transporte.close()
            await asyncio.sleep(0)

    asyncio.run(run())


def test_a_context_holds_only_the_authority_that_it_met(pki: Pki, tmp_path: Path) -> None:
    outras = [Autoridade(f"AC {numero}").pem for numero in range(5)]
    contextos = _trusting(tmp_path, *outras, pki.ca_file.read_bytes())
    contexto = contextos.context(pki.cliente, PERFIL)
    assert contexto.cert_store_stats()["x509"] == 0
    _call(pki, contextos)
    assert contextos.cached(pki.cliente, PERFIL) is contexto
    assert contexto.cert_store_stats()["x509"] == 1


@pytest.mark.parametrize("perfil", list(packaged_profiles()), ids=lambda perfil: perfil.host)
def test_no_profile_loads_a_bundle_before_it_is_needed(pki: Pki, tmp_path: Path, perfil: PerfilTls) -> None:
    contexto = ContextosTls(pasta_raizes=tmp_path).context(pki.cliente, perfil)
    assert contexto.cert_store_stats()["x509"] == 0
    inteiro = ContextosTls().context(pki.cliente, perfil)
    (pasta,) = tmp_path.iterdir()
    assert len(list(pasta.iterdir())) == inteiro.cert_store_stats()["x509"]


def test_a_server_of_another_authority_is_refused(pki: Pki, tmp_path: Path) -> None:
    """Neither a stranger's name nor the right name with another key will do."""
    for nome in ("AC alheia", "AC de teste"):
        with pytest.raises(EntregaRecusada) as recusa:
            _call(pki, _trusting(tmp_path, Autoridade(nome).pem))
        assert recusa.value.codigo == "REDE-TLS-SERVIDOR"


def test_authorities_of_one_name_are_numbered() -> None:
    gemeas = [Autoridade("AC de teste").pem for _ in range(2)]
    nomes = list(hashed_files(split_certificates(gemeas[0] + b"\r\n" + gemeas[1] + gemeas[0])))
    assert [nome[8:] for nome in nomes] == [".0", ".1"]
    assert nomes[0][:8] == nomes[1][:8]


def test_what_was_changed_in_the_folder_is_put_right(tmp_path: Path) -> None:
    pem = Autoridade("AC 1").pem + Autoridade("AC 2").pem
    pasta = _folder(tmp_path, pem)
    antes = {arquivo.name: arquivo.read_bytes() for arquivo in pasta.iterdir()}
    apagado, trocado = pasta.iterdir()
    apagado.unlink()
    trocado.write_bytes(Autoridade("AC intrusa").pem)
    (pasta / "00000000.0").write_bytes(Autoridade("AC intrusa").pem)
    assert _folder(tmp_path, pem) == pasta
    assert {arquivo.name: arquivo.read_bytes() for arquivo in pasta.iterdir()} == antes
    assert list(tmp_path.iterdir()) == [pasta]


def test_without_a_usable_folder_all_are_loaded(
    pki: Pki, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "arquivo").touch()
    icp = tmp_path / "icp.pem"
    icp.write_bytes(Autoridade("AC 1").pem + pki.ca_file.read_bytes())
    for pasta in (tmp_path / "arquivo" / "raizes", tmp_path / "com:dois;pontos"):
        contextos = ContextosTls(ca_icp=icp, pasta_raizes=pasta)
        assert contextos.context(pki.cliente, PERFIL).cert_store_stats()["x509"] == 2
    assert "não pode ser escrita" in caplog.text
    _call(pki, contextos)
