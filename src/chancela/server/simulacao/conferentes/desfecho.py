"""Liveness: half an hour after the faults stop, nothing is under way any more; and no failure of our own on the way."""

from collections.abc import Iterator
from datetime import timedelta

from chancela.server.simulacao.enredo import Enredo, Praga
from chancela.server.simulacao.provas import Provas

_FOLGA = timedelta(minutes=1)


def no_failure_of_ours(enredo: Enredo, provas: Provas) -> Iterator[str]:
    """HTTP 5xx only while the database is away or has just failed."""
    quedas = [j for j in enredo.janelas if j.praga in (Praga.BANCO_FORA, Praga.BANCO_REINICIADO)]
    for chamada in provas.chamadas:
        explicada = any(j.inicio - _FOLGA <= chamada.em <= j.fim + _FOLGA for j in quedas)
        explicada = explicada or any(em <= chamada.em <= em + _FOLGA for em in provas.defeitos)
        if chamada.status >= 500 and not explicada:
            yield f"{chamada.operacao} de {chamada.empresa}: HTTP {chamada.status} em {chamada.em:%d/%m %H:%M:%S}"


def settled(enredo: Enredo, provas: Provas) -> Iterator[str]:
    """Every document has an outcome."""
    del enredo
    for documento in provas.documentos:
        if documento.status == "Processing":
            yield f"{documento.chave}: ainda em processamento ({documento.dados.get('motivo')})"
