"""PURE: syllables: exact in Hangul, whose signs are syllables, and near enough in English.

English spelling does not tell syllables; the rules below count groups of vowels and mend the
commonest exceptions. Over running text they are within some per cent of a dictionary, which is
enough to compare arms of one vignette, and no more is done with them.
"""

import re
from functools import lru_cache

_HANGUL = re.compile("[\uac00-\ud7a3]")
_VOWELS = re.compile(r"[aeiouy]+")
_LETTERS = re.compile(r"[a-z]+")
_DIGITS = re.compile(r"\d[\d,.]*")
# A group of vowels that is no syllable of its own.
_SILENT = (
    re.compile(r"(?<![aeiouy])[^aeiouytd]ed$"),
    re.compile(r"(?<=[aeiouy])(?:[^aeiouytd]|[^aeiouy][^aeiouytdl])ed$"),
    re.compile(r"[^aeiouyscgxzlh]es$"),
    re.compile(r"(?<=[aeiouy])[lh]es$"),
    re.compile(r"(?<=th)es$"),
    re.compile(r"[^aeiouyl]e$"),
    re.compile(r"(?<=[aeiouy])le$"),
    re.compile(r"[aeiouy]+[^aeiouy]+e(?:ly|ment|ments|ful|less|ness|some|thing)$"),
)
# A group that is two.
_APART = (
    re.compile(r"(?<![ctgsx])i(?:a(?!ge)|ou|o(?!u)|u(?!s))"),
    re.compile(r"[^q]u(?:al|ou|ary)"),
    re.compile(r"e(?:ing|ar?ea$|o(?!us|ple|n))"),
    re.compile(r"y(?:ing|er)$"),
    re.compile(r"(?:sm|thm)s?$"),
)
_KNOWN = {
    **{"area": 3, "areas": 3, "idea": 3, "ideas": 3, "the": 1, "people": 2, "every": 2},
    **{"evening": 2, "evenings": 2, "business": 2, "create": 2, "created": 3, "creates": 2},
    **{"science": 2, "quiet": 2, "being": 2, "society": 4, "everyone": 3, "someone": 2},
    **{"neighbour": 2, "one": 1, "ones": 1, "once": 1, "reason": 2, "poem": 2, "hour": 1},
    **{"beforehand": 3, "creative": 3, "usually": 4, "carefully": 3, "hopefully": 3},
    **{"our": 1, "their": 1, "anyone": 3, "somewhere": 2, "therefore": 2, "data": 2},
}


def hangul_syllables(text: str) -> int:
    """How many Hangul syllables a text has; digits and other scripts are none."""
    return len(_HANGUL.findall(text))


# A vignette says the same words in every arm.
@lru_cache(maxsize=4096)
def english_syllables(word: str) -> int:
    """About how many syllables an English word has, at least one; of a number, digits but 0."""
    lower = word.lower().replace("’", "'").removesuffix("'s").replace("'", "")
    parts = [_of_letters(part) for part in _LETTERS.findall(lower)]
    parts += [len(re.sub(r"[0,.]", "", number)) for number in _DIGITS.findall(lower)]
    return max(1, sum(parts))


def _of_letters(word: str) -> int:
    if word in _KNOWN:
        return _KNOWN[word]
    groups = len(_VOWELS.findall(word))
    silent = any(rule.search(word) for rule in _SILENT)
    apart = sum(len(rule.findall(word)) for rule in _APART)
    return max(1, groups - silent + apart)
