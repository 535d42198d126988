-- Webhooks, and the outbox: one row per message and address, written by the transaction that changes a state.

-- Where to tell. Without a company: of every company of the integrator.
CREATE TABLE webhooks (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    integrador_id bigint NOT NULL REFERENCES integradores,
    empresa_id bigint REFERENCES empresas,
    url text NOT NULL,
    eventos text[] NOT NULL DEFAULT '{}',
    formato text NOT NULL,
    envelope bytea NOT NULL,
    ativo boolean NOT NULL DEFAULT true,
    criado_em timestamptz NOT NULL DEFAULT chancela_agora()
);
CREATE INDEX webhooks_empresa ON webhooks (empresa_id) WHERE ativo AND empresa_id IS NOT NULL;
CREATE INDEX webhooks_integrador ON webhooks (integrador_id) WHERE ativo AND empresa_id IS NULL;

-- Ids of one target grow in the order of its commits: what changes a state holds the target's row.
CREATE TABLE entregas (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    webhook_id bigint NOT NULL REFERENCES webhooks ON DELETE CASCADE,
    empresa_id bigint NOT NULL REFERENCES empresas,
    mensagem text NOT NULL,
    alvo text NOT NULL,
    evento text NOT NULL,
    em timestamptz NOT NULL DEFAULT chancela_agora(),
    dados jsonb NOT NULL,
    estado text NOT NULL DEFAULT 'PENDENTE' CHECK (estado IN ('PENDENTE', 'ENTREGUE', 'MORTA')),
    tentativas integer NOT NULL DEFAULT 0,
    -- how many tries there had been when a person sent it again
    tentativas_antes integer NOT NULL DEFAULT 0,
    -- when to try (again); while a try is under way, when to believe that its worker died
    proxima_em timestamptz DEFAULT chancela_agora(),
    encerrada_em timestamptz,
    CHECK ((proxima_em IS NOT NULL) = (estado = 'PENDENTE'))
) WITH (fillfactor = 80);
CREATE INDEX entregas_devidas ON entregas (proxima_em) WHERE estado = 'PENDENTE';
CREATE INDEX entregas_fila ON entregas (webhook_id, alvo, id) WHERE estado = 'PENDENTE';
CREATE INDEX entregas_lista ON entregas (webhook_id, id);
CREATE INDEX entregas_encerradas ON entregas (encerrada_em) WHERE encerrada_em IS NOT NULL;

CREATE TABLE tentativas_entrega (
    entrega_id bigint NOT NULL REFERENCES entregas ON DELETE CASCADE,
    tentativa integer NOT NULL,
    empresa_id bigint NOT NULL,
    em timestamptz NOT NULL DEFAULT chancela_agora(),
    status_http integer,
    duracao_ms integer NOT NULL,
    erro text NOT NULL DEFAULT '',
    resposta text NOT NULL DEFAULT '',
    PRIMARY KEY (entrega_id, tentativa)
);

-- Write a message for every address that wants it. In the scope of the company, inside the caller's transaction.
CREATE FUNCTION chancela_notificar(p_empresa bigint, p_alvo text, p_evento text, p_dados jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO entregas (webhook_id, empresa_id, mensagem, alvo, evento, dados)
    SELECT w.id, p_empresa, 'msg_' || replace(gen_random_uuid()::text, '-', ''), p_alvo, p_evento, p_dados
    FROM webhooks w
    WHERE w.ativo AND (w.eventos = '{}' OR p_evento = ANY (w.eventos))
      AND (w.empresa_id = p_empresa
           OR (w.empresa_id IS NULL AND w.integrador_id = (SELECT e.integrador_id FROM empresas e WHERE e.id = p_empresa)))
    ORDER BY w.id;
$$;

-- Amounts are text: JSON readers make binary fractions of numbers.
CREATE FUNCTION chancela_dados_documento(d documentos) RETURNS jsonb LANGUAGE sql STABLE
    RETURN jsonb_build_object(
        'uuid', d.id, 'id', coalesce(d.referencia, ''), 'modelo', d.modelo, 'ambiente', d.ambiente, 'cnpj', d.cnpj,
        'serie', d.serie, 'numero', d.numero, 'chave', d.chave, 'estado', d.estado, 'cstat', d.c_stat,
        'motivo', d.motivo, 'protocolo', d.protocolo, 'valor_total', d.valor_total::text, 'tp_emis', d.tp_emis);

CREATE FUNCTION chancela_notificar_documento() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM chancela_notificar(NEW.empresa_id, NEW.id,
        CASE NEW.estado WHEN 'ASSINADO' THEN 'documento.contingencia' ELSE 'documento.' || lower(NEW.estado) END,
        chancela_dados_documento(NEW));
    RETURN NULL;
END;
$$;
CREATE TRIGGER documentos_notificar AFTER UPDATE OF estado ON documentos FOR EACH ROW
    WHEN (OLD.estado IS DISTINCT FROM NEW.estado AND (
        NEW.estado IN ('AUTORIZADO', 'REJEITADO', 'DENEGADO', 'DIVERGENTE', 'CANCELADO', 'INUTILIZADO')
        OR (NEW.estado = 'ASSINADO' AND OLD.estado = 'PENDENTE' AND NEW.tp_emis <> 1)))
    EXECUTE FUNCTION chancela_notificar_documento();

-- A registered cancellation is told by its document.
CREATE FUNCTION chancela_notificar_solicitacao() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_registrada boolean := NEW.estado = 'REGISTRADA';
    v_evento text := CASE
        WHEN NEW.tipo = 'inutilizacao' THEN CASE WHEN v_registrada THEN 'inutilizacao.registrada' ELSE 'inutilizacao.rejeitada' END
        WHEN NEW.tipo = '110110' THEN CASE WHEN v_registrada THEN 'cce.registrada' ELSE 'cce.rejeitada' END
        WHEN NEW.tipo IN ('110111', '110112') THEN CASE WHEN v_registrada THEN NULL ELSE 'cancelamento.rejeitado' END
        ELSE CASE WHEN v_registrada THEN 'evento.registrado' ELSE 'evento.rejeitado' END END;
BEGIN
    IF v_evento IS NOT NULL THEN
        PERFORM chancela_notificar(NEW.empresa_id, coalesce(NEW.documento_id, NEW.id), v_evento, jsonb_build_object(
            'id', NEW.id, 'uuid', NEW.documento_id, 'tipo', NEW.tipo, 'modelo', NEW.modelo, 'ambiente', NEW.ambiente,
            'cnpj', NEW.cnpj, 'chave', NEW.chave, 'sequencia', NEW.sequencia, 'serie', NEW.serie, 'inicio', NEW.inicio,
            'fim', NEW.fim, 'texto', NEW.texto, 'estado', NEW.estado, 'cstat', NEW.c_stat, 'motivo', NEW.motivo,
            'protocolo', NEW.protocolo));
    END IF;
    RETURN NULL;
END;
$$;
CREATE TRIGGER solicitacoes_notificar AFTER UPDATE OF estado ON solicitacoes FOR EACH ROW
    WHEN (OLD.estado IS DISTINCT FROM NEW.estado AND NEW.estado IN ('REGISTRADA', 'REJEITADA'))
    EXECUTE FUNCTION chancela_notificar_solicitacao();

DO $$
DECLARE tabela text;
BEGIN
    FOREACH tabela IN ARRAY ARRAY['entregas', 'tentativas_entrega'] LOOP
        EXECUTE format('CREATE POLICY empresa ON %I USING (empresa_id = chancela_empresa())', tabela);
    END LOOP;
    -- the message is written in the scope of a company, for its integrator's addresses too
    CREATE POLICY empresa ON webhooks USING (
        empresa_id = chancela_empresa() OR (empresa_id IS NULL AND integrador_id = (
            SELECT e.integrador_id FROM empresas e WHERE e.id = chancela_empresa())));
    FOREACH tabela IN ARRAY ARRAY['webhooks', 'entregas', 'tentativas_entrega'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tabela);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tabela);
        EXECUTE format('CREATE POLICY sistema ON %I TO chancela_sistema USING (true)', tabela);
    END LOOP;
END;
$$;

GRANT EXECUTE ON FUNCTION chancela_notificar(bigint, text, text, jsonb) TO chancela_app;
GRANT USAGE ON SEQUENCE webhooks_id_seq TO chancela_sistema;
GRANT SELECT, INSERT, UPDATE, DELETE ON webhooks TO chancela_sistema;
GRANT SELECT, UPDATE, DELETE ON entregas TO chancela_sistema;
GRANT SELECT, INSERT, DELETE ON tentativas_entrega TO chancela_sistema;
GRANT SELECT ON webhooks, entregas, tentativas_entrega TO chancela_app;
