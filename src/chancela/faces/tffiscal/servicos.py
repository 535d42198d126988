"""Everything this face needs from the outside, as one value of ports: the server fills it in, tests too."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from chancela.documents.nfe.montagem import NfeMontada
from chancela.documents.nfe.pedido import PedidoNfe
from chancela.domain.tabelas.lugares import Lugares
from chancela.faces.tffiscal.autenticacao import Autenticador
from chancela.faces.tffiscal.links import Links
from chancela.issuing.consumo import Consumo
from chancela.issuing.devolucao import PedidoDevolucao
from chancela.issuing.empresa import (
    Cadastro,
    Categorias,
    ConsultaCnpj,
    Empresa,
    Empresas,
    RespostasRepetidas,
)
from chancela.issuing.lista import ListaDocumentos
from chancela.issuing.modelo import Documento, NotaDevolvida
from chancela.kit.clock import Clock
from chancela.kit.ids import IdSource
from chancela.kit.randomness import Randomness


class TipoDanfe(StrEnum):
    """The printed forms that the contract links to."""

    COMPLETO = "completo"
    """A4, PDF."""
    SIMPLES = "simples"
    """Receipt format, PDF."""
    ETIQUETA = "etiqueta"
    """Label, PDF."""
    SIMPLES_PNG = "simples_png"
    """Label, PNG."""
    CUPOM = "cupom"
    """Receipt of an NFC-e on 80 mm paper, PDF."""
    CUPOM_58 = "cupom_58"
    """The same on 58 mm paper."""


class EmissorNfe(Protocol):
    """The way of an NF-e from request to protocol (`issuing`)."""

    async def issue(
        self,
        empresa: Empresa,
        pedido: PedidoNfe,
        *,
        referencia: str | None,
        reabrir: bool,
        corpo: bytes,
        offline: bool = False,
        insistir: bool = False,
        devolve: NotaDevolvida | None = None,
        cadastro: Cadastro | None = None,
    ) -> Documento:
        """Issue, waiting for SEFAZ up to the deadline. `RegraViolada` or `EstadoInvalido`: nothing was stored."""
        ...

    async def calculate(self, empresa: Empresa, pedido: PedidoNfe) -> NfeMontada:
        """The document that `issue` would number; nothing is stored or sent. Raises as `issue` does."""
        ...


class EmissorDevolucao(Protocol):
    """See `issuing.devolucao.ServicoDevolucao`."""

    async def issue(
        self, empresa: Empresa, pedido: PedidoDevolucao, *, referencia: str, corpo: bytes
    ) -> Documento:
        """Issue the return. `RegraViolada`, `EstadoInvalido` or `NaoEncontrado`: nothing was stored."""
        ...

    async def issue_described(
        self,
        empresa: Empresa,
        pedido: PedidoNfe,
        *,
        referencia: str,
        reabrir: bool,
        corpo: bytes,
        insistir: bool = False,
    ) -> Documento:
        """Issue a return of one note as the caller describes it, counting what comes back. Raises as `issue` does."""
        ...


class LeitorDocumentos(Protocol):
    """Documents of a company, read only. Blocking: called in a thread."""

    def get(self, documento_id: str, empresa_id: int) -> Documento | None:
        """One document by its id."""
        ...

    def memoria(self, documento_id: str, empresa_id: int) -> bytes | None:
        """The packed steps of its tax calculation (`issuing.memoria`); None for a document without."""
        ...

    def find_by_chave(self, chave: str, empresa_id: int) -> Documento | None:
        """One document by its access key."""
        ...


class Arquivos(Protocol):
    """The files of a document."""

    async def xml(self, documento: Documento) -> bytes | None:
        """The `nfeProc`, as archived; None while there is no protocol."""
        ...

    async def danfe(self, documento: Documento, tipo: TipoDanfe) -> bytes:
        """The printed form, from the cache or made now. `FiscalError` when it cannot be made."""
        ...


class BuscadorCertificado(Protocol):
    """Fetches what `cert_file` names, under the rules of `empresa.busca`."""

    async def fetch(self, url: str) -> bytes:
        """The bytes of the container. `FaceErro` 400 when the URL is refused or nothing useful came."""
        ...


@dataclass(frozen=True, slots=True)
class AjustesTffiscal:
    """Settings of the face."""

    corpo_maximo_bytes: int = 5 * 1024 * 1024
    corpo_s: float = 20.0
    """A body that is not whole by then is given up: its caller holds a place of the process."""
    prefixos: Sequence[str] = ("/api", "/v1/api")
    """Base paths; the documented base URL ends in `/v1`, the documented paths start at `/api`."""


@dataclass(frozen=True, slots=True)
class Servicos:
    """The ports of the face."""

    clock: Clock
    ids: IdSource
    randomness: Randomness
    autenticador: Autenticador
    empresas: Empresas
    categorias: Categorias
    respostas: RespostasRepetidas
    emissor_nfe: EmissorNfe
    devolucao: EmissorDevolucao
    documentos: LeitorDocumentos
    lista: ListaDocumentos
    arquivos: Arquivos
    lugares: Lugares
    certificados: BuscadorCertificado
    links: Links
    consulta_cnpj: ConsultaCnpj
    consumo: Consumo
    threads: ThreadPoolExecutor | None = None
    """Where blocking writes of many calls run together; None: the threads of the event loop."""
    ajustes: AjustesTffiscal = AjustesTffiscal()
