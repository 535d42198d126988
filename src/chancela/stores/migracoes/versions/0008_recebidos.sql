-- Documents that SEFAZ distributes to a CNPJ (NFeDistribuicaoDFe), and events about documents that are not ours.

-- Where the queue of a CNPJ stands. It is the CNPJ's, whichever integrator registered the company.
CREATE TABLE distribuicoes (
    ambiente smallint NOT NULL CHECK (ambiente IN (1, 2)),
    cnpj text NOT NULL CHECK (cnpj ~ '^[A-Z0-9]{12}[0-9]{2}$'),
    uf text NOT NULL,
    ult_nsu bigint NOT NULL DEFAULT 0 CHECK (ult_nsu >= 0),
    max_nsu bigint NOT NULL DEFAULT 0 CHECK (max_nsu >= ult_nsu),
    c_stat integer,
    motivo text NOT NULL DEFAULT '',
    proxima_consulta timestamptz NOT NULL DEFAULT chancela_agora(),
    sincronizada_em timestamptz,
    perdidos bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (ambiente, cnpj)
) WITH (fillfactor = 50);

-- Who asks for a CNPJ root now, and when its questions about single documents were made.
CREATE TABLE donos_distribuicao (
    ambiente smallint NOT NULL,
    raiz text NOT NULL CHECK (length(raiz) = 8),
    dono text,
    concessao_ate timestamptz,
    concessao bigint NOT NULL DEFAULT 0,
    avulsas timestamptz[] NOT NULL DEFAULT '{}',
    PRIMARY KEY (ambiente, raiz),
    CHECK ((dono IS NULL) = (concessao_ate IS NULL))
) WITH (fillfactor = 50);

-- NSUs that exist and did not come.
CREATE TABLE buracos_distribuicao (
    ambiente smallint NOT NULL,
    cnpj text NOT NULL,
    nsu bigint NOT NULL,
    PRIMARY KEY (ambiente, cnpj, nsu)
);

-- One distributed document, as it came (gzip), with what a list shows of it.
CREATE TABLE recebidos (
    id text PRIMARY KEY CHECK (id ~ '^[0-9a-f]{24}$'),
    ambiente smallint NOT NULL CHECK (ambiente IN (1, 2)),
    cnpj text NOT NULL,
    nsu bigint NOT NULL CHECK (nsu >= 0),
    tipo text NOT NULL CHECK (tipo IN ('resNFe', 'procNFe', 'resEvento', 'procEvento', 'outro')),
    esquema text NOT NULL,
    chave text NOT NULL DEFAULT '',
    emitente text NOT NULL DEFAULT '',
    emitente_nome text NOT NULL DEFAULT '',
    valor numeric(15, 2),
    emissao timestamptz,
    serie integer,
    numero integer,
    tipo_operacao smallint,
    situacao smallint,
    tp_evento text NOT NULL DEFAULT '',
    descricao_evento text NOT NULL DEFAULT '',
    sequencia integer,
    evento_em timestamptz,
    protocolo text NOT NULL DEFAULT '',
    compactado bytea NOT NULL,
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
    capturado_em timestamptz NOT NULL DEFAULT chancela_agora(),
    -- of a summary: when its whole note may be asked for by key; 'infinity' when never again
    proxima_busca timestamptz
);
ALTER TABLE recebidos ALTER COLUMN compactado SET STORAGE EXTERNAL;
CREATE UNIQUE INDEX recebidos_nsu ON recebidos (ambiente, cnpj, nsu) WHERE nsu > 0;
CREATE UNIQUE INDEX recebidos_sem_nsu ON recebidos (ambiente, cnpj, sha256) WHERE nsu = 0;
CREATE INDEX recebidos_lista ON recebidos (cnpj, capturado_em DESC, id DESC);
CREATE INDEX recebidos_chave ON recebidos (cnpj, chave, tipo);
CREATE INDEX recebidos_resumos ON recebidos (ambiente, cnpj, capturado_em) WHERE tipo = 'resNFe';

DO $$
DECLARE tabela text;
BEGIN
    FOREACH tabela IN ARRAY ARRAY['distribuicoes', 'buracos_distribuicao', 'recebidos'] LOOP
        EXECUTE format('CREATE POLICY empresa ON %I USING (
            cnpj = (SELECT e.cnpj FROM empresas e WHERE e.id = chancela_empresa()))', tabela);
    END LOOP;
    CREATE POLICY empresa ON donos_distribuicao USING (
        raiz = (SELECT left(e.cnpj, 8) FROM empresas e WHERE e.id = chancela_empresa()));
    FOREACH tabela IN ARRAY ARRAY['distribuicoes', 'buracos_distribuicao', 'recebidos', 'donos_distribuicao'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tabela);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tabela);
        EXECUTE format('CREATE POLICY sistema ON %I TO chancela_sistema USING (true)', tabela);
    END LOOP;
END;
$$;
GRANT SELECT, INSERT, UPDATE ON distribuicoes, donos_distribuicao, recebidos TO chancela_app;
GRANT SELECT, INSERT, DELETE ON buracos_distribuicao TO chancela_app;
GRANT SELECT ON distribuicoes, buracos_distribuicao, recebidos TO chancela_sistema;
GRANT SELECT, UPDATE ON donos_distribuicao TO chancela_sistema;

-- An event is about a key; the document behind it may be somebody else's.
ALTER TABLE solicitacoes DROP CONSTRAINT solicitacoes_alvo;
ALTER TABLE solicitacoes ADD CONSTRAINT solicitacoes_alvo CHECK (
    CASE WHEN tipo = 'inutilizacao'
    THEN documento_id IS NULL AND serie IS NOT NULL AND inicio IS NOT NULL AND fim >= inicio
    ELSE chave IS NOT NULL AND sequencia IS NOT NULL END);
DROP INDEX solicitacoes_em_andamento;
DROP INDEX solicitacoes_sequencia;
CREATE UNIQUE INDEX solicitacoes_em_andamento ON solicitacoes (empresa_id, ambiente, chave, tipo)
    WHERE chave IS NOT NULL AND estado IN ('ASSINADA', 'INCERTA');
CREATE UNIQUE INDEX solicitacoes_sequencia ON solicitacoes (empresa_id, ambiente, chave, tipo, sequencia)
    WHERE chave IS NOT NULL AND estado <> 'REJEITADA';
CREATE INDEX solicitacoes_documento ON solicitacoes (documento_id) WHERE documento_id IS NOT NULL;
CREATE INDEX solicitacoes_manifestacao ON solicitacoes (empresa_id, criada_em DESC, id DESC) WHERE tipo LIKE '2102%';
