"""Messages as they travel: the right bytes, or a refusal in words."""

import pytest

from incidents.notifications.channels.contract import Fault, Message, SendFailure
from incidents.notifications.smtp.wire import Offers, content, envelope


def message(recipient: str = "sam@example.com", body: bytes = b"x\r\n") -> Message:
    return Message("1", "status@example.com", recipient, body)


@pytest.mark.parametrize(
    ("body", "wire"),
    [
        (b"one\r\ntwo\r\n", b"one\r\ntwo\r\n.\r\n"),
        (b"one\ntwo", b"one\r\ntwo\r\n.\r\n"),
        (b"one\rtwo\r\n", b"one\r\ntwo\r\n.\r\n"),
        (b".\r\n", b"..\r\n.\r\n"),
        (b"a\r\n.\r\n.b\r\n..c\r\n", b"a\r\n..\r\n..b\r\n...c\r\n.\r\n"),
        (b"a\n.\nRSET\n", b"a\r\n..\r\nRSET\r\n.\r\n"),
        (b"", b"\r\n.\r\n"),
    ],
)
def test_lines_end_in_crlf_and_dots_at_their_start_are_doubled(body: bytes, wire: bytes) -> None:
    assert content(message(body=body)) == wire


@pytest.mark.parametrize("length", [998, 999, 5_000])
@pytest.mark.parametrize("place", [0, 1, 20, 300])
def test_a_line_no_relay_must_take_is_refused_in_words(length: int, place: int) -> None:
    body = b"short\r\n" * place + b"x" * length + b"\r\n" + b"short\r\n" * 3
    if length <= 998:
        content(message(body=body))
        return
    with pytest.raises(SendFailure) as refused:
        content(message(body=body))
    assert refused.value.fault == Fault.CONTENT


def test_an_ascii_envelope_asks_for_nothing() -> None:
    wire = envelope(message(), Offers(smtputf8=True, eight_bit=True))
    assert wire == (b"MAIL FROM:<status@example.com>\r\n", b"RCPT TO:<sam@example.com>\r\n")


def test_letters_before_the_at_travel_as_utf_8_where_the_relay_can() -> None:
    mail, recipient = envelope(message("jörg@exämple.com"), Offers(smtputf8=True))
    assert mail == b"MAIL FROM:<status@example.com> BODY=8BITMIME SMTPUTF8\r\n"
    assert recipient == "RCPT TO:<jörg@xn--exmple-cua.com>\r\n".encode()


def test_letters_before_the_at_are_refused_in_words_where_it_cannot() -> None:
    with pytest.raises(SendFailure) as refused:
        envelope(message("jörg@example.com"), Offers())
    assert refused.value.fault == Fault.UNSUPPORTED
    assert "SMTPUTF8" in refused.value.sentence


def test_letters_behind_the_at_need_nothing_of_the_relay() -> None:
    _mail, recipient = envelope(message("sam@exämple.com"), Offers())
    assert recipient == b"RCPT TO:<sam@xn--exmple-cua.com>\r\n"


@pytest.mark.parametrize(
    "recipient", ["a@b.com>\r\nDATA\r\n", "a@b.com\nRSET", "a b@example.com", "a@b.com> NOTIFY=NEVER", "a@b\x00.com"]
)
def test_nothing_can_be_slipped_into_the_envelope(recipient: str) -> None:
    with pytest.raises(SendFailure):
        envelope(message(recipient), Offers(smtputf8=True))


def test_a_message_beyond_the_relay_s_size_is_refused_before_it_is_begun() -> None:
    with pytest.raises(SendFailure) as refused:
        envelope(message(body=b"x" * 2_000), Offers(size=1_000))
    assert refused.value.fault == Fault.CONTENT
