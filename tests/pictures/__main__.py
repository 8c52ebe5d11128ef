"""`python -m tests.pictures [folder] [beginning]`: photograph the public face and the console into docs/screenshots.

With a beginning, such as `console`, only the pictures whose names begin with it are made anew.
"""

import re
import sys
from base64 import b64encode
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path

from django.conf import settings
from playwright.sync_api import sync_playwright

from tests.benchmarks.face.ground import served
from tests.pictures.console import WIDTHS, build_console
from tests.pictures.shots import Shot, photograph
from tests.running.running import ROOT
from tests.servers.chromium import FLAGS, install_chromium

MOST = 2_200_000
"""Bytes that all pictures together may have."""
NYLAS = "/incidents/nyl4s4pr2023"


def main() -> None:
    """Build the scenes, serve them, photograph every screen and say what it weighs."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    only = sys.argv[2] if len(sys.argv) > 2 else ""
    for old in folder.glob(f"{only}*.webp"):
        old.unlink()
    screens: dict[str, tuple[str, str]] = {}
    mails: dict[str, str] = {}
    staff: dict[str, str] = {}
    total = 0
    with served(lambda: build(screens, mails, staff, only=only)) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=install_chromium(), args=FLAGS)
        context = browser.new_context(timezone_id="UTC", locale="en-US")
        at_home = f"http://127.0.0.1:{site.port}"
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": staff.pop("session"), "url": at_home}])
        tab = context.new_page()
        console = [
            Shot(f"console-{name}", address=f"{at_home}{path}", widths=WIDTHS, is_whole=False)
            for name, path in staff.items()
        ]
        for shot in (*shots(screens, mails, site.port), *console):
            if not shot.name.startswith(only):
                continue
            weight = photograph(tab, shot, folder)
            total += weight
            print(f"{shot.name}\t{weight / 1024:.0f} KB", flush=True)
        browser.close()
    print(f"all of them\t{total / 1024:.0f} KB\t<= {MOST / 1024:.0f} KB\t{'ok' if total <= MOST else 'short'}")


def build(screens: dict[str, tuple[str, str]], mails: dict[str, str], staff: dict[str, str], *, only: str = "") -> None:
    """Set up the six scenes and the demonstration; note host and path of each screen, two mails, and the console."""
    # Models can be imported only in a Django that was set up.
    from incidents.exchange.demo.building import build_demo
    from incidents.lib.clock import now

    at = now()
    if only != "console":
        build_public(screens, mails, at=at)
    paths, session = build_console(build_demo(at=at, add=True, host="console.localhost"), at=at)
    staff |= {**paths, "session": session}


def build_public(screens: dict[str, tuple[str, str]], mails: dict[str, str], *, at: datetime) -> None:
    """Set up what readers see."""
    from incidents.exchange.demo.building import build_demo
    from tests.acceptance.scenes import SCENES, addresses, set_up

    for name in SCENES:
        page = set_up(name, at=at)
        screens[f"index-{name}"] = (page.host, "/")
        if name == "one":
            screens["incident-open"] = (page.host, addresses(page)["open incident"])
            screens["subscribe"] = (page.host, "/subscribe")
            mails |= written_mails(page.pk)
    demo = build_demo(at=at, add=True, host="demo.localhost")
    screens["incident-postmortem"] = (demo.host, NYLAS)
    for name, path in (("history", "/history"), ("calendar", "/history/calendar"), ("uptime", "/uptime")):
        screens[name] = (demo.host, path)


def written_mails(page_id: int) -> dict[str, str]:
    """Return the HTML of what a subscriber of the whole page would have got of the newest incident."""
    from incidents.lib.clock import now
    from incidents.notifications.fanout import fan_out
    from incidents.notifications.models import Delivery
    from incidents.notifications.writing import Writer
    from incidents.timeline.models import Event, Page
    from tests.build import make_subscriber

    page = Page.objects.get(pk=page_id)
    make_subscriber(page)
    Delivery.objects.all().delete()
    newest = page.incidents.filter(kind="incident", resolved_at=None).latest("pk")
    for event in Event.objects.filter(page=page, kind="incident.opened", update__incident=newest):
        fan_out(event_id=event.pk)
    rows = list(Delivery.objects.select_related("event"))
    writer = Writer(rows, at=now())
    found = {}
    for row in rows:
        body = message_from_bytes(writer.write(row).content, policy=policy.default).get_body(("html",))
        assert body is not None
        found["mail"] = str(body.get_content())
    return found


def shots(screens: dict[str, tuple[str, str]], mails: dict[str, str], port: int) -> Iterator[Shot]:
    """Yield every screen with the address it has on the running site."""
    for name, (host, path) in screens.items():
        yield Shot(name, address=f"http://{host}:{port}{path}")
    for name, html in mails.items():
        for host, _ in screens.values():
            html = html.replace(f"http://{host}", "https://status.acme.example")
        yield Shot(name, html=re.sub(r'src="[^"]*/email/([a-z_]+)[^"]*\.png"', inline, html))


def inline(found: re.Match[str]) -> str:
    """Return the glyph of a mail as part of it: nothing answers at the address of an example."""
    body = (ROOT / "static" / "email" / f"{found.group(1)}.png").read_bytes()
    return f'src="data:image/png;base64,{b64encode(body).decode()}"'


if __name__ == "__main__":
    main()
