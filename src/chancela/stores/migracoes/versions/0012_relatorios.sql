-- What reports read: sums by day, so that a year of a million notes is a few thousand rows.

ALTER TABLE documentos ADD COLUMN total_tributos numeric(15, 2) NOT NULL DEFAULT 0;

-- Fiscal days are those of Brasília.
CREATE FUNCTION chancela_dia(p_instante timestamptz) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (p_instante AT TIME ZONE 'America/Sao_Paulo')::date;

CREATE INDEX documentos_relatorio ON documentos (empresa_id, ambiente, emitido_em, id)
    WHERE estado IN ('AUTORIZADO', 'CANCELADO', 'DENEGADO', 'INUTILIZADO');

-- Many rows per day and state, each a difference; their sum is the truth, `compact` only makes it shorter. A counter
-- that is updated in place would make every authorisation of a company wait for the one before it.
CREATE TABLE totais_diarios (
    empresa_id bigint NOT NULL REFERENCES empresas,
    dia date NOT NULL,
    ambiente smallint NOT NULL,
    modelo text NOT NULL,
    estado text NOT NULL,
    quantidade bigint NOT NULL,
    valor numeric NOT NULL,
    tributos numeric NOT NULL
);
CREATE INDEX totais_diarios_dia ON totais_diarios (empresa_id, ambiente, dia)
    INCLUDE (modelo, estado, quantidade, valor, tributos);

CREATE FUNCTION chancela_somar(d documentos, p_sinal integer) RETURNS void LANGUAGE sql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO totais_diarios (empresa_id, dia, ambiente, modelo, estado, quantidade, valor, tributos)
    SELECT d.empresa_id, chancela_dia(d.emitido_em), d.ambiente, d.modelo, d.estado, p_sinal, p_sinal * d.valor_total,
        p_sinal * d.total_tributos
    WHERE d.estado IN ('AUTORIZADO', 'CANCELADO', 'DENEGADO', 'INUTILIZADO');
$$;
CREATE FUNCTION chancela_somar_documento() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP IN ('UPDATE', 'DELETE') THEN
        PERFORM chancela_somar(OLD, -1);
    END IF;
    IF TG_OP IN ('UPDATE', 'INSERT') THEN
        PERFORM chancela_somar(NEW, 1);
    END IF;
    RETURN NULL;
END;
$$;
CREATE TRIGGER documentos_somar AFTER UPDATE OF estado, valor_total, total_tributos, emitido_em ON documentos FOR EACH ROW
    WHEN ((OLD.estado, OLD.valor_total, OLD.total_tributos, OLD.emitido_em)
        IS DISTINCT FROM (NEW.estado, NEW.valor_total, NEW.total_tributos, NEW.emitido_em)
        AND (OLD.estado IN ('AUTORIZADO', 'CANCELADO', 'DENEGADO', 'INUTILIZADO')
            OR NEW.estado IN ('AUTORIZADO', 'CANCELADO', 'DENEGADO', 'INUTILIZADO')))
    EXECUTE FUNCTION chancela_somar_documento();
CREATE TRIGGER documentos_somar_vida AFTER INSERT OR DELETE ON documentos FOR EACH ROW
    EXECUTE FUNCTION chancela_somar_documento();

INSERT INTO totais_diarios
SELECT empresa_id, chancela_dia(emitido_em), ambiente, modelo, estado, count(*), sum(valor_total), sum(total_tributos)
FROM documentos WHERE estado IN ('AUTORIZADO', 'CANCELADO', 'DENEGADO', 'INUTILIZADO') GROUP BY 1, 2, 3, 4, 5;

-- Files that are made in the background. The same parameters find the same export until it expires.
CREATE TABLE exportacoes (
    id text PRIMARY KEY CHECK (id ~ '^[0-9a-f]{24}$'),
    empresa_id bigint NOT NULL REFERENCES empresas,
    tipo text NOT NULL,
    parametros jsonb NOT NULL,
    impressao bytea NOT NULL CHECK (octet_length(impressao) = 32),
    estado text NOT NULL DEFAULT 'PENDENTE' CHECK (estado IN ('PENDENTE', 'CONCLUIDA', 'FALHOU', 'EXPIRADA')),
    feitos bigint NOT NULL DEFAULT 0,
    total bigint NOT NULL DEFAULT 0,
    tentativas integer NOT NULL DEFAULT 0,
    motivo text NOT NULL DEFAULT '',
    -- while somebody is at it: when to believe that he died
    proxima_em timestamptz DEFAULT chancela_agora(),
    caminho text,
    tamanho bigint,
    criada_em timestamptz NOT NULL DEFAULT chancela_agora(),
    concluida_em timestamptz,
    expira_em timestamptz,
    CHECK ((proxima_em IS NOT NULL) = (estado = 'PENDENTE')),
    CHECK (estado <> 'CONCLUIDA' OR caminho IS NOT NULL)
);
CREATE UNIQUE INDEX exportacoes_impressao ON exportacoes (empresa_id, impressao) WHERE estado IN ('PENDENTE', 'CONCLUIDA');
CREATE INDEX exportacoes_devidas ON exportacoes (proxima_em) WHERE proxima_em IS NOT NULL;
CREATE INDEX exportacoes_vencidas ON exportacoes (expira_em) WHERE caminho IS NOT NULL;
CREATE INDEX exportacoes_lista ON exportacoes (empresa_id, tipo, criada_em);

-- Accountants: registered by the operator, linked to companies.
CREATE TABLE contadores (
    id text PRIMARY KEY CHECK (id ~ '^[0-9a-f]{24}$'),
    email text NOT NULL CHECK (email <> ''),
    dados jsonb NOT NULL,
    criado_em timestamptz NOT NULL DEFAULT chancela_agora()
);
CREATE TABLE contadores_empresas (
    contador_id text NOT NULL REFERENCES contadores ON DELETE CASCADE,
    empresa_id bigint NOT NULL REFERENCES empresas,
    PRIMARY KEY (empresa_id, contador_id)
);

-- A ticket is kept as its hash, and gone when it is used.
CREATE TABLE bilhetes_sso (
    hash bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
    empresa_id bigint NOT NULL REFERENCES empresas,
    idioma text NOT NULL,
    pagina text NOT NULL,
    expira_em timestamptz NOT NULL
);
CREATE INDEX bilhetes_sso_vencidos ON bilhetes_sso (expira_em);

-- Calls per minute. What a crash forgets does no harm.
CREATE UNLOGGED TABLE chamadas_por_minuto (
    chave bytea NOT NULL,
    minuto timestamptz NOT NULL,
    quantas integer NOT NULL,
    PRIMARY KEY (chave, minuto)
);

DO $$
DECLARE tabela text;
BEGIN
    FOREACH tabela IN ARRAY ARRAY['totais_diarios', 'exportacoes', 'contadores_empresas', 'bilhetes_sso'] LOOP
        EXECUTE format('CREATE POLICY empresa ON %I USING (empresa_id = chancela_empresa())', tabela);
    END LOOP;
    CREATE POLICY empresa ON contadores USING (
        id IN (SELECT v.contador_id FROM contadores_empresas v WHERE v.empresa_id = chancela_empresa()));
    FOREACH tabela IN ARRAY ARRAY['totais_diarios', 'exportacoes', 'contadores', 'contadores_empresas', 'bilhetes_sso', 'chamadas_por_minuto'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tabela);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tabela);
        EXECUTE format('CREATE POLICY sistema ON %I TO chancela_sistema USING (true)', tabela);
    END LOOP;
END;
$$;

GRANT SELECT ON totais_diarios, contadores, contadores_empresas TO chancela_app;
GRANT SELECT, INSERT, UPDATE ON exportacoes TO chancela_app;
GRANT SELECT, INSERT ON bilhetes_sso TO chancela_app;
GRANT SELECT, INSERT, DELETE ON totais_diarios TO chancela_sistema;
GRANT SELECT, UPDATE, DELETE ON exportacoes TO chancela_sistema;
GRANT SELECT, INSERT, UPDATE, DELETE ON contadores, contadores_empresas, bilhetes_sso, chamadas_por_minuto TO chancela_sistema;
