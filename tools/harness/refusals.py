"""Publications that have to fail, for want of something that the daemon needs for them."""

from __future__ import annotations

from harness.background import Background
from harness.wire import CallFailed, Connection, number, payload, request

RESOURCE_EXHAUSTED = 8


def published(connection: Connection, generation: int) -> tuple[int | None, str]:
    """The code of a publication, None where none came, and in which words it failed."""
    try:
        connection.call("Publish", number(1, generation), "Control")
        return 0, "done"
    except CallFailed as error:
        return error.code, str(error)
    except OSError as error:
        return None, repr(error)


class Publications(Background):
    """Keeps many publications in flight, each of which has to be refused as RESOURCE_EXHAUSTED."""

    def __init__(self, connection: Connection, generation: int) -> None:
        super().__init__()
        self.connection, self.message = connection, number(1, generation)
        self.refused = 0
        self.start()

    def work(self) -> None:
        stream, waiting = 1001, 0
        while waiting or not self.over.is_set():
            while waiting < 128 and not self.over.is_set():
                self.connection.send(request(stream, "Publish", self.message, "Control"))
                stream, waiting = stream + 2, waiting + 1
            _, _, _, body = self.connection.frame()
            waiting -= 1
            try:
                payload(body)
            except CallFailed as error:
                if error.code != RESOURCE_EXHAUSTED:
                    raise
            else:
                raise AssertionError("a publication came about that had to be refused")
            self.refused += 1
