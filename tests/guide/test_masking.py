"""What is taken out of a text before it is compared, shown or kept; and which words stay."""

import pytest

from incidents.guide.matching.masking import masked
from incidents.guide.matching.unwrapping import unwrapped

GONE = {
    "a header": ("Authorization: Bearer abcdefghijklmnop", "abcdefghijklmnop"),
    "a header in JSON": ('{"authorization": "Basic dXNlcjpwYXNz"}', "dXNlcjpwYXNz"),
    "a header in curl": ("curl -H 'Authorization: token abcdefgh' https://x.example", "abcdefgh"),
    "a cookie": ("Set-Cookie: sid=abc; Path=/; theme=dark", "abc"),
    "a password": ("password=swordfish", "swordfish"),
    "a password of words": ("password: correct horse battery staple", "horse"),
    "a password in JSON": ('{"passwd" : "correct horse"}', "horse"),
    "a password in prose": ("my password is swordfish", "swordfish"),
    "a password in an argument": ("curl -u ada:swordfish https://x.example", "swordfish"),
    "a password in an address": ("postgres://ada:swordfish@db.example/x", "swordfish"),
    "an encoded password": ("user=ada&password%3Dswordfish", "swordfish"),
    "an escaped password": ('{"body":"{\\"password\\":\\"swordfish\\"}"}', "swordfish"),
    "a key of letters": ("api_key=abcdefghij", "abcdefghij"),
    "a live key": ("key sk_live_51Hxq8a2eZvKYlo2C fails", "sk_live"),
    "a key of a cloud": ("AKIAIOSFODNN7EXAMPLE", "AKIA"),
    "a key of capitals": ("ABCDEFGHIJKLMNOPQRSTUVWX", "ABCDEF"),
    "a web token": ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dBjftJeZ4CVPmB92", "eyJ"),
    "a private key": ("-----BEGIN RSA PRIVATE KEY-----\nMIIEabcd\nefgh\n-----END RSA PRIVATE KEY-----\nok", "efgh"),
    "an open private key": ("-----BEGIN PRIVATE KEY-----\nabcdefgh", "abcdefgh"),
    "a mail address": ("ada.lovelace@example.com failed", "lovelace"),
    "an address": ("https://api.example.com/v1/users/ada?x=1", "ada"),
    "a host": ("api.internal.example.com refused", "internal"),
    "an IPv4 address": ("203.0.113.77 refused", "203"),
    "an IPv6 address": ("2001:db8::1 refused", "db8"),
    "a number": ("account 1234567", "1234567"),
    "a phone number": ("call +1 415 555 1234", "555"),
    "a card": ("4111 1111 1111 1111", "4111"),
    "an id": ("id 550e8400-e29b-41d4-a716-446655440000", "e29b"),
    "a path": ("/srv/ada/secret.txt", "ada"),
    "a Japanese password": ("パスワード: ひみつ", "ひみつ"),
}


@pytest.mark.parametrize("name", GONE)
def test_it_is_gone(name: str) -> None:
    text, secret = GONE[name]
    assert secret in text
    assert secret not in masked(unwrapped(text))


KEPT = (
    "This application has been disabled",
    "HTTP/1.1 403 Forbidden",
    "Re-authenticate the user and try again.",
    "Pass force_password in application/json, and/or ask IMAP/SMTP support",
    "Basic authentication is off; the Bearer token is missing",
    "You've made too many requests",
    "Zu viele Anfragen – später noch einmal versuchen",
    "アプリケーションは無効です",
)


@pytest.mark.parametrize("text", KEPT)
def test_words_stay(text: str) -> None:
    assert masked(unwrapped(text)) == text


def test_codes_of_the_guide_stay_and_other_numbers_go() -> None:
    assert masked("E1017 and E1018", known=frozenset({"e1017"})) == "E1017 and ‹id›"


def test_masking_twice_changes_nothing() -> None:
    for text, _ in GONE.values():
        once = masked(unwrapped(text))
        assert masked(once) == once
