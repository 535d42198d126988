"""What the tables of `detEvento` share: its version, its descEvento and the fields that many kinds open with."""

from collections.abc import Callable
from typing import Any

from chancela.domain.xml.formatos import TEXTO, TEXTO_CRU, UF_IBGE
from chancela.domain.xml.leiaute import Parte, Tabela, atributo, campo, constante

VERSAO_APLICATIVO = "Chancela"
"""verAplic of the events that name the program (1 to 20 characters)."""

APLICATIVO = constante("verAplic", VERSAO_APLICATIVO)
ORGAO_AUTOR = campo("cOrgaoAutor", "uf_autor", UF_IBGE)
DO_EMITENTE = constante("tpAutor", "1")
PROTOCOLO = campo("nProt", "protocolo", TEXTO)
PROTOCOLO_EVENTO = campo("nProtEvento", "protocolo_evento", TEXTO)


def det_evento(classe: Callable[..., Any], descricao: str, *partes: Parte) -> Tabela:
    """The table of one kind: `versao`, descEvento and then its own rows."""
    return Tabela(
        "detEvento",
        classe,
        atributo("versao", "versao", TEXTO_CRU),
        constante("descEvento", descricao),
        *partes,
    )
