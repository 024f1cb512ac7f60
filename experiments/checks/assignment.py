"""PURE: factors, and the randomisations that assign their levels."""

from collections.abc import Iterator
from math import gcd

from experiments.cells import MOST_CELLS, count_cells
from experiments.checks.minimisation import known_before, minimisation_problems
from experiments.checks.problem import Problem, listed, placed
from experiments.design import Arm, Design, Factor, Method, Randomisation
from experiments.said import said

# What the ledger's column holds.
LONGEST_ARM = 200
LARGEST_WEIGHT = 1000
LARGEST_BLOCK = 10_000
# Under complete randomisation a weight is how many the arm gets of each round.
LARGEST_TOTAL = 10_000
LARGEST_ROUND = 20_000


def assignment_problems(design: Design) -> Iterator[Problem]:
    """What keeps factors from being varied and participants from being allocated."""
    if not design.factors:
        yield Problem(
            "factors", said("The study varies nothing."), said("Add a factor with its levels.")
        )
    for at, factor in placed(design.factors, "factors"):
        yield from _factor(design, at, factor)
    for at, randomisation in placed(design.randomisations, "randomisations"):
        yield from _factors_of(design, at, randomisation)
        yield from _arms(design, at, randomisation)
        yield from _blocks(at, randomisation)
        yield from known_before(design, f"{at}.strata", randomisation.strata, randomisation.factors)
        yield from minimisation_problems(design, at, randomisation)


def _factor(design: Design, at: str, factor: Factor) -> Iterator[Problem]:
    if len(factor.levels) < 2:
        yield Problem(
            f"{at}.levels",
            said("{factor} has no two levels.", factor=factor.code),
            said("Add a level."),
        )
    homes = [r.code for r in design.randomisations for code in r.factors if code == factor.code]
    if not homes:
        yield Problem(
            at,
            said("No randomisation assigns the factor {factor}.", factor=factor.code),
            said("Add it to the factors of a randomisation."),
        )
    elif len(homes) > 1:
        yield Problem(
            at,
            said(
                "{factor} is assigned more than once: by {homes}.",
                factor=factor.code,
                homes=listed(homes),
            ),
            said("Leave it in one randomisation, once."),
        )
    yield from _alike(design, at, factor)


def _alike(design: Design, at: str, factor: Factor) -> Iterator[Problem]:
    """Levels that say the same: they vary nothing."""
    for language in design.languages:
        levels: dict[str, str] = {}
        for level_at, level in placed(factor.levels, f"{at}.levels"):
            text = level.text.get(language)
            if text is None:
                continue
            if (twin := levels.setdefault(text.strip(), level.code)) != level.code:
                yield Problem(
                    f"{level_at}.text",
                    said(
                        "{level} and {twin} read the same in {language}.",
                        level=level.code,
                        twin=twin,
                        language=language,
                    ),
                    said("Let each level say something else: that is what is varied."),
                )


def _factors_of(design: Design, at: str, randomisation: Randomisation) -> Iterator[Problem]:
    known = [factor.code for factor in design.factors]
    if not randomisation.factors:
        yield Problem(
            f"{at}.factors", said("It assigns no factor."), said("Name a factor, or take it out.")
        )
    cells = count_cells(design.factors, tuple(dict.fromkeys(randomisation.factors)))
    if cells > MOST_CELLS:
        message = said("Its factors make {cells} cells.", cells=cells)
        yield Problem(
            f"{at}.factors",
            message,
            said("Vary less: {most_cells} cells at most.", most_cells=MOST_CELLS),
        )
    for path, code in placed(randomisation.factors, f"{at}.factors"):
        if code not in known:
            yield Problem(
                path,
                said("There is no factor {code}.", code=code),
                said("Name one of: {known}.", known=listed(known)),
            )


def _arms(design: Design, at: str, randomisation: Randomisation) -> Iterator[Problem]:
    levels = {factor.code: [level.code for level in factor.levels] for factor in design.factors}
    names = randomisation.factors
    # Where a factor is there twice that is told, and there are no cells of it.
    if len(randomisation.arms) < 2 and len(set(names)) == len(names):
        yield Problem(
            f"{at}.arms", said("There are no two arms."), said("Leave arms out for every cell.")
        )
    for path, arm in placed(randomisation.arms, f"{at}.arms"):
        yield from _arm(path, arm, names, levels, randomisation.method)
    yield from _unused(at, randomisation, levels)


def _arm(
    path: str, arm: Arm, names: tuple[str, ...], levels: dict[str, list[str]], method: Method
) -> Iterator[Problem]:
    if len(arm.levels) != len(names):
        yield Problem(
            f"{path}.levels",
            said(
                "The arm {arm} has {levels} levels for {names} factors.",
                arm=arm.code,
                levels=len(arm.levels),
                names=len(names),
            ),
            said("Give one level for each of: {names}.", names=listed(names)),
        )
    for factor, level in zip(names, arm.levels, strict=False):
        if factor in levels and level not in levels[factor]:
            yield Problem(
                f"{path}.levels",
                said("{factor} has no level {level}.", factor=factor, level=level),
                said("Name one of: {levels}.", levels=listed(levels[factor])),
            )
    most = LARGEST_TOTAL if method is Method.COMPLETE else LARGEST_WEIGHT
    if not 1 <= arm.weight <= most:
        none = said("The arm {arm} has no weight.", arm=arm.code)
        some = said("The arm {arm} has the weight {weight}.", arm=arm.code, weight=arm.weight)
        yield Problem(
            f"{path}.weight",
            some if arm.weight else none,
            said("Give it 1 to {most}; to switch an arm off, take it out of the list.", most=most),
        )
    if len(arm.code) > LONGEST_ARM:
        yield Problem(
            f"{path}.levels",
            said(
                "The arm's name is longer than {longest_arm} characters.", longest_arm=LONGEST_ARM
            ),
            said("Shorten the codes of its levels."),
        )


def _unused(
    at: str, randomisation: Randomisation, levels: dict[str, list[str]]
) -> Iterator[Problem]:
    for place, factor in enumerate(randomisation.factors):
        used = {arm.levels[place] for arm in randomisation.arms if place < len(arm.levels)}
        for level in levels.get(factor, []):
            if randomisation.arms and level not in used:
                yield Problem(
                    f"{at}.arms",
                    said("No arm has the level {level} of {factor}.", level=level, factor=factor),
                    said("Add an arm that has it, or take the level out of the factor."),
                )


def _blocks(at: str, randomisation: Randomisation) -> Iterator[Problem]:
    weights = [arm.weight for arm in randomisation.arms]
    if randomisation.method is not Method.PERMUTED_BLOCKS:
        yield from _without_blocks(at, randomisation)
        return
    if not weights or min(weights) < 1:
        return
    round_ = sum(weights) // gcd(*weights)
    remedy = said(
        "Give multiples of {round}, as in [{round}, {value}].", round=round_, value=2 * round_
    )
    if not randomisation.block_sizes:
        yield Problem(f"{at}.block_sizes", said("There is no block size."), remedy)
    for path, size in placed(randomisation.block_sizes, f"{at}.block_sizes"):
        if size < 1 or size % round_:
            message = said(
                "A block of {size} can't hold the arms by their weights ({round} a round).",
                size=size,
                round=round_,
            )
            yield Problem(path, message, remedy)
        elif size > LARGEST_BLOCK:
            yield Problem(
                path,
                said(
                    "A block of {size} is longer than {largest_block}.",
                    size=size,
                    largest_block=LARGEST_BLOCK,
                ),
                remedy,
            )
    if len(set(randomisation.block_sizes)) != len(randomisation.block_sizes):
        yield Problem(
            f"{at}.block_sizes", said("A block size is there twice."), said("Give each size once.")
        )


def _without_blocks(at: str, randomisation: Randomisation) -> Iterator[Problem]:
    method = randomisation.method
    if randomisation.block_sizes:
        message = said("The method {method} draws no blocks.", method=method)
        yield Problem(
            f"{at}.block_sizes", message, said("Take the sizes out, or use permuted_blocks.")
        )
    total = sum(arm.weight for arm in randomisation.arms)
    if method is Method.COMPLETE and total > LARGEST_ROUND:
        message = said(
            "A round of {total} participants is longer than {largest_round}.",
            total=total,
            largest_round=LARGEST_ROUND,
        )
        yield Problem(
            f"{at}.arms", message, said("Give smaller totals: rounds follow one another.")
        )
    if method is Method.COMPLETE and randomisation.arms and total == len(randomisation.arms):
        message = said("A round would hold one participant an arm.")
        yield Problem(f"{at}.arms", message, said("Give each arm its total as its weight."))
