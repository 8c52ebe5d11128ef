"""The affected line: "This incident affected: Core platform (API, Webhooks) and DNS."."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from incidents.lib.names import joined
from incidents.publishing import paths
from incidents.publishing.shapes import AffectedFacts

SHOWN_BEFORE_FOLDING = 6
"""Above so many components the rest of the line folds away (in feeds and print it never does)."""


def affected_names(affected: Sequence[AffectedFacts]) -> str:
    """Return "Core platform (API, Webhooks) and DNS": groups in order of first mention."""
    return joined(
        [
            f"{group} ({', '.join(one.name for one in members)})" if group else members[0].name
            for group, members in _grouped(affected)
        ]
    )


def affected_sentence(affected: Sequence[AffectedFacts], *, maintenance: bool = False) -> str:
    """Return "This incident affected: Core platform (API).", or "" where nothing was."""
    if not affected:
        return ""
    return f"{_opening(maintenance=maintenance)} {affected_names(affected)}."


def affected_markup(affected: Sequence[AffectedFacts], *, maintenance: bool = False) -> SafeString:
    """Return the sentence with component links, the tail of a long one inside a disclosure."""
    if not affected:
        return SafeString("")
    if len(affected) <= SHOWN_BEFORE_FOLDING:
        return format_html("{} {}.", _opening(maintenance=maintenance), _linked(affected))
    shown, rest = affected[:SHOWN_BEFORE_FOLDING], affected[SHOWN_BEFORE_FOLDING:]
    return format_html(
        "{} {} <details><summary>and {} more</summary>{}.</details>",
        _opening(maintenance=maintenance),
        _linked(shown, last=", "),
        len(rest),
        _linked(rest),
    )


def _opening(*, maintenance: bool) -> str:
    return f"This {'maintenance affects' if maintenance else 'incident affected'}:"


def _grouped(affected: Sequence[AffectedFacts]) -> list[tuple[str, list[AffectedFacts]]]:
    parts: list[tuple[str, list[AffectedFacts]]] = []
    position: dict[str, int] = {}
    for one in affected:
        if one.group and one.group in position:
            parts[position[one.group]][1].append(one)
            continue
        position[one.group] = len(parts)
        parts.append((one.group, [one]))
    return parts


def _linked(affected: Sequence[AffectedFacts], *, last: str = " and ") -> SafeString:
    parts = [_linked_part(group, members) for group, members in _grouped(affected)]
    if len(parts) < 2:
        return parts[0]
    opening = format_html_join(", ", "{}", ((part,) for part in parts[:-1]))
    return format_html("{}{}{}", opening, last, parts[-1])


def _linked_part(group: str, members: Sequence[AffectedFacts]) -> SafeString:
    links = format_html_join(", ", "{}", ((_link(one),) for one in members))
    return format_html('<span dir="auto">{}</span> ({})', group, links) if group else links


def _link(one: AffectedFacts) -> SafeString:
    if not one.code:
        return format_html('<span dir="auto">{}</span>', one.name)
    return format_html('<a href="{}" dir="auto">{}</a>', paths.component(one.code), one.name)
