"""Files with something wrong: each is named in a sentence, nothing of it is half-written, the rest is taken."""

import json
from pathlib import Path
from typing import Any

import pytest

from incidents.exchange.statuspage.files import read_files
from incidents.exchange.statuspage.loading import SIZE_LIMIT
from incidents.exchange.statuspage.problems import Report
from incidents.exchange.statuspage.session import ExitCode
from incidents.models import Component, Incident, Update
from tests.exchange import statuspage_json as made
from tests.exchange.running import all_rows, take

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

DEEP = "[" * 100_000

BAD_FILES: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", "bad.json: is empty"),
    "login page": ("<!DOCTYPE html><html><body>Sign in</body></html>", "bad.json: This is a web page, not an export."),
    "cut off": ('{"page": {"id": "zz', "bad.json: is not valid JSON: line 1, column"),
    "not UTF-8": (b'{"page": "\xff\xfe"}', "bad.json: is not a text in UTF-8"),
    "not a number": ('{"incidents": [NaN]}', "bad.json: is not valid JSON: it contains NaN"),
    "a number without end": ('{"incidents": [' + "9" * 10_000 + "]}", "bad.json: is not JSON this importer can hold"),
    "nested deeply": (DEEP, "bad.json: is nested more than 40 levels deep"),
    "a list": ("[1, 2]", "bad.json: the document is not an object but a list"),
    "something else": ('{"dependencies": {}}', "bad.json: is none of Statuspage's public documents"),
    "a page that is a text": ('{"page": "Acme", "incidents": []}', "bad.json: its page is not an object but a text"),
    "incidents that are a text": ('{"incidents": "none"}', "bad.json: its incidents is a text, not a list"),
}

EARLY = "0001-01-01T00:00:00.000Z"
LATE = "9999-12-31T23:59:59.999Z"

BAD_INCIDENTS: dict[str, tuple[Any, str]] = {
    "not an object": ("outage", "incident number 1: the record is not an object but a text"),
    "no code": (made.incident(id=None), "incident number 1: its id is empty"),
    "odd code": (made.incident("../../../etc"), "its id “../../../etc” is not a code of 12 letters and digits"),
    "no title": ({k: v for k, v in made.incident().items() if k != "name"}, "incident zzzzinci0001: has no name"),
    "blank title": (made.incident(name="\u200b \n"), "The title is empty"),
    "title too long": (made.incident(name="x" * 256), "The title has 256 characters; 255 is the most"),
    "title a number": (made.incident(name=7), "its name is a number, not a text"),
    "unknown status": (made.incident(status="frobnicated"), "incident zzzzinci0001: unknown status “frobnicated”"),
    "unknown impact": (made.incident(impact="dire"), "unknown impact “dire”"),
    "no updates": (made.incident(incident_updates=[]), "It has no updates"),
    "updates missing": (made.incident(incident_updates=None), "its incident_updates is empty"),
    "huge body": (
        made.incident(incident_updates=[made.update(), made.resolution(body="y" * 25_001)]),
        "The text of update zzzzupdt0002 has 25,001 characters; 25,000 is the most",
    ),
    "empty body": (made.incident(incident_updates=[made.update(body=" ")]), "The text of update zzzzupdt0001 is empty"),
    "update of unknown status": (
        made.incident(incident_updates=[made.resolution(), made.update(status="scheduled")]),
        "update zzzzupdt0001: unknown status “scheduled”",
    ),
    "two updates of one code": (
        made.incident(incident_updates=[made.update(), made.update()]),
        "Two of its updates have the code zzzzupdt0001",
    ),
    "unknown component status": (
        made.incident(incident_updates=[made.update(affected_components=[made.affected(new="on_fire")])]),
        "update zzzzupdt0001: unknown new status “on_fire”",
    ),
    "time in words": (made.incident(created_at="yesterday"), "its created_at is not a date and time: “yesterday”"),
    "time without zone": (made.incident(started_at="2026-03-01T10:00:00"), "its started_at has no time zone"),
    "year 1": (made.incident(created_at=EARLY), "The time it was created cannot be right: 0001-01-01"),
    "year 1 east": (made.incident(created_at="0001-01-01T00:00:00+14:00"), "its created_at cannot be right"),
    "year 9999": (made.incident(updated_at=LATE), "The time it was updated cannot be right: 9999-12-31"),
    "year 1970": (made.incident(started_at="1970-01-01T00:00:00Z"), "The time it was started cannot be right: 1970"),
    "time a number": (made.incident(created_at=1772359200), "its created_at is a number, not a text"),
    "end before start": (made.incident(resolved_at="2026-02-01T00:00:00Z"), "It ended before it began"),
    "window ends before it starts": (
        made.maintenance("zzzzinci0001", scheduled_until="2026-03-02T01:00:00Z"),
        "Its window ends before it starts",
    ),
    "window without end": (made.maintenance("zzzzinci0001", scheduled_until=None), "its scheduled_until is empty"),
}


def good_and(folder: Path, name: str, content: str | bytes) -> None:
    made.write(folder, "good.json", incident=made.incident("zzzzgood0001"))
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_named_and_the_others_are_taken(name: str, tmp_path: Path) -> None:
    content, sentence = BAD_FILES[name]
    good_and(tmp_path, "bad.json", content)
    code, text = take(tmp_path)
    assert code == ExitCode.SOME_SKIPPED
    assert sentence in text
    assert [incident.code for incident in Incident.objects.all()] == ["zzzzgood0001"]


@pytest.mark.parametrize("name", BAD_INCIDENTS)
def test_a_bad_incident_is_named_and_leaves_nothing_behind(name: str, tmp_path: Path) -> None:
    record, sentence = BAD_INCIDENTS[name]
    made.write(tmp_path, "incidents.json", incidents=[record, made.incident("zzzzgood0001")])
    code, text = take(tmp_path)
    assert code == ExitCode.SOME_SKIPPED
    assert "incidents.json, incident " in text
    assert sentence in text
    assert [incident.code for incident in Incident.objects.all()] == ["zzzzgood0001"]
    assert Update.objects.count() == 2


@pytest.mark.parametrize("name", BAD_INCIDENTS)
def test_a_dry_run_finds_the_same_problem_and_writes_nothing(name: str, tmp_path: Path) -> None:
    record, sentence = BAD_INCIDENTS[name]
    made.write(tmp_path, "incidents.json", incidents=[record])
    before = all_rows()
    code, text = take(tmp_path, is_rehearsal=True)
    assert code == ExitCode.SOME_SKIPPED
    assert sentence in text
    assert all_rows() == before


def test_a_file_of_500_megabytes_is_refused_before_it_is_read(tmp_path: Path) -> None:
    huge = tmp_path / "huge.json"
    with huge.open("wb") as file:
        file.truncate(500 * 1024 * 1024)
    report = Report()
    assert list(read_files(huge, report)) == [None]
    assert str(report.problems[0]) == f"huge.json: has 500 MB; {SIZE_LIMIT // 1024 // 1024} MB is the most"


def test_one_code_twice_in_a_list_takes_the_first(tmp_path: Path) -> None:
    twins = [made.incident(name="First"), made.incident(name="Second")]
    made.write(tmp_path, "incidents.json", incidents=twins)
    code, text = take(tmp_path)
    assert code == ExitCode.SOME_SKIPPED
    assert "incidents.json, incident zzzzinci0001: is there twice; the first was taken" in text
    assert Incident.objects.get().title == "First"


def test_a_file_of_another_page_is_skipped(tmp_path: Path) -> None:
    made.write(tmp_path, "a.json", incident=made.incident())
    made.write(tmp_path, "b.json", incident=made.incident("zzzzinci0002"))
    other = {"page": made.page(id="zzzzpage0002", name="Other"), "incident": made.incident("zzzzinci0003")}
    (tmp_path / "c.json").write_text(json.dumps(other))
    code, text = take(tmp_path)
    assert code == ExitCode.SOME_SKIPPED
    assert "c.json: is of the page “Other”, the others are of “Example”" in text
    assert Incident.objects.count() == 2


def test_a_bad_component_costs_the_incidents_that_need_it_and_no_other(tmp_path: Path) -> None:
    broken = made.component("zzzzcomp0009", status="melted")
    needs_it = made.incident("zzzzinci0002", components=[broken])
    made.write(tmp_path, "all.json", components=[made.component(), broken], incidents=[made.incident(), needs_it])
    code, text = take(tmp_path)
    assert code == ExitCode.SOME_SKIPPED
    assert "all.json, component zzzzcomp0009: unknown status “melted”" in text
    assert "incident zzzzinci0002: It affected component zzzzcomp0009, which could not be taken." in text
    assert Component.objects.get().code == "zzzzcomp0001"
    assert Incident.objects.get().code == "zzzzinci0001"


def test_control_characters_never_reach_a_row(tmp_path: Path) -> None:
    record = made.incident(name="Out\x0bage\u202e", incident_updates=[made.update(body="a\x00b\ud800\r\nc")])
    made.write(tmp_path, "incidents.json", incidents=[record])
    assert take(tmp_path)[0] == ExitCode.EVERYTHING_TAKEN
    incident = Incident.objects.get()
    assert incident.title == "Outage"
    assert incident.updates.get().body == "ab\nc"


def test_what_a_file_quotes_cannot_steer_the_terminal(tmp_path: Path) -> None:
    page = made.page(name="Ex\x1b[31mample")
    record = made.incident(status="\x1b]0;owned\x07")
    (tmp_path / "incidents.json").write_text(json.dumps({"page": page, "incidents": [record]}))
    _, text = take(tmp_path)
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "page “Example”" in text
