"""Sentences of the pure rooms, in English and in what they are translated into."""

from dataclasses import replace

import pytest
from django.utils import translation

from experiments.checks import problems
from experiments.in_words import in_words
from experiments.refusals import Refused
from experiments.said import said
from tests.designs import small


def test_sentence_is_its_text_and_knows_what_it_was_made_of() -> None:
    sentence = said("{factor} has no two levels.", factor="reward")
    assert sentence == "reward has no two levels."
    assert (sentence.template, sentence.values) == (
        "{factor} has no two levels.",
        {"factor": "reward"},
    )
    assert said("Write slots as {code}.") == "Write slots as {code}."


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "reward is reserved: every data set has a variable of that name."),
        ("ko", "쓸 수 없는 코드 reward: 모든 자료에 그 이름의 변수가 있습니다."),
    ],
)
def test_sentence_is_said_in_the_language_that_is_active(language: str, told: str) -> None:
    why = said("every data set has a variable of that name")
    sentence = said("{code} is reserved: {why}.", code="reward", why=why)
    with translation.override(language):
        assert in_words(sentence) == told
        assert in_words(Refused(sentence)) == told
        assert in_words("As it stands") == "As it stands"


def test_problems_are_told_in_korean() -> None:
    (problem,) = problems(replace(small(), languages=("en", "ko", "en")))
    with translation.override("ko"):
        told = (in_words(problem.message), in_words(problem.remedy))
    assert told == ("en: 두 번 있습니다.", "하나를 빼십시오.")
