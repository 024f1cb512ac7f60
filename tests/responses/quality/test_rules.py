"""Each quality rule on both sides of its bound, and where it can't be computed."""

from dataclasses import replace
from typing import Any

import pytest

from experiments.design import Design, Item, ItemKind, Role, Scale
from experiments.flags import RULES
from responses.quality import Record, Sent, flags_of, judged
from responses.quality.rules import FUNCTIONS
from responses.quality.words import count_words, words_to_read
from tests.changed import changed
from tests.designs import both, likert, small
from tests.responses.ways import checked, screened, yes_or_no

WORDS = 119  # 12 s at 595 words a minute


def long_page() -> Design:
    """`small()` whose page `about` has as many words as one can't read in 12 s."""
    # 3 of its items have 3 or 4 words each; the attention check has 3 too.
    return changed(small(), {"pages[1].body": both("word " * WORDS, "낱말 " * WORDS)})


def scale_of(*reverse: bool) -> Design:
    """`small()` whose scale `motive`, of five points, has such items."""
    items = tuple(
        likert(f"motive{n}", "motive", reverse=turned) for n, turned in enumerate(reverse)
    )
    return changed(small(), {"pages[1].items": items})


def given(*codes: str) -> dict[str, Any]:
    return {f"motive{n}": code for n, code in enumerate(codes)}


def record(design: Design, language: str, *known: Any, **more: Any) -> Record:
    """A record of somebody who was asked that design."""
    return Record(judged(design), language, *known, **more)


def told(page: str, seconds: float, **facts: Any) -> Sent:
    """A page that was sent with its script running."""
    return Sent(page, seconds, {"w": 360, **facts})


PLAIN, TURNED = (False,) * 5, (False, False, True, True)
MOCK = replace(yes_or_no("mock", "Was it a park?", "공원이었습니까?"), expected="yes")
MOCK = replace(MOCK, role=Role.MOCK_VIGNETTE_CHECK)
PASTE = {"items": {"comment": {"changes": 1, "pastes": 2}, "will1": {"changes": 1, "pastes": 1}}}


@pytest.mark.parametrize(
    ("rule", "seen", "flag"),
    [
        # A third of the median of 30 s.
        ("fast_pages", record(small(), "en", {}, (told("about", 9.9),), {"about": 30}), 1),
        ("fast_pages", record(small(), "en", {}, (told("about", 10),), {"about": 30}), 0),
        (
            "fast_pages",
            record(small(), "en", {}, (told("about", 6), told("about", 6)), {"about": 30}),
            0,
        ),
        ("fast_pages", record(small(), "en", {}, (told("about", 1),)), None),
        ("fast_pages", record(small(), "en", {}, (told("welcome", 1),), {"welcome": 30}), None),
        ("fast_reading", record(long_page(), "en", {}, (told("about", 11.9),)), 1),
        ("fast_reading", record(long_page(), "en", {}, (told("about", 12.1),)), 0),
        ("fast_reading", record(long_page(), "ko", {}, (told("about", 11.9),)), 1),
        ("fast_reading", record(long_page(), "en", {"motive1": "1"}, (told("about", 12.1),)), 1),
        ("fast_reading", record(small(), "en", {}, (told("about", 0.1),)), None),
        ("long_string", record(scale_of(*PLAIN), "en", given(*"44444")), 1),
        ("long_string", record(scale_of(*PLAIN), "en", given(*"44445")), 0),
        ("long_string", record(scale_of(*PLAIN), "en", given(*"4444")), None),
        ("no_variance", record(scale_of(*TURNED), "en", given(*"4444")), 1),
        ("no_variance", record(scale_of(*TURNED), "en", given(*"4445")), 0),
        ("no_variance", record(scale_of(*PLAIN), "en", given(*"44444")), None),
        ("no_variance", record(scale_of(*TURNED), "en", given(*"444")), None),
        # As 4 and 2 of five points once the reversed ones are turned: half of the range apart.
        ("reverse_conflict", record(scale_of(*TURNED), "en", given(*"4444")), 0),
        ("reverse_conflict", record(scale_of(*TURNED), "en", given(*"5444")), 1),
        ("reverse_conflict", record(scale_of(*TURNED), "en", given(*"5511")), 0),
        ("reverse_conflict", record(scale_of(*TURNED), "en", given(*"55")), None),
        ("failed_attention", record(small(), "en", {"attention": "1"}), 1),
        ("failed_attention", record(small(), "en", {"attention": None}), 1),
        ("failed_attention", record(small(), "en", {"attention": "2"}), 0),
        ("failed_attention", record(small(), "en", {}), None),
        (
            "failed_mock",
            record(changed(small(), {"pages[1].items": (MOCK,)}), "en", {"mock": "no"}),
            1,
        ),
        (
            "failed_mock",
            record(changed(small(), {"pages[1].items": (MOCK,)}), "en", {"mock": "yes"}),
            0,
        ),
        ("failed_mock", record(small(), "en", {"attention": "1"}), None),
        ("failed_comprehension", record(checked(), "en", {"understood": "no"}), 1),
        ("failed_comprehension", record(checked(), "en", {"understood": "yes"}), 0),
        ("failed_comprehension", record(checked(), "en", {}), None),
        ("duplicate", record(small(), "en", earlier=2), 2),
        ("duplicate", record(small(), "en", earlier=0), 0),
        ("duplicate", record(small(), "en", earlier=0, known_browser=True), 1),
        ("duplicate", record(small(), "en", earlier=2, known_browser=True), 2),
        ("duplicate", record(small(), "en"), None),
        ("honeypot", record(small(), "en", {}, (Sent("about", 9, {"honeypot": True}),)), 1),
        ("honeypot", record(small(), "en", {}, (Sent("about", 9),)), 0),
        ("honeypot", record(small(), "en"), None),
        # Two answers: 0.6 s.
        (
            "impossible_time",
            record(small(), "en", {"will1": "1", "will2": "1"}, (told("opinion", 0.59),)),
            1,
        ),
        (
            "impossible_time",
            record(small(), "en", {"will1": "1", "will2": "1"}, (told("opinion", 0.61),)),
            0,
        ),
        (
            "impossible_time",
            record(small(), "en", {}, (told("opinion", 1, items={"will1": {"last": 6001}}),)),
            1,
        ),
        (
            "impossible_time",
            record(small(), "en", {}, (told("opinion", 1, items={"will1": {"last": 5999}}),)),
            0,
        ),
        # Who went back and pressed Next at once, or tried a check again.
        (
            "impossible_time",
            record(
                small(),
                "en",
                {"will1": "1", "will2": "1"},
                (told("opinion", 9), told("opinion", 0.1)),
            ),
            0,
        ),
        # Who went back from a page that was filled in, and forth again.
        (
            "impossible_time",
            record(
                small(),
                "en",
                {"will1": "1", "will2": "1"},
                (Sent("opinion", 9, left=True), told("opinion", 0.1)),
            ),
            0,
        ),
        ("impossible_time", record(small(), "en", {}, (Sent("opinion", 9, left=True),)), None),
        ("impossible_time", record(small(), "en"), None),
        # What was pasted into a question that takes no text is no text.
        ("pasted", record(small(), "en", {}, (told("opinion", 9, **PASTE),)), 1),
        ("pasted", record(small(), "en", {}, (told("opinion", 9),)), 0),
        ("pasted", record(small(), "en", {}, (told("about", 9),)), None),
        ("pasted", record(small(), "en", {}, (Sent("opinion", 9, PASTE),)), None),
        ("tab_hidden", record(small(), "en", {}, (told("about", 10, hidden_ms=2600),)), 26),
        ("tab_hidden", record(small(), "en", {}, (told("about", 10, hidden_ms=99_000),)), 100),
        ("tab_hidden", record(small(), "en", {}, (told("about", 10),)), 0),
        ("tab_hidden", record(small(), "en", {}, (Sent("about", 10),)), None),
    ],
)
def test_rule_counts_what_is_beyond_its_bound(rule: str, seen: Record, flag: int | None) -> None:
    assert FUNCTIONS[rule](seen) == flag


@pytest.mark.parametrize("rule", ["fast_pages", "fast_reading", "impossible_time", "tab_hidden"])
def test_first_page_has_no_time(rule: str) -> None:
    facts = {"hidden_ms": 9000, "items": {"adult": {"last": 60_000}}}
    design = changed(screened(), {"pages[0].body": both("word " * WORDS, "낱말 " * WORDS)})
    hasty = (told("screen", 0.004, **facts),)
    assert FUNCTIONS[rule](record(design, "en", {"adult": "yes"}, hasty, {"screen": 30})) is None


def test_every_rule_that_is_named_is_computed_and_no_other() -> None:
    assert [rule.name for rule in RULES] == list(FUNCTIONS)
    assert [rule.number for rule in RULES] == list(range(1, 14))
    assert flags_of(record(small(), "en")) == dict.fromkeys(FUNCTIONS)


def test_no_rule_sees_what_an_arm_alone_had_to_read() -> None:
    design = changed(
        small(),
        {"factors[0].levels[0].text.en": "one two three", "factors[0].levels[1].text.en": ""},
    )
    # "A park." and "The office decided." or "Residents decided."
    assert words_to_read(design, design.pages[2], (), "en") == 4


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("Don’t stop – *never*.", 3),
        ("[the office](https://office.example/a-b-c) ![A park](image:park)", 4),
        ("구청이 정했습니다.", 2),
        ("我们的公园", 5 / 1.5),
    ],
)
def test_words_are_counted_as_they_are_read(text: str, words: float) -> None:
    assert count_words(text) == words


def test_scale_with_one_option_has_no_pattern() -> None:
    scale = Scale("motive", both("Motive", "동기"), small().scales[0].options[:1])
    design = replace(scale_of(*PLAIN), scales=(scale,))
    assert flags_of(record(design, "en", given(*"11111")))["long_string"] is None


def test_number_typed_into_a_scale_is_no_place_on_it() -> None:
    number = Item("motive0", ItemKind.NUMBER, both("How many?", "몇?"))
    design = changed(scale_of(*PLAIN), {"pages[1].items[0]": number})
    assert flags_of(record(design, "en", given(*"44444")))["long_string"] is None
