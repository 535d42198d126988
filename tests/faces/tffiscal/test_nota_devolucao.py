"""invoice/return at the face: which note, in which mode, and what reaches the issuing side."""

from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.faces.tffiscal.conftest import Face
from tests.faces.tffiscal.memoria import document

from chancela.documents.nfe.devolvido import ItemDevolvido
from chancela.documents.nfe.layout import compose_unsigned, parse_nfe
from chancela.documents.recebidos.classificacao import Recebido, TipoRecebido
from chancela.domain.chave import dv_chave
from chancela.domain.erros import DevolucaoConcorrente, RegraViolada, Violacao
from chancela.domain.identidade import Ambiente
from chancela.domain.tributos.entrada import TipoOperacao
from chancela.issuing.devolucao import DevolucaoGuardada
from chancela.issuing.distribuicao import DocumentoRecebido
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
        ("referencias[0].chave", "uuid"),
        ("destinatario.cep", ""),
    ],
)
async def test_broken_rules_name_the_callers_fields(face: Face, caminho: str, campo: str) -> None:
    vendida = sold(face)
    face.emissor.falha = RegraViolada((Violacao("NFE-TESTE", caminho, "Não serve.", "Corrija."),))
    resposta = await face.empresa.post(ROTA, {"uuid": vendida.id, "cfop": "1202"})
    assert (resposta.codigos, resposta.campos) == (["NFE-TESTE"], [campo])


def received(face: Face, tipo: TipoRecebido = TipoRecebido.PROC_NFE, **mudancas: Any) -> DocumentoRecebido:
    """A note of another issuer as the distribution brought it: the example, sold to our company."""
    cnpj = face.empresas.novas[0].cnpj
    texto = EXEMPLO.read_bytes().strip()
    destinatario = str(ORIGINAL.nfe.destinatario.documento) if ORIGINAL.nfe.destinatario else ""
    texto = texto.replace(f"<CNPJ>{destinatario}</CNPJ>".encode(), f"<CNPJ>{cnpj}</CNPJ>".encode())
    dados = Recebido(tipo, **{"chave": CHAVE, "situacao": 1, **mudancas})
    recebido = DocumentoRecebido(
        f"{77:024x}", Ambiente.HOMOLOGACAO, str(cnpj), 1, f"{tipo.value}_v4.00.xsd", dados, face.clock.now()
    )
    face.recebidas.documentos.append((recebido, compose_unsigned(texto)))
    return recebido


@pytest.mark.parametrize("por", ["chave", "uuid"])
async def test_a_received_note_comes_back_whole(face: Face, por: str) -> None:
    recebido = received(face)
    corpo = {por: CHAVE if por == "chave" else recebido.id, "cfop": "5202"}
    resposta = await face.empresa.post(ROTA, corpo)
    assert resposta.json["success"], resposta.json
    emissao = face.emissor.pedidos[-1]
    assert emissao.pedido.destinatario is not None
    assert emissao.pedido.destinatario.cnpj == ORIGINAL.nfe.emitente.documento
    assert emissao.pedido.natureza_operacao == "Devolução de compra"
    assert emissao.devolve is not None
    assert emissao.devolve.chave == CHAVE
    assert [(i.item, i.quantidade) for i in emissao.devolve.itens] == [
        (n, item.produto.quantidade) for n, item in enumerate(ORIGINAL.nfe.itens, 1)
    ]


@pytest.mark.parametrize(
    ("tipo", "mudancas", "codigo"),
    [
        (TipoRecebido.RES_NFE, {}, "NOTA-DEVOLUCAO-RESUMO"),
        (TipoRecebido.RES_NFE, {"situacao": 3}, "NOTA-DEVOLUCAO-ESTADO"),
        (TipoRecebido.PROC_EVENTO, {"tp_evento": "110111"}, "NOTA-DEVOLUCAO-ESTADO"),
    ],
)
async def test_what_was_received_says_why_it_cannot_come_back(
    face: Face, tipo: TipoRecebido, mudancas: dict[str, Any], codigo: str
) -> None:
    received(face, tipo, **mudancas)
    resposta = await face.empresa.post(ROTA, {"chave": CHAVE, "cfop": "5202"})
    assert (resposta.status, resposta.codigos) == (400, [codigo])
    assert face.emissor.pedidos == []


async def test_a_note_received_but_sold_to_somebody_else_is_not_ours_to_return(face: Face) -> None:
    recebido = received(face)
    face.recebidas.documentos[:] = [(recebido, compose_unsigned(EXEMPLO.read_bytes().strip()))]
    resposta = await face.empresa.post(ROTA, {"chave": CHAVE, "cfop": "5202"})
    assert (resposta.status, resposta.codigos) == (400, ["NOTA-DEVOLUCAO-PARTE"])


async def test_earlier_returns_are_counted(face: Face) -> None:
    vendida = sold(face)
    original = ORIGINAL.nfe.itens[0]
    quantidade = original.produto.quantidade
    anterior = DevolucaoGuardada(
        f"{88:024x}",
        1,
        compose_unsigned(EXEMPLO.read_bytes().strip()),
        (ItemDevolvido(1, 1, quantidade / 2),),
    )
    face.devolucoes.guardadas[CHAVE] = [anterior]
    for campo, valor in (("uuid", vendida.id), ("chave", CHAVE)):
        resposta = await face.empresa.post(ROTA, {campo: valor, "cfop": "1202"})
        assert (resposta.codigos, resposta.campos) == (["NFE-DEVOLUCAO-02"], [campo])
    detalhe = deepcopy(DETALHE)
    detalhe["products"][0] |= {"codigo": original.produto.codigo, "count": quantidade / 2}
    corpo = {"chave": CHAVE, "cfop": "1202", "return_detail": detalhe}
    resposta = await face.empresa.post(ROTA, corpo)
    assert resposta.json["success"], resposta.json
    devolve = face.emissor.pedidos[-1].devolve
    assert devolve is not None
    assert devolve.vistas == {(anterior.documento_id, 1)}
    detalhe["products"][0]["count"] = quantidade
    resposta = await face.empresa.post(ROTA, corpo)
    assert (resposta.codigos, resposta.campos) == (
        ["NFE-DEVOLUCAO-01"],
        ["return_detail.products[0].count"],
    )


async def test_a_return_prepared_beside_another_is_counted_again(face: Face) -> None:
    vendida = sold(face)
    face.emissor.falhas = [DevolucaoConcorrente("DEVOLUCAO-CONCORRENTE", "Outra."), None]
    resposta = await face.empresa.post(ROTA, {"uuid": vendida.id, "cfop": "1202"})
    assert resposta.json["success"], resposta.json
    assert len(face.emissor.pedidos) == 2
    face.emissor.falha = DevolucaoConcorrente("DEVOLUCAO-CONCORRENTE", "Outra.")
    resposta = await face.empresa.post(
        ROTA, {"uuid": vendida.id, "cfop": "1202", "natureza_operacao": "Outra"}
    )
    assert (resposta.status, resposta.codigos) == (400, ["DEVOLUCAO-CONCORRENTE"])


async def test_a_return_that_create_describes_is_counted_with_the_others(face: Face) -> None:
    sold(face)
    original = ORIGINAL.nfe.itens[0]
    quantidade = original.produto.quantidade
    anterior = DevolucaoGuardada(
        f"{88:024x}",
        1,
        compose_unsigned(EXEMPLO.read_bytes().strip()),
        (ItemDevolvido(1, 1, quantidade / 2),),
    )
    face.devolucoes.guardadas[CHAVE] = [anterior]
    nota = deepcopy(DETALHE) | {"finalidade": "4", "ref_nfe_chave": CHAVE}
    nota["cliente"]["numero"] = nota["cliente"].pop("number")
    nota["products"][0] |= {"codigo": original.produto.codigo, "count": quantidade / 2}
    face.emissor.falhas = [DevolucaoConcorrente("DEVOLUCAO-CONCORRENTE", "Outra."), None]
    resposta = await face.empresa.post("/api/invoice/create", nota)
    assert resposta.json["success"], resposta.json
    emitido = face.emissor.pedidos[-1]
    assert emitido.devolve is not None
    assert emitido.devolve.itens == (ItemDevolvido(1, original.tributos.numero, quantidade / 2),)
    assert emitido.devolve.vistas == {(anterior.documento_id, 1)}
    assert emitido.pedido.itens[0].categoria == "TF1", "the taxes are the caller's"
    nota["products"][0]["count"] = quantidade
    resposta = await face.empresa.post("/api/invoice/create", nota)
    assert (resposta.codigos, resposta.campos) == (["NFE-DEVOLUCAO-01"], ["products[0].count"])
    nota["ref_nfe_chave"] = ALHEIA
    resposta = await face.empresa.post("/api/invoice/create", nota)
    assert resposta.json["success"], resposta.json
    assert face.emissor.pedidos[-1].devolve is None, "a note that nobody here knows cannot be counted"
