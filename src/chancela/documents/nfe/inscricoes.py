"""State registrations (IE): their form, and the check digits of each state."""

import re
from functools import lru_cache

from erpbrasil.base.fiscal import ie as inscricao

IE = re.compile(r"[0-9]{2,14}|ISENTO")
IE_NUMERO = re.compile(r"[0-9]{2,14}")


@lru_cache(maxsize=4096)
def ie_holds(uf: str, texto: str) -> bool:
    """Whether an IE has the size and check digits of its UF; zeros on the left do not count.

    The old form of TO has two digits of kind after the first two, which take no part in the check.
    """
    if not IE_NUMERO.fullmatch(texto):
        return False
    if uf == "TO" and len(texto) == 11:
        texto = texto[:2] + texto[4:]
    curto = texto.lstrip("0")
    tamanhos = range(len(curto), 15)
    return any(bool(inscricao.validar(uf.lower(), curto.rjust(n, "0"))) for n in tamanhos)
