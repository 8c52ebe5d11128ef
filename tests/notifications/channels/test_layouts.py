"""What chats show: everything a reader needs, within the product's limits, and nothing a text could do to it."""

import json
import re
from typing import Any
from urllib.parse import parse_qs

import pytest

from incidents.notifications.channels import discord, google_chat, mattermost, slack, sms, teams, telegram
from incidents.notifications.channels.catalogue import HOOKS
from incidents.notifications.channels.hook import Request
from incidents.notifications.notes import Note, cut, in_paragraphs, utf16
from tests.notifications.channels.contract_suite import note, parcel_for

CHATS = [channel for channel in HOOKS if channel != "webhook"]

HOSTILE = (
    "@everyone @here @channel @all @ada <!everyone> <!channel> <@U123> <users/all> <@&1> <#C1> <at>Ada</at> "
    "](https://evil.example) [x](javascript:alert(1)) *bold* _it_ ~no~ `code` ```\n# head\n> quote\n- item\n1. one\n"
    "||spoiler|| :smile: <script>alert(1)</script> &amp; <b>bold</b> <a href='https://evil.example'>x</a> \\ \u202e"
)
LONG = "Ärger mit dem Netz. 網路故障 🌑 " * 700


def request_for(channel: str, words: Note, settings: Any) -> Request:
    settings.TELEGRAM_BOT_TOKEN, settings.SMS_ACCOUNT, settings.SMS_FROM = "123:token", "ACaccount", "+15550100"
    return HOOKS[channel].compose(parcel_for(channel, "https://hooks.example.com", words))


def strings_in(value: Any) -> list[str]:
    """Return every text of a document."""
    if isinstance(value, dict):
        return [text for one in value.values() for text in strings_in(one)]
    if isinstance(value, list):
        return [text for one in value for text in strings_in(one)]
    return [value] if isinstance(value, str) else []


def text_of(request: Request) -> str:
    """Return all a reader may see of a request."""
    body = request.body.decode()
    if body.startswith("{"):
        return "\n".join(strings_in(json.loads(body)))
    return parse_qs(body)["Body"][0]


@pytest.mark.parametrize("channel", CHATS)
def test_a_message_says_page_state_title_text_and_where_to_read_on(channel: str, settings: Any) -> None:
    text = text_of(request_for(channel, note(), settings)).replace("\\", "").replace("\u200b", "")
    for part in ("Acme", "Partial outage", "Elevated error rates on the API", "Some requests fail"):
        assert part in text
    assert "https://status.example.com/incidents/b1c2d3" in text


@pytest.mark.parametrize("channel", [channel for channel in CHATS if channel != "sms"])
def test_a_message_says_what_is_affected_when_more_comes_and_the_way_out(channel: str, settings: Any) -> None:
    text = text_of(request_for(channel, note(), settings)).replace("\\", "")
    for part in (
        "Affected",
        "Core (API)",
        "Next update by",
        "13:00 UTC",
        "https://status.example.com/subscription/abc",
    ):
        assert part in text


@pytest.mark.parametrize("channel", CHATS)
def test_letters_of_any_script_arrive(channel: str, settings: Any) -> None:
    text = text_of(request_for(channel, note(text="Störung 網路 🌑 ﷽", title="Ausfall – “API”"), settings))
    assert "Störung 網路 🌑 ﷽" in text


SIZES = {"slack": 16_000, "teams": 28_000, "discord": 8_000, "google_chat": 32_000, "mattermost": 16_383 * 2}


@pytest.mark.parametrize("channel", CHATS)
def test_twenty_thousand_characters_are_cut_to_the_products_limits(channel: str, settings: Any) -> None:
    facts = tuple((f"Fact {number}", "very long " * 300) for number in range(6))
    words = note(text=LONG[:20_000], title="T" * 255, facts=facts, page_name="P" * 255)
    request = request_for(channel, words, settings)
    assert len(request.body) <= SIZES.get(channel, 28_000)
    assert "https://status.example.com/incidents/b1c2d3" in text_of(request)


@pytest.mark.parametrize("channel", CHATS)
def test_hostile_texts_of_any_length_stay_within_the_limits(channel: str, settings: Any) -> None:
    words = note(
        text=HOSTILE * 50, title=(HOSTILE * 3)[:255].replace("\n", " "), facts=(("Affected", HOSTILE * 9),) * 6
    )
    request = request_for(channel, words, settings)
    assert len(request.body) <= SIZES.get(channel, 28_000)
    request.body.decode()


def hostile(**fields: Any) -> Note:
    facts = (("Affected", HOSTILE),)
    return note(**{"text": HOSTILE, "title": HOSTILE.replace("\n", " "), "headline": HOSTILE, "facts": facts, **fields})


def test_slack_reads_no_mention_and_no_markup(settings: Any) -> None:
    document = json.loads(request_for("slack", hostile(), settings).body)
    (attachment,) = document["attachments"]
    assert attachment["color"] == "#c15d11"
    assert "<!everyone>" not in attachment["fallback"]
    for block in attachment["blocks"]:
        for element in [block.get("text"), *block.get("fields", []), *block.get("elements", [])]:
            if element is None or element["type"] == "plain_text":
                continue
            # Markup is read here: links of our own and nothing of the text's.
            assert re.fullmatch(r"<https://[^<>|]+\|[^<>|]+>( · <https://[^<>|]+\|[^<>|]+>)*", element["text"])
    header, *_ = attachment["blocks"]
    assert (header["type"], len(header["text"]["text"]) <= slack.HEADER_LIMIT) == ("header", True)


def test_slack_escapes_the_three_signs() -> None:
    assert slack.escaped("<!channel> & co") == "&lt;!channel&gt; &amp; co"


def test_teams_reads_no_markdown_and_no_mention(settings: Any) -> None:
    document = json.loads(request_for("teams", hostile(), settings).body)
    card = document["attachments"][0]["content"]
    assert document["type"] == "message"
    assert document["attachments"][0]["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert card["msteams"] == {"width": "Full"}
    head, *rest = card["body"]
    assert head["style"] == "warning"
    assert {block["type"] for block in [*head["items"], *rest]} == {"RichTextBlock"}
    assert all(run["type"] == "TextRun" for block in [*head["items"], *rest] for run in block["inlines"])
    assert [action["type"] for action in card["actions"]] == ["Action.OpenUrl"] * 2


def test_discord_pings_nobody_and_shows_signs_as_they_are(settings: Any) -> None:
    document = json.loads(request_for("discord", hostile(), settings).body)
    assert document["allowed_mentions"] == {"parse": []}
    assert "content" not in document
    (embed,) = document["embeds"]
    assert embed["color"] == 0xC15D11
    bare = re.sub(
        r"\\.", "", embed["description"].removesuffix("[Manage or unsubscribe](" + hostile().manage_url + ")")
    )
    assert not re.search(r"[_~`|<>\[\]#@]", bare.replace("**", ""))
    total = [embed["title"], embed["description"], embed["author"]["name"]]
    total += [text for field in embed["fields"] for text in (field["name"], field["value"])]
    assert sum(len(text) for text in total) <= 6_000
    assert len(embed["title"]) <= discord.TITLE_LIMIT


def test_google_chat_reads_tags_of_ours_alone(settings: Any) -> None:
    document = json.loads(request_for("google_chat", hostile(), settings).body)
    assert "text" not in document
    widgets = document["cardsV2"][0]["card"]["sections"][0]["widgets"]
    texts = [widget["textParagraph"]["text"] for widget in widgets if "textParagraph" in widget]
    tags = {tag for text in texts for tag in re.findall(r"<[^>]*>", text)}
    assert tags <= {"<b>", "</b>", '<font color="#c15d11">', "</font>", "<br>"}
    assert google_chat.TEXT_BYTES < 32_000


def test_mattermost_mentions_nobody(settings: Any) -> None:
    document = json.loads(request_for("mattermost", hostile(), settings).body)
    assert "text" not in document
    (attachment,) = document["attachments"]
    assert attachment["color"] == "#c15d11"
    assert not re.search(r"@\w", "\n".join(strings_in(document)).replace(attachment["title_link"], ""))
    assert len(attachment["text"]) < 16_383


def test_mattermost_shows_signs_as_they_are() -> None:
    assert mattermost.escaped("*a* [b](c)\n- d") == "\\*a\\* \\[b\\]\\(c\\)\n\\- d"


def test_mattermost_gets_no_backslash_that_it_would_show(settings: Any) -> None:
    # github.com/mattermost/marked, lib/marked.js, inline.escape
    known = r"\\(?:[`*{}\[\]()#+\-.!_>|~]|\\(?!\w))"
    text = "By 04:37 PST: a<b, :smile: :)\n1. first\n12. twelfth\n=====\n+ plus"
    assert "\\" not in re.sub(known, "", mattermost.escaped(text))
    assert mattermost.escaped("By 04:37 PST: https://example.com") == "By 04:37 PST: https://example.com"
    assert not re.search(r":[a-z)]|<[a-z]", mattermost.escaped(text))
    document = json.loads(request_for("mattermost", hostile(), settings).body)
    assert "\\" not in document["attachments"][0]["fallback"]


def test_discord_gets_no_backslash_before_a_figure() -> None:
    assert discord.escaped("1. first\n- second") == "1\\. first\n\\- second"


def test_telegram_reads_tags_of_ours_alone_and_mentions_nobody(settings: Any) -> None:
    document = json.loads(request_for("telegram", hostile(), settings).body)
    assert document["parse_mode"] == "HTML"
    tags = set(re.findall(r"<(/?[a-z]+)", document["text"]))
    assert tags <= {"b", "/b", "a", "/a"}
    assert not re.search(r"@\w", document["text"])
    assert "evil.example" not in "".join(re.findall(r'href="([^"]+)"', document["text"]))
    assert telegram.TEXT_UNITS < 4_096


def test_telegram_counts_as_telegram_does(settings: Any) -> None:
    words = note(text="🌑" * 20_000, title="🌑" * 255, facts=(("Affected", "🌑" * 999),) * 6)
    text = json.loads(request_for("telegram", words, settings).body)["text"]
    assert utf16(re.sub(r"<[^>]+>", "", text)) <= 4_096


@pytest.mark.parametrize("text", ["short", "word " * 900, "Störung " * 900, "網路故障 " * 900, "{[€]}" * 900])
def test_an_sms_has_three_parts_at_most_and_its_whole_link(text: str) -> None:
    written = sms.text_of(note(text=text))
    assert sms.parts_of(written) <= sms.PARTS
    assert written.endswith(" https://status.example.com/incidents/b1c2d3")


def test_an_sms_in_plain_letters_stays_in_the_cheap_alphabet() -> None:
    written = sms.text_of(note(text="“Quoted” – and … ‘so’ on", headline="Investigating → Identified"))
    assert "Identified" in written
    assert sms.parts_of(written) <= 2
    assert set(written) <= sms._GSM | sms._GSM_TWICE


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("x" * 160, 1),
        ("x" * 161, 2),
        ("x" * 306, 2),
        ("x" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("網" * 70, 1),
        ("網" * 71, 2),
    ],
)
def test_parts_are_counted_as_networks_do(text: str, parts: int) -> None:
    assert sms.parts_of(text) == parts


def test_html_becomes_paragraphs_and_bullets() -> None:
    html = "<p>One &amp; two</p><ul><li>a</li><li>b <strong>c</strong></li></ul><p>x<br>y</p><script>z</script>"
    assert in_paragraphs(html).startswith("One & two\n\n• a\n• b c\n\nx\ny")


def test_a_text_is_cut_between_words_and_never_inside_a_letter() -> None:
    assert cut("one two three", 9) == "one two …"
    assert cut("one", 3) == "one"
    assert cut("e\u0301" * 10, 5) in {"e\u0301 …", "e\u0301e\u0301 …"[:5]}
    assert teams.TEXT_BYTES < 28_000
