"""The statements on events and inutilizações."""

from sqlalchemy import text

_COLUNAS = """
    s.*, EXISTS (SELECT 1 FROM tentativas_solicitacao t WHERE t.solicitacao_id = s.id AND t.operacao = 'envio'
        AND t.encerrada_em IS NULL) AS tentativa_aberta
"""
LE_POR_ID = text(
    f"SELECT {_COLUNAS} FROM solicitacoes s WHERE s.id = :id AND s.empresa_id = chancela_empresa()"  # noqa: S608 - constants
)
LE_DO_DOCUMENTO = text(
    f"SELECT {_COLUNAS} FROM solicitacoes s"  # noqa: S608 - constants
    " WHERE s.documento_id = :documento_id AND s.empresa_id = chancela_empresa() ORDER BY s.id DESC"
)
_DE_TIPO = """
    s.empresa_id = chancela_empresa() AND s.tipo = ANY(CAST(:tipos AS text[])) AND s.estado = 'REGISTRADA'
    AND (:chave = '' OR s.chave = :chave) AND (CAST(:desde AS timestamptz) IS NULL OR s.criada_em >= :desde)
    AND (CAST(:ate AS timestamptz) IS NULL OR s.criada_em <= :ate)
"""
CONTA_REGISTRADAS = text(f"SELECT count(*) FROM solicitacoes s WHERE {_DE_TIPO}")  # noqa: S608 - constants
LISTA_REGISTRADAS = text(
    f"SELECT {_COLUNAS} FROM solicitacoes s WHERE {_DE_TIPO}"  # noqa: S608 - constants
    " ORDER BY s.criada_em DESC, s.id DESC LIMIT :tamanho OFFSET :inicio"
)
EM_CURSO = text(
    f"SELECT {_COLUNAS} FROM solicitacoes s WHERE s.ambiente = :ambiente AND s.chave = :chave"  # noqa: S608 - constants
    " AND (s.tipo = :tipo OR s.tipo = ANY(:fins)) AND s.estado IN ('ASSINADA', 'INCERTA') AND s.empresa_id = chancela_empresa() FOR UPDATE"
)
LE_DA_CHAVE = text(
    f"SELECT {_COLUNAS} FROM solicitacoes s WHERE s.ambiente = :ambiente AND s.chave = :chave"  # noqa: S608 - constants
    " AND s.empresa_id = chancela_empresa() ORDER BY s.id DESC"
)
REGISTRADA = text(
    f"SELECT {_COLUNAS} FROM solicitacoes s WHERE s.ambiente = :ambiente AND s.chave = :chave AND s.tipo = :tipo"  # noqa: S608 - constants
    " AND s.estado = 'REGISTRADA' AND s.empresa_id = chancela_empresa() ORDER BY s.id DESC LIMIT 1"
)
TRAVA_CHAVE = text("SELECT pg_advisory_xact_lock(hashtextextended(:chave, 0))")
TRAVA_DOCUMENTO = text(
    "SELECT 1 FROM documentos WHERE id = :id AND empresa_id = chancela_empresa() FOR UPDATE"
)
PROXIMA_SEQUENCIA = text(
    """
    SELECT 1 + greatest(coalesce(max(sequencia) FILTER (WHERE estado <> 'REJEITADA'), 0), coalesce(max(sequencia_vista), 0))
    FROM solicitacoes
    WHERE ambiente = :ambiente AND chave = :chave AND tipo = :tipo AND empresa_id = chancela_empresa()
    """
)
INSERE = text(
    """
    INSERT INTO solicitacoes (
        id, empresa_id, tipo, ambiente, cnpj, uf, modelo, documento_id, chave, sequencia, serie, inicio, fim, texto, estado,
        xml_assinado, digest_value, pedido_id, dono, concessao_ate, concessao, proxima_acao)
    VALUES (
        :id, :empresa_id, :tipo, :ambiente, :cnpj, :uf, :modelo, :documento_id, :chave, :sequencia, :serie, :inicio, :fim,
        :texto, 'ASSINADA', :xml, :digest, :pedido_id, :dono, chancela_agora() + make_interval(secs => :prazo_s), 1, chancela_agora())
    """
)
RESERVA_FAIXA = text(
    """
    INSERT INTO numeros_inutilizados (ambiente, cnpj, modelo, serie, inicio, fim, solicitacao_id, ultimo_na_reserva)
    SELECT s.ambiente, s.cnpj, s.modelo, s.serie, s.inicio, s.fim, s.id, coalesce((
        SELECT r.ultimo_numero FROM series r
        WHERE (r.ambiente, r.cnpj, r.modelo, r.serie) = (s.ambiente, s.cnpj, s.modelo, s.serie)), 0)
    FROM solicitacoes s WHERE s.id = :id
    """
)

_CONCEDE = """
    , s AS (
        UPDATE solicitacoes x
        SET dono = :dono, concessao_ate = chancela_agora() + make_interval(secs => :prazo_s),
            concessao = x.concessao + 1
        FROM livres WHERE x.id = livres.id RETURNING x.*
    )
"""
_LIVRE = "empresa_id = chancela_empresa() AND proxima_acao IS NOT NULL AND (concessao_ate IS NULL OR concessao_ate <= chancela_agora())"
CONCEDE_DEVIDAS = text(
    f"WITH livres AS (SELECT id FROM solicitacoes WHERE {_LIVRE} AND proxima_acao <= chancela_agora()"  # noqa: S608 - constants
    f" ORDER BY proxima_acao, id LIMIT :limite FOR UPDATE SKIP LOCKED) {_CONCEDE} SELECT {_COLUNAS} FROM s ORDER BY s.id"
)
CONCEDE_DO_DOCUMENTO = text(
    f"WITH livres AS (SELECT id FROM solicitacoes WHERE {_LIVRE} AND documento_id = :documento_id"  # noqa: S608 - constants
    f" FOR UPDATE SKIP LOCKED) {_CONCEDE} SELECT {_COLUNAS} FROM s ORDER BY s.id"
)
CONCEDE_UMA = text(
    f"WITH livres AS (SELECT id FROM solicitacoes WHERE {_LIVRE} AND id = :id FOR UPDATE)"  # noqa: S608 - constants
    f" {_CONCEDE} SELECT {_COLUNAS} FROM s"
)
DONOS = text("SELECT DISTINCT dono FROM solicitacoes WHERE dono IS NOT NULL ORDER BY dono")
LIBERA = text(
    "UPDATE solicitacoes s SET dono = NULL, concessao_ate = NULL, concessao = s.concessao + 1"
    " FROM (SELECT id FROM solicitacoes WHERE dono = :dono ORDER BY id FOR UPDATE) presas"
    " WHERE s.id = presas.id RETURNING s.empresa_id"
)
EMPRESAS_DEVIDAS = text(
    "SELECT empresa_id FROM solicitacoes WHERE proxima_acao <= chancela_agora()"
    " AND (concessao_ate IS NULL OR concessao_ate <= chancela_agora())"
    " GROUP BY empresa_id ORDER BY min(proxima_acao), empresa_id LIMIT :limite"
)
PROXIMA_DEVIDA = text(
    "SELECT extract(epoch FROM min(greatest(proxima_acao, concessao_ate)) - chancela_agora())"
    " FROM solicitacoes WHERE empresa_id = chancela_empresa() AND proxima_acao IS NOT NULL"
)

COMECA = text(
    """
    UPDATE solicitacoes SET tentativas = tentativas + 1, atualizada_em = chancela_agora()
    WHERE id = :id AND concessao = :token AND concessao_ate > chancela_agora() RETURNING dono
    """
)
ABRE_TENTATIVA = text(
    """
    INSERT INTO tentativas_solicitacao (solicitacao_id, empresa_id, operacao, dono, concessao)
    VALUES (:id, chancela_empresa(), :operacao, :dono, :token) RETURNING id
    """
)
FECHA_TENTATIVA = text(
    """
    UPDATE tentativas_solicitacao SET encerrada_em = chancela_agora(), resultado = :resultado, c_stat = :c_stat,
        motivo = :motivo, duracao_ms = :duracao_ms
    WHERE id = :id AND solicitacao_id = :solicitacao_id AND encerrada_em IS NULL
    """
)
ABANDONA = text(
    "UPDATE tentativas_solicitacao SET encerrada_em = chancela_agora(), resultado = 'abandonada'"
    " WHERE solicitacao_id = :solicitacao_id AND encerrada_em IS NULL"
)
ENCERRA = text(
    """
    UPDATE solicitacoes s SET
        estado = :estado, c_stat = :c_stat, motivo = :motivo, protocolo = coalesce(:protocolo, s.protocolo),
        registrado_em = coalesce(CAST(:registrado_em AS timestamptz), s.registrado_em),
        sequencia_vista = greatest(s.sequencia_vista, :sequencia_vista),
        dono = NULL, concessao_ate = NULL, concessao = s.concessao + 1,
        proxima_acao = chancela_agora() + make_interval(secs => :acao_s), atualizada_em = chancela_agora()
    FROM (SELECT id, dono FROM solicitacoes WHERE id = :id AND concessao = :token AND dono IS NOT NULL FOR UPDATE) antes
    WHERE s.id = antes.id
    RETURNING antes.dono
    """
)
CANCELA_DOCUMENTO = text(
    """
    UPDATE documentos SET estado = 'CANCELADO', c_stat = :c_stat, motivo = :motivo, atualizado_em = chancela_agora()
    WHERE id = :id AND empresa_id = chancela_empresa() AND estado = 'AUTORIZADO'
    """
)
ARQUIVA = text(
    """
    INSERT INTO artefatos (documento_id, tipo, variante, empresa_id, caminho, sha256, tamanho, conteudo)
    VALUES (:id, :tipo, :variante, :empresa_id, :caminho, :sha256, :tamanho, :conteudo)
    ON CONFLICT (documento_id, tipo, variante) DO UPDATE SET caminho = excluded.caminho, sha256 = excluded.sha256,
        tamanho = excluded.tamanho, conteudo = excluded.conteudo, copiado_em = NULL
    """
)
