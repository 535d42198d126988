"""The books compared: what our own tables tell, against what SEFAZ authorised and what it was told was never used.

A sale may hold two numbers. A note that was sent without answer is left behind in contingency as an original, and its
operation goes on under a substitute (docs/contingencia.md). The substitute then holds the sale; the original ends
cancelled, or inutilised when SEFAZ never had it.
"""

import http.client
from contextlib import suppress
from typing import Any

from tests.processos.apoio import Loja, eventually
from tests.quedas.casa import Casa, Registro

_SITUACOES = {"AUTORIZADO": "autorizada", "CANCELADO": "cancelada"}


def standing_note(loja: Loja, uuid: str, status: str, prazo_s: float) -> dict[str, Any]:
    """The note that holds a sale, once it has come to its status: the one that the till knows, or its substitute."""

    def rested() -> dict[str, Any] | None:
        with suppress(OSError, http.client.HTTPException, ValueError):
            dados = loja.cliente.get("/api/invoice/get_detail", uuid=uuid).dados
            return dados if dados.get("status") == status or substitute_of(dados) else None
        return None

    nota = eventually(rested, prazo_s=prazo_s)
    assert nota is not None
    substituta = substitute_of(nota)
    return nota if substituta is None else standing_note(loja, substituta, status, prazo_s)


def wait_until_done(casa: Casa, cnpj: str, prazo_s: float) -> None:
    """Until every document of a company is what it will be; what is not is told."""
    try:
        eventually(lambda: not casa.unsettled(cnpj), prazo_s=prazo_s)
    except AssertionError as erro:
        linhas = "\n".join(str(linha) for linha in casa.unsettled(cnpj))
        raise AssertionError(f"{erro}:\n{linhas}") from None


def substitute_of(nota: dict[str, Any]) -> str | None:
    return nota.get("contingencia", {}).get("substituida_por")


def compare(casa: Casa, cnpj: str) -> list[Registro]:
    """The notes that hold the sales of a company: one authorisation and one text each, and no number without a story.

    Originals are cancelled, or inutilised and unknown to SEFAZ; numbers in the ledger and numbers declared as never used
    make one row without hole or double.
    """
    registros = casa.books(cnpj)
    livro = {nota["chave"]: nota for nota in casa.ledger() if nota["emitente"] == cnpj}
    nunca_usados = [registro for registro in registros if registro.estado == "INUTILIZADO"]
    assert all(registro.substituto for registro in nunca_usados)
    assert sorted(casa.voided(cnpj)) == sorted(registro.numero for registro in nunca_usados)
    notas = [registro for registro in registros if registro.estado != "INUTILIZADO"]
    assert {registro.chave for registro in notas} == set(livro)
    assert sorted(registro.numero for registro in registros) == list(range(1, len(registros) + 1))
    for registro in notas:
        _compare_note(registro, livro[registro.chave])
    return [registro for registro in notas if registro.substituto is None]


def _compare_note(registro: Registro, la: dict[str, Any]) -> None:
    assert (registro.numero, registro.protocolo) == (la["numero"], la["protocolo"])
    assert _SITUACOES[registro.estado] == la["situacao"]
    assert registro.substituto is None or registro.estado == "CANCELADO", "one sale, two authorised notes"
    cancelamentos = int(la["situacao"] == "cancelada")
    assert (la["textos"], la["autorizacoes"], la["eventos"]) == (1, 1, cancelamentos)
