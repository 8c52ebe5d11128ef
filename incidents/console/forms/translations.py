"""Fields for what staff say in the further languages of a page: one for each, none for a page with one language."""

from collections.abc import Mapping

from django.forms.boundfield import BoundField

from incidents.console.forms.console_form import ConsoleForm
from incidents.console.forms.fields import LineField, ProseField
from incidents.lib.languages import OFFERED
from incidents.timeline.models import Page
from incidents.timeline.models.translation import field_of


class TranslatedForm(ConsoleForm):
    """A form whose text or title may be said in further languages too."""

    languages: tuple[str, ...] = ()

    def offer_translations(self, page: Page, *, known: Mapping[str, str] | None = None, rows: int = 4) -> None:
        """Add the fields, with what is `known` in them; one line each where `rows` is 1."""
        self.languages = tuple(page.further_languages)
        for language in self.languages:
            name = OFFERED[language]
            field = LineField(label=name) if rows == 1 else ProseField(label=name, rows=rows)
            field.widget.attrs["lang"] = language
            self.fields[field_of(language)] = field
            self.initial.setdefault(field_of(language), (known or {}).get(language, ""))

    @property
    def translation_fields(self) -> list[BoundField]:
        """The fields of the further languages."""
        return [self[field_of(language)] for language in self.languages]

    @property
    def has_translations(self) -> bool:
        """Whether any is filled or wrong, so that the folded part is shown open."""
        return any(field.value() or field.errors for field in self.translation_fields)

    def translations(self) -> dict[str, str]:
        """Return what a valid form says, by language; an empty text takes a translation away."""
        return {language: self.cleaned_data.get(field_of(language), "") for language in self.languages}
