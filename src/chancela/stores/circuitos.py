"""The circuits of the authorizers: the `issuing.circuitos.Circuitos` port on PostgreSQL. System scope: no company owns one."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, text

from chancela.domain.identidade import Ambiente, Modelo, Uf
from chancela.issuing.circuito import (
    Alvo,
    Circuito,
    Espera,
    came_back,
    note_answer,
    note_failure,
    note_status,
)
from chancela.kit.clock import Clock
from chancela.stores.conexao import Banco
from chancela.stores.despertar import wake


class CircuitosPg:
    """Blocking and thread-safe. `clock` dates the opening, which becomes dhCont of the documents."""

    def __init__(self, banco: Banco, clock: Clock) -> None:
        self._banco = banco
        self._clock = clock

    def load(self) -> Sequence[Circuito]:
        with self._banco.system() as conexao:
            return [_read(linha) for linha in conexao.execute(_LE_TODOS).mappings()]

    def fail(
        self, alvo: Alvo, *, empresa_id: int, uf: Uf, motivo: str, limite: int, imediata: bool
    ) -> Circuito:
        agora: datetime = self._clock.now()
        return self._change(
            alvo,
            lambda circuito: note_failure(
                circuito,
                empresa_id=empresa_id,
                uf=uf,
                motivo=motivo,
                agora=agora,
                limite=limite,
                imediata=imediata,
            ),
        )

    def answer(self, alvo: Alvo) -> None:
        self._change(alvo, note_answer)

    def claim_question(self, alvo: Alvo, intervalo_s: float, *, empresa_id: int, uf: Uf) -> bool:
        parametros = {**_key(alvo), "empresa_id": empresa_id, "uf_documento": uf.value, "s": intervalo_s}

        def run(conexao: Connection) -> bool:
            conexao.execute(_CRIA, _key(alvo))
            return conexao.execute(_TOMA_PERGUNTA, parametros).first() is not None

        return self._banco.in_system(run)

    def settle_status(self, alvo: Alvo, c_stat: int | None, motivo: str, ufs: Sequence[Uf]) -> Circuito:
        def run(conexao: Connection) -> Circuito:
            antes = _lock(conexao, alvo)
            depois = note_status(antes, c_stat, motivo)
            _store(conexao, depois)
            if came_back(antes, depois):
                _release(conexao, ufs, alvo.modelo, alvo.ambiente)
            return depois

        return self._banco.in_system(run)

    def force(self, alvo: Alvo, motivo: str) -> None:
        def run(conexao: Connection) -> None:
            conexao.execute(_CRIA, _key(alvo))
            conexao.execute(_FORCA, {**_key(alvo), "motivo": motivo})

        self._banco.in_system(run)

    def release_if_over(self, esperas: Sequence[Espera]) -> Sequence[int]:
        def run(conexao: Connection) -> Sequence[int]:
            circuitos = _hold(conexao, esperas)
            acordados: dict[tuple[Uf, Modelo, Ambiente], int] = {}
            for espera in esperas:
                if _beside(espera) not in acordados and espera.is_over(circuitos):
                    acordados[_beside(espera)] = _release(
                        conexao, [espera.uf], espera.modelo, espera.ambiente
                    )
            return [acordados.get(_beside(espera), 0) for espera in esperas]

        return self._banco.in_system(run)

    def _change(self, alvo: Alvo, mudar: Callable[[Circuito], Circuito]) -> Circuito:
        def run(conexao: Connection) -> Circuito:
            mudado = mudar(_lock(conexao, alvo))
            _store(conexao, mudado)
            return mudado

        return self._banco.in_system(run)


def _lock(conexao: Connection, alvo: Alvo) -> Circuito:
    """As it stands, and nobody else's until the transaction ends."""
    conexao.execute(_CRIA, _key(alvo))
    return _read(conexao.execute(_LE, _key(alvo)).mappings().one())


def _store(conexao: Connection, circuito: Circuito) -> None:
    conexao.execute(_GRAVA, {**_key(circuito.alvo), **_columns(circuito)})


def _hold(conexao: Connection, esperas: Sequence[Espera]) -> dict[Alvo, Circuito]:
    """Every circuit of those authorizers, once nobody is in the middle of changing one; unchanged until the transaction ends."""
    alvos = {alvo for espera in esperas for alvo in (*espera.volta, espera.alternativa) if alvo is not None}
    autorizadores = sorted({alvo.autorizador for alvo in alvos})
    linhas = conexao.execute(_SEGURA, {"autorizadores": autorizadores}).mappings()
    return {circuito.alvo: circuito for circuito in map(_read, linhas)}


def _beside(espera: Espera) -> tuple[Uf, Modelo, Ambiente]:
    return espera.uf, espera.modelo, espera.ambiente


def _release(conexao: Connection, ufs: Sequence[Uf], modelo: Modelo, ambiente: Ambiente) -> int:
    """Make due what rests in those UFs, and wake the workers of its companies; how many there were."""
    parametros = {
        "ufs": [uf.value for uf in ufs],
        "modelo": modelo.value,
        "ambiente": int(ambiente),
    }
    empresas = [empresa for solta in _SOLTAM for empresa in conexao.execute(solta, parametros).scalars()]
    for empresa_id in sorted(set(empresas)):
        wake(conexao, empresa_id)
    return len(empresas)


def _key(alvo: Alvo) -> dict[str, Any]:
    return {
        "autorizador": alvo.autorizador,
        "modelo": alvo.modelo.value,
        "ambiente": int(alvo.ambiente),
        "uf": "" if alvo.uf is None else alvo.uf.value,
    }


def _columns(circuito: Circuito) -> dict[str, Any]:
    return {
        "falhas": circuito.falhas,
        "aberto_em": circuito.aberto_em,
        "motivo": circuito.motivo,
        "c_stat": circuito.c_stat,
        "empresa_id": circuito.empresa_id,
        "uf_documento": None if circuito.uf is None else circuito.uf.value,
    }


def _read(linha: RowMapping) -> Circuito:
    alvo = Alvo(
        linha["autorizador"],
        Modelo(linha["modelo"]),
        Ambiente(linha["ambiente"]),
        Uf(linha["uf"]) if linha["uf"] else None,
    )
    return Circuito(
        alvo,
        falhas=linha["falhas"],
        aberto_em=linha["aberto_em"],
        motivo=linha["motivo"],
        c_stat=linha["c_stat"],
        empresa_id=linha["sondada_por"],
        uf=None if linha["uf_documento"] is None else Uf(linha["uf_documento"]),
        forcada=linha["forcada"],
    )


_DO_ALVO = "(autorizador, modelo, ambiente, uf) = (:autorizador, :modelo, :ambiente, :uf)"
_LE_TODOS = text("SELECT * FROM circuitos ORDER BY autorizador, modelo, ambiente, uf")
_LE = text(f"SELECT * FROM circuitos WHERE {_DO_ALVO} FOR UPDATE")  # noqa: S608 - constants
_SEGURA = text(
    "SELECT * FROM circuitos WHERE autorizador = ANY(:autorizadores)"
    " ORDER BY autorizador, modelo, ambiente, uf FOR SHARE"
)
_CRIA = text(
    "INSERT INTO circuitos (autorizador, modelo, ambiente, uf) VALUES (:autorizador, :modelo, :ambiente, :uf)"
    " ON CONFLICT DO NOTHING"
)
_GRAVA = text(
    f"""
    UPDATE circuitos SET falhas = :falhas, aberto_em = :aberto_em, motivo = :motivo, c_stat = :c_stat,
        sondada_por = :empresa_id, uf_documento = :uf_documento
    WHERE {_DO_ALVO}
    """  # noqa: S608 - constants
)
_FORCA = text(f"UPDATE circuitos SET forcada = :motivo WHERE {_DO_ALVO}")  # noqa: S608 - constants
_TOMA_PERGUNTA = text(
    f"""
    UPDATE circuitos SET perguntado_em = chancela_agora(),
        c_stat = CASE WHEN uf <> '' AND perguntado_em <= chancela_agora() - make_interval(secs => 2 * :s) THEN NULL
            ELSE c_stat END,
        sondada_por = coalesce(sondada_por, :empresa_id),
        uf_documento = coalesce(uf_documento, :uf_documento)
    WHERE {_DO_ALVO}
        AND (perguntado_em IS NULL OR perguntado_em <= chancela_agora() - make_interval(secs => :s))
    RETURNING 1
    """  # noqa: S608 - constants
)
_SOLTAM = tuple(
    text(
        f"UPDATE {tabela} d SET proxima_acao = chancela_agora() FROM ("  # noqa: S608 - constants
        f" SELECT id FROM {tabela} WHERE proxima_acao > chancela_agora() AND uf = ANY(:ufs) AND modelo = :modelo"
        " AND ambiente = :ambiente AND c_stat IS DISTINCT FROM 656 ORDER BY id FOR UPDATE) parados"
        " WHERE d.id = parados.id RETURNING d.empresa_id"
    )
    for tabela in ("documentos", "solicitacoes")
)
