"""Fictitious keys, certificates and one small valid note for the tests of XML and signature."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from chancela.domain.assinatura.certificado import OID_CNPJ, OID_PESSOA_FISICA, Certificado, load_pkcs12
from chancela.domain.assinatura.perfil import sign
from chancela.domain.xml.escrita import NFE_NS

CNPJ = "11222333000181"
CPF = "52998224725"
SENHA = "senha 123"
AGORA = datetime(2026, 9, 1, 12, tzinfo=UTC)
CHAVE_NFE = "NFe35260911222333000181550010000000011123456783"


def octet_string(texto: str) -> bytes:
    return bytes([0x04, len(texto)]) + texto.encode("ascii")


@dataclass
class Fabrica:
    """Makes certificates and containers of any shape; one key is made once and reused."""

    chave: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))

    def certificado(
        self,
        *,
        nome: str = f"PADARIA EXEMPLO LTDA:{CNPJ}",
        cnpj: str | None = CNPJ,
        cpf: str | None = None,
        inicio: datetime = AGORA - timedelta(days=30),
        fim: datetime = AGORA + timedelta(days=335),
        chave: rsa.RSAPrivateKey | None = None,
        codificar: Callable[[str], bytes] = octet_string,
    ) -> x509.Certificate:
        sujeito = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, nome)])
        nomes: list[x509.GeneralName] = [x509.RFC822Name("fiscal@exemplo.com.br")]
        if cnpj is not None:
            nomes.append(x509.OtherName(x509.ObjectIdentifier(OID_CNPJ), codificar(cnpj)))
        if cpf is not None:
            dados = "01011980" + cpf + "0" * 11 + "0" * 15
            nomes.append(x509.OtherName(x509.ObjectIdentifier(OID_PESSOA_FISICA), codificar(dados)))
        dono = chave or self.chave
        return (
            x509.CertificateBuilder()
            .subject_name(sujeito)
            .issuer_name(sujeito)
            .public_key(dono.public_key())
            .serial_number(7)
            .not_valid_before(inicio)
            .not_valid_after(fim)
            .add_extension(x509.SubjectAlternativeName(nomes), critical=False)
            .sign(dono, hashes.SHA256())
        )

    def pfx(
        self,
        certificado: x509.Certificate | None = None,
        *,
        senha: str = SENHA,
        chave: rsa.RSAPrivateKey | None = None,
        outros: list[x509.Certificate] | None = None,
        sem_chave: bool = False,
        protecao: serialization.KeySerializationEncryption | None = None,
    ) -> bytes:
        return pkcs12.serialize_key_and_certificates(
            b"teste",
            None if sem_chave else (chave or self.chave),
            certificado or self.certificado(),
            outros,
            protecao or serialization.BestAvailableEncryption(senha.encode()),
        )


@pytest.fixture(scope="session")
def fabrica() -> Fabrica:
    return Fabrica()


@pytest.fixture(scope="session")
def agora() -> datetime:
    return AGORA


@pytest.fixture(scope="session")
def senha() -> str:
    return SENHA


@pytest.fixture(scope="session")
def certificado(fabrica: Fabrica) -> Certificado:
    return load_pkcs12(fabrica.pfx(), SENHA, agora=AGORA)


@pytest.fixture(scope="session")
def id_nota() -> str:
    return CHAVE_NFE


@pytest.fixture(scope="session")
def inf_nfe() -> bytes:
    """Canonical text of a small `infNFe`, valid against the official schema."""
    endereco = (
        "<xLgr>RUA DAS AMOSTRAS</xLgr><nro>100</nro><xBairro>CENTRO</xBairro><cMun>3550308</cMun>"
        "<xMun>SAO PAULO</xMun><UF>SP</UF><CEP>01001000</CEP><cPais>1058</cPais><xPais>BRASIL</xPais>"
    )
    zeros = "".join(
        f"<{tag}>0.00</{tag}>"
        for tag in ["vBC", "vICMS", "vICMSDeson", "vFCP", "vBCST", "vST", "vFCPST", "vFCPSTRet"]
    )
    return (
        f'<infNFe xmlns="{NFE_NS}" Id="{CHAVE_NFE}" versao="4.00">'
        "<ide><cUF>35</cUF><cNF>12345678</cNF><natOp>VENDA</natOp><mod>55</mod><serie>1</serie><nNF>1</nNF>"
        "<dhEmi>2026-09-01T09:00:00-03:00</dhEmi><tpNF>1</tpNF><idDest>1</idDest><cMunFG>3550308</cMunFG>"
        "<tpImp>1</tpImp><tpEmis>1</tpEmis><cDV>3</cDV><tpAmb>2</tpAmb><finNFe>1</finNFe><indFinal>1</indFinal>"
        "<indPres>1</indPres><procEmi>0</procEmi><verProc>teste</verProc></ide>"
        f"<emit><CNPJ>{CNPJ}</CNPJ><xNome>PADARIA EXEMPLO &amp; FILHOS LTDA</xNome><enderEmit>{endereco}</enderEmit>"
        "<IE>110042490114</IE><CRT>1</CRT></emit>"
        '<det nItem="1"><prod><cProd>1</cProd><cEAN>SEM GTIN</cEAN><xProd>PAO "FRANCES" &lt; 50 g</xProd>'
        "<NCM>19059090</NCM><CFOP>5102</CFOP><uCom>UN</uCom><qCom>2.0000</qCom><vUnCom>5.00</vUnCom>"
        "<vProd>10.00</vProd><cEANTrib>SEM GTIN</cEANTrib><uTrib>UN</uTrib><qTrib>2.0000</qTrib>"
        "<vUnTrib>5.00</vUnTrib><indTot>1</indTot></prod><imposto><ICMS><ICMSSN102><orig>0</orig>"
        "<CSOSN>102</CSOSN></ICMSSN102></ICMS><PIS><PISNT><CST>07</CST></PISNT></PIS><COFINS><COFINSNT>"
        "<CST>07</CST></COFINSNT></COFINS></imposto></det>"
        f"<total><ICMSTot>{zeros}<vProd>10.00</vProd><vFrete>0.00</vFrete><vSeg>0.00</vSeg><vDesc>0.00</vDesc>"
        "<vII>0.00</vII><vIPI>0.00</vIPI><vIPIDevol>0.00</vIPIDevol><vPIS>0.00</vPIS><vCOFINS>0.00</vCOFINS>"
        "<vOutro>0.00</vOutro><vNF>10.00</vNF></ICMSTot></total><transp><modFrete>9</modFrete></transp>"
        "<pag><detPag><tPag>01</tPag><vPag>10.00</vPag></detPag></pag></infNFe>"
    ).encode()


@pytest.fixture(scope="session")
def nfe(inf_nfe: bytes, certificado: Certificado) -> bytes:
    """The whole signed note, as it would be sent."""
    assinatura = sign(inf_nfe, CHAVE_NFE, certificado)
    return f'<NFe xmlns="{NFE_NS}">'.encode() + inf_nfe + assinatura.xml + b"</NFe>"
