"""The QR Code on the receipt is the one of the XML, module by module, on both papers."""

from dataclasses import replace
from io import BytesIO

import pytest
import qrcode
from PIL import Image
from tests.documents.nfe import fabrica
from tests.documents.nfe.test_danfe import processo

from chancela.documents.nfe.danfe import OpcoesDanfe, render_danfe, render_png
from chancela.documents.nfe.enumeracoes import FormatoDanfe, Presenca
from chancela.documents.nfe.modelo import Suplemento
from chancela.domain.identidade import Modelo

BASE = "https://www.homologacao.nfce.fazenda.sp.gov.br"
TEXTO = f"{BASE}/qrcode?p=35261112ABC34501DE35650010000000021896768550|2|2|1|8B0625360070FBB024EBA44AB65AD9A8AF604374"


def modules_of(texto: str) -> list[list[bool]]:
    codigo = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_L, border=0)
    codigo.add_data(texto)
    codigo.make(fit=True)
    return [[bool(modulo) for modulo in linha] for linha in codigo.get_matrix()]


def drawn_code(pdf: bytes, lado: int) -> list[list[bool]]:
    """The dark and light modules of the code at the foot of the receipt, found by its three finder patterns."""
    imagem = Image.open(BytesIO(render_png(pdf, dpi=600))).convert("L").point(lambda v: 0 if v < 128 else 255)
    largura, altura = imagem.size
    escuros = {
        y: [x for x in range(0, largura, 2) if imagem.getpixel((x, y)) == 0] for y in range(0, altura, 2)
    }
    # The first row of a code is the widest run of 7 modules twice: rows with much ink, far from the text above and below.
    linhas = [y for y, xs in escuros.items() if len(xs) > largura / 12]
    blocos: list[list[int]] = []
    for y in linhas:
        if blocos and y - blocos[-1][-1] <= 8:
            blocos[-1].append(y)
        else:
            blocos.append([y])
    bloco = max(blocos, key=len)
    caixa = Image.eval(imagem.crop((0, bloco[0] - 4, largura, bloco[-1] + 4)), lambda v: 255 - v).getbbox()
    assert caixa is not None
    esquerda, topo, direita, base = caixa
    passo_x, passo_y = (direita - esquerda) / lado, (base - topo) / lado
    return [
        [
            imagem.getpixel(
                (int(esquerda + (x + 0.5) * passo_x), int(bloco[0] - 4 + topo + (y + 0.5) * passo_y))
            )
            == 0
            for x in range(lado)
        ]
        for y in range(lado)
    ]


@pytest.mark.parametrize("bobina_mm", [80, 58])
def test_the_code_on_paper_is_the_code_of_the_xml(bobina_mm: int) -> None:
    nota = replace(
        fabrica.nfe(),
        modelo=Modelo.NFCE,
        presenca=Presenca.PRESENCIAL,
        formato_danfe=FormatoDanfe.NFCE,
        saida_entrada=None,
        destinatario=None,
    )
    _, xml = processo(nota, Suplemento(TEXTO, f"{BASE}/consulta"))
    esperado = modules_of(TEXTO)
    lido = drawn_code(render_danfe(xml, OpcoesDanfe(bobina_mm=bobina_mm)), len(esperado))
    assert lido == esperado
    assert lido != modules_of(TEXTO[:-1] + "5")
