"""Delivery reports: who was told, who was not and why, and what can be done about it."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from incidents.console.delivery_report import pace
from incidents.lib.clock import now
from incidents.notifications.breaker import gate, note
from incidents.notifications.channels.answers import CONTENT, Answer, failure_of
from incidents.notifications.fanout import fan_out
from incidents.notifications.figures import Figures
from incidents.notifications.mending import pause_channel
from incidents.notifications.models import Alarm, Canary, ChannelState, Delivery, FanOut
from incidents.timeline.models import Event, Incident, Page
from tests.build import make_incident, make_member, make_page, make_subscribers
from tests.notifications.delivered import leave, outcome_of, told, update_of

pytestmark = pytest.mark.django_db

REFUSED = failure_of(Answer(550, "5.7.26 This mail is unauthenticated", CONTENT))
FULL = "The mailbox is full: 452 4.2.2 Over quota"
GONE = "The mailbox does not exist or takes no mail: 550 5.1.1 No such user"


@pytest.fixture
def sending(page: Page) -> tuple[Incident, Event]:
    """Seven readers, told of in seven ways."""
    incident, event = told(page, readers=7, at=now())
    rows = leave(event, "sent", "sent", "failed", "bounced", "retrying", "queued", "superseded", sent_at=now())
    Delivery.objects.filter(pk=rows[2].pk).update(last_answer="Given up after 6 tries. " + FULL, fault="quota")
    Delivery.objects.filter(pk=rows[3].pk).update(last_answer=GONE, fault="recipient_permanent", attempts=1)
    return incident, event


def report_of(sending: tuple[Incident, Event]) -> str:
    incident, event = sending
    return f"/console/incidents/{incident.code}/updates/{update_of(event).code}/deliveries"


def text(client: Client, address: str, **headers: str) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_last_second_is_one_second() -> None:
    figures = Figures("email", states={"queued": 10}, sent_lately=100)
    assert pace(figures) == "10 a second · about 1 second left"


def test_the_report_adds_up_in_words(ada: Client, sending: tuple[Incident, Event]) -> None:
    shown = text(ada, report_of(sending))
    assert (
        "Email 2 of 7 sent · 1 failed · 1 bounced · 1 to be tried again · 1 waiting"
        " · 1 overtaken by a newer update or a digest"
    ) in shown
    assert '<progress max="7" value="2" aria-labelledby="line-email">' in shown
    assert "1 asked to slow down, 1 to addresses that take nothing" in shown


def test_each_row_has_the_other_side_s_own_words(ada: Client, sending: tuple[Incident, Event]) -> None:
    shown = text(ada, report_of(sending))
    assert "The mailbox does not exist or takes no mail <q>550 5.1.1 No such user</q>" in shown
    assert "Given up after 6 tries. The mailbox is full <q>452 4.2.2 Over quota</q>" in shown


@pytest.mark.parametrize(
    ("state", "reader"), [("failed", 2), ("bounced", 3), ("again", 4), ("waiting", 5), ("overtaken", 6)]
)
def test_the_rows_are_filtered_by_state(ada: Client, sending: tuple[Incident, Event], state: str, reader: int) -> None:
    shown = text(ada, f"{report_of(sending)}?state={state}")
    assert f"reader{reader}@example.com" in shown
    assert shown.count("@example.com") == 1


def test_the_rows_are_filtered_by_channel(ada: Client, sending: tuple[Incident, Event]) -> None:
    assert "reader1@example.com" in text(ada, f"{report_of(sending)}?channel=email")
    assert "None of them now." in text(ada, f"{report_of(sending)}?channel=webhook")


@pytest.mark.parametrize("query", ["?state=nonsense", "?state=%00", "?channel=pigeon", "/figures?said=never"])
def test_nonsense_is_refused(ada: Client, sending: tuple[Incident, Event], query: str) -> None:
    answer = ada.get(f"{report_of(sending)}{query}", headers={"HX-Request": "true"})
    assert answer.status_code == 404


def test_it_follows_itself_while_sending_and_then_stands(ada: Client, sending: tuple[Incident, Event]) -> None:
    address = report_of(sending)
    assert f'hx-get="{address}/figures?said=troubled" hx-trigger="every 2s"' in text(ada, address)
    first = text(ada, f"{address}/figures?said=running", **{"HX-Request": "true"})
    assert first.lstrip().startswith('<div id="figures"')
    assert "Sending; some did not get through." in first
    again = text(ada, f"{address}/figures?said=troubled", **{"HX-Request": "true"})
    assert "hx-swap-oob" not in again
    Delivery.objects.filter(state__in=["queued", "retrying"]).update(state="sent", sent_at=now())
    last = text(ada, f"{address}/figures?said=troubled", **{"HX-Request": "true"})
    assert "every 2s" not in last
    assert "Finished" in last


RUN = (
    (),
    ("sent",),
    ("sent", "retrying", "bounced"),
    ("sent", "sent", "bounced", "failed"),
    ("sent", "sent", "bounced", "failed", "superseded", "suppressed", "held"),
)
"""How the deliveries of an update change from one look to the next; those not named wait."""


def counted(shown: str) -> tuple[int, list[int]]:
    """Return the total of a line, and the numbers that must add up to it."""
    line = re.search(r'id="line-email">Email (.*?)</p>', shown)
    assert line is not None
    numbers = [int(number) for number in re.findall(r"(?:^|· )(\d+)", line[1])]
    total = re.search(r"of (\d+) sent", line[1])
    assert total is not None
    return int(total[1]), numbers


def spoken_in(shown: str) -> list[str]:
    """Return what is said aloud with an answer."""
    return re.findall(r'role="status" hx-swap-oob="innerHTML">([^<]*)<', shown)


def test_c16_the_totals_add_up_at_every_look_and_at_most_three_things_are_said(ada: Client, page: Page) -> None:
    make_subscribers(page, 7)
    incident = make_incident(page, at=now())
    event = page.events.filter(update__incident=incident).latest("seq")
    place = f"/console/incidents/{incident.code}"
    address = f"{place}/updates/{update_of(event).code}/deliveries"
    before = text(ada, place)
    assert "Sending is about to begin." in before
    said = ["Sending."]
    assert 'role="status">Sending.<' in before
    fan_out(event_id=event.pk)
    stage = "expected"
    for states in RUN:
        leave(event, *states, *["queued"] * (7 - len(states)), sent_at=now())
        for part in ("figures", "live"):
            shown = text(ada, f"{address}/{part}?said={stage}", **{"HX-Request": "true"})
            total, numbers = counted(shown)
            assert sum(numbers) == total == 7
            assert "every 2s" in shown
        said += spoken_in(shown)
        stage = re.findall(r"\?said=(\w+)", shown)[0]
    leave(event, "sent", "sent", "bounced", "failed", "superseded", "suppressed", "sent", sent_at=now())
    last = text(ada, f"{address}/figures?said={stage}", **{"HX-Request": "true"})
    said += spoken_in(last)
    assert sum(counted(last)[1]) == 7
    assert "every 2s" not in last
    assert re.search(r"Finished \d\d:\d\d:\d\d UTC, \d+ s", last)
    assert 'id="rows" hx-swap-oob="innerHTML"' in last
    assert said == ["Sending.", "Sending; some did not get through.", "Finished."]


def test_the_report_stands_where_the_update_was_published_from(ada: Client, sending: tuple[Incident, Event]) -> None:
    incident, _event = sending
    shown = text(ada, f"/console/incidents/{incident.code}")
    assert "Telling subscribers" in shown
    assert f'hx-get="{report_of(sending)}/live?said=troubled" hx-trigger="every 2s"' in shown
    assert f'{report_of(sending)}?state=failed">Look at the 1 failed<' in shown
    answer = ada.get(f"{report_of(sending)}/live?said=running")
    assert (answer.status_code, answer["Location"]) == (303, report_of(sending))


def test_without_script_the_figures_are_on_the_page(ada: Client, sending: tuple[Incident, Event]) -> None:
    answer = ada.get(f"{report_of(sending)}/figures?said=running")
    assert (answer.status_code, answer["Location"]) == (303, report_of(sending))
    assert ">Refresh</a>" in text(ada, report_of(sending))


def test_failed_ones_are_sent_again_once(ada: Client, sending: tuple[Incident, Event]) -> None:
    for said in ("1 waits to be sent again.", "Nothing is left to send again."):
        answer = ada.post(f"{report_of(sending)}/retry", follow=True)
        assert said in answer.content.decode()
    assert Delivery.objects.filter(state="queued").count() == 2
    assert Delivery.objects.filter(state="bounced").count() == 1


def test_a_held_update_says_why_and_is_released(ada: Client, sending: tuple[Incident, Event]) -> None:
    _incident, event = sending
    FanOut.objects.update(refusals=20, held_at=now(), held_because="Too large: 552 5.3.4 Message too big")
    assert "552 5.3.4 Message too big" in text(ada, report_of(sending))
    answer = ada.post(f"{report_of(sending)}/release", follow=True)
    assert "It goes out again." in answer.content.decode()
    assert FanOut.objects.get(event=event).held_at is None


def test_the_rows_are_exported_for_spreadsheets(ada: Client, sending: tuple[Incident, Event]) -> None:
    Delivery.objects.filter(state="failed").update(last_answer="=cmd|' /C calc'!A0")
    answer = ada.get(f"{report_of(sending)}.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    lines = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert lines[0] == "\ufeffrecipient,channel,state,tries,answer,queued,sent"
    assert len(lines) == 8
    assert any(",'=cmd|" in line for line in lines)


def test_addresses_are_masked_for_whom_they_are_no_business_of(client: Client, sending: tuple[Incident, Event]) -> None:
    client.force_login(make_member(sending[0].page, "viewer"))
    Delivery.objects.filter(address="reader1@example.com").update(
        state="bounced", last_answer="No such mailbox: 550 5.1.1 <reader1@example.com>: unknown"
    )
    shown = text(client, report_of(sending))
    assert "reader1@example.com" not in shown
    assert "550 5.1.1 &lt;r…@example.com&gt;: unknown" in shown
    assert "r…@example.com" in shown
    assert client.get(f"{report_of(sending)}.csv").status_code == 403


def test_the_report_of_another_page_does_not_exist(ada: Client, sending: tuple[Incident, Event]) -> None:
    other = make_page(name="Other", host="other.example", at=now())
    ada.post("/console/page/choice", {"page": other.code})
    for address, method in [("", ada.get), ("/figures", ada.get), ("/retry", ada.post), ("/release", ada.post)]:
        assert method(f"{report_of(sending)}{address}").status_code == 404
    assert Delivery.objects.filter(state="failed").count() == 1


def test_the_report_is_reached_from_the_incident(ada: Client, sending: tuple[Incident, Event]) -> None:
    incident, _event = sending
    assert f'href="{report_of(sending)}"' in text(ada, f"/console/incidents/{incident.code}")


def test_all_channels_are_seen_at_once(ada: Client, sending: tuple[Incident, Event]) -> None:
    shown = text(ada, "/console/deliveries")
    assert "<strong>Running</strong> · 2 wait · the oldest for less than a minute · less than one a second" in shown
    assert "Investigating: API fails" in shown
    assert 'hx-trigger="every 2s"' in shown


def refuse_everything(event: Event) -> None:
    gate("email")
    row = Delivery.objects.filter(event=event)[0]
    for _ in range(20):
        note("email", [outcome_of(row, REFUSED)])


def test_a_pause_is_said_on_every_screen_with_the_fix(ada: Client, sending: tuple[Incident, Event]) -> None:
    incident, event = sending
    refuse_everything(event)
    screens = ["", "incidents", "components", "subscribers", "more", "deliveries", "outbox", "history", "page"]
    for screen in [*screens, f"incidents/{incident.code}"]:
        shown = text(ada, f"/console/{screen}")
        assert "Email is paused: 20 messages in a row were refused because of us." in shown
        assert "add the relay to the SPF record" in shown
        assert 'href="/console/deliveries/channels/email"' in shown


def test_a_channel_says_why_it_stands_still_and_is_resumed(ada: Client, sending: tuple[Incident, Event]) -> None:
    _incident, event = sending
    refuse_everything(event)
    shown = text(ada, "/console/deliveries/channels/email")
    assert "Paused after refusals" in shown
    assert "nobody was unsubscribed" in shown
    answer = ada.post("/console/deliveries/channels/email/resumption", follow=True)
    assert "Email goes on." in answer.content.decode()
    assert not ChannelState.objects.get(channel="email").is_paused
    assert not Alarm.objects.going_on().filter(key="channel:email").exists()
    assert ada.post("/console/deliveries/channels/email/resumption").status_code == 303


def test_a_channel_is_paused_with_a_reason(ada: Client, page: Page) -> None:
    refused = ada.post("/console/deliveries/channels/sms/pause", {"reason": " "})
    assert refused.status_code == 422
    assert not ChannelState.objects.filter(paused_at__isnull=False).exists()
    ada.post("/console/deliveries/channels/sms/pause", {"reason": "Costs too much"})
    shown = text(ada, "/console/deliveries/channels/sms")
    assert "ada paused it: “Costs too much”" in shown
    assert "Paused by staff" in text(ada, "/console/deliveries")


def test_what_failed_on_a_channel_is_sent_again(ada: Client, sending: tuple[Incident, Event]) -> None:
    shown = text(ada, "/console/deliveries/channels/email")
    assert "reader3@example.com" in shown
    assert "reader0@example.com" not in shown
    answer = ada.post("/console/deliveries/channels/email/retry", follow=True)
    assert "1 waits to be sent again." in answer.content.decode()


@pytest.mark.parametrize("address", ["", "/pause", "/resumption", "/retry"])
def test_a_channel_there_is_not_does_not_exist(ada: Client, page: Page, address: str) -> None:
    method = ada.post if address else ada.get
    assert method(f"/console/deliveries/channels/pigeon{address}").status_code == 404
    assert not ChannelState.objects.exists()


def test_an_update_that_reached_nobody_is_said_also_where_no_worker_runs(ada: Client, page: Page) -> None:
    incident, event = told(page, at=now() - timedelta(minutes=3))
    FanOut.objects.update(expanded_at=now() - timedelta(minutes=3))
    shown = text(ada, "/console/")
    assert "Nobody has been told of “API fails” yet." in shown
    assert f"/console/incidents/{incident.code}/updates/{update_of(event).code}/deliveries" in shown


def test_the_alarm_s_address_is_the_report(ada: Client, sending: tuple[Incident, Event]) -> None:
    _incident, event = sending
    refuse_everything(event)
    pause_channel("sms", because="x", by="ada", at=now())
    for alarm in Alarm.objects.all():
        assert ada.get(alarm.path).status_code == 200


def test_staff_see_whether_somebody_takes_tasks(ada: Client, page: Page) -> None:
    assert "No worker has taken a task yet." in ada.get("/console/deliveries").content.decode()
    Canary.objects.create(worker="one@host", queue="hooks", heard_at=now() - timedelta(hours=2))
    shown = ada.get("/console/deliveries").content.decode()
    assert "Nobody takes tasks from this queue" in shown
    assert "last task taken 2 hours ago" in shown


def test_what_waits_for_a_paused_channel_has_no_time(ada: Client, sending: tuple[Incident, Event]) -> None:
    assert "next " in text(ada, report_of(sending) + "?state=again")
    pause_channel("email", because="The relay is moved.", by="ada", at=now())
    shown = text(ada, report_of(sending) + "?state=again")
    assert "waits until Email is resumed" in shown
    assert "next " not in shown.partition("<tbody>")[2].partition("</tbody>")[0]
