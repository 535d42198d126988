"""Events and inutilizações: the `Solicitacoes` port on PostgreSQL, under leases that fence as those of documents do.

Lock order: `series` -> `documentos` -> `solicitacoes` -> timeline -> queue (see `conexao`).
"""

import hashlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping

from chancela.domain.erros import ConcessaoPerdida, EstadoInvalido
from chancela.domain.identidade import Ambiente, Modelo, Uf
from chancela.issuing.modelo import Documento, Marco
from chancela.issuing.solicitacao import (
    CANCELAMENTOS,
    INUTILIZACAO,
    AdmissaoSolicitacao,
    AlvoEvento,
    ConcessaoSolicitacao,
    DesfechoSolicitacao,
    EstadoSolicitacao,
    FiltroSolicitacoes,
    NovaInutilizacao,
    NovoEvento,
    PaginaSolicitacoes,
    Solicitacao,
)
from chancela.stores import consultas_documento
from chancela.stores import consultas_solicitacao as sql
from chancela.stores.caminhos import archive_path
from chancela.stores.conexao import Banco
from chancela.stores.despertar import wake
from chancela.stores.faixas import reserve_range, settle_range
from chancela.stores.linha_do_tempo import append
from chancela.stores.linhas import read_documento

ARQUIVO_EVENTO = "xml_evento"
ARQUIVO_INUTILIZACAO = "xml_inutilizacao"


class SolicitacoesPg:
    """Implements `issuing.solicitacao.Solicitacoes`. Blocking and thread-safe."""

    def __init__(self, banco: Banco) -> None:
        self._banco = banco

    def admit_evento(self, novo: NovoEvento, *, dono: str, prazo_s: float) -> AdmissaoSolicitacao:
        return self._banco.in_company(
            novo.alvo.empresa_id,
            lambda conexao: _admit_evento(conexao, novo, dono, prazo_s),
            gravacao="evento_pedido",
        )

    def admit_inutilizacao(self, nova: NovaInutilizacao, *, dono: str, prazo_s: float) -> AdmissaoSolicitacao:
        return self._banco.in_company(
            nova.empresa_id,
            lambda conexao: _admit_inutilizacao(conexao, nova, dono, prazo_s),
            gravacao="evento_pedido",
        )

    # -- leases -------------------------------------------------------------------------------------------

    def claim(
        self, empresa_id: int, *, limite: int, dono: str, prazo_s: float
    ) -> Sequence[ConcessaoSolicitacao]:
        parametros = {"limite": limite, "dono": dono, "prazo_s": float(prazo_s)}
        return self._banco.in_company(
            empresa_id, lambda conexao: _leases(conexao, sql.CONCEDE_DEVIDAS, parametros)
        )

    def claim_of(
        self, documento_id: str, empresa_id: int, *, dono: str, prazo_s: float
    ) -> Sequence[ConcessaoSolicitacao]:
        parametros = {"documento_id": documento_id, "dono": dono, "prazo_s": float(prazo_s)}
        return self._banco.in_company(
            empresa_id, lambda conexao: _leases(conexao, sql.CONCEDE_DO_DOCUMENTO, parametros)
        )

    def lease_owners(self) -> Sequence[str]:
        """Owners that hold leases now (system scope)."""
        with self._banco.system() as conexao:
            return list(conexao.execute(sql.DONOS).scalars())

    def release_leases(self, dono: str) -> int:
        """Free the leases of an owner known to be dead; the companies concerned are woken."""

        def run(conexao: Connection) -> int:
            empresas = list(conexao.execute(sql.LIBERA, {"dono": dono}).scalars())
            for empresa_id in sorted(set(empresas)):
                wake(conexao, empresa_id)
            return len(empresas)

        return self._banco.in_system(run)

    def wake_due(self, limite: int = 1_000) -> int:
        """The sweep: promise a drain to every company that has due requests; returns how many there were."""

        def run(conexao: Connection) -> int:
            empresas = list(conexao.execute(sql.EMPRESAS_DEVIDAS, {"limite": limite}).scalars())
            for empresa_id in sorted(empresas):
                wake(conexao, empresa_id)
            return len(empresas)

        return self._banco.in_system(run)

    def wake_next(self, empresa_id: int) -> None:
        """After a drain: promise the next one, when the company's next living request is due."""

        def run(conexao: Connection) -> None:
            falta_s = conexao.execute(sql.PROXIMA_DEVIDA).scalar_one()
            if falta_s is not None:
                wake(conexao, empresa_id, em_s=max(1.0, float(falta_s)))

        self._banco.in_company(empresa_id, run)

    # -- attempts and outcomes ----------------------------------------------------------------------------

    def begin(self, concessao: ConcessaoSolicitacao, operacao: str) -> int:
        chave = {"id": concessao.solicitacao.id, "token": concessao.token}

        def run(conexao: Connection) -> int:
            linha = conexao.execute(sql.COMECA, chave).one_or_none()
            if linha is None:
                raise _lost(concessao.solicitacao)
            parametros = {**chave, "dono": linha.dono, "operacao": operacao}
            return conexao.execute(sql.ABRE_TENTATIVA, parametros).scalar_one()

        return self._banco.in_company(concessao.solicitacao.empresa_id, run, gravacao="evento_envio")

    def settle(self, desfecho: DesfechoSolicitacao) -> Solicitacao:
        assert desfecho.estado.viva == (desfecho.proxima_acao_s is not None), (
            "a living request has a next time"
        )
        return self._banco.in_company(
            desfecho.concessao.solicitacao.empresa_id,
            lambda conexao: _settle(conexao, desfecho),
            gravacao="evento_resultado",
        )

    def mark_cancelled(self, documento: Documento, c_stat: int, motivo: str, marco: Marco) -> bool:
        def run(conexao: Connection) -> bool:
            parametros = {"id": documento.id, "c_stat": c_stat, "motivo": motivo}
            mudou = conexao.execute(sql.CANCELA_DOCUMENTO, parametros).rowcount == 1
            if mudou:
                append(conexao, documento.id, "consulta", (marco,))
            return mudou

        return self._banco.in_company(documento.empresa_id, run)

    # -- reading ------------------------------------------------------------------------------------------

    def get(self, solicitacao_id: str, empresa_id: int) -> Solicitacao | None:
        with self._banco.company(empresa_id) as conexao:
            linha = conexao.execute(sql.LE_POR_ID, {"id": solicitacao_id}).mappings().one_or_none()
        return None if linha is None else read_solicitacao(linha)

    def list_of(self, documento_id: str, empresa_id: int) -> Sequence[Solicitacao]:
        with self._banco.company(empresa_id) as conexao:
            linhas = conexao.execute(sql.LE_DO_DOCUMENTO, {"documento_id": documento_id}).mappings().all()
        return [read_solicitacao(linha) for linha in linhas]

    def list_of_key(self, chave: str, ambiente: Ambiente, empresa_id: int) -> Sequence[Solicitacao]:
        with self._banco.company(empresa_id) as conexao:
            onde = {"chave": chave, "ambiente": int(ambiente)}
            linhas = conexao.execute(sql.LE_DA_CHAVE, onde).mappings().all()
        return [read_solicitacao(linha) for linha in linhas]

    def list_registered(
        self, empresa_id: int, filtro: FiltroSolicitacoes, *, pagina: int, tamanho: int
    ) -> PaginaSolicitacoes:
        """Registered events of some kinds, newest first; not on the port: only faces read lists."""
        onde = {
            "tipos": list(filtro.tipos), "chave": filtro.chave, "desde": filtro.desde, "ate": filtro.ate,
            "tamanho": tamanho, "inicio": (pagina - 1) * tamanho,
        }  # fmt: skip
        with self._banco.company(empresa_id) as conexao:
            total = conexao.execute(sql.CONTA_REGISTRADAS, onde).scalar_one()
            linhas = conexao.execute(sql.LISTA_REGISTRADAS, onde).mappings().all()
        return PaginaSolicitacoes([read_solicitacao(linha) for linha in linhas], total)


def _admit_evento(conexao: Connection, novo: NovoEvento, dono: str, prazo_s: float) -> AdmissaoSolicitacao:
    alvo = novo.alvo
    onde = {"ambiente": int(alvo.ambiente), "chave": alvo.chave.texto, "tipo": novo.tipo}
    documento = _lock_target(conexao, alvo)
    vivas = [
        read_solicitacao(linha)
        for linha in conexao.execute(sql.EM_CURSO, {**onde, "fins": sorted(CANCELAMENTOS)}).mappings()
    ]
    if (em_curso := next((s for s in vivas if s.tipo == novo.tipo), None)) is not None:
        if novo.sequencia_maxima > 1 and em_curso.texto != novo.texto:
            raise EstadoInvalido(
                "EVENTO-EM-ANDAMENTO",
                "Outro evento deste tipo, com outro texto, está em andamento para o documento.",
                "Aguarde o resultado dele e envie este de novo.",
            )
        return _resume(conexao, em_curso, dono, prazo_s)
    if vivas:
        raise EstadoInvalido(
            "EVENTO-EM-ANDAMENTO",
            "O cancelamento deste documento está em andamento.",
            "Aguarde o resultado dele: depois de cancelado, o documento não recebe mais este evento.",
        )
    if alvo.documento_id is not None and (documento is None or documento.estado not in novo.estados):
        if novo.sequencia_maxima == 1:  # registered between the caller's look and this lock
            feita = conexao.execute(sql.REGISTRADA, onde).mappings().one_or_none()
            if feita is not None:
                return AdmissaoSolicitacao(read_solicitacao(feita), nova=False, concessao=None)
        raise EstadoInvalido(
            "EVENTO-NAO-AUTORIZADO",
            "Só um documento autorizado recebe este evento.",
            "Confira a situação do documento.",
        )
    sequencia = conexao.execute(sql.PROXIMA_SEQUENCIA, onde).scalar_one()
    if sequencia > novo.sequencia_maxima:
        raise EstadoInvalido(
            "EVENTO-LIMITE",
            f"O documento já tem {novo.sequencia_maxima} eventos deste tipo, o máximo que a SEFAZ aceita.",
            "Não há mais sequência disponível para este evento.",
        )
    assinada = novo.assinar(sequencia)
    conexao.execute(
        sql.INSERE,
        {
            **_common(novo.id, alvo.empresa_id, novo.tipo, novo.texto, dono, prazo_s), **onde, "cnpj": str(alvo.autor),
            "uf": alvo.chave.uf.value, "modelo": alvo.chave.modelo, "documento_id": alvo.documento_id,
            "sequencia": sequencia, "serie": None, "inicio": None, "fim": None, "xml": assinada.xml,
            "digest": assinada.digest_value, "pedido_id": novo.pedido_id,
        },
    )  # fmt: skip
    marco = Marco(
        "evento_assinado",
        f"Evento {novo.tipo}, sequência {sequencia}, assinado; os bytes não mudam mais.",
        {"tpEvento": novo.tipo, "nSeqEvento": str(sequencia), "texto": novo.texto},
    )
    return _admitted(conexao, novo.id, alvo.documento_id or novo.id, (marco, *novo.marcos), dono, prazo_s)


def _lock_target(conexao: Connection, alvo: AlvoEvento) -> Documento | None:
    """Keep other events away from the key until the transaction ends; the document, when it is ours."""
    if alvo.documento_id is None:
        conexao.execute(sql.TRAVA_CHAVE, {"chave": alvo.chave.texto})
        return None
    onde = {"id": alvo.documento_id}
    conexao.execute(sql.TRAVA_DOCUMENTO, onde)
    linha = conexao.execute(consultas_documento.LE_POR_ID, onde).mappings().one_or_none()
    return None if linha is None else read_documento(linha)


def _admit_inutilizacao(
    conexao: Connection, nova: NovaInutilizacao, dono: str, prazo_s: float
) -> AdmissaoSolicitacao:
    anterior_id = reserve_range(conexao, nova)
    if anterior_id is not None:
        anterior = conexao.execute(sql.LE_POR_ID, {"id": anterior_id}).mappings().one_or_none()
        if anterior is None:
            raise EstadoInvalido(
                "INUT-JA-PEDIDA", "Esta faixa já foi pedida por outro cadastro deste CNPJ.", "Aguarde o resultado."
            )  # fmt: skip
        return _resume(conexao, read_solicitacao(anterior), dono, prazo_s)
    conexao.execute(
        sql.INSERE,
        {
            **_common(nova.id, nova.empresa_id, INUTILIZACAO, nova.texto, dono, prazo_s),
            "ambiente": int(nova.ambiente), "cnpj": nova.emitente, "uf": nova.uf.value, "modelo": nova.modelo.value,
            "documento_id": None, "chave": None, "sequencia": None, "serie": nova.serie, "inicio": nova.inicio,
            "fim": nova.fim, "xml": nova.assinada.xml, "digest": nova.assinada.digest_value,
            "pedido_id": nova.pedido_id,
        },
    )  # fmt: skip
    conexao.execute(sql.RESERVA_FAIXA, {"id": nova.id})
    marco = Marco(
        "inutilizacao_assinada",
        f"Inutilização da série {nova.serie}, números {nova.inicio} a {nova.fim}, assinada.",
        {"texto": nova.texto},
    )
    return _admitted(conexao, nova.id, nova.id, (marco,), dono, prazo_s)


def _common(id_: str, empresa_id: int, tipo: str, texto: str, dono: str, prazo_s: float) -> dict[str, Any]:
    return {
        "id": id_,
        "empresa_id": empresa_id,
        "tipo": tipo,
        "texto": texto,
        "dono": dono,
        "prazo_s": float(prazo_s),
    }


def _admitted(
    conexao: Connection, id_: str, alvo: str, marcos: tuple[Marco, ...], dono: str, prazo_s: float
) -> AdmissaoSolicitacao:
    linha = conexao.execute(sql.LE_POR_ID, {"id": id_}).mappings().one()
    append(conexao, alvo, dono, marcos)
    wake(conexao, linha["empresa_id"], em_s=float(prazo_s))
    solicitacao = read_solicitacao(linha)
    return AdmissaoSolicitacao(solicitacao, True, ConcessaoSolicitacao(solicitacao, linha["concessao"]))


def _resume(conexao: Connection, solicitacao: Solicitacao, dono: str, prazo_s: float) -> AdmissaoSolicitacao:
    """The same request again: take it over when nobody is at it."""
    parametros = {"id": solicitacao.id, "dono": dono, "prazo_s": float(prazo_s)}
    concessoes = _leases(conexao, sql.CONCEDE_UMA, parametros) if solicitacao.estado.viva else ()
    return AdmissaoSolicitacao(solicitacao, False, concessoes[0] if concessoes else None)


def _leases(conexao: Connection, comando: Any, parametros: dict[str, Any]) -> Sequence[ConcessaoSolicitacao]:
    linhas = conexao.execute(comando, parametros).mappings().all()
    return [ConcessaoSolicitacao(read_solicitacao(linha), linha["concessao"]) for linha in linhas]


def _settle(conexao: Connection, desfecho: DesfechoSolicitacao) -> Solicitacao:
    antes = desfecho.concessao.solicitacao
    if antes.tipo == INUTILIZACAO:
        settle_range(conexao, antes, desfecho.estado)
    elif desfecho.documento_cancelado:
        parametros = {"id": antes.documento_id, "c_stat": desfecho.c_stat, "motivo": desfecho.motivo}
        conexao.execute(sql.CANCELA_DOCUMENTO, parametros)
    linha = conexao.execute(
        sql.ENCERRA,
        {
            "id": antes.id, "token": desfecho.concessao.token, "estado": desfecho.estado.value, "c_stat": desfecho.c_stat,
            "motivo": desfecho.motivo, "protocolo": desfecho.protocolo, "registrado_em": desfecho.registrado_em,
            "sequencia_vista": desfecho.sequencia_vista,
            "acao_s": None if desfecho.proxima_acao_s is None else float(desfecho.proxima_acao_s),
        },
    ).one_or_none()  # fmt: skip
    if linha is None:
        raise _lost(antes)
    _close_attempts(conexao, desfecho)
    if desfecho.arquivo is not None:
        _archive(conexao, antes, desfecho.arquivo)
    depois = read_solicitacao(conexao.execute(sql.LE_POR_ID, {"id": antes.id}).mappings().one())
    append(conexao, antes.alvo, linha.dono, desfecho.marcos)
    if desfecho.proxima_acao_s is not None:
        wake(conexao, antes.empresa_id, em_s=max(0.0, desfecho.proxima_acao_s))
    return depois


def _close_attempts(conexao: Connection, desfecho: DesfechoSolicitacao) -> None:
    solicitacao_id = desfecho.concessao.solicitacao.id
    for tentativa in desfecho.tentativas:
        fechada = conexao.execute(
            sql.FECHA_TENTATIVA,
            {
                "solicitacao_id": solicitacao_id, "id": tentativa.id, "resultado": tentativa.resultado,
                "c_stat": tentativa.c_stat, "motivo": tentativa.motivo, "duracao_ms": tentativa.duracao_ms,
            },
        )  # fmt: skip
        assert fechada.rowcount == 1, "an attempt ends once, and belongs to its request"
    conexao.execute(sql.ABANDONA, {"solicitacao_id": solicitacao_id})


def _archive(conexao: Connection, solicitacao: Solicitacao, arquivo: bytes) -> None:
    evento = solicitacao.chave is not None
    nome = (
        f"{solicitacao.chave}-{solicitacao.tipo}-{solicitacao.sequencia:02d}-procEventoNFe"
        if evento
        else f"{solicitacao.modelo.value}-{solicitacao.serie}-{solicitacao.inicio}-{solicitacao.fim}-procInutNFe"
    )
    conexao.execute(
        sql.ARQUIVA,
        {
            "id": solicitacao.alvo,
            "tipo": ARQUIVO_EVENTO if evento else ARQUIVO_INUTILIZACAO,
            "variante": file_variant(solicitacao),
            "empresa_id": solicitacao.empresa_id,
            "caminho": archive_path(
                int(solicitacao.ambiente), solicitacao.emitente, solicitacao.criada_em, nome, ".xml", arquivo
            ),
            "sha256": hashlib.sha256(arquivo).digest(),
            "tamanho": len(arquivo),
            "conteudo": arquivo,
        },
    )


def file_variant(solicitacao: Solicitacao) -> str:
    """Which of a document's event files: kind and sequence; empty for a range."""
    return "" if solicitacao.sequencia is None else f"{solicitacao.tipo}-{solicitacao.sequencia}"


def read_solicitacao(linha: RowMapping) -> Solicitacao:
    """The value of a row."""
    return Solicitacao(
        id=linha["id"],
        empresa_id=linha["empresa_id"],
        tipo=linha["tipo"],
        ambiente=Ambiente(linha["ambiente"]),
        emitente=linha["cnpj"],
        uf=Uf(linha["uf"]),
        modelo=Modelo(linha["modelo"]),
        texto=linha["texto"],
        estado=EstadoSolicitacao(linha["estado"]),
        xml_assinado=linha["xml_assinado"],
        digest_value=linha["digest_value"],
        criada_em=linha["criada_em"],
        documento_id=linha["documento_id"],
        chave=linha["chave"],
        sequencia=linha["sequencia"],
        serie=linha["serie"],
        inicio=linha["inicio"],
        fim=linha["fim"],
        c_stat=linha["c_stat"],
        motivo=linha["motivo"],
        protocolo=linha["protocolo"],
        registrado_em=linha["registrado_em"],
        tentativas=linha["tentativas"],
        tentativa_aberta=linha["tentativa_aberta"],
        pedido_id=linha["pedido_id"],
    )


def _lost(solicitacao: Solicitacao) -> ConcessaoPerdida:
    return ConcessaoPerdida(
        "EVENTO-CONCESSAO", f"Outro processo assumiu o pedido {solicitacao.id}.", "Consulte de novo."
    )
