"""A database that has been in use for years, at once: rows in every table that grows, with their statistics gathered."""

import psycopg
from benchmarks.ponta.crescimento import seed

QUANTAS = 20_000
"""Of each: enough that nobody who has an index reads the table."""
_RESTO = (
    """
    INSERT INTO solicitacoes (id, empresa_id, tipo, ambiente, cnpj, uf, modelo, documento_id, chave, sequencia, texto, estado,
        xml_assinado, digest_value, protocolo, registrado_em)
    SELECT translate(d.id, '0123456789', 'abcdefabcd'), d.empresa_id, '110110', 2, d.cnpj, d.uf, d.modelo, d.id, d.chave, 1,
        'carta', 'REGISTRADA', '\\x3c2f3e', 'x', d.protocolo, d.emitido_em
    FROM documentos d ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO tentativas_solicitacao (solicitacao_id, empresa_id, operacao, dono, concessao, encerrada_em, resultado)
    SELECT id, empresa_id, 'envio', 'semente', 1, registrado_em, 'respondida' FROM solicitacoes
    """,
    """
    INSERT INTO entregas (webhook_id, empresa_id, mensagem, alvo, evento, em, dados, estado, tentativas, proxima_em, encerrada_em)
    SELECT w.id, d.empresa_id, 'msg-' || d.id, d.id, 'nfe.autorizada', d.emitido_em, '{}', 'ENTREGUE', 1, NULL, d.emitido_em
    FROM documentos d, webhooks w
    """,
    """
    INSERT INTO tentativas_entrega (entrega_id, tentativa, empresa_id, em, status_http, duracao_ms)
    SELECT id, 1, empresa_id, em, 204, 3 FROM entregas
    """,
    """
    INSERT INTO respostas_idempotentes (chave, resposta, reservada_em)
    SELECT sha256(id::bytea), '\\x3c2f3e', emitido_em FROM documentos
    """,
    """
    INSERT INTO empresas (integrador_id, cnpj, razao_social, regime, cep, logradouro, numero, bairro, municipio, municipio_ibge,
        uf, serie_nfe, numero_nfe)
    SELECT e.integrador_id, lpad(n::text, 14, '0'), 'EMPRESA ' || n, e.regime, e.cep, e.logradouro, e.numero, e.bairro,
        e.municipio, e.municipio_ibge, e.uf, 1, 1
    FROM empresas e, generate_series(1, 5000) n
    """,
    """
    INSERT INTO tokens (hash, integrador_id, empresa_id, envelope) SELECT sha256(cnpj::bytea), integrador_id, id, '\\x00' FROM empresas
    """,
    """
    INSERT INTO webhooks (integrador_id, empresa_id, url, formato, envelope)
    SELECT integrador_id, id, 'https://erp.exemplo.com.br/', 'chancela', '\\x00' FROM empresas WHERE razao_social LIKE 'EMPRESA %'
    """,
    """
    INSERT INTO certificados (empresa_id, impressao, inicio, fim, envelope, atual)
    SELECT id, cnpj, now(), now() + interval '200 days', '\\x00', true FROM empresas WHERE razao_social LIKE 'EMPRESA %'
    """,
    """
    INSERT INTO numeros_inutilizados (ambiente, cnpj, modelo, serie, inicio, fim, solicitacao_id, ultimo_na_reserva)
    SELECT 2, cnpj, '55', 9, 3, 4, lpad(id::text, 24, '0'), 7 FROM empresas
    """,
    """
    INSERT INTO segredos (empresa_id, finalidade, envelope)
    SELECT e.id, f, '\\x00' FROM empresas e, unnest(ARRAY['semente', 'outra']) f ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO categorias (empresa_id, codigo, conteudo)
    SELECT e.id, 'C' || n, '{}' FROM empresas e, generate_series(1, 4) n ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO series (ambiente, cnpj, modelo, serie, ultimo_numero)
    SELECT 2, cnpj, '55', s, 7 FROM empresas e, generate_series(1, 4) s ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO recebidos (id, ambiente, cnpj, nsu, tipo, esquema, chave, emitente, situacao, compactado, sha256, capturado_em)
    SELECT d.id, 2, d.cnpj, d.numero, t, 'x', d.chave, '99999999000191', 1, '\\x00', sha256(d.id::bytea), d.emitido_em
    FROM documentos d, LATERAL (SELECT CASE WHEN d.numero % 2 = 0 THEN 'resNFe' ELSE 'procNFe' END AS t) t
    """,
    """
    INSERT INTO cadeias_eventos (empresa_id, sequencia, hash)
    SELECT id, 1, sha256(cnpj::bytea) FROM empresas ON CONFLICT DO NOTHING
    """,
)


def fill(url: str, cnpj: str) -> None:
    """Years of one company, among thousands of others. Triggers and foreign keys stay out."""
    seed(url, [cnpj], 1, QUANTAS)
    with psycopg.connect(url, autocommit=True) as conexao:
        conexao.execute("SET session_replication_role = replica")
        for comando in _RESTO:
            conexao.execute(comando)
        conexao.execute("VACUUM ANALYZE")
