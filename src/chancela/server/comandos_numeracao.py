"""`chancela numeracao`: what SEFAZ does not have of a company's series, and telling it that it never will."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from chancela.server.configuracao import load_configuracao

if TYPE_CHECKING:
    from chancela.documents.inutilizacao.layout import Faixa
    from chancela.issuing.empresa import Empresa
    from chancela.issuing.solicitacao import Solicitacao
    from chancela.server.configuracao import Configuracao
    from chancela.server.pecas import Pecas

EmpresaId = Annotated[int, typer.Argument(metavar="ID", help="Número da empresa.")]
EmJson = Annotated[bool, typer.Option("--json", help="Saída em JSON.")]
Numero = Annotated[int | None, typer.Option(min=1, max=999_999_999)]
numeracao = typer.Typer(help="Numeração das séries.", no_args_is_help=True)


@numeracao.command("lacunas")
def gaps(empresa_id: EmpresaId, em_json: EmJson = False) -> None:
    """Mostra os números que a SEFAZ não tem: sem documento, ou rejeitados e não reemitidos."""
    from chancela.cli.numeracao import show_gaps
    from chancela.server.pecas import database_of, open_lacunas

    atual = load_configuracao()
    with database_of(atual) as url, open_lacunas(url) as lacunas:
        show_gaps(lacunas, empresa_id, em_json=em_json)


@numeracao.command("inutilizar")
def inutilise(
    empresa_id: EmpresaId,
    motivo: Annotated[str, typer.Option(help="Justificativa, de 15 a 255 letras.")],
    modelo: Annotated[str | None, typer.Option(help="55 ou 65; sem ele, os dois.")] = None,
    serie: Annotated[int | None, typer.Option(min=0, max=889, help="Sem ela, todas.")] = None,
    inicio: Numero = None,
    fim: Numero = None,
    producao: Annotated[bool, typer.Option("--producao", help="Em produção; sem ele, homologação.")] = False,
    sim: Annotated[bool, typer.Option("--sim", help="Não pergunta antes.")] = False,
    em_json: EmJson = False,
) -> None:
    """Inutiliza uma faixa de números, ou todas as lacunas; mostra antes e pergunta."""
    from chancela.cli.numeracao import choose_ranges, confirm, show_outcomes
    from chancela.cli.saida import refuse
    from chancela.domain.erros import FiscalError
    from chancela.server.pecas import database_of, open_pecas
    from chancela.stores.lacunas import LacunasPg

    configuracao = load_configuracao()
    with (
        database_of(configuracao) as url,
        open_pecas(configuracao, url, threads=4, nome="chancela-numeracao") as pecas,
    ):
        try:
            empresa, faixas = choose_ranges(
                pecas.empresas, LacunasPg(pecas.banco), empresa_id,
                modelo=modelo, serie=serie, inicio=inicio, fim=fim, producao=producao,
            )  # fmt: skip
            confirm(faixas, ja_confirmado=sim)
            feitas = asyncio.run(_inutilise(configuracao, pecas, empresa, faixas, motivo))
        except FiscalError as erro:
            refuse(erro)
    show_outcomes(feitas, em_json=em_json)


async def _inutilise(
    configuracao: "Configuracao", pecas: "Pecas", empresa: "Empresa", faixas: "list[Faixa]", motivo: str
) -> "list[Solicitacao]":
    """One range after the other: the first that cannot be asked for stops the rest."""
    from chancela.server.recebidos import open_servico_eventos

    async with open_servico_eventos(configuracao, pecas) as servico:
        return [await servico.inutilise(empresa, faixa, motivo) for faixa in faixas]
