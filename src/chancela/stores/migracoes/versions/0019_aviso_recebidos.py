"""A note that arrives is told to the companies of its CNPJ, in the transaction that keeps it."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_SQL = """
-- Twice at most: for the summary, and for the whole note when it comes (`completo`). The target is the key, so that
-- the two arrive in order. A CNPJ may be the company of several integrators.
CREATE FUNCTION chancela_notificar_recebido() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_empresa bigint;
BEGIN
    FOR v_empresa IN SELECT e.id FROM empresas e WHERE e.cnpj = NEW.cnpj ORDER BY e.id LOOP
        PERFORM chancela_notificar(v_empresa, NEW.chave, 'documento.recebido', jsonb_build_object(
            'id', NEW.id, 'chave', NEW.chave, 'completo', NEW.tipo = 'procNFe', 'ambiente', NEW.ambiente, 'cnpj', NEW.cnpj,
            'nsu', NEW.nsu, 'emitente', NEW.emitente, 'emitente_nome', NEW.emitente_nome, 'serie', NEW.serie,
            'numero', NEW.numero, 'emissao', NEW.emissao, 'valor_total', NEW.valor::text, 'protocolo', NEW.protocolo));
    END LOOP;
    RETURN NULL;
END;
$$;
CREATE TRIGGER recebidos_notificar AFTER INSERT ON recebidos FOR EACH ROW
    WHEN (NEW.tipo IN ('resNFe', 'procNFe')) EXECUTE FUNCTION chancela_notificar_recebido();
"""


def upgrade() -> None:
    conexao = op.get_bind().connection.driver_connection
    assert conexao is not None
    conexao.execute(_SQL)
