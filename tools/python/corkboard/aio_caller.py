"""How the client for asyncio makes its calls."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator
from types import TracebackType
from typing import Any, Self, TypeVar

from .aio_connection import AsyncConnection
from .calls import Call
from .connection import NotSent
from .deadline import Deadline
from .errors import closed, no_answer, no_response, unreachable
from .frames import Event
from .settings import CLIENTS, Settings, checked_path

Answer = TypeVar("Answer")


class AsyncCaller:
    """One connection, made when it is wanted, and again where it was lost."""

    def __init__(
        self, socket: str | os.PathLike[str], settings: Settings | None = None
    ) -> None:
        self.socket = checked_path(socket)
        self.settings = settings or Settings()
        self._lock = asyncio.Lock()
        self._connection: AsyncConnection | None = None
        # Those before it on which calls may still be answered.
        self._replaced: list[AsyncConnection] = []
        self._is_closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Closes the connection, and those that it replaced; calls in flight fail."""
        self._is_closed = True
        for connection in (*self._replaced, self._connection):
            if connection is not None:
                await connection.close()

    async def _call(self, call: Call[Answer], timeout: float | None) -> Answer:
        deadline = self._deadline(timeout)
        connection, stream_id, events = await self._started(call, deadline)
        try:
            event = await self._next(events, deadline)
        finally:
            connection.abandon(stream_id)  # nothing where it has ended
        if not event.is_response or event.message is None:
            raise no_response(self.socket)
        return call.decode(event.message)

    async def _stream(
        self, call: Call[Answer], timeout: float | None
    ) -> AsyncGenerator[Answer, None]:
        deadline = self._deadline(timeout)
        connection, stream_id, events = await self._started(call, deadline)
        try:
            while True:
                event = await self._next(events, deadline)
                if event.message is not None:
                    yield call.decode(event.message)
                if event.is_end:
                    return
        finally:
            connection.abandon(stream_id)

    async def _next(self, events: asyncio.Queue[Event], deadline: Deadline) -> Event:
        try:
            async with asyncio.timeout(deadline.left):
                event = await events.get()
        except TimeoutError:
            raise no_answer(self.socket) from None
        if event.error is not None:
            raise event.error
        return event

    async def _started(
        self, call: Call[Any], deadline: Deadline
    ) -> tuple[AsyncConnection, int, asyncio.Queue[Event]]:
        """Sends a call, on a new connection and after a pause where one is lost before that."""
        pauses = self.settings.pauses()
        while True:
            try:
                async with asyncio.timeout(deadline.left):
                    connection = await self._connected()
                    return connection, *await connection.start(call, deadline)
            except NotSent as error:
                failure = error.loss
            except TimeoutError:
                raise no_answer(self.socket) from None
            except OSError as error:
                failure = unreachable(self.socket, error)
            pause = next(pauses, None)
            if pause is None or not deadline.leaves(pause) or self._is_closed:
                raise failure
            await asyncio.sleep(pause)

    async def _connected(self) -> AsyncConnection:
        async with self._lock:
            if self._is_closed:
                raise closed()
            if self._connection is None or not self._connection.is_usable:
                replaced = self._connection
                self._connection = await AsyncConnection.open(self.socket, self.settings)
                if replaced is not None:
                    self._replaced = [one for one in (*self._replaced, replaced) if not one.is_lost]
            return self._connection

    def _deadline(self, timeout: float | None) -> Deadline:
        return Deadline(self.settings.timeout if timeout is CLIENTS else timeout)
