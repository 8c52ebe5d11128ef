"""`manage.py import_statuspage`: what it prints, asks and answers."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from incidents.exchange.statuspage.problems import NothingToImport
from incidents.exchange.statuspage.session import ExitCode
from incidents.models import Component, ComponentGroup, Event, Incident, Page, StatusChange
from incidents.timeline.events import recording
from incidents.timeline.refusals import EmptyText
from tests.build import make_page
from tests.exchange import statuspage_json as made
from tests.exchange.running import all_rows, take

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def a_page(folder: Path) -> Path:
    """Write a page with a group, two components, an incident and a maintenance."""
    group = made.component("zzzzgrup0001", name="Core", group=True, components=["zzzzcomp0001"])
    del group["start_date"]
    components = [
        group,
        made.component("zzzzcomp0001", name="API", group_id="zzzzgrup0001"),
        made.component("zzzzcomp0002", name="Web"),
    ]
    hit = [made.affected(new="partial_outage", name="Core - API")]
    over = [made.affected(old="partial_outage", new="operational", name="Core - API")]
    said = [made.resolution(affected_components=over), made.update(affected_components=hit)]
    made.write(folder, "components.json", components=components)
    made.write(folder, "incidents.json", incidents=[made.incident(incident_updates=said, components=components[1:2])])
    made.write(folder, "scheduled-maintenances.json", scheduled_maintenances=[made.maintenance()])
    return folder


def test_counts_come_first_and_then_the_import(tmp_path: Path) -> None:
    output = StringIO()
    call_command("import_statuspage", str(a_page(tmp_path)), "--yes", stdout=output)
    lines = output.getvalue().splitlines()
    assert lines[0] == "Source: page “Example” (zzzzpage0001), Europe/Berlin."
    assert lines[2].split() == ["found", "new", "changed", "unchanged"]
    counts = {line.split()[0]: line.split()[1:] for line in lines[3:8]}
    assert counts["Groups"] == ["1", "1", "0", "0"]
    assert counts["Components"] == ["2", "2", "0", "0"]
    assert counts["Updates"] == ["4", "4", "0", "0"]
    assert "Took 5 records. Nobody was notified." in lines


def test_everything_is_in_its_place(tmp_path: Path) -> None:
    take(a_page(tmp_path))
    api = Component.objects.get(name="API")
    assert api.group == ComponentGroup.objects.get(name="Core")
    incident = Incident.objects.incidents().get()
    assert [change.update.code for change in StatusChange.objects.all() if change.update] == [
        "zzzzupdt0001",
        "zzzzupdt0002",
    ]
    assert incident.affected.get().component == api
    assert incident.affected.get().worst == "partial_outage"
    assert incident.imported_from == "Statuspage, page zzzzpage0001"


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    before = all_rows()
    output = StringIO()
    call_command("import_statuspage", str(a_page(tmp_path)), "--dry-run", stdout=output)
    assert "Dry run: nothing was written." in output.getvalue()
    assert all_rows() == before


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    take(a_page(tmp_path))
    before = all_rows()
    code, text = take(tmp_path)
    assert code == ExitCode.EVERYTHING_TAKEN
    assert "There is nothing new to take." in text
    assert all_rows() == before


def test_a_new_update_is_taken_with_one_event(tmp_path: Path) -> None:
    take(a_page(tmp_path))
    events = Event.objects.count()
    report = made.update("zzzzupdt0003", status="postmortem", body="## Why", display_at="2026-03-09T10:00:00Z")
    changed = made.incident(
        status="postmortem",
        updated_at="2026-03-09T10:00:00Z",
        incident_updates=[report, made.resolution(), made.update()],
    )
    made.write(tmp_path, "incidents.json", incidents=[changed])
    _, text = take(tmp_path)
    assert "Took 1 records." in text
    assert Event.objects.count() == events + 1
    assert Event.objects.latest("seq").kind == "incident.imported"
    incident = Incident.objects.incidents().get()
    assert incident.phase.slug == "postmortem"
    assert incident.postmortem.is_published
    assert incident.postmortem.html == "<h4>Why</h4>"


def test_the_order_of_files_makes_no_difference(tmp_path: Path) -> None:
    older = made.incident(name="Older", updated_at="2026-03-01T10:30:00Z")
    newer = made.incident(name="Newer")
    for number, (first, second) in enumerate([(older, newer), (newer, older)]):
        folder = tmp_path / str(number)
        folder.mkdir()
        page = made.page(id=f"zzzzpage001{number}")
        for name, incident in (("a.json", first), ("b.json", second)):
            (folder / name).write_text(json.dumps({"page": page, "incident": incident}))
        take(folder)
    assert list(Incident.objects.values_list("title", flat=True)) == ["Newer", "Newer"]


def test_a_single_file_is_a_source_too(tmp_path: Path) -> None:
    take(made.write(tmp_path, "zzzzinci0001.json", incident=made.incident()))
    assert Incident.objects.get().code == "zzzzinci0001"


def test_a_second_page_can_be_given_a_host_later(tmp_path: Path) -> None:
    make_page(name="Mine")
    _, text = take(a_page(tmp_path))
    assert "run this again with --host" in text
    _, text = take(tmp_path, host="Status.Example.com")
    assert "“Example” answers at the host status.example.com." in text
    assert "There is nothing new to take." in take(tmp_path, host="status.example.com")[1]


def test_a_page_here_can_be_named(tmp_path: Path) -> None:
    page = make_page(name="Mine")
    take(a_page(tmp_path), page_code=page.code)
    assert Page.objects.get() == page
    assert page.incidents.count() == 2


def test_a_page_that_is_not_here_is_refused_with_those_that_are(tmp_path: Path) -> None:
    page = make_page(name="Mine")
    with pytest.raises(NothingToImport, match=f"There is no page nothere. There are: {page.code} .Mine."):
        take(a_page(tmp_path), page_code="nothere")


def test_a_source_that_names_no_page_asks_for_one(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text(json.dumps({"incident": made.incident()}))
    with pytest.raises(NothingToImport, match="Say with --page"):
        take(tmp_path)


def test_an_unknown_time_zone_becomes_utc_with_a_word(tmp_path: Path) -> None:
    page = made.page(time_zone="Pacific Time (US & Canada)")
    (tmp_path / "one.json").write_text(json.dumps({"page": page, "incident": made.incident()}))
    _, text = take(tmp_path)
    assert "its time zone “Pacific Time (US & Canada)” is unknown; UTC is used" in text
    assert Page.objects.get().time_zone == "UTC"


@pytest.mark.parametrize(("source", "sentence"), [("nowhere", "There is no file or folder"), (".", "holds no file")])
def test_a_source_that_is_not_there_is_said(
    source: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError, match=sentence):
        call_command("import_statuspage", source)


def test_the_exit_code_says_that_records_were_skipped(tmp_path: Path) -> None:
    made.write(tmp_path, "incidents.json", incidents=[made.incident(status="odd")])
    with pytest.raises(SystemExit) as ended:
        call_command("import_statuspage", str(tmp_path), stdout=StringIO())
    assert ended.value.code == ExitCode.SOME_SKIPPED == 3


def test_saying_no_writes_nothing(tmp_path: Path) -> None:
    before = all_rows()
    code, text = take(a_page(tmp_path), agree=lambda: False)
    assert (code, text.splitlines()[-1]) == (ExitCode.NOTHING_DONE, "Nothing was written.")
    assert all_rows() == before


def test_stopped_in_the_middle_it_leaves_whole_records_and_goes_on_later(tmp_path: Path) -> None:
    a_page(tmp_path)

    def stop_at_the_incident(**signal: object) -> None:
        event = signal["event"]
        assert isinstance(event, Event)
        if event.kind == "incident.imported":
            raise KeyboardInterrupt

    recording.connect(stop_at_the_incident)
    try:
        code, text = take(tmp_path)
    finally:
        recording.disconnect(stop_at_the_incident)
    assert code == ExitCode.STOPPED
    assert "run the same command again" in text
    assert Component.objects.count() == 2
    assert not Incident.objects.exists()
    assert not StatusChange.objects.exists()

    assert take(tmp_path)[0] == ExitCode.EVERYTHING_TAKEN
    assert Incident.objects.count() == 2
    assert Event.objects.filter(kind="component.imported").count() == 2


def test_one_that_a_listener_refuses_is_named_and_the_others_are_taken(tmp_path: Path) -> None:
    a_page(tmp_path)
    incidents = [made.incident(f"zzzzinci{number:04}") for number in range(11, 15)]
    made.write(tmp_path, "more.json", incidents=incidents)

    def refuse_one(**signal: object) -> None:
        event = signal["event"]
        assert isinstance(event, Event)
        if event.payload.get("incident") == "zzzzinci0012":
            raise EmptyText("Nobody could read it.", field="body")

    recording.connect(refuse_one)
    try:
        code, text = take(tmp_path)
    finally:
        recording.disconnect(refuse_one)
    assert code == ExitCode.SOME_SKIPPED
    assert "zzzzinci0012" in text
    assert "Nobody could read it." in text
    assert Incident.objects.count() == 2 + 3
    assert Event.objects.filter(kind="incident.imported").count() == Incident.objects.incidents().count()


def test_components_that_only_incidents_name_come_in_as_removed(tmp_path: Path) -> None:
    gone = [made.affected("zzzzcomp0007", name="Core - Legacy"), made.affected("zzzzcomp0008", name="Old - Thing")]
    nothing = {"name": "No components were affected by this update."}
    said = [made.resolution(affected_components=[nothing]), made.update(affected_components=gone)]
    a_page(tmp_path)
    made.write(tmp_path, "old.json", incident=made.incident("zzzzinci0005", incident_updates=said))
    take(tmp_path)
    legacy, thing = Component.objects.filter(code__in=["zzzzcomp0007", "zzzzcomp0008"]).order_by("code")
    assert (legacy.name, legacy.full_name) == ("Legacy", "Core - Legacy")
    assert (thing.name, thing.group) == ("Old - Thing", None)
    assert not Component.objects.public().filter(code__in=[legacy.code, thing.code]).exists()
    assert Incident.objects.get(code="zzzzinci0005").affected.count() == 2


def test_a_component_the_page_lists_no_more_comes_in_as_removed(tmp_path: Path) -> None:
    a_page(tmp_path)
    hidden = made.component("zzzzcomp0009", name="Hidden")
    made.write(tmp_path, "old.json", incident=made.incident("zzzzinci0005", components=[hidden]))
    take(tmp_path)
    assert Component.objects.get(name="Hidden").archived_at is not None


def test_a_component_that_is_down_now_is_down_here_since_then(tmp_path: Path) -> None:
    now_down = made.component(status="degraded_performance", updated_at="2026-04-20T08:00:00Z")
    made.write(tmp_path, "components.json", components=[now_down])
    take(tmp_path)
    change = StatusChange.objects.get()
    assert (change.old, change.new, change.at.isoformat()) == (
        "operational",
        "degraded_performance",
        "2026-04-20T08:00:00+00:00",
    )
