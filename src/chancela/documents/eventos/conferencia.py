"""Judges a signed event against the official schemas: the envelope first, then `detEvento` against its own.

The envelope skips what `detEvento` holds (`processContents="skip"`), hence the second step. The published schemas of
events still know numeric CNPJs only, while NT Conjunta 2025.001 puts letters into CNPJ and key: for the judgement, and
for nothing else, the letters of every key and CNPJ in the event stand as digits of the same place.
"""

import re
from copy import deepcopy

from chancela.documents.eventos.layout import compose_env_evento
from chancela.documents.eventos.modelo import PedidoEvento
from chancela.domain.erros import Violacao
from chancela.domain.xml.esquemas import Esquema, Esquemas
from chancela.domain.xml.explicacao import explain
from chancela.domain.xml.leitura import find_local, parse_xml

_LETRA = re.compile(r"[A-Z]")
_IDENTIDADES = re.compile(r"<(?:CNPJ|chNFe)[A-Za-z]*>([0-9A-Z]{14}|[0-9A-Z]{44})<")


def validate_evento(pedido: PedidoEvento, evento: bytes, esquemas: Esquemas) -> tuple[Violacao, ...]:
    """Everything that the schemas refuse in a signed event; empty when it is valid."""
    identidades = _IDENTIDADES.findall(evento.decode())
    raiz = parse_xml(mask_letters(compose_env_evento(evento, "1"), *identidades))
    falhas = list(esquemas.validate(Esquema.ENV_EVENTO, raiz))
    detalhe = find_local(raiz, "evento/infEvento/detEvento")
    assert detalhe is not None, "an event has its detail"
    falhas += esquemas.validate(pedido.tipo.esquema, deepcopy(detalhe))
    return tuple(explain(falha) for falha in falhas)


def mask_letters(xml: bytes, *identidades: str) -> bytes:
    """The same text with the letters of these identities as zeros: only for schemas that know no letters."""
    for identidade in identidades:
        if _LETRA.search(identidade):
            xml = xml.replace(identidade.encode(), _LETRA.sub("0", identidade).encode())
    return xml
