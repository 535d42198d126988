"""Checkers: each reads what a run left and says what does not hold. None of them shares code with what it judges."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from chancela.server.simulacao.conferentes import (
    arquivo,
    avisos,
    contingencia,
    desfecho,
    fio,
    livro,
    numeros,
    recebidos,
)
from chancela.server.simulacao.enredo import Enredo
from chancela.server.simulacao.provas import Provas

Conferente = Callable[[Enredo, Provas], Iterator[str]]
CONFERENTES: dict[str, Conferente] = {
    "livro": livro.equal_ledgers,
    "um-id-um-documento": numeros.one_document_each,
    "nada-perdido": numeros.accepted_sales_exist,
    "sem-buracos": numeros.no_gaps,
    "sem-reenvio-cego": fio.no_blind_resend,
    "sem-539": fio.no_other_key,
    "mesmos-bytes": fio.identical_bytes,
    "recusas-iguais": fio.equal_refusals,
    "prazo-da-contingencia": contingencia.transmitted_in_time,
    "svc-na-vez": contingencia.svc_in_its_turn,
    "uma-nota-por-venda": contingencia.one_note_per_sale,
    "epec": contingencia.epec_followed,
    "dinheiro": arquivo.money,
    "arquivo": arquivo.archive_holds,
    "hora-legal": arquivo.legal_time,
    "avisos": avisos.told_at_least_once,
    "ordem-dos-avisos": avisos.told_in_order,
    "boas-maneiras": fio.politeness,
    "sem-500": desfecho.no_failure_of_ours,
    "vivacidade": desfecho.settled,
    "inquilinos": avisos.canaries,
    "recebidos": recebidos.captured_once,
    "nota-inteira": recebidos.whole_note_follows,
    "captura-na-hora": recebidos.asked_in_time,
}
"""Every checker by name."""


@dataclass(frozen=True, slots=True)
class Achado:
    """Something that a checker found."""

    conferente: str
    texto: str


def examine(enredo: Enredo, provas: Provas) -> Sequence[Achado]:
    """What all checkers find; nothing means that the run is clean."""
    return [
        Achado(nome, texto) for nome, conferir in CONFERENTES.items() for texto in conferir(enredo, provas)
    ]
