-- One id from HTTP to SOAP to webhook. Empty: nobody's call asked for it (command line, older rows).

ALTER TABLE documentos ADD COLUMN pedido_id text NOT NULL DEFAULT '';
ALTER TABLE solicitacoes ADD COLUMN pedido_id text NOT NULL DEFAULT '';

CREATE OR REPLACE FUNCTION chancela_dados_documento(d documentos) RETURNS jsonb LANGUAGE sql STABLE
    RETURN jsonb_build_object(
        'uuid', d.id, 'id', coalesce(d.referencia, ''), 'modelo', d.modelo, 'ambiente', d.ambiente, 'cnpj', d.cnpj,
        'serie', d.serie, 'numero', d.numero, 'chave', d.chave, 'estado', d.estado, 'cstat', d.c_stat,
        'motivo', d.motivo, 'protocolo', d.protocolo, 'valor_total', d.valor_total::text, 'tp_emis', d.tp_emis, 'pedido_id', d.pedido_id);

CREATE OR REPLACE FUNCTION chancela_notificar_documento() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE v_dados jsonb := chancela_dados_documento(NEW);
BEGIN
    -- a cancellation is told by its document, under the id of the call that asked for it
    IF NEW.estado = 'CANCELADO' THEN
        v_dados := v_dados || coalesce((
            SELECT jsonb_build_object('pedido_id', s.pedido_id) FROM solicitacoes s
            WHERE s.documento_id = NEW.id AND s.tipo IN ('110111', '110112') AND s.pedido_id <> ''
            ORDER BY s.id DESC LIMIT 1), '{}');
    END IF;
    PERFORM chancela_notificar(NEW.empresa_id, NEW.id,
        CASE NEW.estado WHEN 'ASSINADO' THEN 'documento.contingencia' ELSE 'documento.' || lower(NEW.estado) END,
        v_dados);
    RETURN NULL;
END;
$$;
CREATE OR REPLACE FUNCTION chancela_notificar_solicitacao() RETURNS trigger LANGUAGE plpgsql AS $$
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
            'protocolo', NEW.protocolo, 'pedido_id', NEW.pedido_id));
    END IF;
    RETURN NULL;
END;
$$;
