"""The one way kernels are compiled: to machine code kept on disk, or left as they are by NUMBA_DISABLE_JIT=1."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from numba import njit

Kernel = TypeVar("Kernel", bound=Callable[..., object])


def compiled(kernel: Kernel) -> Kernel:
    """Return the kernel compiled on first call, with numba's disk cache; the type checker sees it unchanged."""
    return njit(cache=True)(kernel)  # type: ignore[no-any-return] # numba's decorator has no types
