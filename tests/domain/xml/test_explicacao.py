"""The sentences for every kind of failure of the schema, also for those that the official patterns seldom give."""

import pytest

from chancela.domain.xml.esquemas import FalhaEsquema, TipoFalha
from chancela.domain.xml.explicacao import describe_pattern, explain, label

ONDE = "NFe/infNFe/emit/enderEmit/CEP"


def falha(
    tipo: TipoFalha, valor: str = "", esperado: tuple[str, ...] = (), caminho: str = ONDE
) -> FalhaEsquema:
    return FalhaEsquema(tipo, caminho, caminho.rpartition("/")[2].removeprefix("@"), valor, 1, esperado)


@pytest.mark.parametrize(
    ("uma", "mensagem", "correcao"),
    [
        (
            falha(TipoFalha.FORMATO),
            "o campo foi informado vazio.",
            "Preencha o campo ou não o envie.",
        ),
        (
            falha(TipoFalha.FORMATO, "x", ("[A-F]{8}-x",)),
            "“x” está fora do formato do leiaute.",
            "Confira o conteúdo do campo.",
        ),
        (
            falha(TipoFalha.DOMINIO, "", ("1", "2")),
            "o campo foi informado vazio.",
            "Use um destes valores: 1, 2.",
        ),
        (
            falha(TipoFalha.DOMINIO, "9"),
            "o valor “9” não existe na tabela do campo.",
            "Use um dos valores da tabela oficial.",
        ),
        (
            falha(TipoFalha.TAMANHO, "abc", ("8", "8")),
            "o texto tem 3 caracteres.",
            "Informe exatamente 8 caracteres.",
        ),
        (
            falha(TipoFalha.TAMANHO, "abc", ("1", "2")),
            "o texto tem 3 caracteres.",
            "Reduza o texto para no máximo 2 caracteres.",
        ),
        (
            falha(TipoFalha.TAMANHO, "abc", ("5", "")),
            "o texto tem 3 caracteres.",
            "Informe pelo menos 5 caracteres.",
        ),
        (
            falha(TipoFalha.TAMANHO, "abc"),
            "o texto tem 3 caracteres, fora do permitido.",
            "Ajuste o tamanho do texto.",
        ),
        (
            falha(TipoFalha.FAIXA, "1" * 61),
            f"o valor “{'1' * 60}…” está fora da faixa permitida.",
            "Informe um valor dentro da faixa.",
        ),
        (
            falha(TipoFalha.TIPO, "abc"),
            "“abc” não é do tipo que o campo aceita.",
            "Confira o conteúdo do campo.",
        ),
        (
            falha(TipoFalha.FALTANDO, "", ("CEP", "*", "cPais")),
            "falta informação; neste ponto se espera: CEP, Código do país.",
            "Preencha o campo que falta.",
        ),
        (falha(TipoFalha.FALTANDO), "o campo é obrigatório e não foi informado.", "Preencha o campo."),
        (
            falha(TipoFalha.INESPERADO, "1", caminho="NFe/infNFe/emit/@x"),
            "o atributo não existe no leiaute.",
            "Retire o atributo.",
        ),
    ],
)
def test_sentence(uma: FalhaEsquema, mensagem: str, correcao: str) -> None:
    violacao = explain(uma)
    assert (violacao.mensagem, violacao.correcao) == (f"{label(uma)}: {mensagem}", correcao)
    assert (violacao.codigo, violacao.caminho, violacao.valor) == (
        f"XSD-{uma.tipo.name}",
        uma.caminho,
        uma.valor[:60],
    )


@pytest.mark.parametrize(
    ("caminho", "rotulo"),
    [
        (ONDE, "CEP (emitente)"),
        ("NFe/infNFe/det[3]/prod/NCM", "Item 3, NCM"),
        ("NFe/infNFe/cobr/dup/vDup", "Parcela 1, Valor da parcela"),
        ("NFe/infNFe/det[2]/prod/qXyz", "Item 2, qXyz"),
        ("NFe/infNFe/{odd}/CEP", "CEP"),
    ],
)
def test_label(caminho: str, rotulo: str) -> None:
    assert label(falha(TipoFalha.FORMATO, caminho=caminho)) == rotulo


@pytest.mark.parametrize(
    ("padrao", "palavras"),
    [
        ("[0-9]{6}[A-Z0-9]{12}[0-9]{26}", "uma chave de acesso de 44 posições"),
        ("(((20(([02468][048]))-02-29))", "data como 2026-03-31"),
        ("(x)T(20|21|22|23|[0-1]", "data e hora com fuso, como 2026-03-31T14:30:00-03:00"),
        ("((HTTPS?|https?)://.*", "o endereço completo do QR Code"),
        ("[0-9]{0}|[A-Z]{2}", "2 letras maiúsculas"),
    ],
)
def test_patterns_with_a_name(padrao: str, palavras: str) -> None:
    assert describe_pattern(padrao) == palavras
