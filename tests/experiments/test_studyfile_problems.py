"""What is wrong with a study file: every problem on its line, with its remedy, and no crash."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.checks import problems
from experiments.design import Design
from experiments.studyfile import LARGEST_FILE, parse
from tests.experiments.studyfiles import TEXT


def _lines(text: str | bytes) -> list[tuple[int, str, str]]:
    return [(p.line, p.path, p.message) for p in parse(text).problems]


# What is replaced, by what, the text on whose line the problem is, its path and its message.
BROKEN = [
    (
        "study: park",
        "study: park\nstudy: square",
        "study: square",
        "study (again)",
        "The key study is there twice.",
    ),
    ("study: park", "study: 7", "study:", "study", "study is not read as text."),
    ("study: park", "study:", "study:", "study", "Nothing stands at study."),
    (
        "study: park",
        'study: "p\\0ark"',
        "study:",
        "study",
        "study has a character that can't be stored.",
    ),
    (
        "study: park",
        'study: "p\\ud800ark"',
        "study:",
        "study",
        "study has a character that can't be stored.",
    ),
    ("study: park", "study: [park]", "study:", "study", "study is a list or has keys."),
    ("study: park", "study: &p park", "study:", "study", "Anchors and aliases are not read."),
    ("study: park", "study: !!python/name:x.y", "study:", "study", "study is not read as text."),
    ("languages: [en, ko]", "languages: en", "languages:", "languages", "languages is no list."),
    (
        "title:\n  en: A park\n  ko: 공원",
        "title: A park",
        "title: A park",
        "title",
        "title is no text by language.",
    ),
    (
        "title:\n  en: A park\n  ko: 공원\n",
        "",
        "format",
        "title",
        "The file lacks the key title.",
    ),
    (
        "    label:\n      en: Voice\n      ko: 목소리\n",
        "",
        "- code: voice",
        "factors[1].label",
        "factors[1] lacks the key label.",
    ),
    (
        "kind: consent",
        "kind: consnt",
        "kind: consnt",
        "pages[0].kind",
        "pages[0].kind can't be “consnt”.",
    ),
    (
        "required: false",
        "required: no",
        "required: no",
        "pages[3].items[3].required",
        "pages[3].items[3].required is neither true nor false.",
    ),
    (
        "sample_size: 40",
        "sample_size: -40",
        "sample_size:",
        "plan.sample_size",
        "plan.sample_size is no whole number.",
    ),
    (
        "sample_size: 40",
        "sample_size: 99999999999",
        "sample_size:",
        "plan.sample_size",
        "plan.sample_size is no whole number.",
    ),
    (
        "smallest_effect: 0.3",
        "smallest_effect: .nan",
        "smallest_effect:",
        "plan.smallest_effect",
        "plan.smallest_effect is no number.",
    ),
    (
        "smallest_effect: 0.3",
        "most_participants: 80.5",
        "most_participants:",
        "plan.most_participants",
        "plan.most_participants is no whole number.",
    ),
    (
        "block_sizes: [4, 8]",
        "block_sizes: 4",
        "block_sizes:",
        "randomisations[0].block_sizes",
        "randomisations[0].block_sizes is no list.",
    ),
    (
        "format: 1",
        "format: 2",
        "format: 2",
        "format",
        "The format is 2, and this version reads format 1.",
    ),
]


def _line_of(text: str, needle: str) -> int:
    return text[: text.index(needle)].count("\n") + 1


@pytest.mark.parametrize(("old", "new", "needle", "path", "message"), BROKEN)
def test_parse_says_what_keeps_a_file_from_being_read(
    old: str, new: str, needle: str, path: str, message: str
) -> None:
    assert old in TEXT
    text = TEXT.replace(old, new, 1)
    parsed = parse(text)

    assert (_line_of(text, needle), path, message) in _lines(text)
    assert parsed.design is None


def test_parse_of_a_text_that_is_none_says_that_only() -> None:
    text = TEXT.replace("  ko: 공원\n", "  ko: 2026\n", 1)

    assert _lines(text) == [(5, "title.ko", "title.ko is not read as text.")]


def test_parse_still_checks_a_file_with_a_slip_in_a_key() -> None:
    text = TEXT.replace("    source: Made", "    sorce: Made").replace("alpha", "alhpa")
    text = text.replace("outcome: will", "outcome: wil")

    assert _lines(text) == [
        (
            _line_of(text, "sorce"),
            "scales[0].sorce",
            "The key sorce is not known here.",
        ),
        (_line_of(text, "outcome"), "plan.outcome", "The outcome wil is no scale and no item."),
    ]


@pytest.mark.parametrize(
    ("old", "new", "remedy"),
    [
        ("languages: [en, ko]", "langages: [en, ko]", "Did you mean languages?"),
        ("study: park", "study: 7", 'Write it in quotes: "7".'),
        (
            "kind: consent",
            "kind: consnt",
            "Did you mean consent? Known are: screening, consent, questions, vignette, end.",
        ),
        (
            "kind: consent",
            "kind: zzz",
            "Write one of screening, consent, questions, vignette, end.",
        ),
    ],
)
def test_parse_says_how_to_mend_a_file(old: str, new: str, remedy: str) -> None:
    assert remedy in [p.remedy for p in parse(TEXT.replace(old, new, 1)).problems]


def test_parse_lists_every_problem_in_the_order_of_lines() -> None:
    text = (
        TEXT.replace("study: park", "study: park\nstuddy: x")
        .replace("ko: 환영합니다", "de: Willkommen")
        .replace('expected: "2"', 'expected: "3"')
        .replace("outcome: will", "outcome: wil")
    )

    assert _lines(text) == [
        (3, "studdy", "The key studdy is not known here."),
        (_line_of(text, "de: W") - 2, "pages[0].title", "There is no text in ko."),
        (
            _line_of(text, "de: W") - 2,
            "pages[0].title",
            "There is a text in de, which is no language of the study.",
        ),
        (
            _line_of(text, "expected:"),
            "pages[1].items[4].expected",
            "The attention check attention expects no option of its own.",
        ),
        (_line_of(text, "outcome:"), "plan.outcome", "The outcome wil is no scale and no item."),
    ]


def test_parse_gives_a_draft_with_problems_as_a_design() -> None:
    parsed = parse(TEXT.replace("      ko: 환영합니다\n", ""))

    assert isinstance(parsed.design, Design)
    assert [p.message for p in parsed.problems] == [p.message for p in problems(parsed.design)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", (1, "", "The file is empty.")),
        ("# nothing\n", (1, "", "The file is empty.")),
        ("- a", (1, "", "The file is no set of keys and values.")),
        (
            "a: 1\nb: [",
            (2, "", "This is not YAML: expected the node content, but found '<stream end>'."),
        ),
        ("a: 1\n b: 2", (2, "", "This is not YAML: mapping values are not allowed here.")),
        ("a: *b", (1, "", "Anchors and aliases are not read.")),
        ("a: 1\n---\nb: 2", (2, "", "This is not YAML: but found another document.")),
        (b"a: 1\nb: \xff", (2, "", "This is not UTF-8.")),
        ("[" * 100_000, (1, "", "It is nested too deeply.")),
        ("a" * (LARGEST_FILE + 1), (1, "", "The file is larger than 1 MB.")),
        (
            "a: \x00",
            (
                1,
                "",
                "This is not YAML: unacceptable character #x0000: "
                "special characters are not allowed.",
            ),
        ),
    ],
)
def test_parse_says_why_a_text_is_no_study_file(
    text: str | bytes, expected: tuple[int, str, str]
) -> None:
    assert _lines(text)[0] == expected


def test_parse_refuses_aliases_before_they_multiply() -> None:
    bomb = "study: &a0 [x, x]\n" + "".join(
        f"title: &a{i + 1} [*a{i}, *a{i}, *a{i}, *a{i}]\n" for i in range(100)
    )

    assert _lines(bomb) == [(2, "", "Anchors and aliases are not read.")]


# Tests share the cores, so a slow example says nothing.
@settings(deadline=None)
@given(st.one_of(st.text(), st.binary()))
def test_parse_never_raises(text: str | bytes) -> None:
    assert parse(text).design is None


# Tests share the cores, so a slow example says nothing.
@settings(deadline=None)
@given(
    st.integers(0, len(TEXT)),
    st.integers(0, 40),
    st.text(st.sampled_from("[]{}:-\"'|>&*!%#\n \tab1,"), max_size=4),
)
def test_parse_never_raises_on_a_damaged_file(start: int, length: int, put: str) -> None:
    parsed = parse(TEXT[:start] + put + TEXT[start + length :])

    assert parsed.design is not None or parsed.problems


def test_parse_puts_a_missing_key_on_the_line_of_what_lacks_it() -> None:
    text = TEXT[: TEXT.index("plan:")] + "plan: {outcome: will}\n"

    assert _lines(text) == [
        (_line_of(text, "plan:"), "plan.sample_size", "plan lacks the key sample_size."),
        (_line_of(text, "plan:"), "plan.contrasts", "plan lacks the key contrasts."),
    ]
