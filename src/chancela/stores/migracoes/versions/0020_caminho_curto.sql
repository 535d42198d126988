-- The transactions that every document pays for, each as one function: one round trip instead of seven to ten. They run
-- as the caller, under its row-level security, and name their company first (docs/adr/0075).

CREATE FUNCTION chancela_entrar(p_empresa bigint, p_relogio text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('chancela.empresa', p_empresa::text, true), set_config('chancela.relogio', p_relogio, true);
END;
$$;

-- The chain: one update of the head instead of two.
CREATE OR REPLACE FUNCTION chancela_encadear() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_hash bytea;
BEGIN
    IF NEW.empresa_id IS DISTINCT FROM chancela_empresa() THEN
        RAISE EXCEPTION 'a timeline row needs the scope of its company' USING ERRCODE = 'insufficient_privilege';
    END IF;
    NEW.em := chancela_agora();
    LOOP
        SELECT c.sequencia + 1, c.hash INTO NEW.sequencia, v_hash FROM cadeias_eventos c
        WHERE c.empresa_id = NEW.empresa_id FOR UPDATE;
        EXIT WHEN FOUND;
        INSERT INTO cadeias_eventos (empresa_id, sequencia, hash) VALUES (NEW.empresa_id, 0, '') ON CONFLICT DO NOTHING;
    END LOOP;
    NEW.hash := chancela_hash_evento(v_hash, NEW);
    UPDATE cadeias_eventos SET sequencia = NEW.sequencia, hash = NEW.hash WHERE empresa_id = NEW.empresa_id;
    RETURN NEW;
END;
$$;

-- The number of a new document, or NULL and `existe` when its reference has one already: then no number was touched.
CREATE FUNCTION chancela_numerar(p_empresa bigint, p_ambiente smallint, p_modelo text, p_referencia text, p_cnpj text,
    p_serie integer, p_inicial integer, OUT existe boolean, OUT numero integer) LANGUAGE plpgsql AS $$
BEGIN
    existe := p_referencia IS NOT NULL AND EXISTS (SELECT 1 FROM documentos d WHERE d.empresa_id = p_empresa
        AND d.ambiente = p_ambiente AND d.modelo = p_modelo AND d.referencia = p_referencia);
    IF NOT existe THEN
        numero := chancela_proximo_numero(p_ambiente, p_cnpj, p_modelo, p_serie, p_inicial);
    END IF;
END;
$$;

-- The row, the content, the timeline and the wake-up of a document that has its number. NULL: another transaction took
-- the reference meanwhile. `p_prazo_s` is the lease of `p_dono`; without an owner the wake-up is immediate. Without
-- `p_marco` the caller has more rows to write first, and tells and wakes itself.
CREATE FUNCTION chancela_admitir(p_linha jsonb, p_pedido bytea, p_xml bytea, p_memoria bytea, p_dono text, p_prazo_s float8,
    p_marco jsonb) RETURNS timestamptz LANGUAGE plpgsql AS $$
DECLARE
    v_criado_em timestamptz;
    v_ate timestamptz := CASE WHEN p_dono IS NOT NULL THEN chancela_agora() + make_interval(secs => p_prazo_s) END;
BEGIN
    INSERT INTO documentos (
        id, empresa_id, modelo, ambiente, cnpj, uf, serie, numero, tp_emis, chave, referencia, estado, emitido_em,
        valor_total, total_tributos, natureza_operacao, destinatario_nome, destinatario_documento, quantidade_itens,
        avisos, pedido_id, contingencia_em, transmitir_ate, dono, concessao_ate, concessao, proxima_acao)
    SELECT l.id, l.empresa_id, l.modelo, l.ambiente, l.cnpj, l.uf, l.serie, l.numero, l.tp_emis, l.chave, l.referencia,
        'PENDENTE', l.emitido_em, l.valor_total, l.total_tributos, l.natureza_operacao, l.destinatario_nome,
        l.destinatario_documento, l.quantidade_itens, l.avisos, l.pedido_id, l.contingencia_em, l.transmitir_ate, p_dono, v_ate, 1,
        chancela_agora()
    FROM jsonb_populate_record(NULL::documentos, p_linha) l
    ON CONFLICT (empresa_id, ambiente, modelo, referencia) WHERE referencia IS NOT NULL DO NOTHING
    RETURNING criado_em INTO v_criado_em;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    INSERT INTO versoes (documento_id, versao, empresa_id, chave, pedido, xml_sem_assinatura, memoria)
    VALUES (p_linha ->> 'id', 1, (p_linha ->> 'empresa_id')::bigint, p_linha ->> 'chave', p_pedido, p_xml, p_memoria);
    IF p_marco IS NOT NULL THEN
        PERFORM chancela_narrar(p_linha ->> 'id', coalesce(p_dono, 'api'), jsonb_build_array(p_marco));
        PERFORM chancela_acordar((p_linha ->> 'empresa_id')::bigint, 'emissao',
            CASE WHEN p_dono IS NOT NULL THEN statement_timestamp() + make_interval(secs => p_prazo_s) END);
    END IF;
    RETURN v_criado_em;
END;
$$;

-- Timeline rows of one document, in the order given: [{tipo, descricao, fatos, duracao_ms}].
CREATE FUNCTION chancela_narrar(p_documento text, p_ator text, p_marcos jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO eventos_documento (empresa_id, documento_id, tipo, descricao, fatos, duracao_ms, ator)
    SELECT chancela_empresa(), p_documento, m.valor ->> 'tipo', m.valor ->> 'descricao', m.valor -> 'fatos',
        (m.valor ->> 'duracao_ms')::integer, p_ator
    FROM jsonb_array_elements(p_marcos) WITH ORDINALITY AS m(valor, ordem) ORDER BY m.ordem;
END;
$$;

-- Signed bytes that are new, and an attempt for what is sent now; all of a company in one commit. Documents come sorted
-- by id: [{id, token, digest, operacao}], their bytes beside them. A lost lease undoes all (CH002, with the id).
CREATE FUNCTION chancela_comecar(p_empresa bigint, p_relogio text, p_envios jsonb, p_xml bytea[], p_suplementos bytea[],
    p_marco jsonb) RETURNS TABLE (o_id text, o_tentativa bigint) LANGUAGE plpgsql AS $$
DECLARE
    e record;
    v_versao integer;
    v_donos jsonb := '{}';
    v_dono text;
BEGIN
    PERFORM chancela_entrar(p_empresa, p_relogio);
    FOR e IN
        SELECT x.valor ->> 'id' AS id, (x.valor ->> 'token')::bigint AS token, x.valor ->> 'digest' AS digest,
            x.valor ->> 'operacao' AS operacao, p_xml[x.ordem] AS xml, p_suplementos[x.ordem] AS suplemento
        FROM jsonb_array_elements(p_envios) WITH ORDINALITY AS x(valor, ordem) ORDER BY x.ordem
    LOOP
        UPDATE documentos d SET
            estado = CASE WHEN e.digest IS NOT NULL THEN 'ASSINADO' ELSE d.estado END,
            tentativas = CASE WHEN e.operacao IS NULL THEN 0 WHEN e.digest IS NOT NULL THEN 1 ELSE d.tentativas + 1 END,
            atualizado_em = chancela_agora()
        WHERE d.id = e.id AND d.concessao = e.token AND d.concessao_ate > chancela_agora()
          AND (e.digest IS NULL OR d.estado = 'PENDENTE')
        RETURNING d.versao, d.dono INTO v_versao, v_dono;
        IF NOT FOUND THEN
            RAISE EXCEPTION '%', e.id USING ERRCODE = 'CH002';
        END IF;
        IF e.digest IS NOT NULL THEN
            UPDATE versoes v SET xml_assinado = e.xml, digest_value = e.digest, suplemento = e.suplemento,
                assinada_em = chancela_agora()
            WHERE v.documento_id = e.id AND v.versao = v_versao AND v.xml_assinado IS NULL;
            ASSERT FOUND, 'signed bytes are written once';
            v_donos := v_donos || jsonb_build_object(e.id, v_dono);
        END IF;
        o_id := e.id;
        o_tentativa := 0;
        IF e.operacao IS NOT NULL THEN
            INSERT INTO tentativas (documento_id, empresa_id, versao, operacao, dono, concessao)
            VALUES (e.id, p_empresa, v_versao, e.operacao, v_dono, e.token) RETURNING id INTO o_tentativa;
        END IF;
        RETURN NEXT;
    END LOOP;
    PERFORM chancela_narrar(x.valor ->> 'id', v_donos ->> (x.valor ->> 'id'), jsonb_build_array(p_marco))
    FROM jsonb_array_elements(p_envios) WITH ORDINALITY AS x(valor, ordem)
    WHERE x.valor ->> 'digest' IS NOT NULL;
END;
$$;

-- Outcomes of leased documents, of one company, in one commit, sorted by id: state, protocol, attempts, archive and
-- timeline, and the lease is free. Bytes (protocol, archived XML) stand beside them. A lost lease undoes all (CH002).
CREATE FUNCTION chancela_encerrar(p_empresa bigint, p_relogio text, p_desfechos jsonb, p_protocolos bytea[],
    p_arquivos bytea[]) RETURNS TABLE (o_id text, o_tentativas integer, o_atualizado_em timestamptz) LANGUAGE plpgsql AS $$
DECLARE
    e record;
    v_versao integer;
    v_donos jsonb := '{}';
    v_dono text;
    v_proxima_s float8;
BEGIN
    PERFORM chancela_entrar(p_empresa, p_relogio);
    FOR e IN
        SELECT x.valor ->> 'id' AS id, (x.valor ->> 'token')::bigint AS token, p_protocolos[x.ordem] AS protocolo_xml,
            p_arquivos[x.ordem] AS arquivo, x.valor AS d
        FROM jsonb_array_elements(p_desfechos) WITH ORDINALITY AS x(valor, ordem) ORDER BY x.ordem
    LOOP
        SELECT d.dono INTO v_dono FROM documentos d
        WHERE d.id = e.id AND d.concessao = e.token AND d.dono IS NOT NULL FOR UPDATE;
        IF NOT FOUND THEN
            RAISE EXCEPTION '%', e.id USING ERRCODE = 'CH002';
        END IF;
        v_versao := NULL;
        IF e.d ->> 'adotada' IS NOT NULL THEN
            SELECT v.versao INTO v_versao FROM versoes v WHERE v.documento_id = e.id AND v.chave = e.d ->> 'adotada'
                AND v.digest_value = e.d ->> 'adotada_digest';
        END IF;
        UPDATE documentos d SET
            estado = e.d ->> 'estado', c_stat = (e.d ->> 'c_stat')::integer, motivo = e.d ->> 'motivo',
            recibo = e.d ->> 'recibo', versao = coalesce(v_versao, d.versao),
            chave = CASE WHEN v_versao IS NULL THEN d.chave ELSE e.d ->> 'adotada' END,
            protocolo = coalesce(e.d ->> 'protocolo', d.protocolo),
            protocolo_c_stat = coalesce((e.d ->> 'protocolo_c_stat')::integer, d.protocolo_c_stat),
            protocolo_motivo = coalesce(e.d ->> 'protocolo_motivo', d.protocolo_motivo),
            protocolo_em = coalesce((e.d ->> 'protocolo_em')::timestamptz, d.protocolo_em),
            protocolo_digest = coalesce(e.d ->> 'protocolo_digest', d.protocolo_digest),
            protocolo_alerta = coalesce(e.d ->> 'protocolo_alerta', d.protocolo_alerta),
            dono = NULL, concessao_ate = NULL, concessao = d.concessao + 1,
            proxima_acao = chancela_agora() + make_interval(secs => (e.d ->> 'acao_s')::float8),
            atualizado_em = chancela_agora()
        WHERE d.id = e.id
        RETURNING d.versao, d.tentativas, d.atualizado_em INTO v_versao, o_tentativas, o_atualizado_em;
        PERFORM chancela_fechar_tentativas(e.id, e.d -> 'tentativas');
        IF e.protocolo_xml IS NOT NULL THEN
            UPDATE versoes v SET protocolo_xml = e.protocolo_xml WHERE v.documento_id = e.id AND v.versao = v_versao;
        END IF;
        IF e.d ->> 'estado' = 'REJEITADO' THEN
            UPDATE versoes v SET recusa_c_stat = (e.d ->> 'c_stat')::integer, recusa_motivo = e.d ->> 'motivo',
                recusada_em = chancela_agora()
            WHERE v.documento_id = e.id AND v.versao = v_versao;
        END IF;
        IF e.arquivo IS NOT NULL THEN
            INSERT INTO artefatos (documento_id, tipo, empresa_id, caminho, sha256, tamanho, conteudo)
            VALUES (e.id, 'xml_autorizado', p_empresa, e.d ->> 'caminho', decode(e.d ->> 'sha256', 'hex'),
                octet_length(e.arquivo), e.arquivo)
            ON CONFLICT (documento_id, tipo, variante) DO UPDATE SET caminho = excluded.caminho,
                sha256 = excluded.sha256, tamanho = excluded.tamanho, conteudo = excluded.conteudo, copiado_em = NULL;
        END IF;
        v_donos := v_donos || jsonb_build_object(e.id, v_dono);
        v_proxima_s := least(v_proxima_s, (e.d ->> 'acao_s')::float8);
        o_id := e.id;
        RETURN NEXT;
    END LOOP;
    PERFORM chancela_narrar(x.valor ->> 'id', v_donos ->> (x.valor ->> 'id'), x.valor -> 'marcos')
    FROM jsonb_array_elements(p_desfechos) WITH ORDINALITY AS x(valor, ordem);
    IF v_proxima_s IS NOT NULL THEN
        PERFORM chancela_acordar(p_empresa, 'emissao',
            CASE WHEN v_proxima_s > 0 THEN statement_timestamp() + make_interval(secs => v_proxima_s) END);
    END IF;
END;
$$;

-- Attempts that ended, [{id, resultado, c_stat, motivo, duracao_ms}]; what is still open besides them was abandoned.
CREATE FUNCTION chancela_fechar_tentativas(p_documento text, p_tentativas jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_fechadas integer;
BEGIN
    UPDATE tentativas t SET encerrada_em = chancela_agora(), resultado = x.valor ->> 'resultado',
        c_stat = (x.valor ->> 'c_stat')::integer, motivo = x.valor ->> 'motivo',
        duracao_ms = (x.valor ->> 'duracao_ms')::integer
    FROM jsonb_array_elements(p_tentativas) AS x(valor)
    WHERE t.id = (x.valor ->> 'id')::bigint AND t.documento_id = p_documento AND t.encerrada_em IS NULL;
    GET DIAGNOSTICS v_fechadas = ROW_COUNT;
    ASSERT v_fechadas = jsonb_array_length(p_tentativas), 'an attempt ends once, and belongs to its document';
    UPDATE tentativas t SET encerrada_em = chancela_agora(), resultado = 'abandonada'
    WHERE t.documento_id = p_documento AND t.encerrada_em IS NULL;
END;
$$;

-- The categories that a document names.
CREATE FUNCTION chancela_categorias(p_empresa bigint, p_relogio text, p_codigos text[])
RETURNS TABLE (codigo text, descricao text, conteudo jsonb, modelo text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    PERFORM chancela_entrar(p_empresa, p_relogio);
    RETURN QUERY SELECT c.codigo, c.descricao, c.conteudo, c.modelo FROM categorias c
    WHERE c.empresa_id = p_empresa AND c.codigo = ANY (p_codigos);
END;
$$;

-- First answers of signed calls, over all companies. Not waited for on the disk: a reservation that a crash forgets
-- belongs to a call that had committed nothing yet (whatever it commits later takes this commit to the disk with it),
-- and an answer that is forgotten is made again from what was committed, under the reference of the same call.
CREATE FUNCTION chancela_entrar_sistema(p_relogio text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('role', 'chancela_sistema', true), set_config('chancela.empresa', '', true),
        set_config('chancela.relogio', p_relogio, true), set_config('synchronous_commit', 'off', true);
END;
$$;

CREATE FUNCTION chancela_reservar_resposta(p_relogio text, p_chave bytea, p_prazo_s float8, p_janela_s float8,
    OUT vez boolean, OUT guardada bytea) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM chancela_entrar_sistema(p_relogio);
    INSERT INTO respostas_idempotentes AS r (chave) VALUES (p_chave)
    ON CONFLICT (chave) DO UPDATE SET resposta = NULL, reservada_em = chancela_agora()
    WHERE r.reservada_em < chancela_agora() - make_interval(secs => CASE WHEN r.resposta IS NULL
        THEN p_prazo_s ELSE p_janela_s END);
    vez := FOUND;
    IF NOT vez THEN
        SELECT r.resposta INTO guardada FROM respostas_idempotentes r WHERE r.chave = p_chave;
    END IF;
END;
$$;

CREATE FUNCTION chancela_guardar_resposta(p_relogio text, p_chave bytea, p_resposta bytea) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM chancela_entrar_sistema(p_relogio);
    UPDATE respostas_idempotentes r SET resposta = p_resposta WHERE r.chave = p_chave;
END;
$$;
