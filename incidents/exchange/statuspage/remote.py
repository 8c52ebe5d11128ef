"""A source on the web: a page's public API, then its history month by month."""

import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from incidents.exchange.statuspage.documents import Document, read_document
from incidents.exchange.statuspage.fields import Fields, shortened
from incidents.exchange.statuspage.loading import SIZE_LIMIT, load_json
from incidents.exchange.statuspage.problems import Complaint, NothingToImport, Report
from incidents.lib.http import Answer, RequestFailed, fetch
from incidents.lib.numbers import whole_number

DOCUMENTS = ("summary", "components", "incidents", "scheduled-maintenances")
QUIET_PAGES = 4
"""Pages of history (three months each) without an incident after which nothing older is expected."""

MOST_PAGES = 120
"""Pages of history that are read at most: thirty years."""

TRIES = 3
SECONDS = 30.0
LONGEST_PAUSE = 60


@dataclass(frozen=True)
class RemotePage:
    """A status page at `base` (scheme and host). `allowed` as for `lib.http.fetch`.

    `known` returns, for the page's code, the codes of incidents that were over when an earlier
    run took them; where history alone names them, they are not fetched again.
    """

    base: str
    report: Report
    allowed: Collection[str] = ()
    known: Callable[[str], Collection[str]] = lambda _: ()

    def read(self) -> Iterator[Document | None]:
        """Read the page's documents one by one; yield None for one that holds nothing to import.

        Raises NothingToImport where the page does not answer at all.
        """
        seen: set[str] = set()
        taken: Collection[str] = ()
        for name in DOCUMENTS:
            document = self._document(f"api/v2/{name}.json", must_exist=name == "summary")
            if document is not None:
                seen |= {found.record.code for found in document.incidents}
                taken = self.known(document.page.code) if document.page else taken
            yield document
        for code in self._older_codes():
            if code not in seen and code not in taken:
                seen.add(code)
                yield self._document(f"api/v2/incidents/{code}.json", must_exist=False)

    def _older_codes(self) -> Iterator[str]:
        quiet = 0
        for number in range(1, MOST_PAGES + 1):
            codes = self._codes_on_page(number)
            if codes is None:
                return
            yield from codes
            quiet = 0 if codes else quiet + 1
            if quiet == QUIET_PAGES:
                return

    def _codes_on_page(self, number: int) -> list[str] | None:
        name = f"history.json?page={number}"
        try:
            fields = Fields(load_json(self._get(name).body))
            months = [Fields(month, what="a month") for month in fields.rows("months")]
            rows = [row for month in months for row in month.optional_rows("incidents")]
            return [Fields(row, what="an incident").code("code") for row in rows]
        except (Complaint, RequestFailed) as trouble:
            self.report.note(name, f"{trouble.sentence} Older incidents are not read.")
            return None

    def _document(self, name: str, *, must_exist: bool) -> Document | None:
        try:
            content = load_json(self._get(name).body)
        except RequestFailed as failure:
            if must_exist:
                raise NothingToImport(failure.sentence) from failure
            self.report.skip(name, failure.sentence)
            return None
        except Complaint as complaint:
            if must_exist:
                raise NothingToImport(f"{self.base}/{name}: {complaint.sentence}") from complaint
            self.report.skip(name, complaint.sentence)
            return None
        return read_document(name, content, self.report)

    def _get(self, name: str) -> Answer:
        """Return the answer for a document. Raises Complaint for any status but 200, RequestFailed."""
        for attempt in range(1, TRIES + 1):
            answer = fetch(
                f"{self.base}/{name}",
                headers={"Accept": "application/json"},
                seconds=SECONDS,
                size_limit=SIZE_LIMIT,
                allowed=self.allowed,
            )
            if answer.status not in (420, 429, 503) or attempt == TRIES:
                break
            time.sleep(_pause(answer, attempt))
        if 300 <= answer.status < 400:
            raise Complaint(f"It answers with a redirect to {_host(answer)}; give the address of that page.")
        if answer.status != 200:
            raise Complaint(f"The page answers with status {answer.status}.")
        return answer


def base_of(source: str) -> str:
    """Return scheme and host of a page's address, also where it names one of its documents."""
    parts = urlsplit(source)
    return f"{parts.scheme}://{parts.netloc}"


def _pause(answer: Answer, attempt: int) -> int:
    hint = whole_number(answer.headers.get("Retry-After", ""))
    return 2**attempt if hint is None else min(hint, LONGEST_PAUSE)


def _host(answer: Answer) -> str:
    return shortened(urlsplit(answer.headers.get("Location", "")).netloc) or "elsewhere"
