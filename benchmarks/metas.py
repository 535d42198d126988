"""The targets of the project, as data, judged on the lines of a run."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.medida import Linha

P95_MS = "p95, ms de parede"
MILHAO = "1.000.000 de documentos"


@dataclass(frozen=True, slots=True)
class Meta:
    """A target of one lane of a case, or of the worst of them when `raia` is empty.

    At least `limite` of its ratio over `sobre`, or of operations per CPU second when that is empty; over `P95_MS` it is
    the most that its 95th percentile may be.
    """

    banco: str
    caso: str
    raia: str
    sobre: str
    limite: float
    texto: str

    @property
    def maxima(self) -> bool:
        """Whether less is better."""
        return self.sobre == P95_MS


@dataclass(frozen=True, slots=True)
class Veredito:
    """A target and what was measured; None when the lane did not run."""

    meta: Meta
    medido: float | None

    @property
    def cumprida(self) -> bool | None:
        """Whether the target is met."""
        if self.medido is None:
            return None
        return self.medido <= self.meta.limite if self.meta.maxima else self.medido >= self.meta.limite


METAS = (
    Meta("nucleo", "1 item", "chancela", "RSA-2048", 0.55, "montar, assinar e validar, sobre a taxa de RSA-2048"),
    Meta("nucleo", "50 itens", "chancela", "RSA-2048", 0.12, "montar, assinar e validar, sobre a taxa de RSA-2048"),
    Meta("nucleo", "1 item", "chancela, da venda", "PyNFe", 10, "sobre PyNFe, com IBS/CBS, que ele não escreve"),
    Meta("nucleo", "50 itens", "chancela, da venda", "PyNFe", 10, "sobre PyNFe, com IBS/CBS, que ele não escreve"),
    Meta("nucleo", "1 item", "chancela, da venda, sem IBS/CBS", "PyNFe", 10, "sobre PyNFe, mesmo conteúdo"),
    Meta("nucleo", "50 itens", "chancela, da venda, sem IBS/CBS", "PyNFe", 10, "sobre PyNFe, mesmo conteúdo"),
    Meta("tributos", "50 itens", "motor, por item", "", 10_000, "itens por segundo de CPU, só o motor de tributos"),
    Meta("pedido", "1 item", "JSON até assinada", "RSA-2048", 0.45, "do JSON ao XML assinado e validado"),
    Meta("pedido", "50 itens", "JSON até assinada", "", 100, "do JSON ao XML assinado, por segundo de CPU"),
    Meta("pedido", "por item", "990 itens", "50 itens", 0.95, "não pior que linear em itens, com 5 % de folga"),
    Meta("listas", MILHAO, "", P95_MS, 50, "a pior das perguntas a uma lista, em ms"),
    Meta("relatorios", MILHAO, "", P95_MS, 50, "a pior das perguntas a um relatório, em ms"),
)  # fmt: skip


def judge(linhas: Sequence[Linha], bancos: Sequence[str]) -> list[Veredito]:
    """Every target of the benchmarks that ran."""
    return [Veredito(meta, _measured(meta, linhas)) for meta in METAS if meta.banco in bancos]


def _measured(meta: Meta, linhas: Sequence[Linha]) -> float | None:
    if meta.maxima:
        tempos = [x.p95_ms for x in linhas if (x.banco, x.caso) == (meta.banco, meta.caso)]
        return max((tempo for tempo in tempos if tempo is not None), default=None)
    for linha in linhas:
        if (linha.banco, linha.caso, linha.raia) == (meta.banco, meta.caso, meta.raia) and linha.rodadas:
            if not meta.sobre:
                return linha.por_s_cpu
            return next((r.cpu for r in linha.razoes if r.sobre == meta.sobre), None)
    return None
