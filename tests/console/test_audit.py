"""The history as an audit log: every mutation leaves a line; it is sieved, and written out as CSV."""

import ast
from pathlib import Path

import pytest
from django.test import Client

from incidents import timeline
from incidents.lib.clock import now
from incidents.timeline.models import Component, Page
from tests.build import make_component, make_incident, make_member, minutes

HISTORY = "/console/history"
VERBS = Path(timeline.__file__).parent / "models"
SILENT = {"presence.py Presence.note", "draft.py Draft.keep", "event.py Event.about"}
"""What is no act yet: that somebody is writing, and what they have written so far; and the recording itself."""


def lines(client: Client, query: str = "") -> str:
    return client.get(f"{HISTORY}{query}").content.decode()


def csv_of(client: Client, query: str = "") -> list[str]:
    answer = client.get(f"/console/history.csv{query}")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]


def test_it_is_sieved_by_subject_person_words_and_day(page: Page, api: Component, ada: Client) -> None:
    make_incident(page, at=now(), title="Login fails")
    make_component(page, name="Überweisung")
    make_member(page, "viewer")
    assert "Login fails" in lines(ada, "?subject=incidents")
    assert "berweisung" not in lines(ada, "?subject=incidents")
    assert "bob, Viewer" in lines(ada, "?subject=people")
    assert "Überweisung" in lines(ada, "?q=%C3%9Cberweisung")
    assert "Login fails" not in lines(ada, "?q=%C3%9Cberweisung")
    assert "Login fails" in lines(ada, f"?first={page.today(at=now())}&last={page.today(at=now())}")
    assert "Nothing of that kind happened." in lines(ada, "?last=2001-01-01")
    assert "Nothing of that kind happened." in lines(ada, "?person=nobody")


@pytest.mark.parametrize(
    "query",
    [
        "?subject=%27%20OR%201=1--",
        "?person=%00",
        "?q=%25%27%22%5C",
        "?first=yesterday",
        "?last=9999-12-31",
        "?part=x",
        "?first=0001-01-01",
        "?subject=people&subject=settings",
    ],
)
def test_c01_nonsense_in_the_query_is_no_error(page: Page, ada: Client, query: str) -> None:
    assert ada.get(f"{HISTORY}{query}").status_code == 200
    assert csv_of(ada, query)[0] == "number,at,who,what,words,about"


def test_what_is_written_out_is_what_is_shown_and_no_spreadsheet_calculates_with_it(page: Page, ada: Client) -> None:
    make_incident(page, at=now(), title="=1+1")
    make_incident(page, at=now() - minutes(1), title="Another")
    rows = csv_of(ada, "?subject=incidents")
    assert len(rows) == 3
    assert all("incident.opened" in row for row in rows[1:])


def test_the_file_is_for_editors(page: Page, client: Client) -> None:
    client.force_login(make_member(page, "responder"))
    assert client.get("/console/history.csv").status_code == 403
    assert "history.csv" not in lines(client)
    client.force_login(make_member(page, "editor", name="edda"))
    assert client.get("/console/history.csv").status_code == 200


def test_every_verb_that_writes_records_an_event() -> None:
    """Whatever in the facts saves, creates or deletes a row inside a verb with `by=` also records who did it."""
    missing = []
    for file in VERBS.rglob("*.py"):
        for kind in [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.ClassDef)]:
            for verb in [node for node in kind.body if isinstance(node, ast.FunctionDef)]:
                names = {argument.arg for argument in verb.args.kwonlyargs}
                if {"by", "at"} <= names and not verb.name.startswith("_") and not records(verb):
                    missing.append(f"{file.name} {kind.name}.{verb.name}")
    assert set(missing) == SILENT


def records(verb: ast.FunctionDef) -> bool:
    """Say whether a verb records an event, or hands `by` on to something that does."""
    for call in [node for node in ast.walk(verb) if isinstance(node, ast.Call)]:
        if any(keyword.arg == "by" for keyword in call.keywords):
            return True
    return False
