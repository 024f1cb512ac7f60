"""Sixteen participants whose look can be worked out with a pencil, and what it has to find.

Each arm has four: two answer one point below the arm's mean, two one point above. Their variance
is 4/3 and the variance of the arm's mean 1/3. A main effect weighs the four means by a half each,
so its standard error is √(4 · ¼ · ⅓) = √⅓; the interaction weighs them by one: √(4/3).
"""

from dataclasses import replace
from math import sqrt
from typing import Any

from scipy import stats

from analysis.contrasts import Pair
from analysis.decision import Action, Decision, Hypothesis
from analysis.distributions import Distribution, Flow, ScaleDistribution
from analysis.found import Found
from analysis.results import (
    Adjustment,
    ArmResult,
    CheckResult,
    CheckShare,
    ContrastResult,
    Results,
    RowResult,
    ScaleResult,
    Slope,
    Slopes,
    Spread,
    to_builtins,
)
from analysis.statistics.effects import CellMean
from analysis.statistics.estimate import Estimate, JointTest, NotEstimable, Reason
from analysis.statistics.scales import Reliability
from analysis.statistics.sequential import Bound, bounds
from experiments.design import Design, Family
from experiments.models import Study
from tests.analysis.studies import complete
from tests.designs import both, small

MEANS = {"none.low": 3, "none.high": 4, "money.low": 3, "money.high": 6}
# gsDesign and rpact agree on this first bound of two at half the information (O'Brien–Fleming
# type, two-sided 0.05): 2.9626; its tail is 2 (1 − Φ(z)).
Z = 2.9625880427275666
P = 0.003050645515977819
# The bound of half of alpha, by Lan & DeMets's formula: each side has 0.0125.
HALF = 4 * float(stats.norm.sf(stats.norm.isf(0.0125 / 2) / sqrt(0.5)))


def hand_made_design() -> Design:
    """The small design with a first look at sixteen and no covariates."""
    design = small()
    plan = replace(design.plan, sample_size=32, covariates=(), associations=("education",))
    return replace(design, plan=plan)


def hand_made(study: Study) -> None:
    """Puts the sixteen into the study."""
    for place, person in enumerate(complete(study, 16)):
        above = place >= 8
        arm = person.assignments["main"]["arm"]
        answer = str(MEANS[arm] + (1 if above else -1))
        person.answers |= {
            "will1": answer,
            "will2": answer,
            "education": "2" if above else "1",
            "motive1": "3",
            "motive2": "3",
            # Two of those who were shown money say that they saw nothing.
            "noticed": "money" if arm.startswith("money") and place >= 4 else "none",
        }
        person.save()


def rounded(found: Any) -> Any:
    """The same with floats to ten digits: the last ones depend on the machine's BLAS."""
    if isinstance(found, Results):
        return rounded(to_builtins(found))
    if isinstance(found, dict):
        return {key: rounded(value) for key, value in found.items()}
    if isinstance(found, list | tuple):
        return [rounded(value) for value in found]
    return float(f"{found:.10g}") if isinstance(found, float) else found


def estimate(b: float, se: float, df: int, *, alpha: float = 0.05) -> Found[Estimate]:
    """b ± t · se and its two-sided p."""
    margin = float(stats.t.isf(alpha / 2, df)) * se
    p = 2 * float(stats.t.sf(abs(b / se), df))
    return Found(Estimate(b, se, b / se, df, p, b - margin, b + margin, 16, 1 - alpha))


def row(b: float, se: float, *pairs: Pair) -> RowResult:
    """One row; without covariates the adjusted estimate is the unadjusted one."""
    once = estimate(b, se, 12)
    shared = estimate(b, se, 12, alpha=HALF)
    return RowResult(pairs, once, estimate(b, se, 12, alpha=P), once, shared)


def arm(code: str) -> ArmResult:
    """The mean of four, its variance 1/3, with the 12 degrees of freedom of all arms."""
    mean, se = float(MEANS[code]), sqrt(1 / 3)
    margin = float(stats.t.isf(0.025, 12)) * se
    return ArmResult(
        "main", code, 4, Found(CellMean(code, 4, mean, se, mean - margin, mean + margin))
    )


REWARD, VOICE = Pair("reward", "money", "none"), Pair("voice", "high", "low")
# F is the square of the interaction's t, 2 / √(4/3).
JOINT = Found(JointTest(3.0, 1, 12, float(stats.f.sf(3, 1, 12)), 16))
VALUES = (2.0, 3.0, 4.0, 5.0, 7.0)
CONSTANT: Found[Reliability] = Found(
    why_not=NotEstimable(Reason.NO_VARIANCE, "All sums of the items are the same.")
)

# Both contrasts have this p; the alpha that spends it by half of the information, and twice that
# by Holm, as there are two.
SAME = float(2 * stats.t.sf(sqrt(3), 12))
ADJUSTED = min(2 * 4 * float(stats.norm.sf(stats.norm.isf(SAME / 4) * sqrt(0.5))), 1.0)


def outlook() -> dict[str, Any]:
    """Conditional and predictive power at half the information, by their formulas.

    z is the one that has the p of t = √3. The smallest effect, 0.3, is the drift 0.3 / (√⅓ · √½).
    """
    last, half = bounds([0.5, 1.0], 0.025)[1].z, sqrt(0.5)
    z = float(stats.norm.isf(SAME / 2))
    ahead = z * half + 0.3 / (sqrt(1 / 3) * half) / 2
    power = stats.norm.sf((last - ahead) / half) + stats.norm.cdf((-last - ahead) / half)
    trend = stats.norm.sf((last * half - z) / half)
    trend += stats.norm.cdf((-last * half - z) / half)
    return {"conditional_power": Found(float(power)), "predictive_power": Found(float(trend))}


def hypothesis(code: str, **more: Any) -> Hypothesis:
    """A primary hypothesis with half of alpha that is open."""
    return Hypothesis(
        code, Family.PRIMARY, alpha=0.025, level=HALF, adjusted_p=Found(ADJUSTED), **more
    )


EXPECTED = Results(
    n=16,
    planned_n=16,
    completes=16,
    eligible=16,
    closed=False,
    skipped=(),
    bounds=(Bound(0.5, Z, P, P),),
    # Squares around the mean of 4: 2 (4 + 1 + 4 + 1) + 2 (0 + 1 + 0 + 9) = 40, over 15.
    outcome=Spread(16, 0, 4.0, sqrt(40 / 15)),
    without_arm={"main": 0},
    arms=tuple(arm(code) for code in MEANS),
    scales=(
        ScaleResult("motive", both("Motive", "동기"), "", CONSTANT),
        ScaleResult("care", both("Care", "배려"), "motive", CONSTANT),
        # Both items are the same, so alpha is one without doubt.
        ScaleResult(
            "will",
            both("Willingness", "의향"),
            "",
            Found(Reliability(1.0, 1.0, 1.0, 0.95, 2, 16, 0)),
        ),
    ),
    contrasts=(
        ContrastResult(
            "money_vs_none",
            both("Money", "돈"),
            (row(1.0, sqrt(1 / 3), REWARD),),
            None,
            None,
            False,
            Found(SAME),
        ),
        ContrastResult(
            "reward_by_voice",
            both("Both", "상호작용"),
            (row(2.0, sqrt(4 / 3), REWARD, VOICE),),
            JOINT,
            JOINT,
            False,
            Found(SAME),
        ),
    ),
    adjustment=Adjustment((), ()),
    checks=(
        CheckResult(
            "noticed", "reward", Found((CheckShare("none", 8, 8), CheckShare("money", 8, 6)))
        ),
    ),
    # Both groups of eight have squares of 12 around means of 3 and 5: se² = 2 · (12 / 7) / 8.
    associations=Found(Slopes((Slope("education", estimate(2.0, sqrt(3 / 7), 14)),), 16, 0, ())),
    # They were put straight into the table: the ledger knows nobody.
    integrity=(),
    distributions=(
        # Two below the arm's mean and two above it.
        Distribution("main", "none.low", VALUES, (2, 0, 2, 0, 0)),
        Distribution("main", "none.high", VALUES, (0, 2, 0, 2, 0)),
        Distribution("main", "money.low", VALUES, (2, 0, 2, 0, 0)),
        Distribution("main", "money.high", VALUES, (0, 0, 0, 2, 2)),
    ),
    # The subscale has all items of its scale.
    scale_distributions=tuple(
        ScaleDistribution(code, tuple(Distribution("main", arm, (3,), (4,)) for arm in MEANS))
        for code in ("motive", "care")
    ),
    flow=Flow({"completed": 16}, None, None, 0, 16),
    decision=Decision(
        Action.CONTINUE,
        (hypothesis("money_vs_none", **outlook()), hypothesis("reward_by_voice")),
    ),
)
