"""Paper of the letter of correction, from its `procEventoNFe`. Slow: never on the way to SEFAZ."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from brazilfiscalreport.dacce import DaCCe

from chancela.domain.erros import XmlInvalido
from chancela.domain.xml.leitura import find_local, parse_xml, text_of

_FOLHA: Any = DaCCe


def render_dacce(proc_evento: bytes, emitente: Mapping[str, str]) -> bytes:
    """PDF of a CC-e. `emitente` has nome, end, bairro, cep, cidade, uf, fone and ie, as far as known.

    The XML names only the CNPJ. The same input gives the same drawing: it carries the event's own date.
    """
    infevento = find_local(parse_xml(proc_evento), "evento/infEvento")
    if infevento is None or text_of(infevento, "tpEvento") != "110110":
        raise XmlInvalido("DACCE-01", "O arquivo não é uma carta de correção.")
    folha = _FOLHA(xml=proc_evento.decode("utf-8"), emitente=dict(emitente))
    folha.set_creation_date(datetime.fromisoformat(text_of(infevento, "dhEvento")))
    return bytes(folha.output())
