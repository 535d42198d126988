"""invoice/return at the face: which note, in which mode, and what reaches the issuing side."""

from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.faces.tffiscal.conftest import Face
from tests.faces.tffiscal.memoria import document

from chancela.documents.nfe.layout import compose_unsigned, parse_nfe
from chancela.domain.chave import dv_chave
from chancela.domain.erros import RegraViolada, Violacao
from chancela.domain.tributos.entrada import TipoOperacao
from chancela.issuing.modelo import Documento, Estado

pytestmark = pytest.mark.anyio
ROTA = "/api/invoice/return"
EXEMPLO = Path(__file__).parents[3] / "examples" / "nfe" / "cst-00-interna-contribuinte" / "saida.xml"
ORIGINAL = parse_nfe(compose_unsigned(EXEMPLO.read_bytes().strip()))
CHAVE = ORIGINAL.identificacao.chave.texto
VENDIDA = f"{999:024x}"
_SEM_DIGITO = "3526011234567800019555001000000001112345678"
ALHEIA = _SEM_DIGITO + dv_chave(_SEM_DIGITO)
DETALHE: dict[str, Any] = {
    "nature_of_operation": "Devolução parcial",
    "transaction_type": "1",
    "model": "55",
    "issuance_type": "1",
    "ambiente": "2",
    "cliente": {
        "cnpj": "12345678000195", "name": "Fornecedor", "endereco": "Rua Um", "number": "7", "bairro": "Centro",
        "city": "São Paulo", "uf": "SP", "cep": "01001000",
    },
    "products": [
        {
            "name": "Outro produto", "ncm": "85176277", "count": 1, "unit": "UN", "unit_price": 100, "total_price": 100,
            "category_id": "TF1", "origem": 0, "indicador_total": 1,
        }
    ],
}  # fmt: skip


def sold(face: Face, **mudancas: Any) -> Documento:
    """An authorised document of the company whose bytes are those of an example."""
    vendida = replace(
        document(face.clock.now(), 1),
        id=VENDIDA,
        chave=CHAVE,
        xml_assinado=compose_unsigned(EXEMPLO.read_bytes().strip()),
        **mudancas,
    )
    face.emissor.documentos[vendida.id] = vendida
    return vendida


async def test_a_whole_return_by_uuid(face: Face) -> None:
    vendida = sold(face)
    resposta = await face.empresa.post(
        ROTA, {"uuid": vendida.id, "cfop": "5202", "natureza_operacao": "Devolução de venda"}
    )
    assert resposta.json["success"], resposta.json
    assert {"uuid", "chave", "status", "motivo", "nfe", "serie", "danfe", "xml"} <= resposta.data.keys()
    pedido = face.emissor.pedidos[-1].pedido
    assert (pedido.finalidade, pedido.natureza_operacao) == ("4", "Devolução de venda")
    assert pedido.tipo_operacao is TipoOperacao.SAIDA
    assert pedido.referencias[0].chave == CHAVE
    assert len(pedido.itens) == len(ORIGINAL.nfe.itens)
    assert {item.cfop for item in pedido.itens} == {"5202"}
    assert all(item.extensoes.informado is not None for item in pedido.itens)
    assert pedido.pagamentos[0].meio == "90"


async def test_a_whole_return_by_key_names_the_operation_by_its_cfop(face: Face) -> None:
    sold(face)
    for cfop, natureza, tipo in (
        ("1202", "Devolução de venda", TipoOperacao.ENTRADA),
        ("5202", "Devolução de compra", TipoOperacao.SAIDA),
    ):
        await face.empresa.post(ROTA, {"chave": CHAVE, "cfop": cfop})
        pedido = face.emissor.pedidos[-1].pedido
        assert (pedido.natureza_operacao, pedido.tipo_operacao) == (natureza, tipo)
    await face.empresa.post(ROTA, {"chave": CHAVE, "cfop": "1202", "nature_of_operation": "Retorno de venda"})
    assert face.emissor.pedidos[-1].pedido.natureza_operacao == "Retorno de venda"


async def test_detail_of_somebody_elses_note_is_issued_as_described(face: Face) -> None:
    corpo = {
        "chave": ALHEIA,
        "cfop": "5202",
        "natureza_operacao": "Devolução parcial",
        "return_detail": {**DETALHE, "id": "DEV-1"},
    }
    resposta = await face.empresa.post(ROTA, corpo)
    assert resposta.json["success"], resposta.json
    emissao = face.emissor.pedidos[-1]
    assert emissao.referencia == "DEV-1"
    assert emissao.pedido.referencias[0].chave == ALHEIA
    assert emissao.pedido.destinatario is not None
    assert emissao.pedido.destinatario.numero == "7"
    item = emissao.pedido.itens[0]
    assert (item.cfop, item.categoria, item.extensoes.informado) == ("5202", "TF1", None)


async def test_detail_of_ones_own_note_keeps_the_taxes_in_proportion(face: Face) -> None:
    sold(face)
    original = ORIGINAL.nfe.itens[0]
    detalhe = deepcopy(DETALHE)
    detalhe["products"][0] |= {"codigo": original.produto.codigo, "count": original.produto.quantidade / 2}
    corpo = {"chave": CHAVE, "cfop": "1202", "return_detail": detalhe}
    await face.empresa.post(ROTA, corpo)
    informado = face.emissor.pedidos[-1].pedido.itens[0].extensoes.informado
    assert informado is not None
    assert informado.icms is not None
    assert original.tributos.icms is not None
    assert original.tributos.icms.valor is not None
    assert informado.icms.valor == (original.tributos.icms.valor / 2).quantize(Decimal("0.01"))
    detalhe["products"][0]["count"] = original.produto.quantidade + 1
    resposta = await face.empresa.post(ROTA, corpo)
    assert (resposta.codigos, resposta.campos) == (
        ["NFE-DEVOLUCAO-01"],
        ["return_detail.products[0].count"],
    )


@pytest.mark.parametrize(
    ("corpo", "status", "codigo"),
    [
        ({"cfop": "5202"}, 400, "NOTA-DEVOLUCAO-QUAL"),
        ({"uuid": VENDIDA, "chave": CHAVE, "cfop": "5202"}, 400, "NOTA-DEVOLUCAO-QUAL"),
        ({"uuid": f"{9:024x}", "cfop": "5202"}, 404, "NOTA-NAO-EXISTE"),
        ({"uuid": "nada", "cfop": "5202"}, 404, "NOTA-NAO-EXISTE"),
        ({"uuid": VENDIDA}, 400, "CAMPO-AUSENTE"),
        ({"uuid": VENDIDA, "cfop": "99"}, 400, "CAT-CFOP"),
        ({"cfop": "5202", "return_detail": DETALHE}, 400, "CAMPO-AUSENTE"),
        ({"chave": "123", "cfop": "5202", "return_detail": DETALHE}, 400, "CHAVE-01"),
    ],
)
async def test_refusals(face: Face, corpo: dict[str, Any], status: int, codigo: str) -> None:
    sold(face)
    resposta = await face.empresa.post(ROTA, corpo)
    assert (resposta.status, resposta.codigos) == (status, [codigo])
    assert face.emissor.pedidos == []


async def test_only_an_authorised_note_comes_back(face: Face) -> None:
    vendida = sold(face, estado=Estado.CANCELADO)
    resposta = await face.empresa.post(ROTA, {"uuid": vendida.id, "cfop": "1202"})
    assert (resposta.status, resposta.codigos) == (400, ["NOTA-DEVOLUCAO-ESTADO"])


@pytest.mark.parametrize(
    ("caminho", "campo"),
    [
        ("itens[0].cfop", "cfop"),
        ("natureza_operacao", "natureza_operacao"),
        ("referencias[0].chave", "chave"),
        ("destinatario.cep", ""),
    ],
)
async def test_broken_rules_name_the_callers_fields(face: Face, caminho: str, campo: str) -> None:
    vendida = sold(face)
    face.emissor.falha = RegraViolada((Violacao("NFE-TESTE", caminho, "Não serve.", "Corrija."),))
    resposta = await face.empresa.post(ROTA, {"uuid": vendida.id, "cfop": "1202"})
    assert (resposta.codigos, resposta.campos) == (["NFE-TESTE"], [campo])
