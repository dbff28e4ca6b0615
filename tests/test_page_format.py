"""The checking page's own implementation of the draw, in a real browser, against Python on many cases."""

from __future__ import annotations

import hashlib
import json
import random
from typing import Any

import pytest
from playwright.sync_api import Page

from engine.canonical import digest, short_code
from engine.lots import Lots, key_of, normal_part, seed_of
from engine.values import folded
from tests.draws import FOLDER
from tests.page_modules import Found, check
from tests.random_draws import Files, random_files


def contents(files: Files) -> list[str]:
    documents = [json.dumps(each, ensure_ascii=False) for each in (files.record, files.sealed, files.slip)]
    return [*documents, files.published]


def unlike(found: Found) -> list[str]:
    """Return every finding that does not agree or could not be had, but for rules broken (groups are dealt here)."""
    wanted = [(step, f) for step, findings in found.items() for f in findings if f["verdict"] in ("bad", "missing")]
    lines = [f"{step}: {f['words']['en']}" for step, f in wanted]
    return [line for line in lines if "rules are broken" not in line and line != "teachers: No teachers were drawn."]


def test_sha_256_is_that_of_fips_180_4(modules: Page) -> None:
    """The examples of the standard, every length around the ends of blocks, and a million letters."""
    lots = random.Random(4)
    cases = [b"", b"abc", b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"]
    cases += [lots.randbytes(n) for n in range(200)]
    found = modules.evaluate(
        "(cases) => cases.map((c) => ours.sha256(Uint8Array.from(c)))", [list(case) for case in cases]
    )
    assert found == [hashlib.sha256(case).hexdigest() for case in cases]
    assert found[1] == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    million = modules.evaluate("() => ours.sha256(new Uint8Array(1e6).fill(97))")
    assert million == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"


def test_hashes_of_any_text_are_those_of_python(modules: Page) -> None:
    """Every character up to U+FFFF, some above, and whole numbers: the same bytes, so the same hash and short code."""
    values: list[Any] = [
        [chr(c) for c in range(start, start + 256) if not 0xD800 <= c < 0xE000] for start in range(0, 65536, 256)
    ]
    values += [["𠮷👩‍👧🇨🇳", 0, 2**53 - 1, ["", ["\u2028\u2029\x7f\x00"]]]]
    found = modules.evaluate("(values) => values.map(ours.hash)", values)
    assert found == [digest(value) for value in values]
    assert modules.evaluate("(codes) => codes.map(ours.shortCode)", found) == [short_code(code) for code in found]


def test_words_are_compared_as_python_compares_them(modules: Page) -> None:
    """Case folding and full-width forms of every character, but for letters that few systems know yet."""
    letters = [chr(c) for c in [*range(0x20, 0xD800), *range(0xE000, 0x10000), *range(0x10000, 0x12000)]]
    found = modules.evaluate("(letters) => letters.map(ours.folded)", letters)
    other = [letter for letter, ours in zip(letters, found, strict=True) if ours != folded(letter)]
    assert all(0x13A0 <= ord(letter) < 0xAC00 or ord(letter) > 0xFFFF for letter in other), other[:20]
    assert len(other) < 200


def test_seed_and_lots_are_those_of_python(modules: Page) -> None:
    """Words with any spaces and composed letters; permutations of up to 60, several from one stream."""
    said = ["  春\u3000风\t\r\n3 ", "e\u0301\u00a0x", "", "\u1e9b\u0323", "가\u1100\u1161", "\u2003x\x1f"]
    assert modules.evaluate("(said) => said.map(ours.normalPart)", said) == [normal_part(words) for words in said]
    parts = [[normal_part(words), normal_part(words)] for words in said]
    for number in (1, 2, 99):
        key = modules.evaluate("([n, parts]) => ours.keyOf('ab'.repeat(32), n, parts)", [number, parts])
        assert key == key_of("ab" * 32, number, [(who, words) for who, words in parts])
        assert modules.evaluate("(key) => ours.seedOf(key)", key) == seed_of(key)
        theirs = Lots(key, "classes")
        draw = "([key, ns]) => { const l = new ours.Lots(key, 'classes'); return ns.map((n) => l.permutation(n)); }"
        ns = [1, 2, 3, 7, 20, 60]
        assert modules.evaluate(draw, [key, ns]) == [theirs.permutation(n) for n in ns]


def test_a_code_may_be_typed_as_people_write_it(modules: Page) -> None:
    typed = ["7k2m q0xa－9d4t w8hf", "7K2MQOXA9D4TW8HF", "7k2m", "il-O"]
    assert modules.evaluate("(typed) => typed.map(ours.typedCode)", typed) == [
        "7K2M-Q0XA-9D4T-W8HF",
        "7K2M-Q0XA-9D4T-W8HF",
        "7K2M",
        "110",
    ]


@pytest.mark.parametrize("first", [0, 50, 100])
def test_random_draws_agree_in_every_step(modules: Page, first: int) -> None:
    """Awkward cells, several trading sets, locks, presets, teachers with bars: all that Python says, the page finds."""
    cases = [random_files(seed) for seed in range(first, first + 50)]
    for seed, found in enumerate(check(modules, [contents(files) for files in cases]), start=first):
        assert unlike(found) == [], f"seed {seed}"


@pytest.mark.parametrize("name", ["plain", "unequal", "whole", "wishes"])
def test_stored_draws_agree(modules: Page, name: str) -> None:
    """The golden draws, made by the real search, with and without the sealed list."""
    record, sealed = ((FOLDER / f"{name}.{kind}.json").read_text(encoding="utf-8") for kind in ("record", "list"))
    for found in check(modules, [[record], [record, sealed]]):
        bad = [f["words"]["en"] for findings in found.values() for f in findings if f["verdict"] == "bad"]
        assert bad == (["The official count is 21, but 20 are sealed."] if name == "unequal" else [])


def test_the_published_list_is_read_as_rfc_4180_says(modules: Page) -> None:
    source = '\ufeffa,"b ""x"", y"\r\n"1\r\n2",\n\n3,4'
    found = modules.evaluate("(source) => ours.parseCsv(source)", source)
    assert [row["cells"] for row in found] == [["a", 'b "x", y'], ["1\r\n2", ""], ["3", "4"]]
    assert [row["line"] for row in found] == [1, 2, 5]
    assert modules.evaluate("() => ours.parseCsv('a,\"b')") is None
