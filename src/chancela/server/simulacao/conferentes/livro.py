"""Product and authority hold the same documents: nothing lost, nothing invented."""

from collections.abc import Iterator

from chancela.server.simulacao.enredo import Enredo
from chancela.server.simulacao.provas import Provas

_COM_PROTOCOLO = {"Authorized", "Canceled"}


def equal_ledgers(enredo: Enredo, provas: Provas) -> Iterator[str]:
    """Every document of the ledger is the product's, in the same situation, and the other way round."""
    del enredo
    no_livro = {nota.chave: nota for nota in provas.livro.notas}
    sem_digest = {troca.assunto for troca in provas.trocas if troca.falha == "sem_digval"}
    vistos = {documento.chave: documento for documento in provas.documentos}
    for chave, nota in no_livro.items():
        visto = vistos.get(chave)
        if visto is None:
            yield f"a SEFAZ autorizou {chave} e o produto não conhece a chave"
        elif visto.status == "Divergent" and chave in sem_digest:
            continue  # nothing proves whose document the protocol is of: a person decides (corrections, Resending)
        elif visto.status != ("Canceled" if nota.cancelada else "Authorized"):
            yield f"{chave}: o produto diz {visto.status}, o livro diz {'cancelada' if nota.cancelada else 'autorizada'}"
        elif visto.dados.get("protocolo") != nota.protocolo:
            yield f"{chave}: protocolo {visto.dados.get('protocolo')}, no livro {nota.protocolo}"
    for chave, documento in vistos.items():
        if documento.status in _COM_PROTOCOLO and chave not in no_livro:
            yield f"o produto diz {documento.status} de {chave}, que a SEFAZ não tem"
