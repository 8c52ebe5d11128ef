"""Lists of subscribers: looked at first, taken over without a mail, whoever left stays out; and out again as CSV."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from incidents.lib.clock import now
from incidents.notifications.models import Delivery
from incidents.subscriptions.choices import ConsentAct
from incidents.subscriptions.lists import taking_over
from incidents.subscriptions.lists.taking_over import look_at, take_over
from incidents.subscriptions.models import ConsentRecord, ImportState, Subscriber, SubscriberImport
from incidents.timeline.models import Component, Event, Page
from tests.build import ask, make_page, make_subscriber

UPLOAD = "/console/subscribers/import"
PROOF = "Form of our old page"


def upload(client: Client, content: bytes | str, evidence: str = PROOF) -> Any:
    octets = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile("list.csv", octets, content_type="text/csv")
    return client.post(UPLOAD, {"file": file, "evidence": evidence})


def outlook(client: Client, content: bytes | str) -> str:
    answer = upload(client, content)
    assert answer.status_code == 303, answer.content.decode()
    return str(client.get(answer.url).content.decode())


def take(client: Client, content: bytes | str) -> Any:
    address = upload(client, content).url
    return client.post(f"{address}/run")


def addresses() -> list[str]:
    return list(Subscriber.objects.active().order_by("address").values_list("address", flat=True))


def test_the_dry_run_counts_and_changes_nothing(ada: Client, page: Page) -> None:
    make_subscriber(page)
    make_subscriber(page, email="gone@example.com").leave(at=now())
    rows = ["email", "new@example.com", "sam@example.com", "gone@example.com", "NEW@example.com", "a@example", ""]
    text = outlook(ada, "\n".join(rows))
    assert (
        "<strong>1 new, 1 already there, 1 left before and stay out, 1 more than once in the file, 1 invalid</strong>;"
        " no mail will be sent." in text
    )
    assert "Line 4: gone@example.com" in text
    assert "Line 6: a@example" in text
    assert addresses() == ["sam@example.com"]


def test_taking_over_adds_what_is_new_and_sends_no_mail(ada: Client, page: Page, api: Component) -> None:
    content = f"Email;Components;Time zone\r\na@example.com;{api.name};Berlin\r\nb@example.com;;\r\n"
    answer = take(ada, content)
    assert answer.status_code == 303
    assert addresses() == ["a@example.com", "b@example.com"]
    first, second = Subscriber.objects.order_by("address")
    assert (first.follows().components, first.time_zone) == ((api,), "Europe/Berlin")
    assert second.follows().is_everything
    assert not Delivery.objects.exists()
    record = ConsentRecord.objects.get(subscriber=first)
    assert (record.act, record.by_name) == (ConsentAct.IMPORTED, "ada")
    assert record.detail == f"{PROOF} (list.csv, line 2)"
    assert Event.objects.get(kind="subscribers.imported").payload == {"title": "2 from list.csv"}
    one = SubscriberImport.objects.get()
    assert (one.state, one.text, one.added) == (ImportState.DONE, "", 2)


def test_how_many_were_added_is_said_once(ada: Client, page: Page) -> None:
    content = "email\n" + "".join(f"reader{number}@example.com\n" for number in range(1_100))
    assert "Add 1,100<" in outlook(ada, content)
    address = upload(ada, content).url
    ada.post(f"{address}/run")
    shown = ada.get(address).content.decode()
    assert shown.count("1,100 added. No mail was sent.") == 1
    assert "1100" not in shown


def test_taking_the_same_list_over_again_adds_nobody(ada: Client, page: Page) -> None:
    take(ada, "email\na@example.com\n")
    take(ada, "email\na@example.com\n")
    assert addresses() == ["a@example.com"]
    assert "0 new, 1 already there" in outlook(ada, "email\na@example.com\n")


def test_whoever_left_complained_or_was_erased_stays_out(ada: Client, page: Page) -> None:
    make_subscriber(page, email="left@example.com").leave(at=now())
    make_subscriber(page, email="angry@example.com").complain(at=now())
    make_subscriber(page, email="erased@example.com").erase(at=now())
    take(ada, "email\nleft@example.com\nANGRY@example.com\nerased@EXAMPLE.com\nnew@example.com\n")
    assert addresses() == ["new@example.com"]


def test_somebody_who_was_waiting_for_a_link_is_added(ada: Client, page: Page) -> None:

    ask(page, email="new@example.com")
    take(ada, "email\nnew@example.com\n")
    assert addresses() == ["new@example.com"]


@pytest.mark.parametrize(
    "content",
    [
        "email\nä@example.com\nb@example.com\n".encode(),
        "email\nä@example.com\nb@example.com\n".encode("utf-8-sig"),
        "email\nä@example.com\nb@example.com\n".encode("utf-16"),
        "email\nä@example.com\nb@example.com\n".encode("utf-16-le") + "c@example.com\n".encode("utf-16-le") * 30,
        "email\nä@example.com\nb@example.com\n".encode("latin-1"),
        b"email;name\n\xe4@example.com;x\nb@example.com;y\n",
        b"name\temail\nx\t\xe4@example.com\ny\tb@example.com\n",
        b'"name","email"\r"Doe, Jane","\xe4@example.com"\r"y","b@example.com"\r',
        b'"na""me","e-mail"\r\n"x\r\ny"," \xe4@example.com "\r\n,b@example.com,too,many\r\n',
    ],
    ids=["utf-8", "mark", "utf-16", "utf-16 without mark", "latin-1", "semicolon", "tab", "cr", "quotes"],
)
def test_every_usual_file_is_read(ada: Client, page: Page, content: bytes) -> None:
    take(ada, content)
    assert addresses()[-1] == "ä@example.com"
    assert "b@example.com" in addresses()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Choose a file that is not empty."),
        (b"\xef\xbb\xbf \r\n", "The file is empty."),
        (b"<!DOCTYPE html><p>Sign in", "This is a web page, not a list."),
        (b"PK\x03\x04xlsx", "This is a workbook or an archive, not a list; save it as CSV."),
        (b'email\na@example.com\n"b@example.com\n', "Line 3: a quotation mark is not closed, or stands inside a cell."),
        (b'email\n"a"b@example.com\n', "Line 2: a quotation mark is not closed, or stands inside a cell."),
        (b"email\n" + b"x" * 200_000, "Line 2: a cell is longer than any address."),
        (b"email\n\x00\x01\x02", "This is no text; save the list as CSV."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(ada: Client, page: Page, content: bytes, sentence: str) -> None:
    answer = upload(ada, content)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not SubscriberImport.objects.exists()


def test_without_word_of_consent_nothing_is_uploaded(ada: Client, page: Page) -> None:
    answer = upload(ada, "email\na@example.com\n", evidence=" ")
    assert answer.status_code == 422
    assert "without consent nobody is added" in answer.content.decode()


@pytest.mark.parametrize(
    "content",
    ["a@example.com\nb@example.com\n", "name,email,email\nx,a@example.com,b@example.com\n", "x;y\n1;a@example.com\n"],
    ids=["no header", "a name twice", "no name known"],
)
def test_a_guess_is_shown_for_a_person_to_look_at(ada: Client, page: Page, content: str) -> None:
    text = outlook(ada, content)
    assert "This is a guess; please look at it." in text
    assert '<details class="fold" open>' in text


def test_the_meaning_of_the_columns_can_be_changed(ada: Client, page: Page) -> None:
    address = upload(ada, "name,email,email\nx,a@example.com,b@example.com\n").url
    assert ada.post(address, {"has_header": "on", "address": "2"}).status_code == 303
    ada.post(f"{address}/run")
    assert addresses() == ["b@example.com"]
    other = upload(ada, "1;2\n3;4\n").url
    assert ada.post(f"{other}/run").status_code == 422
    assert ada.post(other, {"address": "99"}).status_code == 422


def test_cells_that_would_be_calculated_are_only_text(ada: Client, page: Page) -> None:
    text = outlook(ada, "email\n=cmd()|' /C calc'!A0\n@x\n+49\n'=1\n<script>\n")
    assert "5 invalid" in text
    assert "<script>" not in text.partition("<main")[2]


def test_a_run_that_was_killed_goes_on_where_it_was(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    content = "email\n" + "".join(f"reader{number}@example.com\n" for number in range(1_200))
    one = look_at(page=page, file_name="list.csv", content=content.encode(), evidence=PROOF, by="ada", at=now())
    take_over(one, at=now(), seconds=0.0)
    assert (one.state, one.position, one.added) == (ImportState.RUNNING, taking_over.AT_ONCE, 500)
    again = SubscriberImport.objects.get()
    take_over(again, at=now())
    assert (again.state, again.added) == (ImportState.DONE, 1_200)
    assert Subscriber.objects.active().count() == 1_200


def test_a_list_goes_out_and_comes_back(ada: Client, page: Page, api: Component) -> None:
    take(ada, f"email,components\na@example.com,{api.name}\nj\u00f6rg@example.com,\n")
    answer = ada.post("/console/subscribers/export", {"state": "active"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["address"], row["components"], row["state"]) for row in rows] == [
        ("a@example.com", api.full_name, "active"),
        ("jörg@example.com", "", "active"),
    ]
    assert "0 new, 2 already there" in outlook(ada, text)
    assert Event.objects.filter(kind="subscribers.exported").count() == 1
    assert ada.get("/console/subscribers/export").status_code in (404, 405)


def test_another_page_s_import_is_not_there(ada: Client, page: Page) -> None:
    other = make_page(name="Other", host="other.example.com", at=now() - timedelta(days=1))
    one = look_at(page=other, file_name="x", content=b"email\na@example.com", evidence="x", by="ada", at=now())
    address = f"/console/subscribers/imports/{one.pk}"
    assert ada.get(address).status_code == 404
    for deed in ("", "/run", "/removal"):
        assert ada.post(address + deed).status_code == 404
    assert SubscriberImport.objects.get().state == ImportState.LOOKED_AT


def test_an_uploaded_list_can_be_thrown_away(ada: Client, page: Page) -> None:
    address = upload(ada, "email\na@example.com\n").url
    assert ada.post(f"{address}/removal").status_code == 303
    assert not SubscriberImport.objects.exists()
