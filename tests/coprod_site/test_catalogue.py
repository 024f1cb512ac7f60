"""The desk's texts have their Korean, of all that the code shows and of no more."""

import re

import pytest

from coprod_site.catalogue import missing_texts, translated, unused_texts
from coprod_site.messages import CATALOGUES
from experiments.flags import RULES

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*(?:[:!][^{}]*)?\}|%[sd]")
# A particle of one sound alone; "입니다", "이고" or "이면" fit any word.
BARE_PARTICLE = re.compile(
    rf"(?:{PLACEHOLDER.pattern})[\"”»`]*"
    r"(?:은|는|이|가|을|를|과|와|로|으로|나|이나|라는|이라는|랑|이랑)(?![가-힣(])"
)


def found(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def test_every_text_has_its_korean() -> None:
    missing = missing_texts("ko")
    assert {room: [each.text for each in texts] for room, texts in missing.items()} == {
        room: [] for room in missing
    }


def test_no_translation_is_unsure() -> None:
    paths = [path for folder in CATALOGUES for path in folder.glob("*/LC_MESSAGES/django.po")]
    assert len(paths) == len(CATALOGUES)
    assert [path for path in paths if "fuzzy" in path.read_text()] == []


def test_nothing_is_translated_that_no_page_shows() -> None:
    assert unused_texts("ko") == []


@pytest.mark.parametrize("language", ["ko"])
def test_translation_fills_in_what_its_text_does(language: str) -> None:
    wrong = [
        key
        for key, message in translated(language).items()
        if found(key[2] or key[1]) != found(str(message.string))
    ]
    assert wrong == []


def test_no_particle_hangs_on_what_is_filled_in() -> None:
    # Which of 은 and 는 is right depends on how the filled-in word sounds; "이(가)" says both.
    told = {str(message.string) for message in translated("ko").values()}
    assert [each for each in told if BARE_PARTICLE.search(each)] == []


@pytest.mark.parametrize(
    "text", ["버전 %(number)d과 같습니다.", "{low}와 {high}", "“%s”을 봅니다."]
)
def test_particle_that_may_be_wrong_is_seen(text: str) -> None:
    assert BARE_PARTICLE.search(text)


@pytest.mark.parametrize(
    "text", ["{code}은(는) 문항입니다.", "%(count)s가지입니다.", "상태가 {status}입니다."]
)
def test_particle_of_both_kinds_is_let_stand(text: str) -> None:
    assert not BARE_PARTICLE.search(text)


def test_one_thing_has_one_korean_word() -> None:
    """Checks are 점검, a mock vignette is 연습 비네트, deviations are 이탈 and attrition 탈락."""
    messages = translated("ko")
    told = [str(message.string) for message in messages.values()]
    told += [rule.label["ko"] for rule in RULES]
    others = re.compile("주의 확인|이해 확인|조작 확인|연습 시나리오|중도 이탈|동의 전 이탈")
    assert [each for each in told if others.search(each)] == []
    lost = [str(each.string) for key, each in messages.items() if key[1].startswith("Attrition")]
    assert [each.startswith("탈락") for each in lost] == [True]
