"""Frames for other people's pages, and the script that places one."""

from incidents.publishing.documents import embed
from incidents.publishing.family import Family
from incidents.publishing.scopes import whole_page

FRAMED_ANYWHERE = (
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *",
    ),
    # Older than frame-ancestors, and without a word for "everybody": it has to be absent.
    ("X-Frame-Options", ""),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
)

FAMILIES = (
    Family(
        name="embed_frame",
        route="embed/frame",
        headers=FRAMED_ANYWHERE,
        scope=whole_page,
        make=lambda readings, _: embed.frame(readings.index),
        is_urgent=False,
    ),
    Family(
        name="embed_banner",
        route="embed/banner",
        headers=FRAMED_ANYWHERE,
        scope=whole_page,
        make=lambda readings, _: embed.frame(readings.index, is_banner=True),
        is_urgent=False,
    ),
    Family(
        name="embed_script",
        route="embed/script.js",
        content_type="text/javascript; charset=utf-8",
        headers=(
            ("Access-Control-Allow-Origin", "*"),
            ("Cross-Origin-Resource-Policy", "cross-origin"),
        ),
        scope=whole_page,
        make=lambda readings, _: embed.script(readings.page),
        is_urgent=False,
    ),
)
