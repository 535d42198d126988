"""Webhooks: every outcome told at least once, and the story of a document in its order."""

from collections import defaultdict
from collections.abc import Iterator

from chancela.server.simulacao.enredo import Enredo
from chancela.server.simulacao.provas import Aviso, Provas

_EVENTOS_DO_FIM = {
    "Authorized": ("documento.autorizado",),
    "Canceled": ("documento.autorizado", "documento.cancelado"),
    "Rejected": ("documento.rejeitado",),
    "Divergent": ("documento.divergente",),
}


def told_at_least_once(enredo: Enredo, provas: Provas) -> Iterator[str]:
    """The receiver of a company accepted a message about how each of its documents ended."""
    del enredo
    contados = {(a.alvo, str(a.corpo["type"])) for a in provas.avisos if a.aceito}
    for documento in provas.documentos:
        for evento in _EVENTOS_DO_FIM.get(documento.status, ()):
            if (documento.uuid, evento) not in contados:
                yield f"{documento.chave}: {documento.status}, e nenhum aviso {evento}"


def told_in_order(enredo: Enredo, provas: Provas) -> Iterator[str]:
    """No message about a document comes for the first time after a later one about it."""
    del enredo
    vistas: set[tuple[str, str]] = set()
    ultimas: dict[tuple[str, str], Aviso] = {}
    for aviso in provas.avisos:
        if (aviso.empresa, aviso.mensagem) in vistas:
            continue
        vistas.add((aviso.empresa, aviso.mensagem))
        antes = ultimas.get((aviso.empresa, aviso.alvo))
        ultimas[aviso.empresa, aviso.alvo] = aviso
        if antes is not None and str(antes.corpo["timestamp"]) > str(aviso.corpo["timestamp"]):
            yield f"{aviso.alvo}: {aviso.corpo['type']} contado depois de {antes.corpo['type']}"


def canaries(enredo: Enredo, provas: Provas) -> Iterator[str]:
    """Nothing of a company is in an answer or a message to another."""
    del enredo
    textos: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for chamada in provas.chamadas:
        textos[chamada.empresa].append((chamada.operacao, str(chamada.resposta)))
    for aviso in provas.avisos:
        textos[aviso.empresa].append(("webhook", str(aviso.corpo)))
    for documento in provas.documentos:
        textos[documento.empresa].append(("xml", (documento.xml or b"").decode()))
    for dono, canario in provas.canarios.items():
        for empresa, mostrados in textos.items():
            onde = (
                sorted({nome for nome, texto in mostrados if canario in texto.upper()})
                if empresa != dono
                else []
            )
            if onde:
                yield f"{empresa} viu o que é de {dono}: {', '.join(onde)}"
