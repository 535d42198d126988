-- The switch that stops issuing: one row for all companies (empresa_id NULL), one for each company that is stopped.
CREATE TABLE paradas (
    empresa_id bigint REFERENCES empresas,
    motivo text NOT NULL CHECK (motivo <> ''),
    ator text NOT NULL,
    desde timestamptz NOT NULL DEFAULT chancela_agora(),
    CONSTRAINT paradas_uma UNIQUE NULLS NOT DISTINCT (empresa_id)
);
ALTER TABLE paradas ENABLE ROW LEVEL SECURITY;
ALTER TABLE paradas FORCE ROW LEVEL SECURITY;
CREATE POLICY empresa ON paradas FOR SELECT USING (empresa_id IS NULL OR empresa_id = chancela_empresa());
CREATE POLICY sistema ON paradas TO chancela_sistema USING (true);
GRANT SELECT ON paradas TO chancela_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON paradas TO chancela_sistema;

-- In the transaction that would give a number: no request between the question and the answer, no way around it.
-- What already has its number goes on: its outcome must be known.
CREATE FUNCTION chancela_exigir_emissao() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_motivo text;
BEGIN
    SELECT p.motivo INTO v_motivo FROM paradas p
    WHERE p.empresa_id IS NULL OR p.empresa_id = NEW.empresa_id ORDER BY p.empresa_id NULLS FIRST LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION '%', v_motivo USING ERRCODE = 'CH001';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER documentos_emissao_nova BEFORE INSERT ON documentos
    FOR EACH ROW EXECUTE FUNCTION chancela_exigir_emissao();
CREATE TRIGGER documentos_emissao_refeita BEFORE UPDATE OF versao ON documentos
    FOR EACH ROW WHEN (NEW.versao > OLD.versao) EXECUTE FUNCTION chancela_exigir_emissao();

-- A backup reads every table as the system role.
GRANT SELECT ON ALL TABLES IN SCHEMA public TO chancela_sistema;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO chancela_sistema;

-- After a restore the operator moves every series on.
GRANT UPDATE ON series TO chancela_sistema;
