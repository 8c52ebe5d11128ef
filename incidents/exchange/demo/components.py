"""The parts of the demonstration's product."""

from dataclasses import dataclass

from incidents.exchange.demo.nylas import COMPONENT, GROUP


@dataclass(frozen=True)
class Part:
    """A component. `days_old` is its age where it is younger than the page."""

    name: str
    description: str = ""
    days_old: int | None = None


@dataclass(frozen=True)
class Heading:
    """A group of parts; one that is not `always_open` folds away while all is well."""

    name: str
    parts: tuple[Part, ...]
    description: str = ""
    always_open: bool = True


API = COMPONENT
EMAIL = "Email sync"
CALENDAR = "Calendar sync"
CONTACTS = "Contacts sync"
ATTACHMENTS = "Attachments"
WEBHOOKS = "Webhooks"
EXPORTS = "Exports"
SIGN_IN = "Sign-in"
DASHBOARD = "Dashboard"
BILLING = "Billing"
AMERICA = "United States"
EUROPE = "Europe"
ASIA = "Asia Pacific"

HEADINGS = (
    Heading(
        GROUP,
        (Part(API, "Requests to the API, whatever they ask for"),),
        description=(
            "The incident of April 4, 2023 is told after Nylas' public report; all else on this page is made up."
        ),
    ),
    Heading(
        "Connections",
        (
            Part(EMAIL, "Reading and sending mail through connected accounts"),
            Part(CALENDAR, "Events and free times of connected calendars"),
            Part(CONTACTS),
            Part(ATTACHMENTS, "Storing and fetching files of mails and events"),
        ),
    ),
    Heading("Delivery", (Part(WEBHOOKS, "Calls from us to your systems"), Part(EXPORTS))),
    Heading("Console", (Part(SIGN_IN), Part(DASHBOARD), Part(BILLING))),
    Heading(
        "Regions",
        (Part(AMERICA), Part(EUROPE), Part(ASIA, "Open since two months", days_old=60)),
        always_open=False,
    ),
)
