"""A solution as numbered steps: how staff type them, and how readers get them."""

import re

_MARK = re.compile(r" {0,3}(?:[-*+•]|[0-9]{1,3}[.)])[ \t]+(?=\S)")
_FENCE = re.compile(r" {0,3}(?:`{3,}|~{3,})")
_BULLET = re.compile(r"(?m)^[ \t]{0,8}[•◦‣][ \t]*")


def steps_in_markdown(text: str) -> str:
    """Return Markdown in which every item of a list at the margin is a numbered step.

    What is indented below an item stays a part of it. A text without a list is a paragraph or a few: a single thing
    to do needs no number.
    """
    lines: list[str] = []
    number, former, indent, is_code = 0, 0, "", False
    for line in text.splitlines():
        is_code = is_code is not bool(_FENCE.match(line))
        mark = None if is_code else _MARK.match(line)
        if mark:
            number += 1
            former, step = mark.end(), f"{number}. "
            indent = " " * len(step)
            lines.append(f"{step}{line[former:]}")
        elif former and line[:former].isspace():
            lines.append(f"{indent}{line[former:]}")
        else:
            lines.append(line)
    return "\n".join(lines)


def without_bullets(text: str) -> str:
    """Return a text whose items have the bullets of a captured page ("•") as Markdown."""
    return _BULLET.sub("- ", text)
