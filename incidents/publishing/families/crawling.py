"""What browsers and crawlers ask for by themselves: icons, robots.txt, the sitemap."""

from incidents.publishing.documents import crawling, favicons
from incidents.publishing.families.badges import AS_PICTURE, SVG
from incidents.publishing.family import Family
from incidents.publishing.scopes import daily, whole_page

FAMILIES = (
    Family(
        name="favicon_svg",
        route="favicon.svg",
        content_type=SVG,
        headers=AS_PICTURE,
        scope=whole_page,
        make=lambda readings, _: favicons.svg(readings.index),
        is_urgent=False,
    ),
    Family(
        name="favicon_ico",
        route="favicon.ico",
        content_type="image/x-icon",
        scope=whole_page,
        make=lambda readings, _: favicons.ico(readings.index),
        is_urgent=False,
    ),
    Family(
        name="robots",
        route="robots.txt",
        content_type="text/plain; charset=utf-8",
        scope=whole_page,
        make=lambda readings, _: crawling.robots(readings.page),
        is_urgent=False,
    ),
    Family(
        name="sitemap",
        route="sitemap.xml",
        content_type="application/xml; charset=utf-8",
        scope=daily,
        make=lambda readings, _: crawling.sitemap(readings.sitemap),
        follows_clock=True,
        is_urgent=False,
    ),
)
