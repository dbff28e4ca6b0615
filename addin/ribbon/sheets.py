"""What stands on the two hidden sheets of the add-in: its settings, and the few sentences that VBA says itself."""

from __future__ import annotations

from addin.buttons import TAB
from engine.tables import STUDENTS
from engine.wording import Text

HOME = r"%LOCALAPPDATA%\EvenClass"  # where the installer puts everything of ours

# Read by xlwings' names; everything is text, so that "False" is the same word in every Excel.
SETTINGS = {
    "INTERPRETER_WIN": HOME + r"\venv\Scripts\python.exe",
    "ADD_WORKBOOK_TO_PYTHONPATH": "False",  # our RunPython never does; said to whoever puts xlwings' own back
    "USE UDF SERVER": "False",  # True where a policy forbids Excel to start programs: ask a server instead,
    "DEBUG UDFS": "False",  # with True one that was started at logon
    "LOG_FILE": HOME + r"\excel.log",
}

_HEADERS = "|" + "|".join(name.lower() for name in STUDENTS.field("placed_class").names()) + "|"

WORDS = {
    "title": TAB,
    "not_installed": Text(
        "这台电脑上的 EvenClass 没有装好：找不到 {python}。请运行安装程序，然后重启 Excel。",
        "EvenClass is not fully installed on this PC: {python} is not there. Run the installer, then restart Excel.",
    ),
    "other_version": Text(
        "Excel 里的按钮和装好的 EvenClass 不是同一个版本。请重新运行安装程序，然后重启 Excel。",
        "The buttons in Excel and the installed EvenClass are not of one version. Run the installer again, then "
        "restart Excel.",
    ),
    "failed": Text(
        "没有完成。请先点“检查安装”；如果还是不行，请把这个文件发给提供支持的人：{log}",
        "This did not work. Click “Check installation” first; if that does not help, send this file to whoever "
        "supports you: {log}",
    ),
    "windows_only": Text(
        "Excel 里的按钮只能在 Windows 上使用。在 Mac 上请用命令行 evenclass place，或用 LibreOffice。",
        "The buttons in Excel work on Windows only. On a Mac use the command line, evenclass place, or LibreOffice.",
    ),
    "class_headers": Text(_HEADERS, _HEADERS),
}
