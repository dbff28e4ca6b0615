"""Requests and answers, one line of JSON each: ``[operation, arguments...]``, then ``["ok", result]`` or a refusal."""

from __future__ import annotations

import json
import traceback
from typing import IO, Any, Callable, Mapping  # noqa: UP035 # older Pythons evaluate the line below

Operations = Mapping[str, Callable[..., Any]]


def serve(requests: IO[bytes], answers: IO[bytes], answer: Callable[[bytes], bytes]) -> None:
    """Answer requests until the other side closes the line."""
    for line in iter(requests.readline, b""):
        answers.write(answer(line))
        answers.flush()


def answered(line: bytes, operations: Operations) -> bytes:
    """Do what a request says. An operation that fails is answered by ``["no", why, trace]``."""
    try:
        name, *arguments = json.loads(line)
        return message(["ok", operations[name](*arguments)])
    except Exception as why:  # whatever UNO raises: the other side says it in words
        return message(["no", str(getattr(why, "Message", "") or why) or type(why).__name__, traceback.format_exc()])


def message(content: object) -> bytes:
    """Return a line."""
    return json.dumps(content, separators=(",", ":")).encode("ascii") + b"\n"
