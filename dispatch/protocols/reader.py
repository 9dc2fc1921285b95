"""YAML read node by node, so that every fault names its file, line and key.

Scalars are taken as written: `yes` stays a word (YAML 1.1 would turn it into a boolean).
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any, TypeVar

import yaml

from dispatch.protocols.rules import Text

LARGEST_FILE = 200_000
"""Bytes; the longest protocol of ours has 12,000."""

DEEPEST = 20
"""Levels of nesting; a protocol needs eight."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml where the wheel has it: seven times faster."""


_NAME = re.compile(r"[a-z][a-z0-9_]*(-[a-z0-9_]+)*")
_NAME_RULE = "small letters, digits, - and _"

T = TypeVar("T")
Member = TypeVar("Member", bound=StrEnum)


class ProtocolFault(Exception):
    """A protocol file is wrong: where, and what was expected there."""

    def __init__(self, file: str, line: int, key: str, expected: str) -> None:
        """`line` counts from 1; `key` is the path in the file, e.g. questions[2].show_if.fire."""
        super().__init__(f"{file}, line {line}, {key}: {expected}")
        self.file = file
        self.line = line
        self.key = key
        self.expected = expected


def compose(file: str, content: bytes) -> yaml.Node:
    """The file's one document as nodes. Raises ProtocolFault.

    Aliases are refused, since a few nested lines of them can stand for billions of nodes, and so is deep nesting.
    """
    if len(content) > LARGEST_FILE:
        raise ProtocolFault(file, 1, "file", f"expected at most {LARGEST_FILE} bytes")
    try:
        return _nodes(file, content.decode())
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ProtocolFault(file, line, "file", "expected UTF-8") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or getattr(error, "reason", None)
        raise ProtocolFault(file, mark.line + 1 if mark else 1, "file", f"expected YAML: {reason}") from None


def _nodes(file: str, text: str) -> yaml.Node:
    documents: list[yaml.Node] = []
    open_nodes: list[list[yaml.Node]] = [documents]
    for event in yaml.parse(text, Loader=_LOADER):
        begin: Any = event.start_mark  # libyaml's marks are of another class than the stubs want
        if isinstance(event, yaml.AliasEvent) or len(open_nodes) > DEEPEST:
            expected = f"no alias and at most {DEEPEST} levels"
            raise ProtocolFault(file, begin.line + 1, "file", f"expected {expected}")
        if isinstance(event, yaml.ScalarEvent):
            open_nodes[-1].append(yaml.ScalarNode("", event.value, begin))
        elif isinstance(event, yaml.CollectionStartEvent):
            children: list[yaml.Node] = []
            kind = yaml.MappingNode if isinstance(event, yaml.MappingStartEvent) else yaml.SequenceNode
            open_nodes[-1].append(kind("", children, begin))
            open_nodes.append(children)
        elif isinstance(event, yaml.CollectionEndEvent):
            open_nodes.pop()
    if len(documents) != 1:
        raise ProtocolFault(file, 1, "file", f"expected one document, found {len(documents)}")
    return documents[0]


class Reader:
    """Reads one file's nodes and collects faults, going on with the next item after each."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[ProtocolFault] = []

    @contextmanager
    def collecting(self) -> Iterator[None]:
        try:
            yield
        except ProtocolFault as fault:
            self.faults.append(fault)

    def fault(self, node: yaml.Node, key: str, expected: str) -> ProtocolFault:
        return ProtocolFault(self.file, node.start_mark.line + 1, key, expected)

    def note(self, node: yaml.Node, key: str, expected: str) -> None:
        self.faults.append(self.fault(node, key, expected))

    def text(self, node: yaml.Node, key: str) -> Text:
        parts = self.mapping(node, key, "id en")
        return Text(self.scalar(parts["id"], f"{key}.id"), self.scalar(parts["en"], f"{key}.en"))

    def member(self, kind: type[Member], node: yaml.Node, key: str) -> Member:
        word = self.scalar(node, key)
        try:
            return kind(word)
        except ValueError:
            raise self.fault(node, key, f"expected one of {', '.join(kind)}, found {word}") from None

    def word(self, node: yaml.Node, key: str) -> str:
        word = self.scalar(node, key)
        if not _NAME.fullmatch(word):
            raise self.fault(node, key, f"expected {_NAME_RULE}, found {word}")
        return word

    def integer(self, node: yaml.Node, key: str, least: int, most: int) -> int:
        word = self.scalar(node, key)
        if not re.fullmatch(r"[0-9]{1,6}", word) or not least <= int(word) <= most:
            raise self.fault(node, key, f"expected a whole number from {least} to {most}, found {word}")
        return int(word)

    def scalar(self, node: yaml.Node, key: str) -> str:
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            raise self.fault(node, key, "expected a text")
        return str(node.value).strip()

    def unique(self, names: list[str], node: yaml.Node, key: str, what: str) -> None:
        for name in sorted({name for name in names if names.count(name) > 1}):
            self.note(node, key, f"expected each {what} once, found {name} again")

    def items(
        self, node: yaml.Node, key: str, read: Callable[[yaml.Node, str], T], *, may_be_empty: bool = False
    ) -> tuple[T, ...]:
        """Each item of a list; a faulty one is noted and left out."""
        if not isinstance(node, yaml.SequenceNode):
            raise self.fault(node, key, "expected a list")
        if not node.value and not may_be_empty:
            raise self.fault(node, key, "expected at least one item")
        result: list[T] = []
        for number, item in enumerate(node.value, 1):
            with self.collecting():
                result.append(read(item, f"{key}[{number}]"))
        return tuple(result)

    def pairs(self, node: yaml.Node, key: str) -> dict[str, tuple[yaml.Node, yaml.Node]]:
        """A mapping's keys with their own nodes and their values'."""
        if not isinstance(node, yaml.MappingNode):
            raise self.fault(node, key, "expected a mapping")
        result: dict[str, tuple[yaml.Node, yaml.Node]] = {}
        for name_node, value in zip(node.value[::2], node.value[1::2], strict=True):
            name = self.scalar(name_node, key)
            if name in result:
                self.note(name_node, f"{key}.{name}", "expected each key once")
            result[name] = (name_node, value)
        return result

    def mapping(self, node: yaml.Node, key: str, required: str, optional: str = "") -> dict[str, yaml.Node]:
        """A mapping with just these keys, named in a string of words."""
        pairs = self.pairs(node, key)
        known = [*required.split(), *optional.split()]
        for name, (name_node, _value) in pairs.items():
            if name not in known:
                self.note(name_node, f"{key}.{name}", f"expected one of {', '.join(known)}")
        for name in required.split():
            if name not in pairs:
                raise self.fault(node, f"{key}.{name}", f"expected {name}, found none")
        return {name: value for name, (_name, value) in pairs.items() if name in known}
