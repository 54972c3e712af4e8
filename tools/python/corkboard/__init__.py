"""A client of corkboardd, which answers what goes with an item.

    from corkboard import Client

    with Client("corkboard.d/corkboardd.sock") as client:
        for candidate in client.related(["nginx"], k=10).candidates[0]:
            print(candidate.item_id, candidate.score)

``AsyncClient`` has the same methods, to be awaited. Both may have any number of calls in flight on
their one connection, and connect again where it was lost.
"""

from .aio import AsyncClient
from .answers import Candidate, GetAnswer, Item, SearchAnswer
from .calls import SearchOptions
from .cancellation import Cancellation
from .client import Client
from .errors import Code, CorkboardError
from .settings import Settings

__all__ = [
    "AsyncClient",
    "Cancellation",
    "Candidate",
    "Client",
    "Code",
    "CorkboardError",
    "GetAnswer",
    "Item",
    "SearchAnswer",
    "SearchOptions",
    "Settings",
]
