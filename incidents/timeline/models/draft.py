"""Draft: what is being written and not published yet, the same for everybody on every device."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q

from incidents.lib.codes import is_code, new_code
from incidents.timeline.models.event import Actor, Event, actor_account, actor_name
from incidents.timeline.models.incident import Incident
from incidents.timeline.models.kinds import Deed
from incidents.timeline.models.page import Page
from incidents.timeline.refusals import TextTooLong, UnknownChoice

DraftFields = Mapping[str, Sequence[str]]
"""The fields of a form as it posts them: each name with its values."""

SIZE_LIMIT = 250_000
"""Characters of all fields together: an update in eight languages at its longest, and the states of many components."""

NEVER_KEPT = frozenset({"csrfmiddlewaretoken", "request_key", "confirmed", "draft"})
"""What belongs to one showing of a form and not to what is written in it."""

WRITTEN = ("title", "body")
"""The fields without which there is nothing to keep."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Draft(models.Model):
    """One thing being written: a report, a plan of maintenance, or what is said next about an incident.

    An incident has one draft for each deed, whoever writes; that of an update has the code of its incident. `fields`
    are those of the form. `refusal` is why what was published could not be, "" else.
    """

    code = models.CharField(max_length=12, default=new_code)
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="drafts")
    incident = models.ForeignKey(Incident, null=True, on_delete=models.CASCADE, related_name="drafts")
    deed = models.CharField(max_length=12, choices=Deed.choices, default=Deed.REPORT)
    fields = models.JSONField(default=dict)
    refusal = models.CharField(max_length=500, blank=True)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    saved_by_name = models.CharField(max_length=150)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "code"], name="draft_code_once_per_page")]
        ordering = ["-saved_at", "-pk"]

    def __str__(self) -> str:
        return self.title or self.text[:60]

    # Factories

    @classmethod
    def keep(
        cls,
        *,
        page: Page,
        code: str,
        fields: DraftFields,
        by: Actor,
        at: datetime,
        incident: Incident | None = None,
        deed: str = "",
        refusal: str = "",
    ) -> Draft | None:
        """Keep what a form says under `code`; return the draft, None where nothing is written in it.

        Without a `deed` it is an update on the incident of that code, else a report. A form without a written
        word ends the draft. Nothing happened yet, so there is no event. Raises UnknownChoice (code), TextTooLong.
        """
        if not is_code(code):
            raise UnknownChoice("This is no draft.", field="draft")
        kept = storable(fields)
        if not any(value.strip() for name in WRITTEN for value in kept.get(name, [])):
            cls.objects.filter(page=page, code=code).delete()
            return None
        about = incident or Incident.objects.on(page).filter(code=code).first()
        values = {
            "incident": about,
            "deed": deed or (Deed.UPDATE if about else Deed.REPORT),
            "fields": kept,
            "saved_at": at,
            "saved_by": actor_account(by),
            "saved_by_name": actor_name(by)[:150],
            **({"refusal": refusal[:500]} if refusal else {}),
        }
        draft, _ = cls.objects.update_or_create(page=page, code=code, defaults=values)
        return draft

    @classmethod
    def bring_back(
        cls,
        *,
        page: Page,
        code: str,
        fields: DraftFields,
        by: Actor,
        at: datetime,
        incident: Incident | None = None,
        deed: str = "",
        refusal: str = "",
    ) -> Draft | None:
        """Keep what was taken back from publishing; what somebody began meanwhile follows under it."""
        with transaction.atomic():
            newer = cls.of(page, code) or cls.about(incident, deed)
            merged = dict(fields)
            if newer is not None and newer.text.strip() and newer.text != (merged.get("body") or [""])[-1]:
                merged["body"] = ["\n\n".join([*merged.get("body", []), newer.text])]
            return cls.keep(
                page=page,
                code=newer.code if newer else code,
                fields=merged,
                incident=incident,
                deed=deed,
                by=by,
                at=at,
                refusal=refusal,
            )

    @classmethod
    def of(cls, page: Page, code: str) -> Draft | None:
        """Return the draft of that code, None where nothing is written."""
        if not is_code(code):
            return None
        return cls.objects.filter(page=page, code=code).select_related("incident", "page").first()

    @classmethod
    def about(cls, incident: Incident | None, deed: str) -> Draft | None:
        """Return what is being written for a deed on an incident, None where nothing is."""
        if incident is None:
            return None
        return cls.objects.filter(incident=incident, deed=deed).select_related("incident", "page").first()

    # Verbs

    @classmethod
    def end(cls, *, page: Page, code: str, incident: Incident | None, deed: str) -> None:
        """Forget the draft of a deed: what was written in it is published, or about to be."""
        of_deed = Q(incident=incident, deed=deed) if incident else Q()
        cls.objects.filter(Q(code=code) | of_deed, page=page).delete()

    def discard(self, *, by: Actor, at: datetime) -> None:
        """Throw it away; the event keeps the text."""
        with self.page.locked():
            payload = {"title": self.title, "text": self.text[:5_000]}
            Event.record(page=self.page, kind="draft.discarded", by=by, at=at, subject=self, payload=payload)
            self.delete()

    # Questions

    @property
    def title(self) -> str:
        """What it is about: the title typed, or that of its incident."""
        return self.incident.title if self.incident else self.said("title")

    @property
    def text(self) -> str:
        """The text typed."""
        return self.said("body")

    def said(self, name: str) -> str:
        """Return the value of a field, "" where it has none."""
        values = self.fields.get(name) or [""]
        return str(values[-1])


def storable(fields: DraftFields) -> dict[str, list[str]]:
    """Return the fields as a database can keep them. Raises TextTooLong."""
    kept = {
        _UNSTORABLE.sub("", name): [_UNSTORABLE.sub("", value) for value in values]
        for name, values in fields.items()
        if name not in NEVER_KEPT
    }
    if sum(len(name) + sum(map(len, values)) for name, values in kept.items()) > SIZE_LIMIT:
        raise TextTooLong(f"This is too much to keep; {SIZE_LIMIT:,} characters are the most.", field="body")
    return kept
