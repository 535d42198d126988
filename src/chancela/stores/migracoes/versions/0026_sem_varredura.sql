-- The attempts of admitted documents come back from the statement that writes them. Read again by a join, each admission read the
-- whole table: row security lets no index be used for a comparison with a value that `->>` takes out of a JSON row (docs/adr/0148).

-- Rows, contents, timeline and wake-up of documents of one company that have their numbers; for those that are signed
-- already, the attempt that sends them too. Bytes stand beside the rows. No row comes back when another transaction took
-- one of the references meanwhile: the caller undoes it all. `p_prazo_s` is the lease of `p_dono`; without an owner the
-- wake-up is immediate. Without `p_narrar` the caller has more rows to write first, and tells and wakes itself.
CREATE OR REPLACE FUNCTION chancela_admitir_todos(p_linhas jsonb, p_pedidos bytea[], p_xmls bytea[], p_memorias bytea[], p_assinados bytea[],
    p_suplementos bytea[], p_dono text, p_prazo_s float8, p_narrar boolean)
RETURNS TABLE (o_id text, o_criado_em timestamptz, o_tentativa bigint) LANGUAGE plpgsql AS $$
DECLARE
    v_agora timestamptz := chancela_agora();
    v_ate timestamptz := CASE WHEN p_dono IS NOT NULL THEN v_agora + make_interval(secs => p_prazo_s) END;
    v_gravadas integer;
BEGIN
    INSERT INTO documentos (
        id, empresa_id, modelo, ambiente, cnpj, uf, serie, numero, tp_emis, chave, referencia, estado, emitido_em,
        valor_total, total_tributos, natureza_operacao, destinatario_nome, destinatario_documento, quantidade_itens,
        avisos, pedido_id, contingencia_em, transmitir_ate, criado_em, dono, concessao_ate, concessao, proxima_acao, tentativas)
    SELECT l.id, l.empresa_id, l.modelo, l.ambiente, l.cnpj, l.uf, l.serie, l.numero, l.tp_emis, l.chave, l.referencia,
        CASE WHEN p_assinados[x.ordem] IS NULL THEN 'PENDENTE' ELSE 'ASSINADO' END, l.emitido_em, l.valor_total,
        l.total_tributos, l.natureza_operacao, l.destinatario_nome, l.destinatario_documento, l.quantidade_itens, l.avisos,
        l.pedido_id, l.contingencia_em, l.transmitir_ate, v_agora, p_dono, v_ate, 1, v_agora,
        CASE WHEN p_assinados[x.ordem] IS NULL THEN 0 ELSE 1 END
    FROM jsonb_array_elements(p_linhas) WITH ORDINALITY AS x(valor, ordem), jsonb_populate_record(NULL::documentos, x.valor) l
    ORDER BY x.ordem
    ON CONFLICT (empresa_id, ambiente, modelo, referencia) WHERE referencia IS NOT NULL DO NOTHING;
    GET DIAGNOSTICS v_gravadas = ROW_COUNT;
    IF v_gravadas < jsonb_array_length(p_linhas) THEN
        RETURN;
    END IF;
    INSERT INTO versoes (documento_id, versao, empresa_id, chave, pedido, xml_sem_assinatura, memoria, xml_assinado,
        digest_value, suplemento, assinada_em)
    SELECT x.valor ->> 'id', 1, (x.valor ->> 'empresa_id')::bigint, x.valor ->> 'chave', p_pedidos[x.ordem], p_xmls[x.ordem],
        p_memorias[x.ordem], p_assinados[x.ordem], x.valor ->> 'digest', p_suplementos[x.ordem],
        CASE WHEN p_assinados[x.ordem] IS NOT NULL THEN v_agora END
    FROM jsonb_array_elements(p_linhas) WITH ORDINALITY AS x(valor, ordem) ORDER BY x.ordem;
    RETURN QUERY WITH iniciadas AS (
        INSERT INTO tentativas (documento_id, empresa_id, versao, operacao, dono, concessao)
        SELECT x.valor ->> 'id', (x.valor ->> 'empresa_id')::bigint, 1, 'autorizacao', p_dono, 1
        FROM jsonb_array_elements(p_linhas) WITH ORDINALITY AS x(valor, ordem)
        WHERE p_assinados[x.ordem] IS NOT NULL ORDER BY x.ordem
        RETURNING id, documento_id)
    SELECT x.valor ->> 'id', v_agora, coalesce(i.id, 0)
    FROM jsonb_array_elements(p_linhas) WITH ORDINALITY AS x(valor, ordem)
    LEFT JOIN iniciadas i ON i.documento_id = x.valor ->> 'id' ORDER BY x.ordem;
    IF p_narrar THEN
        INSERT INTO eventos_documento (empresa_id, documento_id, tipo, descricao, fatos, duracao_ms, ator)
        SELECT chancela_empresa(), x.valor ->> 'id', m.valor ->> 'tipo', m.valor ->> 'descricao', m.valor -> 'fatos',
            (m.valor ->> 'duracao_ms')::integer, coalesce(p_dono, 'api')
        FROM jsonb_array_elements(p_linhas) WITH ORDINALITY AS x(valor, ordem),
            jsonb_array_elements(x.valor -> 'marcos') WITH ORDINALITY AS m(valor, ordem)
        ORDER BY x.ordem, m.ordem;
        PERFORM chancela_acordar((p_linhas -> 0 ->> 'empresa_id')::bigint, 'emissao',
            CASE WHEN p_dono IS NOT NULL THEN statement_timestamp() + make_interval(secs => p_prazo_s) END);
    END IF;
END;
$$;

-- All events of a key, whatever became of them: each new one asks which sequences were seen. The other indexes of the key
-- leave out the refused ones.
CREATE INDEX solicitacoes_chave ON solicitacoes (empresa_id, chave) WHERE chave IS NOT NULL;

-- Ranges by their first number: the lost original of a contingency is looked for among them.
CREATE INDEX solicitacoes_faixas ON solicitacoes (empresa_id, serie, inicio) WHERE tipo = 'inutilizacao';

-- Companies whose received documents are captured by themselves, and certificates by their end: both asked for every few minutes.
CREATE INDEX empresas_recebidas ON empresas (id) WHERE configuracao ->> 'recebidas_automatico' = 'true';
CREATE INDEX certificados_fim ON certificados (fim) WHERE atual;
