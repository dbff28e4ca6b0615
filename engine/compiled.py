"""The one way kernels are compiled: to machine code kept on disk, or left as they are by NUMBA_DISABLE_JIT=1.

numba keeps the machine code of a kernel as long as the kernel's own file does not change, and does not notice that a
kernel it calls, from another file, did. Here the stamp that is compared is a hash of all modules with kernels, so
code that is out of date is never run. The code is kept beside the module or, where that cannot be written, in the
user's cache folder (numba's own choice). Each piece is kept with a checksum over itself and that stamp: what a power
cut or a full disk left of a file is thrown away and compiled anew.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TypeVar

from numba import config, njit
from numba.core import caching, serialize
from numba.core.compiler import CompileResult
from numba.core.cpu import CPUContext
from numba.core.runtime import rtsys

Kernel = TypeVar("Kernel", bound=Callable[..., object])

# modules whose code ends up in one another's
KERNELS = (
    "compiled",
    "kernels",
    "annealing",
    "distances",
    "moves",
    "finish",
    "arrangements",
    "wish_kernels",
    "wish_moves",
)


@cache
def stamp() -> str:
    """Return a hash of the source of all kernels."""
    digest = hashlib.sha256()
    for name in KERNELS:
        digest.update((Path(__file__).parent / f"{name}.py").read_bytes())
    return digest.hexdigest()


class _Kept(caching.CompileResultCacheImpl):
    """numba's cache of one kernel, with the stamp of all kernels instead of its file's time."""

    def __init__(self, kernel: Callable[..., object]) -> None:
        super().__init__(kernel)
        self.locator.get_source_stamp = stamp

    def reduce(self, result: CompileResult) -> tuple[str, bytes]:
        """Return what is kept of a compiled kernel."""
        code = serialize.dumps(super().reduce(result))
        return _checksum(code), code

    def rebuild(self, target_context: CPUContext, kept: tuple[str, bytes]) -> CompileResult:
        """Return the kernel again. Raises ValueError if it is not what was kept, or was kept of other sources."""
        checksum, code = kept
        if checksum != _checksum(code):
            raise ValueError(checksum)
        return super().rebuild(target_context, pickle.loads(code))


def _checksum(code: bytes) -> str:
    return hashlib.sha256(stamp().encode() + code).hexdigest()


class _Cache(caching.FunctionCache):
    _impl_class = _Kept

    def load_overload(self, sig: object, target_context: CPUContext) -> object:
        """Return kept machine code, or None; numba would first set up all that compiling needs, for 0.15 s.

        Where nothing is kept, its compiler does that itself.
        """
        rtsys.initialize(target_context)  # memory of arrays: all that machine code needs of numba
        try:
            return self._load_overload(sig, target_context)
        except OSError:  # another process is at it
            return None
        except Exception:  # in what is left of a file anything can be read
            with suppress(OSError):
                self._forget()
            return None

    def save_overload(self, sig: object, result: CompileResult) -> None:
        """Keep a compiled kernel; on a full disk it is compiled anew in the next run."""
        with suppress(Exception):  # whatever it is: the placement goes on
            self._save_overload(sig, result)

    def _forget(self) -> None:
        for path in Path(self.cache_path).glob(f"{self._impl.filename_base}.*"):
            path.unlink(missing_ok=True)


def kept_in() -> Path | None:
    """Return the folder in which machine code is kept; None if there is none that can be written."""
    try:
        return Path(_Cache(_checksum).cache_path)
    except RuntimeError:
        return None


def compiled(kernel: Kernel) -> Kernel:
    """Return the kernel compiled on first call, with numba's disk cache; the type checker sees it unchanged."""
    if config.DISABLE_JIT:
        return kernel
    dispatcher = njit(nogil=True)(kernel)
    with suppress(RuntimeError):  # no folder can be written: compiled anew in every run, slowly
        dispatcher._cache = _Cache(kernel)  # what cache=True does, with our stamp
    return dispatcher  # type: ignore[no-any-return] # numba's decorator has no types
