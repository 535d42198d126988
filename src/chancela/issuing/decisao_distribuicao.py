"""What an answer of NFeDistribuicaoDFe means: what to keep, where to go on, and when to ask again. Pure.

Normas: NT 2014.002. Nothing left (137, or ultNSU = maxNSU) rests the question for an hour; 656 rests it for an hour too and
names the ultNSU to go on from. Documents jumped over that way are holes, asked for one by one (consNSU).
"""

from dataclasses import dataclass, replace

from chancela.documents.recebidos.classificacao import classify
from chancela.gateways.nfe.distribuicao import DocZip, RetornoDistribuicao
from chancela.issuing.decisao import CONSUMO_INDEVIDO, PARALISADOS
from chancela.issuing.distribuicao import EstadoDistribuicao, NovoRecebido, Pagina
from chancela.kit.ids import IdSource

LOCALIZADOS, NENHUM = 138, 137
HORA_S = 3_600.0
_PARADO_S = 600.0
_SILENCIO_S = 60.0
SEM_PERMISSAO = frozenset({632, 640, 641, 653})
"""consChNFe that will never succeed: too old, no permission, issuer's own, cancelled."""
BURACOS_MAXIMOS = 10_000
"""At 20 questions an hour that is three weeks; NSUs live for 90 days."""


@dataclass(frozen=True, slots=True)
class Passo:
    """What to write, and whether to ask for the next page at once."""

    pagina: Pagina
    continua: bool = False


def decide_page(antes: EstadoDistribuicao, retorno: RetornoDistribuicao, ids: IdSource) -> Passo:
    """After distNSU."""
    documentos = tuple(new_recebido(zip_, ids) for zip_ in retorno.documentos)
    ult_nsu = max(antes.ult_nsu, retorno.ult_nsu or 0)
    max_nsu = max(ult_nsu, retorno.max_nsu or 0)
    pagina = Pagina(retorno.c_stat, retorno.motivo, ult_nsu, max_nsu, documentos)
    if retorno.c_stat == LOCALIZADOS:
        ult_nsu = max((ult_nsu, *(d.nsu for d in documentos)))
        max_nsu = max(ult_nsu, max_nsu)
        pagina = replace(
            pagina, ult_nsu=ult_nsu, max_nsu=max_nsu, sincronizada=True,
            buracos=_missing(antes.ult_nsu, ult_nsu, {d.nsu for d in documentos}),
        )  # fmt: skip
        if ult_nsu < max_nsu and ult_nsu > antes.ult_nsu:
            return Passo(pagina, continua=True)
        return Passo(replace(pagina, espera_s=HORA_S))
    if retorno.c_stat == NENHUM:
        return Passo(
            replace(pagina, max_nsu=max(ult_nsu, retorno.max_nsu or 0), espera_s=HORA_S, sincronizada=True)
        )
    if retorno.c_stat == CONSUMO_INDEVIDO:
        saltados = ult_nsu - antes.ult_nsu
        inicio = max(antes.ult_nsu, ult_nsu - BURACOS_MAXIMOS)
        return Passo(
            replace(
                pagina,
                espera_s=HORA_S,
                perdidos=max(0, saltados - BURACOS_MAXIMOS),
                buracos=tuple(range(inicio + 1, ult_nsu + 1)),
            )
        )
    espera_s = _PARADO_S if retorno.c_stat in PARALISADOS else HORA_S
    return Passo(
        replace(pagina, ult_nsu=antes.ult_nsu, max_nsu=antes.max_nsu, documentos=(), espera_s=espera_s)
    )


def decide_hole(antes: EstadoDistribuicao, retorno: RetornoDistribuicao, nsu: int, ids: IdSource) -> Passo:
    """After consNSU: a hole is filled, or found to be none; 656 rests everything."""
    preenchido = nsu if retorno.c_stat in (LOCALIZADOS, NENHUM) else None
    return Passo(_single(antes, retorno, ids, preenchido), continua=preenchido is not None)


def decide_note(antes: EstadoDistribuicao, retorno: RetornoDistribuicao, ids: IdSource) -> Passo:
    """After consChNFe."""
    c_stat = retorno.c_stat
    return Passo(_single(antes, retorno, ids, None), continua=c_stat in (LOCALIZADOS, NENHUM, *SEM_PERMISSAO))


def decide_silence(antes: EstadoDistribuicao, motivo: str) -> Passo:
    """No usable answer: the page may have been served. It is asked for again, and a 656 tells what was jumped over."""
    return Passo(Pagina(0, motivo, antes.ult_nsu, antes.max_nsu, espera_s=_SILENCIO_S))


def new_recebido(zip_: DocZip, ids: IdSource) -> NovoRecebido:
    """A document of an answer, classified."""
    return NovoRecebido(ids.new(), zip_.nsu, zip_.esquema, zip_.compactado, classify(zip_.esquema, zip_.xml))


def _single(
    antes: EstadoDistribuicao, retorno: RetornoDistribuicao, ids: IdSource, preenchido: int | None
) -> Pagina:
    """The answer to a question about one document: the position stays, 656 rests it."""
    documentos = (
        tuple(new_recebido(z, ids) for z in retorno.documentos) if retorno.c_stat == LOCALIZADOS else ()
    )
    espera_s = HORA_S if retorno.c_stat == CONSUMO_INDEVIDO else antes.espera_s
    return Pagina(
        retorno.c_stat,
        retorno.motivo,
        antes.ult_nsu,
        antes.max_nsu,
        documentos,
        preenchido=preenchido,
        espera_s=espera_s,
    )


def _missing(antes: int, depois: int, vieram: set[int]) -> tuple[int, ...]:
    """NSUs between two positions that did not come. Before the first page the queue starts where it starts."""
    if not vieram:
        return ()
    inicio = antes + 1 if antes else min(vieram)
    return tuple(nsu for nsu in range(max(inicio, depois - BURACOS_MAXIMOS), depois + 1) if nsu not in vieram)
