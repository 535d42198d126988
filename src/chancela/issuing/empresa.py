"""The issuing company as stored: what every document of it needs, and nothing secret."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from chancela.domain.identidade import Cnpj, Uf


@dataclass(frozen=True, slots=True)
class EnderecoEmpresa:
    """Address of the company; `municipio_ibge` is resolved from the CEP."""

    cep: str
    logradouro: str
    numero: str
    bairro: str
    municipio: str
    municipio_ibge: str
    uf: Uf
    complemento: str = ""


@dataclass(frozen=True, slots=True)
class Empresa:
    """One issuing company of an integrator. Secrets (certificate, CSC, token) live in the vault, not here."""

    id: int
    integrador_id: int
    cnpj: Cnpj
    razao_social: str
    nome_fantasia: str
    inscricao_estadual: str
    regime: str
    """The wire word of the TFFiscal contract: simples_nacional, simples_excesso, normal, mei."""
    endereco: EnderecoEmpresa
    unidade: str
    email: str
    telefone: str
    serie_nfe: int
    numero_nfe: int
    """First number for a series never used; the present next number comes from the numbering."""
    criada_em: datetime
    serie_nfce: int | None = None
    numero_nfce: int | None = None
    csc_id: str = ""
    certificado_url: str = ""
    """Where the certificate was fetched from, as the contract shows it back (never the file, never a `data:` URL)."""
    configuracao: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Company settings (taxes, rules, contingency), JSON."""


@dataclass(frozen=True, slots=True)
class NovaEmpresa:
    """What `create` stores in one transaction, secrets included; the store seals them before they touch a row."""

    integrador_id: int
    cnpj: Cnpj
    razao_social: str
    nome_fantasia: str
    inscricao_estadual: str
    regime: str
    endereco: EnderecoEmpresa
    unidade: str
    email: str
    telefone: str
    serie_nfe: int
    numero_nfe: int
    certificado_pfx: bytes
    certificado_senha: str
    certificado_impressao: str
    certificado_inicio: datetime
    certificado_fim: datetime
    certificado_url: str = ""
    categorias: Sequence["Categoria"] = ()
    """Default tax categories to create along (`is_create_category_template`)."""


@dataclass(frozen=True, slots=True)
class Categoria:
    """A tax category of a company: `conteudo` is the caller's structure, validated, JSON."""

    codigo: str
    """`category_id`: the caller's own, or `TF` and a number."""
    descricao: str
    conteudo: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Integrador:
    """A reseller or ERP that registers companies (the b2b account)."""

    id: int
    nome: str
    plano: str
    exige_hmac: bool


@dataclass(frozen=True, slots=True)
class Credencial:
    """Who a token speaks for. `token` is needed in clear: the contract signs with it."""

    token: str
    integrador: Integrador
    empresa: Empresa | None


class Empresas(Protocol):
    """Integrators, companies and their tokens."""

    def create_integrador(self, nome: str, *, plano: str = "ilimitado") -> tuple[Integrador, str]:
        """A new integrator and its b2b token, shown this once."""
        ...

    def authenticate(self, token: str) -> Credencial | None:
        """The owner of a token (by lookup hash), or None. Cached by the caller, not here."""
        ...

    def create(self, nova: NovaEmpresa) -> tuple[Empresa, str]:
        """Store a company, its certificate and its token; returns it with the token.

        The same CNPJ under the same integrator: `EstadoInvalido` with code `EMPRESA-JA-EXISTE`.
        """
        ...

    def get(self, empresa_id: int) -> Empresa | None:
        """One company by id."""
        ...


class Categorias(Protocol):
    """Tax categories of a company."""

    def create(
        self, empresa_id: int, *, codigo: str | None, descricao: str, conteudo: Mapping[str, Any]
    ) -> Categoria:
        """Store a category; without `codigo` the next `TF<n>` of the company. Taken code: `EstadoInvalido`."""
        ...

    def get(self, empresa_id: int, codigo: str) -> Categoria | None:
        """One category."""
        ...

    def get_many(self, empresa_id: int, codigos: Sequence[str]) -> Mapping[str, Categoria]:
        """Several at once, missing ones absent."""
        ...


class RespostasRepetidas(Protocol):
    """Answers to state-changing calls, so that the same (token, sign) inside the window gets the first one."""

    def begin(self, chave: bytes) -> tuple[bool, bytes | None]:
        """(True, None): go ahead, the place is taken; (False, answer): done before; (False, None): being done now."""
        ...

    def finish(self, chave: bytes, resposta: bytes) -> None:
        """Keep the answer for the window."""
        ...

    def abandon(self, chave: bytes) -> None:
        """Free the place after a failure of ours, so that a repeat is tried again."""
        ...
