"""One request on its way through the stages, whom it speaks of, and the answer it gets."""

from dataclasses import dataclass, field
from datetime import datetime

from chancela.simulator.certificado import Certificado
from chancela.simulator.retornos import Cabecalho
from chancela.simulator.tabelas import CODIGO_DA_UF, UF_DO_CODIGO, Autorizador, local_text
from chancela.simulator.xml import VAZIO, Elemento, Grupo


@dataclass(frozen=True, slots=True)
class Destino:
    """Whom a message speaks of, as far as it can be read before it is judged. Empty: it does not say."""

    uf: str = ""
    modelo: str = "55"
    tp_emis: str = "1"
    emitente: str = ""
    chave: str = ""
    ambiente: int = 0
    autorizador: str = ""
    """A national authority that the message itself names (cOrgao 91 or 92)."""


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


def destination_of_key(chave: str, ambiente: str) -> Destino:
    """What a key says of its document."""
    if len(chave) != 44:
        return Destino(ambiente=number(ambiente))
    emitente = chave[6:20]
    if chave[22:25].isdigit() and int(chave[22:25]) >= 910:
        emitente = emitente[3:]
    return Destino(
        UF_DO_CODIGO.get(chave[:2], ""), chave[20:22], chave[34], emitente, chave, number(ambiente)
    )


def natural_of_key(chave: str) -> str:
    """The natural key of the document that a key names (`Nota.natural`): what may exist once."""
    destino = destination_of_key(chave, "")
    natural = f"{destino.modelo}|{chave[:2]}|{destino.emitente}|{int(chave[22:25])}|{int(chave[25:34])}"
    return f"{natural}|{chave[34]}" if destino.modelo == "65" else natural


def number(texto: str) -> int:
    """A small whole number, or 0."""
    return int(texto) if texto.isdigit() and len(texto) < 6 else 0
