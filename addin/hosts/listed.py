"""Books, sheets, tables as xlwings collects them: by name, whatever its case, or by position from 1."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any


class Listed(ABC):
    """A collection of what has a name; a host says what is in it."""

    __slots__ = ()

    @abstractmethod
    def all(self) -> Sequence[Any]:
        """Return everything in it, in order."""

    def __call__(self, key: str | int) -> Any:
        """Return one by name or by position. Raises KeyError or IndexError if there is none."""
        if isinstance(key, int):
            return self.all()[key - 1]
        for each in self.all():
            if each.name.casefold() == key.casefold():
                return each
        raise KeyError(key)

    def __contains__(self, name: str) -> bool:
        return any(each.name.casefold() == name.casefold() for each in self.all())

    def __len__(self) -> int:
        return len(self.all())

    def __iter__(self) -> Iterator[Any]:
        return iter(self.all())
