"""What the worker does by itself, and how often: one entry per routine, wired to its parts."""

import asyncio
from collections.abc import Callable, Sequence

from chancela.issuing.servico_recebidos import ServicoRecebidos
from chancela.server.pecas import Pecas
from chancela.stores.entregas import EntregasPg
from chancela.stores.rotinas import Rotina

_HORA_S = 3_600.0
_DOBRA_S = 300.0


def create_rotinas(pecas: Pecas, recebidos: ServicoRecebidos) -> Sequence[Rotina]:
    """Every periodic routine of this installation."""

    async def purge_answers() -> None:
        await _in_thread(pecas, pecas.respostas.purge)

    async def purge_deliveries() -> None:
        await _in_thread(pecas, EntregasPg(pecas.banco, pecas.cofre).purge)

    async def fold_counts() -> None:
        await _in_thread(pecas, pecas.listas.fold_counts)

    return (
        Rotina("respostas.limpar", _HORA_S, purge_answers),
        Rotina("recebidos.capturar", 300.0, recebidos.run_due),
        Rotina("webhooks.limpar", 6 * _HORA_S, purge_deliveries),
        Rotina("contagens.dobrar", _DOBRA_S, fold_counts),
    )


async def _in_thread(pecas: Pecas, trabalho: Callable[[], object]) -> None:
    await asyncio.get_running_loop().run_in_executor(pecas.executor, trabalho)
