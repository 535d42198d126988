"""What went over the wire: nothing was sent again blindly, and nobody was asked more often than is allowed."""

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from chancela.server.simulacao.enredo import EMITENTES, Enredo
from chancela.server.simulacao.provas import Exchange, Provas

_AUTORIZACAO, _CONSULTA = "NFeAutorizacao4", "NFeConsultaProtocolo4"
_ATRASO = "delay"
_SABE_QUE_NAO = frozenset({217, 526})
_NA_PORTA = frozenset({108, 109, 656})
"""Verdicts given at the door: the document was not looked at."""
_DE_NOVO = frozenset({204, 539, 999})
"""Verdicts about what SEFAZ holds already, or about itself: not a refusal of the content."""
_HORA = timedelta(hours=1)
_PRIMEIRA_REJEICAO, _RECUSAS_POR_HORA = 201, 3
_NUMERO = slice(6, 34)
"""Issuer, model, series and number within a key."""
LIMITES_POR_HORA = {_CONSULTA: 10, "NFeRetAutorizacao4": 40, "NFeStatusServico4": 40}
"""Questions about one key or receipt in an hour, or to one authorizer about itself, beyond which it answers 656."""


def no_blind_resend(enredo: Enredo, provas: Provas) -> Iterator[str]:
    """After a send whose outcome nobody heard, the same key goes out again only once a query said that it is unknown."""
    del enredo
    incertos: dict[str, Exchange] = {}
    for troca in provas.trocas:
        if troca.servico == _AUTORIZACAO:
            antes = incertos.get(troca.assunto)
            if antes is not None:
                yield f"{troca.assunto}: enviada em {troca.em} sem consulta, depois de {antes.falha or antes.c_stat} em {antes.em}"
            if _unheard(troca):
                incertos[troca.assunto] = troca
            else:
                incertos.pop(troca.assunto, None)
        elif troca.servico == _CONSULTA and troca.ouvido and troca.c_stat in _SABE_QUE_NAO:
            incertos.pop(troca.assunto, None)


def _unheard(troca: Exchange) -> bool:
    """Whether the authority may hold the document although the product does not know."""
    if troca.falha == "refuse":
        return False
    return not troca.ouvido or troca.c_stat in (0, 103, 105, 999)


def no_other_key(enredo: Enredo, provas: Provas) -> Iterator[str]:
    """539 means that one number went out under two keys.

    It is nobody's fault where the first key was heard to be refused while a copy of it, late on the wire, was still to come
    and be authorised: then the product has to find that one (`equal_ledgers`).
    """
    del enredo
    tardias = {
        troca.assunto for troca in provas.trocas if troca.servico == _AUTORIZACAO and troca.falha == _ATRASO
    }
    recusadas = {
        troca.assunto
        for troca in provas.trocas
        if troca.servico == _AUTORIZACAO and troca.ouvido and troca.c_stat >= _PRIMEIRA_REJEICAO
    }
    chegaram_depois = {chave[_NUMERO] for chave in tardias & recusadas}
    for chave, c_stat in provas.livro.recepcoes:
        if c_stat == 539 and chave[_NUMERO] not in chegaram_depois:
            yield f"{chave}: 539, o número já tinha outra chave"


def identical_bytes(enredo: Enredo, provas: Provas) -> Iterator[str]:
    """One key, one digest: what is sent again is what was sent."""
    del enredo
    digests: dict[str, str] = {}
    for troca in provas.trocas:
        if troca.servico == _AUTORIZACAO and digests.setdefault(troca.assunto, troca.digest) != troca.digest:
            yield f"{troca.assunto}: enviada com dois conteúdos"


def equal_refusals(enredo: Enredo, provas: Provas) -> Iterator[str]:
    """What was refused three times within an hour for the same reason is not sent for the fourth time.

    A refusal that the database failed to store was never learnt: the very bytes go once more, after SEFAZ has said that it does
    not know them (`no_blind_resend`), and are the same try.
    """
    disputadas = {(EMITENTES[v.loja], v.referencia) for v in enredo.vendas if v.disputa}
    de_dois = {d.chave[_NUMERO] for d in provas.documentos if (d.empresa, d.referencia) in disputadas}
    recusas: dict[tuple[str, int], deque[Exchange]] = defaultdict(deque)
    for troca in provas.trocas:
        if troca.servico != _AUTORIZACAO or not troca.chegou or troca.c_stat < _PRIMEIRA_REJEICAO:
            continue
        if not troca.ouvido or troca.c_stat in _NA_PORTA | _DE_NOVO:
            continue
        fila = recusas[troca.assunto[_NUMERO], troca.c_stat]
        while fila and troca.em - fila[0].em >= _HORA:
            fila.popleft()
        if fila and _forgotten(fila[-1], troca, provas.defeitos):
            fila.pop()
        fila.append(troca)
        conteudos = 2 if troca.assunto[_NUMERO] in de_dois else 1
        if len(fila) == _RECUSAS_POR_HORA * conteudos + 1:
            yield f"{troca.assunto}: recusada {len(fila)} vezes com {troca.c_stat} na hora até {troca.em}"


def _forgotten(recusa: Exchange, reenvio: Exchange, defeitos: Sequence[datetime]) -> bool:
    return recusa.digest == reenvio.digest and any(recusa.em <= em <= reenvio.em for em in defeitos)


def politeness(enredo: Enredo, provas: Provas) -> Iterator[str]:
    """The limits of consumo indevido, counted over every hour."""
    del enredo
    recentes: dict[tuple[str, str], deque[Exchange]] = defaultdict(deque)
    for troca in provas.trocas:
        limite = LIMITES_POR_HORA.get(troca.servico)
        if limite is None or not troca.chegou:
            continue
        fila = recentes[troca.servico, troca.assunto or troca.destino]
        while fila and troca.em - fila[0].em >= _HORA:
            fila.popleft()
        fila.append(troca)
        if len(fila) == limite + 1:
            yield f"{troca.servico} de {troca.assunto}: mais de {limite} vezes na hora até {troca.em}"
