"""Documents, their leases, attempts and outcomes: the `Documentos` port on PostgreSQL.

A lease is a row's `dono`, `concessao_ate` and `concessao`; the last only grows, at every lease and at every release,
and every write of an owner names the number that it was given. So an owner that froze and woke up writes nothing.
"""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import groupby

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
from chancela.stores.admissao import admit_document
from chancela.stores.conexao import Banco
from chancela.stores.contingencia import change_emission, substitute_document, was_transmitted
from chancela.stores.desfecho import settle_document
from chancela.stores.despertar import wake
from chancela.stores.linha_do_tempo import append
from chancela.stores.linhas import read_concessao, read_documento
from chancela.stores.numeracao import Serie, return_number
from chancela.stores.paradas import stopped_by


class DocumentosPg:
    """Implements `issuing.ports.Documentos` and the reading side that faces need. Blocking and thread-safe."""

    def __init__(self, banco: Banco) -> None:
        self._banco = banco

    def admit(self, novo: NovoDocumento, *, dono: str | None, prazo_s: float) -> Admissao:
        """See the port. `NumeracaoEsgotada` when the series is full; `EstadoInvalido` when a reissue names another series,
        or when issuing is stopped."""
        try:
            return self._banco.in_company(
                novo.empresa_id,
                lambda conexao: admit_document(conexao, novo, dono=dono, prazo_s=prazo_s),
                gravacao="documento_numero",
            )
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
            ids |= self._banco.in_company(
                empresa_id, partial(_begin_all, envios=list(grupo)), gravacao="documento_envio"
            )
        return [ids[envio.concessao.documento.id] for envio in envios]

    def settle(self, desfechos: Sequence[Desfecho]) -> Sequence[Documento]:
        """See the port. One commit per company; within one, a lost lease undoes all and raises `ConcessaoPerdida`."""
        feitos: dict[str, Documento] = {}
        for empresa_id, grupo in groupby(sorted(desfechos, key=_company_then_id), key=_company):
            feitos |= self._banco.in_company(
                empresa_id,
                partial(_settle_all, empresa_id=empresa_id, desfechos=list(grupo)),
                gravacao="documento_resultado",
            )
        return [feitos[desfecho.concessao.documento.id] for desfecho in desfechos]

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


def _begin_all(conexao: Connection, envios: Sequence[EnvioPlanejado]) -> dict[str, int]:
    """All rows first, the timeline last: the lock order of the package."""
    ids: dict[str, int] = {}
    assinados: list[tuple[str, str]] = []
    for envio in envios:
        documento = envio.concessao.documento
        chave = {"id": documento.id, "token": envio.concessao.token}
        novo = envio.assinado is not None
        envia = envio.operacao is not None
        linha = conexao.execute(sql.COMECA, {**chave, "novo": novo, "envia": envia}).one_or_none()
        if linha is None:
            raise lost(documento)
        if envio.assinado is not None:
            guardada = conexao.execute(
                sql.GUARDA_ASSINADO,
                {
                    "id": documento.id,
                    "versao": linha.versao,
                    "xml": envio.assinado.xml,
                    "digest_value": envio.assinado.digest_value,
                    "suplemento": envio.assinado.suplemento,
                },
            )
            assert guardada.rowcount == 1, "signed bytes are written once"
            assinados.append((documento.id, linha.dono))
        if envio.operacao is None:
            ids[documento.id] = 0
            continue
        parametros = {**chave, "versao": linha.versao, "dono": linha.dono, "operacao": envio.operacao.value}
        ids[documento.id] = conexao.execute(sql.ABRE_TENTATIVA, parametros).scalar_one()
    for documento_id, dono in assinados:
        append(
            conexao, documento_id, dono, (Marco("assinado", "Documento assinado; os bytes não mudam mais."),)
        )
    return ids


def _settle_all(conexao: Connection, empresa_id: int, desfechos: Sequence[Desfecho]) -> dict[str, Documento]:
    feitos: dict[str, Documento] = {}
    donos: dict[str, str] = {}
    for desfecho in desfechos:
        antes = desfecho.concessao.documento
        dono = settle_document(conexao, desfecho)
        if dono is None:
            raise lost(antes)
        donos[antes.id] = dono
        feitos[antes.id] = read_documento(conexao.execute(sql.LE_POR_ID, {"id": antes.id}).mappings().one())
    for desfecho in desfechos:
        documento_id = desfecho.concessao.documento.id
        append(conexao, documento_id, donos[documento_id], desfecho.marcos)
    prazos = [d.proxima_acao_s for d in desfechos if d.proxima_acao_s is not None]
    if prazos:
        wake(conexao, empresa_id, em_s=max(0.0, min(prazos)))
    return feitos


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
