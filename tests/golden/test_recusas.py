"""Requests that are wrong on purpose: each answer names the caller's field, the value and the fix.

`recusa` of each file is what is compared; the sentences are free to change. The road is that of invoice/create up to
the number: what is refused there never reaches the numbering.
"""

from pathlib import Path
from typing import Any

import pytest
from tests.golden.apoio import EXEMPLOS, Bancada, read_exact, write_pretty

from chancela.domain.erros import RegraViolada
from chancela.faces.tffiscal.erros import FaceErro, describe
from chancela.faces.tffiscal.nota.caminhos import wire_path

ARQUIVOS = sorted((EXEMPLOS / "recusas").glob("*.json"))
EMPRESA = read_exact(EXEMPLOS / "nfe" / "cst-00-interna-consumidor" / "empresa.json")


def refusal_of(bancada: Bancada, caso: dict[str, Any]) -> FaceErro | None:
    """What the caller is answered; None when the request is good."""
    try:
        bancada.prepare(caso.get("empresa") or EMPRESA, caso["categorias"], caso["requisicao"])
    except FaceErro as erro:
        return erro
    except RegraViolada as erro:
        return describe(erro, lambda caminho: wire_path(caminho, caso["requisicao"]))
    return None


@pytest.mark.parametrize("arquivo", ARQUIVOS, ids=lambda arquivo: arquivo.stem)
def test_refusal(arquivo: Path, bancada: Bancada, update: bool) -> None:
    caso = read_exact(arquivo)
    erro = refusal_of(bancada, caso)

    assert erro is not None, "this request is good: a number would be used"
    assert erro.status == 400
    assert all(item.mensagem and item.correcao and item.rotulo for item in erro.erros)
    recusa = [{"campo": e.campo, "codigo": e.codigo, "valor": e.valor} for e in erro.erros]
    if update:
        write_pretty(arquivo, {**caso, "recusa": recusa})
    else:
        assert recusa == caso["recusa"]
    assert all(item["campo"] for item in recusa)


def test_common_mistakes_are_many() -> None:
    assert len(ARQUIVOS) >= 40
