"""How often may be asked: by a network, for a mailbox, by everybody. Kept in the database, so that losing the broker
or the cache lifts no limit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection, models
from django.utils.translation import gettext

from incidents.lib.visitor import keyed_digest, network_digest
from incidents.subscriptions.refusals import TooManyRequests

MAILS_PER_DAY = 3
"""Links one mailbox is sent in 24 hours, whoever asks."""

QUIET = timedelta(minutes=10)
"""Within this time a second request for a mailbox sends no second mail."""

MAILS_PER_MINUTE = 300
"""Links sent to everybody together in a minute of the clock; what is beyond waits its turn."""

LONGEST_WAIT = timedelta(minutes=30)
"""Beyond this wait requests are refused: such a flood is no readership."""

DAY = timedelta(days=1)


class AskTally(models.Model):
    """Requests within one hour or minute; whose they are is kept as a keyed digest only."""

    subject = models.CharField(max_length=64)
    period_starts_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "period_starts_at"], name="ask_tally_once_per_period"),
        ]

    def __str__(self) -> str:
        return f"{self.count} since {self.period_starts_at:%H:%M}"

    @classmethod
    def add_request(cls, *, client: str, at: datetime, weight: int = 1) -> None:
        """Count a request of `client` (an IP address) inside the caller's transaction.

        Raises TooManyRequests beyond SUBSCRIPTIONS_PER_NETWORK within an hour of the clock.
        """
        hour = at.replace(minute=0, second=0, microsecond=0)
        if cls._add(network_digest(client), hour, weight) - weight >= settings.SUBSCRIPTIONS_PER_NETWORK:
            raise TooManyRequests(gettext("Too many requests came from your network; try again in an hour."))

    @classmethod
    def refuse_if_spent(cls, *, client: str, at: datetime) -> None:
        """Look at a network's count without adding to it: a flood costs a query each. Raises TooManyRequests."""
        hour = at.replace(minute=0, second=0, microsecond=0)
        tallies = cls.objects.filter(subject=network_digest(client), period_starts_at=hour)
        if tallies.filter(count__gte=settings.SUBSCRIPTIONS_PER_NETWORK).exists():
            raise TooManyRequests(gettext("Too many requests came from your network; try again in an hour."))

    @classmethod
    def add_mail(cls, *, at: datetime) -> timedelta:
        """Count a link for anybody and return how long its mail must wait; zero below the limit.

        The wait keeps a flood of sign-ups, each from another network, from standing in the way
        of news or costing the relay's good will. Raises TooManyRequests beyond half an hour.
        """
        minute = at.replace(second=0, microsecond=0)
        count = cls._add(keyed_digest("everybody"), minute, 1)
        wait = timedelta(minutes=(count - 1) // MAILS_PER_MINUTE)
        if wait > LONGEST_WAIT:
            raise TooManyRequests(gettext("Very many people are subscribing right now; try again in an hour."))
        return wait

    @classmethod
    def add_try(cls, what: str, *, client: str, at: datetime, period: timedelta) -> int:
        """Count a try of a network at `what` and return how many it made within this period of the clock."""
        begun = datetime.fromtimestamp(at.timestamp() // period.total_seconds() * period.total_seconds(), tz=UTC)
        return cls._add(keyed_digest(what, network_digest(client)), begun, 1)

    @classmethod
    def _add(cls, subject: str, period: datetime, weight: int) -> int:
        """Add to a count and return it, in one statement that holds the row: no two are the last allowed one."""
        table = connection.ops.quote_name(cls._meta.db_table)
        moment = connection.ops.adapt_datetimefield_value(period)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} (subject, period_starts_at, count) VALUES (%s, %s, %s)"  # noqa: S608 - a name of ours
                f" ON CONFLICT (subject, period_starts_at) DO UPDATE SET count = {table}.count + excluded.count"
                " RETURNING count",
                [subject, moment, weight],
            )
            return int(cursor.fetchone()[0])


class MailboxTally(models.Model):
    """When a mailbox was last sent links; variants of an address that reach the same mailbox share one."""

    mailbox = models.CharField(max_length=64, unique=True)
    sent = models.JSONField(default=list)
    newest_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{len(self.sent)} links"

    @classmethod
    def take(cls, *, channel: str, address_key: str, at: datetime) -> bool:
        """Return whether a link may be sent to an address now, and note that it is.

        One in ten minutes and three in 24 hours. Called inside the caller's transaction.
        """
        subject = keyed_digest(channel, shared_mailbox(address_key))
        held = cls.objects.select_for_update()
        tally = held.filter(mailbox=subject).first() or held.get_or_create(mailbox=subject)[0]
        recent = [sent for sent in tally.sent if datetime.fromisoformat(sent) > at - DAY]
        is_quiet = tally.newest_at is not None and abs(at - tally.newest_at) < QUIET
        if is_quiet or len(recent) >= MAILS_PER_DAY:
            return False
        tally.sent = [*recent, at.isoformat()]
        tally.newest_at = at
        tally.save(update_fields=["sent", "newest_at"])
        return True

    @classmethod
    def forget(cls, *, channel: str, address_key: str) -> None:
        """Begin anew: the owner of the mailbox has used a link, so that these were wanted."""
        cls.objects.filter(mailbox=keyed_digest(channel, shared_mailbox(address_key))).delete()


def shared_mailbox(address_key: str) -> str:
    """Return what variants of an address have in common: without dots and +tag before the @.

    Gmail and others deliver them all to one mailbox. For limits only: where a provider does
    tell them apart, two strangers share a limit and nothing else.
    """
    local, at, domain = address_key.rpartition("@")
    if not at:
        return address_key
    domain = "gmail.com" if domain == "googlemail.com" else domain
    return f"{local.partition('+')[0].replace('.', '') or local}@{domain}"
