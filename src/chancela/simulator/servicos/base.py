"""What a web service of the authority is: names, schema, whom a message speaks of, and how it answers."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from chancela.simulator.certificado import Certificado
from chancela.simulator.retornos import Cabecalho
from chancela.simulator.tabelas import CODIGO_DA_UF, Autorizador, local_text
from chancela.simulator.xml import VAZIO, Elemento, Grupo

if TYPE_CHECKING:
    from chancela.simulator.sefaz import Sefaz


@dataclass(frozen=True, slots=True)
class Destino:
    """Whom a message speaks of, as far as it can be read before it is judged. Empty: it does not say."""

    uf: str = ""
    modelo: str = "55"
    tp_emis: str = "1"
    emitente: str = ""
    chave: str = ""
    ambiente: int = 0


@dataclass(slots=True)
class Pedido:
    """One request on its way through the stages. `raiz` and `grupo` exist once the XML was found well-formed."""

    conteudo: bytes
    agora: datetime
    autorizador: Autorizador
    ambiente: int
    ambiente_do_endereco: int | None = None
    transmissor: Certificado | None = None
    destino: Destino = field(default_factory=Destino)
    raiz: Elemento = None
    grupo: Grupo = VAZIO
    etapas: list[list[str]] = field(default_factory=list[list[str]])

    @property
    def cabecalho(self) -> Cabecalho:
        """The head of the answer, in the local time of the UF concerned."""
        uf = self.destino.uf or "SP"
        c_uf = CODIGO_DA_UF.get(uf, "35")
        return Cabecalho(self.ambiente, self.autorizador.ver_aplic, c_uf, local_text(self.agora, uf))

    def note(self, etapa: str, resultado: str) -> None:
        """Write the verdict of a stage for the journal."""
        self.etapas.append([etapa, resultado])


@dataclass(frozen=True, slots=True)
class Resposta:
    """An answer of a service and what the journal says of it (the note's own outcome, when there is one)."""

    xml: str
    c_stat: int
    motivo: str
    chave: str = ""


class Servico(Protocol):
    """A web service. The stages before `answer` (certificate, size, XML, pause, version, schema) are common."""

    nome: str
    metodo: str
    raiz: str
    esquema: str
    esquema_retorno: str
    limite_bytes: int
    erro_esquema: tuple[int, str]

    def destination(self, grupo: Grupo) -> Destino:
        """Whom the message speaks of; must bear any well-formed XML."""
        ...

    def answer(self, pedido: Pedido, sefaz: "Sefaz") -> Resposta:
        """Judge and answer a message whose schema holds. What it decides is in the ledger when it returns."""
        ...

    def refuse(self, pedido: Pedido, c_stat: int, motivo: str) -> Resposta:
        """The service's return with a refusal of the message as a whole."""
        ...


def destination_of_key(chave: str, ambiente: str) -> Destino:
    """What a key says of its document."""
    from chancela.simulator.tabelas import UF_DO_CODIGO

    if len(chave) != 44:
        return Destino(ambiente=number(ambiente))
    emitente = chave[6:20]
    if chave[22:25].isdigit() and int(chave[22:25]) >= 910:
        emitente = emitente[3:]
    return Destino(
        UF_DO_CODIGO.get(chave[:2], ""), chave[20:22], chave[34], emitente, chave, number(ambiente)
    )


def number(texto: str) -> int:
    """A small whole number, or 0."""
    return int(texto) if texto.isdigit() and len(texto) < 6 else 0
