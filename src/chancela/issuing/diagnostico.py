"""What `chancela doctor` finds, and the judgements that need no network: certificate, chain and clock."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cryptography import x509
from cryptography.exceptions import InvalidSignature

from chancela.domain.assinatura.certificado import Certificado
from chancela.domain.identidade import Cnpj

AVISO_VENCIMENTO = timedelta(days=30)
DESVIO_TOLERADO = timedelta(seconds=30)
DESVIO_RECUSADO = timedelta(minutes=5)
"""SEFAZ refuses a document dated more than five minutes ahead of its clock (703)."""


class Situacao(StrEnum):
    """How bad it is."""

    CERTO = "certo"
    AVISO = "aviso"
    ERRO = "erro"


@dataclass(frozen=True, slots=True)
class Achado:
    """One thing looked at: what was seen, and what to do when it is not right."""

    item: str
    situacao: Situacao
    visto: str
    correcao: str = ""


def judge_certificado(item: str, certificado: Certificado, titular: Cnpj, agora: datetime) -> Achado:
    """Dates and holder."""
    if certificado.cnpj is None or certificado.cnpj.raiz != titular.raiz:
        dono = certificado.documento or "sem CNPJ"
        return Achado(
            item, Situacao.ERRO, f"O certificado é de {dono}, e a empresa é {titular.formatado}.",
            "Envie o A1 da própria empresa ou da matriz dela.",
        )  # fmt: skip
    visto = f"{certificado.titular}, válido até {certificado.fim:%d/%m/%Y %H:%M} UTC"
    if not certificado.valid_at(agora):
        return Achado(
            item, Situacao.ERRO, f"Fora da validade: {visto}.", "Renove o certificado e envie o novo."
        )
    if certificado.fim - agora <= AVISO_VENCIMENTO:
        dias = (certificado.fim - agora).days
        return Achado(
            item,
            Situacao.AVISO,
            f"Vence em {dias} dias: {visto}.",
            "Renove o certificado antes do vencimento.",
        )
    return Achado(item, Situacao.CERTO, visto)


def judge_chain(item: str, certificado: Certificado, raizes: Sequence[bytes]) -> Achado:
    """The issuers that came in the file, link by link, up to a root of ICP-Brasil (`raizes`, DER)."""
    folha = x509.load_der_x509_certificate(certificado.der)
    cadeia = [folha, *(x509.load_der_x509_certificate(der) for der in certificado.cadeia)]
    for emitido, emissor in itertools.pairwise(cadeia):
        try:
            emitido.verify_directly_issued_by(emissor)
        except (InvalidSignature, ValueError, TypeError):
            return Achado(
                item, Situacao.ERRO, "A cadeia que veio no arquivo não assina o certificado.",
                "Exporte o A1 de novo, com a cadeia da autoridade que o emitiu.",
            )  # fmt: skip
    confiaveis = {x509.load_der_x509_certificate(der).subject for der in raizes}
    if confiaveis & {cadeia[-1].issuer, cadeia[-1].subject}:
        return Achado(item, Situacao.CERTO, f"Cadeia de {len(cadeia)} certificados até a ICP-Brasil")
    if len(cadeia) == 1:
        return Achado(item, Situacao.CERTO, "O arquivo traz só o certificado, o que basta à SEFAZ")
    return Achado(
        item, Situacao.AVISO, "A cadeia não chega à ICP-Brasil: certificado de teste.",
        "Em produção, use um A1 emitido por autoridade da ICP-Brasil.",
    )  # fmt: skip


def judge_clock(item: str, nosso: datetime, deles: datetime) -> Achado:
    """Our clock against that of an authorizer, which answered in between."""
    desvio = nosso - deles
    visto = f"{desvio.total_seconds():+.0f} s em relação ao autorizador"
    if abs(desvio) > DESVIO_RECUSADO:
        return Achado(
            item, Situacao.ERRO, visto, "Acerte o relógio da máquina (NTP): a SEFAZ recusa estas datas (703)."
        )
    if abs(desvio) > DESVIO_TOLERADO:
        return Achado(item, Situacao.AVISO, visto, "Acerte o relógio da máquina por NTP.")
    return Achado(item, Situacao.CERTO, visto)
