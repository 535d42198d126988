"""Where an artefact lies in the object store: readable, by month, and never the same path for other bytes."""

import hashlib
from datetime import datetime


def archive_path(
    ambiente: int, cnpj: str, emitido_em: datetime, nome: str, extensao: str, conteudo: bytes
) -> str:
    """`<producao|homologacao>/<cnpj>/<aaaa-mm>/<nome>-<12 hex of sha256><extensao>`; the month is that of the issue."""
    pasta = "producao" if ambiente == 1 else "homologacao"
    marca = hashlib.sha256(conteudo).hexdigest()[:12]
    return f"{pasta}/{cnpj}/{emitido_em:%Y-%m}/{nome}-{marca}{extensao}"
