"""Received documents: the `Recebidos` port on PostgreSQL. One answer of SEFAZ, one transaction, fenced by the root's owner."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping

from chancela.documents.recebidos.classificacao import Recebido, TipoRecebido
from chancela.domain.erros import ConcessaoPerdida
from chancela.domain.identidade import Ambiente, Uf
from chancela.gateways.nfe.distribuicao import unpack
from chancela.issuing.distribuicao import (
    Acompanhado,
    DocumentoRecebido,
    EstadoDistribuicao,
    FiltroRecebidos,
    Guardados,
    Interessado,
    NovoRecebido,
    Pagina,
    PaginaRecebidos,
    PosseDistribuicao,
)
from chancela.stores import consultas_recebidos as sql
from chancela.stores.conexao import Banco


class RecebidosPg:
    """Implements `issuing.distribuicao.Recebidos`. Blocking and thread-safe."""

    def __init__(self, banco: Banco) -> None:
        self._banco = banco

    # -- ownership ----------------------------------------------------------------------------------------

    def claim(self, quem: Interessado, *, dono: str, prazo_s: float) -> PosseDistribuicao | None:
        def run(conexao: Connection) -> PosseDistribuicao | None:
            onde = {**_where(quem), "uf": quem.uf.value, "dono": dono, "prazo_s": float(prazo_s)}
            conexao.execute(sql.CRIA, onde)
            conexao.execute(sql.CRIA_DONO, onde)
            token = conexao.execute(sql.TOMA, onde).scalar_one_or_none()
            return None if token is None else PosseDistribuicao(quem, _state(conexao, quem), token)

        return self._banco.in_company(quem.empresa_id, run)

    def release(self, posse: PosseDistribuicao) -> None:
        onde = {**_where(posse.interessado), "token": posse.token}
        self._banco.in_company(posse.interessado.empresa_id, lambda conexao: conexao.execute(sql.SOLTA, onde))

    def take_single(self, posse: PosseDistribuicao, limite_por_hora: int) -> bool:
        onde = {**_where(posse.interessado), "token": posse.token, "limite": limite_por_hora}
        with self._banco.company(posse.interessado.empresa_id) as conexao:
            return conexao.execute(sql.CONTA_AVULSA, onde).one_or_none() is not None

    def lease_owners(self) -> Sequence[str]:
        """Owners that hold a root now (system scope)."""
        with self._banco.system() as conexao:
            return list(conexao.execute(sql.DONOS).scalars())

    def release_leases(self, dono: str) -> int:
        """Free the roots of an owner known to be dead."""
        return self._banco.in_system(lambda conexao: conexao.execute(sql.LIBERA, {"dono": dono}).rowcount)

    # -- capture ------------------------------------------------------------------------------------------

    def keep(
        self, posse: PosseDistribuicao, pagina: Pagina, *, prazo_s: float
    ) -> tuple[PosseDistribuicao, Guardados]:
        quem = posse.interessado

        def run(conexao: Connection) -> tuple[PosseDistribuicao, Guardados]:
            onde = {**_where(quem), "token": posse.token, "prazo_s": float(prazo_s)}
            if conexao.execute(sql.RENOVA, onde).one_or_none() is None:
                raise ConcessaoPerdida(
                    "DIST-POSSE",
                    "Outro processo passou a consultar este CNPJ.",
                    "Nada a fazer: ele continua.",
                )
            guardados = _store(conexao, quem, pagina.documentos)
            _mend(conexao, quem, pagina)
            conexao.execute(
                sql.ANDA,
                {
                    **_where(quem), "uf": quem.uf.value, "ult_nsu": pagina.ult_nsu, "max_nsu": pagina.max_nsu,
                    "c_stat": pagina.c_stat or None, "motivo": pagina.motivo, "espera_s": float(pagina.espera_s),
                    "sincronizada": pagina.sincronizada, "perdidos": pagina.perdidos,
                },
            )  # fmt: skip
            return PosseDistribuicao(quem, _state(conexao, quem), posse.token), guardados

        return self._banco.in_company(quem.empresa_id, run, gravacao="distribuicao_pagina")

    def holes(self, quem: Interessado, limite: int) -> Sequence[int]:
        with self._banco.company(quem.empresa_id) as conexao:
            return list(conexao.execute(sql.LE_BURACOS, {**_where(quem), "limite": limite}).scalars())

    def state(self, quem: Interessado) -> EstadoDistribuicao:
        with self._banco.company(quem.empresa_id) as conexao:
            return _state(conexao, quem)

    def due(self, limite: int) -> Sequence[int]:
        with self._banco.system() as conexao:
            return list(conexao.execute(sql.DEVIDAS, {"limite": limite}).scalars())

    # -- reading ------------------------------------------------------------------------------------------

    def list_page(
        self, empresa_id: int, filtro: FiltroRecebidos, *, pagina: int, tamanho: int
    ) -> PaginaRecebidos:
        onde = {
            "tipo": filtro.tipo, "chave": filtro.chave, "emitente": filtro.emitente, "desde": filtro.desde,
            "ate": filtro.ate, "tamanho": tamanho, "inicio": (pagina - 1) * tamanho,
        }  # fmt: skip
        with self._banco.company(empresa_id) as conexao:
            total = conexao.execute(sql.CONTA, onde).scalar_one()
            linhas = conexao.execute(sql.LISTA, onde).mappings().all()
        return PaginaRecebidos([_read(linha) for linha in linhas], total)

    def get(self, recebido_id: str, empresa_id: int) -> DocumentoRecebido | None:
        with self._banco.company(empresa_id) as conexao:
            linha = conexao.execute(sql.LE_POR_ID, {"id": recebido_id}).mappings().one_or_none()
        return None if linha is None else _read(linha)

    def xml(self, recebido_id: str, empresa_id: int) -> bytes | None:
        with self._banco.company(empresa_id) as conexao:
            linha = conexao.execute(sql.LE_TEXTO, {"id": recebido_id}).one_or_none()
        if linha is None:
            return None
        assert hashlib.sha256(linha.compactado).digest() == linha.sha256, "the kept document is altered"
        return unpack(linha.compactado)

    def issued_at(self, chave: str, empresa_id: int) -> datetime | None:
        with self._banco.company(empresa_id) as conexao:
            return conexao.execute(sql.LE_EMISSAO, {"chave": chave}).scalar()

    # -- follow-up ----------------------------------------------------------------------------------------

    def to_acknowledge(self, quem: Interessado, *, prazo_d: int, limite: int) -> Sequence[Acompanhado]:
        return self._followed(sql.A_DAR_CIENCIA, quem, {**_where(quem), "prazo_d": prazo_d, "limite": limite})

    def to_follow(self, quem: Interessado, limite: int) -> Sequence[Acompanhado]:
        return self._followed(sql.A_ACOMPANHAR, quem, {**_where(quem), "limite": limite})

    def postpone(self, quem: Interessado, recebido_id: str, espera_s: float | None) -> None:
        with self._banco.company(quem.empresa_id) as conexao:
            conexao.execute(sql.ADIA_BUSCA, {"id": recebido_id, "espera_s": espera_s})

    def _followed(self, comando: Any, quem: Interessado, onde: dict[str, Any]) -> Sequence[Acompanhado]:
        with self._banco.company(quem.empresa_id) as conexao:
            return [Acompanhado(linha.chave, linha.id) for linha in conexao.execute(comando, onde)]


def _where(quem: Interessado) -> dict[str, Any]:
    return {"ambiente": int(quem.ambiente), "cnpj": str(quem.cnpj)}


def _state(conexao: Connection, quem: Interessado) -> EstadoDistribuicao:
    linha = conexao.execute(sql.LE_ESTADO, _where(quem)).mappings().one_or_none()
    if linha is None:
        return EstadoDistribuicao()
    return EstadoDistribuicao(
        ult_nsu=linha["ult_nsu"],
        max_nsu=linha["max_nsu"],
        c_stat=linha["c_stat"],
        motivo=linha["motivo"],
        espera_s=float(linha["espera_s"]),
        sincronizada_em=linha["sincronizada_em"],
        uf=Uf(linha["uf"]),
        buracos=linha["buracos"],
        perdidos=linha["perdidos"],
    )


def _store(conexao: Connection, quem: Interessado, documentos: Sequence[NovoRecebido]) -> Guardados:
    por_tipo: Counter[TipoRecebido] = Counter()
    repetidos = 0
    for novo in documentos:
        if conexao.execute(sql.GUARDA, _columns(quem, novo)).rowcount == 1 and (
            novo.dados.tipo is not TipoRecebido.OUTRO
        ):
            por_tipo[novo.dados.tipo] += 1
        else:
            repetidos += 1
    return Guardados(por_tipo, repetidos)


def _mend(conexao: Connection, quem: Interessado, pagina: Pagina) -> None:
    """Open the holes that the answer shows, close those that it fills."""
    if pagina.buracos:
        conexao.execute(sql.ABRE_BURACOS, {**_where(quem), "nsus": list(pagina.buracos)})
    cheios = [documento.nsu for documento in pagina.documentos]
    if pagina.preenchido is not None:
        cheios.append(pagina.preenchido)
    if cheios:
        conexao.execute(sql.FECHA_BURACOS, {**_where(quem), "nsus": cheios})


def _columns(quem: Interessado, novo: NovoRecebido) -> dict[str, Any]:
    dados = novo.dados
    return {
        **_where(quem), "id": novo.id, "nsu": novo.nsu, "tipo": dados.tipo.value, "esquema": novo.esquema,
        "chave": dados.chave, "emitente": dados.emitente, "emitente_nome": dados.emitente_nome, "valor": dados.valor,
        "emissao": dados.emissao, "serie": dados.serie, "numero": dados.numero, "tipo_operacao": dados.tipo_operacao,
        "situacao": dados.situacao, "tp_evento": dados.tp_evento, "descricao_evento": dados.descricao_evento,
        "sequencia": dados.sequencia, "evento_em": dados.evento_em, "protocolo": dados.protocolo,
        "compactado": novo.compactado, "sha256": hashlib.sha256(novo.compactado).digest(),
    }  # fmt: skip


def _read(linha: RowMapping) -> DocumentoRecebido:
    return DocumentoRecebido(
        id=linha["id"],
        ambiente=Ambiente(linha["ambiente"]),
        cnpj=linha["cnpj"],
        nsu=linha["nsu"],
        esquema=linha["esquema"],
        dados=Recebido(
            tipo=TipoRecebido(linha["tipo"]),
            chave=linha["chave"],
            emitente=linha["emitente"],
            emitente_nome=linha["emitente_nome"],
            valor=linha["valor"],
            emissao=linha["emissao"],
            serie=linha["serie"],
            numero=linha["numero"],
            tipo_operacao=linha["tipo_operacao"],
            situacao=linha["situacao"],
            tp_evento=linha["tp_evento"],
            descricao_evento=linha["descricao_evento"],
            sequencia=linha["sequencia"],
            evento_em=linha["evento_em"],
            protocolo=linha["protocolo"],
        ),
        capturado_em=linha["capturado_em"],
    )
