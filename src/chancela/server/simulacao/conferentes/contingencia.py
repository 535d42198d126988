"""Contingency: entered only while there is reason, left again, in time for the law, and never with two notes for one sale."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from chancela.server.simulacao.enredo import EMITENTES, Enredo, Praga
from chancela.server.simulacao.provas import Chamada, Provas

_AUTORIZACAO, _EVENTO = "NFeAutorizacao4", "NFeRecepcaoEvento4"
_ANUNCIADO, _DO_EPEC = frozenset({136, 485}), "4"
"""136: the EPEC is registered; 485: it was already."""
_TP_EMIS = 34
"""Where a key tells its kind of emission."""
_DA_SVC, _OFFLINE = frozenset("67"), 9
_SAIDA = timedelta(minutes=30)
"""How long after an outage the SVC may still be tried: it says itself that it serves no longer."""
_CORRIDA = timedelta(seconds=15)
"""How far apart the answers of two calls can be that raced for one sale: as long as a call waits."""


def transmitted_in_time(enredo: Enredo, provas: Provas) -> Iterator[str]:
    """What was handed over before SEFAZ saw it was handed over with its files, and transmitted before its legal deadline."""
    julgadas = {t.assunto: t.em for t in reversed(provas.trocas) if t.servico == _AUTORIZACAO and t.chegou}
    for documento in provas.documentos:
        prazo = documento.contingencia.get("transmitir_ate")
        if prazo is None or documento.status == "Voided":
            continue
        chegou = julgadas.get(documento.chave)
        if chegou is None or chegou > datetime.strptime(prazo, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC):
            yield f"{documento.chave}: devia ter chegado até {prazo}, e chegou em {chegou}"
    yield from _handed_over_without_files(enredo, provas)


def _handed_over_without_files(enredo: Enredo, provas: Provas) -> Iterator[str]:
    """Off-line receipts whose customer was sent away without paper.

    Without a certificate in force nothing can be signed; and of two calls that race for one sale, one gets the files.
    """
    vencidos = [j for j in enredo.janelas if j.praga is Praga.CERTIFICADO_VENCIDO]
    inteiras: dict[str, list[datetime]] = defaultdict(list)
    faltas: list[tuple[Chamada, str]] = []
    for chamada in provas.chamadas:
        fatos = chamada.fatos
        if chamada.operacao != "nfce/create" or fatos.get("status") != "Processing":
            continue
        if fatos.get("contingencia", {}).get("tp_emis") != _OFFLINE:
            continue
        faltam = [nome for nome in ("xml", "danfe") if not fatos.get(nome)]
        if not faltam:
            inteiras[fatos["chave"]].append(chamada.em)
        elif not any(EMITENTES[j.loja] == chamada.empresa and j.covers(chamada.em) for j in vencidos):
            faltas.append((chamada, " e ".join(faltam)))
    for chamada, faltam in faltas:
        chave = chamada.fatos["chave"]
        if not any(abs(em - chamada.em) <= _CORRIDA for em in inteiras[chave]):
            yield f"{chave}: off-line e entregue sem {faltam}"


def svc_in_its_turn(enredo: Enredo, provas: Provas) -> Iterator[str]:
    """Keys of an SVC go to an SVC, others to none; and only while an outage lets one serve."""
    vezes = [(j.inicio, j.fim + _SAIDA) for j in enredo.janelas if j.svc]
    for troca in provas.trocas:
        if troca.servico != _AUTORIZACAO or len(troca.assunto) <= _TP_EMIS:
            continue
        na_svc = "/SVC-" in troca.destino
        if na_svc != (troca.assunto[_TP_EMIS] in _DA_SVC):
            yield f"{troca.assunto}: enviada a {troca.destino}"
        elif na_svc and not any(inicio <= troca.em <= fim for inicio, fim in vezes):
            yield f"{troca.assunto}: na SVC em {troca.em:%d/%m %H:%M}, sem que ela estivesse no lugar da SEFAZ"


def one_note_per_sale(enredo: Enredo, provas: Provas) -> Iterator[str]:
    """The original that went on under another number does not stay authorised beside it."""
    del enredo
    situacoes = {documento.uuid: documento.status for documento in provas.documentos}
    for documento in provas.documentos:
        substituta = documento.contingencia.get("substituida_por")
        if substituta is None:
            continue
        if substituta not in situacoes:
            yield f"{documento.chave}: a substituta {substituta} não aparece em lugar nenhum"
        elif documento.status == situacoes[substituta] == "Authorized":
            yield f"{documento.chave}: autorizada, e a substituta também"


def epec_followed(enredo: Enredo, provas: Provas) -> Iterator[str]:
    """A note of EPEC goes to SEFAZ once it was announced, and what was announced comes to an end there."""
    del enredo
    anunciadas: set[str] = set()
    for troca in provas.trocas:
        if troca.servico == _EVENTO and troca.destino.startswith("/AN/") and troca.c_stat in _ANUNCIADO:
            anunciadas.add(troca.assunto)
        do_epec = troca.servico == _AUTORIZACAO and troca.assunto[_TP_EMIS : _TP_EMIS + 1] == _DO_EPEC
        if do_epec and troca.assunto not in anunciadas:
            yield f"{troca.assunto}: enviada em {troca.em} sem EPEC registrado"
    fins = {nota.chave for nota in provas.livro.notas}
    fins |= {d.chave for d in provas.documentos if d.status in ("Rejected", "Divergent")}
    for chave in sorted(anunciadas - fins):
        yield f"{chave}: o EPEC foi registrado e a nota não chegou à SEFAZ"
