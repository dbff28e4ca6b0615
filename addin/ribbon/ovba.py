"""Write vbaProject.bin from text ([MS-OVBA]): source only, so that Excel compiles it on opening."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from addin.ribbon.cfb import StreamPath, compound_file

_CHUNK = 4096
_CODE_PAGE = 1252  # what is stored is ASCII
_LCID = 0x0409
_ID = "{6E2C5A10-3D6F-4F0B-9B57-0E7C1A5599D4}"  # any fixed one
_SEED = 0x4D  # 2.4.3.2: any byte; fixed, so that two builds are the same
# 2.3.4.1: version 0xFFFF means that there is no compiled code that could be of use.
_NOT_COMPILED = bytes.fromhex("cc61ffff000100")
# 2.3.4.2.2: what the sources need, by the registered names under which every Office has them.
_REFERENCES = (
    ("stdole", "*\\G{00020430-0000-0000-C000-000000000046}#2.0#0#stdole2.tlb#OLE Automation"),
    ("VBA", "*\\G{000204EF-0000-0000-C000-000000000046}#4.2#9#VBE7.DLL#Visual Basic For Applications"),
    ("Excel", "*\\G{00020813-0000-0000-C000-000000000046}#1.9#0#EXCEL.EXE#Microsoft Excel Object Library"),
    ("Office", "*\\G{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}#2.0#0#MSO.DLL#Microsoft Office Object Library"),
)
_BASES = {
    "workbook": "0{00020819-0000-0000-C000-000000000046}",
    "sheet": "0{00020820-0000-0000-C000-000000000046}",
}

Kind = Literal["standard", "workbook", "sheet"]


@dataclass(frozen=True, slots=True)
class Module:
    """One module: ``source`` without its attribute lines, which `full_source` adds."""

    name: str
    source: str
    kind: Kind = "standard"


def vba_project(name: str, modules: Sequence[Module]) -> bytes:
    """Return vbaProject.bin with these modules. Raises ValueError if a source or a name is not ASCII."""
    for module in modules:
        if not (module.name + module.source).isascii():
            raise ValueError(f"VBA module {module.name}: only ASCII may stand in it")
    streams: dict[StreamPath, bytes] = {
        ("VBA", "_VBA_PROJECT"): _NOT_COMPILED,
        ("VBA", "dir"): compress(_dir_stream(name, modules)),
        ("PROJECT",): _project_stream(name, modules),
        ("PROJECTwm",): _names_stream(modules),
    }
    for module in modules:
        streams["VBA", module.name] = compress(full_source(module).encode("ascii"))
    return compound_file(streams)


def full_source(module: Module) -> str:
    """Return a module's text as it is stored: attribute lines first (4.2), Windows line ends."""
    lines = [f'Attribute VB_Name = "{module.name}"']
    if module.kind != "standard":
        flags = {"GlobalNameSpace": False, "Creatable": False, "PredeclaredId": True}
        flags |= {"Exposed": True, "TemplateDerived": False, "Customizable": True}
        lines.append(f'Attribute VB_Base = "{_BASES[module.kind]}"')
        lines += [f"Attribute VB_{flag} = {value}" for flag, value in flags.items()]
    return "\r\n".join([*lines, *module.source.splitlines()]) + "\r\n"


def compress(data: bytes) -> bytes:
    """Return a compressed container (2.4.1): chunks of 4096 bytes, each a run of literals and back references."""
    container = bytearray(b"\x01")
    for start in range(0, len(data), _CHUNK):
        packed = _packed_chunk(data[start : start + _CHUNK])
        if len(packed) > _CHUNK:
            raise ValueError("not text: a chunk grows when compressed")
        container += struct.pack("<H", (len(packed) + 2 - 3) | 0xB000) + packed
    return bytes(container)


def _packed_chunk(chunk: bytes) -> bytes:
    """Return one chunk's token groups (2.4.1.3.7): a flag byte, then up to eight tokens."""
    groups = bytearray()
    position = 0
    while position < len(chunk):
        flags, tokens = 0, bytearray()
        for bit in range(8):
            if position >= len(chunk):
                break
            bits = max((position - 1).bit_length(), 4)  # 2.4.1.3.19.1: how many bits the offset takes
            offset, length = _match(chunk, position, longest=(0xFFFF >> bits) + 3)
            if length:
                flags |= 1 << bit
                tokens += struct.pack("<H", (offset - 1) << (16 - bits) | (length - 3))
            else:
                tokens.append(chunk[position])
            position += length or 1
        groups.append(flags)
        groups += tokens
    return bytes(groups)


def _match(chunk: bytes, position: int, *, longest: int) -> tuple[int, int]:
    """Return offset and length of a longest earlier occurrence of what follows, (0, 0) if shorter than three bytes."""
    length, found = 2, -1
    longest = min(longest, len(chunk) - position)
    while length < longest:
        earlier = chunk.rfind(chunk[position : position + length + 1], 0, position + length)
        if earlier < 0:
            break
        found, length = earlier, length + 1
        while length < longest and chunk[found + length] == chunk[position + length]:
            length += 1
    return (position - found, length) if found >= 0 else (0, 0)


def _dir_stream(name: str, modules: Sequence[Module]) -> bytes:
    """Return the records of the dir stream (2.3.4.2)."""
    records = [
        _number(0x0001, 3),  # PROJECTSYSKIND: 64-bit Windows
        _number(0x0002, _LCID),
        _number(0x0014, _LCID),
        _number(0x0003, _CODE_PAGE, "<H"),
        _text(0x0004, name),
        _text(0x0005, "", unicode=0x0040),
        _text(0x0006, "") + _text(0x003D, ""),
        _number(0x0007, 0),
        _number(0x0008, 0),
        struct.pack("<HIIH", 0x0009, 4, 1, 0),  # PROJECTVERSION
        _text(0x000C, "", unicode=0x003C),
    ]
    for library, address in _REFERENCES:
        packed = address.encode("ascii")
        records.append(_text(0x0016, library, unicode=0x003E))
        records.append(struct.pack("<HII", 0x000D, len(packed) + 10, len(packed)) + packed + bytes(6))
    records += [_number(0x000F, len(modules), "<H"), _number(0x0013, 0xFFFF, "<H")]
    for module in modules:
        records += [
            _text(0x0019, module.name, unicode=0x0047),
            _text(0x001A, module.name, unicode=0x0032),
            _text(0x001C, "", unicode=0x0048),
            _number(0x0031, 0),  # MODULEOFFSET: the text begins the stream
            _number(0x001E, 0),
            _number(0x002C, 0xFFFF, "<H"),
            struct.pack("<HI", 0x0021 if module.kind == "standard" else 0x0022, 0),
            struct.pack("<HI", 0x002B, 0),
        ]
    return b"".join(records) + struct.pack("<HI", 0x0010, 0)


def _number(record: int, value: int, form: str = "<I") -> bytes:
    packed = struct.pack(form, value)
    return struct.pack("<HI", record, len(packed)) + packed


def _text(record: int, text: str, unicode: int | None = None) -> bytes:
    packed = struct.pack("<HI", record, len(text)) + text.encode("ascii")
    if unicode is not None:
        packed += struct.pack("<HI", unicode, 2 * len(text)) + text.encode("utf-16-le")
    return packed


def _project_stream(name: str, modules: Sequence[Module]) -> bytes:
    """Return the PROJECT stream (2.3.1): text; the three hidden values say not protected, no password, visible."""
    lines = [f'ID="{_ID}"']
    for module in modules:
        lines.append(f"Module={module.name}" if module.kind == "standard" else f"Document={module.name}/&H00000000")
    lines += [f'Name="{name}"', 'HelpContextID="0"', 'VersionCompatible32="393222000"']
    lines += [f'CMG="{_hidden(bytes(4))}"', f'DPB="{_hidden(bytes(1))}"', f'GC="{_hidden(bytes([0xFF]))}"']
    lines += ["", "[Host Extender Info]", "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000"]
    lines += ["", "[Workspace]", *(f"{module.name}=0, 0, 0, 0, C" for module in modules)]
    return ("\r\n".join(lines) + "\r\n").encode("ascii")


def _hidden(data: bytes) -> str:
    """Return data encrypted as 2.4.3.2 wants it, in hexadecimal."""
    key = sum(_ID.encode("ascii")) & 0xFF
    result = bytearray([_SEED, _SEED ^ 2, _SEED ^ key])
    previous = key
    for byte in bytes((_SEED & 6) // 2) + struct.pack("<I", len(data)) + data:
        result.append(byte ^ (result[-2] + previous & 0xFF))
        previous = byte
    return result.hex().upper()


def _names_stream(modules: Sequence[Module]) -> bytes:
    """Return the PROJECTwm stream (2.3.3): every module's name in both encodings."""
    pairs = [module.name.encode("ascii") + b"\0" + module.name.encode("utf-16-le") + b"\0\0" for module in modules]
    return b"".join(pairs) + b"\0\0"
