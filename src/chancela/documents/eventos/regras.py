"""What can be said of an event before it is sent: hard refusals, and deadlines as warnings.

A deadline never refuses here: UFs accept later ones on their own terms (155), so only the authorizer may say no
(501). What is certain from the document alone (text, model, sequence) refuses.
"""

from datetime import datetime, timedelta

from chancela.documents.comum.texto import clean_texto
from chancela.documents.eventos.modelo import TipoEvento
from chancela.domain.erros import RegraViolada, Severidade, Violacao
from chancela.domain.identidade import Modelo

JUSTIFICATIVA_MINIMA, JUSTIFICATIVA_MAXIMA = 15, 255
CORRECAO_MINIMA, CORRECAO_MAXIMA = 15, 1000


def clean_justificativa(caminho: str, texto: str) -> str:
    """xJust: normalised, 15 to 255 characters. Raises `RegraViolada`."""
    return _clean(
        "EVENTO-JUSTIFICATIVA", caminho, "Justificativa", texto, JUSTIFICATIVA_MINIMA, JUSTIFICATIVA_MAXIMA
    )


def clean_correcao(caminho: str, texto: str) -> str:
    """xCorrecao: normalised, 15 to 1000 characters. Raises `RegraViolada`."""
    return _clean("CCE-CORRECAO", caminho, "Texto da correção", texto, CORRECAO_MINIMA, CORRECAO_MAXIMA)


def _clean(codigo: str, caminho: str, rotulo: str, texto: str, minimo: int, maximo: int) -> str:
    limpo = clean_texto(texto)
    if minimo <= len(limpo) <= maximo:
        return limpo
    raise RegraViolada(
        (
            Violacao(
                codigo,
                caminho,
                f"O texto tem {len(limpo)} caracteres; a SEFAZ aceita de {minimo} a {maximo}.",
                f"Escreva entre {minimo} e {maximo} caracteres.",
                rotulo=rotulo,
                valor=limpo[:60],
                c_stat=215,
            ),
        )
    )


def check_modelo(tipo: TipoEvento, modelo: Modelo) -> None:
    """An event that the model does not have (784 for a CC-e of an NFC-e). Raises `RegraViolada`."""
    if modelo in tipo.modelos:
        return
    raise RegraViolada(
        (
            Violacao(
                "EVENTO-MODELO",
                "modelo",
                f"O evento {tipo.descricao} não existe para o modelo {modelo.value}.",
                "Cancele o documento no prazo e emita outro.",
                rotulo="Modelo",
                valor=modelo.value,
                c_stat=784,
            ),
        )
    )


def find_late(tipo: TipoEvento, modelo: Modelo, autorizado_em: datetime, agora: datetime) -> Violacao | None:
    """The warning of an event after its national deadline; None while it is in time."""
    prazo = tipo.prazos.get(modelo)
    if prazo is None or agora - autorizado_em <= prazo:
        return None
    return Violacao(
        "EVENTO-PRAZO",
        "prazo",
        f"O prazo do evento {tipo.descricao} é de {describe_prazo(prazo)} depois da autorização e já passou.",
        "A UF pode recusar (501) ou aceitar fora do prazo (155).",
        rotulo="Prazo",
        valor=describe_prazo(agora - autorizado_em),
        c_stat=501,
        severidade=Severidade.AVISO,
    )


def describe_prazo(intervalo: timedelta) -> str:
    """`24 h`, `30 min`: whole hours from one hour on."""
    minutos = int(intervalo.total_seconds()) // 60
    return f"{minutos // 60} h" if minutos >= 60 else f"{minutos} min"
