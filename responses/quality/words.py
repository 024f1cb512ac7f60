"""PURE: how many words of a page somebody had to read at least."""

import re

from experiments.design import Design, Item, Page
from experiments.vignette import render, slots

# Markdown's own signs and the addresses of links and pictures are not read.
_ADDRESS = re.compile(r"\]\([^)]*\)")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
# Scripts without spaces between words: Han and Kana.
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
# Signs to a word in running Chinese, after Brysbaert 2019.
SIGNS_PER_WORD = 1.5


def words_to_read(design: Design, page: Page, items: tuple[Item, ...], language: str) -> float:
    """The words of the page's body and of these items, with the shortest text of each level.

    Answers that are piped in count nothing, nor do options. So every arm has the same number, and
    nobody had less to read.
    """
    texts = [page.body.get(language, ""), *(item.text.get(language, "") for item in items)]
    return sum(count_words(_shortest(design, text, language)) for text in texts)


def count_words(text: str) -> float:
    """Words between spaces; where a script has none, signs by `SIGNS_PER_WORD`."""
    read = _ADDRESS.sub("]", text)
    unspaced = len(_UNSPACED.findall(read))
    return len(_WORD.findall(_UNSPACED.sub(" ", read))) + unspaced / SIGNS_PER_WORD


def _shortest(design: Design, text: str, language: str) -> str:
    levels = {factor.code: factor.levels for factor in design.factors}
    fillings = {
        name: min(
            (level.text.get(language, "") for level in levels.get(name, ())),
            key=count_words,
            default="",
        )
        for name in slots(text)
    }
    return render(text, fillings)
