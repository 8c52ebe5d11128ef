"""Entries written out: in the form in which they are read again."""

from collections.abc import Iterable

from incidents.guide.contents import Contents
from incidents.guide.files.blocks import Values
from incidents.guide.files.yaml_files import write_yaml
from incidents.guide.models import Entry

_HEAD = "# Error guide\n"


def as_yaml(entries: Iterable[Entry]) -> str:
    """Return entries as YAML."""
    return write_yaml((_facts(one.contents, is_yaml=True), one.state) for one in entries)


def as_markdown(entries: Iterable[Entry]) -> str:
    """Return entries as Markdown."""
    return "\n".join([_HEAD, *(_block(one) for one in entries)])


def _facts(contents: Contents, *, is_yaml: bool) -> Values:
    """Return what an entry says by the names that files have for it."""
    texts = {
        "code": contents.code,
        "title": contents.title,
        "sentence": contents.sentence,
        "cause": contents.cause,
        "solution": contents.solution,
    }
    return {
        **(texts if is_yaml else {}),
        "slug": contents.slug,
        "providers": contents.providers,
        "messages": contents.messages,
        "type": contents.problem_type,
        "components": contents.components,
        "related": contents.related,
        "retry": f"after {contents.retry_after} minutes" if contents.retry_after else contents.retry,
        "reviewed": contents.reviewed_on.isoformat() if contents.reviewed_on else "",
        "review due": contents.review_due_on.isoformat() if contents.review_due_on else "",
        "linked": "" if contents.is_linked_by_rule else "by hand",
    }


def _block(entry: Entry) -> str:
    contents = entry.contents
    heading = f"## {contents.code} - {contents.title}" if contents.title else f"## {contents.code}"
    lines = [heading, "", *_fact_lines(_facts(contents, is_yaml=False)), f"State: {entry.state}", ""]
    for name, text in (("", contents.sentence), ("### Cause", contents.cause), ("### Solution", contents.solution)):
        lines += [*([name, ""] if name else []), *([text, ""] if text else [])]
    return "\n".join(lines)


def _fact_lines(facts: Values) -> Iterable[str]:
    for name, value in facts.items():
        if isinstance(value, str):
            yield from [f"{name.capitalize()}: {value}"] if value else []
        elif name == "messages":
            yield from (f"Message: {one}" for one in value)
        elif value:
            yield f"{name.capitalize()}: {', '.join(value)}"
