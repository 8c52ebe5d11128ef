"""Fields for what staff say in the further languages of a page: one for each, none for a page with one language."""

from collections.abc import Mapping

from django.forms.boundfield import BoundField

from incidents.console.forms.console_form import ConsoleForm
from incidents.console.forms.fields import LineField, ProseField
from incidents.lib.languages import OFFERED
from incidents.timeline.models import Page
from incidents.timeline.models.translation import field_of, title_field_of


class TranslatedForm(ConsoleForm):
    """A form whose text or title may be said in further languages too."""

    languages: tuple[str, ...] = ()
    has_titles = False
    """Whether the title is asked for beside the text."""

    def offer_translations(self, page: Page, *, known: Mapping[str, str] | None = None, rows: int = 4) -> None:
        """Add the fields, with what is `known` in them; one line each where `rows` is 1."""
        self.languages = tuple(page.further_languages)
        for language in self.languages:
            name = OFFERED[language]
            field = LineField(label=name) if rows == 1 else ProseField(label=name, rows=rows)
            field.widget.attrs["lang"] = language
            self.fields[field_of(language)] = field
            self.initial.setdefault(field_of(language), (known or {}).get(language, ""))

    def offer_titles_and_texts(self, page: Page) -> None:
        """Add two fields for each language: the title and the text of something that is told for the first time."""
        self.offer_translations(page)
        self.has_titles = True
        for language in self.languages:
            title = LineField(label=f"{OFFERED[language]}: title")
            title.widget.attrs["lang"] = language
            self.fields[title_field_of(language)] = title
            self.fields[field_of(language)].label = f"{OFFERED[language]}: text"

    @property
    def translation_fields(self) -> list[BoundField]:
        """The fields of the further languages."""
        names = [
            name
            for language in self.languages
            for name in ((title_field_of(language),) if self.has_titles else ()) + (field_of(language),)
        ]
        return [self[name] for name in names]

    @property
    def has_translations(self) -> bool:
        """Whether any is filled or wrong, so that the folded part is shown open."""
        return any(field.value() or field.errors for field in self.translation_fields)

    def translations(self) -> dict[str, str]:
        """Return what a valid form says, by language; an empty text takes a translation away."""
        return {language: self.cleaned_data.get(field_of(language), "") for language in self.languages}

    def titles(self) -> dict[str, str]:
        """Return the titles a valid form says, by language."""
        return {language: self.cleaned_data.get(title_field_of(language), "") for language in self.languages}
