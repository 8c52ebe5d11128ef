"""Before very many people are told, somebody says that it is meant."""

from incidents.console.forms.console_form import KeyedForm
from incidents.console.forms.fields import SwitchField
from incidents.timeline.models import Page
from incidents.timeline.refusals import Refused


class ManyAsked(Refused):
    """More people than the page's limit would be told, and nobody said that this is meant."""


class AnnouncementForm(KeyedForm):
    """A form whose act may tell more people than the page tells without a question."""

    many_are_meant = SwitchField(label="Yes, tell all of them")

    @property
    def asks_about_many(self) -> bool:
        """Whether the box is shown that says it."""
        return self.is_bound and ("many_are_meant" in self.errors or bool(self["many_are_meant"].value()))

    def ask_about_many(self, told: int, page: Page) -> None:
        """Refuse an act of a valid form that tells more people than the page's limit, until it is said to be meant.

        Raises ManyAsked.
        """
        if told > page.confirm_recipients and not self.cleaned_data.get("many_are_meant"):
            raise ManyAsked(
                f"{told:,} people are told, more than the {page.confirm_recipients:,} of this page. Is that meant?",
                field="many_are_meant",
            )
