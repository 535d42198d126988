"""`chancela simulador seed`: runs seeds and shows figures, findings and the line that replays a failing one."""

from collections import Counter
from collections.abc import Iterable

from chancela.cli.saida import RECUSADO, USO_ERRADO, say, show
from chancela.kit.clock import Clock, SystemClock
from chancela.server.simulacao.corrida import open_campaign
from chancela.server.simulacao.enredo import Modo

_SOMADAS = (
    "documentos", "autorizados", "trocas", "trocas_com_falha", "chamadas", "webhooks", "janelas",
    "defeitos_do_banco", "achados",
)  # fmt: skip
"""Figures of a seed that a campaign adds up."""


def run_seeds(
    sementes: Iterable[int],
    dias: int,
    modo: str,
    *,
    em_json: bool,
    minutos: int | None = None,
    relogio: Clock | None = None,
) -> int:
    """The exit code: 0 when every seed is clean. After `minutos` no further seed is begun."""
    if modo not in set(Modo):
        say(f"O modo {modo} não existe: use {' ou '.join(Modo)}.")
        return USO_ERRADO
    relogio = relogio or SystemClock()
    comeco_s = relogio.monotonic()
    soma: Counter[str] = Counter()
    with open_campaign() as campanha:
        for semente in sementes:
            if minutos is not None and relogio.monotonic() - comeco_s >= minutos * 60:
                break
            resultado = campanha.run(semente, dias, Modo(modo))
            figuras = resultado.figures()
            show(figuras, em_json=em_json)
            soma += Counter({nome: int(figuras[nome]) for nome in _SOMADAS})
            soma += Counter({"sementes": 1, "com_achados": int(not resultado.limpo)})
            for achado in resultado.achados:
                say(f"{achado.conferente}: {achado.texto}")
            if not resultado.limpo:
                say(f"Para repetir: {resultado.replay}")
    if soma["sementes"] != 1:
        total = {nome: soma[nome] for nome in ("sementes", "com_achados", *_SOMADAS)}
        show({**total, "segundos": round(relogio.monotonic() - comeco_s, 1)}, em_json=em_json)
    return RECUSADO if soma["com_achados"] else 0
