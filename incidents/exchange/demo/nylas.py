"""The incident of April 4, 2023, told after Nylas' public report.

Title, phases, times, component and durations are the report's; the words are ours.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from incidents.timeline.restoring import RestoredChange, RestoredIncident, RestoredUpdate
from incidents.timeline.states import ComponentStatus, DetectedBy, Impact

ZONE = "America/Los_Angeles"
CODE = "nyl4s4pr2023"
TITLE = "Nylas applications not active preventing API calls"
GROUP = "Nylas Application Services"
COMPONENT = "API"

PARTIAL = ComponentStatus.PARTIAL_OUTAGE.value
OPERATIONAL = ComponentStatus.OPERATIONAL.value

_REPORT = """\
## Summary

For three hours on the evening of April 4, 2023, about half of our customers' applications were frozen by \
mistake, and their API calls were turned away. Customers noticed before we did.

## Impact

From about 18:00 PDT (9:00 PM EST) every call with the ID of a frozen application was answered \
`403 - This application has been disabled`. Around 50% of applications were frozen. The last of them was \
active again by 21:00 PDT (12:00 AM EST).

## What happened

- **18:00** A scheduled billing script freezes applications whose accounts are paid for.
- **20:20** Customers tell us that their applications are inactive.
- **20:21** We look into it and begin to undo the freeze.
- **21:00** The freeze is undone. A check finds some applications that are still disabled; they follow by 21:16.
- **21:58** Nothing has come back. We call it resolved.

## Why it happened

The script had been updated, and the update did not reckon with earlier changes in our billing system: it took \
paying accounts for unpaid ones.

## How we noticed

We did not; our customers did, two hours and twenty minutes in. Our alarms watched for server errors, and a 403 \
is none. When customers know of a failure before our systems do, we count that as a fault of its own, and its \
repair goes before everything else.

## What we are changing

The four changes below are tracked until they are done. We are sorry for the evening this cost.
"""

PROMISES = (
    "Keep one place in our database that says whether an account is paid for, and let everything ask there",
    "Put limits on scripts that touch customers' applications, and watch their runs",
    "Look for anomalies in every HTTP status code, not only in server errors",
    "Raise an alarm when many support tickets arrive in a short time",
)


def moment(day: int, clock: str) -> datetime:
    """Return a time in April 2023, such as `moment(4, "20:21")`, in the zone of the report."""
    hour, minute = clock.split(":")
    return datetime(2023, 4, day, int(hour), int(minute), tzinfo=ZoneInfo(ZONE))


BEGAN_AT = moment(4, "18:00")
ENDED_AT = moment(4, "21:16")
"""When every application worked again; staff watched on until 21:58."""

NOTICED_AT = moment(4, "20:20")
REPORTED_AT = moment(12, "11:00")


def incident(component: str) -> RestoredIncident:
    """Return the incident with its six updates and its report; `component` is the code of the API."""
    updates = (
        _update(
            1,
            "investigating",
            moment(4, "20:21"),
            "Customers tell us that their Nylas applications show as inactive and that API calls fail. "
            "We are finding out why.",
            RestoredChange(component, OPERATIONAL, PARTIAL),
        ),
        _update(
            2,
            "reactivating",
            moment(4, "20:45"),
            "Applications were disabled by mistake. We are switching them on again one after another; "
            "the API answers for each as soon as it is active.",
            RestoredChange(component, PARTIAL, PARTIAL),
        ),
        _update(
            3,
            "monitoring",
            moment(4, "21:05"),
            "The applications that were disabled by mistake have been switched on, and every API call should "
            "succeed. We keep an eye on it.",
            RestoredChange(component, PARTIAL, OPERATIONAL),
        ),
        _update(
            4,
            "reactivating",
            moment(4, "21:11"),
            "We found some applications that are still disabled and are switching those on now. "
            "Thank you for bearing with us.",
            RestoredChange(component, OPERATIONAL, PARTIAL),
        ),
        _update(
            5,
            "monitoring",
            moment(4, "21:16"),
            "All applications are confirmed to be active again. We go on watching for a while.",
            RestoredChange(component, PARTIAL, OPERATIONAL),
        ),
        _update(6, "resolved", moment(4, "21:58"), "Everything has been stable since. The incident is over."),
        _update(7, "postmortem", REPORTED_AT, _REPORT),
    )
    return RestoredIncident(
        code=CODE,
        origin="the public report of Nylas, April 2023",
        title=TITLE,
        phase="postmortem",
        impact=Impact.MAJOR.value,
        started_at=BEGAN_AT,
        detected_by=DetectedBy.CUSTOMER.value,
        customer_noticed_at=NOTICED_AT,
        monitoring_at=ENDED_AT,
        resolved_at=moment(4, "21:58"),
        created_at=moment(4, "20:21"),
        updated_at=REPORTED_AT,
        components=(component,),
        updates=updates,
    )


def _update(number: int, phase: str, at: datetime, body: str, *changes: RestoredChange) -> RestoredUpdate:
    code = f"{CODE[:-3]}{number:03}"
    return RestoredUpdate(code, phase, body, posted_at=at, created_at=at, updated_at=at, changes=changes)
