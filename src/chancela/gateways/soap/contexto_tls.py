"""`ssl.SSLContext` per certificate and profile, cached, with the private key never on disk.

OpenSSL's Python face only reads keys from a named file. On Linux that name is an anonymous memory file
(`memfd_create`); elsewhere a 0600 temporary file that is gone before this function returns.
"""

import os
import ssl
import tempfile
import threading
from collections import OrderedDict
from pathlib import Path
from typing import Protocol

import certifi

from chancela.domain.erros import CertificadoInvalido
from chancela.gateways.soap.perfis_tls import Cadeia, PerfilTls
from chancela.gateways.soap.raizes import PastaRaizes, split_certificates
from chancela.kit.packaged import packaged_bytes


class CertificadoCliente(Protocol):
    """What the transport needs of a client certificate."""

    @property
    def impressao_digital(self) -> str:
        """SHA-256 of the certificate, hexadecimal: the name of its connections."""
        ...

    def pem_bytes(self) -> bytes:
        """Certificate and unencrypted private key in PEM."""
        ...


class ContextosTls:
    """Makes and keeps contexts. Making one takes 5 to 25 ms (the key is checked): call `context` outside the event loop.

    `ca_extra` is a PEM file trusted only for hosts whose profile says `extra`; `ca_icp` replaces the ICP-Brasil
    roots that the package ships. With a `pasta_raizes` a context loads from there the CAs that it meets; without, all.
    """

    def __init__(
        self,
        *,
        ca_extra: Path | None = None,
        ca_icp: Path | None = None,
        pasta_raizes: Path | None = None,
        limite: int = 256,
    ) -> None:
        assert limite > 0
        self._ca_extra = ca_extra
        self._ca_icp = ca_icp
        self._raizes = PastaRaizes(pasta_raizes) if pasta_raizes is not None else None
        self._limite = limite
        self._guardados: OrderedDict[tuple[str, PerfilTls], ssl.SSLContext] = OrderedDict()
        self._tranca = threading.Lock()
        self._em_obra: dict[tuple[str, PerfilTls], threading.Lock] = {}

    def cached(self, certificado: CertificadoCliente, perfil: PerfilTls) -> ssl.SSLContext | None:
        """The context if it is already made; cheap."""
        chave = (certificado.impressao_digital, perfil)
        with self._tranca:
            contexto = self._guardados.get(chave)
            if contexto is not None:
                self._guardados.move_to_end(chave)
            return contexto

    def context(self, certificado: CertificadoCliente, perfil: PerfilTls) -> ssl.SSLContext:
        """The context of a certificate under a profile, made once. Raises `CertificadoInvalido` when OpenSSL refuses it."""
        chave = (certificado.impressao_digital, perfil)
        with self._tranca:
            obra = self._em_obra.setdefault(chave, threading.Lock())
        with obra:
            contexto = self.cached(certificado, perfil)
            if contexto is None:
                try:
                    contexto = self._make(certificado, perfil)
                finally:
                    with self._tranca:
                        self._em_obra.pop(chave, None)
                with self._tranca:
                    self._guardados[chave] = contexto
                    while len(self._guardados) > self._limite:
                        self._guardados.popitem(last=False)
            return contexto

    def forget(self, impressao_digital: str) -> None:
        """Drop the contexts of a certificate that was replaced."""
        with self._tranca:
            for chave in [c for c in self._guardados if c[0] == impressao_digital]:
                del self._guardados[chave]

    def _make(self, certificado: CertificadoCliente, perfil: PerfilTls) -> ssl.SSLContext:
        contexto = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        contexto.minimum_version = ssl.TLSVersion.TLSv1_2
        contexto.maximum_version = perfil.versao_maxima
        contexto.set_ciphers(perfil.cifras)
        # HTTP/2 forbids renegotiation: a host that asks for the certificate that way would drop us.
        contexto.set_alpn_protocols(["http/1.1"])
        contexto.post_handshake_auth = True
        self._trust(contexto, perfil.cadeias)
        load_client_certificate(contexto, certificado.pem_bytes())
        return contexto

    def _trust(self, contexto: ssl.SSLContext, cadeias: frozenset[Cadeia]) -> None:
        pem = b""
        if Cadeia.PUBLICA in cadeias:
            pem += Path(certifi.where()).read_bytes() + b"\n"
        if Cadeia.ICP in cadeias:
            pem += self._ca_icp.read_bytes() if self._ca_icp else packaged_bytes("icp_brasil_raizes.pem")
        certificados = split_certificates(pem)
        # One folder for all: OpenSSL looks no further for a subject that it already holds.
        pasta = self._raizes.folder(certificados) if self._raizes and certificados else None
        if pasta is not None:
            contexto.load_verify_locations(capath=pasta)
        elif certificados:
            contexto.load_verify_locations(cadata="".join(certificados))
        if Cadeia.EXTRA in cadeias and self._ca_extra is not None:
            contexto.load_verify_locations(cafile=self._ca_extra)


def load_client_certificate(contexto: ssl.SSLContext, pem: bytes) -> None:
    """Put certificate and key into `contexto` without leaving the key on disk."""
    try:
        if hasattr(os, "memfd_create"):
            _load_from_memory(contexto, pem)
        else:
            _load_from_short_file(contexto, pem)
    except ssl.SSLError as erro:
        raise CertificadoInvalido(
            "CERT-TLS-01",
            "O certificado não pode ser usado na conexão com a SEFAZ.",
            "Envie novamente o arquivo do certificado A1 (PFX) da empresa.",
        ) from erro


def _load_from_memory(contexto: ssl.SSLContext, pem: bytes) -> None:
    descritor = os.memfd_create("tls", os.MFD_CLOEXEC)
    with open(descritor, "wb", buffering=0) as memoria:
        memoria.write(pem)
        contexto.load_cert_chain(f"/proc/self/fd/{descritor}")


def _load_from_short_file(contexto: ssl.SSLContext, pem: bytes) -> None:
    descritor, nome = tempfile.mkstemp(suffix=".pem")  # mkstemp makes it 0600
    try:
        with open(descritor, "wb") as arquivo:
            arquivo.write(pem)
        contexto.load_cert_chain(nome)
    finally:
        os.unlink(nome)
