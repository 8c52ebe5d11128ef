"""Clients written for Statuspage read our API; only the address is another."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page as Tab
from pytest_django.live_server_helper import LiveServer

from incidents.timeline.models import Page
from tests.build import NOON
from tests.publishing.clients.conftest import RunScript
from tests.publishing.clients.elsewhere import serving

pytestmark = pytest.mark.django_db(transaction=True)


def test_statuspage_io_reads_every_document_it_knows(acme: Page, node: RunScript) -> None:
    told = json.loads(
        node(
            """
            const { Statuspage } = require("statuspage.io");
            const client = new Statuspage("any");
            client.setApiUrl(process.env.SERVER);
            (async () => {
                const { api } = client;
                console.log(JSON.stringify({
                    status: (await api.getStatus()).status,
                    components: (await api.getComponents()).components.map(one => [one.name, one.status, one.group]),
                    summary: Object.keys(await api.getSummary()),
                    all: (await api.incidents.getAll()).incidents.map(one => one.name),
                    unresolved: (await api.incidents.getUnresolved()).incidents.map(one => one.name),
                    upcoming: (await api.scheduledMaintenances.getUpcoming()).scheduled_maintenances
                        .map(one => one.name),
                }));
            })();
            """
        )
    )
    assert told == {
        "status": {"indicator": "minor", "description": "Minor Service Outage"},
        "components": [
            ["Core", "partial_outage", True],
            ["API", "partial_outage", False],
            ["Web", "operational", False],
        ],
        "summary": ["page", "components", "incidents", "scheduled_maintenances", "status"],
        "all": ["Slow answers", "Over & done"],
        "unresolved": ["Slow answers"],
        "upcoming": ["Planned work"],
    }


def test_statuspage_js_reads_every_document_and_turns_times_into_dates(acme: Page, node: RunScript) -> None:
    told = json.loads(
        node(
            """
            const { Statuspage } = require("statuspage.js");
            const client = new Statuspage("any");
            client.axios.defaults.baseURL = `${process.env.SERVER}/api/v2`;
            const names = list => list.map(one => one.name);
            (async () => {
                const summary = await client.summary();
                const [newest] = (await client.allIncidents()).incidents;
                console.log(JSON.stringify({
                    keys: Object.keys(summary),
                    isDate: summary.page.updated_at instanceof Date,
                    created: newest.created_at.getTime(),
                    body: newest.incident_updates[0].body,
                    status: (await client.status()).status.indicator,
                    components: names((await client.components()).components),
                    unresolved: names((await client.unresolvedIncidents()).incidents),
                    maintenances: names((await client.allScheduledMaintenances()).scheduled_maintenances).sort(),
                    active: names((await client.activeScheduledMaintenances()).scheduled_maintenances),
                    upcoming: names((await client.upcomingScheduledMaintenances()).scheduled_maintenances),
                }));
            })();
            """
        )
    )
    assert told == {
        "keys": ["page", "components", "incidents", "scheduled_maintenances", "status"],
        "isDate": True,
        "created": NOON.timestamp() * 1000,
        "body": "Some *wait*.\n\nWe look.",
        "status": "minor",
        "components": ["Core", "API", "Web"],
        "unresolved": ["Slow answers"],
        "maintenances": ["Planned work", "Running work"],
        "active": ["Running work"],
        "upcoming": ["Planned work"],
    }


def test_atlassians_widget_shows_the_state_on_another_origin(
    acme: Page, packages: Path, live_server: LiveServer, page: Tab
) -> None:
    bundle = packages / "node_modules" / "@statuspage" / "status-widget" / "dist" / "index.js"
    host = (
        f'<!doctype html><statuspage-widget src="{live_server.url}"></statuspage-widget><script src="/w.js"></script>'
    )
    files = {"/": ("text/html", host.encode()), "/w.js": ("text/javascript", bundle.read_bytes())}
    with serving(files) as address:
        page.goto(address)
        page.get_by_text("Minor Service Outage").wait_for()
