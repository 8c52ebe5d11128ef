"""What the ask box answers, as a page and for programs."""

from typing import Any

from django.utils.translation import gettext, pgettext

from incidents.publishing import paths
from incidents.publishing.documents import api
from incidents.publishing.documents.frame import Head, rendered
from incidents.publishing.documents.guide.entries import Shown, shown
from incidents.publishing.documents.guide.live import live_of_incident
from incidents.publishing.documents.twins.data import in_short
from incidents.publishing.documents.twins.guide_data import told_entry
from incidents.publishing.guide_shapes import AnswerFacts, GuideFacts
from incidents.publishing.wording import in_page_language


@in_page_language
def questioned(guide: GuideFacts, *, problem: str = "") -> bytes:
    """Return the form alone, with what is wrong with what was sent."""
    return _page(guide, gettext("What does this error mean?"), problem=problem)


@in_page_language
def answered(facts: AnswerFacts, *, kept: str = "") -> bytes:
    """Return the answer; what was pasted stands in it as it was compared."""
    guide = facts.guide
    is_known = facts.incident is not None or facts.entry is not None
    return _page(
        guide,
        heading_of(facts),
        lead=_lead(facts),
        incidents=[live_of_incident(facts.incident, guide.page)] if facts.incident else [],
        entry=_entry(facts),
        near=[shown(one, guide) for one in facts.near],
        signs=[words_of_sign(kind, words) for kind, words in facts.signs] if is_known else [],
        masked=facts.masked,
        may_keep=not is_known and not kept,
        kept=kept,
    )


@in_page_language
def answered_in_json(facts: AnswerFacts) -> bytes:
    """Return the answer for programs."""
    guide = facts.guide
    told: dict[str, Any] = {
        "answer": "incident" if facts.incident else "entry" if facts.entry else "unknown",
        "sentence": heading_of(facts),
        "incident": in_short(facts.incident, guide.page) if facts.incident else None,
        "subscribe_url": f"{guide.page.address}{paths.subscribe_to(facts.incident.code)}" if facts.incident else None,
        "entry": told_entry(facts.entry, guide) if facts.entry else None,
        "near": [told_entry(one, guide) for one in facts.near],
        "matched": [{"kind": kind, "words": words} for kind, words in facts.signs],
        "compared": facts.masked,
    }
    return api.compact(told)


def heading_of(facts: AnswerFacts) -> str:
    """Return the answer in one line."""
    if facts.incident:
        return gettext("This is us.")
    if facts.entry:
        return facts.entry.name
    return gettext("This is not known here.")


def words_of_sign(kind: str, words: str) -> str:
    """Return why an answer was given."""
    patterns = {
        "type": pgettext("why an answer was given", "The type of the problem: {words}"),
        "message": pgettext("why an answer was given", "What the error says: “{words}”"),
        "sentence": pgettext("why an answer was given", "The description: “{words}”"),
        "title": pgettext("why an answer was given", "The title: “{words}”"),
        "cause": pgettext("why an answer was given", "The cause: “{words}”"),
        "code": pgettext("why an answer was given", "The code: {words}"),
        "provider": pgettext("why an answer was given", "The provider: {words}"),
        "component": pgettext("why an answer was given", "The incident affects a component that causes this error."),
        "staff": pgettext("why an answer was given", "Staff say that the incident causes this error."),
    }
    return patterns[kind].format(words=words)


def _lead(facts: AnswerFacts) -> str:
    if facts.incident:
        return gettext("An incident is open that causes this.")
    if facts.entry:
        return ""
    if facts.near:
        return gettext("Nobody has written about it yet. No open incident explains it either.")
    return gettext("Nobody has written about it yet, and nothing here is like it.")


def _entry(facts: AnswerFacts) -> Shown | None:
    return shown(facts.entry, facts.guide) if facts.entry else None


def _page(guide: GuideFacts, heading: str, **context: Any) -> bytes:
    page = guide.page
    return rendered(
        "guide/answer.html",
        page,
        Head(
            title=gettext("{heading} · {page} status").format(heading=heading, page=page.name),
            path=paths.ask(),
            heading=heading,
            description=gettext("What the errors of {page} mean, and what to do.").format(page=page.name),
            current="guide",
        ),
        **context,
    )
