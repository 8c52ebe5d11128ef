"""The affected line: "This incident affected: Core platform (API, Webhooks) and DNS."."""

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from incidents.lib import names
from incidents.publishing import paths
from incidents.publishing.shapes import AffectedFacts

SHOWN_BEFORE_FOLDING = 6
"""Above so many components the rest of the line folds away (in feeds and print it never does)."""


def affected_names(affected: Sequence[AffectedFacts]) -> str:
    """Return "Core platform (API, Webhooks) and DNS": groups in order of first mention."""
    return names.joined(
        [
            names.in_brackets(group, [one.name for one in members]) if group else members[0].name
            for group, members in _grouped(affected)
        ]
    )


def affected_sentence(affected: Sequence[AffectedFacts], *, maintenance: bool = False) -> str:
    """Return "This incident affected: Core platform (API).", or "" where nothing was."""
    if not affected:
        return ""
    return _sentence(maintenance=maintenance).format(names=affected_names(affected))


def affected_markup(affected: Sequence[AffectedFacts], *, maintenance: bool = False) -> SafeString:
    """Return the sentence with component links, the tail of a long one inside a disclosure."""
    if not affected:
        return SafeString("")
    if len(affected) <= SHOWN_BEFORE_FOLDING:
        return format_html(_sentence(maintenance=maintenance), names=_linked(affected))
    shown, rest = affected[:SHOWN_BEFORE_FOLDING], affected[SHOWN_BEFORE_FOLDING:]
    return format_html(
        _long_sentence(maintenance=maintenance),
        names=names.in_a_row_markup(_parts(shown)),
        # Translators: after the first six components of an affected line; what it unfolds is {names}.
        more=format_html(
            "<details><summary>{}</summary>{}</details>",
            ngettext("and {count} more", "and {count} more", len(rest)).format(count=len(rest)),
            format_html(gettext("{names}."), names=_linked(rest)),
        ),
    )


def _sentence(*, maintenance: bool) -> str:
    if maintenance:
        return gettext("This maintenance affects: {names}.")
    return gettext("This incident affected: {names}.")


def _long_sentence(*, maintenance: bool) -> str:
    """Return the pattern of a line of which the end ({more}) is folded away."""
    if maintenance:
        return gettext("This maintenance affects: {names}, {more}")
    return gettext("This incident affected: {names}, {more}")


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


def _linked(affected: Sequence[AffectedFacts]) -> SafeString:
    return names.joined_markup(_parts(affected))


def _parts(affected: Sequence[AffectedFacts]) -> list[SafeString]:
    return [_linked_part(group, members) for group, members in _grouped(affected)]


def _linked_part(group: str, members: Sequence[AffectedFacts]) -> SafeString:
    links = [_link(one) for one in members]
    if not group:
        return names.in_a_row_markup(links)
    return names.in_brackets_markup(format_html('<span dir="auto">{}</span>', group), links)


def _link(one: AffectedFacts) -> SafeString:
    if not one.code:
        return format_html('<span dir="auto">{}</span>', one.name)
    return format_html('<a href="{}" dir="auto">{}</a>', paths.component(one.code), one.name)
