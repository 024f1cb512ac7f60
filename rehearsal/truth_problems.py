"""PURE: every problem of a truth for a design, with its place and the remedy."""

from collections.abc import Iterator, Mapping, Sequence

from experiments.checks import Problem
from experiments.design import Design, PageKind
from experiments.said import said
from rehearsal.moving_problems import level_problems, moving_problems
from rehearsal.people import DEVICES
from rehearsal.share_problems import is_share, one_of, share_problems, whole_problems
from rehearsal.trait_problems import correlation_problems, trait_problems
from rehearsal.truth import Style, Truth

SHARES = (
    *("attention", "manipulation", "between_vignettes", "open", "no_answer"),
    *("refusing", "duplicates"),
)
# Hours.
LONGEST = 24 * 366
MOST_TIMES = 100
MOST_CLUSTERS = 10_000


def truth_problems(design: Design, truth: Truth) -> list[Problem]:
    """Everything that keeps a population from being as the truth says; empty if nothing does."""
    found = [*trait_problems(design, truth), *correlation_problems(design, truth)]
    found += share_problems(design, truth)
    found += moving_problems(design, truth, sound=not found)
    return [*found, *_people(design, truth)]


def _people(design: Design, truth: Truth) -> Iterator[Problem]:
    for name in SHARES:
        yield from is_share(name, getattr(truth, name))
    styles = {str(style): share for style, share in truth.styles.items()}
    yield from whole_problems("styles", styles, whole=Style.CAREFUL in truth.styles)
    yield from _known("languages", truth.languages, design.languages)
    yield from _known("devices", truth.devices, tuple(DEVICES))
    yield from _leaving(design, truth)
    yield from _clusters(design, truth)
    if not 0 < truth.arrivals.hours <= LONGEST:
        message = said("People can't come over {hours} hours.", hours=truth.arrivals.hours)
        remedy = said("Write more than 0 and not more than a year.")
        yield Problem("arrivals.hours", message, remedy)


def _known(path: str, shares: Mapping[str, float], codes: Sequence[str]) -> Iterator[Problem]:
    for code in shares:
        if code not in codes:
            message = said("{code} is none of the {path}.", code=code, path=path)
            yield Problem(f"{path}.{code}", message, one_of(code, codes))
    if shares:
        yield from whole_problems(path, shares, whole=True)


def _leaving(design: Design, truth: Truth) -> Iterator[Problem]:
    leaving = truth.leaving
    yield from is_share("leaving.each", leaving.each)
    yield from is_share("leaving.back", leaving.back)
    pages = [page.code for page in design.pages if page.kind is not PageKind.END]
    for page, share in leaving.pages.items():
        yield from is_share(f"leaving.pages.{page}", share)
        if page not in pages:
            message = said("There is no page {page} that somebody could leave on.", page=page)
            yield Problem(f"leaving.pages.{page}", message, one_of(page, pages))
    for key, times in leaving.levels.items():
        path = f"leaving.levels.{key}"
        yield from level_problems(design, path, key)
        if not 0 <= times <= MOST_TIMES:
            message = said("Nobody leaves {times} times as often.", times=times)
            yield Problem(path, message, said("Write a number from 0 to {most}.", most=MOST_TIMES))


def _clusters(design: Design, truth: Truth) -> Iterator[Problem]:
    parameters = {each.code: each for each in design.parameters if not each.identifies}
    for code, clusters in truth.clusters.items():
        path = f"clusters.{code}"
        yield from is_share(f"{path}.icc", clusters.icc)
        if code not in parameters:
            message = said("No parameter that could name a cluster is called {code}.", code=code)
            yield Problem(path, message, one_of(code, [*parameters]))
            continue
        most = len(parameters[code].values) or MOST_CLUSTERS
        if not 1 <= clusters.number <= most:
            message = said(
                "{code} can't name {number} clusters.", code=code, number=clusters.number
            )
            yield Problem(path, message, said("Write a number from 1 to {most}.", most=most))
    if sum(clusters.icc for clusters in truth.clusters.values()) > 1:
        message = said("The clusters differ by more than all that lies behind answers.")
        yield Problem("clusters", message, said("Let the `icc` add up to 1 at most."))
