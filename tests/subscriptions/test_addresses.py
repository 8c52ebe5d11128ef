"""E-mail addresses: the table of bad input, and what is kept of good ones."""

import pytest

from incidents.subscriptions import refusals
from incidents.subscriptions.addresses import clean_address, mailbox_key, shown_address

REFUSED = [
    ("", refusals.NoAddress, "Enter your e-mail address."),
    (" \n", refusals.NoAddress, "Enter your e-mail address."),
    ("a", refusals.IncompleteAddress, "This is not a complete e-mail address, e.g. name@example.com."),
    ("@example.com", refusals.IncompleteAddress, "not a complete"),
    ("a@", refusals.IncompleteAddress, "not a complete"),
    ("a@b@c.com", refusals.IncompleteAddress, "not a complete"),
    ("a@example", refusals.IncompleteAddress, "the part after @ looks incomplete"),
    ("a@example.c", refusals.IncompleteAddress, "the part after @ looks incomplete"),
    ("a@example.123", refusals.IncompleteAddress, "the part after @ looks incomplete"),
    ("a@-example.com", refusals.IncompleteAddress, "the part after @"),
    ("a@exa_mple.com", refusals.IncompleteAddress, "the part after @"),
    ("a@example..com", refusals.IncompleteAddress, "the part after @"),
    (f"a@{'b' * 64}.com", refusals.IncompleteAddress, "the part after @"),
    (".a@example.com", refusals.IncompleteAddress, "the part before @"),
    ("a..b@example.com", refusals.IncompleteAddress, "the part before @"),
    ("a@[127.0.0.1]", refusals.AddressWithIP, "addresses with an IP are not supported"),
    ("a@127.0.0.1", refusals.AddressWithIP, "addresses with an IP are not supported"),
    ("a@[IPv6:::1]", refusals.AddressWithIP, "addresses with an IP are not supported"),
    (f"{'a' * 65}@example.com", refusals.AddressTooLong, "too long (64 characters before the @)"),
    (f"{'ä' * 40}@example.com", refusals.AddressTooLong, "too long (64 characters before the @)"),
    (f"a@{'.'.join(['b' * 60] * 5)}.com", refusals.AddressTooLong, "too long"),
    ("a@example.com\x00", refusals.InvisibleCharacter, "invisible character"),
    ("a\x00b@example.com", refusals.InvisibleCharacter, "invisible character"),
    ("a@example.com\u200b", refusals.InvisibleCharacter, "zero width space"),
    ("\u202ea@example.com", refusals.InvisibleCharacter, "right-to-left override"),
    ("a\u00adb@example.com", refusals.InvisibleCharacter, "soft hyphen"),
    ("\ud800a@example.com", refusals.InvisibleCharacter, "invisible character"),
    ('"a\\"b"@example.com', refusals.UnsupportedCharacter, "quotes or spaces"),
    ("a b@example.com", refusals.UnsupportedCharacter, "quotes or spaces"),
    ("a@example.com,b@example.com", refusals.SeveralAddresses, "One address at a time."),
    ("a@example.com;b@example.com", refusals.SeveralAddresses, "One address at a time."),
    ("Name <a@example.com>", refusals.AddressWithName, "only the address itself"),
    ("mailto:a@example.com", refusals.AddressWithName, "only the address itself"),
    ("noreply@example.com", refusals.AddressNobodyReads, "Nobody reads"),
]


@pytest.mark.parametrize(("typed", "refusal", "words"), REFUSED)
def test_a_bad_address_is_refused_in_words(typed: str, refusal: type[refusals.AddressRefused], words: str) -> None:
    with pytest.raises(refusal) as caught:
        clean_address(typed)
    assert words in caught.value.sentence
    assert caught.value.field == "email"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("sam@example.com", "sam@example.com"),
        (" sam@example.com \r\n", "sam@example.com"),
        ("Sam.O'Neil+status@EXAMPLE.com.", "Sam.O'Neil+status@example.com"),
        ("a@exämple.com", "a@xn--exmple-cua.com"),
        ("a@straße.de", "a@xn--strae-oqa.de"),
        ("admin@еxample.com", "admin@xn--xample-2of.com"),
        ("jörg@example.com", "jörg@example.com"),
        ("sam@ｅxample。com", "sam@example.com"),
        ("postmaster@example.museum", "postmaster@example.museum"),
    ],
)
def test_a_good_address_is_kept_as_it_can_be_delivered(typed: str, kept: str) -> None:
    assert clean_address(typed) == kept


def test_a_domain_is_shown_in_its_own_script() -> None:
    assert shown_address("a@xn--exmple-cua.com") == "a@exämple.com"
    assert shown_address("a@xn--\x00.com") == "a@xn--\x00.com"


def test_a_look_alike_is_a_mailbox_of_its_own() -> None:
    assert mailbox_key(clean_address("admin@еxample.com")) != mailbox_key(clean_address("admin@example.com"))


def test_letter_case_does_not_make_two_mailboxes() -> None:
    assert mailbox_key(clean_address("Sam@Example.com")) == mailbox_key(clean_address("sam@example.COM"))
