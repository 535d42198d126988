"""First answers of signed calls, kept for the window in which the same call may come again."""

from collections.abc import Sequence

from sqlalchemy import text

from chancela.stores.conexao import Banco


class RespostasPg:
    """Implements `issuing.empresa.RespostasRepetidas`. Blocking and thread-safe.

    A place that was taken and not finished within `prazo_s` belonged to a process that died: the next caller gets it.
    """

    def __init__(self, banco: Banco, *, prazo_s: float = 180.0, janela_s: float = 900.0) -> None:
        self._banco = banco
        self._prazo_s = float(prazo_s)
        self._janela_s = float(janela_s)

    def begin(self, chaves: Sequence[bytes]) -> Sequence[tuple[bool, bytes | None]]:
        """See the port. The places are taken in the order of the keys, the same in every process."""
        em_ordem = sorted(range(len(chaves)), key=chaves.__getitem__)
        linhas = self._banco.call_system(
            "SELECT * FROM chancela_reservar_respostas(%s, %b, %s, %s)",
            [chaves[indice] for indice in em_ordem],
            self._prazo_s,
            self._janela_s,
        )
        achados = dict(zip(em_ordem, linhas, strict=True))
        return [(achados[indice].o_vez, achados[indice].o_guardada) for indice in range(len(chaves))]

    def finish(self, respostas: Sequence[tuple[bytes, bytes]]) -> Sequence[None]:
        """See the port."""
        em_ordem = sorted(respostas)
        self._banco.call_system(
            "SELECT chancela_guardar_respostas(%s, %b, %b)",
            [chave for chave, _ in em_ordem],
            [resposta for _, resposta in em_ordem],
        )
        return [None] * len(respostas)

    def abandon(self, chave: bytes) -> None:
        with self._banco.system() as conexao:
            conexao.execute(_SOLTA, {"chave": chave})

    def purge(self) -> int:
        """Delete what is past its window; returns how many there were."""
        with self._banco.system() as conexao:
            return conexao.execute(_LIMPA, {"janela_s": self._janela_s}).rowcount


_SOLTA = text("DELETE FROM respostas_idempotentes WHERE chave = :chave AND resposta IS NULL")
_LIMPA = text(
    "DELETE FROM respostas_idempotentes WHERE reservada_em < chancela_agora() - make_interval(secs => :janela_s)"
)
