"""Components and groups."""

from django.test import Client

from incidents.lib.clock import now
from incidents.timeline.models import Component, ComponentGroup, Event, Page
from incidents.timeline.ordering import move
from tests.build import make_component, make_group, make_incident
from tests.console.filling import send

LIST = "/console/components"


def test_a_state_is_set_from_the_list(ada: Client, page: Page, api: Component) -> None:
    to = f"{LIST}/{api.code}/status"
    assert send(ada, LIST, to, status="major_outage").status_code == 303
    api.refresh_from_db()
    assert api.status == "major_outage"
    change = api.status_changes.get()
    assert change.by_name == "ada"
    part = ada.post(to, {"status": "operational"}, headers={"HX-Request": "true"})
    assert part.status_code == 200
    text = part.content.decode()
    assert 'id="components"' in text
    assert "API is operational now." in text
    assert "<html" not in text


def test_a_component_in_trouble_offers_an_incident_until_one_names_it(ada: Client, page: Page, api: Component) -> None:
    assert "Open an incident with this" not in ada.get(LIST).content.decode()
    api.set_status("partial_outage", by="test", at=now())
    assert f"/console/incidents/new?component={api.code}" in ada.get(LIST).content.decode()
    make_incident(page, at=now(), components={api: "partial_outage"})
    assert "Open an incident with this" not in ada.get(LIST).content.decode()


def test_an_unknown_state_changes_nothing(ada: Client, page: Page, api: Component) -> None:
    before = Event.objects.count()
    for headers in ({}, {"HX-Request": "true"}):
        answer = ada.post(f"{LIST}/{api.code}/status", {"status": "on_fire"}, headers=headers)
        assert answer.status_code == 422
        assert "API: Choose one of the values offered." in answer.content.decode()
    assert Event.objects.count() == before


def test_components_are_added_edited_and_archived(ada: Client, page: Page) -> None:
    group = make_group(page)
    assert send(ada, f"{LIST}/new", LIST, name="Search", group=group.code).status_code == 303
    search = Component.objects.get()
    assert (search.group, search.showcase) == (group, True)
    edited = send(ada, f"{LIST}/{search.code}", name="Find", group="", visibility="staff", showcase=None)
    assert edited.status_code == 303
    search.refresh_from_db()
    assert (search.name, search.group, search.visibility, search.showcase) == ("Find", None, "staff", False)
    assert send(ada, f"{LIST}/{search.code}/removal").status_code == 303
    assert ada.get(f"{LIST}/{search.code}").status_code == 404


def test_bad_components_change_nothing(ada: Client, page: Page, api: Component) -> None:
    before = Event.objects.count()
    for bad in ({"name": ""}, {"name": "api"}, {"group": "0123456789bc"}, {"started_on": "soon"}, {"name": "x" * 256}):
        assert send(ada, f"{LIST}/new", LIST, **{"name": "Search", **bad}).status_code == 422, bad
    make_component(page, name="Web")
    before += 1
    assert send(ada, f"{LIST}/{api.code}", name="Web").status_code == 422
    assert Event.objects.count() == before


def test_components_move_among_their_neighbours(ada: Client, page: Page, api: Component) -> None:
    web, search = make_component(page, name="Web"), make_component(page, name="Search")

    def order() -> list[str]:
        text = ada.get(LIST).content.decode()
        return sorted(("API", "Web", "Search"), key=lambda name: text.index(f">{name}</a>"))

    assert order() == ["API", "Web", "Search"]
    assert ada.post(f"{LIST}/{search.code}/up").status_code == 303
    assert order() == ["API", "Search", "Web"]
    assert ada.post(f"{LIST}/{api.code}/down", headers={"HX-Request": "true"}).status_code == 200
    assert order() == ["Search", "API", "Web"]
    events = Event.objects.count()
    ada.post(f"{LIST}/{web.code}/down")
    assert (order(), Event.objects.count()) == (["Search", "API", "Web"], events)


def test_a_component_is_put_where_it_was_dragged(ada: Client, page: Page, api: Component) -> None:
    web, search = make_component(page, name="Web"), make_component(page, name="Search")

    def order() -> list[str]:
        return list(Component.objects.order_by("position").values_list("name", flat=True))

    part = ada.post(f"{LIST}/{search.code}/place", {"places": "-2"}, headers={"HX-Request": "true"})
    assert (part.status_code, order()) == (200, ["Search", "API", "Web"])
    assert ada.post(f"{LIST}/{search.code}/place", {"places": "99"}).status_code == 303
    assert order() == ["API", "Web", "Search"]
    before = Event.objects.count()
    for bad in ("", "far", "1e9", "-10001", "99999999999999999999"):
        assert ada.post(f"{LIST}/{web.code}/place", {"places": bad}).status_code == 422, bad
    assert ada.get(f"{LIST}/{web.code}/place").status_code == 405
    assert (order(), Event.objects.count()) == (["API", "Web", "Search"], before)


def test_what_somebody_removes_meanwhile_moves_nowhere(page: Page, api: Component) -> None:
    web = make_component(page, name="Web")
    loaded = Component.objects.get(pk=web.pk)
    web.archive(by="test", at=now())
    before = Event.objects.count()
    move(loaded, places=-1, by="test", at=now())
    assert Event.objects.count() == before


def test_groups_are_added_edited_moved_and_removed(ada: Client, page: Page, api: Component) -> None:
    assert send(ada, "/console/groups/new", "/console/groups", name="").status_code == 422
    assert send(ada, "/console/groups/new", "/console/groups", name="Core", always_open="on").status_code == 303
    group = ComponentGroup.objects.get()
    assert group.always_open
    assert list(Event.objects.filter(kind__startswith="group.").values_list("kind", flat=True)) == ["group.added"]
    assert send(ada, f"/console/groups/{group.code}", name="Core platform").status_code == 303
    api.edit(group=group, by="test", at=now())
    make_component(page, name="Web")
    assert ada.post(f"/console/groups/{group.code}/down").status_code == 303
    text = ada.get(LIST).content.decode()
    assert text.index(">Web</a>") < text.index(">Core platform</a>")
    assert send(ada, f"/console/groups/{group.code}/removal").status_code == 303
    api.refresh_from_db()
    assert (api.group, ComponentGroup.objects.count()) == (None, 0)
