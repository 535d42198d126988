"""Everything that can go wrong, as types.

    FiscalError
      RegraViolada           our own rules: every violation at once, with code, path and fix
      EstadoInvalido         an operation that the document's state does not allow
        DevolucaoConcorrente another return of the same note came in between: count again
      NaoEncontrado          what was asked for does not exist for this company
      NumeracaoEsgotada      a series ran out of numbers
      TransmissaoIncerta     no answer, outcome unknown: query by key, never resend blindly
      TransmissaoRecusada    the request surely did not arrive: may be sent again
      CertificadoInvalido    not a PFX, wrong password, expired, of another CNPJ
      XmlInvalido            not acceptable XML
      AssinaturaInvalida     the signature does not prove the document
      ConcessaoPerdida       another process owns the document now
      Indisponivel           what we need ourselves gives no answer now: ask again

A refusal by the authority is not an error but an outcome (see `issuing.modelo`).
Sentences are Portuguese: they reach the caller. Tests assert codes.
"""

from dataclasses import dataclass
from enum import StrEnum


class Severidade(StrEnum):
    """Whether a violation refuses the document or only accompanies it."""

    ERRO = "erro"
    AVISO = "aviso"


@dataclass(frozen=True, slots=True)
class Violacao:
    """One broken rule: what, where, and what to do.

    `caminho` is the path in the document's own terms (`itens[1].produto.ncm`); a face turns it into the
    caller's. `c_stat` is the SEFAZ rejection that the check spares, when there is one.
    """

    codigo: str
    caminho: str
    mensagem: str
    correcao: str
    rotulo: str = ""
    valor: str = ""
    c_stat: int | None = None
    severidade: Severidade = Severidade.ERRO


class FiscalError(Exception):
    """Root of the tree. `codigo` is stable; `mensagem` is for people; `correcao` says what to do."""

    def __init__(self, codigo: str, mensagem: str, correcao: str = "") -> None:
        super().__init__(mensagem)
        self.codigo = codigo
        self.mensagem = mensagem
        self.correcao = correcao


class RegraViolada(FiscalError):
    """The request breaks rules of ours; nothing was stored and no number was used."""

    def __init__(self, violacoes: tuple[Violacao, ...]) -> None:
        assert violacoes, "a refusal must say why"
        super().__init__(violacoes[0].codigo, violacoes[0].mensagem, violacoes[0].correcao)
        self.violacoes = violacoes


class EstadoInvalido(FiscalError):
    """The document's state does not allow the operation."""


class DevolucaoConcorrente(EstadoInvalido):
    """The returns of a note are no longer those that were counted for this one; nothing was stored."""


class NaoEncontrado(FiscalError):
    """No such record for this company."""


class NumeracaoEsgotada(FiscalError):
    """The series reached 999,999,999."""


class TransmissaoIncerta(FiscalError):
    """The request may have arrived and no usable answer came. The outcome is unknown."""


class TransmissaoRecusada(FiscalError):
    """The request surely did not reach the authorizer; sending it again is safe."""


class CertificadoInvalido(FiscalError):
    """The certificate cannot be used; `codigo` says in which way."""


class XmlInvalido(FiscalError):
    """Bytes that the safe reader refuses."""


class AssinaturaInvalida(FiscalError):
    """The XML signature does not hold; `codigo` says in which way."""


class ConcessaoPerdida(FiscalError):
    """The lease on a document passed to another owner: this one may no longer write."""


class Indisponivel(FiscalError):
    """Something that every operation needs, such as the database, cannot be reached now. What was done stays done."""
