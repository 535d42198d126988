"""The register of taxpayers (CCC-like). Whoever is not in it is taken as registered and enabled, if the CNPJ or CPF is valid."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Contribuinte:
    """One registration: identity, UF, IE and what it may do. Fictitious companies only."""

    documento: str
    uf: str
    ie: str
    nome: str
    crt: str = "3"
    habilitado_nfe: bool = True
    habilitado_nfce: bool = True
    ativa: bool = True
    vedado: bool = False


class Cadastro:
    """Registrations by document. `estrito` refuses issuers that are not in it (230, 245)."""

    def __init__(self, contribuintes: list[Contribuinte] | None = None, *, estrito: bool = False) -> None:
        self._por_documento: dict[str, list[Contribuinte]] = {}
        self._por_ie: dict[tuple[str, str], Contribuinte] = {}
        self.estrito = estrito
        for contribuinte in contribuintes or []:
            self.add(contribuinte)

    def add(self, contribuinte: Contribuinte) -> None:
        """Register; the same document and IE is replaced."""
        self.remove(contribuinte.documento, contribuinte.ie)
        self._por_documento.setdefault(contribuinte.documento, []).append(contribuinte)
        if contribuinte.ie:
            self._por_ie[contribuinte.uf, contribuinte.ie.lstrip("0")] = contribuinte

    def remove(self, documento: str, ie: str | None = None) -> None:
        """Take out all registrations of a document, or the one with this IE."""
        ficam = [c for c in self._por_documento.get(documento, []) if ie is not None and c.ie != ie]
        for c in self._por_documento.get(documento, []):
            if c not in ficam:
                self._por_ie.pop((c.uf, c.ie.lstrip("0")), None)
        if ficam:
            self._por_documento[documento] = ficam
        else:
            self._por_documento.pop(documento, None)

    def of(self, documento: str, uf: str = "") -> list[Contribuinte]:
        """Registrations of a document, in one UF when given."""
        return [c for c in self._por_documento.get(documento, []) if not uf or c.uf == uf]

    def by_ie(self, uf: str, ie: str) -> Contribuinte | None:
        return self._por_ie.get((uf, ie.lstrip("0")))

    def dump(self) -> list[dict[str, Any]]:
        return [asdict(c) for lista in self._por_documento.values() for c in lista]

    @classmethod
    def restore(cls, linhas: list[dict[str, Any]], *, estrito: bool) -> "Cadastro":
        return cls([Contribuinte(**linha) for linha in linhas], estrito=estrito)
