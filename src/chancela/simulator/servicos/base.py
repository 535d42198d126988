"""What a web service of the authority is: names, schema, where it is offered, and how it answers."""

from abc import ABC, abstractmethod
from typing import ClassVar

from chancela.simulator.estado import Estado
from chancela.simulator.pedido import Destino, Pedido, Resposta
from chancela.simulator.regras.mensagem import refusal
from chancela.simulator.tabelas import Autorizador
from chancela.simulator.xml import Grupo


class Servico(ABC):
    """A web service. The stages before `answer` (certificate, size, XML, pause, version, schema) are common."""

    nome: ClassVar[str]
    metodo: ClassVar[str]
    raiz: ClassVar[str]
    esquema: ClassVar[str]
    esquema_retorno: ClassVar[str]
    versao: ClassVar[str] = "4.00"
    limite_bytes: ClassVar[int] = 500 * 1024
    erro_esquema: ClassVar[tuple[int, str]] = refusal("D01b")
    sem_titular: ClassVar[tuple[int, str]] = refusal("A07")
    """What a certificate that names neither company nor person is told."""
    so_digitos: ClassVar[bool] = False
    """The published schema knows no letters in CNPJ and key (NT Conjunta 2025.001 does)."""
    nacional: ClassVar[bool] = False
    """Whether the Ambiente Nacional has it too."""
    resultado: ClassVar[tuple[str, ...]] = ("nfeResultMsg",)
    """Elements around the answer, outermost first."""

    def offered_by(self, autorizador: Autorizador, uf: str) -> bool:
        """Whether the authorizer has this service for the UF of the message."""
        del uf
        return self.nacional or autorizador.nome != "AN"

    @abstractmethod
    def destination(self, grupo: Grupo) -> Destino:
        """Whom the message speaks of; must bear any well-formed XML."""

    @abstractmethod
    def answer(self, pedido: Pedido, estado: Estado) -> Resposta:
        """Judge and answer a message whose schema holds. What it decides is in the ledger when it returns."""

    @abstractmethod
    def refuse(self, pedido: Pedido, c_stat: int, motivo: str) -> Resposta:
        """The service's return with a refusal of the message as a whole."""
