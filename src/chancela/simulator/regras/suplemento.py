"""Group ZX: the supplement with the QR Code (NT 2025.001 and the QR Code manual 6.0). The UF's addresses are not judged yet."""

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
        if int(p[3] or 0) != n.emissao.day:
            return "Param: dia"
        if p[4] != n.icms_tot.texto("vNF"):
            return "Param: vNF"
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
    ),
)  # fmt: skip
