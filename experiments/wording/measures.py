"""PURE: how long a text is, how long it takes to read and how hard that is, by its language."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from experiments.wording.plain import plain, sentences
from experiments.wording.syllables import english_syllables, hangul_syllables

# English: the mean of silent reading of non-fiction by adults in the meta-analysis of Brysbaert
# (2019, Journal of Memory and Language 109, 104047). Korean: no figure is generally accepted; 200
# eojeol is a round one of ours, good enough to compare arms and no measure of anybody's time.
WORDS_PER_MINUTE: Mapping[str, int] = {"en": 238, "ko": 200}


@dataclass(frozen=True)
class Measures:
    """A text's length; words stand between spaces (in Korean they are eojeol).

    `syllables` are counted in Korean and English, `seconds` told where there is a rate of reading.
    `ease` is Flesch's reading ease and `grade` the Flesch–Kincaid grade, both for English alone.
    """

    words: int
    characters: int
    sentences: int
    syllables: int | None = None
    seconds: float | None = None
    ease: float | None = None
    grade: float | None = None

    @property
    def words_a_sentence(self) -> float:
        """How many words a sentence has on average; 0 without any."""
        return self.words / self.sentences if self.sentences else 0.0


# The page that compares arms is looked at again and again while texts are mended.
@lru_cache(maxsize=2048)
def measured(text: str, language: str) -> Measures:
    """The measures of a Markdown text in a language.

    Reading ease after Flesch (1948, Journal of Applied Psychology 32(3), 221–233), grade after
    Kincaid, Fishburne, Rogers & Chissom (1975, Naval Technical Training Command, Report 8-75).
    """
    read, tongue = plain(text), language.partition("-")[0].lower()
    words = [word for word in read.split() if any(sign.isalnum() for sign in word)]
    count = len(sentences(read))
    rate = WORDS_PER_MINUTE.get(tongue)
    syllables = _syllables(read, words, tongue)
    ease = grade = None
    if tongue == "en" and words and syllables:
        length, weight = len(words) / count, syllables / len(words)
        ease = 206.835 - 1.015 * length - 84.6 * weight
        grade = 0.39 * length + 11.8 * weight - 15.59
    return Measures(
        words=len(words),
        characters=len(" ".join(read.split())),
        sentences=count,
        syllables=syllables,
        seconds=60 * len(words) / rate if rate else None,
        ease=ease,
        grade=grade,
    )


def _syllables(read: str, words: list[str], tongue: str) -> int | None:
    if tongue == "ko":
        return hangul_syllables(read)
    return sum(map(english_syllables, words)) if tongue == "en" else None
