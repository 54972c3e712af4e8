"""Vectors on their way into messages and out of them: little-endian 32-bit floats.

numpy is used where an array of its comes in, and imported for no other reason.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from .errors import Code, CorkboardError

if TYPE_CHECKING:
    import numpy

# One vector or several, one a row; anything that numpy makes an array of.
Vectors: TypeAlias = "Sequence[Sequence[float]] | Sequence[float] | numpy.ndarray[Any, Any]"


def packed(vectors: Vectors) -> tuple[int, bytes]:
    """The dimension, and the floats of all rows, one after the other."""
    if hasattr(vectors, "__array__"):
        return _packed_array(vectors)
    rows: list[Any] = list(vectors)
    if rows and isinstance(rows[0], (int, float)):
        rows = [rows]
    try:
        arrays = [array("f", row) for row in rows]
    except (TypeError, OverflowError) as error:
        raise CorkboardError(
            Code.INVALID_ARGUMENT, f"the vectors are no rows of 32-bit floats: {error}"
        ) from None
    dimensions = {len(row) for row in arrays}
    if len(dimensions) != 1:
        raise CorkboardError(
            Code.INVALID_ARGUMENT,
            f"the vectors have {sorted(dimensions)} floats; give one or more, of one dimension",
        )
    return dimensions.pop(), b"".join(_little_endian(row).tobytes() for row in arrays)


def unpacked(data: bytes) -> array[float]:
    """The floats of a message; numpy.asarray takes them without a copy."""
    if len(data) % 4:
        raise CorkboardError(
            Code.INTERNAL, f"the server's answer has {len(data)} bytes of floats; see its log"
        )
    floats = array("f")
    floats.frombytes(data)
    return _little_endian(floats)


def _packed_array(vectors: Any) -> tuple[int, bytes]:
    import numpy

    try:
        rows = numpy.atleast_2d(numpy.asarray(vectors)).astype("<f4", order="C", copy=False)
    except (TypeError, ValueError) as error:
        raise CorkboardError(
            Code.INVALID_ARGUMENT, f"the array is none of numbers: {error}"
        ) from None
    if rows.ndim != 2:
        raise CorkboardError(
            Code.INVALID_ARGUMENT,
            f"the array has the shape {rows.shape}; give one of (vectors, dimension)",
        )
    return rows.shape[1], rows.tobytes()


def _little_endian(floats: array[float]) -> array[float]:
    if sys.byteorder == "big":
        floats = floats[:]
        floats.byteswap()
    return floats
