"""Writing a page out for a web server, a bucket or a CDN."""

from pathlib import Path

from incidents.publishing.headers import NOT_FOR_SEARCH
from incidents.publishing.models import Document
from incidents.publishing.showing import published_of
from incidents.publishing.tree import Tree
from incidents.timeline.models import Page

_AT_ONCE = 50


def export_page(page: Page, folder: Path) -> int:
    """Write every published document of `page` into `folder` and return how many. Raises OSError.

    What an earlier export left there and is gone since is removed; other files of the folder stay.
    """
    tree = Tree(folder)
    keys = list(Document.objects.filter(page=page).values_list("pk", flat=True))
    for start in range(0, len(keys), _AT_ONCE):
        rows = Document.objects.filter(pk__in=keys[start : start + _AT_ONCE])
        tree.write([published_of(row) for row in rows])
    tree.write_headers((NOT_FOR_SEARCH,) if page.is_unlisted else ())
    return Document.objects.filter(page=page, is_gone=False).count()
