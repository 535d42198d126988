"""`chancela nfe`: a document from a file, by the same API that an ERP uses."""

from pathlib import Path

from chancela.cli.cliente_tffiscal import ClienteTffiscal
from chancela.cli.saida import PENDENTE, RECUSADO, REJEITADO, USO_ERRADO, say, show


def issue_file(arquivo: Path, url: str, token: str, *, em_json: bool) -> None:
    """POST the body of `arquivo` to invoice/create; the exit code tells how it ended (see `cli.saida`)."""
    if not token:
        say("Informe o token da empresa em --token ou CHANCELA_TOKEN.")
        raise SystemExit(USO_ERRADO)
    resposta = ClienteTffiscal(url, token).post("/api/invoice/create", arquivo.read_bytes())
    show(resposta.corpo, em_json=em_json)
    situacao = resposta.dados.get("status")
    if resposta.corpo.get("success"):
        raise SystemExit(PENDENTE if situacao == "Processing" else 0)
    raise SystemExit(REJEITADO if situacao == "Rejected" else RECUSADO)
