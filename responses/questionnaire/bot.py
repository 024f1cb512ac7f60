"""PURE: a bot that answers pages as a participant could, the same for the same seed.

What it says to an item depends on the seed and the item's code alone, so it stays the same when
other items of the study change. It knows no arm: what it answers is unrelated to the treatment.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from experiments.answers import UNTOUCHED, Answer, Answers, as_missing
from experiments.design import Design, Item, ItemKind, Page, PageKind
from responses.questionnaire.facts import Facts, Sent
from responses.questionnaire.fields import AGREE, CONSENT_FIELD, DECLINE
from responses.questionnaire.flow import screened_out, shown_items
from responses.questionnaire.made_up import made_up, no_answers
from responses.questionnaire.reading import as_fields

# How often a page is answered anew to find answers that do not screen out.
ATTEMPTS = 100


@dataclass(frozen=True)
class Manner:
    """How a bot answers.

    `leaves_open` is the share of the items that need no answer to which it gives none,
    `gives_no_answer` that of “don’t know” and the like where they are offered. Who `passes_checks`
    answers every check as expected; who `stays` agrees to take part, and answers so as not to be
    screened out if there is a way.
    """

    leaves_open: float = 0.15
    gives_no_answer: float = 0.05
    passes_checks: bool = True
    stays: bool = True


def bot_answers(
    design: Design,
    page: Page,
    facts: Facts,
    *,
    seed: str,
    language: str,
    manner: Manner = Manner(),
) -> Answers:
    """An answer, None if left open, by code, to each item that the page then asks; never a fault.

    An item that waits for another of the page is answered if that one's answer shows it.
    """
    for attempt in range(ATTEMPTS if manner.stays and page.screen_out_if else 1):
        random_seed = f"{seed}|{attempt}" if attempt else seed
        answers = dict(_answers(design, page, facts, random_seed, language, manner))
        given = replace(facts, answers={**facts.answers, **answers})
        if not screened_out(design, page, given):
            break
    return answers


def bot_fields(
    design: Design,
    page: Page,
    facts: Facts,
    *,
    seed: str,
    language: str,
    manner: Manner = Manner(),
) -> Sent:
    """The fields that a browser would send with the bot's answers, its consent among them."""
    if page.kind is PageKind.CONSENT:
        return {CONSENT_FIELD: (AGREE if manner.stays else DECLINE,)}
    answers = bot_answers(design, page, facts, seed=seed, language=language, manner=manner)
    return {
        name: sent
        for code, answer in answers.items()
        for name, sent in as_fields(design, design.item(code), answer, language).items()
    }


def _answers(
    design: Design, page: Page, facts: Facts, seed: str, language: str, manner: Manner
) -> Iterator[tuple[str, Answer]]:
    """Item by item in the design's order, in which a condition asks only for what came before."""
    so_far = dict(facts.answers)
    for item in page.items:
        if item.kind is ItemKind.STATEMENT:
            continue
        now = replace(facts, answers=so_far)
        if item.shown_if and item not in shown_items(design, page, now):
            so_far.pop(item.code, None)
            continue
        random = Random(f"{seed}|{item.code}")  # noqa: S311 # a seed is the point
        so_far[item.code] = _answer(design, item, random, language, manner)
        yield item.code, so_far[item.code]


def _answer(design: Design, item: Item, random: Random, language: str, manner: Manner) -> Answer:
    if item.expected and manner.passes_checks:
        return item.expected
    if not item.required and random.random() < manner.leaves_open:
        return as_missing(UNTOUCHED) if item.kind is ItemKind.SLIDER else None
    offered = no_answers(design, item)
    if offered and random.random() < manner.gives_no_answer:
        return random.choice(offered)
    return made_up(design, item, random, language)
