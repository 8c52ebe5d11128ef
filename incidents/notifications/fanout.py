"""Fan-out: the recipients of an event are frozen as delivery rows, by one statement."""

from collections.abc import Mapping

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat

from incidents.lib.clock import now
from incidents.notifications.component_news import common_values, component_rows, recent_component_news
from incidents.notifications.flood import hold
from incidents.notifications.mail.identity import mail_domain
from incidents.notifications.models import Delivery, DeliveryState, FanOut
from incidents.notifications.news import is_news, kind_of, told_update
from incidents.subscriptions.models import Subscriber
from incidents.subscriptions.recipients import recipients
from incidents.subscriptions.suppression.catching_up import catch_up
from incidents.timeline.models import Event


def fan_out(*, event_id: int) -> int:
    """Make a delivery for everybody who is to be told of the event; return how many.

    Mark and deliveries are written in one transaction, so that a second run, also one after a
    crash, adds nothing. Older updates a subscriber has not had yet are overtaken by this one;
    when this one is the older, it is overtaken itself. Whoever left since the backup this database
    may have been restored from is out of it: the suppression journal is read first.
    """
    catch_up(at=now())
    with transaction.atomic():
        event = Event.objects.select_related("page", "update__incident__phase").get(pk=event_id)
        mark, is_first = FanOut.objects.get_or_create(event=event, defaults={"recipients": 0})
        if not is_first:
            return mark.recipients
        if is_news(event):
            mark.recipients = _freeze_news(event)
        payloads = sum(_insert(*rows) for rows in component_rows(event))
        mark.recipients = mark.recipients or payloads
        mark.save(update_fields=["recipients"])
    return mark.recipients


def missing() -> QuerySet[Event]:
    """Return the events to be told of whose recipients were never frozen, oldest first."""
    told = Q(notify=True, update__isnull=False) | Q(pk__in=recent_component_news(at=now()))
    return Event.objects.filter(told, fan_out=None).order_by("pk")


def _freeze_news(event: Event) -> int:
    incident = told_update(event).incident
    told = recipients(page=event.page, incident=incident, seq=event.seq)
    values = {
        **common_values(event),
        "incident": Value(incident.pk),
        "component": Value(""),
        "kind": Value(kind_of(event).value),
        "message_id": Concat(Value(f"e{event.pk}."), F("code"), Value(f"@{mail_domain()}")),
    }
    count = _insert(told, values)
    hold(event)
    Delivery.objects.filter(incident=incident).overtaken().update(state=DeliveryState.SUPERSEDED)
    return count


def _insert(told: QuerySet[Subscriber], fields: Mapping[str, Combinable]) -> int:
    """Insert a delivery per subscriber, without a row of it passing through Python; return how many."""
    values = {f"for_{field}": value for field, value in fields.items()}
    # SELECT keeps the order of values_list() since Django 5.2; columns and values depend on it.
    rows = told.order_by().annotate(**values).values_list(*values)
    select, parameters = rows.query.sql_with_params()
    quote = connection.ops.quote_name
    column_of = {field.name: field.column for field in Delivery._meta.concrete_fields}
    columns = ", ".join(quote(str(column_of[field])) for field in fields)
    table = quote(Delivery._meta.db_table)
    with connection.cursor() as cursor:
        # Nothing but names from the model and the query that Django compiled is put together here.
        cursor.execute(f"INSERT INTO {table} ({columns}) {select} ON CONFLICT DO NOTHING", parameters)
        return int(cursor.rowcount)
