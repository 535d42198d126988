"""What a call costs before anything is issued, in counts that no machine changes."""

import pytest
from tests.benchmarks.contagem import counting
from tests.faces.tffiscal.conftest import Face
from tests.faces.tffiscal.exemplos import NOTA_SIMPLES

ROTA = "/api/invoice/create"
LEITURA = "chancela.kit.json_exact.read_json"
VALIDACAO = "chancela.faces.tffiscal.validacao.validate"


@pytest.mark.anyio
async def test_an_accepted_request_is_read_validated_and_authenticated_once(face: Face) -> None:
    await face.empresa.post(ROTA, NOTA_SIMPLES)
    antes = face.empresas.consultas
    face.clock.advance(1)
    with counting() as contagem:
        resposta = await face.empresa.post(ROTA, NOTA_SIMPLES)
    assert resposta.status == 200
    assert contagem.python[LEITURA] == 1
    assert contagem.python[VALIDACAO] == 1
    assert face.empresas.consultas - antes <= 1
