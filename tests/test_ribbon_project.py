"""vbaProject.bin as independent readers see it: olevba, olefile and pyOpenVBA, none of which wrote it."""

from __future__ import annotations

import io
import re
import struct
import warnings
import zipfile
from collections.abc import Sequence
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.ribbon.build import VBA_NAME, modules
from addin.ribbon.cfb import compound_file
from addin.ribbon.ovba import Module, compress, full_source, vba_project

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # oletools warns of its own old syntax
    import olefile
    from oletools import olevba
    from pyopenvba import ExcelFile, check_file

SHIPPED = ("quickstart_addin_ribbon.xlam", "quickstart_standalone.xlsm")  # files that Excel itself has written
VBA_PART = "xl/vbaProject.bin"


def compound(data: bytes) -> Any:
    return olefile.OleFileIO(io.BytesIO(data), raise_defects=olefile.DEFECT_UNSURE)


def sources(path: Path) -> dict[str, str]:
    """Return every module's text as olevba reads it."""
    found = olevba.VBA_Parser(str(path)).extract_macros()
    return {str(name).rpartition(".")[0]: str(text) for _, _, name, text in found}


def decrypted(fields: str, name: str) -> tuple[int, bytes]:
    """Return the project key and the data of a protection field ([MS-OVBA] 2.4.3.3), written from the other side."""
    found = re.search(rf'^{name}="([0-9A-F]+)"', fields, re.MULTILINE)
    assert found
    hidden = bytes.fromhex(found[1])
    seed, version, key = hidden[0], hidden[0] ^ hidden[1], hidden[0] ^ hidden[2]
    assert version == 2
    clear = [key]
    for place in range(3, len(hidden)):
        clear.append(hidden[place] ^ (hidden[place - 2] + clear[-1] & 0xFF))
    data = bytes(clear[1 + (seed & 6) // 2 :])
    (length,) = struct.unpack("<I", data[:4])
    assert length == len(data) - 4
    return key, data[4:]


def project_text(data: bytes) -> str:
    return str(compound(data).openstream("PROJECT").read().decode("ascii"))


def test_olevba_reads_back_every_module(addin: Path) -> None:
    """Each module's text comes out as it went in, under its own name."""
    assert {name: text.splitlines() for name, text in sources(addin).items()} == {
        module.name: full_source(module).splitlines() for module in modules()
    }


def test_pyopenvba_finds_nothing_wrong(addin: Path) -> None:
    """The third reader: same modules in order, same text, no inconsistency in project or package."""
    with ExcelFile(addin) as file:
        assert file.validate() == []
        project = file.vba_project()
        assert [module.name for module in project.modules] == [module.name for module in modules()]
        for read, written in zip(project.modules, modules(), strict=True):
            assert (read.kind.name == "standard") == (written.kind == "standard")
            assert read.source.splitlines() == full_source(written).splitlines()
    assert check_file(addin).issues == ()


def test_olefile_finds_no_defect(addin: Path) -> None:
    """The container keeps to [MS-CFB]; only source is in it, so that Excel compiles."""
    with zipfile.ZipFile(addin) as package:
        data = package.read(VBA_PART)
    file = compound(data)
    assert not file.parsing_issues
    streams = {"/".join(path) for path in file.listdir()}
    assert streams == {"PROJECT", "PROJECTwm", "VBA/_VBA_PROJECT", "VBA/dir", *(f"VBA/{m.name}" for m in modules())}
    assert file.openstream("VBA/_VBA_PROJECT").read() == bytes.fromhex("cc61ffff000100")
    assert len(data) % 512 == 0


def test_the_project_is_neither_locked_nor_protected(addin: Path) -> None:
    """Anyone may read the VBA: no protection, no password, visible; the key is the sum of the id that stands there."""
    with zipfile.ZipFile(addin) as package:
        text = project_text(package.read(VBA_PART))
    assert [decrypted(text, name)[1] for name in ("CMG", "DPB", "GC")] == [bytes(4), bytes(1), b"\xff"]
    assert f'Name="{VBA_NAME}"' in text and VBA_NAME not in {module.name for module in modules()}
    assert text.count("Document=") == 3


@pytest.mark.parametrize("name", SHIPPED)
def test_what_the_writer_assumes_holds_in_files_of_excel(name: str) -> None:
    """The key rule, the flags of an open project, the header and the class ids, seen in what Excel itself wrote."""
    theirs = Path(str(distribution("xlwings").locate_file(f"xlwings/{name}")))
    with zipfile.ZipFile(theirs) as package:
        data = package.read(VBA_PART)
    text = project_text(data)
    identity = re.search(r'^ID="(.+?)"', text, re.MULTILINE)
    assert identity
    for field, clear in (("CMG", bytes(4)), ("DPB", bytes(1)), ("GC", b"\xff")):
        assert decrypted(text, field) == (sum(identity[1].encode()) & 0xFF, clear)
    read = sources(theirs)
    both = [module for module in modules() if module.kind != "standard" and module.name in read]
    assert {module.kind for module in both} == {"workbook", "sheet"}
    for module in both:
        header = [line for line in full_source(module).splitlines() if line.startswith("Attribute ")]
        assert header == read[module.name].splitlines()[: len(header)]


@pytest.mark.parametrize("lines", [0, 1, 60, 700, 9000])
@pytest.mark.parametrize("count", [1, 2, 17])
def test_projects_of_every_size(lines: int, count: int, tmp_path: Path) -> None:
    """Empty, small in the mini stream, large in sectors of their own, many modules: all read back."""
    if lines * count > 20_000:
        lines = 20_000 // count
    made = [
        Module(f"M{n:02}_{'x' * n}", "".join(f"' {n} {line * 7919 % 1000}\n" for line in range(lines)))
        for n in range(count)
    ]
    path = tmp_path / "vbaProject.bin"
    path.write_bytes(vba_project("Trial", made))
    assert not compound(path.read_bytes()).parsing_issues
    assert {name: text.splitlines() for name, text in sources(path).items()} == {
        module.name: full_source(module).splitlines() for module in made
    }


@given(st.one_of(st.binary(max_size=300), st.text("ab \r\n", max_size=9000).map(str.encode)))
@settings(max_examples=150, deadline=None)
def test_compression_is_undone(data: bytes) -> None:
    """Whatever is packed, olevba unpacks to the same bytes."""
    assert bytes(olevba.decompress_stream(bytearray(compress(data)))) == data if data else compress(data) == b"\x01"


@given(
    st.dictionaries(st.text("abXY09_", min_size=1, max_size=20), st.binary(max_size=9000), max_size=20).filter(
        lambda streams: len({name.upper() for name in streams}) == len(streams)
    )
)
@settings(max_examples=60, deadline=None)
def test_any_streams_are_found_again(streams: dict[str, bytes]) -> None:
    """A reader that searches the directory tree finds each stream, whatever the names and sizes."""
    file = compound(compound_file({("Store", name): data for name, data in streams.items()}))
    assert not file.parsing_issues
    assert {path[1] for path in file.listdir()} == set(streams)
    for name, data in streams.items():
        assert file.openstream(["Store", name]).read() == data


def test_what_cannot_be_stored_is_refused() -> None:
    """Text that VBA cannot hold, chunks that would grow, more than the header can list."""
    with pytest.raises(ValueError, match="ASCII"):
        vba_project("Trial", [Module("M", "' 分班")])
    with pytest.raises(ValueError, match="grows"):
        compress(noise(4096))
    with pytest.raises(ValueError, match="too large"):
        compound_file({("a",): bytes(8_000_000)})


def noise(length: int) -> bytes:
    """Return bytes in which no three repeat."""
    pairs: Sequence[int] = [n * 40503 % 65536 for n in range(length // 2)]
    return struct.pack(f"<{len(pairs)}H", *pairs)
