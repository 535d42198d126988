"""The names of the bodies that `chancela nfe calcular` reads; `formatos_nota` reads them."""

from enum import StrEnum


class FormatoNota(StrEnum):
    """Whose words a note is written in."""

    TFFISCAL = "tffiscal"
    FOCUS = "focus"
    FOCUS_NFCE = "focus-nfce"
