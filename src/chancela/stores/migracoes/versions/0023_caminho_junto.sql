-- The same transactions for many documents, and for many answers, at once (docs/adr/0105).

DROP FUNCTION chancela_numerar(bigint, smallint, text, text, text, integer, integer);
DROP FUNCTION chancela_admitir(jsonb, bytea, bytea, bytea, text, float8, jsonb);
DROP FUNCTION chancela_reservar_resposta(text, bytea, float8, float8);
DROP FUNCTION chancela_guardar_resposta(text, bytea, bytea);

-- A number for every new document of a company, [{ambiente, modelo, cnpj, serie, inicial, referencia}]; `o_existe` and
-- none for one whose reference has a document. Series are locked in one order, whatever the order of the documents.
CREATE FUNCTION chancela_numerar_todos(p_empresa bigint, p_novos jsonb)
RETURNS TABLE (o_ordem bigint, o_existe boolean, o_numero integer) LANGUAGE plpgsql AS $$
DECLARE
    n record;
BEGIN
    FOR n IN
        SELECT x.ordem, (x.valor ->> 'ambiente')::smallint AS ambiente, x.valor ->> 'modelo' AS modelo, x.valor ->> 'cnpj' AS cnpj,
            (x.valor ->> 'serie')::integer AS serie, (x.valor ->> 'inicial')::integer AS inicial,
            x.valor ->> 'referencia' AS referencia
        FROM jsonb_array_elements(p_novos) WITH ORDINALITY AS x(valor, ordem)
        ORDER BY x.valor ->> 'ambiente', x.valor ->> 'cnpj', x.valor ->> 'modelo', (x.valor ->> 'serie')::integer, x.ordem
    LOOP
        o_ordem := n.ordem;
        o_numero := NULL;
        o_existe := n.referencia IS NOT NULL AND EXISTS (SELECT 1 FROM documentos d WHERE d.empresa_id = p_empresa
            AND d.ambiente = n.ambiente AND d.modelo = n.modelo AND d.referencia = n.referencia);
        IF NOT o_existe THEN
            o_numero := chancela_proximo_numero(n.ambiente, n.cnpj, n.modelo, n.serie, n.inicial);
        END IF;
        RETURN NEXT;
    END LOOP;
END;
$$;

-- Rows, contents, timeline and wake-up of documents of one company that have their numbers; for those that are signed
-- already, the attempt that sends them too. Bytes stand beside the rows. No row comes back when another transaction took
-- one of the references meanwhile: the caller undoes it all. `p_prazo_s` is the lease of `p_dono`; without an owner the
-- wake-up is immediate. Without `p_narrar` the caller has more rows to write first, and tells and wakes itself.
CREATE FUNCTION chancela_admitir_todos(p_linhas jsonb, p_pedidos bytea[], p_xmls bytea[], p_memorias bytea[], p_assinados bytea[],
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
    INSERT INTO tentativas (documento_id, empresa_id, versao, operacao, dono, concessao)
    SELECT x.valor ->> 'id', (x.valor ->> 'empresa_id')::bigint, 1, 'autorizacao', p_dono, 1
    FROM jsonb_array_elements(p_linhas) WITH ORDINALITY AS x(valor, ordem)
    WHERE p_assinados[x.ordem] IS NOT NULL ORDER BY x.ordem;
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
    RETURN QUERY SELECT x.valor ->> 'id', v_agora, coalesce(t.id, 0)
    FROM jsonb_array_elements(p_linhas) WITH ORDINALITY AS x(valor, ordem)
    LEFT JOIN tentativas t ON t.documento_id = x.valor ->> 'id' ORDER BY x.ordem;
END;
$$;

-- First answers of signed calls, many at once: see 0020. A call that is in the array twice has its place once.
CREATE FUNCTION chancela_reservar_respostas(p_relogio text, p_chaves bytea[], p_prazo_s float8, p_janela_s float8)
RETURNS TABLE (o_vez boolean, o_guardada bytea) LANGUAGE plpgsql AS $$
DECLARE
    v_chave bytea;
BEGIN
    PERFORM chancela_entrar_sistema(p_relogio);
    FOREACH v_chave IN ARRAY p_chaves LOOP
        INSERT INTO respostas_idempotentes AS r (chave) VALUES (v_chave)
        ON CONFLICT (chave) DO UPDATE SET resposta = NULL, reservada_em = chancela_agora()
        WHERE r.reservada_em < chancela_agora() - make_interval(secs => CASE WHEN r.resposta IS NULL
            THEN p_prazo_s ELSE p_janela_s END);
        o_vez := FOUND;
        o_guardada := NULL;
        IF NOT o_vez THEN
            SELECT r.resposta INTO o_guardada FROM respostas_idempotentes r WHERE r.chave = v_chave;
        END IF;
        RETURN NEXT;
    END LOOP;
END;
$$;

CREATE FUNCTION chancela_guardar_respostas(p_relogio text, p_chaves bytea[], p_respostas bytea[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM chancela_entrar_sistema(p_relogio);
    UPDATE respostas_idempotentes r SET resposta = x.resposta
    FROM unnest(p_chaves, p_respostas) AS x(chave, resposta) WHERE r.chave = x.chave;
END;
$$;
