"""Signed links: they open one file, for a while, and cannot be bent."""

import re
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from tests.faces.tffiscal.cliente import Resposta, call
from tests.faces.tffiscal.conftest import Face
from tests.faces.tffiscal.memoria import CHAVE, document

from chancela.domain.erros import FiscalError
from chancela.issuing.modelo import Estado

pytestmark = pytest.mark.anyio
UUID = f"{1:024x}"


async def links(face: Face) -> dict[str, str]:
    face.emissor.documentos[UUID] = document(face.clock.now(), 1)
    detalhe = (await face.empresa.get("/api/invoice/get_detail", f"uuid={UUID}")).data
    danfe = (await face.empresa.post("/api/invoice/get_danfe", {"uuid": UUID})).data
    return {
        **{c: detalhe[c] for c in ("xml", "danfe", "danfe_simples", "danfe_etiqueta")},
        "png": danfe["danfe_simples_png"],
    }


async def fetch(face: Face, url: str) -> Resposta:
    partes = urlsplit(url)
    return await call(face.app, "GET", partes.path, partes.query)


async def test_each_link_opens_its_file(face: Face) -> None:
    urls = await links(face)
    xml = await fetch(face, urls["xml"])
    assert (xml.status, xml.conteudo) == (200, b"<nfeProc>" + CHAVE.encode() + b"</nfeProc>")
    assert xml.cabecalhos["content-type"] == "application/xml; charset=utf-8"
    assert xml.cabecalhos["content-disposition"] == f'inline; filename="{CHAVE}.xml"'
    for nome, tipo in (("danfe", "completo"), ("danfe_simples", "simples"), ("danfe_etiqueta", "etiqueta")):
        pdf = await fetch(face, urls[nome])
        assert (pdf.status, pdf.conteudo) == (200, b"%PDF " + tipo.encode())
        assert pdf.cabecalhos["content-type"] == "application/pdf"
    assert (await fetch(face, urls["png"])).cabecalhos["content-type"] == "image/png"


async def test_a_link_ends(face: Face) -> None:
    url = (await links(face))["xml"]
    face.clock.advance(7 * 24 * 3600 - 1)
    assert (await fetch(face, url)).status == 200
    face.clock.advance(3602)
    resposta = await fetch(face, url)
    assert (resposta.status, resposta.codigos) == (401, ["LINK-02"])


@pytest.mark.parametrize(
    ("de", "para"),
    [
        ("/arquivos/1/", "/arquivos/2/"),
        (UUID, f"{2:024x}"),
        (".xml", ".pdf"),
        ("exp=", "exp=9"),
        ("sig=", "sig=0"),
        ("&sig=", "&x="),
        ("/arquivos/1/", "/arquivos/x/"),
    ],
)
async def test_a_bent_link_opens_nothing(face: Face, de: str, para: str) -> None:
    url = (await links(face))["xml"]
    face.emissor.documentos[f"{2:024x}"] = replace(document(face.clock.now(), 2), id=f"{2:024x}")
    resposta = await fetch(face, url.replace(de, para, 1))
    assert (resposta.status, resposta.codigos) == (401, ["LINK-01"])


async def test_a_document_that_lost_its_authorisation_has_no_file(face: Face) -> None:
    url = (await links(face))["xml"]
    face.emissor.documentos[UUID] = document(face.clock.now(), 1, estado=Estado.DIVERGENTE)
    assert (await fetch(face, url)).status == 404
    del face.emissor.documentos[UUID]
    assert (await fetch(face, url)).codigos == ["ARQUIVO-01"]


async def test_a_pdf_that_cannot_be_made(face: Face) -> None:
    url = (await links(face))["danfe"]
    face.arquivos.falha = FiscalError("PDF-1", "fonte ausente")
    resposta = await fetch(face, url)
    assert (resposta.status, resposta.json["message"]) == (500, "获取PDF失败:fonte ausente")


async def test_links_repeat_within_the_hour(face: Face) -> None:
    face.clock.advance(60)
    primeiro = (await links(face))["xml"]
    face.clock.advance(60)
    assert (await links(face))["xml"] == primeiro
    assert re.search(r"exp=\d+&sig=[0-9a-f]{64}$", primeiro)
