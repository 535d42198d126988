-- What is asked of SEFAZ about documents that exist (events) and numbers that never will (inutilização).

-- One signed request. Its bytes are stored when the row is made and never change; `estado` tells what became of them.
CREATE TABLE solicitacoes (
    id text PRIMARY KEY CHECK (id ~ '^[0-9a-f]{24}$'),
    empresa_id bigint NOT NULL REFERENCES empresas,
    tipo text NOT NULL CHECK (tipo ~ '^[0-9]{6}$' OR tipo = 'inutilizacao'),
    ambiente smallint NOT NULL CHECK (ambiente IN (1, 2)),
    cnpj text NOT NULL,
    uf text NOT NULL,
    modelo text NOT NULL,
    -- of an event
    documento_id text REFERENCES documentos,
    chave text,
    sequencia integer CHECK (sequencia BETWEEN 1 AND 99),
    -- of a range
    serie integer,
    inicio integer,
    fim integer,
    texto text NOT NULL,
    estado text NOT NULL CHECK (estado IN ('ASSINADA', 'INCERTA', 'REGISTRADA', 'REJEITADA')),
    xml_assinado bytea NOT NULL,
    digest_value text NOT NULL,
    c_stat integer,
    motivo text NOT NULL DEFAULT '',
    protocolo text,
    registrado_em timestamptz,
    -- highest nSeqEvento of this kind that SEFAZ was seen to hold by somebody else's hand
    sequencia_vista integer NOT NULL DEFAULT 0,
    tentativas integer NOT NULL DEFAULT 0,
    dono text,
    concessao_ate timestamptz,
    concessao bigint NOT NULL DEFAULT 0,
    proxima_acao timestamptz,
    criada_em timestamptz NOT NULL DEFAULT chancela_agora(),
    atualizada_em timestamptz NOT NULL DEFAULT chancela_agora(),
    CONSTRAINT solicitacoes_alvo CHECK (
        CASE WHEN tipo = 'inutilizacao'
        THEN documento_id IS NULL AND serie IS NOT NULL AND inicio IS NOT NULL AND fim >= inicio
        ELSE documento_id IS NOT NULL AND chave IS NOT NULL AND sequencia IS NOT NULL END),
    CONSTRAINT solicitacoes_acao CHECK ((proxima_acao IS NOT NULL) = (estado IN ('ASSINADA', 'INCERTA'))),
    CONSTRAINT solicitacoes_dono CHECK ((dono IS NULL) = (concessao_ate IS NULL))
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX solicitacoes_em_andamento ON solicitacoes (documento_id, tipo)
    WHERE documento_id IS NOT NULL AND estado IN ('ASSINADA', 'INCERTA');
CREATE UNIQUE INDEX solicitacoes_sequencia ON solicitacoes (documento_id, tipo, sequencia)
    WHERE documento_id IS NOT NULL AND estado <> 'REJEITADA';
CREATE INDEX solicitacoes_lista ON solicitacoes (empresa_id, id);
CREATE INDEX solicitacoes_devidas ON solicitacoes (empresa_id, proxima_acao) WHERE proxima_acao IS NOT NULL;
CREATE INDEX solicitacoes_donos ON solicitacoes (dono) WHERE dono IS NOT NULL;

-- One row per request to SEFAZ, committed before the socket opens.
CREATE TABLE tentativas_solicitacao (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    solicitacao_id text NOT NULL REFERENCES solicitacoes,
    empresa_id bigint NOT NULL,
    operacao text NOT NULL CHECK (operacao IN ('envio', 'consulta')),
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
CREATE INDEX tentativas_solicitacao_pedido ON tentativas_solicitacao (solicitacao_id);

-- Ranges that are declared, or about to be, as never used: no number of them is given any more.
CREATE TABLE numeros_inutilizados (
    ambiente smallint NOT NULL,
    cnpj text NOT NULL,
    modelo text NOT NULL,
    serie integer NOT NULL,
    inicio integer NOT NULL,
    fim integer NOT NULL CHECK (fim >= inicio),
    solicitacao_id text NOT NULL REFERENCES solicitacoes,
    homologada boolean NOT NULL DEFAULT false,
    -- the last number given when the range was reserved: what is skipped later comes back if SEFAZ refuses
    ultimo_na_reserva integer NOT NULL,
    PRIMARY KEY (ambiente, cnpj, modelo, serie, inicio)
);

-- As before, but stepping over inutilised ranges.
CREATE OR REPLACE FUNCTION chancela_proximo_numero(
    p_ambiente smallint, p_cnpj text, p_modelo text, p_serie integer, p_inicial integer)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    v_ultimo integer;
    v_numero integer;
    v_fim integer;
BEGIN
    INSERT INTO series AS s (ambiente, cnpj, modelo, serie, ultimo_numero)
    VALUES (p_ambiente, p_cnpj, p_modelo, p_serie, p_inicial - 1)
    ON CONFLICT (ambiente, cnpj, modelo, serie) DO UPDATE SET ultimo_numero = s.ultimo_numero
    RETURNING ultimo_numero INTO v_ultimo;

    DELETE FROM numeros_devolvidos d
    WHERE (d.ambiente, d.cnpj, d.modelo, d.serie) = (p_ambiente, p_cnpj, p_modelo, p_serie)
      AND d.numero = (
        SELECT min(n.numero) FROM numeros_devolvidos n
        WHERE (n.ambiente, n.cnpj, n.modelo, n.serie) = (p_ambiente, p_cnpj, p_modelo, p_serie)
          AND NOT EXISTS (
            SELECT 1 FROM numeros_inutilizados i
            WHERE (i.ambiente, i.cnpj, i.modelo, i.serie) = (p_ambiente, p_cnpj, p_modelo, p_serie)
              AND n.numero BETWEEN i.inicio AND i.fim))
    RETURNING d.numero INTO v_numero;
    IF v_numero IS NOT NULL THEN
        RETURN v_numero;
    END IF;

    v_numero := v_ultimo + 1;
    LOOP
        SELECT max(i.fim) INTO v_fim FROM numeros_inutilizados i
        WHERE (i.ambiente, i.cnpj, i.modelo, i.serie) = (p_ambiente, p_cnpj, p_modelo, p_serie)
          AND v_numero BETWEEN i.inicio AND i.fim;
        EXIT WHEN v_fim IS NULL;
        v_numero := v_fim + 1;
    END LOOP;
    IF v_numero > 999999999 THEN
        RETURN NULL;
    END IF;
    UPDATE series s SET ultimo_numero = v_numero
    WHERE (s.ambiente, s.cnpj, s.modelo, s.serie) = (p_ambiente, p_cnpj, p_modelo, p_serie);
    RETURN v_numero;
END;
$$;

DO $$
DECLARE tabela text;
BEGIN
    FOREACH tabela IN ARRAY ARRAY['solicitacoes', 'tentativas_solicitacao'] LOOP
        EXECUTE format('CREATE POLICY empresa ON %I USING (empresa_id = chancela_empresa())', tabela);
    END LOOP;
    CREATE POLICY empresa ON numeros_inutilizados USING (
        cnpj = (SELECT e.cnpj FROM empresas e WHERE e.id = chancela_empresa()));
    FOREACH tabela IN ARRAY ARRAY['solicitacoes', 'tentativas_solicitacao', 'numeros_inutilizados'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tabela);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tabela);
        EXECUTE format('CREATE POLICY sistema ON %I TO chancela_sistema USING (true)', tabela);
    END LOOP;
END;
$$;

GRANT SELECT, INSERT, UPDATE ON solicitacoes, tentativas_solicitacao TO chancela_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON numeros_inutilizados TO chancela_app;
GRANT SELECT, UPDATE ON solicitacoes TO chancela_sistema;
GRANT SELECT ON tentativas_solicitacao, numeros_inutilizados TO chancela_sistema;
