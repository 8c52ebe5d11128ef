"""The dialogue without a socket, byte by byte: what is said, when, and what a message came to."""

import pytest

from incidents.notifications.channels.contract import Fault, Message
from incidents.notifications.smtp.dialogue import Dialogue, Ended
from incidents.notifications.smtp.wire import Offers

ENVELOPE = b"MAIL FROM:<status@example.com>\r\nRCPT TO:<%b>\r\nDATA\r\n"
OPENED = b"250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 End with a dot\r\n"
CONTENT = b"Subject: x\r\n\r\nHello\r\n"


def message(recipient: str = "sam@example.com", content: bytes = CONTENT) -> Message:
    return Message(recipient, "status@example.com", recipient, content)


def said(dialogue: Dialogue) -> bytes:
    """Return what was said since, and forget it."""
    outgoing = bytes(dialogue.outgoing)
    dialogue.outgoing.clear()
    return outgoing


def pipelined() -> Dialogue:
    return Dialogue(Offers(pipelining=True))


def in_content(dialogue: Dialogue) -> Dialogue:
    """Bring a dialogue into the middle of a message."""
    assert dialogue.begin(message()) is None
    assert dialogue.receive(OPENED) == []
    said(dialogue)
    return dialogue


def fault_of(ended: list[Ended]) -> Fault:
    (one,) = ended
    assert one.failure is not None
    return one.failure.fault


def test_a_relay_that_pipelines_is_told_the_envelope_at_once() -> None:
    dialogue = pipelined()
    dialogue.begin(message())
    assert said(dialogue) == ENVELOPE % b"sam@example.com"
    assert not dialogue.can_begin


def test_another_relay_is_told_one_command_at_a_time() -> None:
    dialogue = Dialogue(Offers())
    dialogue.begin(message())
    for command, reply in [
        (b"MAIL FROM:<status@example.com>\r\n", b"250 Ok\r\n"),
        (b"RCPT TO:<sam@example.com>\r\n", b"250 Ok\r\n"),
        (b"DATA\r\n", b"354 Go\r\n"),
    ]:
        assert said(dialogue) == command
        assert dialogue.receive(reply) == []
    assert said(dialogue) == CONTENT + b".\r\n"
    assert dialogue.receive(b"250 2.0.0 Queued\r\n") == [Ended(message(), "250 2.0.0 Queued")]


def test_content_goes_after_354_and_not_before() -> None:
    dialogue = pipelined()
    dialogue.begin(message())
    said(dialogue)
    assert dialogue.receive(b"250 Ok\r\n250 Ok\r\n") == []
    assert said(dialogue) == b""
    dialogue.receive(b"354 Go\r\n")
    assert said(dialogue) == CONTENT + b".\r\n"


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_replies_may_come_in_pieces(size: int) -> None:
    dialogue = pipelined()
    dialogue.begin(message())
    wire = b"250-Fine\r\n250 Ok\r\n250 Ok\r\n354 Go\r\n250 Queued as 1\r\n"
    ended: list[Ended] = []
    for start in range(0, len(wire), size):
        ended += dialogue.receive(wire[start : start + size])
    assert [one.answer for one in ended] == ["250 Queued as 1"]


def test_the_next_content_waits_for_the_mark_of_the_last() -> None:
    dialogue = in_content(pipelined())
    dialogue.begin(message("ada@example.com"))
    assert said(dialogue) == ENVELOPE % b"ada@example.com"
    (ended,) = dialogue.receive(b"250 Queued\r\n" + OPENED)
    assert ended.failure is None
    assert said(dialogue) == b""
    dialogue.release()
    assert said(dialogue) == CONTENT + b".\r\n"


def test_a_mark_that_is_there_before_354_lets_the_content_go_at_once() -> None:
    dialogue = in_content(pipelined())
    dialogue.receive(b"250 Queued\r\n")
    dialogue.begin(message("ada@example.com"))
    dialogue.release()
    assert said(dialogue) == ENVELOPE % b"ada@example.com"
    dialogue.receive(OPENED)
    assert said(dialogue) == CONTENT + b".\r\n"


def test_a_refused_message_leaves_no_mark_to_wait_for() -> None:
    dialogue = in_content(pipelined())
    dialogue.begin(message("ada@example.com"))
    said(dialogue)
    assert fault_of(dialogue.receive(b"554 5.7.0 No\r\n" + OPENED)) == Fault.CONTENT
    assert said(dialogue) == CONTENT + b".\r\n"


@pytest.mark.parametrize("answer", [b"503 5.5.1 No recipients\r\n", b"554 5.5.1 No valid recipients\r\n"])
def test_a_refused_recipient_ends_the_message_and_the_next_begins_anew(answer: bytes) -> None:
    dialogue = pipelined()
    dialogue.begin(message())
    ended = dialogue.receive(b"250 Ok\r\n550 5.1.1 No such user\r\n" + answer)
    assert fault_of(ended) == Fault.RECIPIENT_PERMANENT
    said(dialogue)
    dialogue.begin(message("ada@example.com"))
    assert said(dialogue) == b"RSET\r\n" + ENVELOPE % b"ada@example.com"
    assert dialogue.receive(b"250 Reset\r\n" + OPENED) == []
    assert said(dialogue) == CONTENT + b".\r\n"


@pytest.mark.parametrize("answer", [b"250 Queued\r\n", b"554 Empty\r\n", b"451 Hm\r\n"])
def test_after_354_for_nobody_a_lone_dot_is_sent_and_never_counts_as_sent(answer: bytes) -> None:
    dialogue = pipelined()
    dialogue.begin(message())
    said(dialogue)
    assert dialogue.receive(b"250 Ok\r\n550 5.1.1 No such user\r\n354 Go\r\n") == []
    assert said(dialogue) == b".\r\n"
    assert not dialogue.can_begin
    assert fault_of(dialogue.receive(answer)) == Fault.RECIPIENT_PERMANENT
    dialogue.begin(message("ada@example.com"))
    assert said(dialogue) == ENVELOPE % b"ada@example.com"


def test_a_refused_sender_is_what_the_message_ends_by() -> None:
    dialogue = pipelined()
    dialogue.begin(message())
    ended = dialogue.receive(b"550 5.7.26 Unauthenticated\r\n503 No sender\r\n503 No sender\r\n")
    assert fault_of(ended) == Fault.SENDER


def test_one_command_at_a_time_nothing_is_said_after_a_refusal() -> None:
    dialogue = Dialogue(Offers())
    dialogue.begin(message())
    dialogue.receive(b"250 Ok\r\n")
    said(dialogue)
    assert fault_of(dialogue.receive(b"450 4.2.1 Later\r\n")) == Fault.RECIPIENT_TEMPORARY
    assert said(dialogue) == b""
    dialogue.begin(message("ada@example.com"))
    assert said(dialogue) == b"RSET\r\n"
    dialogue.receive(b"250 Ok\r\n")
    assert said(dialogue) == b"MAIL FROM:<status@example.com>\r\n"


@pytest.mark.parametrize("before", [b"", b"250 Ok\r\n", b"250 Ok\r\n250 Ok\r\n"])
def test_421_ends_the_dialogue_and_the_message_it_answered(before: bytes) -> None:
    dialogue = pipelined()
    dialogue.begin(message())
    assert fault_of(dialogue.receive(before + b"421 4.7.0 Too fast\r\n")) == Fault.QUOTA
    assert dialogue.is_over
    assert dialogue.abandoned() == []


def test_421_for_content_leaves_the_message_behind_it_untried() -> None:
    dialogue = in_content(pipelined())
    dialogue.begin(message("ada@example.com"))
    (ended,) = dialogue.receive(b"421 4.3.2 Going down\r\n")
    assert ended.message == message()
    assert dialogue.abandoned() == [message("ada@example.com")]


def test_421_unasked_ends_an_idle_dialogue_without_a_word() -> None:
    dialogue = pipelined()
    assert dialogue.receive(b"421 Timeout\r\n") == []
    assert dialogue.is_over


@pytest.mark.parametrize(
    "wire",
    [
        b"HTTP/1.1 400 Bad Request\r\n",
        b"\x00\x01\x02\x03\r\n",
        b"999 What\r\n",
        b"250-One\r\n251 Two\r\n",
        b"250" + b"x" * 5_000,
        b"250-" + b"x" * 5_000 + b"\r\n",
        b"250-more\r\n" * 100,
        b"\r\n",
    ],
)
def test_what_is_no_reply_ends_the_connection_and_nothing_counts_as_sent(wire: bytes) -> None:
    dialogue = in_content(pipelined())
    assert fault_of(dialogue.receive(wire)) == Fault.CONNECTION
    assert dialogue.is_over


def test_an_answer_before_the_command_ends_the_connection() -> None:
    dialogue = pipelined()
    assert dialogue.receive(b"250 Ok\r\n") == []
    assert dialogue.is_over


@pytest.mark.parametrize("heard", [b"", b"250 Ok\r\n", b"250 Ok\r\n250 Ok\r\n", OPENED])
def test_a_connection_that_breaks_is_no_sent_message(heard: bytes) -> None:
    dialogue = pipelined()
    dialogue.begin(message())
    dialogue.receive(heard)
    assert fault_of(dialogue.close("the relay closed the connection")) == Fault.CONNECTION
    assert dialogue.abandoned() == []


def test_a_connection_that_breaks_leaves_the_message_behind_untried() -> None:
    dialogue = in_content(pipelined())
    dialogue.begin(message("ada@example.com"))
    (ended,) = dialogue.close("broken")
    assert ended.message == message()
    assert dialogue.abandoned() == [message("ada@example.com")]


def test_a_message_nobody_wants_any_more_is_hung_up_on_after_354() -> None:
    dialogue = Dialogue(Offers(pipelining=True), may_send=lambda _message: False)
    dialogue.begin(message())
    said(dialogue)
    assert dialogue.receive(OPENED) == []
    assert said(dialogue) == b""
    assert dialogue.is_over
    assert dialogue.abandoned() == [message()]


def test_taking_leave_is_polite_only_where_nothing_is_under_way() -> None:
    idle, busy = pipelined(), in_content(pipelined())
    idle.quit()
    busy.quit()
    assert said(idle) == b"QUIT\r\n"
    assert said(busy) == b""


def test_only_what_was_handed_over_whole_and_not_answered_is_in_doubt() -> None:
    before, half, whole = pipelined(), pipelined(), pipelined()
    before.begin(message())
    half.begin(message())
    half.receive(OPENED)
    del half.outgoing[:-3]
    in_content(whole)
    doubts = [dialogue.close("the connection broke off")[0].failure for dialogue in (before, half, whole)]
    assert [one is not None and one.is_doubtful for one in doubts] == [False, False, True]


def holding(content: bytes = CONTENT) -> Dialogue:
    """Bring a dialogue to where the last dot of a message is kept back."""
    dialogue = Dialogue(Offers(pipelining=True), holds=lambda _message: True)
    assert dialogue.begin(message(content=content)) is None
    assert dialogue.receive(OPENED) == []
    return dialogue


def test_the_last_dot_goes_when_it_is_told_to() -> None:
    dialogue = holding()
    assert said(dialogue) == ENVELOPE % b"sam@example.com" + CONTENT
    assert dialogue.held is not None
    assert not dialogue.can_begin
    dialogue.finish()
    assert said(dialogue) == b".\r\n"
    (ended,) = dialogue.receive(b"250 2.0.0 Taken\r\n")
    assert (ended.failure, dialogue.held) == (None, None)


def test_without_its_last_dot_a_message_was_certainly_not_taken() -> None:
    dialogue = holding()
    said(dialogue)
    (ended,) = dialogue.close("the connection broke off")
    assert ended.failure is not None
    assert not ended.failure.is_doubtful
    assert dialogue.abandoned() == []


def test_a_relay_that_closes_before_the_last_dot_has_not_tried_it() -> None:
    dialogue = holding()
    assert dialogue.receive(b"421 4.4.2 Timed out\r\n") == []
    assert [one.recipient for one in dialogue.abandoned()] == ["sam@example.com"]


def test_no_last_dot_goes_when_nothing_may_go_any_more() -> None:
    may = [True, False]
    dialogue = Dialogue(Offers(pipelining=True), may_send=lambda _message: may.pop(0), holds=lambda _message: True)
    dialogue.begin(message())
    dialogue.receive(OPENED)
    said(dialogue)
    dialogue.finish()
    assert (said(dialogue), dialogue.is_over) == (b"", True)
    assert len(dialogue.abandoned()) == 1
