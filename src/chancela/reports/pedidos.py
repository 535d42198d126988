"""What can be exported, as parameters that mean the same to who asks, to who makes it, and to who asks again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chancela.domain.identidade import Ambiente, Modelo
from chancela.issuing.modelo import Estado
from chancela.stores.relatorios import RELATADOS, Filtro

RELATORIO = "relatorio"
NOTAS = "notas"
MENSAL = "mensal"


@dataclass(frozen=True, slots=True)
class PedidoExportacao:
    """A file to make: which documents, and how. `formato` is `csv`, `pdf`, `xlsx` or `xml` (a zip)."""

    tipo: str
    ambiente: Ambiente
    inicio: date
    fim: date
    estados: Sequence[Estado]
    formato: str
    modelos: Sequence[Modelo] = (Modelo.NFE, Modelo.NFCE)
    detalhes: bool = True
    tributos: bool = True
    desde: datetime | None = None
    ate: datetime | None = None

    @property
    def de_faixas(self) -> bool:
        """Voided numbers are no documents: their files are the protocols of the ranges."""
        return self.formato == "xml" and tuple(self.estados) == (Estado.INUTILIZADO,)

    @property
    def extensao(self) -> str:
        return ".zip" if self.formato == "xml" else f".{self.formato}"

    def filter_of(self, empresa_id: int) -> Filtro:
        """The documents of a company that it is about."""
        return Filtro(
            empresa_id, self.ambiente, self.inicio, self.fim, self.estados, self.modelos, self.desde, self.ate
        )

    def parameters(self) -> dict[str, Any]:
        """As they are stored and compared."""
        return {
            "ambiente": int(self.ambiente),
            "inicio": self.inicio.isoformat(),
            "fim": self.fim.isoformat(),
            "estados": [estado.value for estado in self.estados],
            "modelos": [modelo.value for modelo in self.modelos],
            "formato": self.formato,
            "detalhes": self.detalhes,
            "tributos": self.tributos,
            "desde": None if self.desde is None else self.desde.isoformat(),
            "ate": None if self.ate is None else self.ate.isoformat(),
        }


def read_pedido(tipo: str, parametros: Mapping[str, Any]) -> PedidoExportacao:
    """What `PedidoExportacao.parameters` wrote."""
    return PedidoExportacao(
        tipo=tipo,
        ambiente=Ambiente(parametros["ambiente"]),
        inicio=date.fromisoformat(parametros["inicio"]),
        fim=date.fromisoformat(parametros["fim"]),
        estados=tuple(Estado(e) for e in parametros["estados"]),
        formato=parametros["formato"],
        modelos=tuple(Modelo(m) for m in parametros["modelos"]),
        detalhes=parametros["detalhes"],
        tributos=parametros["tributos"],
        desde=None if parametros["desde"] is None else datetime.fromisoformat(parametros["desde"]),
        ate=None if parametros["ate"] is None else datetime.fromisoformat(parametros["ate"]),
    )


def month_of(dia: date) -> tuple[date, date]:
    """First and last day of the month of `dia`."""
    inicio = dia.replace(day=1)
    seguinte = date(inicio.year + inicio.month // 12, inicio.month % 12 + 1, 1)
    return inicio, date.fromordinal(seguinte.toordinal() - 1)


def monthly_files(mes: date, ambiente: Ambiente) -> Sequence[PedidoExportacao]:
    """The four files of a month: the spreadsheet of what was authorised, and three zips."""
    inicio, fim = month_of(mes)
    formas = (
        ((Estado.AUTORIZADO,), "xlsx"),
        ((Estado.AUTORIZADO,), "xml"),
        ((Estado.CANCELADO,), "xml"),
        ((Estado.INUTILIZADO,), "xml"),
    )
    return [PedidoExportacao(MENSAL, ambiente, inicio, fim, estados, formato) for estados, formato in formas]


def report_of(
    ambiente: Ambiente, inicio: date, fim: date, formato: str, *, estados: Sequence[Estado] = RELATADOS,
    modelos: Sequence[Modelo] = (Modelo.NFE, Modelo.NFCE), detalhes: bool = True, tributos: bool = True,
) -> PedidoExportacao:  # fmt: skip
    """The report of a period as a file."""
    return PedidoExportacao(RELATORIO, ambiente, inicio, fim, estados, formato, modelos, detalhes, tributos)
