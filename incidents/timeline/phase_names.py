"""What phases are called: those a page is made with in the language spoken, its own as staff typed them."""

from django.utils.translation import gettext, gettext_noop

_AS_MADE = {
    "investigating": gettext_noop("Investigating"),
    "identified": gettext_noop("Identified"),
    "reactivating": gettext_noop("Reactivating"),
    "monitoring": gettext_noop("Monitoring"),
    "resolved": gettext_noop("Resolved"),
    "postmortem": gettext_noop("Postmortem"),
    "scheduled": gettext_noop("Scheduled"),
    "in_progress": gettext_noop("In progress"),
    "verifying": gettext_noop("Verifying"),
    "completed": gettext_noop("Completed"),
    "cancelled": gettext_noop("Cancelled"),
}


def phase_name(slug: str, label: str) -> str:
    """Return the label in the language spoken, as it is where staff renamed the phase or it is the page's own."""
    return gettext(label) if _AS_MADE.get(slug) == label else label
