"""Errors as people paste them: made by a generator with a fixed seed, so that they are the same in every run."""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape

from incidents.guide.contents import Contents

STATUS = {
    "400": "Bad Request", "401": "Unauthorized", "402": "Payment Required", "403": "Forbidden", "404": "Not Found",
    "409": "Conflict", "422": "Unprocessable Entity", "429": "Too Many Requests", "500": "Internal Server Error",
    "502": "Bad Gateway", "503": "Service Unavailable",
}  # fmt: skip

SECRETS = (
    "sk_live_51Hxq8a2eZvKYlo2C",
    "hunter2-Swordfish!9",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dBjftJeZ4CVPmB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    "ada.lovelace@example.com",
    "AKIAIOSFODNN7EXAMPLE",
    "203.0.113.77",
)
"""What stands around the messages and must stay nowhere."""


@dataclass(frozen=True)
class Pasted:
    """A text, and the slug of the entry it tells of; "" for none."""

    text: str
    wanted: str
    wrapper: str


Wrapper = Callable[[random.Random, str, str], str]


def _id(dice: random.Random) -> str:
    return "".join(dice.choices("0123456789abcdef", k=24))


def as_json(dice: random.Random, code: str, message: str) -> str:
    return json.dumps({"message": message, "type": "api_error", "request_id": _id(dice), "status": int(code)})


def as_nested_json(dice: random.Random, code: str, message: str) -> str:
    error = {"code": int(code), "message": message, "errors": [{"domain": "global", "reason": "x" * 3}]}
    return json.dumps({"error": error, "trace": _id(dice)}, indent=2)


def as_json_in_json(dice: random.Random, code: str, message: str) -> str:
    inner = json.dumps({"error": message, "id": _id(dice)})
    return json.dumps({"level": "error", "http": {"status_code": int(code)}, "body": inner})


def as_html(dice: random.Random, code: str, message: str) -> str:
    return (
        f"<!DOCTYPE html><html><head><title>{code} {STATUS[code]}</title><style>h1{{color:red}}</style></head>\n"
        f"<body><h1>Error {code}</h1><p>{escape(message)}</p><!-- {_id(dice)} --><hr>Ray ID: {_id(dice)}</body></html>"
    )


def as_python(dice: random.Random, code: str, message: str) -> str:
    return (
        "Traceback (most recent call last):\n"
        f'  File "/srv/work/send.py", line {dice.randint(3, 900)}, in send\n    client.messages.send(draft)\n'
        '  File "/usr/lib/python3.11/site-packages/acme/client.py", line 88, in _call\n    raise error\n'
        f"acme.errors.ApiError: {code} - {message}"
    )


def as_java(dice: random.Random, code: str, message: str) -> str:
    return (
        f'Exception in thread "main" com.acme.sdk.AcmeException: HTTP {code}: {message}\n'
        f"\tat com.acme.sdk.Client.call(Client.java:{dice.randint(10, 400)})\n"
        "\tat com.example.mail.Main.main(Main.java:17)\nCaused by: java.io.IOException\n\t... 3 more"
    )


def as_node(dice: random.Random, code: str, message: str) -> str:
    return (
        f"(node:{dice.randint(100, 9999)}) UnhandledPromiseRejectionWarning: Error: {message}\n"
        f"    at Client.request (/srv/app/node_modules/acme/lib/client.js:{dice.randint(20, 300)}:15)\n"
        f"    at processTicksAndRejections (node:internal/process/task_queues:95:5) {{\n  statusCode: {code},\n"
        f"  requestId: '{_id(dice)}'\n}}"
    )


def as_curl(dice: random.Random, code: str, message: str) -> str:
    body = json.dumps({"message": message})
    return (
        f"*   Trying {dice.choice(SECRETS[-1:])}:443...\n* Connected to api.acme.example (203.0.113.77) port 443 (#0)\n"
        "* SSL connection using TLSv1.3 / TLS_AES_256_GCM_SHA384\n> POST /v3/send HTTP/2\n> Host: api.acme.example\n"
        f"> Authorization: Bearer {SECRETS[2]}\n> Accept: */*\n>\n< HTTP/2 {code}\n"
        "< date: Tue, 04 Apr 2023 20:21:07 GMT\n"
        f"< content-type: application/json\n< content-length: {len(body)}\n< x-request-id: {_id(dice)}\n<\n{body}\n"
        "* Connection #0 to host api.acme.example left intact"
    )


def as_response(dice: random.Random, code: str, message: str) -> str:
    return (
        f"HTTP/1.1 {code} {STATUS[code]}\r\nServer: nginx/1.25.3\r\nContent-Type: application/problem+json\r\n"
        f"Set-Cookie: session={_id(dice)}; Path=/\r\n\r\n"
        + json.dumps({"title": STATUS[code], "status": int(code), "detail": message})
    )


def as_log(dice: random.Random, code: str, message: str) -> str:
    return (
        f"2023-04-04T20:{dice.randint(10, 59)}:07.{dice.randint(100, 999)}Z ERROR [worker-{dice.randint(1, 9)}] "
        f'mail.send status={code} user={SECRETS[3]} api_key={SECRETS[0]} id={_id(dice)} error="{message}"'
    )


def as_syslog(dice: random.Random, code: str, message: str) -> str:
    second, process = dice.randint(10, 59), dice.randint(100, 9999)
    return f"Apr  4 20:21:{second} web-3 app[{process}]: acme call failed ({code}): {message}"


def as_german(dice: random.Random, code: str, message: str) -> str:
    return f"Hallo, seit heute Morgen bekommen wir diesen Fehler {code}: „{message}“. Was sollen wir tun? Danke, Ada"


def as_spanish(dice: random.Random, code: str, message: str) -> str:
    return f"Código de error {code}. El servidor respondió: «{message}» (id {_id(dice)})"


def as_japanese(dice: random.Random, code: str, message: str) -> str:
    return f"エラー{code}が発生しました。メッセージ: {message}"


def as_escaped(dice: random.Random, code: str, message: str) -> str:
    return f"error={code}&error_description=" + message.replace(" ", "%20").replace("'", "%27")


def as_shouted(dice: random.Random, code: str, message: str) -> str:
    return f"{code} {message.upper()}!!!"


def as_chat(dice: random.Random, code: str, message: str) -> str:
    return f"> {message}\n\nanyone else seeing this {code} since an hour ago? my app id is {_id(dice)}"


def as_markdown(dice: random.Random, code: str, message: str) -> str:
    return f'**{code}** - _{message}_\n\n```\n{{"id": "{_id(dice)}"}}\n```'


def as_constant(dice: random.Random, code: str, message: str) -> str:
    words = [word.strip(".,()'") for word in message.split()]
    return json.dumps({"statusCode": int(code), "error": "_".join(words).upper(), "requestId": _id(dice)})


def as_cut_off(dice: random.Random, code: str, message: str) -> str:
    words = message.split()
    kept = max(3, int(len(words) * dice.uniform(0.55, 0.9)))
    return f'{{"status": {code}, "message": "{" ".join(words[:kept])[:-1]}'


def as_xml(dice: random.Random, code: str, message: str) -> str:
    inner = f"<Code>{code}</Code><Message>{escape(message)}</Message><Id>{_id(dice)}</Id>"
    return f'<?xml version="1.0"?><Error>{inner}</Error>'


def as_plain(dice: random.Random, code: str, message: str) -> str:
    return f"{code} - {message}"


WRAPPERS: tuple[Wrapper, ...] = (
    *(as_json, as_nested_json, as_json_in_json, as_html, as_python, as_java, as_node, as_curl, as_response, as_log),
    *(as_syslog, as_german, as_spanish, as_japanese, as_escaped, as_shouted, as_chat, as_markdown, as_constant),
    *(as_cut_off, as_xml, as_plain),
)

STRANGE = (
    ("400", "Invalid JSON payload received. Unknown name \"foo\": Cannot find field."),
    ("400", "child \"email\" fails because [\"email\" is required]"),
    ("401", "Bad credentials"),
    ("401", "The security token included in the request is invalid."),
    ("401", "Incorrect API key provided: sk-abc. You can find your API key in your dashboard."),
    ("402", "Your card was declined."),
    ("403", "Missing Authentication Token"),
    ("403", "Resource not accessible by integration"),
    ("403", "Access to the bucket is denied by policy"),
    ("403", "CSRF verification failed. Request aborted."),
    ("403", "User is not authorized to perform: sts:AssumeRole"),
    ("404", "The requested URL was not found on this server."),
    ("404", "No such customer: cus_123"),
    ("409", "A conflicting conditional operation is currently in progress against this resource."),
    ("422", "Validation Failed: name has already been taken"),
    ("429", "API rate limit exceeded for installation ID 12345"),
    ("429", "You exceeded your current billing plan, please check your usage"),
    ("500", "relation \"users\" does not exist"),
    ("500", "Cannot read properties of undefined (reading 'map')"),
    ("500", "maximum recursion depth exceeded while calling a Python object"),
    ("502", "upstream prematurely closed connection while reading response header from upstream"),
    ("503", "no healthy upstream"),
    ("503", "Back-end server is at capacity"),
    ("500", "Unable to acquire JDBC Connection; nested exception is GenericJDBCException"),
    ("404", "Die angeforderte Seite wurde nicht gefunden"),
    ("500", "Une erreur interne est survenue, veuillez réessayer plus tard"),
)  # fmt: skip
"""Errors of other people's products, some under the codes of the guide."""

BY_HAND = (
    "connect ECONNREFUSED 127.0.0.1:5432",
    "fatal: unable to access 'https://github.com/acme/x.git/': Could not resolve host: github.com",
    "npm ERR! code ERESOLVE\nnpm ERR! ERESOLVE unable to resolve dependency tree",
    "Segmentation fault (core dumped)",
    "java.lang.NullPointerException: Cannot invoke \"String.length()\" because \"s\" is null\n\tat Main.main()",
    "ModuleNotFoundError: No module named 'requests'",
    "ERROR 1045 (28000): Access denied for user 'root'@'localhost' (using password: YES)",
    "psql: error: FATAL:  password authentication failed for user \"ada\"",
    "x509: certificate has expired or is not yet valid",
    "Uncaught TypeError: Failed to fetch",
    "kubectl: error: You must be logged in to the server (Unauthorized)",
    "It does not work since this morning, please help",
    "550 5.7.1 Message rejected due to content restrictions",
    "dial tcp: lookup api.example.com: no such host",
    "SQLSTATE[HY000] [2002] Connection timed out",
    "panic: runtime error: index out of range [3] with length 3",
    "lorem ipsum dolor sit amet consectetur",
    "GET /index.html 200 OK 12ms",
    "OOMKilled exit code 137",
    "Error: ENOSPC: no space left on device, write",
    "docker: Error response from daemon: pull access denied for acme/api",
    "The remote server returned an error: (404) Not Found.",
)  # fmt: skip
"""Nothing of the guide, typed as it was met."""


def says(contents: Contents) -> list[str]:
    """Return what an error of an entry may say."""
    title = contents.title if len(contents.title.split()) > 2 else ""
    return [one for one in (*contents.messages, contents.sentence, title) if one] or [contents.title]


def pasted(entries: list[Contents], *, count: int = 300, seed: int = 7) -> Iterator[Pasted]:
    """Yield `count` texts: two thirds of them errors of the entries, the others of nobody."""
    dice = random.Random(seed)
    for number in range(count * 2 // 3):
        entry, wrap = entries[number % len(entries)], WRAPPERS[number * 7 % len(WRAPPERS)]
        message = dice.choice(says(entry))
        if entry.providers and entry.providers[0].lower() not in message.lower() and dice.random() < 0.4:
            message = f"{message} ({entry.providers[0]})"
        yield Pasted(wrap(dice, entry.code, message), entry.slug, wrap.__name__)
    for number in range(count - count * 2 // 3):
        if number % 4 == 3:
            yield Pasted(BY_HAND[number // 4 % len(BY_HAND)], "", "by hand")
        else:
            code, message = STRANGE[number % len(STRANGE)]
            wrap = WRAPPERS[number * 5 % len(WRAPPERS)]
            yield Pasted(wrap(dice, code, message), "", wrap.__name__)
