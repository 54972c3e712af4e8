"""Whose server it is that listens.

A socket is only as good as whoever listens on it: a stranger's would be handed every query. The
kernel knows who called listen() (SO_PEERCRED), so the client asks it before it sends anything.
"""

from __future__ import annotations

import os
import pwd
import socket
import struct
from collections.abc import Iterable

from .errors import Code, CorkboardError

# What users of another user namespace look like; it is nobody's name.
OVERFLOW_USER = 65534


def check_server(
    connection: socket.socket, path: str, allowed: Iterable[int | str] | None
) -> None:
    """Raises PERMISSION_DENIED unless a user in `allowed` listens at the other end.

    By default these are this process's own user; root, who can do everything anyway, and is who
    listens under systemd's socket activation; and the owner of the socket's folder, who decides
    what lies in it. In a folder of root's where everybody may put sockets, such as /tmp, another
    user's socket is therefore refused.
    """
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
    _, user, _ = struct.unpack("=iII", credentials)  # struct ucred: pid, uid, gid
    users = trusted_users(path) if allowed is None else {_number(each) for each in allowed}
    if user not in users:
        raise CorkboardError(
            Code.PERMISSION_DENIED,
            f"the server at {path} runs as user {_name(user)}, but only "
            f"{', '.join(map(_name, sorted(users)))} are trusted; "
            "if it is the right one, name its user in server_users",
        )


def trusted_users(path: str) -> set[int]:
    """Whose servers are trusted at `path` where nothing is said."""
    users = {os.geteuid(), 0}
    try:
        owner = os.stat(os.path.dirname(os.path.abspath(path))).st_uid
    except OSError:
        return users
    return users if owner == OVERFLOW_USER else users | {owner}


def _number(user: int | str) -> int:
    if isinstance(user, int):
        return user
    try:
        return pwd.getpwnam(user).pw_uid
    except KeyError:
        raise CorkboardError(
            Code.INVALID_ARGUMENT, f"server_users names {user!r}, but there is no such user"
        ) from None


def _name(user: int) -> str:
    try:
        return f"{user} ({pwd.getpwuid(user).pw_name})"
    except KeyError:
        return str(user)
