"""One connection of the synchronous client: any number of threads send, one of its own reads."""

from __future__ import annotations

import os
import select
import socket
import threading
from queue import SimpleQueue
from typing import Any

from . import calls, frames
from .calls import Call
from .deadline import Deadline
from .errors import CorkboardError, cancelled, closed, connection_lost, lost, no_answer
from .frames import Event
from .peer import check_server
from .settings import Settings


class NotSent(Exception):
    """The connection was gone before a whole request had left: it may be sent again.

    `loss` is what to tell whoever has no time for that.
    """

    def __init__(self, loss: CorkboardError) -> None:
        super().__init__(str(loss))
        self.loss = loss


class Connection:
    """An open connection; when it is lost, so are its calls."""

    def __init__(self, path: str, settings: Settings, deadline: Deadline) -> None:
        self.path = path
        self.process = os.getpid()
        self._lock = threading.Lock()
        self._sending = threading.Lock()
        self._next_id = 1
        self._waiters: dict[int, SimpleQueue[Event]] = {}
        # Why it was lost; None as long as answers may come.
        self._loss: CorkboardError | None = None
        self._has_heard = False
        # False from when the server takes no more, though it may still answer.
        self._takes_calls = True
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._socket.settimeout(deadline.left or None)
            self._socket.connect(path)
            self._socket.settimeout(None)
            check_server(self._socket, path, settings.server_users)
        except BaseException:
            self._socket.close()
            raise
        threading.Thread(target=self._read, name="corkboard", daemon=True).start()

    @property
    def is_usable(self) -> bool:
        """Whether a new call may be made on it; a fork's parent keeps its own."""
        return (
            self._takes_calls
            and self._next_id < frames.RETIREMENT_ID
            and self.process == os.getpid()
        )

    @property
    def is_lost(self) -> bool:
        """Whether nothing will be answered on it any more."""
        return self._loss is not None

    @property
    def is_open(self) -> bool:
        """Whether this process may close it; a fork's child leaves its parent's alone."""
        return not self.is_lost and self.process == os.getpid()

    def start(self, call: Call[Any], deadline: Deadline) -> tuple[int, SimpleQueue[Event]]:
        """Sends `call`; its events come through the queue."""
        if not self._sending.acquire(timeout=-1 if deadline.left is None else deadline.left):
            raise no_answer(self.path)
        try:
            stream_id = self._next_id
            frame = frames.request(call, stream_id, deadline.left)
            self._next_id += 2
            waiter: SimpleQueue[Event] = SimpleQueue()
            with self._lock:
                if not self._takes_calls:
                    raise NotSent(self._why)
                self._waiters[stream_id] = waiter
            self._send(frame, stream_id, deadline)
            return stream_id, waiter
        finally:
            self._sending.release()

    def abandon(self, stream_id: int) -> None:
        """Ends a call as CANCELLED, and asks the server to stop working on it."""
        with self._lock:
            waiter = self._waiters.pop(stream_id, None)
        if waiter is None:
            return
        waiter.put(Event(None, cancelled()))
        try:
            # Its answer is for nobody: one second is for a server that reads no more.
            request, _ = self.start(calls.cancel(stream_id), Deadline(1.0))
            self.forget(request)
        except (CorkboardError, NotSent):
            pass

    def forget(self, stream_id: int) -> None:
        """Nobody waits for this call any longer."""
        with self._lock:
            self._waiters.pop(stream_id, None)

    @property
    def _why(self) -> CorkboardError:
        """Why calls on it fail: what it was lost for, or else that the server has closed it."""
        return self._loss or lost(self.path, self._has_heard)

    def close(self) -> None:
        """Ends the connection; calls in flight fail as CANCELLED."""
        self._lose(closed())

    def _send(self, frame: bytes, stream_id: int, deadline: Deadline) -> None:
        rest = memoryview(frame)
        try:
            while rest:
                try:
                    rest = rest[self._socket.send(rest, socket.MSG_DONTWAIT) :]
                except BlockingIOError:
                    self._wait_for_room(deadline)
        except OSError:
            # Half a frame is no request: the server does nothing for it.
            self.forget(stream_id)
            self._end_calls()
            raise NotSent(self._why) from None
        except CorkboardError:
            self.forget(stream_id)
            if len(rest) < len(frame):
                self._lose(connection_lost(self.path))
            raise

    def _wait_for_room(self, deadline: Deadline) -> None:
        poll = select.poll()
        poll.register(self._socket, select.POLLOUT)
        left = deadline.left
        if not poll.poll(None if left is None else left * 1000):
            raise no_answer(self.path)

    def _read(self) -> None:
        error: CorkboardError | None = None
        try:
            with self._socket.makefile("rb") as stream:
                while len(header := stream.read(frames.HEADER.size)) == frames.HEADER.size:
                    self._has_heard = True
                    length, stream_id, kind, flags = frames.parse_header(header)
                    body = stream.read(length)
                    if len(body) < length:
                        break
                    self._received(stream_id, frames.event(kind, flags, body))
        except OSError:
            pass
        except CorkboardError as hostile:
            error = hostile
        self._lose(error or self._why)

    def _received(self, stream_id: int, event: Event | None) -> None:
        if event is None:
            return
        with self._lock:
            take = self._waiters.pop if event.is_end else self._waiters.get
            waiter = take(stream_id, None)
            is_over = self._next_id >= frames.RETIREMENT_ID and not self._waiters
        if waiter is not None:
            waiter.put(event)
        if is_over:
            self._lose(connection_lost(self.path))  # nobody will call on it any more

    def _end_calls(self) -> None:
        """Makes no more calls; those that were sent before are still answered."""
        with self._lock:
            self._takes_calls = False
            if not self.is_lost:
                try:
                    self._socket.shutdown(socket.SHUT_WR)
                except OSError:
                    pass

    def _lose(self, loss: CorkboardError) -> None:
        with self._lock:
            if self._loss is None:
                self._loss = loss
                self._takes_calls = False
                try:
                    self._socket.shutdown(socket.SHUT_RDWR)  # wakes the thread that reads
                except OSError:
                    pass
                self._socket.close()
            waiters, self._waiters = self._waiters, {}
        for waiter in waiters.values():
            waiter.put(Event(None, loss))
