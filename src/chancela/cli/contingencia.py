"""`chancela contingencia`: the circuits, and an SVC switched on by hand."""

from chancela.cli.saida import USO_ERRADO, say, show_rows
from chancela.domain.identidade import Ambiente, Modelo, Uf
from chancela.gateways.enderecos import Enderecos
from chancela.issuing.circuito import Alvo, Circuito
from chancela.issuing.circuitos import Circuitos


def force_svc(
    circuitos: Circuitos,
    enderecos: Enderecos,
    uf: str,
    ambiente: Ambiente,
    *,
    motivo: str,
    desligar: bool,
    em_json: bool,
) -> None:
    """Switch, then show how everything stands. Wrong use leaves with code 2."""
    if uf.upper() not in Uf.__members__:
        say(f"{uf} não é uma UF.")
        raise SystemExit(USO_ERRADO)
    if bool(motivo.strip()) is desligar:
        say("Informe --ligar MOTIVO ou --desligar.")
        raise SystemExit(USO_ERRADO)
    qual = Uf[uf.upper()]
    alvo = Alvo(enderecos.contingency(qual, ambiente), Modelo.NFE, ambiente, qual)
    circuitos.force(alvo, " ".join(motivo.split()))
    show_circuits(circuitos, em_json=em_json)


def show_circuits(circuitos: Circuitos, *, em_json: bool) -> None:
    """Print every authorizer that was ever asked or failed."""
    lidos = circuitos.load()
    if not lidos and not em_json:
        say("Nenhum autorizador falhou até aqui.")
        return
    show_rows(
        "Autorizadores",
        ("autorizador", "modelo", "ambiente", "uf", "situacao", "desde", "cstat", "motivo", "ligada_a_mao"),
        [_row(circuito) for circuito in lidos],
        em_json=em_json,
    )


def _row(circuito: Circuito) -> tuple[str, ...]:
    alvo = circuito.alvo
    return (
        alvo.autorizador,
        alvo.modelo.value,
        str(int(alvo.ambiente)),
        "" if alvo.uf is None else alvo.uf.value,
        "fora do ar" if circuito.aberto else "no ar",
        "" if circuito.aberto_em is None else circuito.aberto_em.isoformat(timespec="seconds"),
        str(circuito.c_stat or ""),
        circuito.motivo,
        circuito.forcada,
    )
