"""The measurements. Each returns lines to print: what, both sides, the ratio."""

import smtplib
import time
from collections.abc import Callable
from datetime import timedelta
from statistics import median

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from incidents.models import Delivery, Page
from incidents.notifications.delivering import deliver_batch
from incidents.notifications.fanout import fan_out
from incidents.timeline.models import Incident
from tests.build import NOON, make_component, make_incident, make_page, make_subscribers, minutes

FEW, MANY = 10, 1028
READERS = 500
REPEATS = 15


def milliseconds(action: Callable[[], object], repeats: int = REPEATS) -> float:
    """Return the median duration of the action, after one run that warms it up."""
    action()
    durations = []
    for _ in range(repeats):
        started_at = time.perf_counter()
        action()
        durations.append((time.perf_counter() - started_at) * 1000)
    return median(durations)


def add_history(page: Page, count: int) -> None:
    """Add resolved incidents, one every three days back from the oldest there is (1,028 make eight years)."""
    component = page.components.first() or make_component(page)
    there = page.incidents.count()
    for number in range(there, there + count):
        at = NOON - timedelta(days=3 * number + 1)
        incident = make_incident(page, at=at, title=f"Incident {number}", components={component: "partial_outage"})
        incident.resolve(body="Fixed.", by="bench", at=at + minutes(40))


def index_against_history() -> list[str]:
    """Compare the index with few and with many incidents in history."""
    page = make_page(at=NOON - timedelta(days=3 * MANY + 10))
    client = Client(SERVER_NAME="localhost")
    add_history(page, FEW)
    few, few_queries = milliseconds(lambda: client.get("/")), queries_of(lambda: client.get("/"))
    add_history(page, MANY - FEW)
    many, many_queries = milliseconds(lambda: client.get("/")), queries_of(lambda: client.get("/"))
    return [
        f"index, {FEW} incidents      {few:8.1f} ms  {few_queries:4} queries",
        f"index, {MANY} incidents    {many:8.1f} ms  {many_queries:4} queries   ratio {many / few:.2f}",
    ]


def queries_of(action: Callable[[], object]) -> int:
    """Return how many queries the action makes."""
    with CaptureQueriesContext(
        connection,
    ) as captured:
        action()
    return len(captured)


def posting_against_subscribers() -> list[str]:
    """Compare posting an update with nobody and with many subscribed."""
    page = Page.objects.get()
    incident = make_incident(page, title="For posting")

    def post() -> None:
        incident.post_update(body="Still looking.", by="bench", at=NOON + minutes(5))

    without, without_queries = milliseconds(post), queries_of(post)
    make_subscribers(page, READERS)
    with_readers, with_queries = milliseconds(post), queries_of(post)
    ratio = with_readers / without
    return [
        f"posting, 0 subscribers    {without:8.1f} ms  {without_queries:4} queries",
        f"posting, {READERS} subscribers  {with_readers:8.1f} ms  {with_queries:4} queries   ratio {ratio:.2f}",
    ]


def delivery_against_bare_loop(sink: int) -> list[str]:
    """Compare delivering to all subscribers with a loop of smtplib that sends as many mails of the same size."""
    incident = Incident.objects.filter(title="For posting").get()
    Delivery.objects.all().delete()
    fan_out(event_id=incident.page.events.order_by("-seq")[0].pk)
    started_at = time.perf_counter()
    sent = 0
    while count := deliver_batch():
        sent += count
    ours = sent / (time.perf_counter() - started_at)
    bare = bare_rate(sink, sent, size=6000)
    return [
        f"delivery                  {ours:8.0f} mails/s  ({sent} mails, each row marked)",
        f"bare smtplib loop         {bare:8.0f} mails/s   ratio {ours / bare:.2f}",
    ]


def bare_rate(sink: int, count: int, size: int) -> float:
    """Return mails per second of one smtplib connection that sends a ready text again and again."""
    text = "Subject: bench\r\n\r\n" + ("x" * 70 + "\r\n") * (size // 72)
    with smtplib.SMTP("127.0.0.1", sink) as client:
        started_at = time.perf_counter()
        for number in range(count):
            client.sendmail("from@example.com", [f"reader{number}@example.com"], text)
        return count / (time.perf_counter() - started_at)
