"""FanOut: the mark that an event's recipients are frozen."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from incidents.timeline.models import Event


class FanOut(models.Model):
    """An event whose deliveries exist; `recipients` is how many there were. It outlives them.

    `refusals` counts how often its content was refused since it was last taken; after too many
    it is held back (`held_at`), because every further try would be refused as well.
    """

    event = models.OneToOneField(Event, primary_key=True, on_delete=models.CASCADE, related_name="fan_out")
    recipients = models.PositiveIntegerField()
    expanded_at = models.DateTimeField(db_default=Now())
    refusals = models.PositiveSmallIntegerField(default=0)
    held_at = models.DateTimeField(null=True)
    held_because = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["event"], condition=Q(refusals__gt=0), name="fan_out_refused"),
            models.Index(fields=["expanded_at"], name="fan_out_newest"),
        ]
        ordering = ["event"]

    def __str__(self) -> str:
        return f"{self.recipients} told of {self.event}"
