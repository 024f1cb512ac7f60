"""How a run travels: in the address, its answers signed and compressed, nothing on the server."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from django.core import signing
from django.http import QueryDict
from django.utils.http import urlencode

from experiments.answers import Answers
from experiments.design import Design, ItemKind, Randomisation
from experiments.expansion import dealt
from responses.preview.run import Run

SALT = "coprod.preview"
# The longest that browsers and servers take for sure; longer texts are then carried in part.
LONGEST, SAYING = 6000, 100
# Names in the address: a study's codes have no point.
ARM, PARAMETER, SO_FAR = "arm.", "with.", "so_far"


def read_run(written: Design, design: Design, asked: QueryDict) -> Run:
    """The run that an address asks for; what it does not say is as at the start."""
    language = asked.get("lang", "")
    draws = {code: each.draw for code, each in dealt(written).items()}
    run = Run(
        design=design,
        language=language if language in design.languages else next(iter(design.languages), ""),
        seed=_number(asked.get("seed", "")),
        arms={
            step.code: _arm(step, asked.get(f"{ARM}{step.code}", ""), draws.get(step.code, 1))
            for step in design.randomisations
            if step.arms
        },
        parameters={
            each.code: value[:200]
            for each in design.parameters
            if (value := asked.get(f"{PARAMETER}{each.code}", ""))
        },
    )
    answers, tries = _opened(asked.get(SO_FAR, ""), design.study)
    return replace(run, answers=answers, tries=tries).readable()


def address_of(run: Run) -> str:
    """The query of an address that brings the run."""
    return urlencode(list(_asked(run)))


def so_far(run: Run) -> str:
    """The answers, signed; empty before the first. Long ones in own words are cut if need be."""
    if not (run.answers or run.tries):
        return ""
    signed = _signed(run)
    if len(signed) <= LONGEST:
        return signed
    own = {each.code for each in run.design.items() if each.kind in _OWN_WORDS}
    short = {
        code: answer[:SAYING] if code in own and isinstance(answer, str) else answer
        for code, answer in run.answers.items()
    }
    return _signed(replace(run, answers=short))


_OWN_WORDS = (ItemKind.TEXT, ItemKind.SHORT_TEXT)


def _asked(run: Run) -> Iterator[tuple[str, str]]:
    yield "lang", run.language
    yield from ((f"{ARM}{code}", arm) for code, arm in run.arms.items())
    yield from ((f"{PARAMETER}{code}", value) for code, value in run.parameters.items())
    yield "seed", str(run.seed)
    if carried := so_far(run):
        yield SO_FAR, carried


def _signed(run: Run) -> str:
    told = [dict(run.answers), dict(run.tries)]
    return signing.Signer(salt=f"{SALT}|{run.design.study}").sign_object(told, compress=True)


def _opened(text: str, study: str) -> tuple[Answers, Mapping[str, int]]:
    try:
        answers, tries = signing.Signer(salt=f"{SALT}|{study}").unsign_object(text)
    except signing.BadSignature:
        return {}, {}
    return answers, tries


def _arm(step: Randomisation, asked: str, draw: int) -> str:
    """The arm that was asked for, else the first; a deck's draws begin with one each."""
    codes = [arm.code for arm in step.arms]
    return asked if asked in codes else codes[(draw - 1) % len(codes)]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 1
