"""JSON files given to commands: numbers exact, and a refusal that says what is wrong and where."""

import sys
from pathlib import Path

from chancela.cli.sistema import describe_os_error
from chancela.domain.erros import RegraViolada, Violacao
from chancela.kit.json_exact import JsonInvalid, JsonLimits, read_json

_LIMITES = JsonLimits(size_bytes=50 * 1024 * 1024)
_MOTIVOS: dict[str, tuple[str, str]] = {
    "size": ("é grande demais", "Use no máximo {detail} bytes."),
    "utf8": ("não está em UTF-8 (byte {detail})", "Grave o arquivo em UTF-8."),
    "bom": ("começa com a marca BOM", "Grave o arquivo em UTF-8 sem BOM."),
    "empty": ("está vazio", "Escreva nele um valor JSON."),
    "depth": ("tem níveis demais", "Use no máximo {detail} níveis."),
    "syntax": ("não é um JSON válido (linha:coluna {detail})", "Confira vírgulas, aspas e chaves."),
    "trailing": ("tem conteúdo depois do JSON", "Termine o arquivo no fim do valor."),
    "repeated": ("repete o campo “{detail}” no mesmo objeto", "Escreva cada campo uma vez."),
    "number": ("tem um número que não é aceito ({detail})", "Use decimais comuns, com até 40 caracteres."),
    "text": (
        "tem caracteres que não existem ({detail})",
        "Retire o NUL e os pares substitutos soltos.",
    ),
}


def read_json_file(arquivo: Path) -> object:
    """The value in a file, `-` being the standard input; `RegraViolada` when it cannot be read or is no JSON."""
    try:
        conteudo = sys.stdin.buffer.read() if str(arquivo) == "-" else arquivo.read_bytes()
        return read_json(conteudo, _LIMITES)
    except OSError as erro:
        dito = describe_os_error(erro)
        raise _unreadable(arquivo, dito.mensagem, dito.correcao) from None
    except JsonInvalid as erro:
        mensagem, correcao = _MOTIVOS[erro.reason]
        raise _unreadable(
            arquivo,
            f"O arquivo {mensagem.replace('{detail}', erro.detail)}.",
            correcao.replace("{detail}", erro.detail),
        ) from None


def _unreadable(arquivo: Path, mensagem: str, correcao: str) -> RegraViolada:
    return RegraViolada((Violacao("ARQUIVO-JSON", "", mensagem, correcao, valor=str(arquivo)),))
