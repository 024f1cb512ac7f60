"""Which of a study's languages somebody reads, from the link or from the browser."""

from collections.abc import Sequence

from django.utils.translation.trans_real import parse_accept_lang_header


def choose(languages: Sequence[str], asked: str, accept_language: str) -> str:
    """The language asked for if the study has it, else the browser's best, else the study's first.

    `accept_language` is the request's header; "ko-KR" there finds a study's "ko".
    """
    if asked in languages:
        return asked
    by_name = {language.lower(): language for language in languages}
    for wanted, _quality in parse_accept_lang_header(accept_language.lower()):
        for name in (wanted, wanted.split("-")[0]):
            if name in by_name:
                return by_name[name]
    return languages[0]
