"""What an answer of the authority says, read from its bytes without the product's readers."""

import re

_C_STAT = re.compile(rb"<cStat>(\d{3,4})</cStat>")


def verdict_of(corpo: bytes) -> int:
    """The innermost cStat: of the protocol or event when there is one, else of the message; 0 when there is none."""
    lote = _C_STAT.search(corpo)
    if lote is None:
        return 0
    for grupo in (b"<infProt", b"<infEvento"):
        depois = corpo.find(grupo)
        if depois >= 0 and int(lote[1]) in (104, 128):
            achado = _C_STAT.search(corpo, depois)
            return int(achado[1]) if achado is not None else 0
    return int(lote[1])
