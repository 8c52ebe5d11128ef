"""SubscriberImport: an uploaded list, looked at before it is taken over, and how far that has come."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import models

from incidents.timeline.models import Page


class ImportState(models.TextChoices):
    """How far an import has come."""

    LOOKED_AT = "looked_at", "Looked at"
    RUNNING = "running", "Under way"
    DONE = "done", "Done"


class SubscriberImport(models.Model):
    """The text of a list and what its columns mean. The text goes once it is done: it names people.

    `position` is the first row that was not taken over yet: a run that was killed goes on there.
    """

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    delimiter = models.CharField(max_length=1)
    has_header = models.BooleanField(default=True)
    mapping = models.JSONField(default=dict)
    evidence = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.LOOKED_AT)
    position = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=150)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.file_name

    def remap(self, *, places: dict[str, int], has_header: bool) -> SubscriberImport:
        """Say anew what the columns mean; for an import of which nothing was taken over yet."""
        self.mapping = {"places": places, "is_certain": True}
        self.has_header = has_header
        self.save(update_fields=["mapping", "has_header"])
        return self
