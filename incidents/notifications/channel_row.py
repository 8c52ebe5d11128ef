"""The row of a channel, read with the time of the database it is compared with."""

from datetime import datetime

from django.db.models.functions import Now

from incidents.notifications.models import ChannelState


def read(channel: str, *, is_locked: bool = False) -> tuple[ChannelState, datetime]:
    """Return the row of a channel, made where there is none, and the database's time.

    Locked, nobody else writes it before the transaction ends.
    """
    rows = ChannelState.objects.annotate(read_at=Now())
    if is_locked:
        rows = rows.select_for_update()
    found = rows.filter(pk=channel).first()
    if found is None:
        ChannelState.objects.bulk_create([ChannelState(channel=channel)], ignore_conflicts=True)
        found = rows.get(pk=channel)
    return found, found.read_at
