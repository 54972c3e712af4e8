"""One connection of the client for asyncio."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

from . import calls, frames
from .calls import Call
from .connection import NotSent
from .deadline import Deadline
from .errors import CorkboardError, closed, connection_lost, lost
from .frames import Event
from .peer import check_server
from .settings import Settings


class AsyncConnection:
    """An open connection; when it is lost, so are its calls."""

    def __init__(
        self, path: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.path = path
        self._reader = reader
        self._writer = writer
        self._next_id = 1
        self._waiters: dict[int, asyncio.Queue[Event]] = {}
        # Why it was lost; None as long as answers may come.
        self._loss: CorkboardError | None = None
        self._has_heard = False
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def open(cls, path: str, settings: Settings) -> AsyncConnection:
        """Connects to the socket at `path`, where a user listens who is trusted."""
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.setblocking(False)
            await asyncio.get_running_loop().sock_connect(connection, path)
            check_server(connection, path, settings.server_users)
            return cls(path, *await asyncio.open_unix_connection(sock=connection))
        except BaseException:
            connection.close()
            raise

    @property
    def is_usable(self) -> bool:
        """Whether a new call may be made on it."""
        return not self.is_lost and self._next_id < frames.RETIREMENT_ID

    @property
    def is_lost(self) -> bool:
        """Whether nothing will be answered on it any more."""
        return self._loss is not None

    async def start(
        self, call: Call[Any], deadline: Deadline
    ) -> tuple[int, asyncio.Queue[Event]]:
        """Sends `call`; its events come through the queue.

        Once it is written it counts as sent, and is not sent again: asyncio keeps what the socket
        does not take at once, and does not tell how much of it had left when a connection is lost.
        """
        try:
            # Before the request: where this fails, nothing of it has been written.
            await self._writer.drain()
        except OSError:
            self._lose(self._why)
        stream_id = self._sent(call, deadline.left)
        waiter: asyncio.Queue[Event] = asyncio.Queue()
        self._waiters[stream_id] = waiter
        return stream_id, waiter

    def abandon(self, stream_id: int) -> None:
        """Asks the server to stop working on a call that nobody waits for, if it still does."""
        if self._waiters.pop(stream_id, None) is not None:
            try:
                self._sent(calls.cancel(stream_id), 1.0)
            except NotSent:
                pass

    @property
    def _why(self) -> CorkboardError:
        """Why calls on it fail: what it was lost for, or else that the server has closed it."""
        return self._loss or lost(self.path, self._has_heard)

    async def close(self) -> None:
        """Ends the connection; calls in flight fail as CANCELLED."""
        self._lose(closed())
        self._reading.cancel()
        await asyncio.wait([self._reading])

    def _sent(self, call: Call[Any], timeout: float | None) -> int:
        if self.is_lost or self._writer.is_closing():
            raise NotSent(self._why)
        stream_id = self._next_id
        frame = frames.request(call, stream_id, timeout)
        self._next_id += 2
        self._writer.write(frame)
        return stream_id

    async def _read(self) -> None:
        error: CorkboardError | None = None
        try:
            while True:
                header = await self._reader.readexactly(frames.HEADER.size)
                self._has_heard = True
                length, stream_id, kind, flags = frames.parse_header(header)
                body = await self._reader.readexactly(length)
                self._received(stream_id, frames.event(kind, flags, body))
        except (OSError, EOFError):
            pass
        except CorkboardError as hostile:
            error = hostile
        finally:
            self._lose(error or self._why)

    def _received(self, stream_id: int, event: Event | None) -> None:
        if event is None:
            return
        take = self._waiters.pop if event.is_end else self._waiters.get
        waiter = take(stream_id, None)
        if waiter is not None:
            waiter.put_nowait(event)
        if self._next_id >= frames.RETIREMENT_ID and not self._waiters:
            self._lose(connection_lost(self.path))  # nobody will call on it any more

    def _lose(self, loss: CorkboardError) -> None:
        self._loss = self._loss or loss
        self._writer.close()
        waiters, self._waiters = self._waiters, {}
        for waiter in waiters.values():
            waiter.put_nowait(Event(None, loss))
