"""PURE: the plan against the variables and arms that the design has."""

from collections.abc import Iterator
from itertools import combinations, pairwise
from math import inf, prod

from experiments.answers import yes_or_no
from experiments.checks.contrasts import contrast_problems
from experiments.checks.order import asked_after, asked_before
from experiments.checks.problem import Problem, listed, placed
from experiments.design import Design, Exclusion, Item, ItemKind, Measure, Role
from experiments.logic import ConditionError, names, parse

# Kinds whose answer is one column, or one choice, of an analysis.
COUNTED = frozenset(
    {
        *(ItemKind.LIKERT, ItemKind.SEMANTIC_DIFFERENTIAL, ItemKind.SINGLE, ItemKind.DROPDOWN),
        *(ItemKind.NUMBER, ItemKind.SLIDER),
    }
)
RULES = {
    Exclusion.FAILED_ATTENTION: Role.ATTENTION_CHECK,
    Exclusion.FAILED_MOCK_VIGNETTE: Role.MOCK_VIGNETTE_CHECK,
    Exclusion.FAILED_COMPREHENSION: Role.COMPREHENSION_CHECK,
}
LARGEST_SAMPLE = 10_000_000
# Below these a look has next to no alpha to spend, or none more than the look before it.
SMALLEST_LOOK = 0.05
SMALLEST_STEP = 0.01
SMALLEST_ALPHA = 0.0001
# What 0.3 - 0.29 lacks of 0.01 in binary.
_ROUNDING = 1e-9


def plan_problems(design: Design) -> Iterator[Problem]:
    """What keeps the announced analysis from being run on the data that will come."""
    yield from _outcome(design)
    yield from _sizes(design)
    yield from _looks(design)
    yield from _errors(design)
    yield from contrast_problems(design)
    yield from _predictors(design, "plan.covariates", design.plan.covariates)
    yield from _collinear(design)
    yield from _predictors(design, "plan.associations", design.plan.associations)
    yield from _exclusions(design)


def _scored(design: Design) -> list[str]:
    return [code for s in design.scales for code in (s.code, *(sub.code for sub in s.subscales))]


def _outcome(design: Design) -> Iterator[Problem]:
    outcome, scored, items = design.plan.outcome, _scored(design), design.outcome_items
    if outcome not in scored and not items:
        message = f"The outcome {outcome} is no scale and no item."
        yield Problem(
            "plan.outcome",
            message if outcome else "The plan has no outcome.",
            f"Name an item, or a scale or subscale: {listed(scored)}."
            if scored
            else "Name an item that is asked after the vignette.",
        )
        return
    if outcome not in scored:
        yield from _one_answer(design, items[0])
    if not asked_after(design, items):
        yield Problem(
            "plan.outcome",
            f"The outcome {outcome} is asked before the vignette was shown.",
            "Ask all of its items on the vignette's page or later.",
        )


def _one_answer(design: Design, item: Item) -> Iterator[Problem]:
    """What keeps a single item from being an outcome: it has no number, or is there to check."""
    if item.kind not in COUNTED:
        message = f"The outcome {item.code} is no number and no one choice."
        yield Problem("plan.outcome", message, "Name an item with one answer, or a scale.")
    elif item.measure is Measure.NOMINAL and not yes_or_no(design, item):
        yield Problem(
            "plan.outcome",
            f"The outcome {item.code} has other than two answers, and no order.",
            "Give its options numbers and call it ordinal, or ask for one of two answers.",
        )
    if item.role is not Role.NONE:
        message = f"The outcome {item.code} is there to check: {item.role.replace('_', ' ')}."
        yield Problem("plan.outcome", message, "Name an item without a role.")


def fewest_completes(design: Design) -> int:
    """Two participants in each arm."""
    return 2 * prod(len(randomisation.arms) for randomisation in design.randomisations)


def _sizes(design: Design) -> Iterator[Problem]:
    size, fewest = design.plan.sample_size, fewest_completes(design)
    if not fewest <= size <= LARGEST_SAMPLE:
        few = "few" if size < fewest else "many"
        yield Problem(
            "plan.sample_size",
            f"{size} completes are too {few} for {fewest // 2} arms.",
            f"Plan {fewest} at least, two in each arm, and {LARGEST_SAMPLE} at most.",
        )


def rise_to_one(looks: tuple[float, ...]) -> bool:
    """Whether there are looks, each after the one before, the last at the whole sample."""
    rising = all(low < high for low, high in pairwise((0.0, *looks)))
    return bool(looks) and rising and looks[-1] == 1


def _looks(design: Design) -> Iterator[Problem]:
    plan, fewest = design.plan, fewest_completes(design)
    if not rise_to_one(plan.looks):
        yield Problem(
            "plan.looks",
            "The looks do not rise from above 0 to 1.",
            "Give fractions of the sample size, the last one 1, as in [0.5, 0.75, 1.0].",
        )
        return
    steps = [high - low for low, high in pairwise(plan.looks)]
    if plan.looks[0] < SMALLEST_LOOK or min(steps, default=1) < SMALLEST_STEP - _ROUNDING:
        yield Problem(
            "plan.looks",
            f"A look comes before {SMALLEST_LOOK}, or less than {SMALLEST_STEP} after another.",
            "Plan fewer looks: so early or so close together they have no alpha to spend.",
        )
    # Too small a sample has a problem of its own.
    elif fewest <= plan.sample_size <= LARGEST_SAMPLE:
        yield from _look_sizes(plan.sizes, fewest)


def _look_sizes(sizes: tuple[int, ...], fewest: int) -> Iterator[Problem]:
    if sizes[0] < fewest:
        message = f"The first look has {sizes[0]} completes, too few for {fewest // 2} arms."
        yield Problem("plan.looks", message, f"Look later: at {fewest} or more, two in each arm.")
    for low, high in pairwise(sizes):
        if low == high:
            message = f"Two looks have the same {high} completes."
            yield Problem("plan.looks", message, "Take one out, or plan a larger sample.")


def _errors(design: Design) -> Iterator[Problem]:
    plan = design.plan
    if not SMALLEST_ALPHA <= plan.alpha < 0.5:
        remedy = f"Give one of {SMALLEST_ALPHA} or more, and below 0.5."
        yield Problem("plan.alpha", f"Alpha is {plan.alpha}.", remedy)
    if plan.smallest_effect is not None and not 0 < plan.smallest_effect < inf:
        yield Problem(
            "plan.smallest_effect",
            f"The smallest effect is {plan.smallest_effect}.",
            "Give a size above 0 in points of the outcome, or leave it out.",
        )


def _predictors(design: Design, path: str, codes: tuple[str, ...]) -> Iterator[Problem]:
    items = {item.code: item for item in design.items()}
    for at, code in placed(codes, path):
        used: tuple[Item, ...]
        if code in items:
            used = (items[code],)
        elif code in _scored(design):
            used = design.scale_items(code)
        else:
            message = f"The plan names {code}, which is no variable."
            yield Problem(at, message, "Name a scale, a subscale or an item.")
            continue
        if any(item.kind not in COUNTED for item in used):
            message = f"{code} is no number and no one choice."
            yield Problem(at, message, "Name an item with one answer, a number, or a scale.")
        if not asked_before(design, used):
            message = f"{code} is asked after the treatment, which may have changed it."
            yield Problem(at, message, "Ask it before the first vignette, or take it out.")
    if len(set(codes)) != len(codes):
        yield Problem(path, "A variable is there twice.", "Name each once.")


def _collinear(design: Design) -> Iterator[Problem]:
    """Covariates of which one is part of another: a scale with its subscale or its item."""
    named = []
    for at, code in placed(design.plan.covariates, "plan.covariates"):
        items = design.scale_items(code) or tuple(i for i in design.items() if i.code == code)
        named.append((at, code, {item.code for item in items}))
    for (_, one, ones), (at, other, others) in combinations(named, 2):
        if one != other and ones & others:
            whole, part = (one, other) if ones >= others else (other, one)
            message = f"{whole} contains {part}: adjusting for both counts the same answers twice."
            yield Problem(at, message, f"Take out {whole} or {part}.")


def _exclusions(design: Design) -> Iterator[Problem]:
    plan = design.plan
    for at, rule in placed(plan.exclusions, "plan.exclusions"):
        what = RULES[rule].replace("_", " ")
        checks = [item for item in design.items() if item.role is RULES[rule]]
        if not checks:
            message = f"Nobody can fail a {what}: the study has none."
            message = message.replace("a attention", "an attention")
            remedy = f"Add an item of role {RULES[rule]}, or drop the rule."
            yield Problem(at, message, remedy)
        late = [item.code for item in checks if not asked_before(design, (item,))]
        unnamed = [code for code in late if code not in plan.post_treatment_exclusions]
        if unnamed:
            message = f"{listed(unnamed)} is asked after the treatment, which may decide who fails."
            remedy = "Ask it before, drop the rule, or name it in post_treatment_exclusions."
            yield Problem(at, message, remedy)
    if len(set(plan.exclusions)) != len(plan.exclusions):
        yield Problem("plan.exclusions", "An exclusion is there twice.", "Name each once.")
    yield from _named_exclusions(design)


def _screening_names(design: Design) -> set[str]:
    """What the rules name by which somebody is screened out."""
    found: set[str] = set()
    for page in design.pages:
        try:
            found |= names(parse(page.screen_out_if)) if page.screen_out_if else set()
        except ConditionError:
            continue  # it has a problem of its own
    return found


def _named_exclusions(design: Design) -> Iterator[Problem]:
    roles = {RULES[rule] for rule in design.plan.exclusions}
    screening = _screening_names(design)
    known = [
        item.code
        for item in design.items()
        if (item.role in roles or item.code in screening) and not asked_before(design, (item,))
    ]
    path = "plan.post_treatment_exclusions"
    for at, code in placed(design.plan.post_treatment_exclusions, path):
        if code not in known:
            message = f"{code} is no check after the treatment that an exclusion counts."
            yield Problem(at, message, f"Name one of: {listed(known)}, or take it out.")
