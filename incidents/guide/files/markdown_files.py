"""Entries as Markdown: a heading with code and title for each, then its facts, then "Cause" and "Solution".

Reference pages are written in many ways, so that several forms of each are understood; docs/error-guide.md has them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from incidents.guide.files.blocks import LISTS, MOST_BLOCKS, NAMES, Blocks, Problem, Unreadable, block_of
from incidents.guide.matching.common_words import PROVIDER_WORDS
from incidents.guide.steps import without_bullets

_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*")
_FENCE = re.compile(r" {0,3}(?:`{3,}|~{3,})")
_STATUS = r"[1-5][0-9]{2}"
_OWN_CODE = r"(?=[^\s:]*[0-9_])[A-Za-z][\w.-]{1,59}|[A-Z]{3,60}"
_TITLED = re.compile(rf"({_STATUS}|{_OWN_CODE})(?:\s+[-–—·|]\s+|\s*:\s+|(?<=[0-9])\s+(?=[^-–—·|:\s(\[]))(.+)")
_BARE = re.compile(rf"({_STATUS})")
_BARE_OF = re.compile(rf"({_STATUS}|{_OWN_CODE})(?:\s+[-–—·|])?\s+[(\[](.{{1,60}})[)\]]")
_OF = re.compile(r"(.*\S)\s+[(\[]([^()\[\]]{1,40})[)\]]")
_PLAIN_TITLED = re.compile(rf"({_STATUS})\s+[-–—·]\s+(\S.*)")
_SECTION = re.compile(
    r"(?:#{1,6}\s+)?(?:\*\*|__)?(causes?|reasons?|solutions?|fix|resolution|what to do)(?:\*\*|__)?\s*(:?)\s*"
    r"(?:\*\*|__)?\s*(.*)",
    re.IGNORECASE,
)
_FACT = re.compile(
    rf"(?:[-*]\s+)?(?:\*\*|__)?({'|'.join(sorted(NAMES, key=len, reverse=True))})(?:\*\*|__)?\s*:\s*"
    r"(?:\*\*|__)?\s*(\S.*)",
    re.IGNORECASE,
)
_DRESS = re.compile(r"[*_`>\[\]]+")
_SECTIONS = {"c": "cause", "r": "cause", "s": "solution", "f": "solution", "w": "solution"}
_AT_THE_END = frozenset({"retry", "reviewed_on", "review_due_on", "related"})
_ELSEWHERE = frozenset({"resolution"})
_NAME = re.compile(r"[A-Z][\w.&-]*(?: [A-Z0-9][\w.&-]*){0,2}")


@dataclass(slots=True)
class _Part:
    """One entry while it is read."""

    line: int
    values: dict[str, str | tuple[str, ...]]
    sections: dict[str, list[str]] = field(default_factory=lambda: {"sentence": [], "cause": [], "solution": []})
    section: str = "sentence"
    is_code: bool = False


def read_markdown(text: str) -> Blocks:
    """Return the entries of a Markdown file, and what cannot be read of it by line."""
    read = Blocks()
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for part in _parts(lines, read):
        if len(read.blocks) >= MOST_BLOCKS:
            read.problems.append(Problem(part.line, f"{MOST_BLOCKS:,} entries at most are taken at once."))
            break
        _take_trailing(part)
        values = {name: without_bullets("\n".join(said)).strip() for name, said in part.sections.items()}
        try:
            read.blocks.append(block_of({**part.values, **values}, line=part.line))
        except Unreadable as error:
            read.problems.append(Problem(part.line, str(error)))
    if not read.blocks and not read.problems:
        read.problems.append(Problem(0, "No entry was found: each begins with a heading such as “## 403 - Title”."))
    return read


def _parts(lines: list[str], read: Blocks) -> Iterator[_Part]:
    has_headings = any(_entry_of(line, has_headings=True) for line in lines)
    part: _Part | None = None
    for number, line in enumerate(lines, start=1):
        is_code = part is not None and part.is_code
        alone = not _at(lines, number - 2).strip() and not _at(lines, number).strip()
        found = None if is_code or not (has_headings or alone) else _entry_of(line, has_headings=has_headings)
        if found:
            if part:
                yield part
            part = _Part(number, found)
        elif part:
            _take(part, line, number, read)
    if part:
        yield part


def _at(lines: list[str], place: int) -> str:
    return lines[place] if 0 <= place < len(lines) else ""


def _entry_of(line: str, *, has_headings: bool) -> dict[str, str | tuple[str, ...]] | None:
    """Return code, title and providers where a line is the heading of an entry."""
    if not has_headings:
        plain = _BARE.fullmatch(line.strip()) or _PLAIN_TITLED.fullmatch(line.strip())
        return _heading(plain) if plain else None
    heading = _HEADING.fullmatch(line)
    if not heading:
        return None
    words = _DRESS.sub("", heading[2]) if heading[2][:1] in "*_`" else heading[2]
    words = words.replace("`", "").replace("**", "").strip()
    of = _BARE_OF.fullmatch(words)
    if of:
        return {"code": of[1], "providers": _list(of[2])}
    found = _BARE.fullmatch(words) or _TITLED.fullmatch(words)
    return _heading(found) if found else None


def _heading(found: re.Match[str]) -> dict[str, str | tuple[str, ...]]:
    title = found[2].strip() if found.re.groups > 1 else ""
    of = _OF.fullmatch(title)
    if of and all(one.lower() in PROVIDER_WORDS for one in _list(of[2])):
        return {"code": found[1], "title": of[1], "providers": _list(of[2])}
    return {"code": found[1], "title": title}


def _take(part: _Part, line: str, number: int, read: Blocks) -> None:
    if _FENCE.match(line):
        part.is_code = not part.is_code
    bare = line.strip()
    section = None if part.is_code or line[:4].isspace() else _SECTION.fullmatch(bare)
    if section and (section[2] or not section[3]):
        name = section[1].lower()
        part.section = "solution" if name in _ELSEWHERE else _SECTIONS[name[0]]
        bare = line = section[3]
    if part.section == "sentence" and bare and not part.is_code and _is_fact(part, bare, number, read):
        return
    if line or part.sections[part.section]:
        part.sections[part.section].append(line)


def _is_fact(part: _Part, line: str, number: int, read: Blocks) -> bool:
    """Take in what stands between heading and cause, but the sentence; say whether it was."""
    fact = _FACT.fullmatch(line)
    if fact:
        name, value = NAMES[fact[1].lower()], fact[2].strip().rstrip("*_ ") if "**" in line else fact[2].strip()
        value = value.strip("`") if value.count("`") == 2 and value[0] == value[-1] == "`" else value
        if name == "messages":
            part.values[name] = (*_values(part, name), value)
        elif name in LISTS:
            part.values[name] = (*_values(part, name), *_list(value))
        else:
            part.values[name] = value
        return True
    names = _list(_DRESS.sub("", line))
    if any(part.sections["sentence"]) or not names or not all(_NAME.fullmatch(one) for one in names):
        return False
    if not all(one.lower() in PROVIDER_WORDS for one in names):
        if len(names) > 1 or len(names[0].split()) > 2:
            return False
        read.notes.append(Problem(number, f"“{names[0]}” is read as a provider, because it stands alone."))
    part.values["providers"] = (*_values(part, "providers"), *names)
    return True


def _take_trailing(part: _Part) -> None:
    """Take in facts that stand in a paragraph of their own at the end of a solution."""
    lines = part.sections["solution"]
    while lines and not lines[-1].strip():
        lines.pop()
    start = len(lines)
    while start and lines[start - 1].strip():
        start -= 1
    facts = [_FACT.fullmatch(line.strip()) for line in lines[start:]]
    if start and facts and all(fact and NAMES[fact[1].lower()] in _AT_THE_END for fact in facts):
        for line in lines[start:]:
            _is_fact(part, line.strip(), 0, Blocks())
        del lines[start:]


def _values(part: _Part, name: str) -> tuple[str, ...]:
    known = part.values.get(name, ())
    return known if isinstance(known, tuple) else (known,)


def _list(words: str) -> tuple[str, ...]:
    return tuple(one for one in (piece.strip() for piece in re.split(r"[,;·]| and ", words)) if one)
