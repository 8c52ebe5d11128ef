"""The maintenance planner: three clocks, what speaks against a window, who is reminded, and dates that repeat."""

import re
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from incidents.lib.clock import now
from incidents.timeline.agreed_hours import AgreedHours
from incidents.timeline.models import Component, Event, IncidentTemplate, Maintenance, Page
from incidents.timeline.recurrence import following
from tests.build import make_component, make_maintenance, make_subscribers
from tests.console.filling import form_at, send

NEW, TO = "/console/maintenances/new", "/console/maintenances"
LOOK = f"{TO}/preview"
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture(autouse=True)
def in_berlin(page: Page) -> None:
    page.edit(time_zone="Europe/Berlin", by="test", at=page.created_at)


def plan(**said: Any) -> dict[str, Any]:
    return {
        "title": "Upgrade",
        "body": "We upgrade.",
        "starts_at": "2031-03-01T01:00",
        "length": "120",
        **said,
    }


def looked_at(ada: Client, **said: Any) -> str:
    before = Event.objects.count()
    answer = ada.post(LOOK, plan(**said), headers={"HX-Request": "true"})
    assert Event.objects.count() == before, "looking keeps nothing"
    assert answer.status_code == 200
    return answer.content.decode()


# Clocks


def test_c17_start_and_end_are_told_in_the_zone_of_the_page_of_the_planner_and_in_utc(ada: Client) -> None:
    text = looked_at(ada, own_zone="America/New_York")
    assert "Sat Mar 01, 2031 - 03:00 CET" in text, "the end, where a length gives it"
    assert "Fri Feb 28, 2031 - 19:00 EST" in text
    assert "America/New_York, your clock" in text
    assert "Sat Mar 01, 2031 - 00:00 UTC" in text
    assert "2 hours" in text
    assert '<span class="zone">Europe/Berlin</span>' in ada.get(NEW).content.decode()


def test_the_clock_of_the_planner_is_remembered_and_nonsense_is_not(ada: Client) -> None:
    looked_at(ada, own_zone="Asia/Tokyo")
    assert form_at(ada, NEW, action=TO)["own_zone"] == "Asia/Tokyo"
    looked_at(ada, own_zone="../../etc/passwd")
    assert form_at(ada, NEW, action=TO)["own_zone"] == "Asia/Tokyo"
    assert "your clock" not in looked_at(ada, own_zone="Europe/Berlin"), "it is that of the page"


@pytest.mark.parametrize(("length", "until"), [("30", "01:30"), ("60", "02:00"), ("120", "03:00"), ("240", "05:00")])
def test_a_length_gives_the_end(ada: Client, length: str, until: str) -> None:
    assert send(ada, NEW, TO, **plan(length=length)).status_code == 303
    ends_at = Maintenance.objects.get().window[1]
    assert f"{ends_at.astimezone(BERLIN):%H:%M}" == until


def test_a_length_over_a_change_of_the_clocks_is_real_time(ada: Client) -> None:
    assert send(ada, NEW, TO, **plan(starts_at="2031-03-30T01:00")).status_code == 303
    assert Maintenance.objects.get().window[1].astimezone(BERLIN).isoformat() == "2031-03-30T04:00:00+02:00"


# What speaks against it


def test_c17_the_planner_warns_of_an_overlap(ada: Client, page: Page, api: Component) -> None:
    make_maintenance(page, at=now(), components=[api], starts_at=datetime(2031, 3, 1, 1, 30, tzinfo=BERLIN))
    text = looked_at(ada, components=[api.code])
    assert "It overlaps “Database upgrade” (Mar 1, 01:30 CET to Mar 1, 03:30 CET), which touches API as well." in text


def test_c17_the_planner_warns_of_a_change_of_the_clocks_with_both_offsets(ada: Client) -> None:
    text = looked_at(ada, starts_at="2031-03-30T01:00")
    assert "starts in CET (UTC+01:00) and ends in CEST (UTC+02:00)" in text


def test_c17_the_planner_warns_of_short_notice(ada: Client) -> None:
    # Without its seconds, it is five hours and one to two minutes away.
    soon = (now() + timedelta(hours=5, minutes=2)).astimezone(BERLIN)
    assert "Short notice: it starts in 5 hours" in looked_at(ada, starts_at=f"{soon:%Y-%m-%dT%H:%M}")


def test_the_planner_warns_outside_the_agreed_hours_and_proposes_the_next(ada: Client, page: Page) -> None:
    page.edit(agreed_hours=AgreedHours(time(22), time(6)), by="test", at=now())
    assert "outside the agreed hours (22:00 to 06:00, Europe/Berlin)" in looked_at(ada, starts_at="2031-03-01T12:00")
    assert "outside the agreed hours" not in looked_at(ada)
    proposed = form_at(ada, NEW, action=TO)["starts_at"]
    starts_at = datetime.fromisoformat(proposed).replace(tzinfo=BERLIN)
    assert proposed.endswith("T22:00")
    assert timedelta(hours=24) < starts_at - now() < timedelta(hours=49)


def test_a_warning_never_forbids(ada: Client, page: Page) -> None:
    make_maintenance(page, at=now(), starts_at=datetime(2031, 3, 1, 1, tzinfo=BERLIN))
    assert send(ada, NEW, TO, **plan()).status_code == 303


# By itself


def test_the_switches_are_kept_as_they_were_set(ada: Client, page: Page) -> None:
    form = form_at(ada, NEW, action=TO)
    assert ("auto_finish" in form, form["auto_start"], form["sets_components"]) == (False, "on", "on")
    said = plan(auto_start=None, sets_components=None, auto_finish="on", remind_minutes=["60"])
    assert send(ada, NEW, TO, **said).status_code == 303
    made = Maintenance.objects.get()
    assert (made.auto_start, made.sets_components, made.auto_finish, made.remind_minutes) == (False, False, True, [60])


def test_each_reminder_says_whom_it_reaches_or_that_it_is_too_late(ada: Client, page: Page) -> None:
    make_subscribers(page, 12)
    text = looked_at(ada)
    assert '<span class="hint count" id="reminder-1440" hx-swap-oob="true">12 email</span>' in text
    assert '<span class="hint count" id="reminder-60" hx-swap-oob="true">12 email</span>' in text
    soon = (now() + timedelta(hours=5)).astimezone(BERLIN)
    text = looked_at(ada, starts_at=f"{soon:%Y-%m-%dT%H:%M}")
    assert 'id="reminder-1440" hx-swap-oob="true">too late for this start' in text
    assert 'id="reminder-60" hx-swap-oob="true">12 email' in text, "reminded also where nobody is told now"


# Dates that repeat


@pytest.mark.parametrize(
    ("said", "rule", "second"),
    [
        ({"repeats": "FREQ=WEEKLY"}, "FREQ=WEEKLY", "Sat Mar 8, 2031, 01:00 CET"),
        ({"repeats": "FREQ=DAILY", "repeats_until": "2031-03-04"}, "FREQ=DAILY;UNTIL=20310304", "Sun Mar 2, 2031"),
        ({"repeats": "monthly_weekday"}, "FREQ=MONTHLY;BYDAY=1SA", "Sat Apr 5, 2031, 01:00 CEST"),
        ({"repeats": "rule", "recurrence": "freq=monthly;byday=-1su"}, "FREQ=MONTHLY;BYDAY=-1SU", "Sun Mar 30, 2031"),
    ],
)
def test_the_next_dates_are_listed_before_saving_and_the_rule_is_kept(
    ada: Client, said: dict[str, str], rule: str, second: str
) -> None:
    text = looked_at(ada, **said)
    assert second in text
    starts_at = datetime(2031, 3, 1, 1, tzinfo=BERLIN)
    expected = following(rule, first=starts_at, zone=BERLIN, after=starts_at, count=5)
    dates = text[text.index('id="dates"') :]
    assert dates.count("<li>") == len(expected)
    assert send(ada, NEW, TO, **plan(**said)).status_code == 303
    assert Maintenance.objects.get().recurrence == rule


def test_the_fifth_weekday_of_a_month_is_the_last(ada: Client) -> None:
    assert send(ada, NEW, TO, **plan(starts_at="2031-03-29T01:00", repeats="monthly_weekday")).status_code == 303
    assert Maintenance.objects.get().recurrence == "FREQ=MONTHLY;BYDAY=-1SA"


def test_a_date_on_which_the_clocks_change_says_so(ada: Client) -> None:
    dates = looked_at(ada, starts_at="2031-03-29T01:00", repeats="FREQ=DAILY")
    assert dates.count("The clocks change meanwhile") == 1


# Bad input (B070, B075, B077, B081)


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ({"length": "", "ends_at": ""}, "Choose a date and a time, or one of the lengths."),
        ({"length": "7"}, "Choose one of the lengths offered."),
        ({"length": "", "ends_at": "2031-03-01T00:30"}, "The end must come after the start."),
        ({"length": "", "ends_at": "2036-03-01T00:30"}, "The window lasts longer than a year; check the end."),
        ({"starts_at": "2061-03-01T00:30"}, "The year 2061 cannot be right"),
        ({"starts_at": "0001-01-01T00:00"}, "The year 1 cannot be right"),
        ({"repeats": "rule", "recurrence": "FREQ=SECONDLY"}, "The repetition is not a rule"),
        ({"repeats": "rule", "recurrence": ""}, "Write the rule"),
        ({"repeats": "FREQ=WEEKLY", "repeats_until": "2031-03-02"}, "The repetition has no date"),
        ({"repeats": "nonsense"}, "Choose one of the values offered."),
        ({"body": "We replace {?what}."}, "One thing is still open: what."),
        ({"body": "See {next_update}."}, "The text promises {next_update}"),
        ({"title": "\u200b"}, "The title is empty"),
    ],
)
def test_bad_input_is_named_and_changes_nothing(ada: Client, page: Page, bad: dict[str, str], sentence: str) -> None:
    before = Event.objects.count()
    answer = send(ada, NEW, TO, **plan(**bad))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "We " in answer.content.decode() or "body" in bad, "what was typed stays"
    assert (Maintenance.objects.count(), Event.objects.count()) == (0, before)


def test_b077_a_start_a_day_back_asks_and_one_of_just_now_does_not(ada: Client) -> None:
    # Apart by so much on days on which the clocks change, too.
    back, just_now, later = (
        (now() + away).astimezone(BERLIN) for away in (-timedelta(days=1), -timedelta(minutes=2), timedelta(hours=2))
    )
    said = plan(starts_at=f"{back:%Y-%m-%dT%H:%M}", length="", ends_at=f"{later:%Y-%m-%dT%H:%M}")
    asked = send(ada, NEW, TO, **said)
    assert asked.status_code == 422
    assert "The start lies 1 day" in asked.content.decode()
    assert 'name="is_meant"' in asked.content.decode()
    assert not Maintenance.objects.exists()
    assert send(ada, NEW, TO, **said, is_meant="on").status_code == 303
    assert send(ada, NEW, TO, **plan(starts_at=f"{just_now:%Y-%m-%dT%H:%M}")).status_code == 303


def test_b070_what_looks_like_code_stays_as_typed(ada: Client) -> None:
    odd = "{{7*7}} ${7*7} <%= x %> {% include 'x' %} %(secret)s"
    assert send(ada, NEW, TO, **plan(body=odd)).status_code == 303
    assert Maintenance.objects.get().updates.get().body == odd
    assert "49" not in looked_at(ada, title="Other", body=odd)


def test_placeholders_are_filled_with_the_window(ada: Client, api: Component) -> None:
    body = "{components} rest from {start} for {duration}."
    filled = "API rest from [time: 2031-03-01 01:00 Europe/Berlin] for 2 hours."
    assert "for 2 hours." in looked_at(ada, body=body, components=[api.code])
    assert send(ada, NEW, TO, **plan(body=body, components=[api.code])).status_code == 303
    assert Maintenance.objects.get().updates.get().body == filled


def test_a_template_with_its_components_leaves_start_and_length_to_choose(
    ada: Client, page: Page, api: Component
) -> None:
    template = IncidentTemplate.keep(
        page=page,
        kind="maintenance",
        name="Database",
        title="Work on {components}",
        body="From {start}.",
        components={api: "under_maintenance"},
        by="test",
        at=page.created_at,
    )
    shown = f"{NEW}?template={template.pk}"
    answer = send(ada, shown, TO, starts_at="2031-03-01T01:00", length="60")
    assert answer.status_code == 303
    assert Maintenance.objects.get().title == "Work on API"
    template.refresh_from_db()
    assert template.uses == 1
    for odd in ("x", "99999999", "-1", "9" * 10):
        send(ada, NEW, TO, **plan(used=odd))
    template.refresh_from_db()
    assert template.uses == 1


# The month beside it


def test_the_month_shows_what_is_planned_and_the_window(ada: Client, page: Page) -> None:
    make_maintenance(
        page, at=now(), title="Weekly", starts_at=datetime(2031, 3, 4, 3, tzinfo=BERLIN), recurrence="FREQ=WEEKLY"
    )
    text = looked_at(ada)
    assert "March 2031" in text
    assert text.count(", 1 planned") == 4, "4, 11, 18 and 25 March"
    assert text.count(", this window") == 1
    assert "April 2031" in looked_at(ada, month="2031-04")
    assert "March 2031" in looked_at(ada, month="2031-13"), "nonsense is that of the start"


def test_without_script_leafing_keeps_what_was_typed(ada: Client) -> None:
    answer = ada.post(LOOK, plan(month="2031-05", title="A long story"))
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "May 2031" in text
    assert 'value="A long story"' in text
    assert "The title is empty" not in ada.post(LOOK, plan(title="")).content.decode(), "a draft is not scolded"


# Hours


def test_hours_are_agreed_on_and_ended(ada: Client, page: Page) -> None:
    to = "/console/page/hours"
    assert send(ada, to, begins="22:00", ends="06:00", agreed_days=["5", "6"]).status_code == 303
    page.refresh_from_db()
    assert AgreedHours.kept(page.agreed_hours) == AgreedHours(time(22), time(6), (5, 6))
    for bad in ({"begins": ""}, {"ends": "x"}, {"agreed_days": ["9"]}):
        assert send(ada, to, **{"agreed_days": ["1"], **bad}).status_code == 422, bad
    assert send(ada, to, begins="", ends="").status_code == 303
    page.refresh_from_db()
    assert page.agreed_hours == {}


def test_the_plan_of_another_page_is_not_reached(ada: Client, page: Page) -> None:
    other = Page.create(name="Other", host="other.example", by="test", at=now())
    foreign = make_maintenance(other, at=now())
    for what in ("window", "arrangement", "cancel"):
        assert ada.get(f"{TO}/{foreign.code}/{what}").status_code == 404
        assert ada.post(f"{TO}/{foreign.code}/{what}", {}).status_code == 404
        assert ada.post(f"{TO}/{foreign.code}/{what}/preview", {}).status_code == 404
    stranger = make_component(other)
    assert send(ada, NEW, TO, **plan(components=[stranger.code])).status_code == 422


def test_more_people_than_the_limit_are_told_only_when_that_is_meant(ada: Client, page: Page) -> None:
    page.edit(confirm_recipients=5, by="test", at=now())
    make_subscribers(page, 6)
    asked = send(ada, NEW, TO, **plan())
    assert asked.status_code == 422
    assert "6 people are told, more than the 5 of this page. Is that meant?" in asked.content.decode()
    assert 'name="many_are_meant"' in asked.content.decode()
    assert not Maintenance.objects.exists()
    assert send(ada, NEW, TO, **plan(title="Silent", notify=None)).status_code == 303
    assert send(ada, NEW, TO, **plan(), many_are_meant="on").status_code == 303


def test_the_hold_is_said_where_there_is_one(ada: Client, page: Page) -> None:
    make_subscribers(page, 1)
    assert "Sends when you publish" in looked_at(ada, notify="on")
    page.edit(hold_seconds=10, by="test", at=now())
    assert "Sends 10 s after you publish" in looked_at(ada, notify="on")


def test_mistakes_are_named_in_the_order_of_the_screen(ada: Client, page: Page) -> None:
    answer = send(ada, NEW, TO, title="", body="", starts_at="", components=["bcdfghjkmnpq"])
    screen = answer.content.decode()
    summary = screen.split('class="mistakes"', 1)[1].split("</ul>", 1)[0]
    fields = re.findall(r'href="#id_(\w+)"', summary)
    assert fields[:3] == ["title", "components", "starts_at"]
    assert fields[-1] == "body"
    assert [screen.index(f'id="id_{name}"') for name in fields] == sorted(
        screen.index(f'id="id_{name}"') for name in fields
    )


@pytest.mark.parametrize("number", [8, 9])
def test_many_components_are_folded_behind_the_names_of_those_ticked(ada: Client, page: Page, number: int) -> None:
    made = [make_component(page, name=f"Node {one}") for one in range(number)]
    said = {"title": "T", "body": "x", "components": [made[0].code, made[8 if number > 8 else 1].code]}
    answer = ada.post(LOOK, {**form_at(ada, NEW, action=TO), **said})
    folded = (
        '<summary><span id="chosen-components"'
        in answer.content.decode().split('id="id_components"', 1)[1].split("</fieldset>", 1)[0]
    )
    assert folded == (number > 8)
    assert ("Node 0, Node 8</span>" in answer.content.decode()) == folded
