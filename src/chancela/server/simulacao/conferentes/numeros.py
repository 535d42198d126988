"""One id, one document; and a sequence of numbers without a hole that nobody can explain."""

from collections import defaultdict
from collections.abc import Iterator

from chancela.server.simulacao.enredo import Enredo
from chancela.server.simulacao.provas import Chamada, Provas

_PRIMEIRO = 1
_CRIAM = ("invoice/create", "nfce/create")


def one_document_each(enredo: Enredo, provas: Provas) -> Iterator[str]:
    """Every answer about one id names one uuid, and no two documents have one id or one number."""
    del enredo
    uuids: dict[tuple[str, str], set[str]] = defaultdict(set)
    for chamada in provas.chamadas:
        uuid = _accepted(chamada)
        if uuid is not None:
            uuids[chamada.empresa, chamada.referencia].add(uuid)
    substituidos = {d.uuid for d in provas.documentos if "substituida_por" in d.contingencia}
    for (empresa, referencia), achados in uuids.items():
        if len(achados - substituidos) > 1:
            yield f"{empresa} {referencia}: respostas nomeiam {len(achados)} documentos"
    por_id: dict[tuple[str, str], int] = defaultdict(int)
    por_numero: dict[tuple[str, str, int, int], int] = defaultdict(int)
    for documento in provas.documentos:
        if documento.uuid not in substituidos:
            por_id[documento.empresa, documento.referencia] += 1
        por_numero[documento.empresa, documento.modelo, documento.serie, documento.numero] += 1
    yield from (f"{e} {r}: {n} documentos com um id" for (e, r), n in por_id.items() if n > 1)
    yield from (
        f"{e} modelo {m} série {s} número {n}: {q} documentos"
        for (e, m, s, n), q in por_numero.items()
        if q > 1
    )
    vendas = {(nota.emitente, nota.modelo, nota.serie, nota.numero) for nota in provas.livro.notas}
    if len(vendas) != len(provas.livro.notas):
        yield "o livro tem dois documentos com um número"


def accepted_sales_exist(enredo: Enredo, provas: Provas) -> Iterator[str]:
    """An id that was ever answered with 200 has its document at the end; a bad request never got one."""
    ruins = {(venda.loja, venda.referencia) for venda in enredo.vendas if venda.ruim}
    lojas = list(provas.canarios)
    vistos = {(documento.empresa, documento.referencia) for documento in provas.documentos}
    for chamada in provas.chamadas:
        if _accepted(chamada) is not None and (chamada.empresa, chamada.referencia) not in vistos:
            yield f"{chamada.empresa} {chamada.referencia}: aceita em {chamada.em:%d/%m %H:%M} e perdida"
    for loja, referencia in ruins:
        if (lojas[loja], referencia) in vistos:
            yield f"{lojas[loja]} {referencia}: pedido recusado que virou documento"


def _accepted(chamada: Chamada) -> str | None:
    """The uuid that the answer of a create names; None for any other call or answer."""
    uuid = chamada.fatos.get("uuid") if chamada.operacao in _CRIAM else None
    return None if uuid is None else str(uuid)


def no_gaps(enredo: Enredo, provas: Provas) -> Iterator[str]:
    """From the first number on, each is a document or was declared as never used."""
    del enredo
    usados: dict[tuple[str, str, int], set[int]] = defaultdict(set)
    for documento in provas.documentos:
        if documento.status != "Voided":
            usados[documento.empresa, documento.modelo, documento.serie].add(documento.numero)
    for (empresa, modelo, serie), numeros in usados.items():
        explicados = set(numeros)
        for faixa in provas.livro.faixas:
            if (faixa.emitente, faixa.modelo, faixa.serie) == (empresa, modelo, serie):
                dobrados = numeros & set(range(faixa.inicio, faixa.fim + 1))
                yield from (
                    f"{empresa} série {serie}: o número {n} é documento e inutilizado" for n in dobrados
                )
                explicados |= set(range(faixa.inicio, faixa.fim + 1))
        faltam = sorted(set(range(_PRIMEIRO, max(numeros))) - explicados)
        if faltam:
            yield f"{empresa} série {serie}: sem explicação para {faltam}"
