"""Questions put to SEFAZ in the last hour: the `issuing.cadencia.Cadencia` port on PostgreSQL. System scope.

One row per subject holds the instants of its last questions; the row's own lock orders the processes.
"""

from sqlalchemy import text

from chancela.issuing.cadencia import JANELA, Pergunta
from chancela.stores.conexao import Banco


class CadenciaPg:
    """Blocking and thread-safe."""

    def __init__(self, banco: Banco) -> None:
        self._banco = banco

    def take(self, pergunta: Pergunta) -> float:
        """See the port."""
        parametros = {
            "ambiente": int(pergunta.ambiente),
            "assunto": pergunta.assunto.value,
            "sujeito": pergunta.sujeito,
            "limite": pergunta.limite,
            "janela_s": JANELA.total_seconds(),
        }
        with self._banco.system() as conexao:
            linha = conexao.execute(_TOMA, parametros).one()
        return 0.0 if linha.concedida else max(1.0, float(linha.espera_s))

    def purge(self) -> int:
        """Forget the subjects that nobody asked about within the window; returns how many."""
        with self._banco.system() as conexao:
            return conexao.execute(_LIMPA, {"janela_s": JANELA.total_seconds()}).rowcount


_TOMA = text(
    """
    INSERT INTO perguntas_sefaz AS p (ambiente, assunto, sujeito, feitas, concedida)
    VALUES (:ambiente, :assunto, :sujeito, ARRAY[chancela_agora()], true)
    ON CONFLICT (ambiente, assunto, sujeito) DO UPDATE SET (feitas, concedida) = (
        SELECT CASE WHEN count(em) < :limite THEN array_agg(em ORDER BY em) || chancela_agora()
                    ELSE array_agg(em ORDER BY em) END,
               count(em) < :limite
        FROM unnest(p.feitas) em WHERE em > chancela_agora() - make_interval(secs => :janela_s))
    RETURNING concedida,
        extract(epoch FROM feitas[1] + make_interval(secs => :janela_s) - chancela_agora()) AS espera_s
    """
)
_LIMPA = text(
    "DELETE FROM perguntas_sefaz WHERE feitas[cardinality(feitas)] <= chancela_agora() - make_interval(secs => :janela_s)"
)
