"""The rules as a page for people: `docs/regras-nfe.md` is made here and a test keeps it in step."""

from chancela.documents.nfe.regras import REGRAS
from chancela.domain.erros import Severidade
from chancela.domain.identidade import Modelo

_CABECA = """# Regras conferidas antes do envio (NF-e e NFC-e)

Cada regra recusa o documento antes de gastar um número (**erro**), ou acompanha o resultado (**aviso**). Todas as
violações voltam de uma vez, com o campo, o valor recebido e o que fazer. “Rejeição” é o código que a SEFAZ daria.

| Código | Manual | Rejeição | Modelo | Gravidade | Mensagem | O que fazer |
|---|---|---|---|---|---|---|
"""


def render_catalogo() -> str:
    """The page, in Markdown, ordered by code."""
    linhas: list[str] = []
    for regra in sorted(REGRAS, key=lambda r: r.codigo):
        modelos = "/".join(m.value for m in (Modelo.NFE, Modelo.NFCE) if m in regra.modelos)
        gravidade = "erro" if regra.severidade is Severidade.ERRO else "aviso"
        campos = (
            f"`{regra.codigo}`", regra.oficial or "leiaute", str(regra.c_stat or ""), modelos, gravidade, regra.mensagem, regra.correcao,
        )  # fmt: skip
        linhas.append(f"| {' | '.join(campos)} |")
    return _CABECA + "\n".join(linhas) + "\n"
