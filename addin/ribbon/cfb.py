"""Write a compound file ([MS-CFB] version 3): the container in which Office keeps a VBA project."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

StreamPath = tuple[str, ...]

_SECTOR, _MINI_SECTOR, _CUTOFF = 512, 64, 4096  # 2.2: shift 9, shift 6, mini stream cutoff size
_FREE, _END, _FAT_SECTOR = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD  # 2.1
_NONE = 0xFFFFFFFF  # 2.6.1: no sibling, no child
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_RED, _BLACK = 0, 1
_IN_HEADER = 109  # 2.2: this many FAT sectors are listed in the header itself; we never need more


@dataclass(slots=True)
class _Entry:
    """A directory entry (2.6): ``start`` and ``size`` say where its bytes are, the rest is its place in the tree."""

    name: str
    kind: int
    data: bytes = b""
    children: list[int] = field(default_factory=list)
    left: int = _NONE
    right: int = _NONE
    child: int = _NONE
    colour: int = _BLACK
    start: int = 0
    size: int = 0


def compound_file(streams: Mapping[StreamPath, bytes]) -> bytes:
    """Return a compound file with these streams; a path's earlier parts name the storages that it lies in.

    The same streams always give the same bytes: there is no time stamp and no free space. Raises ValueError for
    more than about 7 MB.
    """
    entries = _directory(streams)
    sectors = _Sectors()
    mini = _Sectors(_MINI_SECTOR)
    for entry in entries:
        if entry.kind == _STREAM:
            entry.size = len(entry.data)
            entry.start = (sectors if entry.size >= _CUTOFF else mini).add(entry.data)
    root = entries[0]
    root.size = len(mini.body)
    root.start = sectors.add(bytes(mini.body))
    directory = sectors.add(b"".join(_packed(entry) for entry in entries), fill=_packed(_Entry("", 0)))
    mini_fat = sectors.add(_numbers(mini.chain), fill=b"\xff")
    fats = sectors.add_fat()
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        bytes.fromhex("d0cf11e0a1b11ae1"),
        0x003E,  # minor and major version, byte order
        0x0003,
        0xFFFE,
        9,
        6,
        0,  # directory sectors: not counted in version 3
        len(fats),
        directory,
        0,
        _CUTOFF,
        mini_fat,
        -(-len(mini.chain) * 4 // _SECTOR),
        _END,
        0,
    )
    return header + _numbers(fats + [_FREE] * (_IN_HEADER - len(fats))) + bytes(sectors.body)


class _Sectors:
    """A growing run of sectors and the chain that links them (2.3)."""

    def __init__(self, size: int = _SECTOR) -> None:
        self.size = size
        self.body = bytearray()
        self.chain: list[int] = []

    def add(self, data: bytes, fill: bytes = b"\0") -> int:
        """Append data, padded to whole sectors, and return its first sector."""
        if not data:
            return _END
        first = len(self.chain)
        missing = -len(data) % self.size
        self.body += data + (fill * (missing // len(fill)))
        count = (len(data) + missing) // self.size
        self.chain += [*range(first + 1, first + count), _END]
        return first

    def add_fat(self) -> list[int]:
        """Append the table of all chains, its own sectors among them, and return where it is."""
        each = self.size // 4
        used, count = len(self.chain), 1
        while used + count > count * each:
            count += 1
        if count > _IN_HEADER:
            raise ValueError("the VBA project is too large")
        self.chain += [_FAT_SECTOR] * count
        self.body += _numbers(self.chain + [_FREE] * (count * each - len(self.chain)))
        return list(range(used, used + count))


def _directory(streams: Mapping[StreamPath, bytes]) -> list[_Entry]:
    """Return all entries, the root first, with every storage's children in a search tree."""
    entries = [_Entry("Root Entry", _ROOT)]
    places: dict[StreamPath, int] = {(): 0}
    for path, data in sorted(streams.items()):
        for depth in range(1, len(path) + 1):
            part = path[:depth]
            if part not in places:
                places[part] = len(entries)
                entries[places[part[:-1]]].children.append(len(entries))
                entries.append(_Entry(part[-1], _STORAGE))
        entries[places[path]].kind, entries[places[path]].data = _STREAM, data
    for entry in entries:
        ordered = sorted(entry.children, key=lambda place: _order(entries[place].name))
        entry.child = _tree(entries, ordered, len(ordered).bit_length())
    return entries


def _order(name: str) -> tuple[int, str]:
    """Compare names as 2.6.4 says: the shorter first, then letter by letter in upper case."""
    return len(name.encode("utf-16-le")), name.upper()


def _tree(entries: list[_Entry], ordered: list[int], levels: int) -> int:
    """Link entries into a balanced tree and return its top; only the lowest level is red, which 2.6.4 allows."""
    if not ordered:
        return _NONE
    middle = len(ordered) // 2
    entry = entries[ordered[middle]]
    entry.left = _tree(entries, ordered[:middle], levels - 1)
    entry.right = _tree(entries, ordered[middle + 1 :], levels - 1)
    entry.colour = _BLACK
    for place in (entry.left, entry.right):
        if place != _NONE and levels == 2:
            entries[place].colour = _RED
    return ordered[middle]


def _packed(entry: _Entry) -> bytes:
    """Return an entry's 128 bytes (2.6.1); an empty name makes an unused entry."""
    name = entry.name.encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16xI8x8xIII",
        name,
        len(name) + 2 if name else 0,
        entry.kind,
        entry.colour if name else 0,
        entry.left,
        entry.right,
        entry.child,
        0,
        entry.start,
        entry.size,
        0,
    )


def _numbers(values: list[int]) -> bytes:
    return struct.pack(f"<{len(values)}I", *values)
