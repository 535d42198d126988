"""`chancela danfe` and `chancela xml`: commands over files, with no server behind them."""

from collections.abc import Iterator
from pathlib import Path

from chancela.cli.saida import RECUSADO, say, show
from chancela.documents.nfe.danfe import render_danfe
from chancela.domain.assinatura.perfil import verify
from chancela.domain.erros import AssinaturaInvalida, XmlInvalido
from chancela.domain.xml.esquemas import Esquema, Esquemas
from chancela.domain.xml.explicacao import explain
from chancela.domain.xml.leitura import local_name, parse_xml, slice_element, text_of


def draw_danfe(arquivo: Path, saida: Path, *, em_json: bool) -> None:
    """Write the DANFE of an authorised XML; `XmlInvalido` when it is none."""
    saida.write_bytes(render_danfe(arquivo.read_bytes()))
    show({"arquivo": str(saida)}, em_json=em_json)


def verify_xml(arquivo: Path, *, em_json: bool) -> None:
    """Check schema, signature and protocol of an NFe or nfeProc; exit code 1 when anything does not hold."""
    conteudo = arquivo.read_bytes()
    faltas = list(_faults(conteudo))
    for falta in faltas:
        say(falta)
    show({"arquivo": str(arquivo), "valido": not faltas, "faltas": faltas}, em_json=em_json)
    if faltas:
        raise SystemExit(RECUSADO)


def _faults(conteudo: bytes) -> Iterator[str]:
    raiz = parse_xml(conteudo)
    esquema = {"nfeProc": Esquema.PROC_NFE, "NFe": Esquema.NFE}.get(local_name(raiz))
    if esquema is None:
        yield f"A raiz é {local_name(raiz)}: este comando confere NFe e nfeProc."
        return
    for falha in Esquemas().validate(esquema, conteudo):
        explicada = explain(falha)
        yield f"{explicada.caminho}: {explicada.mensagem} {explicada.correcao}"
    try:
        # The protocol may carry a signature of SEFAZ's own: only the note is judged.
        assinatura = verify(slice_element(conteudo, "NFe"), tag="infNFe")
    except (AssinaturaInvalida, XmlInvalido) as erro:
        yield f"Assinatura: {erro.mensagem}"
        return
    if esquema is Esquema.NFE:
        return
    for tag, esperado in (
        ("digVal", assinatura.digest_value),
        ("chNFe", (assinatura.elemento.get("Id") or "")[3:]),
    ):
        if text_of(raiz, f"protNFe/infProt/{tag}") != esperado:
            yield f"Protocolo: {tag} não é o do documento assinado."
