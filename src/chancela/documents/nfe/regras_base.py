"""What a rule is, and the few shapes in which rules come."""

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal

from chancela.documents.nfe.modelo import Contingencia, Item, Nfe
from chancela.documents.nfe.regras_sinais import SEMPRE
from chancela.documents.nfe.regras_somas import Somas
from chancela.domain.erros import Severidade, Violacao
from chancela.domain.identidade import Ambiente, Modelo
from chancela.domain.valores import centavos
from chancela.kit.frozen import frozen

AVISO = Severidade.AVISO
CENTAVO = Decimal("0.01")
POR_CENTO = Decimal("0.01")
AMBOS = frozenset({Modelo.NFE, Modelo.NFCE})
SO_NFE = frozenset({Modelo.NFE})
SO_NFCE = frozenset({Modelo.NFCE})


@frozen
class Contexto:
    """What the rules look at: the document, its sums and what is known of its numbering. `emissao` is dhEmi."""

    nfe: Nfe
    somas: Somas
    ambiente: Ambiente
    emissao: datetime
    serie: int
    tp_emis: int = 1
    contingencia: Contingencia | None = None

    @property
    def uf(self) -> str:
        """UF of the issuer."""
        return str(self.nfe.emitente.endereco.uf)

    @property
    def uf_destinatario(self) -> str:
        """UF of the recipient, or empty."""
        destinatario = self.nfe.destinatario
        return "" if destinatario is None or destinatario.endereco is None else str(destinatario.endereco.uf)


Achado = tuple[str, str, str]
"""Where a rule was broken: path, label, value received."""
Verificacao = Callable[[Contexto], Iterable[Achado]]


@frozen
class Regra:
    """One rule. `oficial` is its code in the MOC or NT, empty for the schema; `c_stat` the rejection that it spares.

    `quando` names what a document or item must have (`regras_sinais`) for the rule to be able to break; without it the
    rule is not asked.
    """

    codigo: str
    oficial: str
    c_stat: int | None
    verificar: Verificacao
    mensagem: str
    correcao: str
    modelos: frozenset[Modelo] = AMBOS
    severidade: Severidade = Severidade.ERRO
    quando: int = SEMPRE

    def tell(self, achado: Achado) -> Violacao:
        """The rule, broken at a place that `verificar` found."""
        caminho, rotulo, valor = achado
        return Violacao(
            self.codigo, caminho, self.mensagem, self.correcao, rotulo=rotulo, valor=valor, c_stat=self.c_stat,
            severidade=self.severidade,
        )  # fmt: skip


def no_documento(caminho: str, rotulo: str, teste: Callable[[Contexto], str | None]) -> Verificacao:
    """A rule over one place. `teste` returns the offending value (may be empty), or None when all is well."""

    def verificar(contexto: Contexto) -> Iterable[Achado]:
        valor = teste(contexto)
        return () if valor is None else ((caminho, rotulo, valor),)

    return verificar


@frozen
class PorItem:
    """A rule over every item; `caminho` is inside the item. `teste` as in `no_documento`."""

    caminho: str
    rotulo: str
    teste: Callable[[Contexto, Item], str | None]

    def __call__(self, contexto: Contexto) -> Iterable[Achado]:
        for posicao, item in enumerate(contexto.nfe.itens):
            valor = self.teste(contexto, item)
            if valor is not None:
                yield self.place(posicao, valor)

    def place(self, posicao: int, valor: str) -> Achado:
        """What was found in the item of that position."""
        return f"itens[{posicao}].{self.caminho}", f"Item {posicao + 1}, {self.rotulo}", valor


por_item = PorItem


def se(condicao: bool, valor: object = "") -> str | None:
    """The value as text when the condition that breaks the rule holds; numbers as a person writes them."""
    if not condicao:
        return None
    return plain(valor) if isinstance(valor, Decimal) else str(valor)


def differs(informado: Decimal | None, calculado: Decimal) -> bool:
    """Whether an informed product is more than one cent away from the computed one, which is rounded half up first."""
    return informado is not None and abs(informado - centavos(calculado)) > CENTAVO


def plain(valor: Decimal) -> str:
    """A number as a person writes it in Brazil."""
    return f"{valor:f}".replace(".", ",")
