"""What a run leaves to be judged: calls, exchanges, webhooks, archive and the authority's ledger. Values only.

Everything here was seen from outside the product; a checker needs nothing else.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, cast


@dataclass(frozen=True, slots=True)
class Chamada:
    """One HTTP call of a customer and its answer."""

    em: datetime
    empresa: str
    """CNPJ of the company whose token signed."""
    operacao: str
    referencia: str
    """The caller's own id, where the call is about one."""
    status: int
    resposta: dict[str, Any]

    @property
    def fatos(self) -> dict[str, Any]:
        """The `data` of the envelope; empty when there is none."""
        dados = self.resposta.get("data")
        return cast("dict[str, Any]", dados) if isinstance(dados, dict) else {}


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request on the wire to SEFAZ, as the wire saw it."""

    em: datetime
    servico: str
    assunto: str
    """Key, receipt or range that it is about."""
    digest: str
    falha: str
    """What the fault plan did to it; empty: nothing."""
    chegou: bool
    """Whether the authority got it."""
    c_stat: int = 0
    """The verdict that the authority gave; 0 when it gave none."""
    ouvido: bool = False
    """Whether the whole answer came back to the product."""
    destino: str = ""
    """Path of the address that it went to."""


@dataclass(frozen=True, slots=True)
class NotaNoLivro:
    """A document that the authority holds."""

    chave: str
    emitente: str
    modelo: str
    serie: int
    numero: int
    digest: str
    protocolo: str
    cancelada: bool


@dataclass(frozen=True, slots=True)
class FaixaNoLivro:
    """A range of numbers that the authority holds as never used."""

    emitente: str
    modelo: str
    serie: int
    inicio: int
    fim: int


@dataclass(frozen=True, slots=True)
class Distribuido:
    """One document of a shop's queue: as the authority has it there, and as the shop's list shows it."""

    empresa: str
    nsu: int
    esquema: str
    chave: str


@dataclass(frozen=True, slots=True)
class Livro:
    """The authority's ledger at the end."""

    notas: Sequence[NotaNoLivro]
    faixas: Sequence[FaixaNoLivro]
    recepcoes: Sequence[tuple[str, int]]
    """Every document that arrived: key and verdict, in order."""
    distribuidos: Sequence[Distribuido] = ()
    """The queues of the shops."""


@dataclass(frozen=True, slots=True)
class DocumentoVisto:
    """A document as the API shows it at the end, and its archived XML as its link gives it."""

    empresa: str
    uuid: str
    referencia: str
    chave: str
    serie: int
    numero: int
    status: str
    valor: Decimal
    xml: bytes | None
    dados: dict[str, Any]

    @property
    def modelo(self) -> str:
        return self.chave[20:22]

    @property
    def contingencia(self) -> dict[str, Any]:
        """What the API says about its contingency; empty when it has to do with none."""
        return self.dados.get("contingencia", {})


@dataclass(frozen=True, slots=True)
class Aviso:
    """A webhook as its receiver got it, accepted or not."""

    em: datetime
    empresa: str
    """The company that registered the address."""
    mensagem: str
    corpo: dict[str, Any]
    aceito: bool

    @property
    def alvo(self) -> str:
        return str(self.corpo["data"].get("uuid") or self.corpo["data"].get("id") or "")


@dataclass(slots=True)
class Provas:
    """Everything that one run showed."""

    canarios: dict[str, str] = field(default_factory=dict[str, str])
    """Word that stands in everything of a company, by CNPJ."""
    chamadas: list[Chamada] = field(default_factory=list[Chamada])
    trocas: list[Exchange] = field(default_factory=list[Exchange])
    avisos: list[Aviso] = field(default_factory=list[Aviso])
    defeitos: list[datetime] = field(default_factory=list[datetime])
    """When the database failed a statement or lost a connection in the middle of one."""
    documentos: list[DocumentoVisto] = field(default_factory=list[DocumentoVisto])
    recebidos: list[tuple[Distribuido, bytes | None]] = field(
        default_factory=list[tuple[Distribuido, "bytes | None"]]
    )
    """What the shops hold at the end, each with the file behind its link."""
    livro: Livro = field(default_factory=lambda: Livro((), (), ()))
    arquivo: list[str] = field(default_factory=list[str])
    """Faults that the product's own proof of the archive reported."""
    rastro: list[str] = field(default_factory=list[str])

    def trace(self, em: datetime, *partes: object) -> None:
        """Write a line of the story; the hash of all lines is the run's."""
        self.rastro.append(json.dumps([em.isoformat(), *map(str, partes)], ensure_ascii=False))

    @property
    def resumo(self) -> str:
        """SHA-256 of the story: the same seed gives the same one."""
        return hashlib.sha256("\n".join(self.rastro).encode()).hexdigest()
