"""ConsentRecord: what happened to somebody's consent, when, and by whom. The proof, and the history staff read."""

from __future__ import annotations

from django.db import models

from incidents.subscriptions.choices import ConsentAct

DETAIL_LIMIT = 500


class ConsentRecord(models.Model):
    """One act; `by_name` is "" for the owner of the address. Goes with the row when somebody is erased."""

    subscriber = models.ForeignKey("incidents.Subscriber", on_delete=models.CASCADE, related_name="records")
    act = models.CharField(max_length=16, choices=ConsentAct.choices)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=150, blank=True)
    detail = models.CharField(max_length=DETAIL_LIMIT, blank=True)

    class Meta:
        indexes = [models.Index(fields=["subscriber", "-at"], name="consent_record_newest")]
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_act_display()} {self.at:%Y-%m-%d}"
