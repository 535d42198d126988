"""The files of a document for the faces: the XML from the archive, PDFs drawn once per state and kept."""

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from chancela.documents.eventos.epec import EPEC
from chancela.domain.erros import NaoEncontrado
from chancela.faces.tffiscal.servicos import TipoDanfe
from chancela.issuing.contingencia import TipoEmissao
from chancela.issuing.modelo import Documento, Estado
from chancela.issuing.solicitacao import EstadoSolicitacao, Solicitacoes
from chancela.server.danfe import OficinaDePdf
from chancela.server.desenho import (
    draw_completo,
    draw_cupom,
    draw_cupom_58,
    draw_etiqueta,
    draw_etiqueta_png,
    draw_simples,
)
from chancela.stores.artefatos import Artefatos

if TYPE_CHECKING:
    from chancela.documents.nfe.danfe import RegistroEpec

_LEIAUTE = "3"
"""Part of the cache key: raise it when a drawing changes."""


class ArquivosNfe:
    """Implements the face's `Arquivos`. A PDF is made when it is first asked for, and again when the state changes."""

    def __init__(self, artefatos: Artefatos, oficina: OficinaDePdf, solicitacoes: Solicitacoes) -> None:
        self._artefatos = artefatos
        self._oficina = oficina
        self._solicitacoes = solicitacoes

    async def xml(self, documento: Documento) -> bytes | None:
        autorizado = await run_in_threadpool(self._artefatos.xml, documento.id, documento.empresa_id)
        return autorizado or (documento.xml_assinado if documento.transmitir_ate is not None else None)

    async def danfe(self, documento: Documento, tipo: TipoDanfe) -> bytes:
        """Raises `NaoEncontrado` while there is no authorised XML."""
        variante = _variant(documento)
        guardado = await run_in_threadpool(
            self._artefatos.read, documento.id, documento.empresa_id, tipo.value, variante
        )
        if guardado is not None:
            return guardado
        nfeproc = await self.xml(documento)
        if nfeproc is None:
            raise NaoEncontrado(
                "DANFE-SEM-XML",
                "O documento não tem XML autorizado.",
                "Aguarde a autorização; o de um documento além do prazo de guarda já foi excluído.",
            )
        cancelada = documento.estado is Estado.CANCELADO
        epec = await self._epec(documento)
        desenho = await self._oficina.draw(_DESENHOS[tipo], nfeproc, cancelada=cancelada, epec=epec)
        extensao = ".png" if tipo is TipoDanfe.SIMPLES_PNG else ".pdf"
        await run_in_threadpool(self._artefatos.save, documento, tipo.value, variante, extensao, desenho)
        return desenho

    async def _epec(self, documento: Documento) -> "RegistroEpec | None":
        if documento.tp_emis != TipoEmissao.EPEC:
            return None
        from chancela.documents.nfe.danfe import RegistroEpec  # loads the drawing library: only for these few

        feitas = await run_in_threadpool(self._solicitacoes.list_of, documento.id, documento.empresa_id)
        for feita in feitas:
            registrada = feita.estado is EstadoSolicitacao.REGISTRADA and feita.tipo == EPEC.codigo
            if registrada and feita.protocolo and feita.registrado_em:
                return RegistroEpec(feita.protocolo, feita.registrado_em)
        return None


def _variant(documento: Documento) -> str:
    """What a drawing is kept under: the same state and layout, and before the authorisation, the same signed bytes."""
    variante = f"{documento.estado.value}-{_LEIAUTE}"
    if documento.protocolo is not None or documento.digest_value is None:
        return variante
    return f"{variante}-{sha256(documento.digest_value.encode()).hexdigest()[:12]}"


_DESENHOS: Mapping[TipoDanfe, Callable[..., bytes]] = {
    TipoDanfe.COMPLETO: draw_completo,
    TipoDanfe.SIMPLES: draw_simples,
    TipoDanfe.ETIQUETA: draw_etiqueta,
    TipoDanfe.SIMPLES_PNG: draw_etiqueta_png,
    TipoDanfe.CUPOM: draw_cupom,
    TipoDanfe.CUPOM_58: draw_cupom_58,
}
