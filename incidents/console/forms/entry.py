"""Forms of the error guide."""

from typing import Any

from django import forms

from incidents.console.forms.console_form import ConsoleForm
from incidents.console.forms.fields import ChosenField, DayField, LineField, NumberField, ProseField, SwitchField
from incidents.guide.contents import Contents
from incidents.guide.models import Entry
from incidents.timeline.models import Component, Page

_RETRY = [("", "Not said"), ("no", "No"), ("yes", "Yes"), ("after", "After a while")]


class EntryForm(ConsoleForm):
    """Everything an entry says; what it must have to be published is the verb's to judge."""

    error_code = LineField(label="Code", help_text="An HTTP status such as 403, or a code of your own.")
    title = LineField(label="Title")
    providers = LineField(label="Providers", help_text="Such as Gmail, Microsoft; leave it empty for everybody.")
    sentence = LineField(label="What happened, in one sentence")
    messages = ProseField(
        label="What the error says", rows=3, help_text="One message a line, word for word; * stands for anything."
    )
    cause = ProseField(label="Cause", rows=4)
    solution = ProseField(label="Solution", rows=6, help_text="Begin each step with a hyphen; readers see numbers.")
    retry = ChosenField(label="Does trying again help?", choices=_RETRY)
    retry_after = NumberField(label="After how many minutes", required=False, min_value=1)
    components = forms.MultipleChoiceField(
        label="Components whose trouble causes it",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="While an incident that affects one of them is open, readers of this entry see the incident first.",
    )
    is_linked_by_rule = SwitchField(
        label="Show open incidents that match by themselves", help_text="Without it only those you link by hand."
    )
    related = LineField(label="Related entries", help_text="Their addresses, with commas between.")
    problem_type = LineField(label="Type", help_text="The “type” of your own answers (RFC 9457), if they have one.")
    slug = LineField(label="Address", help_text="Leave it empty and it is made of code and title. Old ones lead here.")
    reviewed_on = DayField(label="Last reviewed")
    review_due_on = DayField(label="Review again by")

    def __init__(self, *args: Any, page: Page, entry: Entry | None = None, message: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = Component.objects.on(page).living().values_list("name", flat=True)
        self.fields["components"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]
        self.initial = {**_values(entry), **self.initial}
        if message:
            self.initial["messages"] = message

    def contents(self) -> Contents:
        """Return what was typed; also of a form that is not valid, as far as it can be read."""
        said = self.cleaned_data
        return Contents(
            code=said.get("error_code", ""),
            title=said.get("title", ""),
            sentence=said.get("sentence", ""),
            cause=said.get("cause", ""),
            solution=said.get("solution", ""),
            messages=tuple(said.get("messages", "").splitlines()),
            providers=tuple(said.get("providers", "").split(",")),
            retry=said.get("retry", ""),
            retry_after=said.get("retry_after"),
            problem_type=said.get("problem_type", ""),
            slug=said.get("slug", ""),
            reviewed_on=said.get("reviewed_on"),
            review_due_on=said.get("review_due_on"),
            components=tuple(said.get("components", ())),
            related=tuple(one for one in (piece.strip() for piece in said.get("related", "").split(",")) if one),
            is_linked_by_rule=bool(said.get("is_linked_by_rule")),
        )


class MessageForm(ConsoleForm):
    """A message to try the guide with."""

    text = ProseField(label="Message", rows=4, help_text="Paste an error as somebody would; nothing is kept.")


class FileForm(ConsoleForm):
    """A file of entries, pasted or uploaded."""

    file = forms.FileField(label="File", required=False, help_text="Markdown, or YAML where it ends in .yaml.")
    text = ProseField(label="Or its text", rows=10)
    is_yaml = SwitchField(label="It is YAML")
    as_drafts = SwitchField(label="Publish nothing that the file does not call published")

    def clean(self) -> dict[str, Any]:
        """Take the text of an upload in. Refuses what is no UTF-8, too large, or nothing."""
        said = super().clean() or {}
        upload = said.get("file")
        if upload is not None:
            said["text"] = self._read(upload)
            said["is_yaml"] = said.get("is_yaml") or str(upload.name).lower().endswith((".yaml", ".yml"))
        if not self.errors and not str(said.get("text", "")).strip():
            self.add_error("text", "Choose a file, or paste its text.")
        return said

    def _read(self, upload: Any) -> str:
        try:
            return str(upload.read(LARGEST_UPLOAD + 1)[:LARGEST_UPLOAD].decode("utf-8-sig"))
        except UnicodeDecodeError:
            self.add_error("file", "This file is not UTF-8; save it as such.")
            return ""


LARGEST_UPLOAD = 1_000_000
"""Bytes; what is larger is for `manage.py import_errors`."""


def _values(entry: Entry | None) -> dict[str, Any]:
    if entry is None:
        return {"is_linked_by_rule": True}
    said = entry.contents
    names = ("title", "sentence", "cause", "solution", "retry", "retry_after", "problem_type", "slug")
    return {
        **{name: getattr(said, name) for name in (*names, "reviewed_on", "review_due_on", "is_linked_by_rule")},
        "error_code": said.code,
        "messages": "\n".join(said.messages),
        "providers": ", ".join(said.providers),
        "components": list(said.components),
        "related": ", ".join(said.related),
    }
