"""What suppliers sent: captured once each, whole where the shop took note of it, and asked for no oftener than is allowed."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from chancela.server.simulacao.enredo import Enredo
from chancela.server.simulacao.provas import Provas

_DISTRIBUICAO, _CONSUMO_INDEVIDO = "NFeDistribuicaoDFe", 656
_HORA = timedelta(hours=1)
_RESUMO, _NOTA, _EVENTO = "resNFe_", "procNFe_", ("resEvento_", "procEventoNFe_")


def captured_once(enredo: Enredo, provas: Provas) -> Iterator[str]:
    """Every document of a shop's queue is the shop's, once, and its file is of the same document."""
    del enredo
    na_fila, capturados = Counter(provas.livro.distribuidos), Counter(visto for visto, _ in provas.recebidos)
    for falta in na_fila - capturados:
        yield f"{falta.empresa}: o NSU {falta.nsu} ({falta.esquema} de {falta.chave}) não foi capturado"
    for sobra in capturados - na_fila:
        yield f"{sobra.empresa}: o NSU {sobra.nsu} ({sobra.esquema} de {sobra.chave}) não é da fila, ou veio duas vezes"
    for visto, arquivo in provas.recebidos:
        raiz = visto.esquema.partition("_")[0]
        nome = {"procNFe": "nfeProc"}.get(raiz, raiz)
        if arquivo is None or f"<{nome}".encode() not in arquivo or visto.chave.encode() not in arquivo:
            yield f"{visto.empresa}: o arquivo do NSU {visto.nsu} não é o {raiz} de {visto.chave}"


def whole_note_follows(enredo: Enredo, provas: Provas) -> Iterator[str]:
    """Of a note that was not cancelled, the summary is followed by the whole: the shops take note of everything."""
    del enredo
    vistos = [visto for visto, _ in provas.recebidos]
    inteiras = {v.chave for v in vistos if v.esquema.startswith(_NOTA)}
    com_evento = {v.chave for v in vistos if v.esquema.startswith(_EVENTO)}
    for visto in vistos:
        if visto.esquema.startswith(_RESUMO) and visto.chave not in inteiras | com_evento:
            yield f"{visto.empresa}: só o resumo de {visto.chave} veio"


def asked_in_time(enredo: Enredo, provas: Provas) -> Iterator[str]:
    """The distribution says 656 only after an answer that was lost on the way, or by the database, within the hour."""
    del enredo
    perdidas = [t.em for t in provas.trocas if t.servico == _DISTRIBUICAO and not t.ouvido]
    perdidas += provas.defeitos
    for troca in provas.trocas:
        if troca.servico != _DISTRIBUICAO or troca.c_stat != _CONSUMO_INDEVIDO or troca.falha:
            continue
        if not any(troca.em - _HORA <= em <= troca.em for em in perdidas):
            yield f"{troca.destino}: 656 em {troca.em}, e nenhuma resposta se perdera"
