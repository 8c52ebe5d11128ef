"""A page that is not public: nothing of it lies anywhere, and who is not let in learns nothing."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from incidents.lib.clock import now
from incidents.publishing import publisher
from incidents.publishing.entering import COOKIE, QUARTER, TRIES
from incidents.publishing.follower import Follower, sweep
from incidents.publishing.library import Library
from incidents.publishing.models import Document, Publication
from incidents.publishing.showing import published_of, show
from incidents.publishing.waking import held_back
from incidents.subscriptions.feed_addresses import feed_token
from incidents.subscriptions.links import manage_path
from incidents.timeline.models import Event, Page
from incidents.timeline.refusals import UnusableAccess
from tests.build import PASSWORD, make_component, make_incident, make_outsider, make_page, make_staff, make_subscriber
from tests.periods import well_within
from tests.publishing.published import Reader

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

HTML = {"accept": "text/html,*/*;q=0.8"}
SECRET = "Orion"
"""The name of the page: it must not be told to anybody."""

WORD = "a shared password"
ADDRESSES = ("/", "/history", "/uptime", "/subscribe", "/components", "/history/search", "/no-such-address")
FILES = (
    *("/index.md", "/index.json", "/history.atom", "/history.rss", "/history.ics", "/api/v2/summary.json"),
    *("/badge.svg", "/favicon.ico", "/favicon.svg", "/robots.txt", "/sitemap.xml", "/embed/frame", "/og/x.png"),
    *("/history.json", "/uptime.csv", "/live/index", "/embed/script.js", "/no-such-address.json"),
)


@pytest.fixture
def page(library: Library) -> Page:
    page = make_page(name=SECRET, at=now() - timedelta(days=100))
    make_incident(page, at=now(), title=f"{SECRET} is down", components={make_component(page): "major_outage"})
    publisher.catch_up(page.pk, at=now())
    library.is_serving = True
    library.look_around()
    page.refresh_from_db()
    return page


@pytest.fixture
def locked(page: Page) -> Page:
    return page.restrict(access="password", password=WORD, by="ada", at=now())


def everything_under(folder: Path) -> Iterator[bytes]:
    return (file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_what_was_published_is_gone_from_rows_memory_files_and_tree_at_once(
    page: Page, library: Library, settings: Any, tmp_path: Path
) -> None:
    settings.PUBLISH_TO = tmp_path / "public"
    publisher.publish_everything(page.pk, at=now())
    list(publisher.publish_everything(page.pk, at=now()))
    make_incident(page, at=now(), title="Another")
    assert (tmp_path / "public" / "default" / "index.html").exists()
    assert SECRET.encode() in Reader(library).get("/").body
    page.restrict(access="sign_in", by="ada", at=now())
    assert Reader(library).get("/").body == b"behind"
    assert not Document.objects.filter(page=page).exists()
    assert [one for one in everything_under(tmp_path) if SECRET.encode() in one] == []
    assert not (tmp_path / "public" / "default").exists()


def test_another_node_takes_it_back_when_it_next_looks(page: Page, library: Library, tmp_path: Path) -> None:
    node = Library(tmp_path / "node")
    node.is_serving = True
    Follower(node).look_at_database()
    node.look_around()
    assert SECRET.encode() in Reader(node).get("/").body
    page.restrict(access="sign_in", by="ada", at=now())
    Follower(node).look_at_database()
    assert Reader(node).get("/").body == b"behind"
    assert [one for one in everything_under(tmp_path / "node") if SECRET.encode() in one] == []


def test_another_process_of_this_machine_takes_it_back_from_the_disk_alone(page: Page, library: Library) -> None:
    other = Library(library.folder)
    other.look_around()
    assert SECRET.encode() in Reader(other).get("/").body
    page.restrict(access="sign_in", by="ada", at=now())
    other.look_around()
    assert Reader(other).get("/").body == b"behind"


def test_who_was_making_documents_meanwhile_brings_nothing_back(page: Page, library: Library) -> None:
    row = Publication.objects.select_related("page").get(page=page)
    late = [published_of(one) for one in Document.objects.filter(page=page)]
    standing = library.store_of(page.code).pointer()
    assert standing is not None
    page.restrict(access="sign_in", by="ada", at=now())
    show(late, standing, library, since=0)
    library.look_around()
    assert Reader(library).get("/").body == b"behind"
    assert [one for one in everything_under(library.folder) if SECRET.encode() in one] == []
    assert Publication.objects.get(page=page).generation > row.generation


def test_nothing_that_happens_later_is_published(locked: Page, library: Library) -> None:
    make_incident(locked, at=now(), title="Later")
    with held_back():
        make_incident(locked, at=now(), title="Later still")
    sweep()
    list(publisher.publish_everything(locked.pk, at=now()))
    assert not Document.objects.filter(page=locked).exists()
    assert publisher.pages_behind() == []
    assert [one for one in everything_under(library.folder) if b"Later" in one] == []


def test_a_page_made_public_again_is_published_whole(locked: Page, library: Library) -> None:
    locked.restrict(access="public", by="ada", at=now())
    sweep()
    library.look_around()
    assert SECRET.encode() in Reader(library).get("/").body
    assert SECRET.encode() in Reader(library).get("/history").body


def test_its_host_never_shows_the_default_page(library: Library) -> None:
    for name, host in (("Default", ""), (SECRET, "private.example")):
        one = make_page(name=name, host=host, at=now() - timedelta(days=9))
        publisher.catch_up(one.pk, at=now())
    library.is_serving = True
    library.look_around()
    private = Page.objects.get(name=SECRET)
    private.restrict(access="sign_in", by="ada", at=now())
    library.look_around()
    assert Reader(library).get("/", host="private.example").body == b"behind"
    private.edit(host="moved.example", by="ada", at=now())
    library.look_around()
    assert Reader(library).get("/", host="moved.example").body == b"behind"
    assert b"Default" in Reader(library).get("/").body


@pytest.mark.parametrize("access", ["sign_in", "password", "addresses"])
def test_f05_strangers_learn_nothing_at_any_address(page: Page, client: Client, access: str) -> None:
    page.restrict(access=access, password=WORD, address_ranges=["192.0.2.0/24"], by="ada", at=now())
    answers = [client.get(path, headers=HTML) for path in ADDRESSES] + [client.get(path) for path in FILES]
    for answer in answers:
        assert answer.status_code == 403
        assert SECRET.encode() not in answer.content
        assert b"outage" not in answer.content.lower()
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["X-Robots-Tag"] == "noindex"
        assert "ETag" not in answer
        assert "Access-Control-Allow-Origin" not in answer
    pages = {answer.content.partition(b"<form")[0] for answer in answers[: len(ADDRESSES)]}
    assert len(pages) == 1
    assert b"<title>Private page</title>" in pages.pop()
    assert len({answer.content for answer in answers[len(ADDRESSES) :]}) == 1


def test_other_methods_learn_nothing_either(locked: Page, client: Client) -> None:
    for method in (client.post, client.put, client.delete, client.options, client.head):
        answer = method("/")
        assert answer.status_code == 403
        assert SECRET.encode() not in answer.content


def test_who_knows_the_password_reads_everything_and_no_cache_keeps_it(locked: Page, client: Client) -> None:
    answer = client.post("/enter", {"password": WORD, "next": "/history"})
    assert (answer.status_code, answer["Location"]) == (303, "/history")
    cookie = answer.cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    for path in ("/", "/history", "/index.json", "/history.atom", "/badge.svg"):
        read = client.get(path)
        assert read.status_code == 200
        assert read["Cache-Control"] == "private, no-store"
        assert "ETag" not in read
        assert "Access-Control-Allow-Origin" not in read
    assert SECRET.encode() in client.get("/").content
    assert b'<meta name="robots" content="noindex">' in client.get("/").content


def test_a_wrong_password_is_refused_and_gives_nothing(locked: Page, client: Client) -> None:
    for wrong in ("", "wrong", WORD.upper(), "x" * 100_000):
        answer = client.post("/enter", {"password": wrong}, headers=HTML)
        assert answer.status_code == 403
        assert COOKIE not in answer.cookies
        assert b"That is not the password." in answer.content
    assert client.get("/").status_code == 403


def test_a_changed_password_takes_every_pass_back(locked: Page, client: Client) -> None:
    client.post("/enter", {"password": WORD})
    assert client.get("/").status_code == 200
    locked.restrict(access="password", password="another password", by="ada", at=now())
    assert client.get("/").status_code == 403


def test_a_pass_of_one_page_opens_no_other_and_a_forged_one_none(locked: Page, client: Client) -> None:
    other = make_page(name="Other", host="other.example", at=now())
    other.restrict(access="password", password=WORD, by="ada", at=now())
    client.post("/enter", {"password": WORD})
    assert client.get("/", headers={"host": "other.example"}).status_code == 403
    client.cookies[COOKIE] = "forged:by:me"
    assert client.get("/").status_code == 403


def test_who_guesses_is_stopped_and_told_when_to_come_again(locked: Page, client: Client) -> None:
    well_within(QUARTER)
    for _ in range(TRIES):
        assert client.post("/enter", {"password": "wrong"}).status_code == 403
    stopped = client.post("/enter", {"password": WORD})
    assert stopped.status_code == 429
    assert int(stopped["Retry-After"]) > 0
    assert COOKIE not in stopped.cookies
    elsewhere = client.post("/enter", {"password": WORD}, REMOTE_ADDR="198.51.100.9")
    assert elsewhere.status_code == 303


def test_a_form_sent_from_elsewhere_lets_nobody_in_and_tells_nothing(locked: Page) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/enter", {"password": WORD}, headers={"origin": "https://evil.example", **HTML})
    assert answer.status_code == 403
    assert COOKIE not in answer.cookies
    assert SECRET.encode() not in answer.content


def test_nobody_is_led_to_another_site(locked: Page, client: Client) -> None:
    for bad in (
        "https://evil.example/",
        "//evil.example",
        "javascript:alert(1)",
        "\\\\evil.example",
        "/\\evil.example",
    ):
        assert client.post("/enter", {"password": WORD, "next": bad})["Location"] == "/"


def test_with_sign_in_any_account_reads_and_a_wrong_word_does_not(page: Page, client: Client) -> None:
    page.restrict(access="sign_in", by="ada", at=now())
    eve = make_outsider()
    wrong = client.post("/enter", {"username": eve.username, "password": "wrong"}, headers=HTML)
    assert wrong.status_code == 403
    assert b"That did not work." in wrong.content
    assert client.post("/enter", {"username": "e\x00", "password": PASSWORD}, headers=HTML).status_code == 403
    let_in = client.post("/enter", {"username": eve.username, "password": PASSWORD, "next": "/uptime"})
    assert (let_in.status_code, let_in["Location"]) == (303, "/uptime")
    assert SECRET.encode() in client.get("/").content
    eve.is_active = False
    eve.save()
    assert client.get("/").status_code == 403


def test_the_door_of_a_page_compares_as_that_of_the_console_does(page: Page, client: Client) -> None:
    page.restrict(access="sign_in", by="ada", at=now())
    eve = make_outsider()
    eve.email = "Eve@example.com"
    eve.set_password("schönes Wetter")
    eve.save()
    decomposed = "scho\u0308nes Wetter"
    assert client.post("/enter", {"username": eve.username, "password": "x" * 5_000}, headers=HTML).status_code == 403
    assert client.post("/enter", {"username": "eve@EXAMPLE.com", "password": decomposed}).status_code == 303


def test_an_account_opens_no_page_with_a_password_unless_it_is_staff(locked: Page, client: Client) -> None:
    client.force_login(make_outsider())
    assert client.get("/").status_code == 403
    client.force_login(make_staff())
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    ("address", "forwarded", "status"),
    [
        ("192.0.2.77", "", 200),
        ("192.0.3.1", "", 403),
        ("2001:db8::5", "", 200),
        ("::ffff:192.0.2.1", "", 200),
        ("nonsense", "", 403),
        # Nobody in front is trusted: what a client says about itself is worth nothing.
        ("198.51.100.1", "192.0.2.77", 403),
    ],
)
def test_by_network_the_connection_counts(
    page: Page, client: Client, address: str, forwarded: str, status: int
) -> None:
    page.restrict(access="addresses", address_ranges=["192.0.2.0/24", "2001:db8::/32"], by="ada", at=now())
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    assert client.get("/", REMOTE_ADDR=address, headers=headers).status_code == status


def test_behind_trusted_proxies_the_address_they_saw_counts(page: Page, client: Client, settings: Any) -> None:
    page.restrict(access="addresses", address_ranges=["192.0.2.0/24"], by="ada", at=now())
    settings.TRUSTED_PROXY_COUNT = 1
    made_up = {"x-forwarded-for": "192.0.2.77, 198.51.100.1"}
    assert client.get("/", REMOTE_ADDR="127.0.0.1", headers=made_up).status_code == 403
    assert client.get("/", REMOTE_ADDR="127.0.0.1", headers={"x-forwarded-for": "192.0.2.77"}).status_code == 200


def test_programs_follow_by_a_secret_address_until_it_is_renewed(locked: Page, client: Client) -> None:
    token = feed_token(locked)
    for kind, content_type in (
        ("atom", "application/atom+xml"),
        ("rss", "application/rss+xml"),
        ("ics", "text/calendar"),
    ):
        answer = client.get(f"/private/{token}/history.{kind}")
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith(content_type)
        assert answer["Cache-Control"] == "private, no-store"
    locked.renew_feed_secret(by="ada", at=now())
    assert client.get(f"/private/{token}/history.atom").status_code == 404
    for bad in (f"/private/{'0' * 40}/history.atom", f"/private/{feed_token(locked)}/history.exe"):
        answer = client.get(bad)
        assert answer.status_code == 404
        assert SECRET.encode() not in answer.content
    locked.restrict(access="public", by="ada", at=now())
    assert client.get(f"/private/{feed_token(locked)}/history.atom").status_code == 404


def test_the_form_to_subscribe_names_the_secret_addresses(locked: Page, client: Client) -> None:
    client.post("/enter", {"password": WORD})
    html = client.get("/subscribe").content.decode()
    for kind in ("atom", "rss", "ics"):
        assert f"/private/{feed_token(locked)}/history.{kind}" in html


def test_links_of_mails_still_work_and_wrong_ones_tell_nothing(locked: Page, client: Client) -> None:
    subscriber = make_subscriber(locked, at=now())
    assert client.get(manage_path(subscriber)).status_code == 200
    for path in ("/subscription/wrong", "/unsubscribe/wrong", "/subscribe/confirm/wrong"):
        answer = client.get(path, headers=HTML)
        assert answer.status_code == 403
        assert SECRET.encode() not in answer.content


def test_an_export_is_refused_in_words(locked: Page, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="not public"):
        call_command("publish", "--to", str(tmp_path / "tree"))
    assert not (tmp_path / "tree").exists()


@pytest.mark.parametrize(
    "bad",
    [
        {"access": "password", "password": "short"},
        {"access": "password"},
        {"access": "addresses"},
        {"access": "addresses", "address_ranges": ["10.0.0.1/8"]},
        {"access": "addresses", "address_ranges": ["0.0.0.0/0"]},
        {"access": "addresses", "address_ranges": ["example.com"]},
    ],
)
def test_what_would_let_in_nobody_or_everybody_changes_nothing(page: Page, bad: dict[str, Any]) -> None:
    before = Event.objects.count()
    with pytest.raises(UnusableAccess):
        page.restrict(by="ada", at=now(), **bad)
    page.refresh_from_db()
    assert page.access == "public"
    assert Event.objects.count() == before


def test_the_password_is_kept_nowhere_as_typed(locked: Page) -> None:
    assert WORD not in locked.password_hash
    assert not [one for one in Event.objects.all() if WORD in str(one.payload)]
