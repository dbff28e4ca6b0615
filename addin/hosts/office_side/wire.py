"""Requests and answers, one line of JSON each: ``[operation, arguments...]``, then ``["ok", result]`` or a refusal."""

from __future__ import annotations

import json
import traceback
from typing import IO, Any, Callable, Mapping  # noqa: UP035 # older Pythons evaluate the line below

Operations = Mapping[str, Callable[..., Any]]


def serve(requests: IO[bytes], answers: IO[bytes], operations: Operations) -> None:
    """Answer requests until the other side closes the line. An operation that fails answers ``["no", why, trace]``."""
    for line in iter(requests.readline, b""):
        try:
            name, *arguments = json.loads(line)
            answer = ["ok", operations[name](*arguments)]
        except Exception as why:  # whatever UNO raises: the other side says it in words
            answer = ["no", str(getattr(why, "Message", "") or why) or type(why).__name__, traceback.format_exc()]
        send(answers, answer)


def send(stream: IO[bytes], message: object) -> None:
    """Write one message."""
    stream.write(json.dumps(message, separators=(",", ":")).encode("ascii") + b"\n")
    stream.flush()
