"""The command `chancela`."""

import sys


def main() -> None:
    """Run the command line; refusals become words and an exit code."""
    from chancela.cli.saida import refuse
    from chancela.domain.erros import FiscalError
    from chancela.server.comandos import app

    try:
        app(prog_name="chancela")
    except FiscalError as erro:
        refuse(erro)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
