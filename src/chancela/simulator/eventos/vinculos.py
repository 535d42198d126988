"""Which events undo which: a cancellation of an event leaves it without force."""

from chancela.simulator.livro_eventos import EventoLivro

DESFAZ = {
    "110131": "110130",
    "110193": "110192",
    "110751": "110750",
    "111502": "111500",
    "111503": "111501",
    "610131": "610130",
    "610501": "610500",
    "610511": "610510",
    "610601": "610600",
    "610611": "610610",
    "610615": "610614",
}


def open_events(eventos: list[EventoLivro]) -> set[str]:
    """Types of which more were registered than undone."""
    saldo: dict[str, int] = {}
    for evento in eventos:
        desfeito = DESFAZ.get(evento.tp_evento)
        tipo = desfeito or evento.tp_evento
        saldo[tipo] = saldo.get(tipo, 0) + (-1 if desfeito else 1)
    return {tipo for tipo, quantos in saldo.items() if quantos > 0}
