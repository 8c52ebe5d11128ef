"""A captured page comes in by the importer and must come out of the API as it was."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from incidents.publishing.documents import api
from incidents.publishing.facts.records import incident_record
from incidents.publishing.facts.rows import Rows
from incidents.timeline.models import Page

pytestmark = pytest.mark.django_db

CAPTURED = Path(__file__).parents[4] / "shared" / "data"

DOCUMENTS = {
    "summary": "summary",
    "status": "status",
    "components": "components",
    "incidents": "incidents",
    "unresolved": "incidents/unresolved",
    "scheduled-maintenances": "scheduled-maintenances",
    "upcoming": "scheduled-maintenances/upcoming",
    "active": "scheduled-maintenances/active",
}

MUST_DIFFER = re.compile(r"\.page\.(url|updated_at)$|\.shortlink$")
"""The page answers at another address now, and the import itself was a change of it."""

ADDED_SINCE = re.compile(r"\.start_date$")
"""A key that Statuspage's answers got after the capture of 2019."""

NOT_TAKEN = re.compile(r"\.tweet_id$")
"""An import does not remember what was posted elsewhere."""

RENAMED_SINCE = re.compile(r"\.affected_components\[\d+\]\.name: ")
"""Captured over the years one by one, the incidents tell components by the names of their day."""


def captured(folder: str) -> Path:
    if not (CAPTURED / folder).is_dir():
        pytest.skip(f"the captured data ../shared/data/{folder} is not beside the checkout")
    return CAPTURED / folder


def differences(theirs: Any, ours: Any, path: str = "") -> Iterator[str]:
    """Yield where two documents differ: keys, their order, lengths, values."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        yield from different_keys(theirs, ours, path)
        for key in theirs.keys() & ours.keys():
            yield from differences(theirs[key], ours[key], f"{path}.{key}")
    elif isinstance(theirs, list) and isinstance(ours, list):
        if len(theirs) != len(ours):
            yield f"{path}: {len(ours)} instead of {len(theirs)}"
        for number, (their, our) in enumerate(zip(theirs, ours, strict=False)):
            yield from differences(their, our, f"{path}[{number}]")
    elif theirs != ours and not MUST_DIFFER.search(path) and not NOT_TAKEN.search(path):
        yield f"{path}: {ours!r} instead of {theirs!r}"


def different_keys(theirs: dict[str, Any], ours: dict[str, Any], path: str) -> Iterator[str]:
    if [key for key in ours if key in theirs] != list(theirs):
        yield f"{path}: keys {list(ours)} instead of {list(theirs)}"
    added = [f"{path}.{key}" for key in ours if key not in theirs]
    yield from (f"{one} is new" for one in added if not ADDED_SINCE.search(one))


def comparable(document: Any) -> Any:
    """Return a captured or made document without what has no meaning of its own.

    Line ends are written in one way; the components of an incident are a set (captures have them in any
    order); a sentence of 2016 in place of "no component" is what null says since.
    """
    if isinstance(document, dict):
        document = {key: comparable(value) for key, value in document.items()}
        if "incident_updates" in document:
            document["components"] = sorted(document["components"], key=lambda one: one["id"])
        return document
    if isinstance(document, list):
        if document == [{"name": "No components were affected by this update."}]:
            return None
        return [comparable(one) for one in document]
    return document.replace("\r\n", "\n") if isinstance(document, str) else document


def test_every_document_of_discord_comes_out_as_it_was_captured(client: Client) -> None:
    folder = captured("discord-2019-v2")
    call_command("import_statuspage", str(folder), yes=True, verbosity=0)
    found: list[str] = []
    for file, path in DOCUMENTS.items():
        theirs = json.loads((folder / f"{file}.json").read_text())
        ours = client.get(f"/api/v2/{path}.json").json()
        found += [f"{file}{one}" for one in differences(comparable(theirs), comparable(ours))]
    assert found == []


def test_the_1028_incidents_of_github_come_out_as_they_were_captured(client: Client) -> None:
    folder = captured("github-2010-2021-v2-incidents")
    call_command("import_statuspage", str(folder), yes=True, verbosity=0)
    found: list[str] = []
    files = sorted(folder.glob("*.json"))
    rows = Rows(Page.objects.get())
    rows.incidents(rows.public)
    for number, file in enumerate(files):
        theirs = json.loads(file.read_text())["incident"]
        document = api.incident(incident_record(rows, theirs["id"]))
        ours = json.loads(document)["incident"]
        found += [f"{file.name}{one}" for one in differences(comparable(theirs), comparable(ours))]
        # Made of rows that were read together, it is what is answered when it is asked for alone.
        if number % 25 == 0:
            assert client.get(f"/api/v2/incidents/{theirs['id']}.json").content == document
    assert len(files) == 1028
    assert [one for one in found if not RENAMED_SINCE.search(one)] == []
