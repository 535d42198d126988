"""A leased document in another kind of emission: on its own number, or substituted on the next one. In the caller's transaction."""

from typing import Any

from sqlalchemy import Connection, text

from chancela.domain.erros import EstadoInvalido
from chancela.issuing.modelo import Concessao, Documento, Marco, OutraEmissao
from chancela.stores import consultas_documento as sql
from chancela.stores.devolucoes import copy_return
from chancela.stores.linha_do_tempo import append
from chancela.stores.linhas import read_concessao
from chancela.stores.numeracao import Serie, take_number


def was_transmitted(conexao: Connection, documento_id: str) -> bool:
    """See `issuing.ports.Documentos.was_transmitted`."""
    return conexao.execute(_TRANSMITIDO, {"id": documento_id}).first() is not None


def change_emission(conexao: Connection, concessao: Concessao, outra: OutraEmissao) -> Concessao | None:
    """See `issuing.ports.Documentos.change_emission`; None when the lease was lost."""
    documento = concessao.documento
    trava = {"id": documento.id, "token": concessao.token}
    atual = conexao.execute(_TRAVA, trava).one_or_none()
    if atual is None:
        return None
    if was_transmitted(conexao, documento.id):
        raise EstadoInvalido(
            "DOC-JA-TRANSMITIDO",
            f"O número {documento.numero} já pode estar na SEFAZ e não muda de tipo de emissão.",
            "Aguarde a consulta pela chave.",
        )
    numerado = outra.numerar(documento.numero)
    versao = int(atual.versao) + 1
    conexao.execute(
        _COPIA_VERSAO,
        {
            "id": documento.id,
            "origem": documento.id,
            "da_versao": versao - 1,
            "versao": versao,
            "chave": numerado.chave,
            "xml": numerado.xml_sem_assinatura,
        },
    )
    conexao.execute(_MUDA, {**_columns(outra), **trava, "versao": versao, "chave": numerado.chave})
    append(conexao, documento.id, atual.dono, (outra.marco,))
    return _leased(conexao, documento.id)


def substitute_document(
    conexao: Connection, concessao: Concessao, outra: OutraEmissao, *, novo_id: str, prazo_s: float
) -> Concessao | None:
    """See `issuing.ports.Documentos.substitute`; None when the lease was lost."""
    documento = concessao.documento
    numero = take_number(
        conexao, Serie(documento.ambiente, documento.emitente, documento.modelo, documento.serie)
    )
    numerado = outra.numerar(numero)
    atual = conexao.execute(_TRAVA, {"id": documento.id, "token": concessao.token}).one_or_none()
    if atual is None:
        return None
    conexao.execute(_SOLTA_REFERENCIA, {"id": documento.id})
    conexao.execute(
        _COPIA_DOCUMENTO,
        {
            **_columns(outra), "id": novo_id, "origem": documento.id, "numero": numero, "chave": numerado.chave,
            "referencia": documento.referencia, "dono": atual.dono, "prazo_s": float(prazo_s),
        },
    )  # fmt: skip
    conexao.execute(
        _COPIA_VERSAO,
        {
            "id": novo_id, "origem": documento.id, "da_versao": atual.versao, "versao": 1, "chave": numerado.chave,
            "xml": numerado.xml_sem_assinatura,
        },
    )  # fmt: skip
    copy_return(conexao, documento.id, novo_id)
    conexao.execute(_SUBSTITUI, {"id": documento.id, "novo": novo_id})
    _tell(conexao, documento, atual.dono, novo_id, numero, numerado.chave, outra)
    return _leased(conexao, novo_id)


def _tell(
    conexao: Connection,
    documento: Documento,
    dono: str,
    novo_id: str,
    numero: int,
    chave: str,
    outra: OutraEmissao,
) -> None:
    substituido = Marco(
        "substituido",
        f"O resultado deste número é desconhecido: a operação foi emitida em contingência no número {numero}, e este"
        " será consultado quando a SEFAZ voltar.",
        {"substituto": novo_id, "chave": chave},
    )
    numerado = Marco("numerado", f"Série {documento.serie}, número {numero}.", {"chave": chave})
    origem = Marco(
        "substitui",
        f"Substitui o número {documento.numero}, enviado e sem resposta.",
        {"original": documento.id, "chave": documento.chave},
    )
    append(conexao, documento.id, dono, (substituido,))
    append(conexao, novo_id, dono, (numerado, origem, outra.marco))


def _columns(outra: OutraEmissao) -> dict[str, Any]:
    return {
        "tp_emis": outra.tp_emis,
        "contingencia_em": outra.contingencia_em,
        "transmitir_ate": outra.transmitir_ate,
    }


def _leased(conexao: Connection, documento_id: str) -> Concessao:
    return read_concessao(conexao.execute(sql.LE_POR_ID, {"id": documento_id}).mappings().one())


_TRANSMITIDO = text(
    "SELECT 1 FROM tentativas WHERE documento_id = :id AND operacao = 'autorizacao'"
    " AND resultado IS DISTINCT FROM 'recusada' LIMIT 1"
)
_TRAVA = text(
    "SELECT versao, dono FROM documentos WHERE id = :id AND concessao = :token"
    " AND concessao_ate > chancela_agora() FOR UPDATE"
)
_MUDA = text(
    """
    UPDATE documentos SET estado = 'PENDENTE', versao = :versao, tp_emis = :tp_emis, chave = :chave,
        contingencia_em = :contingencia_em, transmitir_ate = :transmitir_ate, c_stat = NULL, motivo = '', recibo = NULL,
        tentativas = 0, atualizado_em = chancela_agora()
    WHERE id = :id AND concessao = :token
    """
)
_SOLTA_REFERENCIA = text("UPDATE documentos SET referencia = NULL WHERE id = :id")
_COPIA_DOCUMENTO = text(
    """
    INSERT INTO documentos (
        id, empresa_id, modelo, ambiente, cnpj, uf, serie, numero, tp_emis, chave, referencia, estado, emitido_em,
        valor_total, total_tributos, natureza_operacao, destinatario_nome, destinatario_documento, quantidade_itens,
        avisos, pedido_id, contingencia_em, transmitir_ate, dono, concessao_ate, concessao, proxima_acao)
    SELECT :id, empresa_id, modelo, ambiente, cnpj, uf, serie, :numero, :tp_emis, :chave, :referencia, 'PENDENTE',
        emitido_em, valor_total, total_tributos, natureza_operacao, destinatario_nome, destinatario_documento,
        quantidade_itens, avisos, pedido_id,
        :contingencia_em, :transmitir_ate, :dono, chancela_agora() + make_interval(secs => :prazo_s), 1,
        chancela_agora()
    FROM documentos WHERE id = :origem
    """
)
_COPIA_VERSAO = text(
    """
    INSERT INTO versoes (documento_id, versao, empresa_id, chave, pedido, xml_sem_assinatura, memoria)
    SELECT :id, :versao, empresa_id, :chave, pedido, :xml, memoria FROM versoes
    WHERE documento_id = :origem AND versao = :da_versao
    """
)
_SUBSTITUI = text(
    """
    UPDATE documentos SET substituto_id = :novo, estado = 'INCERTO', dono = NULL, concessao_ate = NULL,
        concessao = concessao + 1, proxima_acao = chancela_agora() + make_interval(secs => 60),
        atualizado_em = chancela_agora()
    WHERE id = :id
    """
)
