"""The words of an update for the text part of a mail: without the marks of Markdown, with what they mean."""

import re
from collections.abc import Callable, Mapping
from html.parser import HTMLParser

_Given = Mapping[str, str | None]
_BLOCKS = {"p", "blockquote", "pre", "table", "ul", "ol", "h3", "h4", "h5", "h6", "hr"}
_ITEMS = {"li", "tr"}
_MANY_LINES = re.compile(r"\n{3,}")
_SPACE = re.compile(r"[ \t\n]+")


def unmarked(html: str) -> str:
    """Return the text of sanitised `html`: paragraphs apart, lists with dashes or numbers, links with their address."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = (line.rstrip() for line in "".join(reader.written).split("\n"))
    return _MANY_LINES.sub("\n\n", "\n".join(lines)).strip("\n")


class _Reader(HTMLParser):
    """Writes down text as it comes; knows how deep in lists, quotes and code it is."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.written: list[str] = []
        self._lists: list[int | None] = []
        """The number of the last item of each open list, None for one without numbers."""
        self._quotes = 0
        self._is_code = False
        self._address = ""
        self._label = ""
        self._cells = 0
        self._breaks = 0
        """Line ends to be written before the next words."""
        self._is_item_begun = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line where the tag begins one."""
        if tag in _BLOCKS:
            self._line(2 if not self._lists else 1)
        elif tag in _ITEMS or tag == "br":
            self._line(1)
        if tag in _BEGUN:
            _BEGUN[tag](self, dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        """End what the tag ends."""
        if tag in _ENDED:
            _ENDED[tag](self)
        if tag in _BLOCKS:
            self._line(2 if not self._lists else 1)

    def handle_data(self, data: str) -> None:
        """Write words; outside code, line ends are spaces."""
        if self._address:
            self._label += data
        if self._is_code:
            self._write("    " + data.rstrip("\n").replace("\n", "\n    "))
        elif data.strip():
            text = _SPACE.sub(" ", data)
            self._write(text.lstrip() if self._is_at_the_beginning() else text)
        elif not self._is_at_the_beginning() and not self._cells:
            self._write(" ")

    def _begin_quote(self, _given: _Given) -> None:
        self._quotes += 1

    def _end_quote(self) -> None:
        self._quotes = max(0, self._quotes - 1)

    def _begin_code(self, _given: _Given) -> None:
        self._is_code = True

    def _end_code(self) -> None:
        self._is_code = False

    def _begin_list(self, _given: _Given) -> None:
        self._lists.append(None)

    def _begin_numbers(self, given: _Given) -> None:
        start = given.get("start") or "1"
        self._lists.append(int(start) - 1 if start.isdigit() else 0)

    def _end_list(self) -> None:
        del self._lists[-1:]

    def _begin_item(self, _given: _Given) -> None:
        number = self._lists[-1] if self._lists else None
        indent = "  " * (len(self._lists) - 1)
        if number is None:
            self._write(f"{indent}- ")
        else:
            self._lists[-1] = number + 1
            self._write(f"{indent}{number + 1}. ")
        self._is_item_begun = True

    def _begin_row(self, _given: _Given) -> None:
        self._cells = 0

    def _begin_cell(self, _given: _Given) -> None:
        self._write(" | " if self._cells else "")
        self._cells += 1

    def _end_table(self) -> None:
        self._cells = 0

    def _begin_link(self, given: _Given) -> None:
        self._address, self._label = given.get("href") or "", ""

    def _end_link(self) -> None:
        address = self._address.removeprefix("mailto:")
        if address and self._label.strip() not in (address, self._address):
            self._write(f" ({address})")
        self._address = ""

    def _line(self, count: int) -> None:
        """Let the next words begin a line, after an empty one where `count` is 2; an item begins beside its dash."""
        if self.written and not self._is_item_begun:
            self._breaks = max(self._breaks, count)

    def _write(self, text: str) -> None:
        if not text:
            return
        if self._breaks or not self.written:
            self.written.append("\n" * self._breaks + "> " * self._quotes)
            self._breaks = 0
        self.written.append(text)
        self._is_item_begun = False

    def _is_at_the_beginning(self) -> bool:
        return not self.written or bool(self._breaks) or self.written[-1].endswith((" ", "\n"))


_BEGUN: dict[str, Callable[[_Reader, _Given], None]] = {
    "blockquote": _Reader._begin_quote,
    "pre": _Reader._begin_code,
    "ul": _Reader._begin_list,
    "ol": _Reader._begin_numbers,
    "li": _Reader._begin_item,
    "tr": _Reader._begin_row,
    "td": _Reader._begin_cell,
    "th": _Reader._begin_cell,
    "a": _Reader._begin_link,
}
_ENDED: dict[str, Callable[[_Reader], None]] = {
    "blockquote": _Reader._end_quote,
    "pre": _Reader._end_code,
    "ul": _Reader._end_list,
    "ol": _Reader._end_list,
    "table": _Reader._end_table,
    "a": _Reader._end_link,
}
