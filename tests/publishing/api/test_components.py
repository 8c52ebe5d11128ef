import pytest

from tests.build import NOON, make_component, make_group, make_page, minutes
from tests.publishing.api.reading import COMPONENT, document

pytestmark = pytest.mark.django_db


def test_every_component_has_the_thirteen_keys_in_their_order() -> None:
    page = make_page()
    make_component(page, description="Requests of programs", only_show_if_degraded=True)
    (told,) = document(page, "api_components")["components"]
    assert list(told) == COMPONENT
    assert told["description"] == "Requests of programs"
    assert told["only_show_if_degraded"] is True
    assert told["start_date"] == "2026-08-13"
    assert (told["group"], told["group_id"], told["page_id"]) == (False, None, page.code)


def test_what_is_not_said_is_null() -> None:
    page = make_page()
    make_component(page)
    assert document(page, "api_components")["components"][0]["description"] is None


def test_a_group_stands_in_the_same_list_with_its_children_and_their_worst_state() -> None:
    page = make_page()
    dns = make_component(page, name="DNS")
    group = make_group(page, name="Core")
    api = make_component(page, group=group)
    web = make_component(page, name="Web", group=group)
    web.set_status("partial_outage", by="test", at=NOON)
    told = document(page, "api_components")["components"]
    assert [one["name"] for one in told] == ["DNS", "Core", "API", "Web"]
    core = told[1]
    assert list(core) == [*COMPONENT, "components"]
    assert core["components"] == [api.code, web.code]
    assert (core["group"], core["status"], core["showcase"]) == (True, "partial_outage", False)
    assert all("components" not in one for one in told if not one["group"])
    assert [one["group_id"] for one in told] == [None, None, group.code, group.code]
    assert dns.code == told[0]["id"]


def test_a_group_of_which_readers_see_nothing_is_left_out() -> None:
    page = make_page()
    make_component(page, name="Vault", group=make_group(page, name="Secret things"), visibility="staff")
    make_component(page, name="Old").archive(by="test", at=NOON + minutes(1))
    assert document(page, "api_components")["components"] == []
