"""`chancela contingencia`: how the authorizers stand, and the switch that sends a UF to its SVC by hand."""

from typing import Annotated

import typer

from chancela.server.configuracao import load_configuracao

EmJson = Annotated[bool, typer.Option("--json", help="Saída em JSON.")]
contingencia = typer.Typer(
    help="Situação dos autorizadores, e a SVC ligada à mão por UF.", no_args_is_help=True
)


@contingencia.command("situacao")
def situation(em_json: EmJson = False) -> None:
    """Mostra o que se sabe de cada autorizador e as SVC ligadas à mão."""
    from chancela.cli.contingencia import show_circuits
    from chancela.server.pecas import database_of, open_circuitos

    with database_of(load_configuracao()) as url, open_circuitos(url) as circuitos:
        show_circuits(circuitos, em_json=em_json)


@contingencia.command("svc")
def svc(
    uf: Annotated[str, typer.Argument(metavar="UF", help="A UF dos emitentes.")],
    motivo: Annotated[str, typer.Option("--ligar", metavar="MOTIVO", help="Liga, e por quê.")] = "",
    desligar: Annotated[bool, typer.Option("--desligar", help="Volta ao normal.")] = False,
    producao: Annotated[bool, typer.Option("--producao", help="Em produção; sem ele, homologação.")] = False,
    em_json: EmJson = False,
) -> None:
    """Emite as NF-e de uma UF na SVC dela, enquanto a SVC estiver ativa, ou volta ao normal."""
    from chancela.cli.contingencia import force_svc
    from chancela.domain.identidade import Ambiente
    from chancela.gateways.enderecos import packaged_addresses
    from chancela.server.pecas import database_of, open_circuitos

    configuracao = load_configuracao()
    ambiente = Ambiente.PRODUCAO if producao else Ambiente.HOMOLOGACAO
    with database_of(configuracao) as url, open_circuitos(url) as circuitos:
        force_svc(
            circuitos, packaged_addresses(configuracao.sefaz_url or None), uf, ambiente,
            motivo=motivo, desligar=desligar, em_json=em_json,
        )  # fmt: skip
