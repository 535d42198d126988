"""Answers of `invoice/create`, `return`, `calcular`, `get_list`, `get_detail`, `get_danfe` and `refresh`, and of `nfce/*`."""

from collections.abc import Sequence
from typing import NotRequired

from typing_extensions import TypedDict

from chancela.faces.tffiscal.paginas import LugarSaida
from chancela.faces.tffiscal.saida import AvisosSaida, ErroSaida, Objeto, Valor


class PassoSaida(TypedDict):
    """Um operando de um passo do cálculo."""

    nome: str
    valor: str


class MemoriaSaida(TypedDict):
    """Um passo da memória de cálculo; `item` 0 é o documento. Decimais como texto."""

    item: int
    tributo: str
    regra: str
    titulo: str
    formula: str
    base: str | None
    aliquota: str | None
    operandos: list[PassoSaida]
    valor: str
    fonte: str
    texto: str


class ContingenciaSaida(TypedDict, total=False):
    """Como a nota passou pela contingência; só em notas que têm a ver com ela."""

    tipo: str
    tp_emis: int
    desde: str
    transmitida: bool
    transmitir_ate: str
    substituida_por: str


class FatosSaida(TypedDict):
    """O que a SEFAZ respondeu, quando respondeu."""

    cstat: NotRequired[int]
    protocolo: NotRequired[str]
    alerta: NotRequired[str]
    contingencia: NotRequired[ContingenciaSaida]


class EmissaoSaida(FatosSaida, AvisosSaida):
    """O que foi feito do documento. Recusado, `success` é falso, `status` é `Rejected` e `erros` diz por quê."""

    uuid: str
    chave: str
    status: str
    motivo: str
    nfe: int
    serie: int
    danfe: str
    xml: str
    erros: NotRequired[list[ErroSaida]]
    memoria: NotRequired[list[MemoriaSaida]]


class DetalheComumSaida(FatosSaida):
    """O que se diz de um documento de qualquer dos modelos."""

    id: str
    uuid: str
    chave: str
    serie: int
    number: int
    status: str
    total_price: Valor
    xml: str
    danfe: str
    create: str
    issue_time: str
    motivo: str
    ambiente: str
    erros: NotRequired[list[ErroSaida]]
    memoria: NotRequired[list[MemoriaSaida]]


class DetalheSaida(DetalheComumSaida):
    """Uma NF-e; os links são vazios enquanto ela não tem arquivos."""

    danfe_simples: str
    danfe_etiqueta: str


class DetalheNfceSaida(DetalheComumSaida):
    """Uma NFC-e."""

    modelo: str
    nprot: str
    client_cpf: str
    client_cnpj: str
    client_name: str


class NotaLinhaSaida(TypedDict):
    """Uma nota numa lista."""

    uuid: str
    chave: str
    status: str
    create: str
    issue_time: str
    id: str
    serie: int
    number: int
    total_price: Valor
    ambiente: str


class NotasSaida(LugarSaida):
    """Uma página de notas, da mais nova para a mais antiga."""

    list: Sequence[NotaLinhaSaida]


class DanfeSaida(TypedDict):
    """Os três DANFE da NF-e."""

    danfe: str
    danfe_simples: str
    danfe_simples_png: str


class DanfeNfceSaida(TypedDict):
    """O DANFE NFC-e em papel de 80 mm e de 58 mm."""

    danfe: str
    danfe_58: str


class CalculoSaida(TypedDict):
    """Os tributos de uma nota que não foi emitida; os grupos têm os nomes do leiaute da NF-e."""

    total_price: Valor
    operacao: Objeto
    itens: list[Objeto]
    total: Objeto
    retTransp: NotRequired[Objeto]
    infCpl: NotRequired[list[str]]
    memoria: list[MemoriaSaida]
    avisos: list[ErroSaida]
