"""FanOut: the mark that an event's recipients are frozen."""

from django.db import models
from django.db.models.functions import Now

from incidents.timeline.models import Event


class FanOut(models.Model):
    """An event whose deliveries exist; `recipients` is how many there were."""

    event = models.OneToOneField(Event, primary_key=True, on_delete=models.CASCADE, related_name="fan_out")
    recipients = models.PositiveIntegerField()
    expanded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["event"]

    def __str__(self) -> str:
        return f"{self.recipients} told of {self.event}"
