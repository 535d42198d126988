"""Carta de Correção (110110): a text that mends what is not tax, parties or dates (Ajuste SINIEF 07/05, cl. 14-A)."""

from dataclasses import dataclass
from datetime import timedelta

from chancela.documents.eventos.detalhe import det_evento
from chancela.documents.eventos.modelo import TipoEvento
from chancela.domain.identidade import Modelo
from chancela.domain.xml.esquemas import Esquema
from chancela.domain.xml.formatos import TEXTO
from chancela.domain.xml.leiaute import campo, constante

CONDICAO_USO = (
    "A Carta de Correcao e disciplinada pelo paragrafo 1o-A do art. 7o do Convenio S/N, de 15 de dezembro de 1970 e "
    "pode ser utilizada para regularizacao de erro ocorrido na emissao de documento fiscal, desde que o erro nao esteja "
    "relacionado com: I - as variaveis que determinam o valor do imposto tais como: base de calculo, aliquota, "
    "diferenca de preco, quantidade, valor da operacao ou da prestacao; II - a correcao de dados cadastrais que "
    "implique mudanca do remetente ou do destinatario; III - a data de emissao ou de saida."
)
"""xCondUso without accents: one of the two texts that the schema fixes."""


@dataclass(frozen=True, slots=True)
class CartaCorrecao:
    """`correcao` has 15 to 1000 characters. The last letter replaces those before it: it repeats what still holds."""

    correcao: str
    versao: str = "1.00"


CARTA_CORRECAO = TipoEvento(
    codigo="110110",
    descricao="Carta de Correcao",
    tabela=det_evento(
        CartaCorrecao,
        "Carta de Correcao",
        campo("xCorrecao", "correcao", TEXTO),
        constante("xCondUso", CONDICAO_USO),
    ),
    esquema=Esquema.DET_CCE,
    sequencia_maxima=20,
    modelos=frozenset({Modelo.NFE}),
    prazos={Modelo.NFE: timedelta(hours=720)},
)
