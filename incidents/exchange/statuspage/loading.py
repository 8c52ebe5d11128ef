"""Bytes to JSON, with everything that may be wrong with them said in words."""

import json
import re
from typing import NoReturn

from incidents.exchange.statuspage.problems import Complaint

SIZE_LIMIT = 64 * 1024 * 1024
"""Bytes of one document. The largest public pages export about two megabytes."""

DEPTH_LIMIT = 40
"""Levels of nesting. Statuspage's own documents have seven."""

_BRACKETS = re.compile(rb'"(?:[^"\\]++|\\.)*+"|([\[{])|([\]}])', re.DOTALL)


def load_json(content: bytes) -> object:
    """Return the JSON value of a document.

    Raises Complaint: empty, a web page, too large, nested too deeply, not UTF-8, not JSON.
    """
    refuse_size(len(content))
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if not start:
        raise Complaint("is empty")
    if start == b"<":
        raise Complaint("This is a web page, not an export.")
    _refuse_depth(content)
    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        raise Complaint("is not a text in UTF-8") from None
    except json.JSONDecodeError as error:
        raise Complaint(f"is not valid JSON: line {error.lineno}, column {error.colno}") from None
    except (ValueError, RecursionError):
        raise Complaint("is not JSON this importer can hold") from None


def refuse_size(size: int) -> None:
    """Refuse a document of `size` bytes that is too large to load. Raises Complaint."""
    if size > SIZE_LIMIT:
        megabytes = size // (1024 * 1024)
        raise Complaint(f"has {megabytes} MB; {SIZE_LIMIT // (1024 * 1024)} MB is the most")


def _refuse_depth(content: bytes) -> None:
    # The parser would build the whole value first; counting brackets costs no memory.
    if content.count(b"[") + content.count(b"{") <= DEPTH_LIMIT:
        return
    depth = 0
    for token in _BRACKETS.finditer(content):
        if token.group(1):
            depth += 1
            if depth > DEPTH_LIMIT:
                raise Complaint(f"is nested more than {DEPTH_LIMIT} levels deep")
        elif token.group(2):
            depth -= 1


def _refuse_constant(name: str) -> NoReturn:
    raise Complaint(f"is not valid JSON: it contains {name}")
