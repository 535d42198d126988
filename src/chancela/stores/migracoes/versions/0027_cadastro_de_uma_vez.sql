-- All that a receipt needs of its company, in one trip (docs/adr/0133): the company, the categories that the sale names as
-- {code: content}, and the envelope of its CSC. No row without the company.
CREATE FUNCTION chancela_ler_cadastro(p_empresa bigint, p_relogio text, p_codigos text[])
RETURNS TABLE (o_empresa empresas, o_categorias jsonb, o_csc bytea) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM chancela_entrar(p_empresa, p_relogio);
    RETURN QUERY SELECT e,
        (SELECT coalesce(jsonb_object_agg(c.codigo, c.conteudo), '{}') FROM categorias c
            WHERE c.empresa_id = p_empresa AND c.codigo = ANY (p_codigos)),
        (SELECT s.envelope FROM segredos s WHERE s.empresa_id = p_empresa AND s.finalidade = 'csc')
    FROM empresas e WHERE e.id = p_empresa;
END;
$$;
