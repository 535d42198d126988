"""The outcome of an attempt into its tables, for one leased document, in the caller's transaction."""

import hashlib
from typing import Any

from sqlalchemy import Connection, text

from chancela.issuing.modelo import Desfecho, Estado
from chancela.stores.caminhos import archive_path
from chancela.stores.linhas import write_protocolo


def settle_document(conexao: Connection, desfecho: Desfecho) -> str | None:
    """Write state, protocol, attempts and archive, and free the lease; returns its owner, None when it was lost.

    The timeline is the caller's: it comes after all rows (lock order).
    """
    documento = desfecho.concessao.documento
    assert desfecho.estado.vivo == (desfecho.proxima_acao_s is not None), "a living document has a next time"
    parametros: dict[str, Any] = {
        "id": documento.id,
        "token": desfecho.concessao.token,
        "estado": desfecho.estado.value,
        "c_stat": desfecho.c_stat,
        "motivo": desfecho.motivo,
        "recibo": desfecho.recibo,
        "acao_s": None if desfecho.proxima_acao_s is None else float(desfecho.proxima_acao_s),
        "adotada": desfecho.adotar and desfecho.adotar.chave,
        "adotada_digest": desfecho.adotar and desfecho.adotar.digest_value,
        **write_protocolo(desfecho.protocolo),
    }
    linha = conexao.execute(_ENCERRA, parametros).one_or_none()
    if linha is None:
        return None
    _close_attempts(conexao, desfecho)
    if desfecho.protocolo is not None:
        conexao.execute(
            _GUARDA_PROTOCOLO, {"id": documento.id, "versao": linha.versao, "xml": desfecho.protocolo.xml}
        )
    if desfecho.estado is Estado.REJEITADO:
        conexao.execute(
            _GUARDA_RECUSA,
            {
                "id": documento.id,
                "versao": linha.versao,
                "c_stat": desfecho.c_stat,
                "motivo": desfecho.motivo,
            },
        )
    if desfecho.xml_autorizado is not None:
        conexao.execute(
            _ARQUIVA,
            {
                "id": documento.id,
                "empresa_id": documento.empresa_id,
                "caminho": archive_path(
                    int(documento.ambiente),
                    documento.emitente,
                    documento.emitido_em,
                    f"{linha.chave}-procNFe",
                    ".xml",
                    desfecho.xml_autorizado,
                ),
                "sha256": hashlib.sha256(desfecho.xml_autorizado).digest(),
                "tamanho": len(desfecho.xml_autorizado),
                "conteudo": desfecho.xml_autorizado,
            },
        )
    return linha.dono


def _close_attempts(conexao: Connection, desfecho: Desfecho) -> None:
    documento_id = desfecho.concessao.documento.id
    for tentativa in desfecho.tentativas:
        parametros = {
            "documento_id": documento_id,
            "id": tentativa.id,
            "resultado": tentativa.resultado,
            "c_stat": tentativa.c_stat,
            "motivo": tentativa.motivo,
            "duracao_ms": tentativa.duracao_ms,
        }
        fechada = conexao.execute(_FECHA_TENTATIVA, parametros)
        assert fechada.rowcount == 1, "an attempt ends once, and belongs to its document"
    conexao.execute(_ABANDONA, {"documento_id": documento_id})


_ENCERRA = text(
    """
    UPDATE documentos d SET
        estado = :estado, c_stat = :c_stat, motivo = :motivo, recibo = :recibo,
        versao = coalesce(adotada.versao, d.versao), chave = coalesce(adotada.chave, d.chave),
        protocolo = coalesce(:protocolo, d.protocolo),
        protocolo_c_stat = coalesce(:protocolo_c_stat, d.protocolo_c_stat),
        protocolo_motivo = coalesce(:protocolo_motivo, d.protocolo_motivo),
        protocolo_em = coalesce(:protocolo_em, d.protocolo_em),
        protocolo_digest = coalesce(:protocolo_digest, d.protocolo_digest),
        protocolo_alerta = coalesce(:protocolo_alerta, d.protocolo_alerta),
        dono = NULL, concessao_ate = NULL, concessao = d.concessao + 1,
        proxima_acao = chancela_agora() + make_interval(secs => :acao_s), atualizado_em = chancela_agora()
    FROM (SELECT id, dono FROM documentos WHERE id = :id AND concessao = :token AND dono IS NOT NULL FOR UPDATE) antes
    LEFT JOIN versoes adotada ON adotada.documento_id = antes.id AND adotada.chave = :adotada
        AND adotada.digest_value = :adotada_digest
    WHERE d.id = antes.id
    RETURNING antes.dono, d.versao, d.chave
    """
)
_GUARDA_RECUSA = text(
    "UPDATE versoes SET recusa_c_stat = :c_stat, recusa_motivo = :motivo, recusada_em = chancela_agora()"
    " WHERE documento_id = :id AND versao = :versao"
)
_GUARDA_PROTOCOLO = text(
    "UPDATE versoes SET protocolo_xml = :xml WHERE documento_id = :id AND versao = :versao"
)
_FECHA_TENTATIVA = text(
    """
    UPDATE tentativas SET encerrada_em = chancela_agora(), resultado = :resultado, c_stat = :c_stat, motivo = :motivo,
        duracao_ms = :duracao_ms
    WHERE id = :id AND documento_id = :documento_id AND encerrada_em IS NULL
    """
)
_ABANDONA = text(
    "UPDATE tentativas SET encerrada_em = chancela_agora(), resultado = 'abandonada'"
    " WHERE documento_id = :documento_id AND encerrada_em IS NULL"
)
_ARQUIVA = text(
    """
    INSERT INTO artefatos (documento_id, tipo, empresa_id, caminho, sha256, tamanho, conteudo)
    VALUES (:id, 'xml_autorizado', :empresa_id, :caminho, :sha256, :tamanho, :conteudo)
    ON CONFLICT (documento_id, tipo, variante) DO UPDATE SET caminho = excluded.caminho, sha256 = excluded.sha256,
        tamanho = excluded.tamanho, conteudo = excluded.conteudo, copiado_em = NULL
    """
)
