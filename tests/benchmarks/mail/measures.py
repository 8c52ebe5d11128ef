"""The mail measures. Both sides of a ratio run in turn, so that what else the machine does hits both."""

import time
from collections.abc import Iterator
from statistics import median

from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connection

from incidents.lib.clock import now
from incidents.notifications.fanout import fan_out
from incidents.notifications.models import Delivery, DeliveryState
from incidents.notifications.smtp.session import Relay
from incidents.notifications.writing import Writer
from incidents.subscriptions.models import Subscriber
from incidents.timeline.models import Page
from tests.benchmarks.mail.ground import CONNECTIONS, Run, delayed, sent_by_workers
from tests.benchmarks.page.lines import at_least, at_most, only
from tests.build import make_incident, make_page, make_subscribers
from tests.servers.postfix import seconds_of_source

ROUND_TRIP = 0.010
DJANGO_MESSAGES = 500
HEADER_OF_DJANGO = 500
BODY = "Some requests to the API fail with errors. We are looking into it.\n\n"
MEGABYTE = 1_000_000


def measured_sending(port: int, *, messages: int, rounds: int) -> Iterator[str]:
    """Yield the rates and costs of the whole path beside smtp-source and Django."""
    page = page_with(messages)
    size = message_size(page)
    bare, one, two, django = [], [], [], []
    for _ in range(rounds):
        bare.append(messages / seconds_of_source(port, messages=messages, size=size))
        queue(page)
        one.append(sent_by_workers(port))
        queue(page)
        two.append(sent_by_workers(port, workers=2))
        django.append(sent_by_django(port, size=size))
    rates, cost = [run.rate for run in one], median(run.cost for run in one)
    yield only("octets of a message on all sides", size)
    yield only("smtp-source, one session", median(bare), " messages/s")
    yield only("whole path, 1 worker", median(rates), " messages/s")
    yield at_least("whole path, 1 worker, against smtp-source", ratio(rates, bare), 1.0)
    yield at_least(
        "whole path, 1 worker, against Django's send_messages", ratio(rates, [run.rate for run in django]), 8
    )
    yield only("whole path, 2 workers", median(run.rate for run in two), " messages/s")
    yield at_least("whole path, 2 workers against 1", ratio([run.rate for run in two], rates), 1.0)
    yield at_most("CPU of the sender for a message, rows included", cost, 150, " us")
    yield only("CPU of Django's send_messages for a message", median(run.cost for run in django), " us")
    yield from measured_far_away(port, page, messages=messages // 4, rounds=rounds, size=size)


def measured_far_away(port: int, page: Page, *, messages: int, rounds: int, size: int) -> Iterator[str]:
    """Yield the rates through a proxy that adds a round trip, with as many connections on both sides."""
    bare, ours = [], []
    with delayed(port, ROUND_TRIP) as far:
        for _ in range(rounds):
            bare.append(messages / seconds_of_source(far, messages=messages, size=size, sessions=CONNECTIONS))
            queue(page, only_first=messages)
            ours.append(sent_by_workers(far, connections=CONNECTIONS).rate)
    label = f"{CONNECTIONS} connections, 10 ms away"
    yield only(f"smtp-source, {label}", median(bare), " messages/s")
    yield only(f"whole path, 1 worker, {label}", median(ours), " messages/s")
    yield at_least(f"whole path against smtp-source, {label}", ratio(ours, bare), 3)


def measured_fan_out(*, recipients: int) -> Iterator[str]:
    """Yield how fast recipients are frozen by one statement, and by bulk_create."""
    page = page_with(recipients)
    ours = recipients / queue(page)
    rows = list(Delivery.objects.all())
    Delivery.objects.all().delete()
    tidy()
    for row in rows:
        row.pk = None
    began = time.perf_counter()
    Delivery.objects.bulk_create(rows, batch_size=1_000)
    theirs = recipients / (time.perf_counter() - began)
    yield only(f"fan-out of {recipients:,}, one statement", ours, " rows/s")
    yield at_least(f"fan-out of {recipients:,} against bulk_create", ours / theirs, 3)


def measured_memory(port: int, *, messages: int) -> Iterator[str]:
    """Yield what a worker takes while it sends very many."""
    page = page_with(messages)
    queue(page)
    run = sent_by_workers(port)
    yield only(f"whole path, {messages:,} messages", run.rate, " messages/s")
    yield at_most(f"memory of the worker, {messages:,} messages", run.memory / MEGABYTE, 150, " MB")


def page_with(readers: int) -> Page:
    """Return a page with so many active subscribers, and nothing left of former ones."""
    Delivery.objects.all().delete()
    Subscriber.objects.all().delete()
    page = make_page(host=f"p{Page.objects.count()}.example")
    for start in range(0, readers, 50_000):
        make_subscribers(page, min(50_000, readers - start), start=start)
    return page


def queue(page: Page, *, only_first: int | None = None) -> float:
    """Freeze the recipients of a new incident, or some of them; nothing else waits then.

    Returns how many seconds the fan-out alone took.
    """
    Delivery.objects.all().delete()
    tidy()
    make_incident(page, at=now(), body=BODY)
    event_id = page.events.order_by("-seq")[0].pk
    began = time.perf_counter()
    fan_out(event_id=event_id)
    seconds = time.perf_counter() - began
    if only_first is not None:
        keys = Delivery.objects.order_by("pk").values_list("pk", flat=True)[only_first:]
        Delivery.objects.filter(pk__in=list(keys)).update(state=DeliveryState.SUPERSEDED)
    tidy()
    return seconds


def tidy() -> None:
    """Do what PostgreSQL does by itself within a minute (autovacuum)."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def message_size(page: Page) -> int:
    """Return the octets of one of our messages, so that all sides send the same."""
    queue(page)
    delivery = Delivery.objects.select_related("subscriber").earliest("pk")
    return len(Writer([delivery], at=now()).write(delivery).content)


def sent_by_django(port: int, *, size: int) -> Run:
    """Send messages of the same size as Django documents it: one connection, one object for each."""
    relay = Relay("127.0.0.1", port)
    text, html = "x" * 70 + "\n", "<p>" + "x" * 70 + "</p>\n"
    rows = (size - HEADER_OF_DJANGO - 28 * len(text)) // len(html)
    began, spent = time.perf_counter(), time.process_time()
    with get_connection("django.core.mail.backends.smtp.EmailBackend", host=relay.host, port=relay.port) as backend:
        messages = []
        for number in range(DJANGO_MESSAGES):
            message = EmailMultiAlternatives(
                "API: major outage", text * 28, "status@example.com", [f"reader{number}@example.com"]
            )
            message.attach_alternative(html * rows, "text/html")
            messages.append(message)
        backend.send_messages(messages)
    seconds, cpu = time.perf_counter() - began, time.process_time() - spent
    return Run(sent=DJANGO_MESSAGES, seconds=seconds, cpu=cpu, memory=0)


def ratio(ours: list[float], theirs: list[float]) -> float:
    """Return the median of the ratios of each round."""
    return median(one / other for one, other in zip(ours, theirs, strict=True))
