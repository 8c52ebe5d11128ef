"""EntryLink: what staff said about an entry and an incident."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models

from incidents.guide.models.entry import Entry
from incidents.timeline.models import Actor, Event, Incident
from incidents.timeline.models.event import actor_account
from incidents.timeline.refusals import ForeignComponent


class LinkVerdict(models.TextChoices):
    """Whether an incident causes an error."""

    CAUSES = "causes", "Causes it"
    UNRELATED = "unrelated", "Has nothing to do with it"


class EntryLink(models.Model):
    """A word of staff, which stands above every rule."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="links")
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="entry_links")
    verdict = models.CharField(max_length=9, choices=LinkVerdict.choices)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "incident"], name="entry_link_once")]
        ordering = ["-said_at"]

    def __str__(self) -> str:
        return f"{self.incident} {self.verdict} {self.entry}"

    @classmethod
    def say(cls, *, entry: Entry, incident: Incident, verdict: str, by: Actor, at: datetime) -> EntryLink:
        """Note that an incident causes an error, or does not; return the link. Raises ForeignComponent."""
        if entry.page_id != incident.page_id:
            raise ForeignComponent("The incident is of another page.", field="incident")
        with entry.page.locked():
            link, _ = cls.objects.update_or_create(
                entry=entry,
                incident=incident,
                defaults={"verdict": LinkVerdict(verdict), "said_by": actor_account(by), "said_at": at},
            )
            kind = "linked" if verdict == LinkVerdict.CAUSES else "parted"
            link._record(f"entry.{kind}", by=by, at=at)
        return link

    def unsay(self, *, by: Actor, at: datetime) -> None:
        """Leave it to the rules again."""
        with self.entry.page.locked():
            self._record("entry.left_to_rules", by=by, at=at)
            self.delete()

    def _record(self, kind: str, *, by: Actor, at: datetime) -> None:
        payload = {"entry": self.entry.code, "title": self.entry.name, "incident": self.incident.code}
        Event.record(page=self.entry.page, kind=kind, by=by, at=at, subject=self.entry, payload=payload)
