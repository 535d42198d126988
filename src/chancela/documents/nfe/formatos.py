"""Forms of values that only these documents know."""

from chancela.documents.nfe.participantes import IdEstrangeiro, UfOuExterior
from chancela.domain.identidade import Uf
from chancela.domain.xml.escrita import escape_text
from chancela.domain.xml.formatos import Formato


def _read_uf(texto: str) -> UfOuExterior:
    return "EX" if texto == "EX" else Uf(texto)


UF_OU_EX = Formato(str, _read_uf)
ID_ESTRANGEIRO = Formato(lambda v: escape_text(v), IdEstrangeiro)
