"""PURE: where a page that was sent leads: on, to the same page once more, or to an end."""

from collections.abc import Mapping
from dataclasses import dataclass

from experiments.answers import Answers
from experiments.design import Design, Outcome, Page, PageKind
from responses.questionnaire.checking import wrong_comprehension
from responses.questionnaire.facts import Facts
from responses.questionnaire.flow import next_page, screened_out, shown_items


@dataclass(frozen=True)
class Step:
    """The page that one is on then, and the outcome if the study ends there.

    `tries` counts, by code, how often the comprehension checks that were wrong now have been so.
    """

    page: Page
    outcome: Outcome | None
    tries: Mapping[str, int]


def step_from(
    design: Design,
    page: Page,
    answers: Answers,
    facts: Facts,
    *,
    tries: Mapping[str, int],
    consents: bool | None,
) -> Step:
    """Where the answers of a page lead; the facts know them too, `consents` is None elsewhere.

    Quotas are no matter of one participant: whoever keeps count of places may end the way.
    """
    if consents is False:
        return Step(page, Outcome.REFUSED, {})
    shown = {item.code for item in shown_items(design, page, facts)}
    wrong = shown.intersection(wrong_comprehension(design, page, answers))
    now = {code: tries.get(code, 0) + 1 for code in wrong}
    if any(now[code] < design.item(code).tries for code in wrong):
        return Step(page, None, now)
    if screened_out(design, page, facts):
        return Step(page, Outcome.SCREENED_OUT, now)
    after = next_page(design, page.code, facts)
    ended = after.kind is PageKind.END
    return Step(after, Outcome.COMPLETED if ended else None, now)


def tries_to_go(page: Page, answers: Answers, tries: Mapping[str, int]) -> dict[str, int]:
    """The tries that are left, by check of the page that was misunderstood and may be mended."""
    return {
        item.code: item.tries - tries[item.code]
        for item in page.items
        if answers.get(item.code) != item.expected and 0 < tries.get(item.code, 0) < item.tries
    }
