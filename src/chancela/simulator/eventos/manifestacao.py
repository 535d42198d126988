"""Manifestação do destinatário (2102xx) at the Ambiente Nacional: windows and state machine (NT 2020.001)."""

from datetime import timedelta

from chancela.simulator.eventos.cancelamento import CONCLUSIVAS
from chancela.simulator.eventos.modelo import (
    AMBIENTE_NACIONAL,
    Autor,
    CasoEvento,
    Prazo,
    Recusa,
    RegraEvento,
    TipoEvento,
)

_PASTA = "nfe_evento_mde/schemas/v1_0"
_CONCLUSIVA = Prazo(timedelta(days=180), 596, "180 dias da autorização da NF-e")


def _emission_type(caso: CasoEvento) -> Recusa:
    if caso.chave[34] in "1234567":
        return None
    return 496, "A chave de acesso da NF-e informada no evento está com código de tpEmis inválido."


def _reason(caso: CasoEvento) -> Recusa:
    if caso.det.texto("xJust").strip():
        return None
    return 595, "Obrigatória a informação da justificativa do evento."


def _not_cancelled(c_stat: int, nome: str) -> RegraEvento:
    def judge(caso: CasoEvento) -> Recusa:
        if caso.livro_nota.situacao == "autorizada":
            return None
        return c_stat, f'Evento de "{nome}" para NF-e Cancelada ou Denegada'

    return judge


def _nothing_conclusive(caso: CasoEvento) -> Recusa:
    if not caso.of_type(*CONCLUSIVAS):
        return None
    return 655, "Evento de Ciência da Emissão informado após a manifestação final do destinatário"


def _manifestacao(
    codigo: str,
    descricao: str,
    *,
    prazo: Prazo = _CONCLUSIVA,
    sequencia_maxima: int = 2,
    antes_do_esquema: RegraEvento | None = None,
    da_nota: tuple[RegraEvento, ...] = (),
) -> TipoEvento:
    return TipoEvento(
        codigo,
        descricao,
        f"{_PASTA}/e{codigo}_v1.00",
        orgao=AMBIENTE_NACIONAL,
        autor=Autor.DESTINATARIO,
        sequencia_maxima=sequencia_maxima,
        prazos={"55": prazo},
        antes_do_esquema=antes_do_esquema,
        da_chave=(_emission_type,),
        da_nota=da_nota,
    )


CONFIRMACAO = _manifestacao("210200", "Confirmacao da Operacao")
CIENCIA = _manifestacao(
    "210210",
    "Ciencia da Operacao",
    prazo=Prazo(timedelta(days=10), 596, "10 dias da autorização da NF-e"),
    sequencia_maxima=1,
    da_nota=(_not_cancelled(650, "Ciência da Emissão"), _nothing_conclusive),
)
DESCONHECIMENTO = _manifestacao(
    "210220", "Desconhecimento da Operacao", da_nota=(_not_cancelled(651, "Desconhecimento da Operação"),)
)
NAO_REALIZADA = _manifestacao("210240", "Operacao nao Realizada", antes_do_esquema=_reason)
