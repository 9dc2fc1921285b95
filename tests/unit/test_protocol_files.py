"""Protocol files: those that come with the program are sound, and a faulty one is named with its line."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.errors import NotFound
from dispatch.protocols.reach import reachable
from dispatch.protocols.reader import LARGEST_FILE, ProtocolFault
from dispatch.protocols.rules import Answer, Condition, Kind, Question, Text, evaluate
from dispatch.protocols.schema import read_protocol
from dispatch.protocols.service import DATA, ProtocolBook, check, load_book
from dispatch.protocols.severity import inversion
from dispatch.words import Priority

WANTED = {
    "kebakaran-bangunan", "karhutla", "kebakaran-kendaraan", "kecelakaan-lalu-lintas", "darurat-medis",
    "kriminalitas", "banjir", "longsor", "hewan-buas", "orang-tenggelam", "kecelakaan-laut", "pohon-tumbang",
    "listrik", "kdrt", "orang-hilang", "gangguan-ketertiban", "lain-lain", "henti-jantung", "tersedak", "perdarahan",
    "persalinan", "gigitan-ular", "kerusuhan", "bahan-berbahaya", "krisis-jiwa", "keracunan",
}  # fmt: skip

SOUND = """\
code: test
name: {id: Uji, en: Test}
category: kebakaran
icon: flame
sources: [a guideline]
keywords: [uji]
questions:
  - id: inside
    text: {id: "Ada orang?", en: "Anybody?"}
    kind: yes_no
  - id: count
    text: {id: "Berapa?", en: "How many?"}
    kind: number
    show_if: {inside: yes}
  - id: what
    text: {id: "Apa?", en: "What?"}
    kind: choice
    choices:
      - {value: yes, label: {id: Ya, en: Yes}}
      - {value: no, label: {id: Tidak, en: No}}
rules:
  - code: T-1
    when:
      - {inside: yes, count: {at_least: 2}}
      - {what: [no, unknown]}
    text: {id: Satu, en: One}
    priority: P1
    plan: {ambulance: 1}
default:
  code: T-2
  text: {id: Dua, en: Two}
  priority: P1
  plan: {ambulance: 1}
instructions:
  - text: {id: Keluar, en: Leave}
red_flags:
  - text: {id: Awas, en: Mind}
    when: {inside: yes}
signed_off: null
"""


def faults_of(content: str | bytes) -> list[ProtocolFault]:
    return read_protocol("test.yaml", content.encode() if isinstance(content, str) else content)[1]


@pytest.fixture(scope="module")
def book() -> ProtocolBook:
    return load_book()


def test_all_wanted_types_are_there_without_fault(book: ProtocolBook) -> None:
    assert set(book.types) == WANTED
    assert check() == []


def test_every_protocol_asks_three_to_eight_questions_and_names_its_sources(book: ProtocolBook) -> None:
    for protocol in book.types.values():
        assert 3 <= len(protocol.questions) <= 8, protocol.code
        assert protocol.sources
        assert protocol.instructions
        assert len(protocol.keywords) >= 5, protocol.code


def test_every_file_says_that_it_needs_a_medical_directors_sign_off() -> None:
    for file in DATA.glob("*.yaml"):
        assert "medical director's sign-off" in file.read_text().split("code:")[0], file.name


def test_no_answers_send_help_soon(book: ProtocolBook) -> None:
    for protocol in book.types.values():
        result = evaluate(protocol, {})
        assert result.priority <= Priority.P3, protocol.code
        assert result.plan, protocol.code


def test_gasping_starts_chest_compressions(book: ProtocolBook) -> None:
    result = evaluate(book.get("darurat-medis"), {"conscious": False, "breathing": "absent"})
    assert result.priority is Priority.P1
    assert any("5 cm" in words.id for words in result.instructions)


def test_a_sound_file_has_no_fault() -> None:
    protocol, faults = read_protocol("test.yaml", SOUND.encode())
    assert faults == []
    assert protocol is not None
    assert evaluate(protocol, {"what": "no"}).determinant == "T-1"
    assert evaluate(protocol, {"what": "yes"}).determinant == "T-2"


FAULTS = [
    ("  - id: inside\n", "  - id: inside\n    colour: red\n", 9, "questions[1].colour", "expected one of id, text"),
    ('{id: "Ada orang?", en: "Anybody?"}', '{id: "Ada orang?"}', 9, "questions[1].text.en", "expected en"),
    ('{id: "Ada orang?"', '{id: ""', 9, "questions[1].text.id", "expected a text"),
    ("show_if: {inside: yes}", "show_if: {outside: yes}", 14, "questions[2].show_if.outside", "question (inside)"),
    ("show_if: {inside: yes}", "show_if: {count: {at_most: 1}}", 14, "questions[2].show_if.count", "e), found count"),
    ("show_if: {inside: yes}", "show_if: {inside: maybe}", 14, "questions[2].show_if.inside", "yes, true, no, false"),
    ("show_if: {inside: yes}", "show_if: {inside: {at_least: 1}}", 14, "questions[2].show_if.inside", "no number"),
    ("show_if: {inside: yes}", "show_if: {inside: []}", 14, "questions[2].show_if.inside", "at least one answer"),
    ("show_if: {inside: yes}", "show_if: {}", 14, "questions[2].show_if", "at least one condition"),
    ("count: {at_least: 2}", "count: {}", 24, "rules[1].when[1].count", "at_least or at_most"),
    ("count: {at_least: 2}", "count: 2", 24, "rules[1].when[1].count", "expected one of unknown"),
    ("count: {at_least: 2}", "count: {at_least: two}", 24, "rules[1].when[1].count.at_least", "whole number"),
    ("icon: flame\n", "icon: flame\nicon: fire\n", 5, "protocol.icon", "each key once"),
    ("icon: flame", "icon: Flame!", 4, "icon", "small letters"),
    ("    priority: P1\n    plan: {ambulance: 1}\n", "", 22, "rules[1].priority", "expected priority"),
    ("    plan: {ambulance: 1}\n", "", 22, "rules[1].plan", "expected plan"),
    ("    plan: {ambulance: 1}", "    plan: {}", 28, "rules[1].plan", "at least one capability"),
    ("    plan: {ambulance: 1}", "    plan: {ambulans: 1}", 28, "rules[1].plan.ambulans", "of fire_suppression"),
    ("    plan: {ambulance: 1}", "    plan: {ambulance: 0}", 28, "rules[1].plan.ambulance", "from 1 to 99"),
    ("    priority: P1", "    priority: P0", 27, "rules[1].priority", "P1, P2, P3, P4, P5, found P0"),
    ("  priority: P1\n  plan", "  priority: P2\n  plan", 32, "default.priority", "no lower priority"),
    ("code: T-2", "code: T-1", 22, "rules", "determinant code once"),
    ("code: test", "code: other", 1, "code", "expected the file's name, test"),
    ("category: kebakaran", "category: api", 3, "category", "expected one of kebakaran"),
    ("  - id: what", "  - id: inside", 15, "questions[3].id", "an id of its own"),
    ("kind: number", "kind: date", 13, "questions[2].kind", "expected one of choice"),
    ("kind: number", "kind: choice", 11, "questions[2].choices", "choices with kind choice"),
    ("value: no,", "value: yes,", 19, "questions[3].choices", "value once"),
    ("value: no,", "value: unknown,", 20, "questions[3].choices[2].value", "built in"),
    ("keywords: [uji]", "keywords: []", 6, "keywords", "at least one item"),
    ("keywords: [uji]", "keywords: uji", 6, "keywords", "expected a list"),
    ("name: {id: Uji, en: Test}", "name: Uji", 2, "name", "expected a mapping"),
    ("    kind: number\n", "    kind: number\n    severity: upward\n", 14, "questions[2].severity", "rising, falling"),
    ("    kind: yes_no\n", "    kind: yes_no\n    severity: [yes]\n", 11, "questions[1].severity",
     "two answers or more"),
    ("    kind: yes_no\n", "    kind: text\n    severity: [yes]\n", 11, "questions[1].severity", "words have none"),
    ("    kind: number\n", "    kind: number\n    jumps: [{when: {inside: yes}, to: inside}]\n", 14,
     "questions[2].jumps[1].to", "would loop"),
    ("    kind: number\n", "    kind: number\n    jumps: [{when: {inside: yes}, to: nowhere}]\n", 14,
     "questions[2].jumps[1].to", "which is none"),
    ("{id: Keluar, en: Leave}\n", "{id: Keluar, en: Leave}\n    metronome: 90\n", 36, "instructions[1].metronome",
     "from 100 to 120"),
    ("    when: {inside: yes}\n", "    when: {inside: no, count: 1}\n", 38, "red_flags[1].when.count", "unknown"),
    ("    when: {inside: yes}\n", "    when: {inside: no, count: {at_least: 1}}\n", 37, "red_flags[1].when",
     "answers fulfil"),
    ("signed_off: null", "signed_off: dr. Budi", 39, "signed_off", "expected null"),
    ("icon: flame", "icon: [", 6, "file", "expected YAML"),
    ("icon: flame", "icon: &a flame\nx: *a", 5, "file", "no alias"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "key", "expected"), FAULTS)
def test_a_fault_is_named_with_line_and_key(old: str, new: str, line: int, key: str, expected: str) -> None:
    faulty = SOUND.replace(old, new, 1)
    assert faulty != SOUND
    found = [(fault.line, fault.key) for fault in faults_of(faulty) if expected in fault.expected]
    assert found == [(line, key)], [str(fault) for fault in faults_of(faulty)]


def test_a_missing_default_is_a_fault() -> None:
    without = re.sub(r"default:\n(  .*\n)+", "", SOUND)
    assert [(fault.key, fault.expected) for fault in faults_of(without)] == [
        ("protocol.default", "expected default, found none")
    ]


def test_a_question_that_no_answers_can_reach_is_a_fault() -> None:
    third = "  - id: never\n    text: {id: A, en: B}\n    kind: free\n    show_if: {inside: no, count: {at_least: 1}}\n"
    faults = faults_of(SOUND.replace("  - id: what", third + "  - id: what"))
    assert [(fault.line, fault.key) for fault in faults] == [(18, "questions[3].show_if")]
    assert "some answers fulfil" in faults[0].expected


def test_limits_that_exclude_each_other_make_a_question_unreachable() -> None:
    third = "  - id: never\n    text: {id: A, en: B}\n    kind: free\n    show_if: {count: {at_least: 5, at_most: 3}}\n"
    assert len(faults_of(SOUND.replace("  - id: what", third + "  - id: what"))) == 1


def test_a_question_may_hang_on_a_free_answer_that_is_not_known() -> None:
    more = (
        "  - id: words\n    text: {id: A, en: B}\n    kind: free\n    show_if: {count: {at_least: 1}}\n"
        "  - id: again\n    text: {id: A, en: B}\n    kind: free\n    show_if: {words: unknown}\n"
    )
    assert faults_of(SOUND.replace("  - id: what", more + "  - id: what")) == []


def test_the_search_for_reaching_answers_gives_up_in_favour_of_the_file() -> None:
    parents = {f"q{n}": Question(f"q{n}", Text("?", "?"), Kind.YES_NO) for n in range(12)}
    never = tuple(Condition(name, any_of=(True,)) for name in parents)
    question = Question("last", Text("?", "?"), Kind.FREE, show_if=((*never, Condition("q0", any_of=(False,))),))
    assert reachable(question, parents)


def test_a_jump_leaves_out_what_lies_between_and_may_end_the_questions() -> None:
    to_end = SOUND.replace("kind: yes_no\n", "kind: yes_no\n    jumps:\n      - {when: {inside: no}, to: end}\n")
    protocol, faults = read_protocol("test.yaml", to_end.encode())
    assert faults == []
    assert protocol is not None
    assert evaluate(protocol, {"inside": False}).done
    assert evaluate(protocol, {"inside": True}).next_question == "count"
    assert evaluate(protocol, {"inside": False, "what": "no"}).determinant == "T-2"


def test_a_question_that_every_answer_jumps_over_is_a_fault() -> None:
    over = SOUND.replace(
        "kind: yes_no\n", "kind: yes_no\n    jumps:\n      - {when: {inside: [yes, no, unknown]}, to: what}\n"
    )
    assert "questions[2].show_if" in [fault.key for fault in faults_of(over)]


def test_beats_are_sounded_while_the_heart_is_thought_to_stand_still(book: ProtocolBook) -> None:
    arrest = evaluate(book.get("henti-jantung"), {"conscious": False, "breathing": "gasping"})
    assert arrest.metronome is not None
    assert 100 <= arrest.metronome <= 120
    assert evaluate(book.get("henti-jantung"), {"conscious": True, "breathing": "normal"}).metronome is None


def test_the_safe_word_path_asks_only_what_yes_or_no_answers(book: ProtocolBook) -> None:
    protocol = book.get("kdrt")
    questions = {question.id: question for question in protocol.questions}
    answers: dict[str, Answer] = {"can_talk": False}
    while (asked := evaluate(protocol, answers).next_question) is not None:
        assert questions[asked].kind is Kind.YES_NO, asked
        answers[asked] = True
    result = evaluate(protocol, answers)
    assert result.priority is Priority.P1
    assert any("kata aman" in flag.id for flag in result.red_flags)


def test_more_severe_answers_never_lower_the_priority(book: ProtocolBook) -> None:
    for protocol in book.types.values():
        assert any(question.severity or question.trend for question in protocol.questions), protocol.code
        assert inversion(protocol) is None, protocol.code


def test_a_lowered_priority_is_a_fault_at_its_question(tmp_path: Path) -> None:
    worse = SOUND.replace("kind: yes_no\n", "kind: yes_no\n    severity: [yes, no]\n")
    lower = worse.replace(
        "rules:\n",
        "rules:\n  - code: T-9\n    when: {inside: no}\n    text: {id: a, en: b}\n    priority: P4\n"
        "    plan: {ambulance: 1}\n",
    )
    (tmp_path / "test.yaml").write_text(lower)
    (fault,) = check(tmp_path)
    assert (fault.line, fault.key) == (11, "questions[1].severity")
    assert "no lower priority for no than for yes" in fault.expected


def test_several_faults_are_all_reported_in_order() -> None:
    faulty = SOUND.replace("icon: flame", "icon: Flame!").replace("kind: number", "kind: date")
    assert [fault.key for fault in faults_of(faulty)][:2] == ["icon", "questions[2].kind"]


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\xfa", b"a\x00b", b"[" * 50_000, b"a: 1\n---\nb: 2", b"x" * (LARGEST_FILE + 1)]
)
def test_junk_is_one_fault_of_the_file(content: bytes) -> None:
    (fault,) = faults_of(content)
    assert fault.key == "file"
    assert fault.line == 1


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_no_bytes_crash_the_reader(content: bytes) -> None:
    protocol, faults = read_protocol("test.yaml", content)
    assert protocol is None
    assert faults


@given(st.integers(0, len(SOUND) - 1), st.characters(codec="ascii"))
def test_a_changed_character_is_read_or_named(at: int, character: str) -> None:
    protocol, faults = read_protocol("test.yaml", (SOUND[:at] + character + SOUND[at + 1 :]).encode())
    assert (protocol is None) == bool(faults)
    assert all(1 <= fault.line <= SOUND.count("\n") + 2 for fault in faults)


def test_the_version_changes_with_the_content(tmp_path: Path) -> None:
    (tmp_path / "test.yaml").write_text(SOUND)
    first = load_book(tmp_path)
    (tmp_path / "test.yaml").write_text(SOUND.replace("Keluar", "Keluar!"))
    second = load_book(tmp_path)
    assert first.version != second.version
    assert first.get("test").version != second.get("test").version
    assert len(first.version) == 12


def test_a_faulty_file_leaves_the_old_edition_in_force(tmp_path: Path) -> None:
    file = tmp_path / "test.yaml"
    file.write_text(SOUND)
    book = load_book(tmp_path)
    version = book.version
    file.write_text(SOUND.replace("priority: P1", "priority: high", 1))
    (fault,) = book.reload()
    assert (fault.file, fault.line, fault.key) == ("test.yaml", 27, "rules[1].priority")
    assert book.version == version
    assert book.get("test").rules[0].priority is Priority.P1
    file.write_text(SOUND.replace("Keluar", "Pergi"))
    assert book.reload() == ()
    assert book.version != version
    assert book.get("test").instructions[0].text.id == "Pergi"


def test_a_faulty_folder_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(ProtocolFault, match=r"1 to 200 \.yaml files, found 0"):
        load_book(tmp_path)
    (tmp_path / "a.yaml").write_text(SOUND)
    with pytest.raises(ProtocolFault, match=r"a\.yaml, line 1, code: expected the file's name, a"):
        load_book(tmp_path)


def test_an_unreadable_file_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").mkdir()
    assert [(fault.file, fault.key) for fault in check(tmp_path)] == [("a.yaml", "file")]


def test_an_unknown_type_is_not_found(book: ProtocolBook) -> None:
    with pytest.raises(NotFound) as missing:
        book.get("ufo")
    assert missing.value.details["incident_type"] == "ufo"


def test_the_example_in_the_documentation_is_sound() -> None:
    documentation = (Path(__file__).parents[2] / "docs" / "protocols.md").read_text()
    example = documentation.split("```yaml\n")[1].split("```")[0]
    protocol, faults = read_protocol("pohon-tumbang.yaml", example.encode())
    assert faults == []
    assert protocol is not None
