"""What is kept of a page: its columns, what the database refuses, and plain questions."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q

from incidents.lib.codes import new_code
from incidents.timeline.access import Access
from incidents.timeline.checks import NAME_LIMIT
from incidents.timeline.looks import Look

HOLD_SECONDS = 10
"""How long what staff publish can be taken back, where the page says nothing else."""

LONGEST_HOLD = 60
"""Seconds at most."""


class PageRecord(models.Model):
    """The row without its verbs, which are those of Page."""

    code = models.CharField(max_length=12, default=new_code, unique=True)
    name = models.CharField(max_length=NAME_LIMIT)
    host = models.CharField(max_length=253, blank=True)
    product_url = models.URLField(blank=True)
    description = models.TextField(blank=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    language = models.CharField(max_length=16, default="en")
    further_languages = models.JSONField(default=list, blank=True)
    """Tags of the languages it is published in beside the main one, in the order they are offered in."""
    is_default = models.BooleanField(default=False)
    publishes_detection = models.BooleanField(default=False)
    takes_reports = models.BooleanField(default=False)
    """Whether readers may say that something affects them too."""
    publishes_reports = models.BooleanField(default=False)
    """Whether the page tells how many did, in words."""
    publishes_scorecard = models.BooleanField(default=False)
    """Whether readers see how fast incidents were noticed, told of and resolved (scorecard.py)."""
    postmortem_due_days = models.PositiveSmallIntegerField(default=0)
    """Days after a major incident by which a postmortem is promised; 0 promises none."""
    agreed_hours = models.JSONField(default=dict, blank=True)
    """When maintenance is expected (agreed_hours.py); {} agrees on none."""
    hold_seconds = models.PositiveSmallIntegerField(default=HOLD_SECONDS)
    """Seconds for which what staff publish can be taken back before anything of it leaves; 0 publishes at once."""
    confirm_recipients = models.PositiveIntegerField(default=5_000)
    """More people than this are told only after the numbers were confirmed."""
    asks_second_person = models.BooleanField(default=False)
    """Whether somebody else has to agree wherever numbers have to be confirmed."""
    is_unlisted = models.BooleanField(default=False)
    """Whether search engines are asked to leave it out."""
    look_chosen = models.JSONField(default=dict, blank=True)
    """Colours, corners, face and logo (looks.py); {} is the usual look."""
    access = models.CharField(max_length=12, choices=Access.choices, default=Access.PUBLIC)
    password_hash = models.CharField(max_length=128, blank=True)
    address_ranges = models.JSONField(default=list, blank=True)
    """Networks whose readers are let in, where access is by address."""
    feed_secret = models.CharField(max_length=43, blank=True)
    """Part of the addresses at which programs follow a page that is not public."""
    last_seq = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["host"], condition=~Q(host=""), name="page_host_is_unique"),
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="page_one_default"),
            models.CheckConstraint(condition=~Q(name=""), name="page_has_a_name"),
            models.CheckConstraint(condition=Q(hold_seconds__lte=LONGEST_HOLD), name="page_holds_a_minute_at_most"),
        ]
        ordering = ["-is_default", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which the page's days begin and its stamps are written."""
        return ZoneInfo(self.time_zone)

    @property
    def look(self) -> Look:
        """How the page looks."""
        return Look.kept(self.look_chosen)

    @property
    def is_private(self) -> bool:
        """Whether its readers have to show something before they read it."""
        return self.access != Access.PUBLIC

    def today(self, *, at: datetime) -> date:
        """Return the calendar day of the page's zone at the instant `at`."""
        return at.astimezone(self.zone).date()
