"""Structured logs on stderr: one line per event, with the request id that goes from HTTP to SOAP."""

import logging
import sys

import structlog

from chancela.kit.requisicao import current_request


def configure_log(nivel: str, *, em_json: bool, processo: str) -> None:
    """Set up logging once per process. Libraries log warnings and worse; secrets are never passed to a logger."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    formato = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if em_json
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            # never the values of local variables, which the usual one shows: tokens and passwords are among them
            exception_formatter=structlog.dev.plain_traceback,
        )
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            _add_request,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info if em_json else _keep,
            formato,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[nivel]),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(processo=processo)


def log_to_stderr() -> None:
    """For a command, which says itself what a person has to know: errors only, and not where its data goes. Servers call
    `configure_log`."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )


def _add_request(
    _: structlog.typing.WrappedLogger, __: str, evento: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    if pedido_id := current_request():
        evento.setdefault("pedido_id", pedido_id)
    return evento


def _keep(
    _: structlog.typing.WrappedLogger, __: str, evento: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    return evento
