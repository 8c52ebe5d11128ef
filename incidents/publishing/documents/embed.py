"""The page's state inside other people's pages: a frame that needs no script, and a script that shows it."""

from django.template.loader import render_to_string
from django.utils.translation import gettext

from incidents.publishing.documents.headline import headline
from incidents.publishing.shapes import IndexFacts, PageFacts
from incidents.publishing.wording import in_page_language


@in_page_language
def frame(facts: IndexFacts, *, is_banner: bool = False) -> bytes:
    """Return the frame: a card of 320 x 115 (the size of Statuspage's), or one line as wide as its place."""
    newest = max(facts.active, key=lambda one: one.updated_at, default=None)
    context = {
        "page": facts.page,
        "sentence": headline(facts),
        "about": newest.title if newest else "",
        "is_banner": is_banner,
    }
    return render_to_string("public/embed.html", context).encode()


@in_page_language
def script(page: PageFacts) -> bytes:
    """Return the script that shows the card in a corner while something is wrong or under way."""
    name = gettext("{page} status").format(page=page.name)
    words = {"name": name, "close": gettext("Close: {name}").format(name=name)}
    return render_to_string("public/embed.js", words).encode()
