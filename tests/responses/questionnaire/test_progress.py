from random import Random
from typing import Any

import pytest

from experiments.answers import Answers
from experiments.design import Design, Page, PageKind
from experiments.logic import names, parse
from responses.questionnaire import (
    Facts,
    Progress,
    first_page,
    next_page,
    progress,
    screened_out,
    shown_items,
)
from tests.responses.questionnaire.test_flow import branching
from tests.responses.walks.answers import valid
from tests.responses.walks.designs import random_design


@pytest.mark.parametrize(
    ("code", "answers", "expected"),
    [
        # welcome, about, her?, all, town?, story, opinion
        ("welcome", {}, Progress(1, 7, exact=False)),
        ("about", {}, Progress(2, 7, exact=False)),
        ("her", {"gender": "woman"}, Progress(3, 7, exact=False)),
        ("all", {"gender": "man"}, Progress(3, 6, exact=False)),
        ("all", {"gender": "woman", "one": "pool"}, Progress(4, 7)),
        ("town", {"gender": "man", "two": "park"}, Progress(4, 6)),
        ("story", {"gender": "man", "two": "pool"}, Progress(4, 5)),
        ("opinion", {"gender": "man", "two": "pool"}, Progress(5, 5)),
        ("opinion", {"gender": "woman", "one": "pool", "two": "pool"}, Progress(7, 7)),
    ],
)
def test_progress_counts_what_was_and_may_still_be_shown(
    code: str, answers: Answers, expected: Progress
) -> None:
    assert progress(branching(), code, Facts(answers)) == expected


@pytest.mark.parametrize("seed", range(60))
def test_progress_goes_on_page_by_page_and_keeps_its_word(seed: int) -> None:
    design, random = random_design(seed), Random(seed)
    pages, steps = _walk(design, random)
    # Each page is one further, and the end never moves away.
    assert [step.number for step in steps] == list(range(1, len(steps) + 1))
    assert all(step.number <= step.total for step in steps)
    totals = [step.total for step in steps]
    assert totals == sorted(totals, reverse=True)
    # What was called exact stays.
    first = next((at for at, step in enumerate(steps) if step.exact), len(steps))
    assert all(step.exact for step in steps[first:])
    assert len({step.total for step in steps[first:]}) <= 1
    assert totals[-1] == len(steps) or _open_ahead(design, pages[-1], steps[-1])


def _walk(design: Design, random: Random) -> tuple[list[Page], list[Progress]]:
    """The pages of somebody who answers at random, and how far each was said to be."""
    facts = Facts({}, {}, {}, bytes([random.randrange(256)]))
    page, pages, steps = first_page(design), [], []
    while page.kind is not PageKind.END:
        pages.append(page)
        steps.append(progress(design, page.code, facts))
        if page.kind is PageKind.VIGNETTE:
            facts = Facts(facts.answers, {"reward": "money", "voice": "low"}, {}, facts.seed)
        facts = _answered(design, page, facts, random)
        if screened_out(design, page, facts):
            facts = Facts({**facts.answers, "adult": "yes"}, facts.levels, {}, facts.seed)
        page = next_page(design, page.code, facts)
    return pages, steps


def _answered(design: Design, page: Page, facts: Facts, random: Random) -> Facts:
    answers: dict[str, Any] = dict(facts.answers)
    for item in page.items:
        now = Facts(answers, facts.levels, facts.parameters, facts.seed)
        if item in shown_items(design, page, now):
            _, answer = valid(design, item, random)
            answers |= {} if answer is ... else {item.code: answer}
    return Facts(answers, facts.levels, facts.parameters, facts.seed)


def _open_ahead(design: Design, last: Page, step: Progress) -> bool:
    """Whether the last page itself decided that nothing more comes."""
    asked = {item.code for item in last.items}
    waiting = [page for page in design.pages if page.shown_if]
    return not step.exact and any(asked & names(parse(page.shown_if)) for page in waiting)
