"""Protocol files: the schema that docs/protocols.md describes, read with all faults.

`unknown` stands for "asked, and the caller does not know"; which words fit otherwise depends on the question's kind.
"""

import hashlib
from dataclasses import replace

import yaml

from dispatch.protocols.reach import reachable
from dispatch.protocols.reader import ProtocolFault, Reader, compose
from dispatch.protocols.rules import (
    END,
    LARGEST_NUMBER,
    Advice,
    Answer,
    Choice,
    Condition,
    Determinant,
    Jump,
    Kind,
    Protocol,
    Question,
    Text,
    Trend,
    When,
)
from dispatch.protocols.severity import inversion, said
from dispatch.views import Need
from dispatch.words import Capability, Category, Priority

UNKNOWN = "unknown"

METRONOME = (100, 120)
"""Beats a minute of chest compressions (AHA 2020, ERC 2021)."""

_YES_NO = {"yes": True, "true": True, "no": False, "false": False}


def read_protocol(file: str, content: bytes, *, thorough: bool = False) -> tuple[Protocol | None, list[ProtocolFault]]:
    """The protocol in a file, or all its faults. `file` is the name for messages; its stem must be the code.

    A `thorough` reading also tries whether more severe answers can lower the priority, which takes up to a second.
    """
    reader = _SchemaReader(file)
    protocol: Protocol | None = None
    with reader.collecting():
        protocol = reader.protocol(compose(file, content))
        if thorough and not reader.faults:
            reader.never_lowered(protocol)
    if reader.faults or protocol is None:
        return None, sorted(reader.faults, key=lambda fault: fault.line)
    return replace(protocol, version=hashlib.sha256(content).hexdigest()[:12]), []


class _SchemaReader(Reader):
    """The protocol's own keys."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.jumps: list[tuple[str, yaml.Node, str]] = []
        """Question, target and key of each jump: targets are checked when all questions are known."""
        self.severities: dict[str, tuple[yaml.Node, str]] = {}
        """By question: where its severity stands."""

    def protocol(self, node: yaml.Node) -> Protocol:
        parts = self.mapping(
            node,
            "protocol",
            "code name category icon sources signed_off keywords questions rules default instructions",
            "red_flags",
        )
        code = self.word(parts["code"], "code")
        if code != self.file.removesuffix(".yaml"):
            self.note(parts["code"], "code", f"expected the file's name, {self.file.removesuffix('.yaml')}")
        self.unsigned(parts["signed_off"])
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
        order = list(questions)
        for name, to, key in self.jumps:
            word = self.scalar(to, key)
            if word != END and word not in order[order.index(name) + 1 :]:
                what = "which would loop" if word in order else "which is none"
                self.note(to, key, f"expected a later question or {END}, found {word}, {what}")
        return questions

    def question(self, node: yaml.Node, key: str, earlier: dict[str, Question]) -> Question:
        parts = self.mapping(node, key, "id text kind", "choices show_if jumps severity")
        kind = self.kind(parts["kind"], f"{key}.kind")
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
            self.note(parts.get("show_if", node), f"{key}.show_if", "expected a condition that some answers fulfil")
        if "severity" in parts:
            question = self.severity(question, parts["severity"], f"{key}.severity")
        if "jumps" in parts:
            known = {**earlier, question.id: question}
            jumps = self.items(parts["jumps"], f"{key}.jumps", lambda item, at: self.jump(item, at, known, question.id))
            question = replace(question, jumps=jumps)
        return question

    def kind(self, node: yaml.Node, key: str) -> Kind:
        """`text` and `free` are the same."""
        return Kind.FREE if self.scalar(node, key) == "text" else self.member(Kind, node, key)

    def severity(self, question: Question, node: yaml.Node, key: str) -> Question:
        self.severities[question.id] = node, key
        if question.kind is Kind.NUMBER:
            return replace(question, trend=self.member(Trend, node, key))
        if question.kind is Kind.FREE:
            raise self.fault(node, key, "expected no severity: words have none")
        answers = self.items(node, key, lambda item, at: self.answer(question, item, at))
        self.unique([str(answer) for answer in answers], node, key, "answer")
        if len(answers) < 2 or None in answers:
            raise self.fault(node, key, f"expected two answers or more, from the least severe, without {UNKNOWN}")
        return replace(question, severity=answers)

    def jump(self, node: yaml.Node, key: str, known: dict[str, Question], name: str) -> Jump:
        parts = self.mapping(node, key, "when to")
        self.jumps.append((name, parts["to"], f"{key}.to"))
        return Jump(self.when(parts["when"], f"{key}.when", known), self.scalar(parts["to"], f"{key}.to"))

    def never_lowered(self, protocol: Protocol) -> None:
        """Note the first more severe answer that lowers the priority."""
        found = inversion(protocol)
        if found is None:
            return
        others = ", ".join(
            f"{name}: {said(answer)}" for name, answer in found.answers.items() if name != found.question
        )
        expected = f"expected no lower priority for {said(found.worse)} than for {said(found.milder)}"
        at = f"found {found.worse_priority} and {found.milder_priority} with {others}"
        node, key = self.severities[found.question]
        self.note(node, key, f"{expected}, {at}")

    def unsigned(self, node: yaml.Node) -> None:
        """The signature belongs to one edition and is given in the admin's page, never in the file."""
        if not isinstance(node, yaml.ScalarNode) or node.value not in ("null", "~", ""):
            self.note(node, "signed_off", "expected null: the medical director signs in the admin's page")

    def choice(self, node: yaml.Node, key: str) -> Choice:
        parts = self.mapping(node, key, "value label")
        value = self.word(parts["value"], f"{key}.value")
        if value == UNKNOWN:
            raise self.fault(parts["value"], f"{key}.value", f"expected a word other than {UNKNOWN}, which is built in")
        return Choice(value, self.text(parts["label"], f"{key}.label"))

    def rules(self, node: yaml.Node, questions: dict[str, Question]) -> tuple[Determinant, ...]:
        def read(item: yaml.Node, key: str) -> Determinant:
            rule = self.determinant(item, key, questions, conditional=True)
            self.can_hold(rule.when, item, key, questions)
            return rule

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

    def can_hold(self, when: When, node: yaml.Node, key: str, questions: dict[str, Question]) -> None:
        """Note conditions that no answers fulfil together."""
        probe = Question("", Text("", ""), Kind.FREE, show_if=when)
        if when and not reachable(probe, questions, jumps=False):
            self.note(node, f"{key}.when", "expected a condition that some answers fulfil")

    def plan(self, node: yaml.Node, key: str) -> tuple[Need, ...]:
        needs: list[Need] = []
        for name, (name_node, count_node) in self.pairs(node, key).items():
            capability = self.member(Capability, name_node, f"{key}.{name}")
            needs.append(Need(capability=capability, count=self.integer(count_node, f"{key}.{name}", 1, 99)))
        return tuple(needs)

    def advice(self, node: yaml.Node, key: str, questions: dict[str, Question]) -> tuple[Advice, ...]:
        def read(item: yaml.Node, item_key: str) -> Advice:
            parts = self.mapping(item, item_key, "text", "when metronome")
            when = self.when(parts["when"], f"{item_key}.when", questions) if "when" in parts else ()
            self.can_hold(when, item, item_key, questions)
            beats = None
            if "metronome" in parts:
                beats = self.integer(parts["metronome"], f"{item_key}.metronome", *METRONOME)
            return Advice(self.text(parts["text"], f"{item_key}.text"), when, beats)

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
