"""Ninety days of made-up history: incidents with their updates, and states nobody wrote about."""

from dataclasses import dataclass

from incidents.exchange.demo.components import (
    AMERICA,
    API,
    ASIA,
    ATTACHMENTS,
    BILLING,
    CALENDAR,
    CONTACTS,
    DASHBOARD,
    EMAIL,
    EUROPE,
    EXPORTS,
    SIGN_IN,
    WEBHOOKS,
)
from incidents.timeline.states import ComponentStatus

MAJOR = ComponentStatus.MAJOR_OUTAGE.value
PARTIAL = ComponentStatus.PARTIAL_OUTAGE.value
DEGRADED = ComponentStatus.DEGRADED_PERFORMANCE.value
OPERATIONAL = ComponentStatus.OPERATIONAL.value


@dataclass(frozen=True)
class Said:
    """An update, so many minutes after the incident began, and the states it set."""

    minutes: int
    phase: str
    body: str
    states: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Past:
    """An incident so many days ago, begun at `clock` of the page's zone. The last update resolves it."""

    days_ago: int
    clock: str
    title: str
    said: tuple[Said, ...]
    detected_by: str = "monitoring"


@dataclass(frozen=True)
class Blip:
    """A state a component was in for some minutes without anybody writing about it."""

    days_ago: int
    clock: str
    minutes: int
    component: str
    status: str


INCIDENTS = (
    Past(
        86,
        "09:12",
        "Exports stay queued",
        (
            Said(
                6,
                "investigating",
                "Exports that were started since 09:12 are waiting. We are looking at the queue.",
                ((EXPORTS, PARTIAL),),
            ),
            Said(41, "identified", "One damaged export holds up the rest. We are taking it out."),
            Said(
                74, "resolved", "The queue is empty again; every export has been delivered.", ((EXPORTS, OPERATIONAL),)
            ),
        ),
    ),
    Past(
        78,
        "22:40",
        "Sign-in unavailable",
        (
            Said(3, "investigating", "Nobody can sign in at the moment. The API is not affected.", ((SIGN_IN, MAJOR),)),
            Said(19, "identified", "A certificate between two of our services ran out. We are replacing it."),
            Said(
                33, "monitoring", "The new certificate is in place and people can sign in.", ((SIGN_IN, OPERATIONAL),)
            ),
            Said(64, "resolved", "Sign-in has worked without errors for half an hour."),
        ),
    ),
    Past(
        71,
        "14:05",
        "Slow mail in Europe",
        (
            Said(
                12,
                "investigating",
                "Mail of accounts in Europe arrives up to ten minutes late.",
                ((EMAIL, DEGRADED), (EUROPE, DEGRADED)),
            ),
            Said(95, "monitoring", "More workers are running and the backlog is shrinking."),
            Said(150, "resolved", "Mail arrives within seconds again.", ((EMAIL, OPERATIONAL), (EUROPE, OPERATIONAL))),
        ),
        detected_by="customer",
    ),
    Past(
        63,
        "06:31",
        "Errors from the API",
        (
            Said(4, "investigating", "About one API call in five fails with status 502.", ((API, PARTIAL),)),
            Said(17, "identified", "A release made this morning is the cause. We are taking it back."),
            Said(26, "resolved", "The release is gone and so are the errors.", ((API, OPERATIONAL),)),
        ),
    ),
    Past(
        52,
        "16:48",
        "Attachments cannot be fetched",
        (
            Said(9, "investigating", "Fetching attachments fails; sending them works.", ((ATTACHMENTS, MAJOR),)),
            Said(
                38,
                "identified",
                "Our storage provider confirms an outage in one zone. We are moving to another.",
                ((ATTACHMENTS, PARTIAL),),
            ),
            Said(122, "monitoring", "All reads go to the healthy zone now.", ((ATTACHMENTS, OPERATIONAL),)),
            Said(185, "resolved", "The provider is well again. No file was lost."),
        ),
        detected_by="third_party",
    ),
    Past(
        44,
        "11:20",
        "Dashboard shows yesterday's figures",
        (
            Said(
                35,
                "identified",
                "Figures on the dashboard stopped at midnight. The data itself is complete.",
                ((DASHBOARD, DEGRADED),),
            ),
            Said(140, "resolved", "The figures are up to date.", ((DASHBOARD, OPERATIONAL),)),
        ),
        detected_by="staff",
    ),
    Past(
        36,
        "03:02",
        "Connection trouble in Asia Pacific",
        (
            Said(
                5, "investigating", "A third of connections to our region in Asia Pacific time out.", ((ASIA, PARTIAL),)
            ),
            Said(47, "identified", "A network provider announces wrong routes. We are going around it."),
            Said(81, "resolved", "Traffic takes another way, and connections are stable.", ((ASIA, OPERATIONAL),)),
        ),
    ),
    Past(
        27,
        "19:15",
        "Webhooks arrive twice",
        (
            Said(22, "investigating", "Some webhooks are delivered twice. None is lost.", ((WEBHOOKS, DEGRADED),)),
            Said(58, "identified", "A worker was replaced while it was confirming deliveries. We are draining it."),
            Said(
                76,
                "resolved",
                "Every webhook is sent once again. Please discard the second copies.",
                ((WEBHOOKS, OPERATIONAL),),
            ),
        ),
        detected_by="customer",
    ),
    Past(
        20,
        "08:44",
        "Contacts do not load",
        (
            Said(4, "investigating", "Lists of contacts are empty for most accounts.", ((CONTACTS, MAJOR),)),
            Said(
                15,
                "identified",
                "An index was rebuilt with a wrong setting. We are building it once more.",
                ((CONTACTS, PARTIAL),),
            ),
            Said(52, "resolved", "Contacts are complete again.", ((CONTACTS, OPERATIONAL),)),
        ),
    ),
    Past(
        13,
        "15:30",
        "Invoices cannot be opened",
        (
            Said(
                11, "investigating", "Opening an invoice ends in an error. Payments go through.", ((BILLING, DEGRADED),)
            ),
            Said(49, "resolved", "Invoices open again. No figure on them changed.", ((BILLING, OPERATIONAL),)),
        ),
        detected_by="customer",
    ),
    Past(
        8,
        "10:06",
        "Calendar changes fail in the United States",
        (
            Said(
                3,
                "investigating",
                "Creating and changing events fails for accounts in the United States.",
                ((CALENDAR, MAJOR), (AMERICA, DEGRADED)),
            ),
            Said(
                24,
                "identified",
                "A database ran out of connections. We are adding some and restarting what hangs.",
                ((CALENDAR, PARTIAL),),
            ),
            Said(
                43,
                "monitoring",
                "Events can be changed again. We are working through what piled up.",
                ((CALENDAR, OPERATIONAL), (AMERICA, OPERATIONAL)),
            ),
            Said(90, "resolved", "Everything that was delayed has been synchronised."),
        ),
    ),
    Past(
        5,
        "13:37",
        "Slow answers from the API",
        (
            Said(8, "investigating", "Calls take two to three times as long as usual.", ((API, DEGRADED),)),
            Said(21, "identified", "One kind of search is expensive since yesterday. We are limiting it."),
            Said(29, "resolved", "Response times are normal.", ((API, OPERATIONAL),)),
        ),
    ),
    Past(
        2,
        "17:55",
        "Sign-in with single sign-on fails",
        (
            Said(
                7,
                "investigating",
                "People who sign in through their company see an error. Passwords work.",
                ((SIGN_IN, PARTIAL),),
            ),
            Said(
                31,
                "monitoring",
                "We went back to the former version of the sign-in service.",
                ((SIGN_IN, OPERATIONAL),),
            ),
            Said(62, "resolved", "Single sign-on works for everybody who tried."),
        ),
        detected_by="customer",
    ),
)

BLIPS = (
    Blip(83, "04:18", 11, EMAIL, DEGRADED),
    Blip(80, "12:50", 6, WEBHOOKS, PARTIAL),
    Blip(67, "21:33", 18, CALENDAR, DEGRADED),
    Blip(58, "07:41", 3, DASHBOARD, MAJOR),
    Blip(55, "02:09", 14, ASIA, DEGRADED),
    Blip(47, "18:26", 9, API, DEGRADED),
    Blip(40, "23:58", 12, CONTACTS, DEGRADED),
    Blip(31, "05:15", 25, EUROPE, DEGRADED),
    Blip(24, "20:02", 4, EMAIL, PARTIAL),
    Blip(17, "09:29", 16, ATTACHMENTS, DEGRADED),
    Blip(10, "01:47", 8, EXPORTS, DEGRADED),
    Blip(4, "06:53", 5, DASHBOARD, DEGRADED),
)
