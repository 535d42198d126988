"""Documents, their leases, attempts and outcomes: the `Documentos` port on PostgreSQL.

A lease is a row's `dono`, `concessao_ate` and `concessao`; the last only grows, at every lease and at every release,
and every write of an owner names the number that it was given. So an owner that froze and woke up writes nothing.
"""

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import TypeVar

from psycopg.types.json import Jsonb
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from chancela.domain.erros import ConcessaoPerdida, EstadoInvalido
from chancela.domain.identidade import Ambiente, Modelo
from chancela.issuing.modelo import (
    Admissao,
    Concessao,
    Desfecho,
    Documento,
    EnvioPlanejado,
    Marco,
    NovoDocumento,
    OutraEmissao,
    VersaoAssinada,
)
from chancela.stores import consultas_documento as sql
from chancela.stores.admissao import admit_document, admit_documents
from chancela.stores.conexao import Banco, Linha
from chancela.stores.contingencia import change_emission, substitute_document, was_transmitted
from chancela.stores.desfecho import settled, write_desfecho
from chancela.stores.despertar import wake
from chancela.stores.linha_do_tempo import ASSINADO, append, write_marco
from chancela.stores.linhas import read_concessao, read_documento
from chancela.stores.numeracao import Serie, return_number
from chancela.stores.paradas import stopped_by

T = TypeVar("T")
_CONCESSAO_PERDIDA = "CH002"
"""SQLSTATE of `chancela_comecar` and `chancela_encerrar`; the message is the document's id."""


class DocumentosPg:
    """Implements `issuing.ports.Documentos` and the reading side that faces need. Blocking and thread-safe."""

    def __init__(self, banco: Banco) -> None:
        self._banco = banco

    def admit(self, novo: NovoDocumento, *, dono: str | None, prazo_s: float) -> Admissao:
        """See the port. `NumeracaoEsgotada` when the series is full; `EstadoInvalido` when a reissue names another series,
        or when issuing is stopped."""
        return self._admitting(
            novo.empresa_id, lambda conexao: admit_document(conexao, novo, dono=dono, prazo_s=prazo_s)
        )

    def admit_together(
        self, novos: Sequence[NovoDocumento], *, dono: str, prazo_s: float
    ) -> Sequence[Admissao | None]:
        """See the port; raises as `admit` does, of any of them, and then none was stored."""
        (empresa_id,) = {novo.empresa_id for novo in novos}
        return self._admitting(
            empresa_id, lambda conexao: admit_documents(conexao, novos, dono=dono, prazo_s=prazo_s)
        )

    def _admitting(self, empresa_id: int, trabalho: Callable[[Connection], T]) -> T:
        try:
            return self._banco.in_company(empresa_id, trabalho, gravacao="documento_numero")
        except DBAPIError as erro:
            parada = stopped_by(erro)
            if parada is None:
                raise
            raise parada from None

    # -- leases -------------------------------------------------------------------------------------------

    def claim(self, empresa_id: int, *, limite: int, dono: str, prazo_s: float) -> Sequence[Concessao]:
        parametros = {"empresa_id": empresa_id, "limite": limite, "dono": dono, "prazo_s": float(prazo_s)}

        def run(conexao: Connection) -> Sequence[Concessao]:
            return [
                read_concessao(linha) for linha in conexao.execute(sql.CONCEDE_DEVIDOS, parametros).mappings()
            ]

        return self._banco.in_company(empresa_id, run)

    def claim_one(self, documento_id: str, empresa_id: int, *, dono: str, prazo_s: float) -> Concessao | None:
        parametros = {"id": documento_id, "dono": dono, "prazo_s": float(prazo_s), "so_devido": False}

        def run(conexao: Connection) -> Concessao | None:
            linha = conexao.execute(sql.CONCEDE_UM, parametros).mappings().one_or_none()
            return None if linha is None else read_concessao(linha)

        return self._banco.in_company(empresa_id, run)

    def claim_receipt(
        self, recibo: str, empresa_id: int, ambiente: Ambiente, *, dono: str, prazo_s: float
    ) -> Sequence[Concessao]:
        parametros = {
            "empresa_id": empresa_id, "recibo": recibo, "ambiente": int(ambiente), "dono": dono, "prazo_s": float(prazo_s),
        }  # fmt: skip

        def run(conexao: Connection) -> Sequence[Concessao]:
            return [
                read_concessao(linha) for linha in conexao.execute(sql.CONCEDE_RECIBO, parametros).mappings()
            ]

        return self._banco.in_company(empresa_id, run)

    def waiting(self, empresa_id: int, modelo: Modelo, *, limite: int) -> int:
        parametros = {"empresa_id": empresa_id, "modelo": modelo.value, "limite": limite}
        with self._banco.company(empresa_id) as conexao:
            return conexao.execute(_NA_FILA, parametros).scalar_one()

    def lease_owners(self) -> Sequence[str]:
        with self._banco.system() as conexao:
            return list(conexao.execute(_DONOS).scalars())

    def release_leases(self, dono: str) -> int:
        """See the port. The companies concerned are woken in the same transaction."""

        def run(conexao: Connection) -> int:
            empresas = list(conexao.execute(_LIBERA, {"dono": dono}).scalars())
            for empresa_id in sorted(set(empresas)):
                wake(conexao, empresa_id)
            return len(empresas)

        return self._banco.in_system(run)

    def due_companies(self, limite: int) -> Sequence[int]:
        with self._banco.system() as conexao:
            return list(conexao.execute(_EMPRESAS_DEVIDAS, {"limite": limite}).scalars())

    def wake_due(self, limite: int = 1_000) -> int:
        """The sweep: promise a drain to every company that has due documents; returns how many there were."""

        def run(conexao: Connection) -> int:
            empresas = list(conexao.execute(_EMPRESAS_DEVIDAS, {"limite": limite}).scalars())
            for empresa_id in sorted(empresas):
                wake(conexao, empresa_id)
            return len(empresas)

        return self._banco.in_system(run)

    def wake_next(self, empresa_id: int) -> None:
        """After a drain: promise the next one, at the time when the company's next living document is due."""

        def run(conexao: Connection) -> None:
            falta_s = conexao.execute(_PROXIMO_DEVIDO, {"empresa_id": empresa_id}).scalar_one()
            if falta_s is not None:
                wake(conexao, empresa_id, em_s=max(1.0, float(falta_s)))

        self._banco.in_company(empresa_id, run)

    # -- attempts and outcomes ----------------------------------------------------------------------------

    def begin(self, envios: Sequence[EnvioPlanejado]) -> Sequence[int]:
        """See the port. One commit per company; within one, a lost lease undoes all and raises `ConcessaoPerdida`.

        An owner past its term may not begin, even if nobody took over yet: what follows would open a socket.
        """
        ids: dict[str, int] = {}
        for empresa_id, grupo in groupby(sorted(envios, key=_company_then_id), key=_company):
            ids |= self._begin(empresa_id, list(grupo))
        return [ids[envio.concessao.documento.id] for envio in envios]

    def settle(self, desfechos: Sequence[Desfecho]) -> Sequence[Documento]:
        """See the port. One commit per company; within one, a lost lease undoes all and raises `ConcessaoPerdida`."""
        feitos: dict[str, Documento] = {}
        for empresa_id, grupo in groupby(sorted(desfechos, key=_company_then_id), key=_company):
            feitos |= self._settle(empresa_id, list(grupo))
        return [feitos[desfecho.concessao.documento.id] for desfecho in desfechos]

    def _begin(self, empresa_id: int, envios: Sequence[EnvioPlanejado]) -> dict[str, int]:
        linhas = self._call_held(
            envios,
            lambda: self._banco.call_company(
                empresa_id,
                "SELECT * FROM chancela_comecar(%s, %s, %s, %b, %b, %s)",
                Jsonb([_write_envio(envio) for envio in envios]),
                [envio.assinado and envio.assinado.xml for envio in envios],
                [envio.assinado and envio.assinado.suplemento for envio in envios],
                Jsonb(write_marco(ASSINADO)),
                gravacao="documento_envio",
            ),
        )
        return {linha.o_id: linha.o_tentativa for linha in linhas}

    def _settle(self, empresa_id: int, desfechos: Sequence[Desfecho]) -> dict[str, Documento]:
        linhas = self._call_held(
            desfechos,
            lambda: self._banco.call_company(
                empresa_id,
                "SELECT * FROM chancela_encerrar(%s, %s, %s, %b, %b)",
                Jsonb([write_desfecho(desfecho) for desfecho in desfechos]),
                [desfecho.protocolo and desfecho.protocolo.xml for desfecho in desfechos],
                [desfecho.xml_autorizado for desfecho in desfechos],
                gravacao="documento_resultado",
            ),
        )
        return {
            linha.o_id: self._after(desfecho, linha)
            for desfecho, linha in zip(desfechos, linhas, strict=True)
        }

    def _after(self, desfecho: Desfecho, linha: Linha) -> Documento:
        antes = desfecho.concessao.documento
        if desfecho.adotar is not None or antes.xml_assinado is None:
            return self.get(antes.id, antes.empresa_id) or antes
        return settled(desfecho, tentativas=linha.o_tentativas, atualizado_em=linha.o_atualizado_em)

    def _call_held(
        self, planos: Sequence[EnvioPlanejado] | Sequence[Desfecho], chamada: Callable[[], list[Linha]]
    ) -> list[Linha]:
        """Run a function that refuses with the id of the document whose lease was lost."""
        try:
            return chamada()
        except DBAPIError as erro:
            diagnostico = getattr(erro.orig, "diag", None)
            if diagnostico is None or diagnostico.sqlstate != _CONCESSAO_PERDIDA:
                raise
            perdido = diagnostico.message_primary
            documentos = (plano.concessao.documento for plano in planos)
            raise lost(next(d for d in documentos if d.id == perdido)) from None

    def discard(self, concessao: Concessao, motivo: str) -> None:
        """See the port. `EstadoInvalido` when an attempt was ever recorded: its bytes may be at SEFAZ."""
        self._banco.in_company(
            concessao.documento.empresa_id, lambda conexao: _discard(conexao, concessao, motivo)
        )

    # -- contingency --------------------------------------------------------------------------------------

    def was_transmitted(self, documento_id: str, empresa_id: int) -> bool:
        with self._banco.company(empresa_id) as conexao:
            return was_transmitted(conexao, documento_id)

    def change_emission(self, concessao: Concessao, outra: OutraEmissao) -> Concessao:
        """See the port."""
        return self._held(concessao, lambda conexao: change_emission(conexao, concessao, outra))

    def substitute(
        self, concessao: Concessao, outra: OutraEmissao, *, novo_id: str, prazo_s: float
    ) -> Concessao:
        """See the port. The substitute's wake-up commits with it."""

        def run(conexao: Connection) -> Concessao | None:
            nova = substitute_document(conexao, concessao, outra, novo_id=novo_id, prazo_s=prazo_s)
            if nova is not None:
                wake(conexao, concessao.documento.empresa_id, em_s=float(prazo_s))
            return nova

        return self._held(concessao, run)

    def _held(self, concessao: Concessao, trabalho: Callable[[Connection], Concessao | None]) -> Concessao:
        nova = self._banco.in_company(concessao.documento.empresa_id, trabalho, gravacao="documento_desvio")
        if nova is None:
            raise lost(concessao.documento)
        return nova

    # -- reading ------------------------------------------------------------------------------------------

    def versions(self, documento_id: str, empresa_id: int) -> Sequence[VersaoAssinada]:
        with self._banco.company(empresa_id) as conexao:
            linhas = conexao.execute(_VERSOES, {"id": documento_id}).all()
        return [VersaoAssinada(linha.chave, linha.digest_value, linha.xml_assinado) for linha in linhas]

    def get(self, documento_id: str, empresa_id: int) -> Documento | None:
        with self._banco.company(empresa_id) as conexao:
            linha = conexao.execute(sql.LE_POR_ID, {"id": documento_id}).mappings().one_or_none()
        return None if linha is None else read_documento(linha)

    def memoria(self, documento_id: str, empresa_id: int) -> bytes | None:
        """The steps of the tax calculation of the document's present version; None for one without."""
        with self._banco.company(empresa_id) as conexao:
            return conexao.execute(_MEMORIA, {"id": documento_id}).scalar_one_or_none()

    def find_by_chave(self, chave: str, empresa_id: int) -> Documento | None:
        """The document that has this key now. The same key in both environments: the production one."""
        with self._banco.company(empresa_id) as conexao:
            linha = conexao.execute(sql.LE_POR_CHAVE, {"chave": chave}).mappings().first()
        return None if linha is None else read_documento(linha)

    def find_by_referencia(
        self, referencia: str, empresa_id: int, ambiente: Ambiente, modelo: Modelo
    ) -> Documento | None:
        """The document of the caller's own id in one environment and model (ADR 0003)."""
        parametros = {
            "empresa_id": empresa_id,
            "referencia": referencia,
            "ambiente": int(ambiente),
            "modelo": modelo.value,
        }
        with self._banco.company(empresa_id) as conexao:
            linha = conexao.execute(sql.LE_POR_REFERENCIA, parametros).mappings().one_or_none()
        return None if linha is None else read_documento(linha)


def _company(plano: EnvioPlanejado | Desfecho) -> int:
    return plano.concessao.documento.empresa_id


def _company_then_id(plano: EnvioPlanejado | Desfecho) -> tuple[int, str]:
    return plano.concessao.documento.empresa_id, plano.concessao.documento.id


def _write_envio(envio: EnvioPlanejado) -> dict[str, object]:
    return {
        "id": envio.concessao.documento.id,
        "token": envio.concessao.token,
        "digest": envio.assinado and envio.assinado.digest_value,
        "operacao": envio.operacao and envio.operacao.value,
    }


def _discard(conexao: Connection, concessao: Concessao, motivo: str) -> None:
    documento = concessao.documento
    serie = Serie(documento.ambiente, documento.emitente, documento.modelo, documento.serie)
    conexao.execute(sql.TRAVA_SERIE, serie.parameters())
    linha = conexao.execute(sql.DESCARTE, {"id": documento.id, "token": concessao.token}).one_or_none()
    if linha is None:
        raise lost(documento)
    if linha.tentou:
        raise EstadoInvalido(
            "DOC-JA-TRANSMITIDO",
            "Este documento já pode ter chegado à SEFAZ; o número não volta para a série.",
            "Aguarde o resultado, ou cancele o documento depois de autorizado.",
        )
    conexao.execute(sql.APAGA, {"id": documento.id})
    return_number(conexao, serie, documento.numero)
    fatos = {"chave": documento.chave, "serie": str(documento.serie), "numero": str(documento.numero)}
    append(conexao, documento.id, linha.dono, (Marco("descartado", motivo, fatos),))


def lost(documento: Documento) -> ConcessaoPerdida:
    """Somebody else owns the document now, or the term is over."""
    return ConcessaoPerdida(
        "DOC-CONCESSAO",
        f"Outro processo assumiu o documento {documento.id}.",
        "Consulte o documento de novo.",
    )


_DONOS = text("SELECT DISTINCT dono FROM documentos WHERE dono IS NOT NULL ORDER BY dono")
_LIBERA = text(
    "UPDATE documentos d SET dono = NULL, concessao_ate = NULL, concessao = d.concessao + 1"
    " FROM (SELECT id FROM documentos WHERE dono = :dono ORDER BY id FOR UPDATE) presos"
    " WHERE d.id = presos.id RETURNING d.empresa_id"
)
_EMPRESAS_DEVIDAS = text(
    "SELECT empresa_id FROM documentos WHERE proxima_acao <= chancela_agora()"
    " AND (concessao_ate IS NULL OR concessao_ate <= chancela_agora())"
    " GROUP BY empresa_id ORDER BY min(proxima_acao), empresa_id LIMIT :limite"
)
_NA_FILA = text(
    "SELECT count(*) FROM (SELECT 1 FROM documentos WHERE empresa_id = :empresa_id AND modelo = :modelo"
    " AND proxima_acao <= chancela_agora() AND estado IN ('PENDENTE', 'ASSINADO')"
    " AND (concessao_ate IS NULL OR concessao_ate <= chancela_agora()) LIMIT :limite) fila"
)
_PROXIMO_DEVIDO = text(
    "SELECT extract(epoch FROM min(greatest(proxima_acao, concessao_ate)) - chancela_agora())"
    " FROM documentos WHERE empresa_id = :empresa_id AND proxima_acao IS NOT NULL"
)
_MEMORIA = text(
    "SELECT v.memoria FROM documentos d JOIN versoes v ON v.documento_id = d.id AND v.versao = d.versao WHERE d.id = :id"
)
_VERSOES = text(
    "SELECT chave, digest_value, xml_assinado FROM versoes"
    " WHERE documento_id = :id AND xml_assinado IS NOT NULL ORDER BY versao"
)
