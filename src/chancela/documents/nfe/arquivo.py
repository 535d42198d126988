"""What is wrong with the XML file of a note: against its schema, its signature, and the protocol that it carries."""

from collections.abc import Iterator

from chancela.domain.assinatura.perfil import verify
from chancela.domain.erros import AssinaturaInvalida, XmlInvalido
from chancela.domain.xml.esquemas import Esquema, Esquemas
from chancela.domain.xml.explicacao import explain
from chancela.domain.xml.leitura import local_name, parse_xml, slice_element, text_of


def archive_faults(conteudo: bytes, esquemas: Esquemas) -> Iterator[str]:
    """Everything that does not hold in an NFe or nfeProc, in Portuguese; `XmlInvalido` when it cannot be read at all."""
    raiz = parse_xml(conteudo)
    esquema = {"nfeProc": Esquema.PROC_NFE, "NFe": Esquema.NFE}.get(local_name(raiz))
    if esquema is None:
        yield f"A raiz é {local_name(raiz)}: este comando confere NFe e nfeProc."
        return
    for falha in esquemas.validate(esquema, conteudo):
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
