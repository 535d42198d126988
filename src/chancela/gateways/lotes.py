"""Who takes lots of notes with a receipt (indSinc 0), of how many notes and from when to when. Pure look-ups over packaged data.

Source: `data/sefaz_lotes.csv`, whose rows name the norm. A row with an authorizer holds over the one for all (`*`); where no
row holds on a date, lots are not taken. The size of a message is the same everywhere (214).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from chancela.domain.identidade import Modelo
from chancela.kit.packaged import packaged_rows

MENSAGEM_MAXIMA_BYTES = 500_000
"""500 KB in the smaller of the two readings. A zipped message keeps to it unpacked too: no norm says which of the two sizes counts."""
ENVOLTORIO_BYTES = 256
"""What `enviNFe` adds around the notes, with room to spare."""
_TODOS = "*"


@dataclass(frozen=True, slots=True)
class LimitesLote:
    """Of how many notes a lot may be."""

    minimo: int
    maximo: int


@dataclass(frozen=True, slots=True)
class _Linha:
    limites: LimitesLote
    inicio: date
    fim: date


class LotesAceitos:
    """Which lots each authorizer takes."""

    def __init__(self, linhas: Iterable[Mapping[str, str]]) -> None:
        self._linhas: dict[tuple[str, str], list[_Linha]] = {}
        for linha in linhas:
            limites = LimitesLote(int(linha["minimo"]), int(linha["maximo"]))
            inicio, fim = linha["vigencia_inicio"], linha["vigencia_fim"]
            self._linhas.setdefault((linha["modelo"], linha["autorizador"]), []).append(
                _Linha(
                    limites,
                    date.fromisoformat(inicio) if inicio else date.min,
                    date.fromisoformat(fim) if fim else date.max,
                )
            )

    def limits(self, modelo: Modelo, autorizador: str, quando: date) -> LimitesLote | None:
        """How large a lot for an authorizer may be on a date; None when it takes none of several notes."""
        linhas = self._linhas.get((modelo.value, autorizador)) or self._linhas.get((modelo.value, _TODOS), ())
        limites = next((linha.limites for linha in linhas if linha.inicio <= quando <= linha.fim), None)
        return limites if limites is not None and limites.maximo > 1 else None


def packaged_lots() -> LotesAceitos:
    """The table that the package ships."""
    return LotesAceitos(packaged_rows("sefaz_lotes.csv"))


def cut_sizes(tamanhos: Sequence[int], maximo: int) -> list[int]:
    """How many notes of the given sizes go into each lot, in their order: at most `maximo`, and no message too large.

    A note that is too large by itself stands alone.
    """
    quantas: list[int] = []
    cabem = 0
    for tamanho in tamanhos:
        if not quantas or quantas[-1] == maximo or tamanho > cabem:
            quantas.append(0)
            cabem = MENSAGEM_MAXIMA_BYTES - ENVOLTORIO_BYTES
        quantas[-1] += 1
        cabem -= tamanho
    return quantas
