"""What staff wrote, in the language of a mail where they translated it, else as they wrote it.

What the page said by itself is told in the language of every mail.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from incidents.timeline.models import Incident, Translated, Translation, Update
from incidents.timeline.own_words import told_in


@dataclass(frozen=True, slots=True)
class Wording:
    """The title and the texts of one incident for readers of one language."""

    incident: Incident
    language: str
    title: str
    texts: Mapping[int, tuple[str, str]]
    """Typed text and HTML of what staff translated, by key of the update."""

    @classmethod
    def of(cls, incident: Incident, language: str) -> Wording:
        """Read what is translated into `language`; no query where the page has one language."""
        page = incident.page
        if language not in page.further_languages:
            return cls(incident, language, incident.title, {})
        rows = list(Translation.objects.filter(incident=incident, language=language))
        title = next((row.text for row in rows if row.kind == Translated.TITLE), incident.title)
        texts = {row.update_id: (row.text, row.html) for row in rows if row.update_id}
        return cls(incident, language, title, texts)

    def text(self, update: Update) -> tuple[str, str]:
        """Return the text of an update as typed and as HTML."""
        return self._told(update) or (update.body, update.html)

    def language_of(self, update: Update) -> str:
        """Return the language of its text where it is not that of the mail, else ""."""
        main = self.incident.page.language
        return "" if main == self.language or self._told(update) else main

    def _told(self, update: Update) -> tuple[str, str] | None:
        return self.texts.get(update.pk) or told_in(self.language, update.body)
