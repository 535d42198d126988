"""Group ZX: the supplement with the QR Code (NT 2025.001 and the QR Code manual 6.0). The UF's addresses are not judged yet."""

import base64
import binascii

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1

from chancela.simulator.nota import Nota
from chancela.simulator.regras.modelo import SO_NFCE, SO_NFE, Contexto, GrupoRegras, Veredito, nota


def _parameters(n: Nota) -> list[str]:
    return n.suplemento.texto("qrCode").strip().partition("?p=")[2].split("|")


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
    return p[1] == "2" and any(c not in "0123456789abcdefABCDEF" for c in p[-1])


GRUPO = GrupoRegras(
    "ZX",
    (
        nota("ZX01-10", 393, "NF-e com o grupo de Informações Suplementares", SO_NFE, lambda n, _c: bool(n.suplemento) and n.ide.texto("tpImp") != "6"),
        nota("ZX02-10", 394, "Nota Fiscal sem a informação do QR-Code", SO_NFCE, lambda n, _c: not n.suplemento.texto("qrCode").strip()),
        nota("ZX02-224", 396, "Parâmetro do QR-Code inexistente", SO_NFCE, _missing),
        nota("ZX02-236", 398, "Parâmetro Versão informada no QR-Code diverge do previsto", SO_NFCE, lambda n, _c: _parameters(n)[1] not in ("2", "3")),
        nota("ZX02-222", 444, "NFC-e com qrCode na versão 2 para Pessoa Física", SO_NFCE, lambda n, _c: _parameters(n)[1] == "2" and n.emit.tem("CPF")),
        nota("ZX02-228", 397, "Parâmetro do QR-Code divergente da Nota Fiscal", SO_NFCE, _diverges),
        nota("ZX02-292", 400, "Parâmetro Hash no QR-Code não está no formato hexadecimal (Caracteres: “0-9”, “a-f”,“A-F”).", SO_NFCE, _not_hex),
        nota("ZX02-330", 445, "Parâmetro assinatura não deve ser informado no qrCode", SO_NFCE, lambda n, _c: n.tp_emis != "9" and bool(_v3_signature(n))),
        nota("ZX02-334", 474, "Parâmetro assinatura deve ser informado no qrCode", SO_NFCE, lambda n, _c: n.tp_emis == "9" and _v3_signature(n) == ""),
        nota("ZX02-338", 583, "Valor da assinatura do qrCode difere do valor calculado", SO_NFCE, _v3_signature_wrong),
    ),
)  # fmt: skip
