"""Entries as YAML: a list of mappings. Every value is read as text, so that `retry: no` is a word and no switch."""

from collections.abc import Iterable, Iterator
from typing import Any

import yaml

from incidents.guide.files.blocks import LISTS, MOST_BLOCKS, NAMES, Blocks, Problem, Unreadable, Values, block_of

_DEEPEST = 12

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one in C where the machine has it: ten times as fast."""


def read_yaml(text: str) -> Blocks:
    """Return the entries of a YAML file, and what cannot be read of it by line."""
    read = Blocks()
    try:
        _refuse_traps(text)
        root = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        read.problems.append(_problem(error))
        return read
    except Unreadable as error:
        read.problems.append(Problem(0, str(error)))
        return read
    nodes = _entries(root)
    if nodes is None:
        read.problems.append(Problem(1, "This is no list of entries: write “- code: 403” for each of them."))
        return read
    for node in nodes[:MOST_BLOCKS]:
        line = node.start_mark.line + 1
        try:
            read.blocks.append(block_of(dict(_values(node)), line=line))
        except Unreadable as error:
            read.problems.append(Problem(getattr(error, "line", line), str(error)))
    if len(nodes) > MOST_BLOCKS:
        read.problems.append(Problem(0, f"{MOST_BLOCKS:,} entries at most are taken at once."))
    return read


def write_yaml(entries: Iterable[tuple[Values, str]]) -> str:
    """Return entries as YAML that `read_yaml` reads the same; each with its state."""
    told = [{**_plain(values), "state": state} for values, state in entries]
    return yaml.dump(told, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as blocks."""


def _represent(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _represent)


def _plain(values: Values) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items() if value}


def _refuse_traps(text: str) -> None:
    """Refuse what makes a small file large: references, and nesting without end."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise Unreadable("Anchors and aliases (& and *) are not taken; write every entry out.")
        if depth > _DEEPEST:
            raise Unreadable("This is nested deeper than entries are.")


def _entries(root: yaml.Node | None) -> list[yaml.Node] | None:
    if isinstance(root, yaml.MappingNode):
        root = next((value for key, value in root.value if key.value in ("entries", "errors")), None)
    return list(root.value) if isinstance(root, yaml.SequenceNode) else None


def _values(node: yaml.Node) -> Iterator[tuple[str, str | tuple[str, ...]]]:
    if not isinstance(node, yaml.MappingNode):
        raise _at(node, "This is no entry: write “code: 403” and more lines like it.")
    for key, value in node.value:
        name = NAMES.get(str(key.value).lower().replace("_", " ")) if isinstance(key, yaml.ScalarNode) else None
        if name is None:
            raise _at(key, f"“{str(key.value)[:40]}” is not something an entry has.")
        yield name, _value(name, value)


def _value(name: str, node: yaml.Node) -> str | tuple[str, ...]:
    if isinstance(node, yaml.ScalarNode):
        text = "" if node.tag == "tag:yaml.org,2002:null" else str(node.value)
        return ((text,) if text else ()) if name in LISTS else text
    if isinstance(node, yaml.SequenceNode) and all(isinstance(one, yaml.ScalarNode) for one in node.value):
        texts = tuple(str(one.value) for one in node.value)
        if name in LISTS:
            return texts
        if name in ("solution", "cause"):
            return "\n".join(f"- {_indented(one)}" for one in texts)
    raise _at(node, "This value is not a text, nor a list of texts.")


def _indented(text: str) -> str:
    return text.strip().replace("\n", "\n  ")


def _at(node: yaml.Node, sentence: str) -> Unreadable:
    error = Unreadable(sentence)
    error.line = node.start_mark.line + 1  # type: ignore[attr-defined]
    return error


def _problem(error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or "it holds signs that are not allowed"
    return Problem(mark.line + 1 if mark else 0, f"This is not YAML: {what}.")
