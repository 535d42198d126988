"""The targets of the project, as data, judged on the lines of a run."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.medida import Linha


@dataclass(frozen=True, slots=True)
class Meta:
    """At least `minimo` for a lane of a case: its ratio over `sobre`, or operations per CPU second when that is empty."""

    banco: str
    caso: str
    raia: str
    sobre: str
    minimo: float
    texto: str


@dataclass(frozen=True, slots=True)
class Veredito:
    """A target and what was measured; None when the lane did not run."""

    meta: Meta
    medido: float | None

    @property
    def cumprida(self) -> bool | None:
        """Whether the target is met."""
        return None if self.medido is None else self.medido >= self.meta.minimo


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
)  # fmt: skip


def judge(linhas: Sequence[Linha], bancos: Sequence[str]) -> list[Veredito]:
    """Every target of the benchmarks that ran."""
    return [Veredito(meta, _measured(meta, linhas)) for meta in METAS if meta.banco in bancos]


def _measured(meta: Meta, linhas: Sequence[Linha]) -> float | None:
    for linha in linhas:
        if (linha.banco, linha.caso, linha.raia) == (meta.banco, meta.caso, meta.raia) and linha.rodadas:
            if not meta.sobre:
                return linha.por_s_cpu
            return next((r.cpu for r in linha.razoes if r.sobre == meta.sobre), None)
    return None
