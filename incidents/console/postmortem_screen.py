"""What the screen of a postmortem shows, whichever view answers with it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from incidents.console.audience import audience
from incidents.console.forms.postmortem import ActionForm, PostmortemForm, PublicationForm, action_values
from incidents.console.held_screen import held_act
from incidents.console.loading import postmortem_of
from incidents.console.preview import preview_of_text
from incidents.lib.clock import now
from incidents.timeline.models import ActionItem, Incident
from incidents.timeline.postmortems.reading import read_draft
from incidents.timeline.postmortems.second_looks import SecondLook
from incidents.timeline.postmortems.sections import Line, timeline_of

SHOW = "console/postmortems/show.html"
NEW_ACTION = "new_%s"
"""Ids of the fields for an action item, apart from those of the text."""


@dataclass(frozen=True, slots=True)
class Tick:
    """One line that may stand in the timeline, and whether it is wanted there."""

    number: int
    line: Line
    is_wanted: bool


def postmortem_screen(
    incident: Incident,
    form: PostmortemForm,
    *,
    action_form: ActionForm | None = None,
    row: tuple[ActionItem, ActionForm] | None = None,
    wanted: Collection[int] | None = None,
) -> dict[str, Any]:
    """Return the draft in `form`, its preview, what is worth a second look, and the action items.

    `row` is an action item with what was typed in its row and refused. `wanted` are the numbers of
    the lines ticked for the timeline, None for all.
    """
    begun = postmortem_of(incident)
    one_more = action_form or ActionForm(initial={"is_public": True}, auto_id=NEW_ACTION)
    one_more.belong_to("write")
    text = str(form["draft"].value() or "")
    is_mailed = "notify" in form.data or not form.is_bound
    return {
        "now": now(),
        "incident": incident,
        "held_act": held_act(incident),
        "postmortem": begun,
        "form": form,
        "publication": PublicationForm(initial={"notify": is_mailed}),
        "preview": preview_of_text(text),
        "looks": _by_sentence(read_draft(text, incident, at=now())),
        "ticks": [
            Tick(number, line, is_wanted=wanted is None or number in wanted)
            for number, line in enumerate(timeline_of(incident))
        ],
        "audience": audience(incident.page, incident=incident, notify=is_mailed),
        "actions": [(action, _row_of(action, row)) for action in begun.actions.all()] if begun else [],
        "refused_row": row[1] if row else None,
        "action_form": one_more,
    }


def _by_sentence(looks: Iterable[SecondLook]) -> list[tuple[str, str]]:
    """Return (names of the sections, sentence), so that what holds for many of them is said once."""
    sections: dict[str, list[str]] = {}
    for look in looks:
        sections.setdefault(look.sentence, []).append(look.section)
    return [(", ".join(filter(None, names)), sentence) for sentence, names in sections.items()]


def row_form(action: ActionItem, said: Mapping[str, str] | None = None) -> ActionForm:
    """Return the fields of an action item in its row; they belong to the form of the text."""
    name = f"action-{action.pk}"
    form = ActionForm(said, initial=action_values(action), prefix=name, auto_id="id_%s")
    form.belong_to("write")
    return form


def _row_of(action: ActionItem, refused: tuple[ActionItem, ActionForm] | None) -> ActionForm:
    return refused[1] if refused and refused[0].pk == action.pk else row_form(action)
