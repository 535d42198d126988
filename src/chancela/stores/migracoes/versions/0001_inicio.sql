-- The first schema. Everything that belongs to a company carries empresa_id and is guarded by row-level security.
-- Public ids of documents are 24 hexadecimal characters that sort by time: monthly partitions, when a company's
-- millions ask for them, are ranges of that id (docs/adr/0006).

-- Roles: the login user takes one of them in every transaction. --------------------------------------------------

DO $$
DECLARE papel text;
BEGIN
    FOREACH papel IN ARRAY ARRAY['chancela_app', 'chancela_sistema'] LOOP
        IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = papel) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', papel);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL;  -- another database of this cluster was migrated at the same moment
            END;
        END IF;
        IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
            -- to be taken, not inherited: the owner of the tables sees no company by itself (before 16 it may)
            EXECUTE format('GRANT %I TO CURRENT_USER', papel)
                || CASE WHEN current_setting('server_version_num')::int >= 160000 THEN ' WITH INHERIT FALSE' ELSE '' END;
        END IF;
    END LOOP;
END;
$$;

-- Scope and clock of a transaction. ------------------------------------------------------------------------------

CREATE FUNCTION chancela_empresa() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('chancela.empresa', true), '')::bigint;

-- The database clock; a simulation may put its own in its place for one transaction.
CREATE FUNCTION chancela_agora() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(nullif(current_setting('chancela.relogio', true), '')::timestamptz, statement_timestamp());

-- Accounts. ------------------------------------------------------------------------------------------------------

CREATE TABLE integradores (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    nome text NOT NULL CHECK (nome <> ''),
    plano text NOT NULL DEFAULT 'ilimitado',
    exige_hmac boolean NOT NULL DEFAULT false,
    criado_em timestamptz NOT NULL DEFAULT chancela_agora()
);

CREATE TABLE empresas (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    integrador_id bigint NOT NULL REFERENCES integradores,
    cnpj text NOT NULL CHECK (cnpj ~ '^[A-Z0-9]{12}[0-9]{2}$'),
    razao_social text NOT NULL,
    nome_fantasia text NOT NULL DEFAULT '',
    inscricao_estadual text NOT NULL DEFAULT '',
    regime text NOT NULL,
    cep text NOT NULL,
    logradouro text NOT NULL,
    numero text NOT NULL,
    complemento text NOT NULL DEFAULT '',
    bairro text NOT NULL,
    municipio text NOT NULL,
    municipio_ibge text NOT NULL CHECK (municipio_ibge ~ '^[0-9]{7}$'),
    uf text NOT NULL CHECK (uf ~ '^[A-Z]{2}$'),
    unidade text NOT NULL DEFAULT '',
    email text NOT NULL DEFAULT '',
    telefone text NOT NULL DEFAULT '',
    serie_nfe integer NOT NULL CHECK (serie_nfe BETWEEN 0 AND 999),
    numero_nfe integer NOT NULL CHECK (numero_nfe BETWEEN 1 AND 999999999),
    serie_nfce integer CHECK (serie_nfce BETWEEN 0 AND 999),
    numero_nfce integer CHECK (numero_nfce BETWEEN 1 AND 999999999),
    csc_id text NOT NULL DEFAULT '',
    certificado_url text NOT NULL DEFAULT '',
    configuracao jsonb NOT NULL DEFAULT '{}',
    categorias_criadas integer NOT NULL DEFAULT 0,
    criada_em timestamptz NOT NULL DEFAULT chancela_agora(),
    atualizada_em timestamptz NOT NULL DEFAULT chancela_agora(),
    CONSTRAINT empresas_cnpj UNIQUE (integrador_id, cnpj)
);

-- A token is kept twice: sealed (the contract signs with its clear text) and as a hash to find it by.
CREATE TABLE tokens (
    hash bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
    integrador_id bigint NOT NULL REFERENCES integradores,
    empresa_id bigint REFERENCES empresas,
    envelope bytea NOT NULL,
    criado_em timestamptz NOT NULL DEFAULT chancela_agora(),
    revogado_em timestamptz
);
CREATE INDEX tokens_empresa ON tokens (empresa_id) WHERE empresa_id IS NOT NULL;

-- File and password of an A1 certificate in one envelope.
CREATE TABLE certificados (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    empresa_id bigint NOT NULL REFERENCES empresas,
    impressao text NOT NULL,
    inicio timestamptz NOT NULL,
    fim timestamptz NOT NULL,
    envelope bytea NOT NULL,
    atual boolean NOT NULL,
    criado_em timestamptz NOT NULL DEFAULT chancela_agora()
);
CREATE UNIQUE INDEX certificados_atual ON certificados (empresa_id) WHERE atual;

-- Other secrets of a company, by purpose: the CSC of the NFC-e.
CREATE TABLE segredos (
    empresa_id bigint NOT NULL REFERENCES empresas,
    finalidade text NOT NULL,
    envelope bytea NOT NULL,
    atualizado_em timestamptz NOT NULL DEFAULT chancela_agora(),
    PRIMARY KEY (empresa_id, finalidade)
);

CREATE TABLE categorias (
    empresa_id bigint NOT NULL REFERENCES empresas,
    codigo text NOT NULL CHECK (codigo <> ''),
    descricao text NOT NULL DEFAULT '',
    conteudo jsonb NOT NULL,
    criada_em timestamptz NOT NULL DEFAULT chancela_agora(),
    atualizada_em timestamptz NOT NULL DEFAULT chancela_agora(),
    PRIMARY KEY (empresa_id, codigo)
);

-- Numbering: per environment, CNPJ, model and series, whichever integrator registered the company. --------------

CREATE TABLE series (
    ambiente smallint NOT NULL CHECK (ambiente IN (1, 2)),
    cnpj text NOT NULL,
    modelo text NOT NULL,
    serie integer NOT NULL CHECK (serie BETWEEN 0 AND 999),
    ultimo_numero integer NOT NULL CHECK (ultimo_numero BETWEEN 0 AND 999999999),
    PRIMARY KEY (ambiente, cnpj, modelo, serie)
) WITH (fillfactor = 50);

CREATE TABLE numeros_devolvidos (
    ambiente smallint NOT NULL,
    cnpj text NOT NULL,
    modelo text NOT NULL,
    serie integer NOT NULL,
    numero integer NOT NULL,
    devolvido_em timestamptz NOT NULL DEFAULT chancela_agora(),
    PRIMARY KEY (ambiente, cnpj, modelo, serie, numero),
    FOREIGN KEY (ambiente, cnpj, modelo, serie) REFERENCES series
);

-- The next number, its series locked until the transaction ends; NULL when the series ran out. A number that came
-- back is given first, lowest first. Waiting for the lock comes before looking: each statement sees what is committed.
CREATE FUNCTION chancela_proximo_numero(p_ambiente smallint, p_cnpj text, p_modelo text, p_serie integer, p_inicial integer)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    v_ultimo integer;
    v_numero integer;
BEGIN
    INSERT INTO series AS s (ambiente, cnpj, modelo, serie, ultimo_numero)
    VALUES (p_ambiente, p_cnpj, p_modelo, p_serie, p_inicial - 1)
    ON CONFLICT (ambiente, cnpj, modelo, serie) DO UPDATE SET ultimo_numero = s.ultimo_numero
    RETURNING ultimo_numero INTO v_ultimo;

    DELETE FROM numeros_devolvidos d
    WHERE (d.ambiente, d.cnpj, d.modelo, d.serie) = (p_ambiente, p_cnpj, p_modelo, p_serie)
      AND d.numero = (
        SELECT min(n.numero) FROM numeros_devolvidos n
        WHERE (n.ambiente, n.cnpj, n.modelo, n.serie) = (p_ambiente, p_cnpj, p_modelo, p_serie))
    RETURNING d.numero INTO v_numero;
    IF v_numero IS NOT NULL THEN
        RETURN v_numero;
    END IF;

    IF v_ultimo >= 999999999 THEN
        RETURN NULL;
    END IF;
    UPDATE series s SET ultimo_numero = v_ultimo + 1
    WHERE (s.ambiente, s.cnpj, s.modelo, s.serie) = (p_ambiente, p_cnpj, p_modelo, p_serie);
    RETURN v_ultimo + 1;
END;
$$;

-- Documents. -----------------------------------------------------------------------------------------------------

-- The narrow row that lists, leases and states work on; the bytes are in versoes.
CREATE TABLE documentos (
    id text PRIMARY KEY CHECK (id ~ '^[0-9a-f]{24}$'),
    empresa_id bigint NOT NULL REFERENCES empresas,
    modelo text NOT NULL,
    ambiente smallint NOT NULL CHECK (ambiente IN (1, 2)),
    cnpj text NOT NULL,
    uf text NOT NULL,
    serie integer NOT NULL,
    numero integer NOT NULL CHECK (numero BETWEEN 1 AND 999999999),
    tp_emis smallint NOT NULL,
    chave text NOT NULL,
    referencia text,
    estado text NOT NULL CHECK (estado IN (
        'PENDENTE', 'ASSINADO', 'INCERTO', 'AUTORIZADO', 'REJEITADO', 'DENEGADO', 'DIVERGENTE', 'CANCELADO',
        'INUTILIZADO')),
    versao integer NOT NULL DEFAULT 1,
    emitido_em timestamptz NOT NULL,
    criado_em timestamptz NOT NULL DEFAULT chancela_agora(),
    atualizado_em timestamptz NOT NULL DEFAULT chancela_agora(),
    valor_total numeric(15, 2) NOT NULL,
    natureza_operacao text NOT NULL,
    destinatario_nome text NOT NULL,
    destinatario_documento text NOT NULL,
    quantidade_itens integer NOT NULL,
    avisos jsonb NOT NULL DEFAULT '[]',
    c_stat integer,
    motivo text NOT NULL DEFAULT '',
    recibo text,
    tentativas integer NOT NULL DEFAULT 0,
    protocolo text,
    protocolo_c_stat integer,
    protocolo_motivo text,
    protocolo_em timestamptz,
    protocolo_digest text,
    protocolo_alerta text,
    -- the lease: whose it is, until when, and the token that fences off every earlier owner
    dono text,
    concessao_ate timestamptz,
    concessao bigint NOT NULL DEFAULT 0,
    -- when a worker has to look; NULL exactly when the document is settled
    proxima_acao timestamptz,
    CONSTRAINT documentos_numero UNIQUE (ambiente, cnpj, modelo, serie, numero),
    CONSTRAINT documentos_chave UNIQUE (chave, ambiente),
    CONSTRAINT documentos_acao CHECK ((proxima_acao IS NOT NULL) = (estado IN ('PENDENTE', 'ASSINADO', 'INCERTO'))),
    CONSTRAINT documentos_dono CHECK ((dono IS NULL) = (concessao_ate IS NULL))
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX documentos_referencia ON documentos (empresa_id, ambiente, modelo, referencia)
    WHERE referencia IS NOT NULL;
CREATE INDEX documentos_lista ON documentos (empresa_id, id);
CREATE INDEX documentos_devidos ON documentos (empresa_id, proxima_acao) WHERE proxima_acao IS NOT NULL;
CREATE INDEX documentos_donos ON documentos (dono) WHERE dono IS NOT NULL;

-- Every content that ever carried this document's number, signed or not: what SEFAZ may turn out to hold.
CREATE TABLE versoes (
    documento_id text NOT NULL REFERENCES documentos ON DELETE CASCADE,
    versao integer NOT NULL,
    empresa_id bigint NOT NULL,
    chave text NOT NULL,
    pedido bytea NOT NULL,
    xml_sem_assinatura bytea NOT NULL,
    suplemento bytea,
    xml_assinado bytea,
    digest_value text,
    protocolo_xml bytea,
    criada_em timestamptz NOT NULL DEFAULT chancela_agora(),
    assinada_em timestamptz,
    PRIMARY KEY (documento_id, versao),
    CHECK ((xml_assinado IS NULL) = (digest_value IS NULL))
);

-- One row per request to SEFAZ, committed before the socket opens.
CREATE TABLE tentativas (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    documento_id text NOT NULL REFERENCES documentos ON DELETE CASCADE,
    empresa_id bigint NOT NULL,
    versao integer NOT NULL,
    operacao text NOT NULL CHECK (operacao IN ('autorizacao', 'recibo', 'consulta')),
    dono text NOT NULL,
    concessao bigint NOT NULL,
    iniciada_em timestamptz NOT NULL DEFAULT chancela_agora(),
    encerrada_em timestamptz,
    resultado text CHECK (resultado IN ('respondida', 'sem_resposta', 'recusada', 'abandonada')),
    c_stat integer,
    motivo text NOT NULL DEFAULT '',
    duracao_ms integer,
    CHECK ((encerrada_em IS NULL) = (resultado IS NULL))
);
CREATE INDEX tentativas_documento ON tentativas (documento_id);

-- Timeline: append-only, chained by hash per company. -------------------------------------------------------------

CREATE TABLE cadeias_eventos (
    empresa_id bigint PRIMARY KEY REFERENCES empresas,
    sequencia bigint NOT NULL,
    hash bytea NOT NULL
) WITH (fillfactor = 50);

-- No foreign key to documentos: the story of a document that was taken back stays.
CREATE TABLE eventos_documento (
    empresa_id bigint NOT NULL REFERENCES empresas,
    sequencia bigint NOT NULL,
    documento_id text NOT NULL,
    tipo text NOT NULL,
    descricao text NOT NULL,
    fatos jsonb NOT NULL DEFAULT '{}',
    duracao_ms integer,
    ator text NOT NULL,
    em timestamptz NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (empresa_id, sequencia)
);
CREATE INDEX eventos_documento_linha ON eventos_documento (documento_id, sequencia);

-- Bytes of a text with its length before it, so that no two lists of fields read alike.
CREATE FUNCTION chancela_campo(p_texto text) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN convert_to(octet_length(convert_to(coalesce(p_texto, ''), 'UTF8')) || ':' || coalesce(p_texto, ''), 'UTF8');

-- hash = sha256(hash before || empresa || sequencia || documento || tipo || descricao || fatos || duracao || ator || em)
CREATE FUNCTION chancela_hash_evento(p_anterior bytea, e eventos_documento) RETURNS bytea LANGUAGE sql STABLE
    RETURN sha256(p_anterior
        || chancela_campo(e.empresa_id::text) || chancela_campo(e.sequencia::text) || chancela_campo(e.documento_id)
        || chancela_campo(e.tipo) || chancela_campo(e.descricao) || chancela_campo(e.fatos::text)
        || chancela_campo(e.duracao_ms::text) || chancela_campo(e.ator)
        || chancela_campo(to_char(e.em AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')));

-- Links a new row to the head of its company's chain. The head stays locked until the transaction ends, so that the
-- order of the chain is the order of the commits. Runs as the owner: the application may only add rows.
CREATE FUNCTION chancela_encadear() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_hash bytea;
BEGIN
    IF NEW.empresa_id IS DISTINCT FROM chancela_empresa() THEN
        RAISE EXCEPTION 'a timeline row needs the scope of its company' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO cadeias_eventos AS c (empresa_id, sequencia, hash) VALUES (NEW.empresa_id, 1, '')
    ON CONFLICT (empresa_id) DO UPDATE SET sequencia = c.sequencia + 1
    RETURNING c.sequencia, c.hash INTO NEW.sequencia, v_hash;
    NEW.em := chancela_agora();
    NEW.hash := chancela_hash_evento(v_hash, NEW);
    UPDATE cadeias_eventos SET hash = NEW.hash WHERE empresa_id = NEW.empresa_id;
    RETURN NEW;
END;
$$;
CREATE TRIGGER eventos_documento_encadear BEFORE INSERT ON eventos_documento
    FOR EACH ROW EXECUTE FUNCTION chancela_encadear();

-- Artefacts: the XML's bytes stay here, its object is a copy; a PDF has only its object. ---------------------------

CREATE TABLE artefatos (
    documento_id text NOT NULL,
    tipo text NOT NULL,
    variante text NOT NULL DEFAULT '',
    empresa_id bigint NOT NULL REFERENCES empresas,
    caminho text NOT NULL,
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
    tamanho bigint NOT NULL,
    conteudo bytea,
    criado_em timestamptz NOT NULL DEFAULT chancela_agora(),
    copiado_em timestamptz,
    PRIMARY KEY (documento_id, tipo, variante)
);
CREATE INDEX artefatos_a_copiar ON artefatos (criado_em) WHERE copiado_em IS NULL;

-- Answers kept for the window in which the same signed call may come again. ----------------------------------------

CREATE TABLE respostas_idempotentes (
    chave bytea PRIMARY KEY,
    resposta bytea,
    reservada_em timestamptz NOT NULL DEFAULT chancela_agora()
);
CREATE INDEX respostas_idempotentes_idade ON respostas_idempotentes (reservada_em);

-- Wake-ups. -------------------------------------------------------------------------------------------------------

-- Promise that company p_empresa is drained at p_quando (NULL: as soon as this transaction commits).
--
-- There is at most one waiting job per company, service and kind (immediate, future), found by its queueing_lock.
-- Joining a waiting job is only safe if it cannot run before we commit: a worker that fetched it now would not see our
-- rows, and nobody would come again. So the job's row is locked FOR KEY SHARE: the worker's fetch asks FOR UPDATE SKIP
-- LOCKED, passes it by, and comes back on the notification that leaves with our commit. If a fetch was there first,
-- our lock waits for it, the row is no longer 'todo', and a new job is inserted.
--
-- A future job runs at the earliest time that was ever asked and the drain asks for the next one itself, so one is
-- enough. It holds no lock: the queue would let no immediate job of the same lock pass a waiting one.
-- Last statement of its transaction; immediate before future: waiting here never closes a circle.
CREATE FUNCTION chancela_acordar(p_empresa bigint, p_servico text, p_quando timestamptz DEFAULT NULL)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_futuro boolean := p_quando IS NOT NULL AND p_quando > statement_timestamp();
    v_nome text := p_servico || ':' || p_empresa;
    v_espera text := v_nome || CASE WHEN v_futuro THEN ':futuro' ELSE '' END;
    v_job procrastinate_jobs.id%TYPE;
    v_agendado timestamptz;
BEGIN
    LOOP
        SELECT j.id, j.scheduled_at INTO v_job, v_agendado FROM procrastinate_jobs j
        WHERE j.queueing_lock = v_espera AND j.status = 'todo' FOR KEY SHARE;
        IF FOUND THEN
            IF v_futuro THEN
                IF v_agendado > p_quando THEN
                    UPDATE procrastinate_jobs j SET scheduled_at = p_quando
                    WHERE j.id = v_job AND j.status = 'todo' AND j.scheduled_at > p_quando;
                END IF;
            ELSE
                PERFORM pg_notify('procrastinate_queue_v1#' || p_servico,
                                  json_build_object('type', 'job_inserted', 'job_id', v_job)::text);
            END IF;
            RETURN;
        END IF;
        INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at)
        VALUES (p_servico, 'chancela.drenar', CASE WHEN v_futuro THEN -1 ELSE 0 END,
                CASE WHEN v_futuro THEN NULL ELSE v_nome END, v_espera,
                jsonb_build_object('empresa_id', p_empresa, 'servico', p_servico),
                CASE WHEN v_futuro THEN p_quando END)
        ON CONFLICT (queueing_lock) WHERE status = 'todo' DO NOTHING;
        IF FOUND THEN
            RETURN;
        END IF;
    END LOOP;
END;
$$;

-- Row-level security. ---------------------------------------------------------------------------------------------

DO $$
DECLARE tabela text;
BEGIN
    FOREACH tabela IN ARRAY ARRAY[
        'tokens', 'certificados', 'segredos', 'categorias', 'documentos', 'versoes', 'tentativas', 'cadeias_eventos',
        'eventos_documento', 'artefatos'] LOOP
        EXECUTE format('CREATE POLICY empresa ON %I USING (empresa_id = chancela_empresa())', tabela);
    END LOOP;
    CREATE POLICY empresa ON empresas USING (id = chancela_empresa());
    CREATE POLICY empresa ON integradores USING (
        id = (SELECT e.integrador_id FROM empresas e WHERE e.id = chancela_empresa()));
    FOREACH tabela IN ARRAY ARRAY['series', 'numeros_devolvidos'] LOOP
        EXECUTE format('CREATE POLICY empresa ON %I USING (
            cnpj = (SELECT e.cnpj FROM empresas e WHERE e.id = chancela_empresa()))', tabela);
    END LOOP;
    FOREACH tabela IN ARRAY ARRAY[
        'integradores', 'empresas', 'tokens', 'certificados', 'segredos', 'categorias', 'series', 'numeros_devolvidos',
        'documentos', 'versoes', 'tentativas', 'cadeias_eventos', 'eventos_documento', 'artefatos',
        'respostas_idempotentes'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tabela);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tabela);
        EXECUTE format('CREATE POLICY sistema ON %I TO chancela_sistema USING (true)', tabela);
    END LOOP;
END;
$$;

-- Grants: what each role may do at all. ---------------------------------------------------------------------------

REVOKE ALL ON FUNCTION chancela_acordar(bigint, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION chancela_acordar(bigint, text, timestamptz) TO chancela_app, chancela_sistema;

GRANT USAGE ON SCHEMA public TO chancela_app, chancela_sistema;
GRANT SELECT ON integradores, empresas, tokens, cadeias_eventos TO chancela_app;
GRANT UPDATE ON empresas TO chancela_app;
GRANT SELECT, INSERT, UPDATE ON certificados, segredos, series, versoes, tentativas TO chancela_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON categorias, documentos, artefatos TO chancela_app;
GRANT SELECT, INSERT, DELETE ON numeros_devolvidos TO chancela_app;
GRANT SELECT, INSERT ON eventos_documento TO chancela_app;

GRANT SELECT, INSERT, UPDATE ON integradores, empresas, tokens, certificados, segredos TO chancela_sistema;
GRANT SELECT ON series, versoes, tentativas, cadeias_eventos, eventos_documento TO chancela_sistema;
GRANT SELECT, INSERT ON categorias TO chancela_sistema;
GRANT SELECT, UPDATE ON documentos, artefatos TO chancela_sistema;
GRANT SELECT, INSERT, UPDATE, DELETE ON respostas_idempotentes TO chancela_sistema;
GRANT SELECT, INSERT, UPDATE, DELETE ON procrastinate_jobs, procrastinate_events, procrastinate_workers,
    procrastinate_periodic_defers TO chancela_sistema;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO chancela_sistema;
