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
from experiments.said import said

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
NONE_TO_FAIL = {
    Exclusion.FAILED_ATTENTION: said("Nobody can fail an attention check: the study has none."),
    Exclusion.FAILED_MOCK_VIGNETTE: said(
        "Nobody can fail a mock vignette check: the study has none."
    ),
    Exclusion.FAILED_COMPREHENSION: said(
        "Nobody can fail a comprehension check: the study has none."
    ),
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
        message = said("The outcome {outcome} is no scale and no item.", outcome=outcome)
        yield Problem(
            "plan.outcome",
            message if outcome else said("The plan has no outcome."),
            said("Name an item, or a scale or subscale: {scored}.", scored=listed(scored))
            if scored
            else said("Name an item that is asked after the vignette."),
        )
        return
    if outcome not in scored:
        yield from _one_answer(design, items[0])
    if not asked_after(design, items):
        yield Problem(
            "plan.outcome",
            said("The outcome {outcome} is asked before the vignette was shown.", outcome=outcome),
            said("Ask all of its items on the vignette's page or later."),
        )


def _one_answer(design: Design, item: Item) -> Iterator[Problem]:
    """What keeps a single item from being an outcome: it has no number, or is there to check."""
    if item.kind not in COUNTED:
        message = said("The outcome {item} is no number and no one choice.", item=item.code)
        yield Problem("plan.outcome", message, said("Name an item with one answer, or a scale."))
    elif item.measure is Measure.NOMINAL and not yes_or_no(design, item):
        yield Problem(
            "plan.outcome",
            said("The outcome {item} has other than two answers, and no order.", item=item.code),
            said("Give its options numbers and call it ordinal, or ask for one of two answers."),
        )
    if item.role is not Role.NONE:
        message = said(
            "The outcome {item} is there to check: {value}.",
            item=item.code,
            value=item.role.replace("_", " "),
        )
        yield Problem("plan.outcome", message, said("Name an item without a role."))


def fewest_completes(design: Design) -> int:
    """Two participants in each arm."""
    return 2 * prod(len(randomisation.arms) for randomisation in design.randomisations)


def _sizes(design: Design) -> Iterator[Problem]:
    size, fewest = design.plan.sample_size, fewest_completes(design)
    if not fewest <= size <= LARGEST_SAMPLE:
        few = "few" if size < fewest else "many"
        yield Problem(
            "plan.sample_size",
            said(
                "{size} completes are too {few} for {fewest} arms.",
                size=size,
                few=few,
                fewest=fewest // 2,
            ),
            said(
                "Plan {fewest} at least, two in each arm, and {largest_sample} at most.",
                fewest=fewest,
                largest_sample=LARGEST_SAMPLE,
            ),
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
            said("The looks do not rise from above 0 to 1."),
            said("Give fractions of the sample size, the last one 1, as in [0.5, 0.75, 1.0]."),
        )
        return
    steps = [high - low for low, high in pairwise(plan.looks)]
    if plan.looks[0] < SMALLEST_LOOK or min(steps, default=1) < SMALLEST_STEP - _ROUNDING:
        yield Problem(
            "plan.looks",
            said(
                "A look comes before {smallest_look}, or less than {smallest_step} after another.",
                smallest_look=SMALLEST_LOOK,
                smallest_step=SMALLEST_STEP,
            ),
            said("Plan fewer looks: so early or so close together they have no alpha to spend."),
        )
    # Too small a sample has a problem of its own.
    elif fewest <= plan.sample_size <= LARGEST_SAMPLE:
        yield from _look_sizes(plan.sizes, fewest)


def _look_sizes(sizes: tuple[int, ...], fewest: int) -> Iterator[Problem]:
    if sizes[0] < fewest:
        message = said(
            "The first look has {sizes} completes, too few for {fewest} arms.",
            sizes=sizes[0],
            fewest=fewest // 2,
        )
        yield Problem(
            "plan.looks",
            message,
            said("Look later: at {fewest} or more, two in each arm.", fewest=fewest),
        )
    for low, high in pairwise(sizes):
        if low == high:
            message = said("Two looks have the same {high} completes.", high=high)
            yield Problem("plan.looks", message, said("Take one out, or plan a larger sample."))


def _errors(design: Design) -> Iterator[Problem]:
    plan = design.plan
    if not SMALLEST_ALPHA <= plan.alpha < 0.5:
        remedy = said(
            "Give one of {smallest_alpha} or more, and below 0.5.", smallest_alpha=SMALLEST_ALPHA
        )
        yield Problem("plan.alpha", said("Alpha is {alpha}.", alpha=plan.alpha), remedy)
    if plan.smallest_effect is not None and not 0 < plan.smallest_effect < inf:
        yield Problem(
            "plan.smallest_effect",
            said("The smallest effect is {smallest_effect}.", smallest_effect=plan.smallest_effect),
            said("Give a size above 0 in points of the outcome, or leave it out."),
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
            message = said("The plan names {code}, which is no variable.", code=code)
            yield Problem(at, message, said("Name a scale, a subscale or an item."))
            continue
        if any(item.kind not in COUNTED for item in used):
            message = said("{code} is no number and no one choice.", code=code)
            yield Problem(at, message, said("Name an item with one answer, a number, or a scale."))
        if not asked_before(design, used):
            message = said(
                "{code} is asked after the treatment, which may have changed it.", code=code
            )
            yield Problem(at, message, said("Ask it before the first vignette, or take it out."))
    if len(set(codes)) != len(codes):
        yield Problem(path, said("A variable is there twice."), said("Name each once."))


def _collinear(design: Design) -> Iterator[Problem]:
    """Covariates of which one is part of another: a scale with its subscale or its item."""
    named = []
    for at, code in placed(design.plan.covariates, "plan.covariates"):
        items = design.scale_items(code) or tuple(i for i in design.items() if i.code == code)
        named.append((at, code, {item.code for item in items}))
    for (_, one, ones), (at, other, others) in combinations(named, 2):
        if one != other and ones & others:
            whole, part = (one, other) if ones >= others else (other, one)
            message = said(
                "{whole} contains {part}: adjusting for both counts the same answers twice.",
                whole=whole,
                part=part,
            )
            yield Problem(at, message, said("Take out {whole} or {part}.", whole=whole, part=part))


def _exclusions(design: Design) -> Iterator[Problem]:
    plan = design.plan
    for at, rule in placed(plan.exclusions, "plan.exclusions"):
        checks = [item for item in design.items() if item.role is RULES[rule]]
        if not checks:
            message = NONE_TO_FAIL[rule]
            remedy = said("Add an item of role {rules}, or drop the rule.", rules=RULES[rule])
            yield Problem(at, message, remedy)
        late = [item.code for item in checks if not asked_before(design, (item,))]
        unnamed = [code for code in late if code not in plan.post_treatment_exclusions]
        if unnamed:
            message = said(
                "{unnamed} is asked after the treatment, which may decide who fails.",
                unnamed=listed(unnamed),
            )
            remedy = said("Ask it before, drop the rule, or name it in post_treatment_exclusions.")
            yield Problem(at, message, remedy)
    if len(set(plan.exclusions)) != len(plan.exclusions):
        yield Problem(
            "plan.exclusions", said("An exclusion is there twice."), said("Name each once.")
        )
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
            message = said(
                "{code} is no check after the treatment that an exclusion counts.", code=code
            )
            yield Problem(
                at, message, said("Name one of: {known}, or take it out.", known=listed(known))
            )
