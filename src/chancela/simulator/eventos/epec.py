"""EPEC (110140): the issue in contingency registered at the Ambiente Nacional before the note itself (NT 2014.001)."""

from datetime import date, datetime, timedelta

from chancela.simulator.eventos.modelo import AMBIENTE_NACIONAL, CasoEvento, Recusa, TipoEvento
from chancela.simulator.livro_eventos import EpecLivro
from chancela.simulator.pedido import natural_of_key
from chancela.simulator.tabelas import SERIES_CNPJ, SERIES_CPF, UF_DO_CODIGO

TOLERANCIA = timedelta(minutes=5)
_ATRASO_MAXIMO = timedelta(days=1)
_PENDENCIA_MAXIMA = timedelta(days=7)
_SEM_EPEC = {"PR": date(2026, 10, 5), "PB": date(2026, 10, 5)}
"""UFs whose issuers may no longer use it, from that day."""


def _key(caso: CasoEvento) -> Recusa:
    serie = int(caso.chave[22:25])
    if serie not in SERIES_CNPJ and serie not in SERIES_CPF:
        return 266, "Série utilizada não permitida no Web Service"
    if caso.chave[34] != "4":
        return 484, "Chave de Acesso com tipo de emissão diferente de 4 (posição 35 da Chave de Acesso)"
    return None


def _emission(caso: CasoEvento) -> Recusa:
    emissao = caso.date_of("dhEmi")
    assert emissao is not None, "the schema demands it"
    if emissao > caso.agora + TOLERANCIA:
        return 212, "Data de emissão NF-e posterior a data de recebimento"
    if emissao < caso.agora - _ATRASO_MAXIMO:
        return 228, "Data de Emissão muito atrasada"
    if f"{emissao:%y%m}" != caso.chave[2:6]:
        return 659, "Ano-Mês da Data de Emissão diverge do Ano_Mês da Chave de Acesso"
    if caso.det.texto("cOrgaoAutor") != caso.chave[:2]:
        return 455, "Órgão Autor do evento diferente da UF da Chave de Acesso"
    return None


def _blocked(caso: CasoEvento) -> Recusa:
    bloqueado = 142, "Ambiente de Contingência EPEC bloqueado para o Emitente"
    fim = _SEM_EPEC.get(UF_DO_CODIGO.get(caso.chave[:2], ""))
    if fim is not None and caso.agora.date() >= fim:
        return bloqueado
    pendente = caso.livro.oldest_pending_epec(caso.ambiente, caso.autor)
    if pendente is None:
        return None
    espera = caso.agora - datetime.fromisoformat(pendente.registrado_em)
    return bloqueado if espera > _PENDENCIA_MAXIMA else None


def _number_taken(caso: CasoEvento) -> Recusa:
    natural = natural_of_key(caso.chave)
    anterior = caso.livro.find_epec(caso.ambiente, natural)
    if anterior is not None:
        return 485, "Duplicidade de numeração do EPEC (Modelo, CNPJ ou CPF, Série e Número)"
    if caso.livro.find_natural(caso.ambiente, natural) is not None:
        return 661, "NF-e já existente para o número do EPEC informado"
    numero = int(caso.chave[25:34])
    faixa = (caso.ambiente, caso.autor, caso.modelo, int(caso.chave[22:25]), numero, numero)
    if caso.livro.voided(*faixa):
        return 662, "Numeração do EPEC está inutilizada na Base de Dados da SEFAZ"
    return None


def _remember(caso: CasoEvento, quando: str) -> None:
    """Keep what the later note has to match (467)."""
    dest = caso.det.grupo("dest")
    caso.livro.add_epec(
        EpecLivro(
            caso.ambiente,
            natural_of_key(caso.chave),
            caso.chave,
            caso.autor,
            quando,
            caso.det.texto("tpNF"),
            dest.texto("UF"),
            dest.texto("CNPJ") or dest.texto("CPF") or dest.texto("idEstrangeiro"),
            dest.texto("vNF"),
            dest.texto("vICMS"),
            dest.texto("vST"),
        )
    )


EPEC = TipoEvento(
    "110140",
    "Evento Previo de Emissao em Contingencia",  # the schema of returns wants five characters: more than "EPEC"
    "nfe_epec/schemas/v1_0/e110140_v1.00",
    orgao=AMBIENTE_NACIONAL,
    sem_nota=True,
    da_chave=(_key, _emission, _blocked, _number_taken),
    efeito=_remember,
)
