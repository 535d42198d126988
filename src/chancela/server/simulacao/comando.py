"""`chancela simulador seed`: runs seeds and shows figures, findings and the line that replays a failing one."""

from collections.abc import Iterable

from chancela.cli.saida import RECUSADO, USO_ERRADO, say, show
from chancela.server.simulacao.corrida import open_campaign
from chancela.server.simulacao.enredo import Modo


def run_seeds(sementes: Iterable[int], dias: int, modo: str, *, em_json: bool) -> int:
    """The exit code: 0 when every seed is clean."""
    if modo not in set(Modo):
        say(f"O modo {modo} não existe: use {' ou '.join(Modo)}.")
        return USO_ERRADO
    sujas = 0
    with open_campaign() as campanha:
        for semente in sementes:
            resultado = campanha.run(semente, dias, Modo(modo))
            show(resultado.figures(), em_json=em_json)
            for achado in resultado.achados:
                say(f"{achado.conferente}: {achado.texto}")
            if not resultado.limpo:
                sujas += 1
                say(f"Para repetir: {resultado.replay}")
    return RECUSADO if sujas else 0
