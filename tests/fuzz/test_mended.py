"""What fuzzing found and was mended: each input once more, by itself.

What was too slow is bounded now, and tested by its bound: `tests/experiments/test_bombs.py` has
study files, pasted tables and CSV files.
"""

import json
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from coprod_site.content_kinds import LONGEST_KIND, with_plain_kinds
from experiments.checks import problems
from experiments.checks.texts import LONGEST_TEXT, SLOT_ROOM
from experiments.studyfile import dump, parse
from responses.markdown import LONGEST, as_html
from responses.paradata import read_facts
from tests.changed import changed
from tests.designs import both, small

ROOT = Path(__file__).parents[2]
DECKS = "neighbourhood_tasks.yaml"


def test_numbers_that_no_float_holds_are_read_as_the_most_there_can_be() -> None:
    found = read_facts(f'{{"w": {"9" * 400}, "h": -{"9" * 400}}}', user_agent="", items=[])
    assert found == {"device": "unknown", "w": 20_000, "items": {}}


def test_kind_of_a_body_that_is_longer_than_any_is_none() -> None:
    seen: list[str] = []

    def application(environ: dict[str, Any], start: object) -> tuple[()]:
        seen.append(environ["CONTENT_TYPE"])
        return ()

    for kind in ("text/plain", ";a=b" * 100_000, "x" * LONGEST_KIND):
        with_plain_kinds(application)({"CONTENT_TYPE": kind}, print)
    assert seen == ["text/plain", "", "x" * LONGEST_KIND]


def _told_of(study: str, path: tuple[str | int, ...]) -> set[str]:
    """What is told of a shipped study with the first thing of a list there 45 times more."""
    file = YAML(typ="safe").load((ROOT / "studies" / study).read_text())
    found = file
    for part in path:
        found = found[part]
    found[:] = [found[0]] * 45 + found
    return {str(each.message) for each in parse(json.dumps(file)).problems}


def test_what_a_study_file_names_often_is_told_and_multiplies_nothing() -> None:
    # Each time the factor is named would double the cells, each deck multiply the items.
    listed = ("randomisations", 0, "factors")
    often = ", ".join(["main"] * 46)
    told = _told_of("coproduction.yaml", listed)
    assert f"reward is assigned more than once: by {often}." in told
    assert any(message.startswith("task is ") for message in _told_of(DECKS, ("randomisations",)))
    text = dump(small())
    assert text.count("factors: [reward, voice]") == 1
    (problem,) = parse(text.replace("[reward, voice]", f"[{'reward, ' * 40}voice]", 1)).problems
    assert problem.path == "factors[0]"


def test_outcome_on_a_scale_that_is_not_there_is_told() -> None:
    told = {each.path for each in problems(changed(small(), {"scales[1].code": "other"}))}
    assert {f"pages[3].items[{at}].scale" for at in (0, 1)} <= told


def test_text_is_long_with_its_slots_filled_and_says_so() -> None:
    slots = "{reward} {voice} "
    words = slots + "a" * (LONGEST_TEXT - len(slots) - 2 * SLOT_ROOM)
    fits = changed(small(), {"pages[2].body": both(words, slots)})
    assert problems(fits) == []
    path, level = "pages[2].body", "b" * (SLOT_ROOM + 1)
    for changes in (
        {path: both(f"{words}a", slots)},
        {"factors[0].levels[0].text": {"en": level, "ko": "b"}},
    ):
        told = [
            (each.path, str(each.message), str(each.remedy))
            for each in problems(changed(fits, changes))
        ]
        assert told == [
            (
                path,
                f"The text in en has {LONGEST_TEXT + 1} characters, slots filled.",
                f"Say it in {LONGEST_TEXT}, or on several pages.",
            )
        ]


def test_text_of_a_draft_that_is_too_long_is_shown_as_it_stands() -> None:
    text = "![<b>" * 60_000
    shown = as_html(small(), text)
    assert shown == "<p>" + "![&lt;b&gt;" * 60_000 + "</p>\n"
    assert as_html(small(), "*a*".ljust(LONGEST)) == "<p><em>a</em></p>\n"
