"""Group ZX: the supplement with the QR Code (NT 2025.001 and the QR Code manual 6.0)."""

import base64
import binascii
import hashlib
from datetime import datetime
from functools import cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1

from chancela.kit.packaged import packaged_rows
from chancela.simulator.nota import Nota
from chancela.simulator.regras.modelo import SO_NFCE, SO_NFE, Contexto, GrupoRegras, Veredito, nota


def _parameters(n: Nota) -> list[str]:
    return n.suplemento.texto("qrCode").strip().partition("?p=")[2].split("|")


_AMBIENTES = {1: "producao", 2: "homologacao"}


@cache
def _addresses(uf: str, ambiente: int, especie: str) -> frozenset[str]:
    """Every address that a UF takes: the present one, alternatives, and the former ones of a transition."""
    return frozenset(
        _comparable(linha["url"])
        for linha in packaged_rows("nfce_qrcode_urls.csv")
        if (linha["uf"], linha["environment"]) == (uf, _AMBIENTES[ambiente])
        and linha["kind"].startswith(especie)
    )


def _comparable(url: str) -> str:
    return url.strip().lower().removeprefix("https://").removeprefix("http://").rstrip("/")


def _wrong_base(n: Nota, _c: Contexto) -> Veredito:
    base = n.suplemento.texto("qrCode").partition("?p=")[0]
    return _comparable(base) not in _addresses(n.uf, n.ambiente, "qrCode")


def _wrong_query_address(n: Nota, _c: Contexto) -> Veredito:
    return _comparable(n.suplemento.texto("urlChave")) not in _addresses(n.uf, n.ambiente, "urlChave")


def _csc_parts(n: Nota, c: Contexto) -> tuple[str, str, str] | None:
    """Text under the hash, identifier and hash of a version 2 code whose issuer's codes are known here."""
    p = _parameters(n)
    if p[1] != "2" or not c.cadastro.judges_csc(n.emitente):
        return None
    return "|".join(p[:-1]), p[-2], p[-1]


def _unknown_csc(n: Nota, c: Contexto) -> Veredito:
    partes = _csc_parts(n, c)
    return partes is not None and c.cadastro.csc(n.emitente, partes[1]) is None


def _revoked_csc(n: Nota, c: Contexto) -> Veredito:
    partes = _csc_parts(n, c)
    codigo = None if partes is None else c.cadastro.csc(n.emitente, partes[1])
    if codigo is None or not codigo.revogado_em:
        return False
    return n.emissao >= datetime.fromisoformat(codigo.revogado_em)


def _wrong_hash(n: Nota, c: Contexto) -> Veredito:
    partes = _csc_parts(n, c)
    codigo = None if partes is None else c.cadastro.csc(n.emitente, partes[1])
    if partes is None or codigo is None:
        return False
    certo = hashlib.sha1((partes[0] + codigo.codigo).encode(), usedforsecurity=False).hexdigest()
    return partes[2].lower() != certo


def _offline_v2_digest(n: Nota) -> str | None:
    """`digVal` of an offline version 2 code, None in any other."""
    p = _parameters(n)
    return p[5] if p[1] == "2" and n.tp_emis == "9" else None


def _recipient_of(n: Nota) -> list[str]:
    """tpIdDest and cDest as the manual wants them."""
    for tipo, tag in (("1", "CNPJ"), ("2", "CPF")):
        if n.dest.tem(tag):
            return [tipo, n.dest.texto(tag)]
    return ["3", ""] if n.dest.tem("idEstrangeiro") else ["", ""]


def _missing(n: Nota, _c: Contexto) -> Veredito:
    p = _parameters(n)
    versao = p[1] if len(p) > 1 else ""
    offline = n.tp_emis == "9"
    esperados = {"2": 8 if offline else 5, "3": 8 if offline else 3}.get(versao, 2)
    return "Param: quantidade" if len(p) < esperados or not all(p[: min(len(p), 3)]) else False


def _diverges(n: Nota, _c: Contexto) -> Veredito:
    p = _parameters(n)
    if p[0] != n.chave:
        return "Param: chNFe"
    if p[2] != str(n.ambiente):
        return "Param: tpAmb"
    if n.tp_emis == "9":
        if p[3].lstrip("0") != str(n.emissao.day):
            return "Param: dia"
        if p[4] != n.icms_tot.texto("vNF"):
            return "Param: vNF"
        digest = _offline_v2_digest(n)
        if (
            digest is not None
            and n.assinatura.digest
            and digest.lower() != n.assinatura.digest.encode().hex()
        ):
            return "Param: digVal"
        if p[1] == "3":
            tipo, documento = _recipient_of(n)
            if p[5] != tipo:
                return "Param: tpIdDest"
            if tipo != "3" and p[6] != documento:
                return "Param: cDest"
    return False


def _v3_signature(n: Nota) -> str | None:
    """The `assinatura` of a version 3 code; None when the code is of another version."""
    p = _parameters(n)
    return None if p[1] != "3" else (p[7] if len(p) > 7 else "")


def _v3_signature_wrong(n: Nota, _c: Contexto) -> Veredito:
    """RSA-SHA1 by the signing certificate over parameters 1 to 7 (QR Code manual 6.0)."""
    assinatura, certificado = _v3_signature(n), n.assinatura.certificado
    if not assinatura or n.tp_emis != "9" or certificado is None or certificado.publica is None:
        return False
    try:
        valor = base64.b64decode(assinatura, validate=True)
        certificado.publica.verify(valor, "|".join(_parameters(n)[:7]).encode(), PKCS1v15(), SHA1())  # noqa: S303 - fixed by the manual
    except (binascii.Error, InvalidSignature):
        return True
    return False


def _not_hex(n: Nota, _c: Contexto) -> Veredito:
    p = _parameters(n)
    if p[1] != "2":
        return False
    return any(c not in "0123456789abcdefABCDEF" for c in p[-1] + (_offline_v2_digest(n) or ""))


GRUPO = GrupoRegras(
    "ZX",
    (
        nota("ZX01-10", 393, "NF-e com o grupo de Informações Suplementares", SO_NFE, lambda n, _c: bool(n.suplemento) and n.ide.texto("tpImp") != "6", so_com="qrCode urlChave"),
        nota("ZX02-10", 394, "Nota Fiscal sem a informação do QR-Code", SO_NFCE, lambda n, _c: not n.suplemento.texto("qrCode").strip()),
        nota("ZX02-15", 903, "Versão informada no QR-Code (\"100\") não é mais válida para a data de emissão", SO_NFCE, lambda n, _c: "nVersao=100" in n.suplemento.texto("qrCode"), prioridade=2),
        nota("ZX02-20", 395, "Endereço do site da UF da Consulta via QR-Code diverge do previsto", SO_NFCE, _wrong_base),
        nota("ZX02-26", 672, "Versão do QR Code diferente de 3 no DANFE Simplificado Tipo 2", SO_NFE, lambda n, _c: n.ide.texto("tpImp") == "6" and _parameters(n)[1:2] != ["3"], prioridade=2, so_com="tpImp=6"),
        nota("ZX02-224", 396, "Parâmetro do QR-Code inexistente", SO_NFCE, _missing),
        nota("ZX02-236", 398, "Parâmetro Versão informada no QR-Code diverge do previsto", SO_NFCE, lambda n, _c: _parameters(n)[1] not in ("2", "3")),
        nota("ZX02-222", 444, "NFC-e com qrCode na versão 2 para Pessoa Física", SO_NFCE, lambda n, _c: _parameters(n)[1] == "2" and n.emit.tem("CPF")),
        nota("ZX02-220", 407, "NFC-e com qrCode na versão 3", SO_NFCE, lambda n, _c: _parameters(n)[1] == "3", prioridade=2, ativa=False),
        nota("ZX02-228", 397, "Parâmetro do QR-Code divergente da Nota Fiscal", SO_NFCE, _diverges),
        nota("ZX02-292", 400, "Parâmetro Hash no QR-Code não está no formato hexadecimal (Caracteres: “0-9”, “a-f”,“A-F”).", SO_NFCE, _not_hex),
        nota("ZX02-304", 462, "Parâmetro Código Identificador do CSC no QR-Code não cadastrado na SEFAZ.", SO_NFCE, _unknown_csc),
        nota("ZX02-308", 463, "Parâmetro Código Identificador do CSC no QR-Code foi revogado pela empresa anteriormente a Data de Emissão.", SO_NFCE, _revoked_csc, prioridade=2),
        nota("ZX02-320", 464, "Parâmetro Hash no QR-Code diverge do calculado", SO_NFCE, _wrong_hash),
        nota("ZX02-330", 445, "Parâmetro assinatura não deve ser informado no qrCode", SO_NFCE, lambda n, _c: n.tp_emis != "9" and bool(_v3_signature(n))),
        nota("ZX02-334", 474, "Parâmetro assinatura deve ser informado no qrCode", SO_NFCE, lambda n, _c: n.tp_emis == "9" and _v3_signature(n) == ""),
        nota("ZX02-338", 583, "Valor da assinatura do qrCode difere do valor calculado", SO_NFCE, _v3_signature_wrong),
        nota("ZX03-20", 878, "Endereço do site da UF da Consulta por chave de acesso diverge do previsto", SO_NFCE, _wrong_query_address, prioridade=2),
    ),
)  # fmt: skip
