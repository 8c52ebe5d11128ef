"""Markdown as we write it: sanitised HTML turned back into CommonMark, and plain words that must not be markup."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~])")
_BEGINS_A_BLOCK = re.compile(r"^(\d{1,9})?([#>+=-]|(?<=\d)[.)])")
_SPACE = re.compile(r"\s+")

_AROUND = {"strong": "**", "b": "**", "em": "_", "i": "_", "del": "~~", "s": "~~"}
_VOID = frozenset({"br", "hr", "img", "wbr"})
_BLOCKS = frozenset({"p", "ul", "ol", "blockquote", "pre", "table", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "div"})
_SHORTEST_FENCE = 3


def escaped(words: str) -> str:
    """Return `words` on one line so that they read the same in Markdown: nothing in them is markup."""
    return _BEGINS_A_BLOCK.sub(r"\1\\\2", _inert(_SPACE.sub(" ", words).strip()))


def link(words: str, address: str) -> str:
    """Return a link to a web address."""
    return f"[{_inert(_SPACE.sub(' ', words).strip())}]({_target(address)})"


def markdown_of(html: str) -> str:
    """Return sanitised HTML (markdown.sanitise_html) as CommonMark with tables; "" for nothing.

    Headings become bold lines: those of the document around it stay the only ones.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return _blocks(reader.root.children)


@dataclass(slots=True)
class _Node:
    tag: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["_Node | str"] = field(default_factory=list)


class _Reader(HTMLParser):
    """Reads well-formed HTML into a tree."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = _Node()
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = _Node(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(node)
        if tag not in _VOID:
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if len(self._open) > 1 and self._open[-1].tag == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def _blocks(children: Iterable[_Node | str], *, apart: str = "\n\n") -> str:
    """Return children one under the other; a run of words between blocks is a paragraph."""
    written: list[str] = []
    run: list[_Node | str] = []
    for child in children:
        if isinstance(child, _Node) and child.tag in _BLOCKS:
            written += [_paragraph(run), _block(child)]
            run = []
        else:
            run.append(child)
    return apart.join(one for one in (*written, _paragraph(run)) if one)


def _block(node: _Node) -> str:
    if node.tag in {"ul", "ol"}:
        return _list(node)
    if node.tag == "blockquote":
        return "\n".join(f"> {line}".rstrip() for line in _blocks(node.children).split("\n"))
    if node.tag == "pre":
        return _fenced(_words(node))
    if node.tag == "table":
        return _table(node)
    if node.tag == "hr":
        return "---"
    if node.tag == "p":
        return _paragraph(node.children)
    if node.tag == "div":
        return _blocks(node.children)
    heading = _line(node.children)
    return f"**{heading}**" if heading else ""


def _paragraph(children: Iterable[_Node | str]) -> str:
    lines = (_BEGINS_A_BLOCK.sub(r"\1\\\2", line.strip()) for line in _inline(children).split("\n"))
    return "\n".join(lines).strip()


def _line(children: Iterable[_Node | str]) -> str:
    """Return children on one line, for a heading or a cell of a table."""
    return _SPACE.sub(" ", _inline(children).replace("\\\n", " ")).strip()


def _inline(children: Iterable[_Node | str]) -> str:
    return "".join(_inert(_SPACE.sub(" ", one)) if isinstance(one, str) else _span(one) for one in children)


def _span(node: _Node) -> str:
    if node.tag == "br":
        return "\\\n"
    if node.tag == "code":
        return _code(_words(node))
    inner = _inline(node.children)
    if node.tag == "a" and node.attributes.get("href"):
        return f"[{inner}]({_target(node.attributes['href'])})"
    sign = _AROUND.get(node.tag, "") if inner.strip() else ""
    # A sign next to a space would not be one (CommonMark, 6.2).
    before, after = " " * (inner != inner.lstrip()), " " * (inner != inner.rstrip())
    return f"{before}{sign}{inner.strip()}{sign}{after}" if sign else inner


def _list(node: _Node) -> str:
    items = [one for one in node.children if isinstance(one, _Node) and one.tag == "li"]
    first = int(node.attributes.get("start") or 1) if node.tag == "ol" else None
    written = []
    for number, item in enumerate(items):
        sign = "- " if first is None else f"{first + number}. "
        is_tight = not any(isinstance(child, _Node) and child.tag == "p" for child in item.children)
        text = _blocks(item.children, apart="\n" if is_tight else "\n\n")
        written.append(sign + text.replace("\n", "\n" + " " * len(sign)))
    return "\n".join(line.rstrip() for line in "\n".join(written).split("\n"))


def _table(node: _Node) -> str:
    rows = [[_line(cell.children) for cell in _find(row, "th", "td")] for row in _find(node, "tr")]
    if not rows:
        return ""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], f"|{' --- |' * len(rows[0])}", *lines[1:]])


def _find(node: _Node, *tags: str) -> list[_Node]:
    found = []
    for child in node.children:
        if isinstance(child, _Node):
            found += [child] if child.tag in tags else _find(child, *tags)
    return found


def _words(node: _Node) -> str:
    return "".join(one if isinstance(one, str) else _words(one) for one in node.children)


def _code(words: str) -> str:
    fence = "`" * (_longest_run(words) + 1)
    space = " " if words[:1] in ("`", " ") or words[-1:] in ("`", " ") else ""
    return f"{fence}{space}{words}{space}{fence}"


def _fenced(words: str) -> str:
    fence = "`" * max(_SHORTEST_FENCE, _longest_run(words) + 1)
    lines = words.strip("\n")
    return f"{fence}\n{lines}\n{fence}"


def _longest_run(words: str) -> int:
    return max((len(run) for run in re.findall("`+", words)), default=0)


def _inert(words: str) -> str:
    return _SPECIAL.sub(r"\\\1", words)


def _target(address: str) -> str:
    return f"<{address}>" if re.search(r"[\s()]", address) else address
