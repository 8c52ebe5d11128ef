"""Five hundred texts that somebody means harm with, or that no person would paste: the same in every run."""

import random
from collections.abc import Iterator

from tests.guide.pasted import SECRETS

LENGTH = 100_000
UNITS = (
    "a", "a ", "1 ", "1-", "<", "<a", "<a ", "&amp;", "&", "%41", "%", "\\u0041", "\\", "\"", "\\\"", "'",
    "{", "[", "(", "password=", "password:", "key=a ", "Bearer ", "aA", "a.a", "a_", "a@", "@", "a://b ",
    "://", "error ", "Error: x ", "status=403 ", "403 ", "(403)", "\"message\": \"", "::", ":", "\n", "\t\n",
    " ", "<script", "<style>", "<!--", "-----BEGIN ", "-----END ", "-u ", "x-key: ", "http/1.1 403 ",
    "/errors/a", "日本語403", "ع ", "e\u0301", "\u200b", "disabled", "This application has been ", "*", "‹id›",
    "(1) ", "+1 415 ", "=", "=a&", "a=b;", "~", "$", "\u202e", "\x1b[31m",
)  # fmt: skip
MARKUP = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}{% debug %}",
    "${jndi:ldap://x.example/a}",
    "'; DROP TABLE incidents_entry; --",
    "../../../../etc/passwd",
    "\r\nSet-Cookie: a=b\r\n\r\n<h1>",
    "javascript:alert(1)",
    "<svg onload=alert(1)>",
    "\x00\x01\x02 error \ud800".encode("utf-8", "replace").decode(),
)
WAYS = (
    'curl -u "ada:{secret}" https://api.example.com -H "Authorization: Bearer {secret}"',
    '{{"message": "Nobody knows this", "token": "{secret}", "password": "{secret}"}}',
    "ERROR zork failed api_key={secret} cookie: session={secret}; path=/",
    "Authorization: {secret}\nX-Api-Key: {secret}\n\n500 frobnication impossible",
    "https://ada:{secret}@db.example.com/x?token={secret} is unreachable",
    "Traceback: zork.Error: {secret}",
)  # fmt: skip


def hostile(*, seed: int = 99) -> Iterator[tuple[str, str]]:
    """Yield a name and a text, 500 of them."""
    dice = random.Random(seed)
    for unit in UNITS:
        yield f"{unit!r} again and again", (unit * LENGTH)[:LENGTH]
        yield f"{unit!r} and an x", (unit * LENGTH)[: LENGTH - 1] + "x"
    for text in MARKUP:
        yield f"markup {text[:20]!r}", text
        yield f"much markup {text[:20]!r}", (text * LENGTH)[:LENGTH]
    for way in WAYS:
        for secret in SECRETS:
            yield f"secret in {way[:20]!r}", way.format(secret=secret)
    count = 2 * len(UNITS) + 2 * len(MARKUP) + len(WAYS) * len(SECRETS)
    for number in range(500 - count):
        pieces = dice.choices(UNITS, k=dice.randint(2, 6))
        size = dice.choice((100, 1_000, 20_000, LENGTH))
        noise = "".join(chr(dice.randrange(1, 0xD7FF)) for _ in range(dice.randint(0, 50)))
        yield f"mixture {number}", (("".join(pieces) + noise) * LENGTH)[:size]
