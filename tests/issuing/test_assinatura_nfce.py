"""The signer of model 65: the supplement comes from the signed bytes, and the schema has the last word."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1
from tests.documents.nfe.fabrica import CNPJ, identificar, nfe
from tests.stores.fabrica import AGORA

from chancela.documents.nfce.enderecos import packaged_consultas
from chancela.documents.nfce.qrcode import Csc
from chancela.documents.nfe.enumeracoes import Destino, FormatoDanfe, Presenca
from chancela.documents.nfe.layout import build_infnfe, parse_nfe
from chancela.documents.nfe.modelo import Nfe
from chancela.domain.assinatura.certificado import Certificado, load_pkcs12
from chancela.domain.assinatura.perfil import verify
from chancela.domain.erros import RegraViolada
from chancela.domain.identidade import Ambiente, Modelo, Uf
from chancela.domain.xml.esquemas import Esquemas
from chancela.issuing.assinatura_nfe import AssinadorNfe
from chancela.issuing.empresa import Cadastro, Empresa, EnderecoEmpresa
from chancela.issuing.modelo import Assinado, Documento, Estado, Resumo
from chancela.simulator.ca import AutoridadeTeste

CSC = Csc("000001", "ABCDEF0123456789")
LOJA = Empresa(
    id=1, integrador_id=1, cnpj=CNPJ, razao_social="Loja", nome_fantasia="", inscricao_estadual="", regime="normal",
    endereco=EnderecoEmpresa("01001000", "Praça da Sé", "1", "Sé", "São Paulo", "3550308", Uf.SP), unidade="UN",
    email="", telefone="", serie_nfe=1, numero_nfe=1, criada_em=AGORA,
)  # fmt: skip


class UmCsc:
    def __init__(self, csc: Csc | None) -> None:
        self._csc = csc

    def csc(self, empresa_id: int) -> Csc | None:
        assert empresa_id == 1
        return self._csc

    def open_csc(self, empresa_id: int, selado: bytes) -> Csc:
        """An envelope here is the code's identifier, spelt backwards."""
        return Csc(selado.decode()[::-1], f"CODIGO-{empresa_id}")


@pytest.fixture(scope="module")
def certificado(tmp_path_factory: pytest.TempPathFactory) -> Certificado:
    autoridade = AutoridadeTeste.open(tmp_path_factory.mktemp("ca"))
    pfx = autoridade.issue_test_certificate(nome="LOJA", senha="s", agora=AGORA, cnpj=str(CNPJ))
    return load_pkcs12(pfx, "s", agora=AGORA)


@pytest.fixture(scope="module")
def esquemas() -> Esquemas:
    return Esquemas()


def consumer_note() -> Nfe:
    return replace(
        nfe(),
        modelo=Modelo.NFCE,
        destino=Destino.INTERNA,
        presenca=Presenca.PRESENCIAL,
        formato_danfe=FormatoDanfe.NFCE,
        saida_entrada=None,
        consumidor_final=True,
        destinatario=None,
    )


def document(nota: Nfe, tp_emis: int = 1) -> Documento:
    identificacao = identificar(nota, numero=7, tp_emis=tp_emis)
    return Documento(
        id="0" * 24, empresa_id=1, modelo=nota.modelo, ambiente=Ambiente.HOMOLOGACAO, emitente=str(CNPJ), uf=Uf.SP, serie=1,
        numero=7, tp_emis=tp_emis, chave=identificacao.chave.texto, referencia=None, estado=Estado.PENDENTE,
        emitido_em=AGORA, criado_em=AGORA, atualizado_em=AGORA, resumo=Resumo(Decimal(1), "Venda", "", "", 1),
        xml_sem_assinatura=build_infnfe(nota, identificacao),
    )  # fmt: skip


def sign_with(esquemas: Esquemas, csc: Csc | None) -> Callable[[Documento, Certificado], Assinado]:
    assinador = AssinadorNfe(esquemas, cscs=UmCsc(csc), consultas=packaged_consultas())
    return lambda documento, certificado: assinador.prepare(
        documento.modelo, documento.empresa_id, certificado
    )(documento)


def code_of(xml: bytes) -> str:
    suplemento = parse_nfe(xml).suplemento
    assert suplemento is not None
    assert suplemento.url_chave == "https://www.homologacao.nfce.fazenda.sp.gov.br/consulta"
    return suplemento.qr_code.partition("?p=")[2]


def test_with_csc_online(esquemas: Esquemas, certificado: Certificado) -> None:
    documento = document(consumer_note())
    assinado = sign_with(esquemas, CSC)(documento, certificado)
    assert assinado.suplemento is not None
    assert assinado.suplemento in assinado.xml
    inicio = f"{documento.chave}|2|2|1"
    assert (
        code_of(assinado.xml)
        == f"{inicio}|{hashlib.sha1((inicio + CSC.codigo).encode()).hexdigest().upper()}"
    )
    assert verify(assinado.xml, tag="infNFe").digest_value == assinado.digest_value


@pytest.mark.parametrize("selado", [b"200000", None])
def test_what_was_read_with_the_company_is_not_asked_for_again(
    esquemas: Esquemas, certificado: Certificado, selado: bytes | None
) -> None:
    """The code travels sealed: only the signer opens it. A company that has none is not asked again either."""
    documento = document(consumer_note())
    assinador = AssinadorNfe(esquemas, cscs=UmCsc(Csc("000009", "OUTRO")), consultas=packaged_consultas())
    cadastro = Cadastro(LOJA, {}, selado)
    xml = assinador.prepare(Modelo.NFCE, 1, certificado, cadastro)(documento).xml
    if selado is None:
        assert code_of(xml) == f"{documento.chave}|3|2"
    else:
        inicio = f"{documento.chave}|2|2|2"
        assert code_of(xml) == f"{inicio}|{hashlib.sha1((inicio + 'CODIGO-1').encode()).hexdigest().upper()}"


def test_without_csc_online(esquemas: Esquemas, certificado: Certificado) -> None:
    documento = document(consumer_note())
    assert code_of(sign_with(esquemas, None)(documento, certificado).xml) == f"{documento.chave}|3|2"


def test_with_csc_offline_the_code_holds_what_was_signed(
    esquemas: Esquemas, certificado: Certificado
) -> None:
    nota = consumer_note()
    documento = document(nota, tp_emis=9)
    assinado = sign_with(esquemas, CSC)(documento, certificado)
    partes = code_of(assinado.xml).split("|")
    dia = f"{identificar(nota, numero=7).emissao.day:02d}"
    assert partes[:7] == [
        documento.chave, "2", "2", dia, f"{nota.totais.icms.valor_nota:.2f}", assinado.digest_value.encode().hex(), "1",
    ]  # fmt: skip
    assert partes[7] == hashlib.sha1(("|".join(partes[:7]) + CSC.codigo).encode()).hexdigest().upper()


def test_without_csc_offline_the_code_is_signed_with_the_same_key(
    esquemas: Esquemas, certificado: Certificado
) -> None:
    documento = document(consumer_note(), tp_emis=9)
    partes = code_of(sign_with(esquemas, None)(documento, certificado).xml).split("|")
    assert partes[5:7] == ["", ""]
    certificado.chave.public_key().verify(
        base64.b64decode(partes[7]), "|".join(partes[:7]).encode(), PKCS1v15(), SHA1()
    )


def test_model_55_has_no_supplement(esquemas: Esquemas, certificado: Certificado) -> None:
    assinado = sign_with(esquemas, CSC)(document(nfe()), certificado)
    assert assinado.suplemento is None
    assert b"infNFeSupl" not in assinado.xml


def test_what_the_schema_refuses_never_leaves(esquemas: Esquemas, certificado: Certificado) -> None:
    documento = document(consumer_note())
    estragado = replace(
        documento, xml_sem_assinatura=documento.xml_sem_assinatura.replace(b"<mod>65<", b"<mod>99<")
    )
    with pytest.raises(RegraViolada):
        sign_with(esquemas, CSC)(estragado, certificado)
