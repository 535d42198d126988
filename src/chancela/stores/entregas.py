"""The outbox: messages waiting for their addresses, taken in order, and the log of every try.

Per address and target only the oldest waiting message can be taken, so that a receiver sees a document's story in
its order. A taken message comes back by itself when its worker dies: at least once, never lost.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, text

from chancela.issuing.notificacao import (
    Entrega,
    EntregaTomada,
    EstadoEntrega,
    Mensagem,
    TentativaEntrega,
)
from chancela.stores.cofre import Cofre
from chancela.stores.conexao import Banco
from chancela.stores.segredos import webhook_identity
from chancela.stores.webhooks import Dono

GUARDA_DIAS = 30


class EntregasPg:
    """Takes, records and lists messages. Blocking and thread-safe."""

    def __init__(self, banco: Banco, cofre: Cofre) -> None:
        self._banco = banco
        self._cofre = cofre

    def take(self, *, limite: int, prazo_s: float) -> Sequence[EntregaTomada]:
        """Messages that are due, each the oldest of its target, for `prazo_s` seconds."""

        def run(conexao: Connection) -> Sequence[RowMapping]:
            return conexao.execute(_TOMA, {"limite": limite, "prazo_s": float(prazo_s)}).mappings().all()

        return [
            EntregaTomada(
                entrega=_read(linha),
                url=linha["url"],
                formato=linha["formato"],
                segredo=self._cofre.open(linha["envelope"], webhook_identity(linha["webhook_id"])),
            )
            for linha in self._banco.in_system(run, gravacao="webhook_tomada")
        ]

    def record(self, entrega: Entrega, tentativa: TentativaEntrega, *, nova_em_s: float | None) -> None:
        """What became of a try: delivered, given up (`nova_em_s` None), or tried again in so many seconds.

        An address that answered 410 gets nothing more. A try whose term was over is only logged.
        """
        estado = EstadoEntrega.ENTREGUE if tentativa.aceita else EstadoEntrega.PENDENTE
        if not tentativa.aceita and nova_em_s is None:
            estado = EstadoEntrega.MORTA
        parametros: dict[str, Any] = {
            "id": entrega.id,
            "tentativa": entrega.tentativas,
            "estado": estado.value,
            "nova_em_s": nova_em_s if estado is EstadoEntrega.PENDENTE else None,
            "status_http": tentativa.status_http,
            "duracao_ms": tentativa.duracao_ms,
            "erro": tentativa.erro,
            "resposta": tentativa.resposta,
            "empresa_id": entrega.mensagem.empresa_id,
            "webhook_id": entrega.webhook_id,
        }

        def run(conexao: Connection) -> None:
            if conexao.execute(_ENCERRA, parametros).rowcount == 1 and tentativa.definitiva:
                conexao.execute(_DESATIVA, parametros)
                conexao.execute(_DESISTE, parametros)
            conexao.execute(_ANOTA, parametros)

        self._banco.in_system(run, gravacao="webhook_resultado")

    def list_of(
        self, webhook_id: int, dono: Dono, *, limite: int, antes_de: int | None = None
    ) -> Sequence[Entrega]:
        """Messages of an owner's address, newest first."""
        parametros = {**dono.parameters(), "id": webhook_id, "limite": limite, "antes_de": antes_de}
        with self._banco.system() as conexao:
            return [_read(linha) for linha in conexao.execute(_LISTA, parametros).mappings()]

    def tries_of(self, entrega_id: int, dono: Dono) -> Sequence[tuple[datetime, TentativaEntrega]]:
        """The log of a message, oldest first."""
        with self._banco.system() as conexao:
            linhas = conexao.execute(_TENTATIVAS, {**dono.parameters(), "id": entrega_id}).all()
        return [(t.em, TentativaEntrega(t.status_http, t.duracao_ms, t.erro, t.resposta)) for t in linhas]

    def resend(self, entrega_id: int, dono: Dono) -> bool:
        """Send a message again, delivered or given up; False when the owner has no such one."""
        with self._banco.system() as conexao:
            return conexao.execute(_REENVIA, {**dono.parameters(), "id": entrega_id}).rowcount == 1

    def purge(self) -> int:
        """Forget what ended more than `GUARDA_DIAS` days ago; returns how many messages."""
        return self._banco.in_system(lambda conexao: conexao.execute(_LIMPA, {"dias": GUARDA_DIAS}).rowcount)


def _read(linha: RowMapping) -> Entrega:
    return Entrega(
        id=linha["id"],
        webhook_id=linha["webhook_id"],
        mensagem=Mensagem(
            linha["mensagem"],
            linha["empresa_id"],
            linha["alvo"],
            linha["evento"],
            linha["em"],
            linha["dados"],
        ),
        estado=EstadoEntrega(linha["estado"]),
        tentativas=linha["tentativas"],
        rodada=linha["rodada"],
        proxima_em=linha["proxima_em"],
    )


_COLUNAS = "e.id, e.webhook_id, e.empresa_id, e.mensagem, e.alvo, e.evento, e.em, e.dados, e.estado, e.tentativas, e.tentativas - e.tentativas_antes AS rodada, e.proxima_em"
_DO_DONO = (
    "w.integrador_id = :integrador_id AND w.empresa_id IS NOT DISTINCT FROM CAST(:empresa_id AS bigint)"
)
_TOMA = text(
    f"""
    WITH livres AS (
        SELECT e.id FROM entregas e JOIN webhooks w ON w.id = e.webhook_id AND w.ativo
        WHERE e.estado = 'PENDENTE' AND e.proxima_em <= chancela_agora() AND NOT EXISTS (
            SELECT 1 FROM entregas antes WHERE antes.webhook_id = e.webhook_id AND antes.alvo = e.alvo
                AND antes.estado = 'PENDENTE' AND antes.id < e.id)
        ORDER BY e.proxima_em, e.id LIMIT :limite FOR UPDATE OF e SKIP LOCKED
    ), e AS (
        UPDATE entregas x SET tentativas = x.tentativas + 1,
            proxima_em = chancela_agora() + make_interval(secs => :prazo_s)
        FROM livres WHERE x.id = livres.id RETURNING x.*
    )
    SELECT {_COLUNAS}, w.url, w.formato, w.envelope FROM e JOIN webhooks w ON w.id = e.webhook_id ORDER BY e.id
    """  # noqa: S608 - constants
)
_ENCERRA = text(
    """
    UPDATE entregas SET estado = :estado, proxima_em = chancela_agora() + make_interval(secs => :nova_em_s),
        encerrada_em = CASE WHEN :estado = 'PENDENTE' THEN NULL ELSE chancela_agora() END
    WHERE id = :id AND tentativas = :tentativa AND estado = 'PENDENTE'
    """
)
_ANOTA = text(
    """
    INSERT INTO tentativas_entrega (entrega_id, tentativa, empresa_id, status_http, duracao_ms, erro, resposta)
    VALUES (:id, :tentativa, :empresa_id, :status_http, :duracao_ms, :erro, :resposta) ON CONFLICT DO NOTHING
    """
)
_DESATIVA = text("UPDATE webhooks SET ativo = false WHERE id = :webhook_id")
_DESISTE = text(
    "UPDATE entregas SET estado = 'MORTA', proxima_em = NULL, encerrada_em = chancela_agora()"
    " WHERE webhook_id = :webhook_id AND estado = 'PENDENTE'"
)
_LISTA = text(
    f"SELECT {_COLUNAS} FROM entregas e JOIN webhooks w ON w.id = e.webhook_id"  # noqa: S608 - constants
    f" WHERE w.id = :id AND {_DO_DONO} AND e.id < coalesce(CAST(:antes_de AS bigint), 9223372036854775807)"
    " ORDER BY e.id DESC LIMIT :limite"
)
_TENTATIVAS = text(
    "SELECT t.em, t.status_http, t.duracao_ms, t.erro, t.resposta FROM tentativas_entrega t"  # noqa: S608 - constants
    " JOIN entregas e ON e.id = t.entrega_id JOIN webhooks w ON w.id = e.webhook_id"
    f" WHERE e.id = :id AND {_DO_DONO} ORDER BY t.tentativa"
)
_REENVIA = text(
    "UPDATE entregas e SET estado = 'PENDENTE', proxima_em = chancela_agora(), encerrada_em = NULL, tentativas_antes = e.tentativas"  # noqa: S608
    f" FROM webhooks w WHERE w.id = e.webhook_id AND e.id = :id AND {_DO_DONO} AND e.estado <> 'PENDENTE'"
)
_LIMPA = text("DELETE FROM entregas WHERE encerrada_em < chancela_agora() - make_interval(days => :dias)")
