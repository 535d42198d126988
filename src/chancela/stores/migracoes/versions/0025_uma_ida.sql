-- Questions of the hot path, one round trip each (docs/adr/0132).

-- Whose a token is: its envelope, its integrator, and its company when it speaks for one. Nothing for an unknown or revoked one.
CREATE FUNCTION chancela_autenticar(p_relogio text, p_hash bytea)
RETURNS TABLE (o_envelope bytea, o_integrador integradores, o_empresa empresas) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM chancela_entrar_sistema(p_relogio);
    RETURN QUERY SELECT t.envelope, i, e FROM tokens t JOIN integradores i ON i.id = t.integrador_id
    LEFT JOIN empresas e ON e.id = t.empresa_id WHERE t.hash = p_hash AND t.revogado_em IS NULL;
END;
$$;

-- A company as it is now.
CREATE FUNCTION chancela_ler_empresa(p_empresa bigint, p_relogio text) RETURNS SETOF empresas LANGUAGE plpgsql AS $$
BEGIN
    PERFORM chancela_entrar(p_empresa, p_relogio);
    RETURN QUERY SELECT e.* FROM empresas e WHERE e.id = p_empresa;
END;
$$;

-- The envelope of one of its secrets; no row when there is none.
CREATE FUNCTION chancela_ler_segredo(p_empresa bigint, p_relogio text, p_finalidade text)
RETURNS TABLE (o_envelope bytea) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM chancela_entrar(p_empresa, p_relogio);
    RETURN QUERY SELECT s.envelope FROM segredos s WHERE s.empresa_id = p_empresa AND s.finalidade = p_finalidade;
END;
$$;

-- Sums by day: a document is born unsettled, and there is nothing to add. The functions are plpgsql, whose plans are kept by
-- every version of PostgreSQL; those of an SQL function that cannot be inlined are made anew at every call before 18.
CREATE OR REPLACE FUNCTION chancela_somar(d documentos, p_sinal integer) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF d.estado IN ('AUTORIZADO', 'CANCELADO', 'DENEGADO', 'INUTILIZADO') THEN
        INSERT INTO totais_diarios (empresa_id, dia, ambiente, modelo, estado, quantidade, valor, tributos)
        VALUES (d.empresa_id, chancela_dia(d.emitido_em), d.ambiente, d.modelo, d.estado, p_sinal, p_sinal * d.valor_total,
            p_sinal * d.total_tributos);
    END IF;
END;
$$;
CREATE OR REPLACE FUNCTION chancela_somar_documento() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.estado IN ('AUTORIZADO', 'CANCELADO', 'DENEGADO', 'INUTILIZADO') THEN
        PERFORM chancela_somar(OLD, -1);
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.estado IN ('AUTORIZADO', 'CANCELADO', 'DENEGADO', 'INUTILIZADO') THEN
        PERFORM chancela_somar(NEW, 1);
    END IF;
    RETURN NULL;
END;
$$;
DROP TRIGGER documentos_somar_vida ON documentos;
CREATE TRIGGER documentos_somar_novo AFTER INSERT ON documentos FOR EACH ROW
    WHEN (NEW.estado IN ('AUTORIZADO', 'CANCELADO', 'DENEGADO', 'INUTILIZADO'))
    EXECUTE FUNCTION chancela_somar_documento();
CREATE TRIGGER documentos_somar_apagado AFTER DELETE ON documentos FOR EACH ROW
    WHEN (OLD.estado IN ('AUTORIZADO', 'CANCELADO', 'DENEGADO', 'INUTILIZADO'))
    EXECUTE FUNCTION chancela_somar_documento();

CREATE OR REPLACE FUNCTION chancela_notificar(p_empresa bigint, p_alvo text, p_evento text, p_dados jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO entregas (webhook_id, empresa_id, mensagem, alvo, evento, dados)
    SELECT w.id, p_empresa, 'msg_' || replace(gen_random_uuid()::text, '-', ''), p_alvo, p_evento, p_dados
    FROM webhooks w
    WHERE w.ativo AND (w.eventos = '{}' OR p_evento = ANY (w.eventos))
      AND (w.empresa_id = p_empresa
           OR (w.empresa_id IS NULL AND w.integrador_id = (SELECT e.integrador_id FROM empresas e WHERE e.id = p_empresa)))
    ORDER BY w.id;
END;
$$;
