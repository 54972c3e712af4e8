"""How a client reaches its server, and how often it tries."""

from __future__ import annotations

import os
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .errors import Code, CorkboardError

# `sockaddr_un.sun_path` without the zero that ends it.
LONGEST_PATH = 107

# A timeout that is not given is the settings' one: this very number stands for it.
CLIENTS = float(-1)


@dataclass(frozen=True)
class Settings:
    """What holds for all calls of a client.

    ``timeout``: the seconds that a call may take, unless it says otherwise; None for ever.
    ``server_users``: the users, by name or number, whose server is trusted; by default this
    process's own, root, and the owner of the socket's folder.
    ``tries``: how often to connect for a call before it fails as UNAVAILABLE; a call that has been
    sent is never sent again.
    ``first_pause``, ``longest_pause``: seconds between two tries, doubling from one to the other.
    """

    timeout: float | None = 30.0
    server_users: Iterable[int | str] | None = None
    tries: int = 5
    first_pause: float = 0.05
    longest_pause: float = 1.0

    def __post_init__(self) -> None:
        if self.tries < 1:
            raise ValueError(f"tries must be 1 or more, not {self.tries}")

    def pauses(self) -> Iterator[float]:
        """The seconds before each further try, a little at random: clients of a server that
        comes back should not all knock at the same instant."""
        pause = self.first_pause
        for _ in range(self.tries - 1):
            yield pause * random.uniform(0.5, 1.0)
            pause = min(2 * pause, self.longest_pause)


def checked_path(path: str | os.PathLike[str]) -> str:
    """The path of a socket; refused where Linux would refuse it in fewer words."""
    path = os.fspath(path)
    size = len(os.fsencode(path))
    if size > LONGEST_PATH or "\0" in path or not path:
        raise CorkboardError(
            Code.INVALID_ARGUMENT,
            f"the socket path {path!r} has {size} bytes, but 1 to {LONGEST_PATH}, none of them "
            "zero, are what Linux allows; choose another one",
        )
    return path
