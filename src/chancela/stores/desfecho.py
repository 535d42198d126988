"""What issuing decided, in the form in which `chancela_encerrar` takes it, and the document as it is afterwards."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chancela.issuing.modelo import Desfecho, Documento, TentativaEncerrada
from chancela.kit.frozen import replace
from chancela.stores.caminhos import archive_path
from chancela.stores.linha_do_tempo import write_marco
from chancela.stores.linhas import write_protocolo


def write_desfecho(desfecho: Desfecho) -> Mapping[str, Any]:
    """Everything but the bytes; protocol and archived XML travel beside it."""
    documento, adotada = desfecho.concessao.documento, desfecho.adotar
    assert desfecho.estado.vivo == (desfecho.proxima_acao_s is not None), "a living document has a next time"
    return {
        "id": documento.id,
        "token": desfecho.concessao.token,
        "estado": desfecho.estado.value,
        "c_stat": desfecho.c_stat,
        "motivo": desfecho.motivo,
        "recibo": desfecho.recibo,
        "acao_s": desfecho.proxima_acao_s,
        "adotada": adotada and adotada.chave,
        "adotada_digest": adotada and adotada.digest_value,
        "tentativas": [_write_tentativa(tentativa) for tentativa in desfecho.tentativas],
        "marcos": [write_marco(marco) for marco in desfecho.marcos],
        **_write_protocolo(desfecho),
        **_write_archive(desfecho),
    }


def settled(desfecho: Desfecho, *, tentativas: int, atualizado_em: datetime) -> Documento:
    """The document that `desfecho` leaves behind, without asking for it again: nobody else may write a leased one.

    Not for one that adopts another version, nor for one whose owner did not keep its signed bytes: those are read anew.
    """
    assert desfecho.adotar is None
    antes = desfecho.concessao.documento
    return replace(
        antes,
        estado=desfecho.estado,
        c_stat=desfecho.c_stat,
        motivo=desfecho.motivo,
        recibo=desfecho.recibo,
        protocolo=desfecho.protocolo or antes.protocolo,
        tentativas=tentativas,
        tentativa_aberta=False,
        atualizado_em=atualizado_em,
    )


def _write_tentativa(tentativa: TentativaEncerrada) -> Mapping[str, Any]:
    return {
        "id": tentativa.id,
        "resultado": tentativa.resultado,
        "c_stat": tentativa.c_stat,
        "motivo": tentativa.motivo,
        "duracao_ms": tentativa.duracao_ms,
    }


def _write_protocolo(desfecho: Desfecho) -> Mapping[str, Any]:
    colunas = dict(write_protocolo(desfecho.protocolo))
    em: datetime | None = colunas["protocolo_em"]
    return {**colunas, "protocolo_em": None if em is None else em.isoformat()}


def _write_archive(desfecho: Desfecho) -> Mapping[str, Any]:
    if desfecho.xml_autorizado is None:
        return {}
    documento = desfecho.concessao.documento
    chave = documento.chave if desfecho.adotar is None else desfecho.adotar.chave
    caminho = archive_path(
        int(documento.ambiente),
        documento.emitente,
        documento.emitido_em,
        f"{chave}-procNFe",
        ".xml",
        desfecho.xml_autorizado,
    )
    return {"caminho": caminho, "sha256": hashlib.sha256(desfecho.xml_autorizado).hexdigest()}
