"""First answers of signed calls, kept for the window in which the same call may come again."""

from sqlalchemy import Connection, text

from chancela.stores.conexao import Banco


class RespostasPg:
    """Implements `issuing.empresa.RespostasRepetidas`. Blocking and thread-safe.

    A place that was taken and not finished within `prazo_s` belonged to a process that died: the next caller gets it.
    """

    def __init__(self, banco: Banco, *, prazo_s: float = 180.0, janela_s: float = 900.0) -> None:
        self._banco = banco
        self._limites = {"prazo_s": float(prazo_s), "janela_s": float(janela_s)}

    def begin(self, chave: bytes) -> tuple[bool, bytes | None]:
        parametros = {"chave": chave, **self._limites}

        def run(conexao: Connection) -> tuple[bool, bytes | None]:
            if conexao.execute(_RESERVA, parametros).one_or_none() is not None:
                return True, None
            return False, conexao.execute(_LE, {"chave": chave}).scalar_one_or_none()

        return self._banco.in_system(run)

    def finish(self, chave: bytes, resposta: bytes) -> None:
        with self._banco.system() as conexao:
            conexao.execute(_GUARDA, {"chave": chave, "resposta": resposta})

    def abandon(self, chave: bytes) -> None:
        with self._banco.system() as conexao:
            conexao.execute(_SOLTA, {"chave": chave})

    def purge(self) -> int:
        """Delete what is past its window; returns how many there were."""
        with self._banco.system() as conexao:
            return conexao.execute(_LIMPA, {"janela_s": self._limites["janela_s"]}).rowcount


_RESERVA = text(
    """
    INSERT INTO respostas_idempotentes AS r (chave) VALUES (:chave)
    ON CONFLICT (chave) DO UPDATE SET resposta = NULL, reservada_em = chancela_agora()
    WHERE r.reservada_em < chancela_agora() - make_interval(secs => CASE WHEN r.resposta IS NULL
        THEN :prazo_s ELSE :janela_s END)
    RETURNING 1
    """
)
_LE = text("SELECT resposta FROM respostas_idempotentes WHERE chave = :chave")
_GUARDA = text("UPDATE respostas_idempotentes SET resposta = :resposta WHERE chave = :chave")
_SOLTA = text("DELETE FROM respostas_idempotentes WHERE chave = :chave AND resposta IS NULL")
_LIMPA = text(
    "DELETE FROM respostas_idempotentes WHERE reservada_em < chancela_agora() - make_interval(secs => :janela_s)"
)
