"""Translation: what staff wrote about an incident, in a further language of its page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from incidents.lib.markdown import render_markdown
from incidents.lib.text import is_blank
from incidents.lib.time_tokens import completed
from incidents.timeline.checks import BODY_LIMIT, POSTMORTEM_LIMIT, checked_line, checked_text
from incidents.timeline.models.event import Actor, Event, actor_name
from incidents.timeline.placeholders import Facts, filled, filled_line
from incidents.timeline.refusals import UnknownLanguage

if TYPE_CHECKING:
    from incidents.timeline.models.incident import Incident
    from incidents.timeline.models.update import Update


class Translated(models.TextChoices):
    """What is translated."""

    TITLE = "title", "Title"
    UPDATE = "update", "Update"
    POSTMORTEM = "postmortem", "Postmortem"


_EVENTS = {Translated.UPDATE: "update.translated", Translated.POSTMORTEM: "postmortem.translated"}


class Translation(models.Model):
    """A title, an update or a postmortem in one language. Readers without one get the original."""

    incident = models.ForeignKey("incidents.Incident", on_delete=models.CASCADE, related_name="translations")
    update = models.ForeignKey("incidents.Update", null=True, on_delete=models.CASCADE, related_name="translations")
    kind = models.CharField(max_length=10, choices=Translated.choices)
    language = models.CharField(max_length=16)
    text = models.TextField()
    html = models.TextField(blank=True)
    author_name = models.CharField(max_length=150)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "kind", "language"], condition=Q(update=None), name="translation_once_per_incident"
            ),
            models.UniqueConstraint(
                fields=["update", "language"], condition=~Q(update=None), name="translation_once_per_update"
            ),
            models.CheckConstraint(
                condition=Q(kind="update", update__isnull=False) | (~Q(kind="update") & Q(update=None)),
                name="translation_has_its_update",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="translation_has_a_text"),
        ]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.kind} in {self.language}: {self.text[:60]}"

    # Verbs

    @classmethod
    def of_title(
        cls, incident: Incident, texts: Mapping[str, str], *, by: Actor, at: datetime, beside_text: bool = False
    ) -> None:
        """Keep the title of an incident in each language of `texts`; an empty one takes its translation away.

        Nobody is mailed. `beside_text` says that it was said in one form with a text. Raises UnknownLanguage
        for one the page is not published in, TextTooLong.
        """
        named = title_field_of if beside_text else field_of
        cls._say(incident, None, Translated.TITLE, texts, by=by, at=at, named=named)

    @classmethod
    def of_update(cls, update: Update, texts: Mapping[str, str], *, by: Actor, at: datetime) -> None:
        """Keep the text of an update in each language of `texts`. As `of_title`."""
        cls._say(update.incident, update, Translated.UPDATE, texts, by=by, at=at)

    @classmethod
    def of_postmortem(cls, incident: Incident, texts: Mapping[str, str], *, by: Actor, at: datetime) -> None:
        """Keep the postmortem of an incident in each language of `texts`. As `of_title`.

        Readers see it once the original is published.
        """
        cls._say(incident, None, Translated.POSTMORTEM, texts, by=by, at=at)

    # Questions

    @classmethod
    def texts(cls, incident: Incident, kind: Translated, update: Update | None = None) -> dict[str, str]:
        """Return what is translated, as typed, by language."""
        rows = cls.objects.filter(incident=incident, kind=kind, update=update)
        return dict(rows.values_list("language", "text"))

    # Inner steps

    @classmethod
    def _say(
        cls,
        incident: Incident,
        update: Update | None,
        kind: Translated,
        texts: Mapping[str, str],
        *,
        by: Actor,
        at: datetime,
        named: Callable[[str], str] | None = None,
    ) -> None:
        if not texts:
            return
        page = incident.page
        field = named or field_of
        clean = {language: _checked(text, kind, field=field(language)) for language, text in texts.items()}
        if unknown := clean.keys() - set(page.further_languages):
            raise UnknownLanguage(f"The page is not published in {', '.join(sorted(unknown))}.", field="language")
        if kind != Translated.TITLE:
            on = update.posted_at if update else at
            clean = {language: completed(text, zone=page.zone, on=on) for language, text in clean.items()}
        with page.locked():
            former = cls.texts(incident, kind, update)
            for language, text in clean.items():
                if text == former.get(language, ""):
                    continue
                cls._keep(incident, update, kind, language, text, by=by, at=at)
                payload = {"incident": incident.code, "language": language, "former": former.get(language, "")}
                event = _EVENTS.get(kind, f"{incident.kind}.translated")
                Event.record(page=page, kind=event, by=by, at=at, subject=update or incident, payload=payload)

    @classmethod
    def _keep(
        cls,
        incident: Incident,
        update: Update | None,
        kind: Translated,
        language: str,
        text: str,
        *,
        by: Actor,
        at: datetime,
    ) -> None:
        if not text:
            cls.objects.filter(incident=incident, update=update, kind=kind, language=language).delete()
            return
        html = "" if kind == Translated.TITLE else render_markdown(text)
        cls.objects.update_or_create(
            incident=incident,
            update=update,
            kind=kind,
            language=language,
            defaults={"text": text, "html": html, "author_name": actor_name(by)[:150], "updated_at": at},
        )


def _checked(text: str, kind: Translated, *, field: str) -> str:
    """Return the text clean, "" for none. Raises TextTooLong at its field."""
    if is_blank(text):
        return ""
    if kind == Translated.TITLE:
        return checked_line(text, field=field, what="The title")
    limit = POSTMORTEM_LIMIT if kind == Translated.POSTMORTEM else BODY_LIMIT
    return checked_text(text, field=field, what="The translation", limit=limit)


def field_of(language: str) -> str:
    """Return the name of the form field for a language: refusals point to it."""
    return f"in_{language.lower().replace('-', '_')}"


def title_field_of(language: str) -> str:
    """Return the name of the field for a title in a language, where a text stands in the same form."""
    return f"title_{field_of(language)}"


def filled_texts(texts: Mapping[str, str], facts: Facts) -> dict[str, str]:
    """Return texts by language with their placeholders filled in that language. Raises as `filled`."""
    return {
        language: filled(text, replace(facts, language=language), field=field_of(language))
        for language, text in texts.items()
    }


def filled_titles(titles: Mapping[str, str], facts: Facts) -> dict[str, str]:
    """Return titles by language with their placeholders filled in that language. Raises as `filled_line`."""
    return {
        language: filled_line(title, replace(facts, language=language), field=title_field_of(language))
        for language, title in titles.items()
    }
