"""People and places of the document: issuer, recipient, pickup, delivery, who may download, who carries."""

from datetime import date
from decimal import Decimal
from typing import Literal

from chancela.documents.nfe.enumeracoes import Crt, IndicadorIe
from chancela.domain.identidade import Cnpj, Cpf, Uf
from chancela.kit.frozen import frozen

UfOuExterior = Uf | Literal["EX"]
PAIS_BRASIL = "1058"


class IdEstrangeiro(str):
    """Document of a foreigner: 5 to 20 visible characters, or empty when unknown."""

    __slots__ = ()


@frozen
class Endereco:
    """An address. `codigo_municipio` is the IBGE code (9999999 abroad), `cep` has 8 digits, `telefone` digits only."""

    logradouro: str
    numero: str
    bairro: str
    codigo_municipio: str
    municipio: str
    uf: UfOuExterior
    cep: str | None = None
    complemento: str | None = None
    codigo_pais: str | None = None
    pais: str | None = None
    telefone: str | None = None


@frozen
class Emitente:
    """Who issues (group C). `inscricao_estadual` is digits or ISENTO; absent per NT 2026.007."""

    documento: Cnpj | Cpf
    nome: str
    endereco: Endereco
    crt: Crt
    inscricao_estadual: str | None = None
    nome_fantasia: str | None = None
    inscricao_estadual_st: str | None = None
    inscricao_municipal: str | None = None
    cnae: str | None = None
    inscricao_suframa: str | None = None

    def __hash__(self) -> int:
        """By the two that tell issuers apart: what is known of an issuer is kept, and asked for with every document."""
        return hash((self.documento, self.nome))


@frozen
class Avulsa:
    """Authority that issued on behalf of the taxpayer (group D); only read, never issued here."""

    cnpj: str
    orgao: str
    matricula: str
    agente: str
    uf: Uf
    reparticao: str
    telefone: str | None = None
    numero_dar: str | None = None
    emissao_dar: date | None = None
    valor_dar: Decimal | None = None
    pagamento_dar: date | None = None


@frozen
class Destinatario:
    """Who receives (group E). Name and address may be absent only in model 65."""

    documento: Cnpj | Cpf | IdEstrangeiro
    indicador_ie: IndicadorIe
    nome: str | None = None
    endereco: Endereco | None = None
    inscricao_estadual: str | None = None
    inscricao_suframa: str | None = None
    inscricao_municipal: str | None = None
    email: str | None = None


@frozen
class Local:
    """Place of pickup or delivery when it is not the address of the party (groups F and G)."""

    endereco: Endereco
    documento: Cnpj | Cpf | None = None
    nome: str | None = None
    email: str | None = None
    inscricao_estadual: str | None = None


@frozen
class Autorizado:
    """Who may download the XML (autXML)."""

    documento: Cnpj | Cpf


@frozen
class Transportador:
    """Carrier (group X03)."""

    documento: Cnpj | Cpf | None = None
    nome: str | None = None
    inscricao_estadual: str | None = None
    endereco: str | None = None
    municipio: str | None = None
    uf: UfOuExterior | None = None
