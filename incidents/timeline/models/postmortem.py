"""Postmortem: what happened and what we change."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q

from incidents.lib.markdown import render_markdown
from incidents.lib.time_tokens import completed
from incidents.timeline.checks import POSTMORTEM_LIMIT, checked_text
from incidents.timeline.models.event import Actor, Event, actor_name
from incidents.timeline.models.incident import Incident
from incidents.timeline.models.kinds import Deed
from incidents.timeline.models.update import Update
from incidents.timeline.refusals import WrongPhase
from incidents.timeline.states import IncidentPhase


class Postmortem(models.Model):
    """The report on an incident. Staff work on `draft`; readers see `body` once published.

    Sections are the Markdown headings of the text.
    """

    incident = models.OneToOneField(Incident, on_delete=models.CASCADE, related_name="postmortem")
    draft = models.TextField(blank=True)
    body = models.TextField(blank=True)
    html = models.TextField(blank=True)
    update = models.OneToOneField(Update, null=True, on_delete=models.PROTECT, related_name="postmortem")
    published_at = models.DateTimeField(null=True, blank=True)
    ready_at = models.DateTimeField(null=True, blank=True)
    """Since when the draft waits for somebody else to read it; null while it is being written, and once published."""
    ready_by_name = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(published_at=None) | ~Q(body=""), name="postmortem_published_has_text"),
        ]

    def __str__(self) -> str:
        return f"Postmortem: {self.incident}"

    # Verbs

    @classmethod
    def write(cls, *, incident: Incident, draft: str, by: Actor, at: datetime) -> Postmortem:
        """Keep `draft` as the incident's unpublished text and return the postmortem.

        What was taken back from publishing it ends with that. Raises TextTooLong, EmptyText.
        """
        draft = checked_text(draft, field="draft", what="The text", limit=POSTMORTEM_LIMIT)
        with incident.page.locked():
            postmortem, _ = cls.objects.get_or_create(incident=incident, defaults={"created_at": at, "updated_at": at})
            postmortem.draft = draft
            postmortem.updated_at = at
            postmortem.save(update_fields=["draft", "updated_at"])
            incident.drafts.filter(deed=Deed.POSTMORTEM).delete()
            postmortem._record("postmortem.drafted", by=by, at=at)
        return postmortem

    def submit(self, *, by: Actor, at: datetime) -> Postmortem:
        """Say that the draft is ready for somebody else to read it."""
        with self.incident.page.locked():
            self.ready_at = at
            self.ready_by_name = actor_name(by)[:150]
            self.save(update_fields=["ready_at", "ready_by_name"])
            self._record("postmortem.submitted", by=by, at=at)
        return self

    def send_back(self, *, by: Actor, at: datetime) -> Postmortem:
        """Say that the draft needs more work. Raises WrongPhase where nobody submitted it."""
        with self.incident.page.locked():
            self.refresh_from_db()
            if self.ready_at is None:
                raise WrongPhase("The draft is being written; nobody said that it is ready.")
            self._forget_review()
            self.save(update_fields=["ready_at", "ready_by_name"])
            self._record("postmortem.sent_back", by=by, at=at)
        return self

    def publish(self, *, by: Actor, at: datetime, posted_at: datetime | None = None, notify: bool = True) -> Postmortem:
        """Show the draft to readers.

        The first time this posts an update in the phase `postmortem` and may mail once; later
        times it replaces the text in silence, and the event keeps the former one. The same text
        twice is once. Raises WrongPhase while the incident is open, EmptyText.
        """
        text = checked_text(self.draft, field="draft", what="The text", limit=POSTMORTEM_LIMIT)
        text = completed(text, zone=self.incident.page.zone, on=at)
        with self.incident.page.locked():
            # Somebody else, or a second tap, may have published it since it was loaded.
            self.refresh_from_db(fields=["incident", "update", "body", "published_at"])
            if self.incident.is_open:
                raise WrongPhase("Resolve the incident first; its postmortem comes after.")
            former = self.body
            self.body = text
            self.html = render_markdown(text)
            self.updated_at = at
            self._forget_review()
            if self.update is None:
                self.published_at = posted_at or at
                self.update = self.incident.post_update(
                    body=self._lead(),
                    by=by,
                    at=at,
                    phase=self.incident.page.phase(IncidentPhase.POSTMORTEM),
                    posted_at=self.published_at,
                    notify=notify,
                )
            elif text != former:
                self._record("postmortem.revised", by=by, at=at, former=former)
            # Not the draft: what somebody wrote into it meanwhile stays.
            self.save(
                update_fields=["body", "html", "update", "published_at", "ready_at", "ready_by_name", "updated_at"]
            )
        return self

    # Questions

    @property
    def is_published(self) -> bool:
        """Whether readers see it."""
        return self.published_at is not None

    @property
    def is_ready(self) -> bool:
        """Whether the draft waits for somebody else to read it."""
        return self.ready_at is not None

    # Inner steps

    def _forget_review(self) -> None:
        self.ready_at = None
        self.ready_by_name = ""

    def _lead(self) -> str:
        """Return the first paragraph that is not a heading: what feeds and mails carry."""
        paragraphs = (part.strip() for part in self.body.split("\n\n"))
        return next((part for part in paragraphs if part and part[0] != "#"), self.body)

    def _record(self, kind: str, *, by: Actor, at: datetime, former: str = "") -> None:
        payload = {"incident": self.incident.code}
        Event.record(
            page=self.incident.page,
            kind=kind,
            by=by,
            at=at,
            subject=self,
            payload={**payload, "former": former} if former else payload,
        )
