"""What the doctor says of the sender's domain, asked of a name server of its own."""

from collections.abc import Iterator
from typing import Any

import pytest

from incidents.notifications.doctor.domain import examine_domain
from incidents.notifications.doctor.findings import Finding, Health
from incidents.notifications.doctor.records import Records
from tests.servers.zone import Names, running_names

SPF, DKIM, DMARC = "v=spf1 include:relay.example.net -all", f"v=DKIM1; k=rsa; p={'A' * 400}", "v=DMARC1; p=reject"


@pytest.fixture
def names(settings: Any) -> Iterator[Names]:
    settings.MAIL_IS_KEPT = False
    settings.MAIL_FROM = "Acme <status@status.example.com>"
    settings.BOUNCE_ADDRESS = "bounces@status.example.com"
    settings.DKIM_SELECTORS = ["s1"]
    with running_names() as running:
        running.text("status.example.com", "unrelated", SPF)
        running.text("s1._domainkey.status.example.com", DKIM)
        running.text("_dmarc.status.example.com", DMARC)
        running.known["status.example.com", "MX"] = ["20 second.example.com.", "10 mail.example.com."]
        yield running


def findings(names: Names) -> dict[str, Finding]:
    return {finding.subject: finding for finding in examine_domain(Records(names.resolver()))}


def test_a_domain_in_order_gives_nothing_to_do(names: Names) -> None:
    found = findings(names)
    assert set(found) == {"SPF", "DKIM", "DMARC", "Answers", "Bounces"}
    assert {finding.health for finding in found.values()} == {Health.GOOD}
    assert SPF in found["SPF"].sentence
    assert "mail.example.com" in found["Bounces"].sentence
    assert not any(finding.advice for finding in found.values())


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ([], "no SPF record"),
        ([SPF, "v=spf1 -all"], "2 SPF records"),
        (["v=spf1 +all"], "everybody"),
        (["v=spf1 all"], "everybody"),
        (["v=spf1 " + "include:x.example " * 11 + "-all"], "11 look-ups"),
    ],
)
def test_a_sender_policy_that_does_not_hold_is_named(names: Names, texts: list[str], words: str) -> None:
    names.text("status.example.com", "unrelated", *texts)
    spf = findings(names)["SPF"]
    assert spf.health == Health.BAD
    assert words in spf.sentence
    assert spf.advice


@pytest.mark.parametrize(
    ("text", "health", "words"),
    [
        ("v=DKIM1; p=", Health.BAD, "revoked"),
        ("v=DKIM1; t=y; p=AAAA", Health.DOUBTFUL, "test"),
        ("nothing of the kind", Health.BAD, "no key"),
    ],
)
def test_a_key_that_does_not_serve_is_named(names: Names, text: str, health: Health, words: str) -> None:
    names.text("s1._domainkey.status.example.com", text)
    dkim = findings(names)["DKIM"]
    assert dkim.health == health
    assert words in dkim.sentence


def test_a_policy_of_the_organisation_counts_for_what_is_below(names: Names) -> None:
    del names.known["_dmarc.status.example.com", "TXT"]
    names.text("_dmarc.example.com", DMARC)
    assert findings(names)["DMARC"].sentence == f"_dmarc.example.com says: {DMARC}"


def test_no_policy_at_all_is_named(names: Names) -> None:
    del names.known["_dmarc.status.example.com", "TXT"]
    assert findings(names)["DMARC"].health == Health.BAD


@pytest.mark.parametrize(
    ("policy", "bounces", "agrees"),
    [
        (DMARC, "bounces@mail.status.example.com", True),
        (f"{DMARC}; aspf=s", "bounces@mail.status.example.com", False),
        (DMARC, "bounces@example.net", False),
        (DMARC, "bounces@evilstatus.example.com", False),
    ],
)
def test_a_return_path_that_does_not_agree_with_the_sender_is_named(
    names: Names, settings: Any, policy: str, bounces: str, agrees: bool
) -> None:
    settings.BOUNCE_ADDRESS = bounces
    names.text("_dmarc.status.example.com", policy)
    assert (findings(names)["DMARC"].health == Health.GOOD) is agrees


def test_bounces_to_a_domain_that_takes_no_mail_are_named(names: Names) -> None:
    names.known["status.example.com", "MX"] = ["0 ."]
    found = findings(names)
    assert "null MX" in found["Bounces"].sentence
    assert found["Answers"].health == Health.DOUBTFUL


def test_a_server_that_says_nothing_is_not_taken_for_no_record(names: Names, monkeypatch: Any) -> None:
    names.known["_dmarc.status.example.com", "TXT"] = ["not quoted"]
    names.known["status.example.com", "TXT"] = None
    resolver = names.resolver()
    resolver.timeout = 0.2
    resolver.retry_servfail = False
    found = {finding.subject: finding for finding in examine_domain(Records(resolver))}
    assert found["SPF"].health == Health.NOT_EXAMINED
    assert "could not be looked up" in found["SPF"].sentence


def test_a_name_of_this_machine_is_not_looked_up(settings: Any, names: Names) -> None:
    settings.MAIL_FROM = "status@localhost"
    settings.BOUNCE_ADDRESS = ""
    names.port = 1
    (only,) = findings(names).values()
    assert only.health == Health.NOT_EXAMINED


@pytest.mark.parametrize("place", ["127.0.0.1", "[192.0.2.7]", "[IPv6:2001:db8::7]"])
def test_an_address_of_a_machine_is_named_and_not_looked_up(settings: Any, names: Names, place: str) -> None:
    settings.MAIL_FROM = f"status@{place}"
    settings.BOUNCE_ADDRESS = ""
    names.port = 1
    (only,) = findings(names).values()
    assert only.health == Health.DOUBTFUL
    assert "not at a domain" in only.sentence
