"""PURE: how long people take for a page: to read it, and to answer."""

from collections.abc import Iterator, Mapping

import numpy as np

from analysis.statistics.estimate import Floats
from experiments.design import Design, ItemKind, Page
from experiments.vignette import count_words, slots
from rehearsal.crowd import Crowd
from rehearsal.streams import normals
from rehearsal.truth import Style

# Silent reading of English non-fiction: Brysbaert (2019), Journal of Memory and Language 109,
# 104047.
WORDS_PER_MINUTE = 238
# To choose an answer, beyond reading the question; to write one.
SECONDS_PER_ITEM, SECONDS_PER_TEXT = 2.5, 12.0
SHORTEST = 1.0
# Of the time that a careful person takes.
TIMES: Mapping[Style, float] = {
    Style.CAREFUL: 1.0,
    Style.READER: 0.45,
    Style.ACQUIESCENT: 0.9,
    Style.STRAIGHTLINER: 0.45,
    Style.SPEEDER: 0.25,
    Style.CARELESS: 0.35,
}


def seconds_on(crowd: Crowd, page: Page, draw: int) -> Floats:
    """How long each (n,) takes for the page, never less than it lets them."""
    asked = [item for item in page.items if item.kind is not ItemKind.STATEMENT]
    texts = sum(item.kind is ItemKind.TEXT for item in asked)
    answering = SECONDS_PER_ITEM * len(asked) + SECONDS_PER_TEXT * texts
    spent = {
        language: answering + 60 * _words(crowd.design, page, language) / WORDS_PER_MINUTE
        for language in crowd.design.languages
    }
    usual = np.array([spent[language] for language in crowd.people.languages])
    own = np.exp(0.3 * normals(crowd.seed, crowd.n, "seconds", page.code, draw))
    own *= crowd.people.speed
    # One like an agent is as fast on every page.
    own = np.where(crowd.styles[Style.READER], own**0.1, own)
    times = np.select([crowd.styles[style] for style in TIMES], list(TIMES.values()), 1.0)
    return np.asarray(np.maximum(usual * own * times, max(SHORTEST, page.min_seconds)))


def _words(design: Design, page: Page, language: str) -> float:
    """How many words the page has, a slot counting as the mean of what may fill it."""
    return sum(_words_of(design, text.get(language, ""), language) for text in _texts(page))


def _texts(page: Page) -> Iterator[Mapping[str, str]]:
    yield page.body
    yield from (item.text for item in page.items)


def _words_of(design: Design, text: str, language: str) -> float:
    found = float(count_words(text))
    for factor in design.factors:
        if factor.code in slots(text):
            words = [count_words(level.text.get(language, "")) for level in factor.levels]
            found += sum(words) / len(words)
    return found
