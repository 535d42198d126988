"""The statements on the distribution and on received documents."""

from sqlalchemy import text

_ABERTA = "coalesce(extract(epoch FROM d.proxima_consulta - chancela_agora()), 0)"
CRIA = text(
    "INSERT INTO distribuicoes (ambiente, cnpj, uf) VALUES (:ambiente, :cnpj, :uf) ON CONFLICT DO NOTHING"
)
CRIA_DONO = text(
    "INSERT INTO donos_distribuicao (ambiente, raiz) VALUES (:ambiente, left(:cnpj, 8)) ON CONFLICT DO NOTHING"
)
TOMA = text(
    """
    UPDATE donos_distribuicao SET dono = :dono, concessao_ate = chancela_agora() + make_interval(secs => :prazo_s),
        concessao = concessao + 1
    WHERE ambiente = :ambiente AND raiz = left(:cnpj, 8) AND (concessao_ate IS NULL OR concessao_ate <= chancela_agora())
    RETURNING concessao
    """
)
RENOVA = text(
    """
    UPDATE donos_distribuicao SET concessao_ate = chancela_agora() + make_interval(secs => :prazo_s)
    WHERE ambiente = :ambiente AND raiz = left(:cnpj, 8) AND concessao = :token AND dono IS NOT NULL
    RETURNING concessao
    """
)
SOLTA = text(
    """
    UPDATE donos_distribuicao SET dono = NULL, concessao_ate = NULL, concessao = concessao + 1
    WHERE ambiente = :ambiente AND raiz = left(:cnpj, 8) AND concessao = :token
    """
)
DONOS = text("SELECT DISTINCT dono FROM donos_distribuicao WHERE dono IS NOT NULL ORDER BY dono")
LIBERA = text(
    "UPDATE donos_distribuicao SET dono = NULL, concessao_ate = NULL, concessao = concessao + 1 WHERE dono = :dono"
)
CONTA_AVULSA = text(
    """
    UPDATE donos_distribuicao SET avulsas = chancela_agora() || ARRAY(
        SELECT feita FROM unnest(avulsas) feita WHERE feita > chancela_agora() - interval '1 hour')
    WHERE ambiente = :ambiente AND raiz = left(:cnpj, 8) AND concessao = :token AND (
        SELECT count(*) FROM unnest(avulsas) feita WHERE feita > chancela_agora() - interval '1 hour') < :limite
    RETURNING 1
    """
)
LE_ESTADO = text(
    f"""
    SELECT d.*, greatest(0, {_ABERTA}) AS espera_s, (
        SELECT count(*) FROM buracos_distribuicao b WHERE b.ambiente = d.ambiente AND b.cnpj = d.cnpj) AS buracos
    FROM distribuicoes d WHERE d.ambiente = :ambiente AND d.cnpj = :cnpj
    """  # noqa: S608 - constants
)
ANDA = text(
    """
    UPDATE distribuicoes SET uf = :uf, ult_nsu = greatest(ult_nsu, :ult_nsu),
        max_nsu = greatest(ult_nsu, :ult_nsu, :max_nsu), c_stat = :c_stat, motivo = :motivo,
        proxima_consulta = chancela_agora() + make_interval(secs => :espera_s),
        sincronizada_em = CASE WHEN :sincronizada THEN chancela_agora() ELSE sincronizada_em END,
        perdidos = perdidos + :perdidos
    WHERE ambiente = :ambiente AND cnpj = :cnpj
    """
)
GUARDA = text(
    """
    INSERT INTO recebidos (
        id, ambiente, cnpj, nsu, tipo, esquema, chave, emitente, emitente_nome, valor, emissao, serie, numero,
        tipo_operacao, situacao, tp_evento, descricao_evento, sequencia, evento_em, protocolo, compactado, sha256)
    VALUES (
        :id, :ambiente, :cnpj, :nsu, :tipo, :esquema, :chave, :emitente, :emitente_nome, :valor, :emissao, :serie, :numero,
        :tipo_operacao, :situacao, :tp_evento, :descricao_evento, :sequencia, :evento_em, :protocolo, :compactado, :sha256)
    ON CONFLICT DO NOTHING
    """
)
ABRE_BURACOS = text(
    """
    INSERT INTO buracos_distribuicao (ambiente, cnpj, nsu)
    SELECT :ambiente, :cnpj, n FROM unnest(CAST(:nsus AS bigint[])) n
    WHERE NOT EXISTS (SELECT 1 FROM recebidos r WHERE r.ambiente = :ambiente AND r.cnpj = :cnpj AND r.nsu = n)
    ON CONFLICT DO NOTHING
    """
)
FECHA_BURACOS = text(
    "DELETE FROM buracos_distribuicao WHERE ambiente = :ambiente AND cnpj = :cnpj AND nsu = ANY(CAST(:nsus AS bigint[]))"
)
LE_BURACOS = text(
    "SELECT nsu FROM buracos_distribuicao WHERE ambiente = :ambiente AND cnpj = :cnpj ORDER BY nsu LIMIT :limite"
)

COLUNAS = """
    r.id, r.ambiente, r.cnpj, r.nsu, r.tipo, r.esquema, r.chave, r.emitente, r.emitente_nome, r.valor, r.emissao, r.serie,
    r.numero, r.tipo_operacao, r.situacao, r.tp_evento, r.descricao_evento, r.sequencia, r.evento_em, r.protocolo,
    r.capturado_em
"""
_DA_EMPRESA = "r.cnpj = (SELECT e.cnpj FROM empresas e WHERE e.id = chancela_empresa())"
_FILTRO = f"""
    {_DA_EMPRESA} AND (:tipo = '' OR r.tipo = :tipo) AND (:chave = '' OR r.chave = :chave)
    AND (:emitente = '' OR r.emitente = :emitente)
    AND (CAST(:desde AS timestamptz) IS NULL OR r.capturado_em >= :desde)
    AND (CAST(:ate AS timestamptz) IS NULL OR r.capturado_em <= :ate)
"""
CONTA = text(f"SELECT count(*) FROM recebidos r WHERE {_FILTRO}")  # noqa: S608 - constants
LISTA = text(
    f"SELECT {COLUNAS} FROM recebidos r WHERE {_FILTRO}"  # noqa: S608 - constants
    " ORDER BY r.capturado_em DESC, r.id DESC LIMIT :tamanho OFFSET :inicio"
)
LE_POR_ID = text(f"SELECT {COLUNAS} FROM recebidos r WHERE r.id = :id AND {_DA_EMPRESA}")  # noqa: S608 - constants
LE_TEXTO = text(
    f"SELECT r.compactado, r.sha256 FROM recebidos r WHERE r.id = :id AND {_DA_EMPRESA}"  # noqa: S608 - constants
)

LE_EMISSAO = text(
    f"SELECT min(r.emissao) FROM recebidos r WHERE r.chave = :chave AND r.emissao IS NOT NULL AND {_DA_EMPRESA}"  # noqa: S608 - constants
)

_SEM_NOTA = """
    r.ambiente = :ambiente AND r.cnpj = :cnpj AND r.tipo = 'resNFe' AND r.situacao = 1 AND NOT EXISTS (
        SELECT 1 FROM recebidos p WHERE p.cnpj = r.cnpj AND p.chave = r.chave AND p.tipo = 'procNFe')
"""
_MANIFESTADA = """
    EXISTS (SELECT 1 FROM solicitacoes s WHERE s.empresa_id = chancela_empresa() AND s.ambiente = r.ambiente
        AND s.chave = r.chave AND s.tipo LIKE '2102%'
"""
A_DAR_CIENCIA = text(
    f"SELECT r.id, r.chave FROM recebidos r WHERE {_SEM_NOTA} AND NOT {_MANIFESTADA})"  # noqa: S608 - constants
    " AND r.capturado_em > chancela_agora() - make_interval(days => :prazo_d) ORDER BY r.nsu LIMIT :limite"
)
A_ACOMPANHAR = text(
    f"""
    SELECT r.id, r.chave FROM recebidos r
    WHERE {_SEM_NOTA} AND {_MANIFESTADA} AND s.estado = 'REGISTRADA' AND s.tipo <> '210220'
        AND s.atualizada_em < chancela_agora() - interval '2 hours')
        AND (r.proxima_busca IS NULL OR r.proxima_busca <= chancela_agora())
    ORDER BY r.nsu LIMIT :limite
    """  # noqa: S608 - constants
)
ADIA_BUSCA = text(
    f"UPDATE recebidos r SET proxima_busca = CASE WHEN CAST(:espera_s AS float8) IS NULL THEN 'infinity'"  # noqa: S608 - constants
    f" ELSE chancela_agora() + make_interval(secs => :espera_s) END WHERE r.id = :id AND {_DA_EMPRESA}"
)
DEVIDAS = text(
    """
    SELECT e.id FROM empresas e
    LEFT JOIN distribuicoes d ON d.cnpj = e.cnpj AND d.ambiente =
        CASE WHEN e.configuracao ->> 'recebidas_ambiente' = 'homologacao' THEN 2 ELSE 1 END
    WHERE e.configuracao ->> 'recebidas_automatico' = 'true'
        AND (d.proxima_consulta IS NULL OR d.proxima_consulta <= chancela_agora())
        AND EXISTS (SELECT 1 FROM certificados c WHERE c.empresa_id = e.id AND c.atual)
    ORDER BY d.proxima_consulta NULLS FIRST, e.id LIMIT :limite
    """
)
