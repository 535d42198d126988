"""Signs a stored NF-e or NFC-e: the text it was numbered with, the company's key, and a last look of the schema."""

from collections.abc import Callable
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1

from chancela.documents.nfce.enderecos import ConsultasNfce
from chancela.documents.nfce.qrcode import Csc, FatosAssinados, build_suplemento_nfce
from chancela.documents.nfe.layout import build_suplemento, compose_nfe
from chancela.domain.assinatura.certificado import Certificado
from chancela.domain.assinatura.perfil import Assinatura, has_official_form, sign
from chancela.domain.erros import RegraViolada
from chancela.domain.identidade import Modelo
from chancela.domain.valores import decimal_of
from chancela.domain.xml.esquemas import Esquema, Esquemas
from chancela.domain.xml.explicacao import explain
from chancela.domain.xml.leitura import find_local, parse_xml, text_of
from chancela.issuing.empresa import Cadastro
from chancela.issuing.julgados import Julgados
from chancela.issuing.modelo import Assinado, Documento


class Cscs(Protocol):
    """The security codes of the companies, opened from the vault."""

    def csc(self, empresa_id: int) -> Csc | None:
        """The code in use; None for a company that has none (QR Code version 3)."""
        ...

    def open_csc(self, empresa_id: int, selado: bytes) -> Csc:
        """The code in an envelope of this company. Asks nothing of the store."""
        ...


class AssinadorNfe:
    """`issuing.admissoes.Assinador` of models 55 and 65."""

    def __init__(
        self, esquemas: Esquemas, *, cscs: Cscs, consultas: ConsultasNfce, julgados: Julgados | None = None
    ) -> None:
        self._esquemas = esquemas
        self._julgados = julgados if julgados is not None else Julgados()
        self._cscs = cscs
        self._consultas = consultas

    def prepare(
        self, modelo: Modelo, empresa_id: int, certificado: Certificado, cadastro: Cadastro | None = None
    ) -> Callable[[Documento], Assinado]:
        """See the port. What it returns raises `RegraViolada` when the schema refuses the signed bytes: nothing may leave
        then."""
        csc = self._csc(empresa_id, cadastro) if modelo is Modelo.NFCE else None
        return lambda documento: self._sign(documento, certificado, csc)

    def _csc(self, empresa_id: int, cadastro: Cadastro | None) -> Csc | None:
        if cadastro is None:
            return self._cscs.csc(empresa_id)
        selado = cadastro.csc_selado
        return None if selado is None else self._cscs.open_csc(empresa_id, selado)

    def _sign(self, documento: Documento, certificado: Certificado, csc: Csc | None) -> Assinado:
        assinatura = sign(documento.xml_sem_assinatura, f"NFe{documento.chave}", certificado)
        suplemento = None
        if documento.modelo is Modelo.NFCE:
            suplemento = self._supplement(documento, certificado, csc, assinatura.digest_value)
        xml = compose_nfe(documento.xml_sem_assinatura, suplemento, assinatura.xml)
        if suplemento is not None or not is_proven(
            documento.xml_sem_assinatura, assinatura, documento.chave, certificado, self._julgados
        ):
            falhas = self._esquemas.validate(Esquema.NFE, parse_xml(xml, assinado=True))
            if falhas:
                raise RegraViolada(tuple(explain(falha) for falha in falhas))
        return Assinado(xml, assinatura.digest_value, suplemento)

    def _supplement(
        self, documento: Documento, certificado: Certificado, csc: Csc | None, digest_value: str
    ) -> bytes:
        """`infNFeSupl` out of the bytes just signed, never out of what was asked for."""

        def sign_text(conteudo: bytes) -> bytes:
            return certificado.chave.sign(conteudo, PKCS1v15(), SHA1())  # noqa: S303 - fixed by the manual

        suplemento = build_suplemento_nfce(
            read_facts(documento, digest_value),
            self._consultas.find(documento.uf, documento.ambiente),
            csc=csc,
            emitente_cpf=len(documento.emitente) == 11,
            assinante=sign_text,
        )
        return build_suplemento(suplemento)


def is_proven(
    infnfe: bytes, assinatura: Assinatura, chave: str, certificado: Certificado, julgados: Julgados
) -> bool:
    """Whether the schema need not be asked again: this process saw it accept these bytes under a placeholder number, and
    the signature has the official form, field by field."""
    return julgados.knows(infnfe) and has_official_form(assinatura, f"NFe{chave}", certificado)


def read_facts(documento: Documento, digest_value: str) -> FatosAssinados:
    """What the QR Code tells, read from the signed text."""
    infnfe = parse_xml(documento.xml_sem_assinatura)
    tipo, identidade = "", ""
    destinatario = find_local(infnfe, "dest")
    if destinatario is not None:
        for codigo, tag in (("1", "CNPJ"), ("2", "CPF"), ("3", "idEstrangeiro")):
            if find_local(destinatario, tag) is not None:
                tipo, identidade = codigo, text_of(destinatario, tag)
    return FatosAssinados(
        chave=documento.chave,
        ambiente=documento.ambiente,
        tp_emis=documento.tp_emis,
        dia_emissao=int(text_of(infnfe, "ide/dhEmi")[8:10]),
        valor_total=decimal_of(text_of(infnfe, "total/ICMSTot/vNF")),
        tipo_destinatario=tipo,
        destinatario=identidade,
        digest_value=digest_value,
    )
