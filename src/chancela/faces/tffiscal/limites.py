"""The plan's limit of requests per day: HTTP 429 past it, and headers that tell how it stands."""

from datetime import datetime
from math import ceil

from starlette.concurrency import run_in_threadpool

from chancela.faces.tffiscal.erros import FaceErro
from chancela.issuing.consumo import Consumo, Uso, limit_of, next_day
from chancela.issuing.empresa import Integrador
from chancela.kit.clock import Clock


class Limites:
    """Counts the authenticated calls of integrators whose plan has a limit; the others cost nothing."""

    def __init__(self, consumo: Consumo, clock: Clock) -> None:
        self._consumo = consumo
        self._clock = clock

    async def count(self, integrador: Integrador) -> dict[str, str]:
        """Count one call; the headers of its answer. `FaceErro` 429 when the day's calls are spent."""
        limite = limit_of(integrador)
        if limite is None:
            return {}
        agora = self._clock.now()
        chamadas = await run_in_threadpool(self._consumo.count, integrador.id, agora)
        uso = Uso(chamadas, limite, next_day(agora))
        cabecalhos = _headers(uso)
        if uso.excedido:
            raise FaceErro(
                429,
                "PLANO-01",
                f"O plano {integrador.plano} permite {limite} chamadas por dia, e elas já foram usadas.",
                "Aguarde o dia seguinte (horário de Brasília) ou mude de plano.",
                cabecalhos={**cabecalhos, "Retry-After": str(_wait_s(uso, agora))},
            )
        return cabecalhos


def _headers(uso: Uso) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(uso.limite),
        "X-RateLimit-Remaining": str(uso.restantes),
        "X-RateLimit-Reset": str(int(uso.zera_em.timestamp())),
    }


def _wait_s(uso: Uso, agora: datetime) -> int:
    return max(1, ceil((uso.zera_em - agora).total_seconds()))
