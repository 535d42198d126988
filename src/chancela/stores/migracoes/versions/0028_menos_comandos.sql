-- What a document costs the server is mostly statements: each one reads the rules of its table from text and prepares its plan anew,
-- before it touches a row. So fewer of them, and rules that are quick to read (docs/adr/0149).

-- Numbers. ---------------------------------------------------------------------------------------------------------

DROP FUNCTION chancela_numerar_todos(bigint, jsonb);

-- The next numbers of a series, its row locked until the transaction ends; NULL for those that it has not. As many calls of
-- chancela_proximo_numero, which is asked only where there is something to step over or to give again: numbers that came back, an
-- inutilised range ahead, the end of the series, a series never used.
CREATE FUNCTION chancela_proximos_numeros(p_ambiente smallint, p_cnpj text, p_modelo text, p_serie integer, p_inicial integer,
    p_quantos integer) RETURNS integer[] LANGUAGE plpgsql AS $$
DECLARE
    v_ultimo integer;
    v_numeros integer[] := '{}';
BEGIN
    UPDATE series s SET ultimo_numero = s.ultimo_numero + p_quantos
    WHERE s.ambiente = p_ambiente AND s.cnpj = p_cnpj AND s.modelo = p_modelo AND s.serie = p_serie
      AND s.ultimo_numero <= 999999999 - p_quantos
    RETURNING s.ultimo_numero - p_quantos INTO v_ultimo;
    IF FOUND THEN
        -- looked at after the lock, as each statement sees what is committed
        IF NOT EXISTS (SELECT 1 FROM numeros_devolvidos d
                WHERE d.ambiente = p_ambiente AND d.cnpj = p_cnpj AND d.modelo = p_modelo AND d.serie = p_serie)
           AND NOT EXISTS (SELECT 1 FROM numeros_inutilizados i
                WHERE i.ambiente = p_ambiente AND i.cnpj = p_cnpj AND i.modelo = p_modelo AND i.serie = p_serie AND i.fim > v_ultimo)
        THEN
            FOR n IN 1 .. p_quantos LOOP
                v_numeros := v_numeros || (v_ultimo + n);
            END LOOP;
            RETURN v_numeros;
        END IF;
        UPDATE series s SET ultimo_numero = v_ultimo
        WHERE s.ambiente = p_ambiente AND s.cnpj = p_cnpj AND s.modelo = p_modelo AND s.serie = p_serie;
    END IF;
    FOR n IN 1 .. p_quantos LOOP
        v_numeros := v_numeros || chancela_proximo_numero(p_ambiente, p_cnpj, p_modelo, p_serie, p_inicial);
    END LOOP;
    RETURN v_numeros;
END;
$$;

-- A number for every new document of a company, [{ambiente, modelo, cnpj, serie, inicial, referencias}], one entry per series, in the
-- order in which series are locked; references may be NULL. The numbers come back in the order of the references: 0, and no number
-- touched, for one that has a document; NULL when the series ran out.
CREATE FUNCTION chancela_numerar_series(p_empresa bigint, p_series jsonb) RETURNS integer[] LANGUAGE plpgsql AS $$
DECLARE
    v_serie jsonb;
    v_ambiente smallint;
    v_modelo text;
    v_referencia text;
    v_existe boolean;
    v_existem boolean[];
    v_novos integer[];
    v_dado integer;
    v_numeros integer[] := '{}';
BEGIN
    FOR n IN 1 .. jsonb_array_length(p_series) LOOP
        v_serie := p_series -> n - 1;
        v_ambiente := v_serie ->> 'ambiente';
        v_modelo := v_serie ->> 'modelo';
        v_existem := '{}';
        FOR m IN 1 .. jsonb_array_length(v_serie -> 'referencias') LOOP
            v_referencia := v_serie -> 'referencias' ->> m - 1;
            v_existe := false;
            IF v_referencia IS NOT NULL THEN
                SELECT EXISTS (SELECT 1 FROM documentos d WHERE d.empresa_id = p_empresa AND d.ambiente = v_ambiente
                    AND d.modelo = v_modelo AND d.referencia = v_referencia) INTO v_existe;
            END IF;
            v_existem := v_existem || v_existe;
        END LOOP;
        v_dado := cardinality(array_positions(v_existem, false));
        IF v_dado > 0 THEN
            v_novos := chancela_proximos_numeros(v_ambiente, v_serie ->> 'cnpj', v_modelo, (v_serie ->> 'serie')::integer,
                (v_serie ->> 'inicial')::integer, v_dado);
        END IF;
        v_dado := 0;
        FOREACH v_existe IN ARRAY v_existem LOOP
            v_dado := v_dado + CASE WHEN v_existe THEN 0 ELSE 1 END;
            v_numeros := v_numeros || CASE WHEN v_existe THEN 0 ELSE v_novos[v_dado] END;
        END LOOP;
    END LOOP;
    RETURN v_numeros;
END;
$$;

-- Timeline. --------------------------------------------------------------------------------------------------------

-- hash = sha256(hash before || empresa || sequencia || documento || tipo || descricao || fatos || duracao || ator || em), each field
-- with its length in bytes before it: the same bytes as ever, put together as one text.
CREATE OR REPLACE FUNCTION chancela_hash_evento(p_anterior bytea, e eventos_documento) RETURNS bytea LANGUAGE sql STABLE
    RETURN sha256(p_anterior || convert_to(
        length(e.empresa_id::text) || ':' || e.empresa_id || length(e.sequencia::text) || ':' || e.sequencia
        || octet_length(convert_to(e.documento_id, 'UTF8')) || ':' || e.documento_id
        || octet_length(convert_to(e.tipo, 'UTF8')) || ':' || e.tipo
        || octet_length(convert_to(e.descricao, 'UTF8')) || ':' || e.descricao
        || octet_length(convert_to(e.fatos::text, 'UTF8')) || ':' || e.fatos::text
        || coalesce(length(e.duracao_ms::text), 0) || ':' || coalesce(e.duracao_ms::text, '')
        || octet_length(convert_to(e.ator, 'UTF8')) || ':' || e.ator
        || '27:' || to_char(e.em AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'UTF8'));
DROP FUNCTION chancela_campo(text);

-- Rows of the timeline of the company in scope, [{id, marcos: [{tipo, descricao, fatos, duracao_ms}]}] with an actor for each entry, in
-- this order, linked to the head of its chain. The head stays locked until the transaction ends, so that the order of the chain is the
-- order of the commits. Runs as the owner, and is the only one who may: nobody else adds a row to the timeline.
CREATE FUNCTION chancela_narrar_todos(p_linhas jsonb, p_atores text[]) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_linha jsonb;
    v_marco jsonb;
    e eventos_documento;
    v_novas eventos_documento[] := '{}';
BEGIN
    e.empresa_id := chancela_empresa();
    IF e.empresa_id IS NULL THEN
        RAISE EXCEPTION 'a timeline row needs the scope of its company' USING ERRCODE = 'insufficient_privilege';
    END IF;
    e.em := chancela_agora();
    LOOP
        SELECT c.sequencia, c.hash INTO e.sequencia, e.hash FROM cadeias_eventos c
        WHERE c.empresa_id = e.empresa_id FOR UPDATE;
        EXIT WHEN FOUND;
        INSERT INTO cadeias_eventos (empresa_id, sequencia, hash) VALUES (e.empresa_id, 0, '') ON CONFLICT DO NOTHING;
    END LOOP;
    FOR n IN 1 .. jsonb_array_length(p_linhas) LOOP
        v_linha := p_linhas -> n - 1;
        e.documento_id := v_linha ->> 'id';
        e.ator := p_atores[n];
        FOR m IN 1 .. jsonb_array_length(v_linha -> 'marcos') LOOP
            v_marco := v_linha -> 'marcos' -> m - 1;
            e.sequencia := e.sequencia + 1;
            e.tipo := v_marco ->> 'tipo';
            e.descricao := v_marco ->> 'descricao';
            e.fatos := v_marco -> 'fatos';
            e.duracao_ms := v_marco ->> 'duracao_ms';
            e.hash := chancela_hash_evento(e.hash, e);
            v_novas := v_novas || e;
        END LOOP;
    END LOOP;
    INSERT INTO eventos_documento (empresa_id, sequencia, documento_id, tipo, descricao, fatos, duracao_ms, ator, em, hash)
    SELECT v.empresa_id, v.sequencia, v.documento_id, v.tipo, v.descricao, v.fatos, v.duracao_ms, v.ator, v.em, v.hash
    FROM unnest(v_novas) AS v;
    UPDATE cadeias_eventos SET sequencia = e.sequencia, hash = e.hash WHERE empresa_id = e.empresa_id;
END;
$$;
REVOKE ALL ON FUNCTION chancela_narrar_todos(jsonb, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION chancela_narrar_todos(jsonb, text[]) TO chancela_app;

DROP TRIGGER eventos_documento_encadear ON eventos_documento;
DROP FUNCTION chancela_encadear();
REVOKE INSERT ON eventos_documento FROM chancela_app;

-- The head of the chain, without which no row is written, has the same key; and a sum is of a document, which has it too.
ALTER TABLE eventos_documento DROP CONSTRAINT eventos_documento_empresa_id_fkey;
ALTER TABLE totais_diarios DROP CONSTRAINT totais_diarios_empresa_id_fkey;

-- Timeline rows of one document, in the order given: [{tipo, descricao, fatos, duracao_ms}].
CREATE OR REPLACE FUNCTION chancela_narrar(p_documento text, p_ator text, p_marcos jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM chancela_narrar_todos(jsonb_build_array(jsonb_build_object('id', p_documento, 'marcos', p_marcos)), ARRAY[p_ator]);
END;
$$;

-- Admission and outcome. -------------------------------------------------------------------------------------------

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
        PERFORM chancela_narrar_todos(p_linhas, array_fill(coalesce(p_dono, 'api'), ARRAY[jsonb_array_length(p_linhas)]));
        PERFORM chancela_acordar((p_linhas -> 0 ->> 'empresa_id')::bigint, 'emissao',
            CASE WHEN p_dono IS NOT NULL THEN statement_timestamp() + make_interval(secs => p_prazo_s) END);
    END IF;
END;
$$;

-- Signed bytes that are new, and an attempt for what is sent now; all of a company in one commit. Documents come sorted
-- by id: [{id, token, digest, operacao}], their bytes beside them. A lost lease undoes all (CH002, with the id).
CREATE OR REPLACE FUNCTION chancela_comecar(p_empresa bigint, p_relogio text, p_envios jsonb, p_xml bytea[], p_suplementos bytea[],
    p_marco jsonb) RETURNS TABLE (o_id text, o_tentativa bigint) LANGUAGE plpgsql AS $$
DECLARE
    e record;
    v_versao integer;
    v_dono text;
    v_assinados jsonb := '[]';
    v_donos text[] := '{}';
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
            v_assinados := v_assinados || jsonb_build_object('id', e.id, 'marcos', jsonb_build_array(p_marco));
            v_donos := v_donos || v_dono;
        END IF;
        o_id := e.id;
        o_tentativa := 0;
        IF e.operacao IS NOT NULL THEN
            INSERT INTO tentativas (documento_id, empresa_id, versao, operacao, dono, concessao)
            VALUES (e.id, p_empresa, v_versao, e.operacao, v_dono, e.token) RETURNING id INTO o_tentativa;
        END IF;
        RETURN NEXT;
    END LOOP;
    IF cardinality(v_donos) > 0 THEN
        PERFORM chancela_narrar_todos(v_assinados, v_donos);
    END IF;
END;
$$;

-- Attempts that ended, [{id, resultado, c_stat, motivo, duracao_ms}]; what is still open besides them was abandoned.
CREATE OR REPLACE FUNCTION chancela_fechar_tentativas(p_documento text, p_tentativas jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_fechadas integer;
BEGIN
    WITH encerradas AS (
        UPDATE tentativas t SET encerrada_em = chancela_agora(), (resultado, c_stat, motivo, duracao_ms) = (
            SELECT coalesce(min(x.resultado), 'abandonada'), min(x.c_stat), coalesce(min(x.motivo), ''), min(x.duracao_ms)
            FROM jsonb_to_recordset(p_tentativas) AS x(id bigint, resultado text, c_stat integer, motivo text, duracao_ms integer)
            WHERE x.id = t.id)
        WHERE t.documento_id = p_documento AND t.encerrada_em IS NULL
        RETURNING t.resultado)
    SELECT count(*) INTO v_fechadas FROM encerradas WHERE resultado <> 'abandonada';
    ASSERT v_fechadas = jsonb_array_length(p_tentativas), 'an attempt ends once, and belongs to its document';
END;
$$;

-- Outcomes of leased documents, of one company, in one commit, sorted by id: state, protocol, attempts, archive and
-- timeline, and the lease is free. Bytes (protocol, archived XML) stand beside them. A lost lease undoes all (CH002).
--
-- Whose the lease was is read beside the row that gives it up, from before the change. It cannot be another's: every lease and
-- every release has a number of its own, and the row that is changed has the number that was given.
CREATE OR REPLACE FUNCTION chancela_encerrar(p_empresa bigint, p_relogio text, p_desfechos jsonb, p_protocolos bytea[],
    p_arquivos bytea[]) RETURNS TABLE (o_id text, o_tentativas integer, o_atualizado_em timestamptz) LANGUAGE plpgsql AS $$
DECLARE
    e record;
    v_versao integer;
    v_donos text[] := '{}';
    v_dono text;
    v_proxima_s float8;
BEGIN
    PERFORM chancela_entrar(p_empresa, p_relogio);
    FOR e IN
        SELECT x.*, p_protocolos[x.ordem] AS protocolo_xml, p_arquivos[x.ordem] AS arquivo
        FROM ROWS FROM (jsonb_to_recordset(p_desfechos) AS (id text, token bigint, estado text, c_stat integer, motivo text,
            recibo text, acao_s float8, adotada text, adotada_digest text, protocolo text, protocolo_c_stat integer,
            protocolo_motivo text, protocolo_em timestamptz, protocolo_digest text, protocolo_alerta text, caminho text,
            sha256 text, tentativas jsonb)) WITH ORDINALITY
            AS x(id, token, estado, c_stat, motivo, recibo, acao_s, adotada, adotada_digest, protocolo, protocolo_c_stat,
            protocolo_motivo, protocolo_em, protocolo_digest, protocolo_alerta, caminho, sha256, tentativas, ordem)
        ORDER BY x.ordem
    LOOP
        IF e.adotada IS NOT NULL THEN
            -- before its state: who is told of that is told the key too
            UPDATE documentos d SET versao = v.versao, chave = v.chave FROM versoes v
            WHERE d.id = e.id AND d.concessao = e.token AND v.documento_id = e.id AND v.chave = e.adotada
              AND v.digest_value = e.adotada_digest;
        END IF;
        UPDATE documentos d SET
            estado = e.estado, c_stat = e.c_stat, motivo = e.motivo, recibo = e.recibo,
            protocolo = coalesce(e.protocolo, d.protocolo),
            protocolo_c_stat = coalesce(e.protocolo_c_stat, d.protocolo_c_stat),
            protocolo_motivo = coalesce(e.protocolo_motivo, d.protocolo_motivo),
            protocolo_em = coalesce(e.protocolo_em, d.protocolo_em),
            protocolo_digest = coalesce(e.protocolo_digest, d.protocolo_digest),
            protocolo_alerta = coalesce(e.protocolo_alerta, d.protocolo_alerta),
            dono = NULL, concessao_ate = NULL, concessao = d.concessao + 1,
            proxima_acao = chancela_agora() + make_interval(secs => e.acao_s),
            atualizado_em = chancela_agora()
        FROM documentos antes
        WHERE d.id = e.id AND d.concessao = e.token AND d.dono IS NOT NULL AND antes.id = d.id
        RETURNING d.versao, d.tentativas, d.atualizado_em, antes.dono INTO v_versao, o_tentativas, o_atualizado_em, v_dono;
        IF NOT FOUND THEN
            RAISE EXCEPTION '%', e.id USING ERRCODE = 'CH002';
        END IF;
        PERFORM chancela_fechar_tentativas(e.id, e.tentativas);
        IF e.protocolo_xml IS NOT NULL THEN
            UPDATE versoes v SET protocolo_xml = e.protocolo_xml WHERE v.documento_id = e.id AND v.versao = v_versao;
        END IF;
        IF e.estado = 'REJEITADO' THEN
            UPDATE versoes v SET recusa_c_stat = e.c_stat, recusa_motivo = e.motivo, recusada_em = chancela_agora()
            WHERE v.documento_id = e.id AND v.versao = v_versao;
        END IF;
        IF e.arquivo IS NOT NULL THEN
            INSERT INTO artefatos (documento_id, tipo, empresa_id, caminho, sha256, tamanho, conteudo)
            VALUES (e.id, 'xml_autorizado', p_empresa, e.caminho, decode(e.sha256, 'hex'), octet_length(e.arquivo), e.arquivo)
            ON CONFLICT (documento_id, tipo, variante) DO UPDATE SET caminho = excluded.caminho,
                sha256 = excluded.sha256, tamanho = excluded.tamanho, conteudo = excluded.conteudo, copiado_em = NULL;
        END IF;
        v_donos := v_donos || v_dono;
        v_proxima_s := least(v_proxima_s, e.acao_s);
        o_id := e.id;
        RETURN NEXT;
    END LOOP;
    PERFORM chancela_narrar_todos(p_desfechos, v_donos);
    IF v_proxima_s IS NOT NULL THEN
        PERFORM chancela_acordar(p_empresa, 'emissao',
            CASE WHEN v_proxima_s > 0 THEN statement_timestamp() + make_interval(secs => v_proxima_s) END);
    END IF;
END;
$$;

-- Answers. ---------------------------------------------------------------------------------------------------------

-- One by one: joined with an array the plan is made again at every call, for as many rows as there happen to be.
CREATE OR REPLACE FUNCTION chancela_guardar_respostas(p_relogio text, p_chaves bytea[], p_respostas bytea[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM chancela_entrar_sistema(p_relogio);
    FOR n IN 1 .. cardinality(p_chaves) LOOP
        UPDATE respostas_idempotentes r SET resposta = p_respostas[n] WHERE r.chave = p_chaves[n];
    END LOOP;
END;
$$;

-- Sealed bytes do not get shorter.
ALTER TABLE respostas_idempotentes ALTER COLUMN resposta SET STORAGE EXTERNAL;

-- Rules of each row. -----------------------------------------------------------------------------------------------

-- The same words, as one constant: a list of them is read and put together anew by every statement.
ALTER TABLE documentos
    DROP CONSTRAINT documentos_ambiente_check, DROP CONSTRAINT documentos_estado_check, DROP CONSTRAINT documentos_acao,
    ADD CONSTRAINT documentos_ambiente_check CHECK (ambiente = ANY ('{1,2}'::smallint[])),
    ADD CONSTRAINT documentos_estado_check CHECK (estado = ANY (
        '{PENDENTE,ASSINADO,INCERTO,AUTORIZADO,REJEITADO,DENEGADO,DIVERGENTE,CANCELADO,INUTILIZADO}'::text[])),
    ADD CONSTRAINT documentos_acao CHECK ((proxima_acao IS NOT NULL) = (estado = ANY ('{PENDENTE,ASSINADO,INCERTO}'::text[])));
ALTER TABLE tentativas
    DROP CONSTRAINT tentativas_operacao_check, DROP CONSTRAINT tentativas_resultado_check,
    ADD CONSTRAINT tentativas_operacao_check CHECK (operacao = ANY ('{autorizacao,recibo,consulta}'::text[])),
    ADD CONSTRAINT tentativas_resultado_check CHECK (resultado = ANY ('{respondida,sem_resposta,recusada,abandonada}'::text[]));

-- A settled document is one without a next action (documentos_acao), which is quicker asked than the names of its states.
DROP TRIGGER documentos_notificar ON documentos;
CREATE TRIGGER documentos_notificar AFTER UPDATE OF estado ON documentos FOR EACH ROW
    WHEN (OLD.estado IS DISTINCT FROM NEW.estado AND (NEW.proxima_acao IS NULL
        OR (NEW.tp_emis <> 1 AND OLD.estado = 'PENDENTE' AND NEW.estado = 'ASSINADO')))
    EXECUTE FUNCTION chancela_notificar_documento();
DROP TRIGGER documentos_somar ON documentos;
CREATE TRIGGER documentos_somar AFTER UPDATE OF estado, valor_total, total_tributos, emitido_em ON documentos FOR EACH ROW
    WHEN ((OLD.proxima_acao IS NULL OR NEW.proxima_acao IS NULL)
        AND (OLD.estado, OLD.valor_total, OLD.total_tributos, OLD.emitido_em)
            IS DISTINCT FROM (NEW.estado, NEW.valor_total, NEW.total_tributos, NEW.emitido_em))
    EXECUTE FUNCTION chancela_somar_documento();
DROP TRIGGER documentos_somar_novo ON documentos;
CREATE TRIGGER documentos_somar_novo AFTER INSERT ON documentos FOR EACH ROW WHEN (NEW.proxima_acao IS NULL)
    EXECUTE FUNCTION chancela_somar_documento();
