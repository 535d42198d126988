"""A new document into its tables: number, row, content, timeline and wake-up in the caller's transaction."""

from dataclasses import replace
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import Connection, RowMapping, text

from chancela.domain.erros import EstadoInvalido
from chancela.issuing.barreira import JANELA_S, Recusa, check_barrier
from chancela.issuing.modelo import Admissao, Concessao, Documento, Estado, Marco, NovoDocumento, Numerado
from chancela.stores import consultas_documento as sql
from chancela.stores.conexao import Repetir
from chancela.stores.despertar import wake
from chancela.stores.devolucoes import forget_return, register_return
from chancela.stores.faixas import number_reserved
from chancela.stores.linha_do_tempo import append
from chancela.stores.linhas import read_concessao, read_documento, write_resumo
from chancela.stores.numeracao import Serie, take_number

_ATOR_PADRAO = "api"


def admit_document(conexao: Connection, novo: NovoDocumento, *, dono: str | None, prazo_s: float) -> Admissao:
    """See `issuing.ports.Documentos.admit`. Raises `Repetir` when another transaction took the reference meanwhile."""
    if novo.referencia is not None:
        anterior = conexao.execute(_TRAVA_REFERENCIA, _reference(novo)).mappings().one_or_none()
        if anterior is not None:
            return _admit_again(conexao, novo, anterior, dono, prazo_s)
    serie = Serie(novo.ambiente, novo.emitente, novo.modelo, novo.serie)
    numero = take_number(conexao, serie, novo.numero_inicial)
    numerado = novo.numerar(numero)
    linha = {
        **_columns(novo, numerado),
        **_reference(novo),
        "cnpj": str(novo.emitente),
        "uf": novo.uf.value,
        "serie": novo.serie,
        "numero": numero,
    }
    if conexao.execute(_INSERE, {**linha, **_lease(dono, prazo_s)}).one_or_none() is None:
        raise Repetir
    _store_version(conexao, novo, numerado, 1)
    register_return(conexao, novo.id, novo)
    marco = Marco("numerado", f"Série {novo.serie}, número {numero}.", {"chave": numerado.chave})
    return _admitted(conexao, novo.id, novo.empresa_id, marco, dono, prazo_s)


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
_INSERE = text(
    """
    INSERT INTO documentos (
        id, empresa_id, modelo, ambiente, cnpj, uf, serie, numero, tp_emis, chave, referencia, estado, emitido_em,
        valor_total, total_tributos, natureza_operacao, destinatario_nome, destinatario_documento, quantidade_itens, avisos,
        pedido_id, contingencia_em, transmitir_ate, dono, concessao_ate, concessao, proxima_acao)
    VALUES (
        :id, :empresa_id, :modelo, :ambiente, :cnpj, :uf, :serie, :numero, :tp_emis, :chave, :referencia, 'PENDENTE',
        :emitido_em, :valor_total, :total_tributos, :natureza_operacao, :destinatario_nome, :destinatario_documento, :quantidade_itens,
        :avisos, :pedido_id, :contingencia_em, :transmitir_ate, :dono, chancela_agora() + make_interval(secs => :prazo_s), 1, chancela_agora())
    ON CONFLICT (empresa_id, ambiente, modelo, referencia) WHERE referencia IS NOT NULL DO NOTHING
    RETURNING id
    """
)
_RECUSAS = text(
    "SELECT recusa_c_stat, recusa_motivo, xml_sem_assinatura FROM versoes WHERE documento_id = :id"
    " AND recusa_c_stat IS NOT NULL AND recusada_em > chancela_agora() - make_interval(secs => :janela_s)"
    " ORDER BY recusada_em"
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
