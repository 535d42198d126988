"""The issuing company as stored: what every document of it needs, and nothing secret."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from chancela.documents.nfce.qrcode import Csc
from chancela.domain.assinatura.certificado import Certificado
from chancela.domain.identidade import Ambiente, Cnpj, Modelo, Uf
from chancela.gateways.cnpj import CadastroCnpj


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
    serie_nfce: int | None = None
    numero_nfce: int | None = None
    csc: Csc | None = None


@dataclass(frozen=True, slots=True)
class NovoCertificado:
    """An A1 that was already opened and judged. `impressao` is the SHA-256 of its certificate, hex."""

    pfx: bytes = field(repr=False)
    senha: str = field(repr=False)
    impressao: str
    inicio: datetime
    fim: datetime
    url: str = ""
    """What `Empresa.certificado_url` becomes."""


@dataclass(frozen=True, slots=True)
class MudancaEmpresa:
    """What changes of a company; None stays as it is. The CNPJ never changes."""

    razao_social: str | None = None
    nome_fantasia: str | None = None
    inscricao_estadual: str | None = None
    regime: str | None = None
    endereco: EnderecoEmpresa | None = None
    unidade: str | None = None
    email: str | None = None
    telefone: str | None = None
    serie_nfe: int | None = None
    numero_nfe: int | None = None
    """Next number of the NF-e series; a used series only moves forward."""
    serie_nfce: int | None = None
    numero_nfce: int | None = None
    """The same of the NFC-e series."""
    csc: Csc | None = None
    certificado: NovoCertificado | None = None


@dataclass(frozen=True, slots=True)
class PaginaEmpresas:
    """One page of an integrator's companies with their tokens, in the order they were registered, and how many in all."""

    empresas: Sequence[tuple[Empresa, str]]
    total: int


@dataclass(frozen=True, slots=True)
class Categoria:
    """A tax category of a company: `conteudo` is the caller's structure, validated, JSON."""

    codigo: str
    """`category_id`: the caller's own, or `TF` and a number."""
    descricao: str
    conteudo: Mapping[str, Any]
    modelo: Modelo = Modelo.NFE
    """Whose categories it is listed with: those of the NF-e, or the flat ones of the NFC-e. Codes are shared."""


@dataclass(frozen=True, slots=True)
class Cadastro:
    """What a receipt needs of its company, as stored at one moment."""

    empresa: Empresa
    categorias: Mapping[str, Mapping[str, Any]]
    """The contents of the categories that were asked for and exist, by code."""
    csc_selado: bytes | None = field(repr=False)
    """The envelope of its CSC, which only the signer opens; None for a company without one."""


@dataclass(frozen=True, slots=True)
class PaginaCategorias:
    """One page of a company's categories, in the order they were made, and how many there are in all."""

    categorias: Sequence[Categoria]
    total: int


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

    def change_plan(self, integrador_id: int, plano: str) -> Integrador | None:
        """Put an integrator on another plan; None without the integrator."""
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

    def read_cadastro(self, empresa_id: int, codigos: Sequence[str]) -> Cadastro | None:
        """The company, the categories of these codes and the sealed CSC, all of one moment; None without the company."""
        ...

    def find(self, integrador_id: int, cnpj: Cnpj) -> tuple[Empresa, str] | None:
        """The company of this CNPJ under an integrator, with the token it has."""
        ...

    def list_page(self, integrador_id: int, *, pagina: int, tamanho: int) -> PaginaEmpresas:
        """One page (from 1) of the companies of an integrator."""
        ...

    def update(self, empresa_id: int, mudanca: MudancaEmpresa) -> Empresa:
        """Change a company in one transaction, secrets and numbering included; returns it as it now is."""
        ...

    def csc(self, empresa_id: int) -> Csc | None:
        """The NFC-e security code in use."""
        ...

    def next_number(self, empresa: Empresa, modelo: Modelo, serie: int, ambiente: Ambiente) -> int | None:
        """The next number of a series; None while it was never used in that environment."""
        ...


class Categorias(Protocol):
    """Tax categories of a company."""

    def create(
        self,
        empresa_id: int,
        *,
        codigo: str | None,
        descricao: str,
        conteudo: Mapping[str, Any],
        modelo: Modelo = Modelo.NFE,
    ) -> Categoria:
        """Store a category; without `codigo` the next `TF<n>` of the company. Taken code: `EstadoInvalido`."""
        ...

    def get(self, empresa_id: int, codigo: str) -> Categoria | None:
        """One category."""
        ...

    def get_many(self, empresa_id: int, codigos: Sequence[str]) -> Mapping[str, Categoria]:
        """Several at once, missing ones absent."""
        ...

    def list_page(self, empresa_id: int, modelo: Modelo, *, pagina: int, tamanho: int) -> PaginaCategorias:
        """One page (from 1) of the categories of a model."""
        ...

    def list_all(self, empresa_id: int, modelo: Modelo) -> Sequence[Categoria]:
        """All categories of a model, in the order they were made."""
        ...

    def replace(self, empresa_id: int, categoria: Categoria) -> bool:
        """Put new content in place of the old; False when the company has no such category of that model."""
        ...

    def delete(self, empresa_id: int, codigo: str, modelo: Modelo) -> bool:
        """Take a category away; False when there was none. Documents already made keep their taxes."""
        ...


class ConsultaCnpj(Protocol):
    """A register of companies, asked over the network."""

    async def find(self, cnpj: Cnpj, certificado: Certificado | None = None) -> CadastroCnpj | None:
        """What the register knows of a CNPJ; None when it does not know it.

        `certificado` is the company's own, for registers that only tell who shows one (SEFAZ).

        Raises `TransmissaoRecusada` when the register cannot be asked.
        """
        ...


class RespostasRepetidas(Protocol):
    """Answers to state-changing calls, so that the same (token, sign) inside the window gets the first one."""

    def begin(self, chaves: Sequence[bytes]) -> Sequence[tuple[bool, bytes | None]]:
        """Of each call, in order: (True, None): go ahead, the place is taken; (False, answer): done before; (False, None):
        being done now. All in one transaction."""
        ...

    def finish(self, respostas: Sequence[tuple[bytes, bytes]]) -> Sequence[None]:
        """Keep the answers, each with its key, for the window."""
        ...

    def abandon(self, chave: bytes) -> None:
        """Free the place after a failure of ours, so that a repeat is tried again."""
        ...
