"""HTTP/1.1 as this server takes it: nobody holds a connection open with a request line that never ends.

uvicorn times out an idle connection after an answer, but waits for ever for the rest of a request's head, and for the rest
of a body that was answered before it ended; a few hundred half-sent requests would use up every descriptor of the process.
The body that is being read has its own deadline, in the gate of the face.
"""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

CABECALHOS_S = 20.0
"""From the connection, or from the first byte of a later request, to the end of its headers; and from the first byte that
comes of a body already answered, to its end."""


class ProtocoloComPrazo(H11Protocol):
    """Closes a connection whose request head, or whose refused body, did not arrive in time."""

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
        """Time the head that is arriving, and the rest of a body that nobody reads; what came whole is timed no more."""
        if self.transport.is_closing() or not (self.conn.their_state is h11.IDLE or self._is_draining()):
            self._stop()
        elif self._prazo is None:
            self._prazo = self.loop.call_later(self.cabecalhos_s, self.transport.close)

    def _is_draining(self) -> bool:
        return self.conn.their_state is h11.SEND_BODY and self.cycle.response_complete

    def _stop(self) -> None:
        if self._prazo is not None:
            self._prazo.cancel()
            self._prazo = None
