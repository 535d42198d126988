"""The register of taxpayers (CCC-like) and their NFC-e security codes. Fictitious companies only.

Whoever is not in it is taken as registered and enabled, if the CNPJ or CPF is valid; the codes of an issuer are judged
once it has registered one.
"""

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
    bloqueado: bool = False
    fantasia: str = ""
    cep: str = ""
    logradouro: str = ""
    numero: str = ""
    complemento: str = ""
    bairro: str = ""
    municipio: str = ""
    telefone: str = ""


@dataclass(frozen=True, slots=True)
class CodigoSeguranca:
    """A CSC of an issuer; `revogado_em` is the ISO instant from which it is void, empty while it is good."""

    documento: str
    id: str
    codigo: str
    revogado_em: str = ""


class Cadastro:
    """Registrations by document. `estrito` refuses issuers that are not in it (230, 245)."""

    def __init__(
        self,
        contribuintes: list[Contribuinte] | None = None,
        *,
        estrito: bool = False,
        codigos: list[CodigoSeguranca] | None = None,
    ) -> None:
        self._por_documento: dict[str, list[Contribuinte]] = {}
        self._por_ie: dict[tuple[str, str], Contribuinte] = {}
        self.estrito = estrito
        self._codigos: dict[tuple[str, str], CodigoSeguranca] = {}
        for contribuinte in contribuintes or []:
            self.add(contribuinte)
        for codigo in codigos or []:
            self.add_csc(codigo)

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

    def of_root(self, raiz: str) -> list[Contribuinte]:
        """Registrations of all establishments whose document begins so."""
        return [
            c
            for documento, lista in self._por_documento.items()
            if raiz and documento.startswith(raiz)
            for c in lista
        ]

    def by_ie(self, uf: str, ie: str) -> Contribuinte | None:
        return self._por_ie.get((uf, ie.lstrip("0")))

    def add_csc(self, codigo: CodigoSeguranca) -> None:
        """Register a security code; the same document and identifier is replaced. Left zeros do not count."""
        self._codigos[codigo.documento, codigo.id.lstrip("0")] = codigo

    def csc(self, documento: str, identificador: str) -> CodigoSeguranca | None:
        return self._codigos.get((documento, identificador.lstrip("0")))

    def judges_csc(self, documento: str) -> bool:
        """Whether the codes of this issuer are known here."""
        return self.estrito or any(dono == documento for dono, _ in self._codigos)

    def dump_csc(self) -> list[dict[str, Any]]:
        return [asdict(codigo) for codigo in self._codigos.values()]

    def dump(self) -> list[dict[str, Any]]:
        return [asdict(c) for lista in self._por_documento.values() for c in lista]

    @classmethod
    def restore(
        cls, linhas: list[dict[str, Any]], *, estrito: bool, codigos: list[dict[str, Any]] | None = None
    ) -> "Cadastro":
        return cls(
            [Contribuinte(**linha) for linha in linhas],
            estrito=estrito,
            codigos=[CodigoSeguranca(**codigo) for codigo in codigos or []],
        )
