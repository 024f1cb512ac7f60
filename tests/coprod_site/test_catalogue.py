"""The desk's texts have their Korean, of all that the code shows and of no more."""

import re

import pytest

from coprod_site.catalogue import missing_texts, translated, unused_texts
from coprod_site.messages import CATALOGUES

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*(?:[:!][^{}]*)?\}|%[sd]")


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
