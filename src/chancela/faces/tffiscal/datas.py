"""Instants as filters of the contract take them: Unix time in seconds or milliseconds, dates and dates with time.

`dd/MM/yyyy`, `yyyy-MM-dd`, either with ` HH:mm:ss`, ISO 8601 with its zone. Without a zone it is UTC. A bare date means
the beginning of the day where a period starts and its last millisecond where it ends. What people read is in the time zone of
the company.
"""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator

from chancela.domain.tabelas.lugares import Lugares
from chancela.faces.tffiscal.tipos import refusal
from chancela.issuing.empresa import Empresa

_UNIX = re.compile(r"[0-9]{1,15}", re.ASCII)
_SEGUNDOS_MAXIMO = 99_999_999_999
"""Numbers beyond this many seconds (year 5138) are milliseconds."""
_FORMAS = ("%d/%m/%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y", "%Y-%m-%d")
_FIM_DO_DIA = timedelta(days=1) - timedelta(milliseconds=1)


def read_instant(valor: Any, *, fim: bool) -> datetime | None:
    """The instant that a filter names; None for what is no instant."""
    if isinstance(valor, Decimal) and valor == valor.to_integral_value():
        valor = int(valor)
    if isinstance(valor, bool) or not isinstance(valor, str | int):
        return None
    texto = str(valor).strip()
    if _UNIX.fullmatch(texto):
        numero = int(texto)
        segundos, ms = (numero, 0) if numero <= _SEGUNDOS_MAXIMO else divmod(numero, 1000)
        try:
            return datetime.fromtimestamp(segundos, UTC) + timedelta(milliseconds=ms)
        except (OverflowError, ValueError, OSError):
            return None
    for forma in _FORMAS:
        try:
            lido = datetime.strptime(texto, forma).replace(tzinfo=UTC)
        except ValueError:
            continue
        return lido + _FIM_DO_DIA if fim and "%H" not in forma else lido
    try:
        lido = datetime.fromisoformat(texto)
    except ValueError:
        return None
    return lido if lido.tzinfo is not None else lido.replace(tzinfo=UTC)


def _read(fim: bool) -> BeforeValidator:
    def read(valor: Any) -> datetime:
        lido = read_instant(valor, fim=fim)
        if lido is None:
            raise refusal(
                "CAMPO-DATA",
                "Esta data não foi entendida.",
                "Envie o instante Unix em segundos ou milissegundos, dd/MM/aaaa ou aaaa-MM-dd, com ou sem HH:mm:ss.",
            )
        return lido

    return BeforeValidator(read)


Inicio = Annotated[datetime, _read(False)]
"""The beginning of a period."""
Fim = Annotated[datetime, _read(True)]
"""The end of a period, inclusive."""


def zone_of(lugares: Lugares, empresa: Empresa) -> ZoneInfo:
    """The time zone of the company's municipality."""
    municipio = lugares.find_municipio(empresa.endereco.municipio_ibge)
    return ZoneInfo("America/Sao_Paulo" if municipio is None else municipio.fuso_horario)
