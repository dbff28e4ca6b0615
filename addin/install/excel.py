"""What the registry says about Excel on this PC: which Excels there are, and what a policy forbids."""

from __future__ import annotations

from collections.abc import Iterator

from addin.install.finding import Finding, Level
from addin.install.machine import ADDIN, Machine
from engine.wording import Text

OFFICES = ("16.0", "15.0")
APP_PATHS = r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
CLICK_TO_RUN = r"HKLM\SOFTWARE\Microsoft\Office\ClickToRun\Configuration"
WPS = r"HKCU\Software\Kingsoft\Office\6.0\Common"
CHILD_PROCESSES = "d4f940ab-401b-4efc-aadc-ad5f3c50688a"  # Defender: Office may not start other programs
API_CALLS = "92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b"  # Defender: macros may not call Windows
RULES = tuple(
    rf"HKLM\SOFTWARE\{policies}Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules"
    for policies in ("Policies\\", "")
)
MANAGED_RULES = r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Policy Manager"
BLOCKS, WARNS = "1", "6"
ADMINISTRATOR = Text(
    "这是管理员的设置，请管理员放行；在那之前用桌面快捷方式，结果完全一样。",
    "This is set by the administrator: ask for an exception; until then use the shortcut on the desktop, which gives "
    "the very same result.",
)
POLICIES: tuple[tuple[str, str, str, int, Text], ...] = (
    ("vba_off", r"Common", "vbaoff", 1, Text("VBA 被策略关闭。", "VBA is switched off by a policy.")),
    (
        "macros",
        r"Excel\Security",
        "vbawarnings",
        4,
        Text("所有宏被禁用，且不提示。", "All macros are disabled without notice."),
    ),
    (
        "macros",
        r"Excel\Security",
        "vbawarnings",
        3,
        Text("只允许有签名的宏，本加载项没有签名。", "Only signed macros are allowed; this add-in is not signed."),
    ),
    (
        "addins",
        r"Excel\Security",
        "disablealladdins",
        1,
        Text("所有加载项被禁用。", "All add-ins are disabled."),
    ),
    (
        "signed_addins",
        r"Excel\Security",
        "requireaddinsig",
        1,
        Text("只允许有签名的加载项，本加载项没有签名。", "Only signed add-ins are allowed; this add-in is not signed."),
    ),
    (
        "trusted_locations",
        r"Excel\Security\Trusted Locations",
        "alllocationsdisabled",
        1,
        Text(
            "受信任位置被禁用，启动文件夹里的加载项打不开。", "Trusted locations, the start folder too, are disabled."
        ),
    ),
)


def excel_findings(machine: Machine) -> Iterator[Finding]:
    """Say what stands in the way of a macro add-in on this PC."""
    yield from _excels(machine)
    yield from _policies(machine)
    yield from _switched_off(machine)
    yield from _defender(machine)


def _excels(machine: Machine) -> Iterator[Finding]:
    """Say which Excels there are; the registry of 32-bit programs is the one under WOW6432Node."""
    wow = APP_PATHS.replace("SOFTWARE\\", "SOFTWARE\\WOW6432Node\\")
    keys = (rf"HKLM\{APP_PATHS}", rf"HKLM\{wow}", rf"HKCU\{APP_PATHS}")
    paths = {str(value).strip('"').casefold() for key in keys if (value := machine.registry(key).get(""))}
    bits = str(machine.registry(CLICK_TO_RUN).get("platform") or "")
    if not paths:
        wps = bool(machine.registry(WPS))
        what = Text("没有找到 Excel{w}。", "Excel was not found{w}.")
        with_wps = Text("，有 WPS 表格", ", but WPS Office was") if wps else Text("", "")
        mend = Text(
            "把名单或存好的工作簿拖到桌面快捷方式上，就会分好班并打开结果。",
            "Drop a roster or a saved workbook onto the shortcut on the desktop: it is placed and the result opens.",
        )
        yield Finding("excel", "note", what.fill(w=with_wps), mend)
        return
    if len(paths) > 1:
        what = Text("装了不止一个 Excel：{p}。", "There is more than one Excel: {p}.")
        mend = Text(
            "按钮没反应时，请只打开其中一个再试。", "If a button does nothing, open only one of them and try again."
        )
        yield Finding("excel", "warning", what.fill(p="; ".join(sorted(paths))), mend)
    elif bits == "x86" or "(x86)" in next(iter(paths)):
        what = Text("Excel 是 32 位的；按钮照常可用。", "Excel is 32 bit; the buttons work all the same.")
        yield Finding("excel", "note", what)
    else:
        yield Finding("excel", "ok", Text("Excel：{p}。", "Excel: {p}.").fill(p=next(iter(paths))))


def _policies(machine: Machine) -> Iterator[Finding]:
    """Say what a policy forbids, and what the user has switched off in the Trust Center."""
    for office in OFFICES:
        for key, under, name, value, what in POLICIES:
            policy = rf"Software\Policies\Microsoft\Office\{office}\{under}"
            if any(_number(machine, rf"{hive}\{policy}", name) == value for hive in ("HKCU", "HKLM")):
                yield Finding(key, "error", what, ADMINISTRATOR)
            elif _number(machine, rf"HKCU\Software\Microsoft\Office\{office}\{under}", name) == value:
                mend = Text(
                    "Excel 里点“文件”“选项”“信任中心”“信任中心设置”，改“宏设置”和“加载项”。",
                    "In Excel: File, Options, Trust Center, Trust Center Settings; change Macro Settings and Add-ins.",
                )
                level: Level = "note" if key == "macros" else "error"
                yield Finding(key, level, what, mend)  # the start folder is trusted whatever Macro Settings say


def _switched_off(machine: Machine) -> Iterator[Finding]:
    """Say if Excel itself has put the add-in on its list of disabled items, as it does after a crash."""
    for office in OFFICES:
        items = machine.registry(rf"HKCU\Software\Microsoft\Office\{office}\Excel\Resiliency\DisabledItems")
        if any(isinstance(item, bytes) and ADDIN.casefold() in _text(item) for item in items.values()):
            what = Text(
                "Excel 把本加载项列入了“禁用项目”。", "Excel has put this add-in on its list of disabled items."
            )
            mend = Text(
                "Excel 里点“文件”“选项”“加载项”，下方“管理”选“禁用项目”，“转到”，选中它，点“启用”。",
                "In Excel: File, Options, Add-ins; Manage: Disabled Items, Go; select it and click Enable.",
            )
            yield Finding("disabled_item", "error", what, mend)


def _defender(machine: Machine) -> Iterator[Finding]:
    """Say whether Defender forbids what a macro that starts Python does."""
    rules: dict[str, str] = {}
    for part in str(machine.registry(MANAGED_RULES).get("asrrules") or "").split("|"):
        name, _, value = part.partition("=")
        rules[name.strip().casefold()] = value.strip()
    for key in RULES:
        rules |= {name: str(value) for name, value in machine.registry(key).items()}
    whats = {
        CHILD_PROCESSES: Text("Defender 不许 Office 启动别的程序。", "Defender forbids Office to start programs."),
        API_CALLS: Text("Defender 不许宏调用系统功能。", "Defender forbids macros to call Windows."),
    }
    for rule, what in whats.items():
        if rules.get(rule) in {BLOCKS, WARNS}:
            yield Finding("defender", "error", what, ADMINISTRATOR)


def _number(machine: Machine, key: str, name: str) -> int | None:
    value = machine.registry(key).get(name)
    return value if isinstance(value, int) else None


def _text(item: bytes) -> str:
    """Return what can be read in a binary item: paths in UTF-16, at an even or an odd place."""
    return "".join(item[start:].decode("utf-16-le", errors="ignore") for start in (0, 1)).casefold()
