"""The files of a document for the faces: the XML from the archive, PDFs drawn once per state and kept."""

from collections.abc import Callable, Mapping

from starlette.concurrency import run_in_threadpool

from chancela.domain.erros import NaoEncontrado
from chancela.faces.tffiscal.servicos import TipoDanfe
from chancela.issuing.modelo import Documento, Estado
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

_LEIAUTE = "2"
"""Part of the cache key: raise it when a drawing changes."""


class ArquivosNfe:
    """Implements the face's `Arquivos`. A PDF is made when it is first asked for, and again when the state changes."""

    def __init__(self, artefatos: Artefatos, oficina: OficinaDePdf) -> None:
        self._artefatos = artefatos
        self._oficina = oficina

    async def xml(self, documento: Documento) -> bytes | None:
        autorizado = await run_in_threadpool(self._artefatos.xml, documento.id, documento.empresa_id)
        return autorizado or (documento.xml_assinado if documento.transmitir_ate is not None else None)

    async def danfe(self, documento: Documento, tipo: TipoDanfe) -> bytes:
        """Raises `NaoEncontrado` while there is no authorised XML."""
        variante = f"{documento.estado.value}-{_LEIAUTE}"
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
        desenho = await self._oficina.draw(_DESENHOS[tipo], nfeproc, cancelada=cancelada)
        extensao = ".png" if tipo is TipoDanfe.SIMPLES_PNG else ".pdf"
        await run_in_threadpool(self._artefatos.save, documento, tipo.value, variante, extensao, desenho)
        return desenho


_DESENHOS: Mapping[TipoDanfe, Callable[..., bytes]] = {
    TipoDanfe.COMPLETO: draw_completo,
    TipoDanfe.SIMPLES: draw_simples,
    TipoDanfe.ETIQUETA: draw_etiqueta,
    TipoDanfe.SIMPLES_PNG: draw_etiqueta_png,
    TipoDanfe.CUPOM: draw_cupom,
    TipoDanfe.CUPOM_58: draw_cupom_58,
}
