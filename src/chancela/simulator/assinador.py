"""The simulator's own hand: signs the documents of fictitious companies and organs under its test authority."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from chancela.simulator import xml
from chancela.simulator.ca import AutoridadeTeste

_C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
_SENHA = "ficticia"
_VALIDADE_DIAS = 365


@dataclass(frozen=True, slots=True)
class Assinador:
    """Key and certificate of one fictitious signer, good from `inicio` for a year."""

    chave: RSAPrivateKey
    certificado: str
    inicio: datetime

    @classmethod
    def issue(cls, autoridade: AutoridadeTeste, nome: str, cnpj: str, agora: datetime) -> "Assinador":
        """A new certificate for `cnpj`."""
        pfx = autoridade.issue_test_certificate(
            nome=nome, senha=_SENHA, agora=agora, cnpj=cnpj, validade_dias=_VALIDADE_DIAS
        )
        chave, certificado, _ = pkcs12.load_key_and_certificates(pfx, _SENHA.encode())
        assert isinstance(chave, RSAPrivateKey)
        assert certificado is not None
        return cls(chave, base64.b64encode(certificado.public_bytes(Encoding.DER)).decode(), agora)

    def valid_at(self, instante: datetime) -> bool:
        """Whether the certificate is good, by the clock that the rules use."""
        return 0 <= (instante - self.inicio).days < _VALIDADE_DIAS - 2

    def sign(self, elemento: str, identidade: str) -> str:
        """The Signature over `elemento` (`<infNFe ...>` or `<infEvento ...>`, its namespace written in it)."""
        digest = base64.b64encode(hashlib.sha1(_canonical(elemento)).digest()).decode()  # noqa: S324 - fixed by the layout
        informacao = (
            f'<SignedInfo><CanonicalizationMethod Algorithm="{_C14N}"></CanonicalizationMethod>'
            f'<SignatureMethod Algorithm="{xml.DSIG}rsa-sha1"></SignatureMethod><Reference URI="#{identidade}"><Transforms>'
            f'<Transform Algorithm="{xml.DSIG}enveloped-signature"></Transform><Transform Algorithm="{_C14N}"></Transform></Transforms>'
            f'<DigestMethod Algorithm="{xml.DSIG}sha1"></DigestMethod><DigestValue>{digest}</DigestValue></Reference></SignedInfo>'
        )
        canonica = informacao.replace("<SignedInfo>", f'<SignedInfo xmlns="{xml.DSIG}">', 1)
        valor = self.chave.sign(canonica.encode(), PKCS1v15(), hashes.SHA1())  # noqa: S303 - fixed by the layout
        return (
            f'<Signature xmlns="{xml.DSIG}">{informacao}'
            f"<SignatureValue>{base64.b64encode(valor).decode()}</SignatureValue>"
            f"<KeyInfo><X509Data><X509Certificate>{self.certificado}</X509Certificate></X509Data></KeyInfo></Signature>"
        )


def _canonical(elemento: str) -> bytes:
    return xml.canonicalize(xml.parse(elemento.encode()))
