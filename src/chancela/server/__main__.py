"""The command `chancela`."""

import signal
import sys
from types import FrameType


def main() -> None:
    """Run the command line; refusals become words and an exit code, and so does what the machine or the database denies."""
    from chancela.cli.saida import refuse
    from chancela.domain.erros import FiscalError, Indisponivel
    from chancela.server.comandos import app

    signal.signal(signal.SIGTERM, _leave)
    try:
        app(prog_name="chancela", obj=_log_to_stderr)
    except Indisponivel as erro:
        _refuse_environment(erro)
        refuse(erro)
    except FiscalError as erro:
        refuse(erro)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as erro:
        _refuse_environment(erro)
        raise


def _log_to_stderr() -> None:
    from chancela.server.registro import log_to_stderr

    log_to_stderr()


def _leave(sinal: int, _: FrameType | None) -> None:
    """Stop what the command has started, such as a database of its own; servers take the signal over."""
    raise SystemExit(128 + sinal)


def _refuse_environment(erro: Exception) -> None:
    """Leave with words when it was the surroundings that failed; come back when it is a defect."""
    from chancela.cli.saida import AMBIENTE, refuse
    from chancela.cli.sistema import describe_os_error
    from chancela.stores.indisponivel import describe_unavailable

    dito = describe_unavailable(erro)
    if dito is None and isinstance(erro, OSError):
        dito = describe_os_error(erro)
    if dito is not None:
        refuse(dito, codigo=AMBIENTE)


if __name__ == "__main__":
    main()
