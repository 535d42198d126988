"""The page `docs/servicos-sefaz.md`: which service of which authorizer the address table holds, by model and environment."""

from collections.abc import Mapping

from chancela.kit.packaged import packaged_rows

SERVICOS: Mapping[str, str] = {
    "NFeAutorizacao4": "Autorização",
    "NFeRetAutorizacao4": "Recibo",
    "NFeConsultaProtocolo4": "Consulta",
    "NFeStatusServico4": "Status",
    "NFeInutilizacao4": "Inutilização",
    "NFeRecepcaoEvento4": "Eventos",
    "CadConsultaCadastro4": "Cadastro",
    "NFeDistribuicaoDFe": "Distribuição",
}
"""The services that the product speaks, and their columns."""
_MODELOS = {"nfe": "55", "nfce": "65"}
_CABECALHO = """# Serviços da SEFAZ, por autorizadora

Gerada de `sefaz_enderecos.csv` e `sefaz_lotes.csv` por `docs/gerar_servicos_sefaz.py`; um teste a mantém em dia, e outro
(`tests/gateways/test_matriz_servicos.py`) faz cada pergunta a cada endereço, nos dois ambientes, e lê a resposta. `55` é NF-e, `65` NFC-e;
`P` ou `H` diz que o endereço só existe em produção ou em homologação. A SVC não inutiliza, e o cadastro é consultado na UF ou na SVRS: esses
endereços existem na tabela e não são usados.

"""


def render_pagina() -> str:
    """The Markdown page."""
    celulas: dict[tuple[str, str], dict[str, set[str]]] = {}
    for linha in packaged_rows("sefaz_enderecos.csv"):
        if linha["documento"] in _MODELOS and linha["servico"] in SERVICOS and not linha["vigencia_fim"]:
            modelos = celulas.setdefault((linha["autorizador"], linha["servico"]), {})
            modelos.setdefault(_MODELOS[linha["documento"]], set()).add(linha["ambiente"][0].upper())
    autorizadores = sorted({autorizador for autorizador, _ in celulas})
    tabela = [_row("Autorizadora", *SERVICOS.values()), "|---" * (len(SERVICOS) + 1) + "|"]
    tabela += [_row(a, *(_cell(celulas.get((a, s), {})) for s in SERVICOS)) for a in autorizadores]
    return f"{_CABECALHO}{_lines(tabela)}\n## Lotes com recibo\n\n{_lines(_lots())}"


def _lots() -> list[str]:
    tabela = [_row("Modelo", "Autorizadora", "Notas por lote", "De", "Até", "Norma"), "|---" * 6 + "|"]
    for linha in packaged_rows("sefaz_lotes.csv"):
        quem = "todas" if linha["autorizador"] == "*" else linha["autorizador"]
        notas = f"{linha['minimo']} a {linha['maximo']}"
        vigencia = (linha["vigencia_inicio"], linha["vigencia_fim"])
        tabela.append(_row(linha["modelo"], quem, notas, *vigencia, linha["fonte"]))
    return tabela


def _cell(modelos: Mapping[str, set[str]]) -> str:
    return ", ".join(
        modelo if len(ambientes) > 1 else f"{modelo} {min(ambientes)}"
        for modelo, ambientes in sorted(modelos.items())
    )


def _row(*celulas: str) -> str:
    return f"| {' | '.join(celulas)} |"


def _lines(linhas: list[str]) -> str:
    return "".join(f"{linha}\n" for linha in linhas)
