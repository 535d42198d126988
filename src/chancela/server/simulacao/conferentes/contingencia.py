"""Contingency: entered only while there is reason, left again, in time for the law, and never with two notes for one sale."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from chancela.server.simulacao.enredo import EMITENTES, Enredo, Praga
from chancela.server.simulacao.provas import Provas

_AUTORIZACAO = "NFeAutorizacao4"
_TP_EMIS = 34
"""Where a key tells its kind of emission."""
_DA_SVC, _OFFLINE = frozenset("67"), 9
_SAIDA = timedelta(minutes=30)
"""How long after an outage the SVC may still be tried: it says itself that it serves no longer."""


def transmitted_in_time(enredo: Enredo, provas: Provas) -> Iterator[str]:
    """What was handed over before SEFAZ saw it was handed over with its files, and transmitted before its legal deadline.

    Without a certificate in force nothing can be signed, and so nothing is handed over.
    """
    vencidos = [j for j in enredo.janelas if j.praga is Praga.CERTIFICADO_VENCIDO]
    julgadas = {t.assunto: t.em for t in reversed(provas.trocas) if t.servico == _AUTORIZACAO and t.chegou}
    for documento in provas.documentos:
        prazo = documento.contingencia.get("transmitir_ate")
        if prazo is None or documento.status == "Voided":
            continue
        chegou = julgadas.get(documento.chave)
        if chegou is None or chegou > datetime.strptime(prazo, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC):
            yield f"{documento.chave}: devia ter chegado até {prazo}, e chegou em {chegou}"
    for chamada in provas.chamadas:
        fatos = chamada.fatos
        if any(EMITENTES[j.loja] == chamada.empresa and j.covers(chamada.em) for j in vencidos):
            continue
        if chamada.operacao == "nfce/create" and fatos.get("contingencia", {}).get("tp_emis") == _OFFLINE:
            faltam = [nome for nome in ("xml", "danfe") if not fatos.get(nome)]
            if faltam and fatos.get("status") == "Processing":
                yield f"{fatos.get('chave')}: off-line e entregue sem {' e '.join(faltam)}"


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
