"""Errors in the words of this face.

    FaceErro      what a call is answered with when it fails: HTTP status, code, sentence, list of fields
    ErroCampo     one entry of `data.erros`

`describe` turns the error tree of the core into them. Sentences are Portuguese; nothing of ours that is not meant
for the caller (class names, traces, SQL) ever gets in.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from chancela.domain.erros import (
    CertificadoInvalido,
    EstadoInvalido,
    FiscalError,
    Indisponivel,
    NaoEncontrado,
    NumeracaoEsgotada,
    RegraViolada,
    Violacao,
)
from chancela.faces.tffiscal.envelope import Resposta, refuse

VOLTE_EM_S = "5"
"""`Retry-After` of what will work again by itself."""
CaminhoDoChamador = Callable[[str], str]
"""From a path in the document's terms to the path in the caller's JSON."""


@dataclass(frozen=True, slots=True)
class ErroCampo:
    """One refused field. `campo` is the path in the caller's JSON (`products[1].ncm`), empty for the whole call."""

    campo: str
    codigo: str
    mensagem: str
    correcao: str = ""
    valor: str = ""
    rotulo: str = ""


@dataclass(eq=False)
class FaceErro(Exception):
    """A call answered with an error."""

    status: int
    codigo: str
    mensagem: str
    correcao: str = ""
    erros: tuple[ErroCampo, ...] = ()
    cabecalhos: Mapping[str, str] = field(default_factory=dict[str, str])

    def answer(self) -> Resposta:
        erros = self.erros or (ErroCampo("", self.codigo, self.mensagem, self.correcao),)
        data: dict[str, Any] = {"codigo": self.codigo, "erros": [asdict(erro) for erro in erros]}
        return refuse(self.status, self.mensagem, data, self.cabecalhos)


def refuse_fields(erros: Sequence[ErroCampo]) -> FaceErro:
    """HTTP 400 for one or more refused fields; the message is the first one's, with the number of the others."""
    assert erros, "a refusal must say why"
    primeiro = erros[0]
    onde = f"{primeiro.campo}: " if primeiro.campo else ""
    mensagem = f"{onde}{primeiro.mensagem}"
    if len(erros) > 1:
        mensagem += f" (e mais {len(erros) - 1} em data.erros)"
    return FaceErro(400, primeiro.codigo, mensagem, primeiro.correcao, tuple(erros))


def refuse_field(
    campo: str, codigo: str, mensagem: str, correcao: str = "", *, valor: str = "", rotulo: str = ""
) -> FaceErro:
    """HTTP 400 for one field."""
    return refuse_fields((ErroCampo(campo, codigo, mensagem, correcao, valor, rotulo),))


def field_error(violacao: Violacao, caminho: CaminhoDoChamador) -> ErroCampo:
    """A broken rule as the caller sees it."""
    return ErroCampo(
        campo=caminho(violacao.caminho),
        codigo=violacao.codigo,
        mensagem=violacao.mensagem,
        correcao=violacao.correcao,
        valor=violacao.valor,
        rotulo=violacao.rotulo,
    )


def same_path(caminho: str) -> str:
    """For operations whose own paths are already the caller's."""
    return caminho


def describe(erro: FiscalError, caminho: CaminhoDoChamador = same_path) -> FaceErro | None:
    """The caller's view of an error of the core; None when it is a failure of ours (HTTP 500)."""
    if isinstance(erro, RegraViolada):
        return refuse_fields([field_error(violacao, caminho) for violacao in erro.violacoes])
    if isinstance(erro, NaoEncontrado):
        return FaceErro(404, erro.codigo, erro.mensagem, erro.correcao)
    if isinstance(erro, EstadoInvalido | NumeracaoEsgotada | CertificadoInvalido):
        return FaceErro(400, erro.codigo, erro.mensagem, erro.correcao)
    if isinstance(erro, Indisponivel):
        return FaceErro(
            503, erro.codigo, erro.mensagem, erro.correcao, cabecalhos={"Retry-After": VOLTE_EM_S}
        )
    return None
