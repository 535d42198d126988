"""What the drawing processes run. The drawing library is imported only there: the API stays small and starts quickly."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chancela.documents.nfe.danfe import RegistroEpec


def draw_completo(nfeproc: bytes, *, cancelada: bool, epec: "RegistroEpec | None" = None) -> bytes:
    """DANFE, A4 (PDF)."""
    from chancela.documents.nfe.danfe import OpcoesDanfe, render_danfe

    return render_danfe(nfeproc, OpcoesDanfe(cancelada=cancelada, epec=epec))


def draw_simples(nfeproc: bytes, *, cancelada: bool, epec: "RegistroEpec | None" = None) -> bytes:
    """Simplified DANFE (PDF)."""
    from chancela.documents.nfe.danfe import OpcoesDanfe, render_danfe_simplificado

    return render_danfe_simplificado(nfeproc, OpcoesDanfe(cancelada=cancelada, epec=epec))


def draw_etiqueta(nfeproc: bytes, *, cancelada: bool, epec: "RegistroEpec | None" = None) -> bytes:
    """Label (PDF)."""
    from chancela.documents.nfe.danfe import OpcoesDanfe, render_danfe_etiqueta

    return render_danfe_etiqueta(nfeproc, OpcoesDanfe(cancelada=cancelada, epec=epec))


def draw_etiqueta_png(nfeproc: bytes, *, cancelada: bool, epec: "RegistroEpec | None" = None) -> bytes:
    """Label (PNG)."""
    from chancela.documents.nfe.danfe import render_png

    return render_png(draw_etiqueta(nfeproc, cancelada=cancelada, epec=epec))


def draw_cupom(nfeproc: bytes, *, cancelada: bool, epec: "RegistroEpec | None" = None) -> bytes:
    """DANFE NFC-e on 80 mm paper (PDF)."""
    from chancela.documents.nfe.danfe import OpcoesDanfe, render_danfe

    return render_danfe(nfeproc, OpcoesDanfe(cancelada=cancelada, epec=epec, bobina_mm=80))


def draw_cupom_58(nfeproc: bytes, *, cancelada: bool, epec: "RegistroEpec | None" = None) -> bytes:
    """DANFE NFC-e on 58 mm paper (PDF)."""
    from chancela.documents.nfe.danfe import OpcoesDanfe, render_danfe

    return render_danfe(nfeproc, OpcoesDanfe(cancelada=cancelada, epec=epec, bobina_mm=58))


def draw_cce(proc_evento: bytes, emitente: Mapping[str, str]) -> bytes:
    """Carta de correção (PDF)."""
    from chancela.documents.eventos.dacce import render_dacce

    return render_dacce(proc_evento, emitente)
