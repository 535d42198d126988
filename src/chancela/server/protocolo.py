"""HTTP/1.1 as this server takes it: nobody holds a connection open with a request line that never ends.

uvicorn times out an idle connection after an answer, but waits for ever for the rest of a request's head; a few
hundred half-sent requests would use up every descriptor of the process. The body has its own deadline, in the gate of
the face.
"""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

CABECALHOS_S = 20.0
"""From the connection, or from the first byte of a later request, to the end of its headers."""


class ProtocoloComPrazo(H11Protocol):
    """Closes a connection whose request head did not arrive in time."""

    cabecalhos_s = CABECALHOS_S
    _prazo: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride] - as its base does
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._stop()

    def _watch(self) -> None:
        """Time the head that is arriving; what came whole is timed no more."""
        if self.conn.their_state is not h11.IDLE or self.transport.is_closing():
            self._stop()
        elif self._prazo is None:
            self._prazo = self.loop.call_later(self.cabecalhos_s, self.transport.close)

    def _stop(self) -> None:
        if self._prazo is not None:
            self._prazo.cancel()
            self._prazo = None
