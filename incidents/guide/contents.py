"""What an entry says, as plain facts: the one form that the editor, the importer and the exporter share."""

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date

from incidents.guide.refusals import UnusableCode, UnusableMessage, UnusableSlug
from incidents.lib.text import clean_line, clean_text, is_blank
from incidents.timeline.checks import checked_line, checked_web_address, optional_text
from incidents.timeline.refusals import TextTooLong, UnknownChoice

RETRIES = ("", "no", "yes", "after")
"""Whether trying again helps; "" is not said."""

LONGEST_SLUG = 100
LONGEST_CODE = 60
LONGEST_MESSAGE = 1_000
MOST_MESSAGES = 50
MOST_PROVIDERS = 20
LONGEST_WAIT = 7 * 24 * 60
"""Minutes: who is to wait longer than a week is to do something else."""

OTHER = "other"
"""The range of codes that are no HTTP status."""

_TAKEN = frozenset({OTHER, "providers", "search", "ask"})
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*+")
_RANGE = re.compile(r"[1-5]00-[1-5]99")
_CODE = re.compile(r"[^\s/?#<>\"'`]{1,60}")
_OUTSIDE = re.compile(r"[^a-z0-9]+")
_HTTP_STATUS = re.compile(r"[1-5][0-9]{2}")


@dataclass(frozen=True, slots=True)
class Contents:
    """What an entry says. Texts are Markdown as typed; empty means that nobody has said it yet."""

    code: str
    """An HTTP status such as "403", or a code of the product's own such as "invalid_grant"."""
    title: str = ""
    sentence: str = ""
    cause: str = ""
    solution: str = ""
    messages: tuple[str, ...] = ()
    """What the error says, word for word; `*` stands for anything."""
    providers: tuple[str, ...] = ()
    """Whose error it is, such as "Gmail"; none is everybody's."""
    retry: str = ""
    retry_after: int | None = None
    """Minutes to wait before trying again, where `retry` is "after"."""
    problem_type: str = ""
    """The `type` that the product's own answers have (RFC 9457, section 3.1.1); "" is the entry's address."""
    slug: str = ""
    """The last part of its address; "" is made of code and title."""
    reviewed_on: date | None = None
    review_due_on: date | None = None
    components: tuple[str, ...] = ()
    """Names of components whose trouble causes it."""
    related: tuple[str, ...] = ()
    """Slugs of entries a reader may look for instead."""
    is_linked_by_rule: bool = True
    """Whether open incidents that match are shown by themselves; else only those linked by hand."""

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of what it needs before readers may see it: title, cause, solution."""
        return tuple(name for name in ("title", "cause", "solution") if not getattr(self, name))

    @property
    def usual_slug(self) -> str:
        """The address made of code and title, or of the providers where it has no title."""
        return slug_of(self.code, self.title, *(() if self.title else self.providers))

    def clean(self) -> "Contents":
        """Return it cleaned. Raises UnusableCode, UnusableSlug, UnusableMessage, TextTooLong, UnknownChoice."""
        if self.retry not in RETRIES:
            raise UnknownChoice("Say whether to try again: no, yes or after.", field="retry")
        return replace(
            self,
            code=checked_code(self.code),
            title=_optional_line(self.title, field="title", what="The title"),
            sentence=optional_text(self.sentence, field="sentence", what="The sentence"),
            cause=optional_text(self.cause, field="cause", what="The cause", limit=10_000),
            solution=optional_text(self.solution, field="solution", what="The solution", limit=10_000),
            messages=_messages(self.messages),
            providers=_names(self.providers, field="providers", most=MOST_PROVIDERS),
            retry_after=_wait(self.retry_after) if self.retry == "after" else None,
            problem_type=checked_web_address(self.problem_type, field="problem_type"),
            slug=checked_slug(self.slug or self.usual_slug),
        )


def slug_of(*words: str) -> str:
    """Return an address made of words: "403-this-application-has-been-disabled"; "entry" where nothing is left."""
    plain = unicodedata.normalize("NFKD", " ".join(words)).lower()
    bare = _OUTSIDE.sub("-", plain.replace("'", "").replace("’", "").encode("ascii", "ignore").decode()).strip("-")
    if len(bare) > LONGEST_SLUG:
        bare = bare[:LONGEST_SLUG].rpartition("-")[0] or bare[:LONGEST_SLUG]
    return bare or "entry"


def checked_slug(slug: str) -> str:
    """Return `slug` if it can be an address of its own. Raises UnusableSlug."""
    slug = clean_line(slug)
    if len(slug) > LONGEST_SLUG or not _SLUG.fullmatch(slug):
        raise UnusableSlug("Use small letters, digits and hyphens, such as 403-application-disabled.", field="slug")
    if slug in _TAKEN or _RANGE.fullmatch(slug):
        raise UnusableSlug(f"“{slug}” is the address of a list; choose another one.", field="slug")
    return slug


def checked_code(code: str) -> str:
    """Return the code of an error: one word of at most 60 characters. Raises UnusableCode."""
    code = clean_line(code)
    if not _CODE.fullmatch(code):
        raise UnusableCode(
            "Give the code as one word: an HTTP status such as 403, or a code of your own.", field="error_code"
        )
    return code


def is_http_status(code: str) -> bool:
    """Say whether the code is an HTTP status (RFC 9110, section 15)."""
    return _HTTP_STATUS.fullmatch(code) is not None


def range_of(code: str) -> str:
    """Return the list an error stands in: "400-499" for "403", "other" for what is no HTTP status."""
    return f"{code[0]}00-{code[0]}99" if is_http_status(code) else OTHER


def _optional_line(text: str, *, field: str, what: str) -> str:
    return checked_line(text, field=field, what=what) if not is_blank(clean_line(text)) else ""


def _names(names: tuple[str, ...], *, field: str, most: int) -> tuple[str, ...]:
    clean = tuple(dict.fromkeys(one for one in map(clean_line, names) if one))
    if len(clean) > most:
        raise TextTooLong(f"Name {most} at most.", field=field)
    return tuple(checked_line(one, field=field, what="The name", limit=60) for one in clean)


def _messages(messages: tuple[str, ...]) -> tuple[str, ...]:
    clean = tuple(dict.fromkeys(one for one in (clean_line(clean_text(one)) for one in messages) if one))
    if len(clean) > MOST_MESSAGES:
        raise TextTooLong(f"Write {MOST_MESSAGES} messages at most.", field="messages")
    for one in clean:
        checked_line(one, field="messages", what="A message", limit=LONGEST_MESSAGE)
        if sum(sign.isalpha() for sign in one) < 3:
            raise UnusableMessage(f"“{one[:40]}” would match nearly everything; write more of it.", field="messages")
    return clean


def _wait(minutes: int | None) -> int | None:
    if minutes is not None and not 1 <= minutes <= LONGEST_WAIT:
        raise UnknownChoice("Give the wait in minutes, from 1 to a week.", field="retry_after")
    return minutes
