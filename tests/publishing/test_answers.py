import pytest
from django.test import Client
from django.urls import reverse

from incidents.publishing import paths
from tests.build import NOON, make_component, make_incident, make_page

pytestmark = pytest.mark.django_db

PATHS = ["/", "/history", "/uptime", "/history.atom", "/history.rss"]


@pytest.mark.parametrize("path", PATHS)
def test_f05_an_answer_may_be_kept_by_anybody(client: Client, path: str) -> None:
    make_page()
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "public, max-age=10, s-maxage=10, stale-while-revalidate=60, stale-if-error=86400"
    assert answer["ETag"].startswith('"')
    assert not answer.cookies
    assert answer.get("Vary", "Accept") == "Accept"


@pytest.mark.parametrize("path", PATHS)
def test_a_reader_who_has_it_gets_no_body(client: Client, path: str) -> None:
    make_page()
    etag = client.get(path)["ETag"]
    answer = client.get(path, headers={"if-none-match": etag})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer["ETag"] == etag
    assert client.get(path, headers={"if-none-match": '"other"'}).status_code == 200


@pytest.mark.parametrize("path", PATHS)
def test_head_answers_without_a_body_and_writing_is_refused(client: Client, path: str) -> None:
    make_page()
    assert client.head(path).content == b""
    for method in (client.post, client.put, client.patch, client.delete):
        assert method(path).status_code == 405


def test_a_page_is_found_by_its_host_and_the_default_serves_the_rest(client: Client, settings: object) -> None:
    settings.ALLOWED_HOSTS = ["*"]  # type: ignore[attr-defined]
    make_component(make_page())
    make_component(make_page(name="Other", host="other.example"), name="Theirs")
    assert b"Theirs" in client.get("/", headers={"host": "other.example"}).content
    assert b"Theirs" in client.get("/", headers={"host": "other.example:8000"}).content
    assert b"Acme" in client.get("/", headers={"host": "unknown.example"}).content


def test_an_install_without_a_page_says_so_in_words(client: Client) -> None:
    answer = client.get("/")
    assert answer.status_code == 404
    assert b"No status page has been set up here yet." in answer.content


def test_an_address_without_anything_says_what_it_was_and_the_current_state(client: Client) -> None:
    page = make_page()
    make_component(page)
    answer = client.get("/no-such-thing?x=<script>")
    assert answer.status_code == 404
    html = answer.content.decode()
    assert "/no-such-thing" in html
    assert "All systems operational" in html
    assert "<script>" not in html


def test_addresses_in_documents_are_those_that_answer() -> None:
    assert paths.incident("x1") == reverse("incident", args=["x1"])
    assert paths.component("x1") == reverse("component", args=["x1"])
    assert paths.edits("x1", "y2") == reverse("update_edits", args=["x1", "y2"])


def test_links_carry_the_configured_address_and_not_the_sender_s(client: Client, settings: object) -> None:
    settings.ALLOWED_HOSTS = ["*"]  # type: ignore[attr-defined]
    settings.SITE_URL = "https://status.example.com"  # type: ignore[attr-defined]
    make_incident(make_page(), at=NOON)
    body = client.get("/history.atom", headers={"host": "evil.example"}).content
    assert b"https://status.example.com/incidents/" in body
    assert b"evil" not in body


@pytest.mark.parametrize("path", PATHS)
def test_writing_is_told_what_is_allowed_not_that_a_token_is_missing(path: str) -> None:
    make_page()
    client = Client(enforce_csrf_checks=True)
    for method in (client.post, client.put, client.patch, client.delete):
        answer = method(path)
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
        assert answer.content == b"This address can only be read, with GET or HEAD.\n"


@pytest.mark.parametrize("path", ["/history", "/uptime"])
def test_a_slash_at_the_end_leads_to_the_address_without(path: str) -> None:
    make_page()
    client = Client(enforce_csrf_checks=True)
    answer = client.get(f"{path}/?page=2")
    assert (answer.status_code, answer["Location"]) == (301, f"{path}?page=2")
    assert client.post(f"{path}/").status_code == 405
