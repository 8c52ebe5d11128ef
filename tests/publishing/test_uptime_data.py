import csv
import io
import json
from datetime import timedelta

import pytest
from django.test import Client

from incidents.publishing.documents.uptime_data import uptime_csv, uptime_json
from incidents.publishing.readings import Readings
from tests.build import NOON, make_component, make_incident, make_page, minutes

pytestmark = pytest.mark.django_db


def test_both_tell_the_same_figures_by_component_and_month() -> None:
    page = make_page(at=NOON - timedelta(days=90))
    api = make_component(page, name="=API()")
    make_component(page, name="Forum", showcase=False)
    at = NOON - timedelta(days=2)
    make_incident(page, at=at, components={api: "major_outage"}).resolve(body="Over.", by="test", at=at + minutes(60))
    facts = Readings(page, seen_at=NOON).uptime
    rows = list(csv.DictReader(io.StringIO(uptime_csv(facts).decode())))
    told = json.loads(uptime_json(facts))["months"]
    assert [row["month"] for row in rows] == [one["month"] for one in told]
    assert rows[0]["month"] == f"{NOON:%Y-%m}"
    assert rows[0]["downtime_seconds"] == "3600" == str(told[0]["downtime_seconds"])
    assert rows[0]["incidents"] == "1"
    assert rows[0]["uptime"] == told[0]["uptime"]
    assert {row["name"] for row in rows} == {"'=API()"}
    assert {one["name"] for one in told} == {"=API()"}


def test_programs_find_them_beside_the_page(client: Client) -> None:
    make_component(make_page())
    assert client.get("/uptime.csv")["Content-Type"] == "text/csv; charset=utf-8"
    answer = client.get("/uptime.json")
    assert answer["Access-Control-Allow-Origin"] == "*"
    html = client.get("/uptime").content.decode()
    assert 'href="/uptime.csv"' in html
    assert 'href="/uptime.json"' in html
