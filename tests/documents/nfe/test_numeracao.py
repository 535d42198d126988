"""The number is written into the text, and the result is what building with that number gives."""

import base64
import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancela.documents.nfe.configuracao import ConfiguracaoEmissao
from chancela.documents.nfe.layout import build_infnfe
from chancela.documents.nfe.layout_caminhos import path_of_tags
from chancela.documents.nfe.modelo import Identificacao, ResponsavelTecnico
from chancela.documents.nfe.montagem import NfeMontada
from chancela.documents.nfe.numeracao import (
    build_placeholder,
    differs_only_in_number,
    number_infnfe,
    prevalidate,
)
from chancela.domain.chave import ChaveAcesso
from chancela.domain.identidade import Cnpj, Uf

from . import pedidos as p
from .montar import montar


def identify(montada: NfeMontada, serie: int, numero: int, cnf: str) -> Identificacao:
    return Identificacao.compose(
        montada.nfe,
        serie=serie,
        numero=numero,
        cnf=cnf,
        emissao=montada.emissao,
        ambiente=montada.ambiente,
    )


@given(st.integers(0, 889), st.integers(1, 999_999_999), st.integers(0, 99_999_999))
def test_numbering_the_text_is_building_with_the_number(serie: int, numero: int, sorteio: int) -> None:
    montada = montar(p.SIMPLES)
    identificacao = identify(montada, serie, numero, f"{sorteio:08d}")
    numerado = number_infnfe(build_placeholder(montada), identificacao.chave)
    assert numerado == build_infnfe(montada.nfe, identificacao)
    assert number_infnfe(numerado, identificacao.chave) == numerado


def test_texts_that_look_like_tags_are_left_alone() -> None:
    montada = montar(replace(p.SIMPLES, natureza_operacao="</natOp><serie>9</serie> & cNF"))
    identificacao = identify(montada, 3, 77, "48390217")
    assert number_infnfe(build_placeholder(montada), identificacao.chave) == build_infnfe(
        montada.nfe, identificacao
    )


@pytest.mark.parametrize(
    "muda",
    [
        {"uf": Uf.RJ},
        {"emitente": Cnpj("12345678000195")},
        {"tp_emis": 9},
        {"emissao": p.AGORA.replace(month=10)},
    ],
)
def test_a_key_of_another_document_is_refused(muda: dict[str, object]) -> None:
    montada = montar(p.SIMPLES)
    partes: dict[str, object] = {
        "uf": Uf.SP,
        "emissao": montada.emissao,
        "emitente": montada.nfe.emitente.documento,
        "modelo": montada.nfe.modelo,
        "serie": 1,
        "numero": 5,
        "tp_emis": 1,
        "cnf": "48390217",
    }
    chave = ChaveAcesso.compose(**(partes | muda))  # type: ignore[arg-type]
    with pytest.raises(AssertionError):
        number_infnfe(build_placeholder(montada), chave)


def test_the_hash_of_the_csrt_follows_the_key() -> None:
    responsavel = ResponsavelTecnico(
        Cnpj("11222333000181"), "Suporte", "suporte@example.com", "1130000000", "01", base64.b64encode(b"0" * 20).decode()
    )  # fmt: skip
    montada = montar(p.SIMPLES, configuracao=ConfiguracaoEmissao(responsavel_tecnico=responsavel))
    chave = identify(montada, 1, 9, "48390217").chave
    numerado = number_infnfe(build_placeholder(montada), chave, csrt="G8063VRTNDMO886SFNK5LDUDEI24XJ22YIPO")
    esperado = base64.b64encode(
        hashlib.sha1(f"G8063VRTNDMO886SFNK5LDUDEI24XJ22YIPO{chave}".encode()).digest()
    )
    assert b"<hashCSRT>" + esperado + b"</hashCSRT>" in numerado
    assert prevalidate(numerado) == ()


def test_the_schema_speaks_in_the_names_of_the_request() -> None:
    texto = build_placeholder(montar(p.COMPLETO))
    ruim = (
        texto.replace(b"<NCM>84716053</NCM>", b"<NCM>8471605</NCM>")
        .replace(b"<placa>DEF4G56</placa>", b"<placa>?</placa>")
        .replace(b"<CEP>01310100</CEP>", b"<CEP>0131010</CEP>")
    )
    achadas = {v.caminho: v for v in prevalidate(ruim)}
    assert set(achadas) == {"itens[1].ncm", "transporte.reboques[0].placa", "destinatario.cep"}
    assert achadas["itens[1].ncm"].valor == "8471605"
    assert achadas["itens[1].ncm"].c_stat == 225


@pytest.mark.parametrize(
    ("tags", "caminho"),
    [
        (
            "NFe/infNFe/det[3]/prod/DI[2]/adi[4]/cFabricante",
            "itens[2].declaracoes_importacao[1].adicoes[3].fabricante",
        ),
        ("NFe/infNFe/det/prod/xProd", "itens[0].descricao"),
        ("NFe/infNFe/det[2]/imposto/ICMS/ICMS00/pICMS", "itens[1].tributos.icms.aliquota"),
        ("NFe/infNFe/det[2]/imposto/ICMS/ICMS00/pNovo", "itens[1].tributos.icms"),
        ("NFe/infNFe/ide/natOp", "natureza_operacao"),
        ("NFe/infNFe/dest/enderDest/xLgr", "destinatario.logradouro"),
        ("NFe/infNFe/emit/enderEmit/xLgr", "emitente.logradouro"),
        ("NFe/infNFe/transp/vol[2]/lacres[3]/nLacre", "transporte.volumes[1].lacres[2]"),
        ("NFe/infNFe/pag/detPag[2]/card/tBand", "pagamentos[1].cartao.bandeira"),
        ("NFe/infNFe/cobr/dup[2]/dVenc", "cobranca.duplicatas[1].vencimento"),
        ("NFe/infNFe/infAdic/infCpl", "informacoes_complementares"),
        ("NFe/Signature", ""),
    ],
)
def test_tags_lead_to_fields(tags: str, caminho: str) -> None:
    assert path_of_tags(tags) == caminho


def test_a_numbered_text_differs_only_in_its_number() -> None:
    montada = montar(p.SIMPLES)
    julgado = build_placeholder(montada)
    numerado = number_infnfe(julgado, identify(montada, 3, 77, "48390217").chave)
    assert differs_only_in_number(julgado, numerado)
    for outro in (
        b"",
        numerado + b" ",
        numerado.replace(b"<mod>55<", b"<mod>65<"),
        numerado.replace(b"<serie>3<", b"<serie>03<"),
        numerado.replace(b"<nNF>77<", b"<nNF>0<"),
        numerado.replace(b'Id="NFe35', b'Id="NFe3x'),
        numerado.replace(b"<vNF>300.00<", b"<vNF>300.01<"),
    ):
        assert not differs_only_in_number(julgado, outro)
