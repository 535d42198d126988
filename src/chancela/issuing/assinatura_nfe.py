"""Signs a stored NF-e: the text it was numbered with, the company's key, and a last look of the schema."""

from chancela.documents.nfe.layout import compose_nfe
from chancela.domain.assinatura.certificado import Certificado
from chancela.domain.assinatura.perfil import sign
from chancela.domain.erros import RegraViolada
from chancela.domain.xml.esquemas import Esquema, Esquemas
from chancela.domain.xml.explicacao import explain
from chancela.issuing.modelo import Assinado, Documento


class AssinadorNfe:
    """`issuing.emissao.Assinador` of model 55."""

    def __init__(self, esquemas: Esquemas) -> None:
        self._esquemas = esquemas

    def __call__(self, documento: Documento, certificado: Certificado) -> Assinado:
        """Raises `RegraViolada` when the schema refuses the signed bytes: nothing may leave then."""
        assinatura = sign(documento.xml_sem_assinatura, f"NFe{documento.chave}", certificado)
        xml = compose_nfe(documento.xml_sem_assinatura, None, assinatura.xml)
        falhas = self._esquemas.validate(Esquema.NFE, xml)
        if falhas:
            raise RegraViolada(tuple(explain(falha) for falha in falhas))
        return Assinado(xml, assinatura.digest_value)
