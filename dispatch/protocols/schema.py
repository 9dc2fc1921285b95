"""Protocol files: YAML read node by node, so that every fault names its file, line and key.

Scalars are taken as written: `yes` stays a word (YAML 1.1 would turn it into a boolean), and which words fit depends
on the question's kind. `unknown` stands for "asked, and the caller does not know".
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from typing import Any, TypeVar

import yaml

from dispatch.protocols.reach import reachable
from dispatch.protocols.rules import (
    LARGEST_NUMBER,
    Advice,
    Answer,
    Choice,
    Condition,
    Determinant,
    Kind,
    Protocol,
    Question,
    Text,
    When,
)
from dispatch.views import Need
from dispatch.words import Capability, Category, Priority

LARGEST_FILE = 200_000
"""Bytes; the longest protocol of ours has 12,000."""

DEEPEST = 20
"""Levels of nesting; a protocol needs eight."""

UNKNOWN = "unknown"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml where the wheel has it: seven times faster."""

_YES_NO = {"yes": True, "true": True, "no": False, "false": False}
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


def read_protocol(file: str, content: bytes) -> tuple[Protocol | None, list[ProtocolFault]]:
    """The protocol in a file, or all its faults. `file` is the name for messages; its stem must be the code."""
    reader = _Reader(file)
    protocol: Protocol | None = None
    with reader.collecting():
        protocol = reader.protocol(_compose(file, content))
    if reader.faults or protocol is None:
        return None, sorted(reader.faults, key=lambda fault: fault.line)
    return replace(protocol, version=hashlib.sha256(content).hexdigest()[:12]), []


def _compose(file: str, content: bytes) -> yaml.Node:
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


class _Reader:
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

    def protocol(self, node: yaml.Node) -> Protocol:
        parts = self.mapping(
            node,
            "protocol",
            "code name category icon sources keywords questions rules default instructions",
            "red_flags",
        )
        code = self.word(parts["code"], "code")
        if code != self.file.removesuffix(".yaml"):
            self.note(parts["code"], "code", f"expected the file's name, {self.file.removesuffix('.yaml')}")
        questions = self.questions(parts["questions"])
        rules = self.rules(parts["rules"], questions)
        default = self.determinant(parts["default"], "default", questions)
        if rules and all(default.priority > rule.priority for rule in rules):
            priority = self.pairs(parts["default"], "default")["priority"][1]
            self.note(priority, "default.priority", "expected no lower priority than every rule's")
        self.unique([rule.code for rule in (*rules, default)], parts["rules"], "rules", "determinant code")
        return Protocol(
            code=code,
            name=self.text(parts["name"], "name"),
            category=self.member(Category, parts["category"], "category"),
            icon=self.word(parts["icon"], "icon"),
            sources=self.items(parts["sources"], "sources", self.scalar),
            keywords=self.items(parts["keywords"], "keywords", self.scalar),
            questions=tuple(questions.values()),
            rules=rules,
            default=default,
            instructions=self.advice(parts["instructions"], "instructions", questions),
            red_flags=self.advice(parts["red_flags"], "red_flags", questions) if "red_flags" in parts else (),
            version="",
        )

    def questions(self, node: yaml.Node) -> dict[str, Question]:
        questions: dict[str, Question] = {}

        def read(item: yaml.Node, key: str) -> None:
            question = self.question(item, key, questions)
            if question.id in questions:
                raise self.fault(item, f"{key}.id", f"expected an id of its own, found {question.id} again")
            questions[question.id] = question

        self.items(node, "questions", read)
        return questions

    def question(self, node: yaml.Node, key: str, earlier: dict[str, Question]) -> Question:
        parts = self.mapping(node, key, "id text kind", "choices show_if")
        kind = self.member(Kind, parts["kind"], f"{key}.kind")
        choices: tuple[Choice, ...] = ()
        if (kind is Kind.CHOICE) != ("choices" in parts):
            raise self.fault(node, f"{key}.choices", "expected choices with kind choice, and with no other kind")
        if "choices" in parts:
            choices = self.items(parts["choices"], f"{key}.choices", self.choice)
            self.unique([choice.value for choice in choices], parts["choices"], f"{key}.choices", "value")
        show_if: When = ()
        if "show_if" in parts:
            show_if = self.when(parts["show_if"], f"{key}.show_if", earlier)
        question = Question(
            self.word(parts["id"], f"{key}.id"), self.text(parts["text"], f"{key}.text"), kind, choices, show_if
        )
        if not reachable(question, earlier):
            self.note(parts["show_if"], f"{key}.show_if", "expected a condition that some answers fulfil")
        return question

    def choice(self, node: yaml.Node, key: str) -> Choice:
        parts = self.mapping(node, key, "value label")
        value = self.word(parts["value"], f"{key}.value")
        if value == UNKNOWN:
            raise self.fault(parts["value"], f"{key}.value", f"expected a word other than {UNKNOWN}, which is built in")
        return Choice(value, self.text(parts["label"], f"{key}.label"))

    def rules(self, node: yaml.Node, questions: dict[str, Question]) -> tuple[Determinant, ...]:
        def read(item: yaml.Node, key: str) -> Determinant:
            return self.determinant(item, key, questions, conditional=True)

        return self.items(node, "rules", read, may_be_empty=True)

    def determinant(
        self, node: yaml.Node, key: str, questions: dict[str, Question], *, conditional: bool = False
    ) -> Determinant:
        required = "code text priority plan"
        parts = self.mapping(node, key, f"{required} when" if conditional else required)
        priority = self.member(Priority, parts["priority"], f"{key}.priority")
        plan = self.plan(parts["plan"], f"{key}.plan")
        if not plan and priority is not Priority.P5:
            raise self.fault(parts["plan"], f"{key}.plan", "expected at least one capability, or priority P5")
        return Determinant(
            code=self.scalar(parts["code"], f"{key}.code"),
            text=self.text(parts["text"], f"{key}.text"),
            priority=priority,
            plan=plan,
            when=self.when(parts["when"], f"{key}.when", questions) if conditional else (),
        )

    def plan(self, node: yaml.Node, key: str) -> tuple[Need, ...]:
        needs: list[Need] = []
        for name, (name_node, count_node) in self.pairs(node, key).items():
            capability = self.member(Capability, name_node, f"{key}.{name}")
            needs.append(Need(capability=capability, count=self.integer(count_node, f"{key}.{name}", 1, 99)))
        return tuple(needs)

    def advice(self, node: yaml.Node, key: str, questions: dict[str, Question]) -> tuple[Advice, ...]:
        def read(item: yaml.Node, item_key: str) -> Advice:
            parts = self.mapping(item, item_key, "text", "when")
            when = self.when(parts["when"], f"{item_key}.when", questions) if "when" in parts else ()
            return Advice(self.text(parts["text"], f"{item_key}.text"), when)

        return self.items(node, key, read)

    def when(self, node: yaml.Node, key: str, questions: dict[str, Question]) -> When:
        """One group of conditions, or a list of groups of which one must hold."""

        def group(item: yaml.Node, item_key: str) -> tuple[Condition, ...]:
            conditions = tuple(
                self.condition(name, name_node, value, f"{item_key}.{name}", questions)
                for name, (name_node, value) in self.pairs(item, item_key).items()
            )
            if not conditions:
                raise self.fault(item, item_key, "expected at least one condition")
            return conditions

        if isinstance(node, yaml.SequenceNode):
            return self.items(node, key, group)
        return (group(node, key),)

    def condition(
        self, name: str, name_node: yaml.Node, value: yaml.Node, key: str, questions: dict[str, Question]
    ) -> Condition:
        question = questions.get(name)
        if question is None:
            known = ", ".join(questions) or "none yet"
            raise self.fault(name_node, key, f"expected an earlier question ({known}), found {name}")
        if isinstance(value, yaml.MappingNode):
            return self.bounds(question, value, key)
        nodes = value.value if isinstance(value, yaml.SequenceNode) else [value]
        if not nodes:
            raise self.fault(value, key, "expected at least one answer")
        return Condition(name, any_of=tuple(self.answer(question, node, key) for node in nodes))

    def bounds(self, question: Question, node: yaml.Node, key: str) -> Condition:
        if question.kind is not Kind.NUMBER:
            raise self.fault(node, key, f"expected answers: {question.id} is no number")
        parts = self.mapping(node, key, "", "at_least at_most")
        limits = {name: self.integer(part, f"{key}.{name}", 0, LARGEST_NUMBER) for name, part in parts.items()}
        if not limits:
            raise self.fault(node, key, "expected at_least or at_most")
        return Condition(question.id, at_least=limits.get("at_least"), at_most=limits.get("at_most"))

    def answer(self, question: Question, node: yaml.Node, key: str) -> Answer:
        word = self.scalar(node, key)
        if word == UNKNOWN:
            return None
        values: dict[str, Answer] = {}
        if question.kind is Kind.YES_NO:
            values.update(_YES_NO)
        elif question.kind is Kind.CHOICE:
            values.update({choice.value: choice.value for choice in question.choices})
        if word not in values:
            raise self.fault(node, key, f"expected one of {', '.join([*values, UNKNOWN])}, found {word}")
        return values[word]

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
