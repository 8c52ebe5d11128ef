"""Who may do what: one line for each address of the console. An address without a line is refused to everybody.

`access` enforces the table at the door, before any view runs; a test compares it with the list of addresses and walks
through it with every role.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from incidents.staff.roles import Role

VIEWER, RESPONDER, EDITOR, OWNER = Role.VIEWER, Role.RESPONDER, Role.EDITOR, Role.OWNER


class About(Enum):
    """What an act is about; it decides what a membership limited to components may do.

    Reading is never limited by components: what happens on a page is the business of everybody who works on it.
    """

    PAGE = "the whole page"
    """Not for members limited to components."""

    COMPONENTS = "components"
    """For them where every component that the address, the incident or the form names is theirs."""

    NOTHING = "no part of the page"
    """For everybody of the role: reading, what concerns only the person."""


@dataclass(frozen=True, slots=True)
class Right:
    """The least role for something, and what it is about."""

    least: Role
    about: About = About.NOTHING


@dataclass(frozen=True, slots=True)
class Duty:
    """Who may read (GET, HEAD) and who may act (POST) at an address; None where nobody does."""

    get: Right | None = None
    post: Right | None = None
    asks_again: bool = False
    """Whether the password (or the second factor) is asked for again where the sign-in is older than 15 minutes."""

    def right(self, method: str | None) -> Right | None:
        """Return what a method takes, None where it is not for anybody."""
        return self.get if method in {"GET", "HEAD"} else self.post if method == "POST" else None


def _reads(least: Role, about: About = About.NOTHING) -> Duty:
    return Duty(get=Right(least, about))


def _acts(least: Role, about: About = About.PAGE, *, shown_to: Role | None = None) -> Duty:
    """Return the duty of an address that is also a screen: the form of the act, or a list for those of `shown_to`."""
    return Duty(get=Right(shown_to) if shown_to else Right(least, about), post=Right(least, about))


def _again(duty: Duty) -> Duty:
    return replace(duty, asks_again=True)


def _posts(least: Role, about: About = About.PAGE) -> Duty:
    return Duty(post=Right(least, about))


C, P, N = About.COMPONENTS, About.PAGE, About.NOTHING

DUTIES: dict[str, Duty] = {
    "now": _reads(VIEWER),
    "scorecard": _reads(VIEWER),
    "scorecard_csv": _reads(VIEWER),
    "more": _reads(VIEWER),
    "keys": _acts(VIEWER, N),
    "search": _reads(VIEWER),
    # Incidents and what is said about them
    "incidents": _acts(RESPONDER, C, shown_to=VIEWER),
    "incident_new": _reads(RESPONDER, C),
    "incident_preview": _posts(RESPONDER, C),
    "incident_audience": _posts(RESPONDER, C),
    "incident_first": _reads(VIEWER),
    "incident": _reads(VIEWER),
    "incident_edit": _acts(RESPONDER, C),
    "incident_discard": _acts(RESPONDER, C),
    "suspicion_confirm": _posts(RESPONDER, C),
    "suspicion_dismiss": _posts(RESPONDER, C),
    "suspicion_again": _posts(RESPONDER, C),
    "updates": _posts(RESPONDER, C),
    "command": _posts(RESPONDER, C),
    "presence": _acts(RESPONDER, N, shown_to=VIEWER),
    "update_audience": _posts(RESPONDER, C),
    "update_preview": _posts(RESPONDER, C),
    "update_states": _posts(RESPONDER, C),
    "update_insert": _posts(RESPONDER, C),
    "update_edit": _acts(RESPONDER, C),
    "update_edit_preview": _posts(RESPONDER, C),
    "update_remove": _acts(RESPONDER, C),
    "update_deliveries": _reads(VIEWER),
    "update_figures": _reads(VIEWER),
    "update_live": _reads(VIEWER),
    "update_retry": _posts(RESPONDER, C),
    "update_release": _posts(RESPONDER, C),
    "update_export": _reads(EDITOR),
    "postmortem": _acts(RESPONDER, C, shown_to=VIEWER),
    "postmortem_preview": _posts(RESPONDER, C),
    "postmortem_publish": _posts(EDITOR, C),
    "postmortem_submit": _posts(RESPONDER, C),
    "postmortem_send_back": _posts(RESPONDER, C),
    "postmortem_fill": _posts(RESPONDER, C),
    "actions": _posts(RESPONDER, C),
    "action": _acts(RESPONDER, C),
    "action_state": _posts(RESPONDER, C),
    "action_row": _posts(RESPONDER, C),
    # What is being written, what can still be taken back, what stands still
    "draft": _posts(RESPONDER, C),
    "draft_discard": _posts(RESPONDER, C),
    "held": _reads(VIEWER),
    "held_undo": _posts(RESPONDER, C),
    "held_release": _posts(RESPONDER, C),
    "held_approve": _posts(RESPONDER, C),
    "freezes": _acts(RESPONDER, P, shown_to=VIEWER),
    "freeze_lift": _posts(RESPONDER, P),
    # Maintenance
    "maintenances": _acts(EDITOR, C, shown_to=VIEWER),
    "maintenance_new": _reads(EDITOR, C),
    "maintenance_preview": _posts(EDITOR, C),
    "window": _acts(RESPONDER, C),
    "window_preview": _posts(RESPONDER, C),
    "arrangement": _acts(EDITOR, C),
    "arrangement_preview": _posts(EDITOR, C),
    "maintenance_step": _acts(RESPONDER, C),
    "maintenance_step_preview": _posts(RESPONDER, C),
    # Components, groups, templates
    "components": _acts(EDITOR, shown_to=VIEWER),
    "component_new": _reads(EDITOR, P),
    "component": _acts(EDITOR, C),
    "component_status": _posts(RESPONDER, C),
    "component_up": _posts(EDITOR, C),
    "component_down": _posts(EDITOR, C),
    "component_place": _posts(EDITOR, C),
    "component_remove": _acts(EDITOR, C),
    "groups": _posts(EDITOR),
    "group_new": _reads(EDITOR, P),
    "group": _acts(EDITOR),
    "group_up": _posts(EDITOR),
    "group_down": _posts(EDITOR),
    "group_remove": _acts(EDITOR),
    # The error guide
    "entries": _acts(EDITOR, shown_to=VIEWER),
    "entry_new": _reads(EDITOR, P),
    "entry_preview": _posts(EDITOR, N),
    "entry_trial": _posts(VIEWER, N),
    "entries_file": _acts(EDITOR),
    "entries_markdown": _reads(VIEWER),
    "entries_yaml": _reads(VIEWER),
    "unmatched": _reads(VIEWER),
    "unmatched_remove": _posts(EDITOR),
    "entry": _acts(EDITOR, shown_to=VIEWER),
    "entry_withdraw": _posts(EDITOR),
    "entry_review": _posts(EDITOR),
    "entry_remove": _acts(EDITOR),
    "incident_errors": _posts(RESPONDER, C),
    "templates": _acts(EDITOR, shown_to=VIEWER),
    "template_new": _reads(EDITOR, P),
    "template_preview": _posts(EDITOR, N),
    "template": _acts(EDITOR),
    "template_remove": _acts(EDITOR),
    # The page, its readers, its past
    "page": _acts(OWNER),
    "page_choice": _posts(VIEWER, N),
    "phases": _posts(OWNER),
    "look": _acts(EDITOR),
    "look_style": _reads(EDITOR, P),
    "logo": _posts(EDITOR),
    "agreed_hours": _acts(OWNER),
    "readership": _acts(OWNER),
    "feeds_renew": _posts(OWNER),
    "place": _acts(OWNER),
    "trials": _acts(EDITOR),
    "page_new": _acts(OWNER),
    "subscribers": _acts(EDITOR),
    "subscriber_new": _reads(EDITOR, P),
    "subscribers_export": _posts(EDITOR),
    "import_new": _acts(EDITOR),
    "import": _acts(EDITOR),
    "import_run": _posts(EDITOR),
    "import_remove": _posts(EDITOR),
    "subscriber": _reads(EDITOR, P),
    "subscriber_remind": _posts(EDITOR),
    "subscriber_pause": _posts(EDITOR),
    "subscriber_resume": _posts(EDITOR),
    "subscriber_reactivate": _posts(EDITOR),
    "subscriber_rule": _posts(EDITOR),
    "subscriber_remove": _acts(EDITOR),
    "subscriber_erase": _acts(EDITOR),
    "deliveries": _reads(VIEWER),
    "delivery_channel": _reads(VIEWER),
    "channel_pause": _posts(RESPONDER),
    "channel_resume": _posts(RESPONDER),
    "channel_retry": _posts(RESPONDER),
    "delivery_replay": _posts(EDITOR),
    "outbox": _reads(EDITOR, P),
    "letter": _reads(EDITOR, P),
    "letter_html": _reads(EDITOR, P),
    "history": _reads(VIEWER),
    "history_export": _reads(EDITOR, P),
    # Who works here, and which programs
    "people": _reads(OWNER, P),
    "invitations": _again(_acts(OWNER)),
    "invitation_withdraw": _again(_posts(OWNER)),
    "member": _again(_acts(OWNER)),
    "member_end": _again(_acts(OWNER)),
    "tokens": _again(_acts(OWNER)),
    "token_new": _again(_reads(OWNER, P)),
    "token_rotate": _again(_posts(OWNER)),
    "token_withdraw": _again(_posts(OWNER)),
}
"""Least roles by the name of the address."""


OPEN_TO_ALL = frozenset({"sign_in", "sign_out", "again", "accept", "set_up"})
"""Addresses that are there for people who are not signed in: the door itself, and links that are the proof."""

FOR_PROGRAMS = frozenset({"audit_file", "subscribers_file"})
"""Addresses that a token opens and no session does (`views/exports.py`)."""
