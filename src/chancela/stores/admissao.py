"""A new document into its tables: number, row, content, timeline and wake-up in the caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import Connection, RowMapping, text

from chancela.documents.eventos.epec import EPEC
from chancela.domain.erros import EstadoInvalido
from chancela.issuing.barreira import JANELA_S, Recusa, check_barrier
from chancela.issuing.modelo import (
    Admissao,
    Assinado,
    Concessao,
    Documento,
    Estado,
    Marco,
    NovoDocumento,
    Numerado,
)
from chancela.issuing.reemissao import hold_to_epec
from chancela.kit.frozen import replace
from chancela.stores import consultas_documento as sql
from chancela.stores.conexao import Linha, Repetir
from chancela.stores.despertar import wake
from chancela.stores.devolucoes import forget_return, register_return
from chancela.stores.faixas import number_reserved
from chancela.stores.linha_do_tempo import ASSINADO, append, write_marco
from chancela.stores.linhas import read_concessao, read_documento, write_resumo
from chancela.stores.numeracao import Serie, checked_number

_ATOR_PADRAO = "api"
_TEM_DOCUMENTO = 0
"""No number: what `chancela_numerar_series` says of a reference that has its document."""


def admit_document(conexao: Connection, novo: NovoDocumento, *, dono: str | None, prazo_s: float) -> Admissao:
    """See `issuing.ports.Documentos.admit`. Raises `Repetir` when another transaction took the reference meanwhile."""
    (numero,) = number_documents(conexao, (novo,))
    if numero is None:
        anterior = conexao.execute(_TRAVA_REFERENCIA, _reference(novo)).mappings().one_or_none()
        if anterior is None:
            raise Repetir
        return _admit_again(conexao, novo, anterior, dono, prazo_s)
    devolve = novo.devolve is not None
    nascido = _give_birth(novo, numero)
    (admissao,) = _store_documents(conexao, (nascido,), dono=dono, prazo_s=prazo_s, narrar=not devolve)
    if devolve:  # what it returns is written before the timeline and the wake-up: the lock order
        register_return(conexao, novo.id, novo)
        append(conexao, novo.id, dono or _ATOR_PADRAO, nascido.marcos)
        wake(conexao, novo.empresa_id, em_s=0.0 if dono is None else float(prazo_s))
    return admissao


def admit_documents(
    conexao: Connection, novos: Sequence[NovoDocumento], *, dono: str, prazo_s: float
) -> Sequence[Admissao | None]:
    """See `issuing.ports.Documentos.admit_together`. Raises `Repetir` as `admit_document` does."""
    sozinhos = _apart(novos)
    juntos = [novo for novo in novos if novo.id not in sozinhos]
    numeros = number_documents(conexao, juntos) if juntos else []
    nascidos = [_give_birth(novo, n) for novo, n in zip(juntos, numeros, strict=True) if n is not None]
    admissoes = (
        _store_documents(conexao, nascidos, dono=dono, prazo_s=prazo_s, narrar=True) if nascidos else ()
    )
    achadas = {admissao.documento.id: admissao for admissao in admissoes}
    return [achadas.get(novo.id) for novo in novos]


def _apart(novos: Sequence[NovoDocumento]) -> set[str]:
    """Ids of those that cannot go with the others: returns, and a second one of the same reference."""
    vistas: set[tuple[Any, ...]] = set()
    sozinhos: set[str] = set()
    for novo in novos:
        referencia = (novo.ambiente, novo.modelo, novo.referencia)
        if novo.devolve is not None or (novo.referencia is not None and referencia in vistas):
            sozinhos.add(novo.id)
        vistas.add(referencia)
    return sozinhos


def number_documents(conexao: Connection, novos: Sequence[NovoDocumento]) -> list[int | None]:
    """A number for each, in order; None, and no number touched, for one whose reference has a document already.

    Series are locked in one order, whatever the order of the documents.
    """
    em_ordem = sorted(range(len(novos)), key=lambda indice: _series(novos[indice]))
    series = [list(indices) for _, indices in groupby(em_ordem, key=lambda indice: _series(novos[indice]))]
    dados: Sequence[int | None] = conexao.exec_driver_sql(
        "SELECT chancela_numerar_series(%s, %s)",
        (
            novos[0].empresa_id,
            Jsonb([_write_series([novos[indice] for indice in indices]) for indices in series]),
        ),
    ).scalar_one()
    numeros: list[int | None] = [None] * len(novos)
    for indice, dado in zip(em_ordem, dados, strict=True):
        novo = novos[indice]
        serie = Serie(novo.ambiente, novo.emitente, novo.modelo, novo.serie)
        numeros[indice] = None if dado == _TEM_DOCUMENTO else checked_number(serie, dado)
    return numeros


@dataclass(frozen=True, slots=True)
class _Nascido:
    """A document with its number, and its signature when it has one, about to be stored."""

    novo: NovoDocumento
    documento: Documento
    assinado: Assinado | None
    marcos: tuple[Marco, ...]


def _give_birth(novo: NovoDocumento, numero: int) -> _Nascido:
    numerado = novo.numerar(numero)
    marco = Marco("numerado", f"Série {novo.serie}, número {numero}.", {"chave": numerado.chave})
    documento = _born(novo, numerado, numero)
    if novo.assinar is None:
        return _Nascido(novo, documento, None, (marco,))
    assinado = novo.assinar(documento)
    documento = replace(
        documento,
        estado=Estado.ASSINADO,
        xml_assinado=assinado.xml,
        digest_value=assinado.digest_value,
        suplemento=assinado.suplemento,
        tentativas=1,
    )
    return _Nascido(novo, documento, assinado, (marco, ASSINADO))


def _store_documents(
    conexao: Connection, nascidos: Sequence[_Nascido], *, dono: str | None, prazo_s: float, narrar: bool
) -> Sequence[Admissao]:
    linhas = conexao.exec_driver_sql(
        "SELECT * FROM chancela_admitir_todos(%s, %b, %b, %b, %b, %b, %s, %s, %s)",
        (
            Jsonb([_row(nascido) for nascido in nascidos]),
            [nascido.novo.pedido for nascido in nascidos],
            [nascido.documento.xml_sem_assinatura for nascido in nascidos],
            [nascido.novo.memoria for nascido in nascidos],
            [nascido.assinado and nascido.assinado.xml for nascido in nascidos],
            [nascido.assinado and nascido.assinado.suplemento for nascido in nascidos],
            dono,
            float(prazo_s),
            narrar,
        ),
    ).all()
    if not linhas:
        raise Repetir
    return [_admission(nascido, linha, dono=dono) for nascido, linha in zip(nascidos, linhas, strict=True)]


def _admission(nascido: _Nascido, linha: Linha, *, dono: str | None) -> Admissao:
    documento = replace(nascido.documento, criado_em=linha.o_criado_em, atualizado_em=linha.o_criado_em)
    return Admissao(
        documento,
        nova=True,
        concessao=None if dono is None else Concessao(documento, 1),
        tentativa=linha.o_tentativa or None,
    )


def _born(novo: NovoDocumento, numerado: Numerado, numero: int) -> Documento:
    """The document as it is about to be stored; when it was is for the database to say."""
    return Documento(
        id=novo.id,
        empresa_id=novo.empresa_id,
        modelo=novo.modelo,
        ambiente=novo.ambiente,
        emitente=novo.emitente,
        uf=novo.uf,
        serie=novo.serie,
        numero=numero,
        tp_emis=novo.tp_emis,
        chave=numerado.chave,
        referencia=novo.referencia,
        estado=Estado.PENDENTE,
        emitido_em=novo.emitido_em,
        criado_em=novo.emitido_em,
        atualizado_em=novo.emitido_em,
        resumo=novo.resumo,
        xml_sem_assinatura=numerado.xml_sem_assinatura,
        avisos=novo.avisos,
        contingencia_em=novo.contingencia_em,
        transmitir_ate=novo.transmitir_ate,
        pedido_id=novo.pedido_id,
    )


def _series(novo: NovoDocumento) -> tuple[int, str, str, int]:
    """Whose numbers it wants; in this order series are locked."""
    return int(novo.ambiente), str(novo.emitente), novo.modelo.value, novo.serie


def _write_series(novos: Sequence[NovoDocumento]) -> dict[str, Any]:
    """What `chancela_numerar_series` has to know of new documents of one series."""
    ambiente, cnpj, modelo, serie = _series(novos[0])
    return {
        "ambiente": ambiente,
        "cnpj": cnpj,
        "modelo": modelo,
        "serie": serie,
        "inicial": novos[0].numero_inicial,
        "referencias": [novo.referencia for novo in novos],
    }


def _row(nascido: _Nascido) -> dict[str, Any]:
    """The row's columns as JSON, amounts and times as text, which PostgreSQL reads exactly; and what is written beside it."""
    novo, documento = nascido.novo, nascido.documento
    return {
        "id": novo.id,
        **_reference(novo),
        "cnpj": str(novo.emitente),
        "uf": novo.uf.value,
        "serie": novo.serie,
        "numero": documento.numero,
        "tp_emis": novo.tp_emis,
        "pedido_id": novo.pedido_id,
        "chave": documento.chave,
        "digest": documento.digest_value,
        "marcos": [write_marco(marco) for marco in nascido.marcos],
        "emitido_em": novo.emitido_em.isoformat(),
        "contingencia_em": novo.contingencia_em and novo.contingencia_em.isoformat(),
        "transmitir_ate": novo.transmitir_ate and novo.transmitir_ate.isoformat(),
        "avisos": [dict(aviso) for aviso in novo.avisos],
        "natureza_operacao": novo.resumo.natureza_operacao,
        "destinatario_nome": novo.resumo.destinatario_nome,
        "destinatario_documento": novo.resumo.destinatario_documento,
        "quantidade_itens": novo.resumo.quantidade_itens,
        "valor_total": str(novo.resumo.valor_total),
        "total_tributos": str(novo.resumo.total_tributos),
    }


def _admit_again(
    conexao: Connection, novo: NovoDocumento, anterior: RowMapping, dono: str | None, prazo_s: float
) -> Admissao:
    """The reference has its document: it takes new content, or is returned as it is."""
    documento = read_documento(anterior)
    if anterior["ocupado"] or not _replaceable(documento, reabrir=novo.reabrir):
        concessao = None
        if dono is not None and not anterior["ocupado"] and documento.estado.vivo:
            parametros = {"id": documento.id, "dono": dono, "prazo_s": float(prazo_s), "so_devido": True}
            tomada = conexao.execute(sql.CONCEDE_UM, parametros).mappings().one_or_none()
            concessao = None if tomada is None else read_concessao(tomada)
        return Admissao(documento, nova=False, concessao=concessao)
    if novo.serie != documento.serie:
        raise EstadoInvalido(
            "DOC-OUTRA-SERIE",
            f"O documento desta referência tem a série {documento.serie} e guarda o seu número nela.",
            f"Reenvie com a série {documento.serie}, ou use outra referência.",
        )
    serie = Serie(documento.ambiente, documento.emitente, documento.modelo, documento.serie)
    if number_reserved(conexao, serie.parameters(), documento.numero):
        raise EstadoInvalido(
            "DOC-EM-INUTILIZACAO",
            f"O número {documento.numero} foi pedido para inutilização.",
            "Emita de novo com outra referência.",
        )
    numerado = novo.numerar(documento.numero)
    if conexao.execute(_ANUNCIADA, {"id": documento.id, "chave": documento.chave}).first() is not None:
        novo, numerado = hold_to_epec(novo, numerado, documento)
    if not novo.insistir:
        check_barrier(_refusals(conexao, documento.id), numerado.xml_sem_assinatura)
    versao: int = anterior["versao"] + 1
    linha = {**_columns(novo, numerado), "id": documento.id, "versao": versao, **_lease(dono, prazo_s)}
    conexao.execute(_REABRE, linha)
    _store_version(conexao, replace(novo, id=documento.id), numerado, versao)
    forget_return(conexao, documento.id)
    register_return(conexao, documento.id, novo)
    marco = Marco(
        "reemitido",
        f"Novo conteúdo no mesmo número (série {documento.serie}, número {documento.numero}).",
        {"chave": numerado.chave, "chaveAnterior": documento.chave, "estadoAnterior": documento.estado.value},
    )
    return _admitted(conexao, documento.id, novo.empresa_id, marco, dono, prazo_s)


def _refusals(conexao: Connection, documento_id: str) -> list[Recusa]:
    """What SEFAZ refused of this document within the window of the barrier, oldest first."""
    linhas = conexao.execute(_RECUSAS, {"id": documento_id, "janela_s": JANELA_S}).all()
    return [Recusa(linha.recusa_c_stat, linha.recusa_motivo, linha.xml_sem_assinatura) for linha in linhas]


def _replaceable(documento: Documento, *, reabrir: bool) -> bool:
    """Nothing of it may be at SEFAZ: an open attempt counts as an unknown outcome, whatever the state says.

    What was handed over in contingency stays as it was printed.
    """
    if documento.estado is Estado.REJEITADO:
        return True
    return (
        reabrir
        and documento.estado in (Estado.PENDENTE, Estado.ASSINADO)
        and not documento.tentativa_aberta
        and documento.transmitir_ate is None
    )


def _admitted(
    conexao: Connection, documento_id: str, empresa_id: int, marco: Marco, dono: str | None, prazo_s: float
) -> Admissao:
    linha = conexao.execute(sql.LE_POR_ID, {"id": documento_id}).mappings().one()
    documento = read_documento(linha)
    append(conexao, documento_id, dono or _ATOR_PADRAO, (marco,))
    wake(conexao, empresa_id, em_s=0.0 if dono is None else float(prazo_s))
    concessao = None if dono is None else Concessao(documento, linha["concessao"])
    return Admissao(documento, nova=True, concessao=concessao)


def _store_version(conexao: Connection, novo: NovoDocumento, numerado: Numerado, versao: int) -> None:
    conexao.execute(
        _INSERE_VERSAO,
        {
            "id": novo.id,
            "versao": versao,
            "empresa_id": novo.empresa_id,
            "chave": numerado.chave,
            "pedido": novo.pedido,
            "xml": numerado.xml_sem_assinatura,
            "memoria": novo.memoria,
        },
    )


def _reference(novo: NovoDocumento) -> dict[str, Any]:
    return {
        "empresa_id": novo.empresa_id,
        "ambiente": int(novo.ambiente),
        "modelo": novo.modelo.value,
        "referencia": novo.referencia,
    }


def _columns(novo: NovoDocumento, numerado: Numerado) -> dict[str, Any]:
    return {
        "id": novo.id,
        "tp_emis": novo.tp_emis,
        "pedido_id": novo.pedido_id,
        "contingencia_em": novo.contingencia_em,
        "transmitir_ate": novo.transmitir_ate,
        "chave": numerado.chave,
        "emitido_em": novo.emitido_em,
        "avisos": Jsonb([dict(aviso) for aviso in novo.avisos]),
        **write_resumo(novo.resumo),
    }


def _lease(dono: str | None, prazo_s: float) -> dict[str, Any]:
    return {"dono": dono, "prazo_s": None if dono is None else float(prazo_s)}


_TRAVA_REFERENCIA = text(
    sql.LE_POR_REFERENCIA.text.replace(
        "FROM documentos d",
        ", d.versao, coalesce(d.concessao_ate > chancela_agora(), false) AS ocupado FROM documentos d",
        1,
    )
    + " FOR UPDATE OF d"
)
_RECUSAS = text(
    "SELECT recusa_c_stat, recusa_motivo, xml_sem_assinatura FROM versoes WHERE documento_id = :id"
    " AND recusa_c_stat IS NOT NULL AND recusada_em > chancela_agora() - make_interval(secs => :janela_s)"
    " ORDER BY recusada_em"
)
_ANUNCIADA = text(
    f"SELECT 1 FROM solicitacoes WHERE documento_id = :id AND chave = :chave AND tipo = '{EPEC.codigo}'"  # noqa: S608 - constant
    " AND estado = 'REGISTRADA'"
)
_INSERE_VERSAO = text(
    "INSERT INTO versoes (documento_id, versao, empresa_id, chave, pedido, xml_sem_assinatura, memoria)"
    " VALUES (:id, :versao, :empresa_id, :chave, :pedido, :xml, :memoria)"
)
_REABRE = text(
    """
    UPDATE documentos SET
        estado = 'PENDENTE', versao = :versao, tp_emis = :tp_emis, chave = :chave, emitido_em = :emitido_em,
        pedido_id = :pedido_id, contingencia_em = :contingencia_em, transmitir_ate = :transmitir_ate,
        valor_total = :valor_total, total_tributos = :total_tributos, natureza_operacao = :natureza_operacao, destinatario_nome = :destinatario_nome,
        destinatario_documento = :destinatario_documento, quantidade_itens = :quantidade_itens, avisos = :avisos,
        c_stat = NULL, motivo = '', recibo = NULL, tentativas = 0, atualizado_em = chancela_agora(),
        dono = :dono, concessao_ate = chancela_agora() + make_interval(secs => :prazo_s), concessao = concessao + 1,
        proxima_acao = chancela_agora()
    WHERE id = :id
    """
)
