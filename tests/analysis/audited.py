"""Eighty participants in four arms whose integrity can be worked out with a pencil.

Blocks of four, so each arm has twenty. All were exposed; fifteen of each arm completed, but five of
the last. Its people also have more schooling. They complete in rounds of the arms until the last
arm has no more.
"""

from dataclasses import replace
from datetime import timedelta
from math import exp, lgamma, log, sqrt

from scipy import stats

from analysis.audit import Audit, Replay
from analysis.found import Found
from analysis.integrity_results import (
    Among,
    ArmFlow,
    Balance,
    BalanceCell,
    BalanceRow,
    Omnibus,
    Passage,
    Ratio,
    StepIntegrity,
)
from analysis.statistics.attrition import Loss, Stage
from analysis.statistics.counts import CountTest, wilson
from analysis.statistics.counts import Method as From
from analysis.statistics.estimate import NotEstimable, Reason
from analysis.statistics.sample_ratio import AnytimeRatio, SequentialRatio, anytime_ratio
from experiments.design import Design, Method
from experiments.models import Study
from responses.allocation import allocate
from responses.models import Participant, State
from tests.analysis.studies import START
from tests.designs import small
from tests.responses.ledger import holder_of, list_of, people

ARMS = ("none.low", "none.high", "money.low", "money.high")
COMPLETED = dict.fromkeys(ARMS, 15) | {"money.high": 5}


def audited_design() -> Design:
    """The small design with blocks of four alone and one covariate beside the stratum."""
    design = small()
    (step,) = design.randomisations
    return replace(
        design,
        randomisations=(replace(step, block_sizes=(4,)),),
        plan=replace(design.plan, covariates=("education",)),
    )


def allocated(study: Study, number: int) -> list[Participant]:
    """So many women with a row of the ledger each, in its order."""
    found = people(study, number)
    for person in found:
        given = allocate(holder=holder_of(person), name=list_of(study))
        assert given is not None
        person.assignments = given
    return found


def leaky(study: Study) -> None:
    """Puts the eighty into the study."""
    rounds = dict.fromkeys(ARMS, 0)
    for person in allocated(study, 80):
        arm = person.assignments["main"]["arm"]
        place, rounds[arm] = rounds[arm], rounds[arm] + 1
        when = START + timedelta(days=1, seconds=10 * place + ARMS.index(arm))
        less = place % (4 if arm == "money.high" else 2) == 0
        schooling = "1" if less else "2"
        person.answers = {"gender": "woman", "education": schooling, "attention": "2"}
        person.page = "story"
        # Rows have the time of the test's run; who was exposed was so afterwards.
        person.exposed_at = when.replace(year=2126)
        if place < COMPLETED[arm]:
            person.page, person.state = "thanks", State.COMPLETED
            person.completed_at = person.ended_at = person.exposed_at + timedelta(days=1)
        person.save()


def _test(statistic: float, n: int, least: float) -> Found[CountTest]:
    p = float(stats.chi2.sf(statistic, 3))
    return Found(CountTest(From.PEARSON, statistic, 3, p, n, least))


def _loss(arm: str, lost: int) -> Found[Loss]:
    return Found(Loss(arm, 20, lost, lost / 20, *wilson(lost, 20)))


def _lost(start: Stage, end: Stage) -> Passage:
    """Of twenty an arm 5, 5, 5 and 15: 7.5 expected, X² = (3 · 2.5² + 7.5²) / (20 · 3/8 · 5/8)."""
    losses = tuple(_loss(arm, 20 - COMPLETED[arm]) for arm in ARMS)
    return Passage(start, end, losses, _test(16.0, 80, 7.5))


def _anytime(counts: list[int], highest_at: int) -> SequentialRatio:
    """The Bayes factor of Dirichlet(25, 25, 25, 25) from the gamma function."""
    n = sum(counts)
    factor = sum(lgamma(25 + count) - lgamma(25) for count in counts) + n * log(4)
    factor += lgamma(100) - lgamma(100 + n)
    highest = factor if highest_at else 0.0
    return SequentialRatio(factor, highest, highest_at, exp(-highest), n, 100.0)


def _ratio(stage: Stage, counts: list[int], statistic: float, highest_at: int) -> Ratio:
    # The intervals are the root of an equation, which the tests of the function solve otherwise.
    now = anytime_ratio(ARMS, counts, [1] * 4)
    assert isinstance(now, AnytimeRatio)
    return Ratio(
        stage,
        _test(statistic, sum(counts), sum(counts) / 4),
        Found(_anytime(counts, highest_at)),
        Found(now.shares),
    )


def _cell(arm: str, n: int, twos: int, first: float, spread: float) -> BalanceCell:
    """`twos` of n said 2, the others 1; `first` and `spread` are the first arm's mean and SD."""
    mean, sd = 1 + twos / n, sqrt(twos * (n - twos) / n / (n - 1))
    d = None if arm == ARMS[0] else Found((mean - first) / sqrt((sd**2 + spread**2) / 2))
    return BalanceCell(arm, n, 0, Found(mean), Found(sd), d)


def _flat(covariate: str, sizes: list[int]) -> BalanceRow:
    """All are women: nobody has the option."""
    return BalanceRow(
        covariate,
        tuple(
            BalanceCell(
                arm,
                n,
                0,
                Found(0.0),
                Found(0.0),
                None
                if arm == ARMS[0]
                else Found(
                    why_not=NotEstimable(
                        Reason.NO_VARIANCE,
                        f"{covariate} does not vary within arms {arm} and none.low.",
                    )
                ),
            )
            for arm, n in zip(ARMS, sizes, strict=True)
        ),
    )


def compared(among: Among, sizes: list[int], twos: list[int]) -> Balance:
    """With one covariate in one list d² is (n − 1) times the share of variance between arms."""
    n, share = sum(sizes), sum(twos) / sum(sizes)
    between = sum(s * (t / s - share) ** 2 for s, t in zip(sizes, twos, strict=True))
    statistic = (n - 1) * between / (n * share * (1 - share))
    first, spread = 1 + twos[0] / sizes[0], twos[0] * (1 - twos[0] / sizes[0]) / (sizes[0] - 1)
    education = BalanceRow(
        "education",
        tuple(
            _cell(arm, s, t, first, sqrt(spread))
            for arm, s, t in zip(ARMS, sizes, twos, strict=True)
        ),
    )
    p = float(stats.chi2.sf(statistic, 3))
    rows = (education, _flat("gender=man", sizes), _flat("gender=no_answer", sizes))
    return Balance(among, rows, Found(Omnibus(statistic, 3, None, p, n, 0)))


EXPECTED = Audit(
    mode="live",
    blinded=False,
    replay=Replay(True, "80 allocations in 1 lists replay; 80 are linked to participants."),
    steps=(
        StepIntegrity(
            randomisation="main",
            versions=(1,),
            method=Method.PERMUTED_BLOCKS,
            arms=tuple(ArmFlow(arm, 1, 20, 0, 20, COMPLETED[arm]) for arm in ARMS),
            passages=(
                Passage(
                    Stage.ASSIGNED,
                    Stage.EXPOSED,
                    tuple(_loss(arm, 0) for arm in ARMS),
                    Found(
                        why_not=NotEstimable(
                            Reason.NO_VARIANCE, "0 of 80: the shares can't differ."
                        )
                    ),
                ),
                _lost(Stage.ASSIGNED, Stage.COMPLETED),
                _lost(Stage.EXPOSED, Stage.COMPLETED),
            ),
            # Of 50 completes 12.5 an arm are expected: (3 · 2.5² + 7.5²) / 12.5.
            ratios=(
                _ratio(Stage.EXPOSED, [20] * 4, 0.0, 0),
                _ratio(Stage.COMPLETED, [15, 15, 15, 5], 6.0, 50),
            ),
            balances=(
                compared(Among.ASSIGNED, [20] * 4, [10, 10, 10, 15]),
                compared(Among.COMPLETED, [15, 15, 15, 5], [7, 7, 7, 3]),
            ),
        ),
    ),
    watched=(),
    designs=(audited_design(),),
)
