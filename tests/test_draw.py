"""The draw in a workbook: sealed, changed, drawn, undone, certified, verified; on every host."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest
import segno

from addin import book as book_module
from addin import certificate, commands, draw, kept_seal, undo, verify
from addin.book import read_tables, saved, write_column, write_tables
from addin.hosts.office_process import available
from addin.trouble import FileTrouble
from addin.writable import found_table
from engine.draw_tables import SEALED
from engine.issue import InputError
from engine.seal_changes import changes_between
from engine.sealing import sealed_tables
from engine.tables import RULES_TABLE, framed, to_canonical
from tests.draws import PARTS, QUICK, teachers
from tests.rosters import roster
from tests.test_book import HOSTS, Host, host
from tests.test_undo import cells
from workbook_templates import template_path

__all__ = ["host"]  # pytest finds fixtures by name
on_a_file = pytest.mark.parametrize("host", ["file"], indirect=True)  # where the host makes no difference


@pytest.fixture
def book(host: Host) -> Iterator[Any]:
    with host(template_path("zh")) as book:
        fill(book)
        yield book


def fill(book: Any) -> None:
    commands.fill(book, roster(24), "zh", 3)
    settings = read_tables(book, ["Settings"])["Settings"]
    settings.loc[settings["setting"] == "计算强度", "value"] = QUICK["value"]
    rules = [{"rule": "不同班", "pupils": "001、002"}]
    write_tables(book, {"Settings": settings, "Rules": framed(RULES_TABLE, rules)}, "zh")
    write_tables(book, {"Teachers": teachers(6)}, "zh")


def classes(book: Any) -> list[Any]:
    return list(read_tables(book)["Students"]["placed_class"])


def change(book: Any, table: str, row: int, header: str, value: object) -> None:
    """Type something into a cell, as staff would."""
    found = found_table(book, table)
    headers = found.header_row_range.options(ndim=1).value
    found.data_body_range[row, headers.index(header)].value = value


def differing(book: Any) -> dict[str, str]:
    return {one.what.zh: one.detail.zh for one in verify.verify(book) if one.verdict != "agrees"}


def test_a_list_is_sealed_drawn_certified_and_verified(book: Any, host: Host, tmp_path: Path) -> None:
    """The whole way; the saved workbook, opened anew, still proves everything, and its certificate is one sheet."""
    kept, lang = draw.seal(book, official=24, title="实验小学")
    assert (kept.seal.pupils, kept.draws, lang) == (24, 0, "zh")
    assert read_tables(book, ["Seal"])["Seal"]["value"][0] == kept.short
    made = draw.draw(book, PARTS)
    assert classes(book) == [made.placed.cohort.classes[k] for k in made.drawn.class_of]
    assert made.drawn.number == 1
    tables = read_tables(book, ["Draws", "SeedParts", "Teachers", "History"])
    assert list(tables["Draws"]["what"]) == ["封存", "第1次抽签"]
    assert tables["Draws"]["result"][1] == made.record["result"]["short"]
    assert list(tables["SeedParts"]["said"])[:2] == ["春风", "3 5 1"]
    assert sorted(tables["Teachers"]["drawn_class"]) == ["1班", "1班", "2班", "2班", "3班", "3班"]
    heads = read_tables(book, ["Classes"])["Classes"]
    by_head = tables["Teachers"][tables["Teachers"]["head"] == "是"]
    assert dict(zip(heads["class"], heads["teacher"], strict=True)) == dict(
        zip(by_head["drawn_class"], by_head["name"], strict=True)
    )
    assert tables["History"]["seed"].iloc[-1] == made.drawn.seed
    certificate.write_certificate(book, made.kept)
    certificate.write_certificate(book, made.kept)  # made anew, not twice
    assert [sheet.name for sheet in book.sheets].count("抽签凭证") == 1
    assert differing(book) == {}
    saved(book, tmp_path / "saved.xlsx")
    with host(tmp_path / "saved.xlsx") as again:
        assert differing(again) == {}
        assert undo.undo(again, "zh") == "现场抽签"
        assert classes(again) == [None] * 24
        assert list(read_tables(again, ["Draws"])["Draws"]["what"]) == ["封存", "第1次抽签"]


def test_every_host_reads_the_same_seal(tmp_path: Path) -> None:
    """Dates, times, truths, long figures, text that looks like numbers: one seal, before and after saving."""
    odd = roster(
        8,
        生日=[datetime(2013, 9, 1 + i) for i in range(8)],
        时刻=[datetime(2026, 8, 20, 8, 30, i) for i in range(8)],
        钟点=[time(8, i) for i in range(8)],
        真假=[bool(i % 2) for i in range(8)],
        均分=[(250 + i) / 3 for i in range(8)],
        小数=[0.1 + 0.2, 1e-7, 1e15, -0.5, 123456789.125, 2 / 3, 1e-10, 5.0],
        文字=["007", " 空格 ", "a\nb", "1/2", "=1+1", "TRUE", "2013-09-01", "１２"],
    )
    with HOSTS["file"](template_path("zh")) as book:
        commands.fill(book, odd, "zh", 2)
        saved(book, tmp_path / "odd.xlsx")
    found = {}
    for name, opened in HOSTS.items():
        if name == "libreoffice" and (lacking := available()) is not None:
            pytest.skip(lacking.en)  # no LibreOffice here; .ci/run installs it
        with opened(tmp_path / "odd.xlsx") as book:
            found[name] = sealed_tables(kept_seal.inputs_of(book)[0])
            saved(book, tmp_path / f"{name}.xlsx")
        with HOSTS["file"](tmp_path / f"{name}.xlsx") as book:
            found[f"{name}, saved"] = sealed_tables(kept_seal.inputs_of(book)[0])
    first = found["file"]
    assert first[0].rows[0][5:10] == (
        "2013-09-01",
        "2026-08-20T08:30:00",
        "0.333333333333333",
        "FALSE",
        "83.3333333333333",
    )
    for name, sealed in found.items():
        assert [change.said().zh for change in changes_between(first, sealed)] == [], name


@on_a_file
def test_what_was_changed_since_the_seal_is_named_and_no_draw_is_made(book: Any) -> None:
    """A mark, a class size, a rule, a setting, a teacher; cell by cell. Changed back, the draw can be made."""
    draw.seal(book)
    change(book, "Students", 3, "数学", 100)
    change(book, "Classes", 0, "人数", 10)
    change(book, "Rules", 0, "学生", "001、003")
    change(book, "Settings", 2, "值", 2)
    change(book, "Teachers", 1, "教龄", 40)
    before = cells(book)
    with pytest.raises(FileTrouble) as refused:
        draw.draw(book, PARTS)
    for line in (
        "学生表第4行 004 数学：“88”→“100”",
        "班级表第1行 1班 人数：“（空白）”→“10”",
        "规则表第1行",
        "教师表第2行 老师2 教龄",
    ):
        assert line in refused.value.text.zh
    assert "设置表第2行 班额最大差 值：“1”→“2”" in refused.value.text.zh
    assert cells(book) == before
    assert list(differing(book)) == ["名单、设置等与封存时相同"]
    change(book, "Students", 3, "数学", 88)
    change(book, "Classes", 0, "人数", None)
    change(book, "Rules", 0, "学生", "001、002")
    change(book, "Settings", 2, "值", 1)
    change(book, "Teachers", 1, "教龄", 8)
    assert draw.draw(book, PARTS).drawn.number == 1


@on_a_file
def test_a_sealed_list_is_not_placed_in_another_way(book: Any) -> None:
    """Place, improve, import: refused in words, nothing written, until the seal is opened, which stays on record."""
    draw.seal(book)
    before = cells(book)
    for command in (
        lambda: commands.place(book),
        lambda: commands.improve(book),
        lambda: commands.import_roster(book, roster()),
    ):
        with pytest.raises(FileTrouble, match="would be no draw"):
            command()
    assert cells(book) == before
    draw.open_seal(book, "家长要求")
    commands.place(book)
    assert list(read_tables(book, ["Draws"])["Draws"]["what"]) == ["封存", "启封：家长要求"]
    with pytest.raises(FileTrouble, match="not sealed"):
        draw.draw(book, PARTS)
    assert differing(book) == {"封存状态": "已启封：家长要求"}
    kept, _ = draw.seal(book)
    assert draw.draw(book, PARTS).drawn.seal == kept.seal.code


@on_a_file
def test_a_second_draw_is_never_unrecorded(book: Any) -> None:
    """Undo takes back classes, not the record; a further draw needs a reason, is number 2 and names the first."""
    draw.seal(book)
    first = draw.draw(book, PARTS)
    commands.take_back(book)
    assert classes(book) == [None] * 24
    with pytest.raises(FileTrouble, match="drawn already"):
        draw.draw(book, PARTS)
    second = draw.draw(book, PARTS, because="投影仪断电")
    assert second.drawn.number == 2
    assert second.drawn.key != first.drawn.key
    assert [one["result"] for one in second.record["earlier"]] == [first.drawn.code]
    assert list(read_tables(book, ["Draws"])["Draws"]["what"])[-1] == "第2次抽签：投影仪断电"
    kept, _ = draw.seal(book, because="加一名学生")
    third = draw.draw(book, PARTS)
    assert (kept.draws, third.drawn.number) == (0, 1)
    assert [one["result"] for one in third.record["earlier"]] == [first.drawn.code, second.drawn.code]
    assert differing(book) == {}


@on_a_file
def test_the_count_is_compared(book: Any) -> None:
    """Given with the command or in Settings; another one is named, and sealed only with a reason that is kept."""
    settings = read_tables(book, ["Settings"])["Settings"]
    settings.loc[settings["setting"] == "应有人数", "value"] = 25
    write_tables(book, {"Settings": settings}, "zh")
    before = cells(book)
    with pytest.raises(FileTrouble, match="24 pupils, officially there are 25: 1 missing"):
        draw.seal(book)
    with pytest.raises(FileTrouble, match="2 too many"):
        draw.seal(book, official=22)
    assert cells(book) == before
    assert found_table(book, "Sealed") is None
    draw.seal(book, because="一名学生病休")
    assert read_tables(book, ["Draws"])["Draws"]["what"][0] == "封存：一名学生病休"
    draw.draw(book, PARTS)
    assert differing(book) == {"封存的学生人数": "封存 24 人，官方 25 人。"}


@on_a_file
def test_sealing_again_needs_a_reason(book: Any) -> None:
    """Unchanged: told so. Changed: told what; the reason may stand in the sheet Seal."""
    draw.seal(book)
    with pytest.raises(FileTrouble, match="sealed already and unchanged"):
        draw.seal(book)
    change(book, "Students", 0, "语文", 61)
    with pytest.raises(FileTrouble, match="001, 语文: “60” → “61”"):
        draw.seal(book)
    rows = read_tables(book, ["Seal"])["Seal"]
    change(book, "Seal", len(rows) - 1, "内容", "改错分")
    kept, _ = draw.seal(book)
    assert [row["what"]["zh"] for row in kept.log] == ["封存", "封存：改错分"]
    assert read_tables(book, ["Seal"])["Seal"]["value"].iloc[-1] is None


@on_a_file
def test_faulty_input_is_not_sealed(book: Any) -> None:
    """Errors are listed as by any command; a locked class without pupils; teachers who cannot be."""
    change(book, "Classes", 1, "锁定", "是")
    with pytest.raises(FileTrouble, match="locked but has no pupils"):
        draw.seal(book)
    change(book, "Classes", 1, "锁定", None)
    change(book, "Teachers", 2, "回避学生", "没有这个人")
    with pytest.raises(InputError, match="no pupil"):
        draw.seal(book)
    change(book, "Teachers", 2, "回避学生", None)
    change(book, "Students", 1, "学号", "001")
    with pytest.raises(InputError, match="row 1"):
        draw.seal(book)
    assert found_table(book, "Sealed") is None


@on_a_file
def test_no_draw_before_words_are_said(book: Any) -> None:
    with pytest.raises(FileTrouble, match="not sealed"):
        draw.draw(book, PARTS)
    draw.seal(book)
    with pytest.raises(FileTrouble, match="not written down"):
        draw.draw(book)
    write_tables(book, {"SeedParts": kept_seal.parts_table([("家长", "风"), ("督学", "6")])}, "zh")
    assert draw.draw(book).drawn.parts == (("家长", "风"), ("督学", "6"))


@on_a_file
def test_whoever_was_moved_after_the_draw_is_named(book: Any) -> None:
    """Verify names pupil, class drawn and class now; a teacher likewise; a pupil added shows as a change of input."""
    draw.seal(book)
    made = draw.draw(book, PARTS)
    now = classes(book)
    other = next(i for i in range(24) if now[i] != now[0])
    swapped = list(now)
    swapped[0], swapped[other] = now[other], now[0]
    write_column(book, "Students", "placed_class", swapped, "zh")
    change(book, "Teachers", 0, "抽到的班", "9班")
    found = differing(book)
    assert f"李雷（001）抽到{now[0]}，现在是“{now[other]}”" in found["学生所在的班与抽签相同"]
    assert "老师1抽到" in found["教师所在的班与抽签相同"]
    assert len(found) == 2
    assert made.kept.record is not None


def test_a_failed_seal_and_a_stopped_draw_leave_everything(book: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error midway: no half seal. A draw that is stopped is none: nothing is on record, the next one is number 1."""
    before = cells(book)
    with monkeypatch.context() as patched:
        patched.setattr(book_module, "write_contents", _writes_half(book_module.write_contents))
        with pytest.raises(RuntimeError):
            draw.seal(book)
    assert cells(book) == before
    assert found_table(book, "Sealed") is None
    draw.seal(book)
    sealed = cells(book)
    with pytest.raises(commands.StoppedError):
        draw.draw(book, PARTS, progress=lambda _: False)
    assert cells(book) == sealed
    assert draw.draw(book, PARTS).drawn.number == 1


def _writes_half(write: Any) -> Any:
    def half(workbook: Any, contents: Any, lang: Any) -> None:
        write(workbook, dict(list(contents.items())[:1]), lang)
        raise RuntimeError

    return half


@on_a_file
def test_a_damaged_copy_is_told(book: Any) -> None:
    draw.seal(book)
    frame = to_canonical(read_tables(book, ["Sealed"])["Sealed"], SEALED)
    frame.loc[0, "piece"] = "zAAAA" + str(frame["piece"][0])[9:]
    write_tables(book, {"Sealed": frame}, "zh")
    with pytest.raises(FileTrouble):
        draw.draw(book, PARTS)


def test_the_certificate_reads_back_as_a_qr_code(book: Any) -> None:
    """The dark cells are the modules of a QR code that says the four things; they stand there in words too."""
    draw.seal(book)
    made = draw.draw(book, PARTS)
    certificate.write_certificate(book, made.kept)
    sheet = next(sheet for sheet in book.sheets if sheet.name == "抽签凭证")
    record = made.record
    text = f"EVENCLASS 1 {record['seal']['short']} 1 {record['draw']['seed']} {record['result']['short']}"
    matrix = [list(line) for line in segno.make(text, error="m").matrix]
    checked = range(0, len(matrix), 4 if host_is_office(book) else 1)
    for row in checked:
        dark = [int(sheet.range((2 + row, 1 + column)).color == (0, 0, 0)) for column in range(len(matrix))]
        assert dark == matrix[row]
    words = [cell for line in sheet.used_range.options(ndim=2).value for cell in line if cell is not None]
    assert {record["seal"]["short"], record["result"]["short"], "家长代表：“春风”、督学：“3 5 1”"} <= set(
        map(str, words)
    )


def test_a_certificate_fills_its_page_with_few_criteria_or_many(book: Any) -> None:
    """19 stand below each other, 40 in two halves: as high as the page, within a tenth, and no type below 9 points."""
    if host_is_office(book):
        return  # row by row that is slow
    draw.seal(book)
    made = draw.draw(book, PARTS)
    kept, record = made.kept, made.record
    one = {**record["criteria"][0], "kind": "spread", "gap": "0.5", "at_floor": False}
    for count in (12, 19, 40):
        certificate.write_certificate(book, replace(kept, record={**record, "criteria": [one] * count}))
        sheet = next(sheet for sheet in book.sheets if sheet.name == "抽签凭证")
        lines = sheet.used_range.options(ndim=2).value
        assert 720 < sum(sheet.range((row, 1)).row_height for row in range(1, len(lines) + 1)) < 800
        assert sum(line.count("—") for line in lines) == count  # a spread has no floor that is known
        first = next(at for at, line in enumerate(lines, start=1) if line[0] == "班级人数")
        assert sheet.range((first, 1)).font.size >= 9


def host_is_office(book: Any) -> bool:
    return "office" in book.app.engine.name


@on_a_file
def test_a_damaged_seal_is_told(book: Any) -> None:
    """Somebody wrote into the hidden sheet: the message names it, not Undo, and nothing is written."""
    draw.seal(book)
    found_table(book, "Sealed").data_body_range[0, 1].value = "zabc"
    before = cells(book)
    with pytest.raises(FileTrouble, match="Sealed copy is damaged"):
        draw.draw(book, PARTS)
    assert cells(book) == before
