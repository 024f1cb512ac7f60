"""The bot: whatever a page asks, its answers are taken, lead to an end, and come again."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from uuid import UUID

import pytest

from coprod_site.embedded import ROOT
from experiments.answers import Answers
from experiments.design import Design, ItemKind, Outcome, Page
from experiments.expansion import expanded
from experiments.ordering import participant_seed
from experiments.studyfile import parse
from responses.questionnaire import (
    Facts,
    Manner,
    Step,
    bot_answers,
    bot_fields,
    check,
    first_page,
    step_from,
)
from responses.questionnaire.fields import CONSENT_FIELD
from responses.questionnaire.made_up import made_up
from tests.changed import changed
from tests.responses.every_kind import FACTS, every_kind, kinds_design
from tests.responses.walks.designs import random_design

AS_USUAL = Manner()
STUDIES = ("coproduction", "kitchen_sink", "neighbourhood_tasks")


def shipped(name: str) -> Design:
    """A study that ships, as participants meet it."""
    design = parse((ROOT / "studies" / f"{name}.yaml").read_text()).design
    assert design
    return expanded(design)


def walk(
    design: Design, seed: str, manner: Manner = AS_USUAL
) -> Iterator[tuple[Page, Answers, Step]]:
    """Each page that the bot sends, as a browser would, with what is read of it."""
    random = Random(seed)
    levels = {
        factor: level
        for randomisation in design.randomisations
        for factor, level in zip(
            randomisation.factors, random.choice(randomisation.arms).levels, strict=True
        )
    }
    facts = Facts(levels=levels, seed=participant_seed(UUID(int=random.getrandbits(128))))
    page, tries, language = first_page(design), dict[str, int](), random.choice(design.languages)
    for _ in range(500):
        fields = bot_fields(design, page, facts, seed=seed, language=language, manner=manner)
        consents = fields[CONSENT_FIELD] == ("agree",) if CONSENT_FIELD in fields else None
        read = check(design, page, fields, facts, language=language)
        assert read.faults == {}, (seed, page.code, fields)
        facts = replace(facts, answers={**facts.answers, **read.answers})
        step = step_from(design, page, read.answers, facts, tries=tries, consents=consents)
        yield page, read.answers, step
        if step.outcome:
            return
        page, tries = step.page, {**tries, **step.tries}
    raise AssertionError("no end")


def test_bot_comes_to_the_end_of_studies_that_ship_and_of_random_ones() -> None:
    designs = [*map(shipped, STUDIES), *map(random_design, range(12)), kinds_design()]
    ends = Counter(
        [*walk(design, str(seed))][-1][2].outcome for design in designs for seed in range(4)
    )
    assert ends == {Outcome.COMPLETED: 4 * len(designs)}


def test_bot_says_the_same_for_the_same_seed_and_else_something_else() -> None:
    design = shipped("kitchen_sink")
    one, again, other = ([*walk(design, seed)] for seed in ("7", "7", "8"))
    assert one == again
    assert one != other


def test_answer_to_an_item_is_the_same_whatever_else_its_page_asks() -> None:
    design, page = kinds_design(), every_kind()
    whole = bot_answers(design, page, FACTS, seed="3", language="en")
    for item in page.items[:-1]:
        alone = changed(design, {"pages[2].items": (item,)})
        found = bot_answers(alone, alone.pages[2], FACTS, seed="3", language="en")
        assert found == {code: whole[code] for code in found}


def test_bot_answers_an_item_that_waits_if_its_own_answers_show_it() -> None:
    design, page = kinds_design(), every_kind()
    facts = replace(FACTS, answers={"gender": "woman"})
    asked = {
        (found["one"], "why" in found)
        for seed in range(40)
        for found in [bot_answers(design, page, facts, seed=str(seed), language="ko")]
    }
    assert asked == {("park", True), ("library", False), ("pool", False)}


def test_every_value_of_an_item_is_made_up_by_some_chance() -> None:
    design = kinds_design()
    items = {item.code: item for item in every_kind().items}
    found = {
        code: {repr(made_up(design, items[code], Random(n), "en")) for n in range(400)}
        for code in ("poles1", "some", "years", "distance", "mood", "order", "day")
    }
    assert found["poles1"] == {repr(str(point)) for point in range(1, 6)}
    assert len(found["some"]) == 8
    assert found["mood"] == {repr(str(tens)) for tens in range(0, 101, 10)}
    assert len(found["order"]) == 6
    assert found["years"] < {repr(str(years)) for years in range(121)}
    assert found["distance"] < {repr(f"{tenths / 10:g}") for tenths in range(1001)}
    assert "'2026-01-01'" <= min(found["day"]) < max(found["day"]) <= "'2026-12-31'"


@pytest.mark.parametrize(
    ("minimum", "maximum", "decimals", "values"),
    [
        (0.5, 2.5, 0, {"1", "2"}),
        (-0.2, 0.1, 1, {"-0.2", "-0.1", "0", "0.1"}),
        (None, -99.0, 0, {str(n) for n in range(-199, -98)}),
        (5.0, None, 0, {str(n) for n in range(5, 106)}),
        (None, None, 0, {str(n) for n in range(101)}),
    ],
)
def test_number_stays_within_its_bounds_and_decimals(
    minimum: float | None, maximum: float | None, decimals: int, values: set[str]
) -> None:
    item = next(item for item in every_kind().items if item.kind is ItemKind.NUMBER)
    item = replace(item, minimum=minimum, maximum=maximum, decimals=decimals)
    assert {made_up(kinds_design(), item, Random(n), "en") for n in range(1200)} == values


def test_manner_decides_on_consent_checks_and_items_left_open() -> None:
    design = shipped("coproduction")
    leaving = [*walk(design, "1", Manner(stays=False))]
    assert [step.outcome for _, _, step in leaving] == [Outcome.REFUSED]
    checks = {item.code: item.expected for item in design.items() if item.expected}
    seen = [
        {
            code: answer
            for _, answers, _ in walk(design, str(seed), Manner(passes_checks=passes))
            for code, answer in answers.items()
            if code in checks
        }
        for passes in (True, False)
        for seed in range(6)
    ]
    assert seen[:6] == [checks] * 6
    assert any(given != checks for given in seen[6:])
    optional = changed(
        kinds_design(),
        {"pages[2].items": tuple(replace(item, required=False) for item in every_kind().items)},
    )
    found = bot_answers(
        optional, optional.pages[2], FACTS, seed="1", language="en", manner=Manner(leaves_open=1.0)
    )
    assert {code for code, answer in found.items() if answer} == {"mood"}
