"""The layout knows every field of the official schema: a new schema shows here what is missing."""

from importlib.resources import files

from lxml import etree

from chancela.documents.nfe import layout
from chancela.documents.nfe.layout_grupos import SUPLEMENTO

XS = "{http://www.w3.org/2001/XMLSchema}"
NAO_SUPORTADOS: frozenset[str] = frozenset()
"""Fields of the schema that the layout does not write, each with its reason beside it. None today."""


def _tipos() -> dict[str, etree._Element]:
    pasta = files("nfelib").joinpath("nfe/schemas/v4_0")
    tipos: dict[str, etree._Element] = {}
    for nome in ("leiauteNFe_v4.00.xsd", "DFeTiposBasicos_v1.00.xsd", "tiposBasico_v4.00.xsd"):
        for elemento in etree.fromstring(pasta.joinpath(nome).read_bytes()):
            if elemento.get("name"):
                tipos.setdefault(elemento.get("name"), elemento)
    return tipos


def _folhas(no: etree._Element, tipos: dict[str, etree._Element], caminho: str) -> list[str]:
    achadas: list[str] = []
    for filho in no:
        if filho.tag == f"{XS}element":
            nome = filho.get("name")
            if nome is None:
                continue
            aqui = f"{caminho}/{nome}" if caminho else nome
            complexo = filho.find(f"{XS}complexType")
            if complexo is None:
                complexo = tipos.get((filho.get("type") or "").rpartition(":")[2])
            if complexo is not None and complexo.tag == f"{XS}complexType":
                achadas += _folhas(complexo, tipos, aqui)
            else:
                achadas.append(aqui)
        elif filho.tag in (f"{XS}sequence", f"{XS}choice"):
            achadas += _folhas(filho, tipos, caminho)
        elif filho.tag == f"{XS}attribute":
            achadas.append(f"{caminho}/@{filho.get('name')}")
    return achadas


def campos_do_esquema() -> list[str]:
    """Every leaf of `infNFe` and `infNFeSupl`, in schema order."""
    tipos = _tipos()
    return _folhas(tipos["TNFe"], tipos, "")


def test_every_field_of_the_schema_is_written() -> None:
    proprios = (
        {f"infNFe/{c}" for c in layout.CAMPOS} | set(SUPLEMENTO.nomes) | {"infNFe/@versao", "infNFe/@Id"}
    )
    oficiais = set(campos_do_esquema())
    assert oficiais - proprios == NAO_SUPORTADOS
    assert proprios - oficiais == set()


def test_the_count_is_no_accident() -> None:
    assert len(layout.CAMPOS) == len(set(layout.CAMPOS))
    assert len(layout.CAMPOS) > 850
