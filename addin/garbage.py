"""Python's search for garbage, put off while cells are carried.

Every few thousand new lists Python looks through all that it holds for garbage in cycles, numba and pandas included. A
table of ten thousand rows makes hundreds of thousands of lists, none of them in a cycle: half the time went into that.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def search_put_off() -> Iterator[None]:
    """Put the search off for a block, or as a decorator for a function; what is not in a cycle is freed as ever."""
    searched = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searched:
            gc.enable()
