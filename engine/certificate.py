"""What the certificate of a draw says, from its public record alone: one page of A4."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.criteria import FLOORLESS
from engine.tables import EFFORTS
from engine.wording import Text, listed, plain

_SIGNERS = (
    Text("校方", "School"),
    Text("家长代表", "Parents"),
    Text("督学", "Inspector"),
    Text("记录人", "Recorder"),
)
_NO_COUNT = Text("{p} 名（没有登记应有人数）", "{p} (no official count was given)")
_COUNT = Text("{p} 名，应有 {o} 名{d}", "{p}, officially {o}{d}")
_DIFFERS = Text("：不一致", ": they differ")


@dataclass(frozen=True, slots=True)
class Certificate:
    """The certificate: ``codes`` are shown large, ``facts`` a line or more each, ``gaps`` (criterion, gap, floor).

    A floor that is not known is —.
    """

    title: Text
    codes: tuple[tuple[Text, str], ...]
    facts: tuple[tuple[Text, Text], ...]
    gaps: tuple[tuple[Text, str, str], ...]
    signers: tuple[Text, ...]
    qr: str


def certificate_of(record: Mapping[str, Any]) -> Certificate:
    """Return what the certificate of a record says."""
    draw, seal, result = record["draw"], record["seal"], record["result"]
    title = Text("分班抽签凭证", "Certificate of the draw")
    if record["title"]:
        title = Text("{t} 分班抽签凭证", "{t}: certificate of the draw").fill(t=record["title"])
    facts: list[tuple[Text, Text]] = [
        (Text("学生人数", "Pupils"), _counted(seal)),
        (Text("封存时间", "Sealed at"), _moment(seal["when"])),
        (Text("抽签时间", "Drawn at"), _moment(draw["when"])),
        (Text("第几次抽签", "Draw no."), plain(draw["number"])),
        *((Text("先前的抽签", "Earlier draw"), _earlier(one)) for one in record["earlier"]),
        (Text("现场提供", "Said in public"), _said(draw["parts"])),
        (Text("随机种子", "Seed"), plain(draw["seed"])),
        (
            Text("程序", "Program"),
            Text("EvenClass {v}，计算强度 {e}", "EvenClass {v}, effort {e}").fill(
                v=record["version"], e=EFFORTS[draw["effort"]]
            ),
        ),
        (Text("规则", "Rules"), _rules(record["rules"])),
    ]
    if record["teachers"] is not None:
        count = len(record["teachers"]["names"])
        what = Text("{n} 名教师分组后抽签配班，见名单", "{n} teachers in teams, drawn for the classes: see the list")
        facts.append((Text("教师", "Teachers"), what.fill(n=count)))
    return Certificate(
        title,
        ((Text("封存码", "Sealed code"), seal["short"]), (Text("结果码", "Result code"), result["short"])),
        tuple(facts),
        tuple((Text(**one["label"]), one["gap"], _floor(one)) for one in record["criteria"]),
        _SIGNERS,
        f"EVENCLASS 1 {seal['short']} {draw['number']} {draw['seed']} {result['short']}",
    )


def _floor(one: Mapping[str, Any]) -> str:
    return "—" if one["kind"] in FLOORLESS and not one["at_floor"] else str(one["floor"])


def _counted(seal: Mapping[str, Any]) -> Text:
    if seal["official"] is None:
        return _NO_COUNT.fill(p=seal["pupils"])
    differs = seal["pupils"] != seal["official"]
    return _COUNT.fill(p=seal["pupils"], o=seal["official"], d=_DIFFERS if differs else plain(""))


def _moment(when: str) -> Text:
    return plain(when.replace("T", " "))


def _said(parts: list[list[str]]) -> Text:
    return listed([Text("{w}：“{s}”", "{w}: “{s}”").fill(w=who, s=said) for who, said in parts])


def _earlier(one: Mapping[str, Any]) -> Text:
    from engine.canonical import short_code

    what = Text("{t} 第 {n} 次，封存码 {s}，结果码 {r}", "{t}, no. {n}, sealed code {s}, result code {r}")
    return what.fill(t=_moment(one["when"]), n=one["number"], s=short_code(one["seal"]), r=short_code(one["result"]))


def _rules(rules: Mapping[str, int]) -> Text:
    kept, broken = rules["kept"], rules["broken"]
    if not kept and not broken:
        return Text("没有规则", "none")
    if not broken:
        return Text("{n} 条全部遵守", "all {n} kept").fill(n=kept)
    return Text("{k} 条遵守，{b} 条没有遵守", "{k} kept, {b} broken").fill(k=kept, b=broken)
