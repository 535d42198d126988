"""Text of the NFC-e QR Code: version 2 with CSC, version 3 without (NT 2025.001; QR Code manual 6.0).

Online texts depend on the key alone; offline ones (tpEmis 9) also on what was signed, so the supplement is made when the
document is signed and not before.
"""

import base64
import hashlib
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from chancela.documents.nfce.enderecos import EnderecosConsulta
from chancela.documents.nfe.modelo import Suplemento
from chancela.domain.erros import RegraViolada, Violacao
from chancela.domain.identidade import Ambiente

OFFLINE = 9


class Assinante(Protocol):
    """Signs bytes with RSA PKCS#1 v1.5 over SHA-1, as the QR Code manual fixes."""

    def __call__(self, conteudo: bytes) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Csc:
    """The taxpayer's security code: `id` as registered (left zeros do not count) and the secret itself."""

    id: str
    codigo: str

    def __repr__(self) -> str:
        return f"Csc(id={self.id!r})"


@dataclass(frozen=True, slots=True)
class FatosAssinados:
    """What the texts speak of, read from the very bytes that are signed."""

    chave: str
    ambiente: Ambiente
    tp_emis: int
    dia_emissao: int
    valor_total: Decimal
    """vNF, two places."""
    tipo_destinatario: str = ""
    """1 CNPJ, 2 CPF, 3 foreign document; empty without recipient."""
    destinatario: str = ""
    digest_value: str = ""
    """Base64, as in the signature."""

    @property
    def offline(self) -> bool:
        return self.tp_emis == OFFLINE


def build_v2(fatos: FatosAssinados, csc: Csc, base: str) -> str:
    """Version 2. SHA-1 over the parameters and, with nothing in between, the CSC; in upper case."""
    partes = [fatos.chave, "2", str(fatos.ambiente.value)]
    if fatos.offline:
        assert fatos.digest_value, "the offline text holds the digest"
        partes += [
            f"{fatos.dia_emissao:02d}", f"{fatos.valor_total:.2f}", fatos.digest_value.encode().hex(),
        ]  # fmt: skip
    partes.append(csc.id.lstrip("0") or "0")
    texto = "|".join(partes)
    resumo = hashlib.sha1((texto + csc.codigo).encode(), usedforsecurity=False).hexdigest().upper()
    return f"{base}?p={texto}|{resumo}"


def build_v3(fatos: FatosAssinados, base: str, assinante: Assinante) -> str:
    """Version 3. Online there is no secret in it; offline it is signed with the key of the document."""
    partes = [fatos.chave, "3", str(fatos.ambiente.value)]
    if fatos.offline:
        # A foreigner is told by the type alone: the manual leaves the document itself out.
        identidade = "" if fatos.tipo_destinatario == "3" else fatos.destinatario
        partes += [
            f"{fatos.dia_emissao:02d}", f"{fatos.valor_total:.2f}", fatos.tipo_destinatario, identidade,
        ]  # fmt: skip
        partes.append(base64.b64encode(assinante("|".join(partes).encode())).decode())
    return f"{base}?p={'|'.join(partes)}"


def build_suplemento_nfce(
    fatos: FatosAssinados,
    enderecos: EnderecosConsulta,
    *,
    csc: Csc | None,
    emitente_cpf: bool,
    assinante: Assinante,
) -> Suplemento:
    """`infNFeSupl`: version 2 for who has a CSC, version 3 for who has none, and for a CPF issuer always (444)."""
    if csc is None or emitente_cpf:
        qr_code = build_v3(fatos, enderecos.qr_code, assinante)
    else:
        qr_code = build_v2(fatos, csc, enderecos.qr_code)
    return Suplemento(qr_code=qr_code, url_chave=enderecos.url_chave)


def check_csc(csc: Csc) -> None:
    """Raises `RegraViolada` for what no state accepts: an id of up to 6 digits, a code of visible ASCII characters."""
    violacoes: list[Violacao] = []
    if not (csc.id.isascii() and csc.id.isdecimal() and 1 <= len(csc.id) <= 6 and int(csc.id) > 0):
        violacoes.append(
            Violacao(
                "NFCE-CSC-01", "csc_id", "O identificador do CSC tem de 1 a 6 algarismos.",
                "Envie o identificador que a SEFAZ mostra ao lado do CSC, como 000001.",
                rotulo="Identificador do CSC", valor=csc.id, c_stat=462,
            )
        )  # fmt: skip
    if not (1 <= len(csc.codigo) <= 100 and all("!" <= c <= "~" for c in csc.codigo)):
        violacoes.append(
            Violacao(
                "NFCE-CSC-02", "csc", "O CSC não pode ter espaços nem acentos.",
                "Copie o CSC do portal da SEFAZ sem espaços em volta.", rotulo="CSC", c_stat=464,
            )
        )  # fmt: skip
    if violacoes:
        raise RegraViolada(tuple(violacoes))
