-- Lists of documents by page number, whatever their number: how many there are, by day, and an index per way of listing.

-- The day (UTC, since 1970) in which a document was made: its id begins with the milliseconds.
CREATE FUNCTION chancela_dia(p_id text) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ('x' || left(p_id, 12))::bit(48)::bigint / 86400000;

-- Settled documents by company, model, state and day, as changes: rows are only added, so that no two issuers wait for
-- one another here. A routine folds them into one row each (`dobrada`). What is still under way is counted where it lies.
CREATE TABLE contagens_documento (
    empresa_id bigint NOT NULL REFERENCES empresas,
    modelo text NOT NULL,
    estado text NOT NULL,
    dia bigint NOT NULL,
    quantidade bigint NOT NULL,
    dobrada boolean NOT NULL DEFAULT false
);
CREATE INDEX contagens_documento_lista ON contagens_documento (empresa_id, modelo, estado, dia) INCLUDE (quantidade);
CREATE INDEX contagens_documento_novas ON contagens_documento (empresa_id, modelo, estado, dia) WHERE NOT dobrada;

CREATE FUNCTION chancela_contar() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.proxima_acao IS NULL THEN
        INSERT INTO contagens_documento VALUES (OLD.empresa_id, OLD.modelo, OLD.estado, chancela_dia(OLD.id), -1);
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.proxima_acao IS NULL THEN
        INSERT INTO contagens_documento VALUES (NEW.empresa_id, NEW.modelo, NEW.estado, chancela_dia(NEW.id), 1);
    END IF;
    RETURN NULL;
END;
$$;
CREATE TRIGGER documentos_contar_novo AFTER INSERT ON documentos
    FOR EACH ROW WHEN (NEW.proxima_acao IS NULL) EXECUTE FUNCTION chancela_contar();
CREATE TRIGGER documentos_contar_mudado AFTER UPDATE ON documentos
    FOR EACH ROW WHEN (OLD.estado IS DISTINCT FROM NEW.estado
        AND (OLD.proxima_acao IS NULL OR NEW.proxima_acao IS NULL)) EXECUTE FUNCTION chancela_contar();
CREATE TRIGGER documentos_contar_apagado AFTER DELETE ON documentos
    FOR EACH ROW WHEN (OLD.proxima_acao IS NULL) EXECUTE FUNCTION chancela_contar();

INSERT INTO contagens_documento
SELECT empresa_id, modelo, estado, chancela_dia(id), count(*), true FROM documentos WHERE proxima_acao IS NULL
GROUP BY 1, 2, 3, 4;

CREATE INDEX documentos_por_modelo ON documentos (empresa_id, modelo, id);
DROP INDEX documentos_lista;
CREATE INDEX documentos_por_estado ON documentos (empresa_id, modelo, estado, id) WHERE proxima_acao IS NULL;

CREATE INDEX empresas_integrador ON empresas (integrador_id, id);

ALTER TABLE contagens_documento ENABLE ROW LEVEL SECURITY;
ALTER TABLE contagens_documento FORCE ROW LEVEL SECURITY;
CREATE POLICY empresa ON contagens_documento USING (empresa_id = chancela_empresa());
CREATE POLICY sistema ON contagens_documento TO chancela_sistema USING (true);
GRANT SELECT, INSERT ON contagens_documento TO chancela_app;
GRANT SELECT, INSERT, DELETE ON contagens_documento TO chancela_sistema;
