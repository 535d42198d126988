"""The statements on documents that more than one module of this package runs, or that are long."""

from sqlalchemy import text

from chancela.stores.linhas import COLUNAS, JUNCAO

LE_POR_ID = text(f"SELECT {COLUNAS} FROM documentos d {JUNCAO} WHERE d.id = :id")  # noqa: S608 - constants
LE_POR_CHAVE = text(
    f"SELECT {COLUNAS} FROM documentos d {JUNCAO}"  # noqa: S608 - constants
    " WHERE d.chave = :chave AND d.empresa_id = chancela_empresa() ORDER BY d.ambiente"
)
LE_POR_REFERENCIA = text(
    f"SELECT {COLUNAS} FROM documentos d {JUNCAO}"  # noqa: S608 - constants
    " WHERE d.empresa_id = :empresa_id AND d.ambiente = :ambiente AND d.modelo = :modelo AND d.referencia = :referencia"
)

CONCEDE_DEVIDOS = text(
    f"""
    WITH devidos AS (
        SELECT id FROM documentos
        WHERE empresa_id = :empresa_id AND proxima_acao <= chancela_agora()
          AND (concessao_ate IS NULL OR concessao_ate <= chancela_agora())
        ORDER BY proxima_acao, id LIMIT :limite FOR UPDATE SKIP LOCKED
    ), d AS (
        UPDATE documentos x
        SET dono = :dono, concessao_ate = chancela_agora() + make_interval(secs => :prazo_s),
            concessao = x.concessao + 1
        FROM devidos WHERE x.id = devidos.id RETURNING x.*
    )
    SELECT {COLUNAS} FROM d {JUNCAO} ORDER BY d.id
    """  # noqa: S608 - constants
)
CONCEDE_UM = text(
    f"""
    WITH livre AS (
        SELECT id FROM documentos
        WHERE id = :id AND proxima_acao IS NOT NULL
          AND (NOT :so_devido AND recibo IS NULL OR proxima_acao <= chancela_agora())
          AND (concessao_ate IS NULL OR concessao_ate <= chancela_agora())
        FOR UPDATE
    ), d AS (
        UPDATE documentos x
        SET dono = :dono, concessao_ate = chancela_agora() + make_interval(secs => :prazo_s),
            concessao = x.concessao + 1
        FROM livre WHERE x.id = livre.id RETURNING x.*
    )
    SELECT {COLUNAS} FROM d {JUNCAO}
    """  # noqa: S608 - constants
)
CONCEDE_RECIBO = text(
    f"""
    WITH livres AS (
        SELECT id FROM documentos
        WHERE empresa_id = :empresa_id AND recibo = :recibo AND ambiente = :ambiente AND proxima_acao IS NOT NULL
          AND (concessao_ate IS NULL OR concessao_ate <= chancela_agora())
        ORDER BY id FOR UPDATE SKIP LOCKED
    ), d AS (
        UPDATE documentos x
        SET dono = :dono, concessao_ate = chancela_agora() + make_interval(secs => :prazo_s),
            concessao = x.concessao + 1
        FROM livres WHERE x.id = livres.id RETURNING x.*
    )
    SELECT {COLUNAS} FROM d {JUNCAO} ORDER BY d.id
    """  # noqa: S608 - constants
)

TRAVA_SERIE = text(
    "SELECT 1 FROM series WHERE ambiente = :ambiente AND cnpj = :cnpj AND modelo = :modelo AND serie = :serie"
    " FOR UPDATE"
)
DESCARTE = text(
    """
    SELECT d.dono, EXISTS (SELECT 1 FROM tentativas t WHERE t.documento_id = d.id) AS tentou
    FROM documentos d WHERE d.id = :id AND d.concessao = :token AND d.dono IS NOT NULL FOR UPDATE OF d
    """
)
APAGA = text("DELETE FROM documentos WHERE id = :id")
