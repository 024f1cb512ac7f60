"""PURE: who is assigned, together with whom, to what: clusters, parts, impossible cells, reuse."""

from collections.abc import Iterator

from experiments.cells import why_impossible
from experiments.checks.comparing import comparison_problems
from experiments.checks.conditions import name_problems
from experiments.checks.problem import Problem, listed, placed
from experiments.design import Design, Method, Randomisation
from experiments.expansion import joined
from experiments.logic import ConditionError, names, parse
from experiments.logic.parsing import LONGEST
from experiments.piping import piped
from experiments.said import said

LISTED = (Method.PERMUTED_BLOCKS, Method.SIMPLE, Method.COMPLETE)
# So long somebody may read the page before the vignette; and a month.
SHORTEST_REUSE, LONGEST_REUSE = 10, 43_200


def assigned_problems(design: Design) -> Iterator[Problem]:
    """What keeps clusters, `assign_if`, `impossible` and reuse from meaning what they say."""
    for at, step in placed(design.randomisations, "randomisations"):
        yield from _cluster(design, at, step)
        yield from _assign_if(design, at, step)
        yield from _impossible(design, at, step)
        yield from _reuse(at, step)


def _cluster(design: Design, at: str, step: Randomisation) -> Iterator[Problem]:
    if not step.cluster:
        return
    found = next((each for each in design.parameters if each.code == step.cluster), None)
    if found is None:
        message = said("There is no parameter {cluster}.", cluster=step.cluster)
        yield Problem(f"{at}.cluster", message, said("Name one that the study's link brings."))
    elif found.identifies:
        message = said(
            "{cluster} says who somebody is: every cluster would be one person.",
            cluster=step.cluster,
        )
        yield Problem(f"{at}.cluster", message, said("Name a parameter that many share."))
    elif not found.required or len(found.values) < 2:
        message = said("{cluster} may be missing, or made up in a link.", cluster=step.cluster)
        remedy = said(
            "Make {cluster} required, and list its values: the clusters.", cluster=step.cluster
        )
        yield Problem(f"{at}.cluster", message, remedy)
    if step.method not in LISTED:
        message = said("The method {method} does not draw for clusters.", method=step.method)
        yield Problem(
            f"{at}.method", message, said("Use one of: {listed}.", listed=listed(list(LISTED)))
        )
    if step.strata:
        message = said("A cluster has no answers of its own to be a stratum by.")
        yield Problem(f"{at}.strata", message, said("Take the strata out."))


def _assign_if(design: Design, at: str, step: Randomisation) -> Iterator[Problem]:
    needed = [i for i, page in enumerate(design.pages) if piped(page).intersection(step.factors)]
    if not step.assign_if or not needed:
        return
    path = f"{at}.assign_if"
    yield from name_problems(design, path, step.assign_if, page=needed[0])
    for index in needed:
        own = design.pages[index].shown_if
        if own and len(joined([own, step.assign_if])) > LONGEST:
            message = said(
                "With the condition of {pages} it is too long.", pages=design.pages[index].code
            )
            yield Problem(path, message, said("Say both in {longest} characters.", longest=LONGEST))


def _impossible(design: Design, at: str, step: Randomisation) -> Iterator[Problem]:
    for path, text in placed(step.impossible, f"{at}.impossible"):
        try:
            condition = parse(text)
        except ConditionError as error:
            yield Problem(path, error.message, error.remedy)
            continue
        if strange := sorted(names(condition) - set(step.factors)):
            message = said(
                "{strange} is no factor of {step}.", strange=listed(strange), step=step.code
            )
            yield Problem(
                path, message, said("Name its own: {factors}.", factors=listed(list(step.factors)))
            )
        else:
            yield from comparison_problems(design, path, condition)
    for path, arm in placed(step.arms, f"{at}.arms"):
        if why := why_impossible(step, arm):
            message = said("The arm {arm} is impossible: {why}.", arm=arm.code, why=why)
            yield Problem(path, message, said("Take it out, or the condition."))


def _reuse(at: str, step: Randomisation) -> Iterator[Problem]:
    minutes, path = step.reuse_after_minutes, f"{at}.reuse_after_minutes"
    if not minutes:
        return
    if step.method not in LISTED or step.cluster:
        message = said("Only lists of single participants give a position again.")
        yield Problem(
            path,
            message,
            said("Take it out, or use one of: {listed}.", listed=listed(list(LISTED))),
        )
    if not SHORTEST_REUSE <= minutes <= LONGEST_REUSE:
        message = said("Positions would be given again after {minutes} minutes.", minutes=minutes)
        yield Problem(
            path,
            message,
            said(
                "Give {shortest_reuse} to {longest_reuse} minutes.",
                shortest_reuse=SHORTEST_REUSE,
                longest_reuse=LONGEST_REUSE,
            ),
        )
