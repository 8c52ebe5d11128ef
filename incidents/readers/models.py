"""ReaderReport: somebody pressed "This affects me too"."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import Q

from incidents.lib.codes import may_be_code
from incidents.lib.visitor import keyed_digest, network_digest
from incidents.readers.refusals import NothingToReport, ReportsNotTaken, TooManyReports
from incidents.timeline.models import Component, Incident, Page

KEPT_FOR = timedelta(hours=24)
"""How long a report is kept: a device counts once in that time."""

PER_NETWORK = 60
"""Reports of one network within an hour; a large office behind one address stays below it."""

_HOUR = timedelta(hours=1)
_TOKEN_LIMIT = 100


class ReaderReport(models.Model):
    """Somebody is affected by an incident or by what a component does.

    Kept for a day: what it is about, when, and two keyed digests by which the same device and the same network
    are known again until then. No address, no browser, no account; without the key of the installation nothing can
    be found out from a digest, and with the row it is gone.
    """

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    component = models.ForeignKey(Component, null=True, on_delete=models.CASCADE, related_name="+")
    incident = models.ForeignKey(Incident, null=True, on_delete=models.CASCADE, related_name="+")
    device = models.CharField(max_length=64)
    network = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(component=None, incident__isnull=False) | Q(component__isnull=False, incident=None),
                name="reader_report_is_about_one_thing",
            ),
            models.UniqueConstraint(fields=["component", "device"], name="reader_report_once_on_component"),
            models.UniqueConstraint(fields=["incident", "device"], name="reader_report_once_on_incident"),
        ]
        indexes = [
            models.Index(fields=["page", "at"], name="reader_report_lately"),
            models.Index(fields=["network", "at"], name="reader_report_of_network"),
        ]

    def __str__(self) -> str:
        return f"{self.component or self.incident} {self.at:%H:%M}"

    @classmethod
    def note(
        cls, *, page: Page, about: Component | Incident, client: str, browser: str, token: str, at: datetime
    ) -> ReaderReport:
        """Note that `about`, of `page`, affects somebody, and return the report.

        `client` is an IP address and `browser` what it calls itself; `token` is what script made up for the device,
        "" without script. A device that said so before gets that report again. Raises ReportsNotTaken,
        NothingToReport (an incident that is over), TooManyReports.
        """
        if not page.takes_reports:
            raise ReportsNotTaken("This page does not take reports.")
        if isinstance(about, Incident) and not about.is_open:
            raise NothingToReport("This is over.")
        device = keyed_digest("device", page.code, token[:_TOKEN_LIMIT] or f"{client}\n{browser}")
        subject = {"incident": about} if isinstance(about, Incident) else {"component": about}
        with transaction.atomic():
            known = cls.objects.filter(**subject, device=device).first()
            if known is not None and known.at > at - KEPT_FOR:
                return known
            cls.objects.filter(**subject, device=device).delete()
            network = network_digest(client)
            if cls.objects.filter(network=network, at__gt=at - _HOUR)[:PER_NETWORK].count() >= PER_NETWORK:
                raise TooManyReports("Very much came from your network; we know by now. Thanks.")
            report, _ = cls.objects.get_or_create(
                **subject, device=device, defaults={"page": page, "network": network, "at": at}
            )
        return report

    @classmethod
    def forget(cls, *, at: datetime) -> int:
        """Delete what is older than a day; return how many."""
        return cls.objects.filter(at__lte=at - KEPT_FOR).delete()[0]


def subject_of(page: Page, *, component: str, incident: str) -> Component | Incident:
    """Return what readers may see under one of the codes; the other is "". Raises NothingToReport, the same for all."""
    found: Component | Incident | None = None
    if may_be_code(incident):
        open_ones = Incident.objects.on(page).public().incidents().select_related("phase")
        found = open_ones.filter(code=incident).first()
    elif may_be_code(component):
        found = Component.objects.on(page).public().filter(code=component).first()
    if found is None:
        raise NothingToReport("There is no such component or incident on this page.")
    return found
