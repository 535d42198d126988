"""`chancela numeracao`: the gaps of a company's series."""

from chancela.cli.saida import say, show_rows
from chancela.issuing.lacunas import Numeracoes, TipoLacuna

_PORQUE = {
    TipoLacuna.SEM_DOCUMENTO: "sem documento",
    TipoLacuna.REJEITADO: "rejeitado e não reemitido",
}


def show_gaps(numeracoes: Numeracoes, empresa_id: int, *, em_json: bool) -> None:
    """Print every run of numbers that SEFAZ knows nothing about."""
    lacunas = numeracoes.find_gaps(empresa_id)
    if not lacunas and not em_json:
        say("Nenhuma lacuna.")
        return
    show_rows(
        "Números sem documento na SEFAZ",
        ("ambiente", "modelo", "serie", "inicio", "fim", "quantidade", "porque"),
        [
            (
                str(int(lacuna.ambiente)),
                lacuna.modelo.value,
                str(lacuna.serie),
                str(lacuna.inicio),
                str(lacuna.fim),
                str(lacuna.quantidade),
                _PORQUE[lacuna.tipo],
            )
            for lacuna in lacunas
        ],
        em_json=em_json,
    )
