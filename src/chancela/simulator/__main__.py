"""`python -m chancela.simulator`: the simulator alone, without the platform around it."""

import argparse
import asyncio
import sys
from pathlib import Path

from chancela.simulator.configuracao import ConfiguracaoSimulador
from chancela.simulator.servidor import run_simulator


async def _main(config: ConfiguracaoSimulador) -> None:
    pronto = asyncio.Event()
    tarefa = asyncio.create_task(run_simulator(config, pronto=pronto))
    espera = asyncio.create_task(pronto.wait())
    await asyncio.wait({tarefa, espera}, return_when=asyncio.FIRST_COMPLETED)
    if pronto.is_set():
        sys.stderr.write(
            f"SEFAZ local em https://{config.host}:{config.porta}; autoridade em {config.pasta / 'ca.pem'}\n"
        )
    espera.cancel()
    await tarefa


def main() -> None:
    """Read the command line and serve until told to stop."""
    analisador = argparse.ArgumentParser(
        prog="python -m chancela.simulator", description="SEFAZ local: simulador offline"
    )
    analisador.add_argument("--home", type=Path, default=Path("~/.chancela"), help="pasta de dados")
    analisador.add_argument("--porta", type=int, default=8443)
    analisador.add_argument(
        "--porta-controle", type=int, default=None, help="por omissão, a seguinte à porta"
    )
    analisador.add_argument(
        "--porta-renegociacao",
        type=int,
        default=None,
        help="porta TLS que pede o certificado depois do pedido",
    )
    analisador.add_argument(
        "--valida-respostas", action="store_true", help="confere cada resposta com o schema oficial"
    )
    opcoes = analisador.parse_args()
    asyncio.run(
        _main(
            ConfiguracaoSimulador(
                home=opcoes.home.expanduser(),
                porta=opcoes.porta,
                porta_controle=opcoes.porta_controle,
                porta_renegociacao=opcoes.porta_renegociacao,
                valida_respostas=opcoes.valida_respostas,
            )
        )
    )


if __name__ == "__main__":
    main()
