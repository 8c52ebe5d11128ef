"""Fan-out: the recipients of an event are frozen as delivery rows, by one statement."""

from django.db import connection, transaction
from django.db.models import F, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat

from incidents.notifications.mail.identity import mail_domain
from incidents.notifications.models import Delivery, DeliveryState, FanOut, Lane
from incidents.notifications.news import is_news, kind_of, told_update
from incidents.subscriptions.recipients import recipients
from incidents.timeline.models import Event


def fan_out(*, event_id: int) -> int:
    """Make a delivery for everybody who is to be told of the event; return how many.

    Mark and deliveries are written in one transaction, so that a second run, also one after a
    crash, adds nothing. Older updates a subscriber has not had yet are overtaken by this one;
    when this one is the older, it is overtaken itself.
    """
    with transaction.atomic():
        event = Event.objects.select_related("page", "update__incident__phase").get(pk=event_id)
        mark, is_first = FanOut.objects.get_or_create(event=event, defaults={"recipients": 0})
        if not is_first or not is_news(event):
            return mark.recipients
        mark.recipients = _insert(event)
        mark.save(update_fields=["recipients"])
        same_incident = Delivery.objects.filter(incident=told_update(event).incident)
        same_incident.overtaken().update(state=DeliveryState.SUPERSEDED)
    return mark.recipients


def missing() -> QuerySet[Event]:
    """Return the events to be told of whose recipients were never frozen, oldest first."""
    return Event.objects.filter(notify=True, update__isnull=False, fan_out=None).order_by("pk")


def _insert(event: Event) -> int:
    """Insert a delivery per recipient, without a row of it passing through Python."""
    told = recipients(page=event.page, incident=told_update(event).incident, seq=event.seq)
    values = {f"for_{field}": value for field, value in _values(event).items()}
    # SELECT keeps the order of values_list() since Django 5.2; columns and values depend on it.
    rows = told.order_by().annotate(**values).values_list(*values)
    select, parameters = rows.query.sql_with_params()
    quote = connection.ops.quote_name
    column_of = {field.name: field.column for field in Delivery._meta.concrete_fields}
    columns = ", ".join(quote(str(column_of[field])) for field in _values(event))
    table = quote(Delivery._meta.db_table)
    with connection.cursor() as cursor:
        # Nothing but names from the model and the query that Django compiled is put together here.
        cursor.execute(f"INSERT INTO {table} ({columns}) {select} ON CONFLICT DO NOTHING", parameters)
        return int(cursor.rowcount)


def _values(event: Event) -> dict[str, Combinable]:
    """Return what each field of a delivery is taken from, for a query of subscribers."""
    return {
        "page": Value(event.page_id),
        "event": Value(event.pk),
        "incident": Value(told_update(event).incident_id),
        "seq": Value(event.seq),
        "subscriber": F("pk"),
        "channel": F("channel"),
        "component": Value(""),
        "kind": Value(kind_of(event).value),
        "address": F("address"),
        "message_id": Concat(Value(f"e{event.pk}."), F("code"), Value(f"@{mail_domain()}")),
        "state": Value(DeliveryState.QUEUED.value),
        "lane": Value(Lane.NEWS.value),
        "attempts": Value(0),
        "lease": Value(""),
        "last_answer": Value(""),
        "fault": Value(""),
    }
