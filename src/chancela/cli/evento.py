"""`chancela evento`: the kinds with their deadlines, and what became of one that was sent."""

from datetime import datetime
from pathlib import Path
from typing import Any, cast

from chancela.cli.leitura import read_json_file
from chancela.cli.saida import PENDENTE, RECUSADO, REJEITADO, say, show, show_rows
from chancela.documents.eventos.registro import EVENTOS
from chancela.documents.eventos.regras import describe_prazo
from chancela.issuing.solicitacao import EstadoSolicitacao, Solicitacao


def read_fields(arquivo: Path) -> dict[str, Any]:
    """The fields of an event out of a JSON file (`-` is the standard input); what is no object leaves with code 1."""
    lido = read_json_file(arquivo)
    if not isinstance(lido, dict):
        say("EVENTO-DADOS  O arquivo não é um objeto JSON. Envie os campos do evento entre chaves.")
        raise SystemExit(RECUSADO)
    return cast("dict[str, Any]", lido)


def show_kinds(*, em_json: bool) -> None:
    """Every kind: who signs it, who registers it, up to which sequence and until when."""
    linhas = [
        (
            tipo.codigo,
            tipo.descricao,
            ", ".join(sorted(modelo.value for modelo in tipo.modelos)),
            ", ".join(autor.name.lower() for autor in sorted(tipo.autores)),
            tipo.orgao.value or "UF",
            str(tipo.sequencia_maxima),
            ", ".join(f"{m.value}: {describe_prazo(p)}" for m, p in tipo.prazos.items()),
        )
        for tipo in EVENTOS.values()
    ]
    colunas = ("tipo", "descricao", "modelos", "assina", "orgao", "sequencia_maxima", "prazo")
    show_rows("Eventos", colunas, linhas, em_json=em_json)


def show_event(solicitacao: Solicitacao, ate: datetime | None, *, em_json: bool) -> None:
    """Print what became of an event; exit code 3 when SEFAZ refused it, 4 while it is under way."""
    fatos: dict[str, Any] = {
        "id": solicitacao.id,
        "chave": solicitacao.chave,
        "tipo": solicitacao.tipo,
        "sequencia": solicitacao.sequencia,
        "estado": solicitacao.estado.value,
        "cstat": solicitacao.c_stat,
        "motivo": solicitacao.motivo,
        "protocolo": solicitacao.protocolo,
        "prazo": None if ate is None else ate.isoformat(timespec="seconds"),
    }
    show(fatos, em_json=em_json)
    if solicitacao.estado is EstadoSolicitacao.REJEITADA:
        raise SystemExit(REJEITADO)
    if solicitacao.estado.viva:
        raise SystemExit(PENDENTE)


def say_deadline(ate: datetime | None) -> None:
    """Before anything is sent."""
    if ate is not None:
        say(f"Prazo nacional deste evento: até {ate:%d/%m/%Y %H:%M} UTC.")
