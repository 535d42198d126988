"""The receipt of an NFC-e as the library draws it, with what does not fit or says nothing put right."""

from typing import Any

from brazilfiscalreport.danfce import Danfce

_BASE: Any = Danfce
_SEM_VALOR = frozenset({"-", "End.: -", "Bairro: -"})
"""Lines whose value the note does not have: no trade name, a consumer without address."""
_MARCA_PT, _MARCA_EM_MM = 40, 80
_MARCA_OPACIDADE = 0.35  # tidy: skip float - ink, not money


class Cupom(_BASE):
    """A receipt without empty lines, whose mark of a cancelled sale fits the paper."""

    def _draw_centered_text(self, text: str, *args: Any, **kwargs: Any) -> None:
        if text not in _SEM_VALOR:
            super()._draw_centered_text(text, *args, **kwargs)

    def _draw_watermark(self) -> None:
        if not self.config.watermark_cancelled:
            return
        texto = "CANCELADA"
        self.set_font(self.default_font, "B", _MARCA_PT * self.w / _MARCA_EM_MM)
        largura = self.get_string_width(texto)
        x, y = (self.w - largura) / 2, self.h / 2
        with (
            self.local_context(fill_opacity=_MARCA_OPACIDADE, text_color=(128, 128, 128)),
            self.rotation(55, x + largura / 2, y),
        ):
            self.text(x, y, texto)
