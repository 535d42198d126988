"""The wake-up of a company, promised inside the transaction that made the work: see `chancela_acordar` in the schema."""

from sqlalchemy import Connection, text

SERVICO_EMISSAO = "emissao"
"""Queue of the documents that go to SEFAZ."""
CONEXOES_DA_FILA = 7
"""What a worker opens for the queue, beside its pool: one of them only listens."""


def wake(conexao: Connection, empresa_id: int, servico: str = SERVICO_EMISSAO, *, em_s: float = 0.0) -> None:
    """Have `empresa_id` drained once this transaction commits, or `em_s` seconds from now. Last call before commit."""
    conexao.execute(_ACORDA, {"empresa": empresa_id, "servico": servico, "em_s": float(em_s)})


_ACORDA = text(
    "SELECT chancela_acordar(:empresa, :servico, CASE WHEN :em_s > 0"
    " THEN statement_timestamp() + make_interval(secs => :em_s) END)"
)
