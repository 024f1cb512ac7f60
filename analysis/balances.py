"""PURE: the covariates from before the treatment by arm, and one test of all of them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.dataset import columns
from analysis.found import Found
from analysis.integrity import Step, clustered
from analysis.integrity_results import Among, Balance, BalanceCell, BalanceRow, Omnibus
from analysis.integrity_rows import NEVER, Booleans, Rows
from analysis.statistics.balance import ArmMean, NumericBalance, balance_table
from analysis.statistics.estimate import NotEstimable, Places, Reason
from analysis.statistics.lookup import Column
from analysis.statistics.omnibus import (
    OmnibusBalance,
    balance_columns,
    omnibus_balance,
    permuted_balance,
)
from analysis.statistics.omnibus_by_sums import omnibus_by_sums
from responses.coded import Picked

# With fewer rows per column than this the chi-square is a rough one, and arms are permuted instead.
ROWS_PER_COLUMN = 20
# From so many rows on the test is made of their sums.
MANY = 5000
DRAWS = 999
# Fixed, so that the same data have the same p.
SEED = 1

BELONGS: dict[Among, Callable[[Rows], Booleans]] = {
    Among.ASSIGNED: lambda rows: np.ones(len(rows), np.bool_),
    Among.COMPLETED: lambda rows: rows.completed_at != NEVER,
    Among.CUT: lambda rows: rows.in_cut,
}


@dataclass(frozen=True, eq=False)
class _Known:
    """Of the rows whose answers are known what is compared: as in `Rows`."""

    arms: tuple[str, ...]
    lists: tuple[str, ...]
    answers: Picked
    arm: Places
    drawn_from: Places

    @classmethod
    def of(cls, rows: Rows, among: Among) -> "_Known":
        which = BELONGS[among](rows) & (rows.told >= 0)
        answers = Picked(rows.answers, rows.told[which])
        return cls(rows.arms, rows.lists, answers, rows.arm[which], rows.drawn_from[which])


def covariates_of(step: Step) -> tuple[str, ...]:
    """The plan's covariates, and the items that the randomisation draws by; each once."""
    drawn_by = (*step.randomisation.strata, *step.randomisation.covariates)
    brought = {parameter.code for parameter in step.design.parameters}
    found = dict.fromkeys((*step.design.plan.covariates, *drawn_by))
    return tuple(code for code in found if code not in brought)


def balance(step: Step, rows: Rows, among: Among) -> Balance:
    """The covariates of those rows whose answers are known, seen through the step's design.

    Scales enter as scores, nominal items as one indicator per option but the first. The omnibus
    test compares within the lists that arms were drawn from; where columns are many for the rows,
    arms are permuted.
    """
    arms = tuple(arm.code for arm in step.randomisation.arms)
    known = _Known.of(rows.among(arms), among)
    numeric: dict[str, Column] = {}
    for code in covariates_of(step):
        numeric |= columns(step.design, known.answers, code)
    table = balance_table(known.arm, arms, numeric=numeric)
    return Balance(
        among=among,
        rows=tuple(_row(row) for row in table.rows if isinstance(row, NumericBalance)),
        omnibus=Found.of(clustered(step.randomisation) or _omnibus(known, numeric)),
    )


def _row(row: NumericBalance) -> BalanceRow:
    return BalanceRow(row.covariate, tuple(_cell(arm) for arm in row.arms))


def _cell(arm: ArmMean) -> BalanceCell:
    return BalanceCell(
        arm=arm.arm,
        n=arm.n,
        missing=arm.missing,
        mean=Found.of(arm.mean),
        sd=Found.of(arm.sd),
        difference=None if arm.difference is None else Found.of(arm.difference),
    )


def _omnibus(rows: _Known, numeric: dict[str, Column]) -> Omnibus | NotEstimable:
    if not numeric:
        return NotEstimable(Reason.NO_COVARIATES, "Neither the plan nor a list names a covariate.")
    if not len(rows.arm):
        return NotEstimable(Reason.NO_ROWS, "Nobody is compared.")
    # Each brings at most an indicator of its gaps besides: with so many none need be permuted.
    if len(rows.arm) >= MANY and len(rows.arm) >= 2 * ROWS_PER_COLUMN * len(numeric):
        arms, strata = len(rows.arms), len(rows.lists)
        by_sums = omnibus_by_sums(
            list(numeric.values()), rows.arm, rows.drawn_from, arms=arms, strata=strata
        )
        if by_sums is not None:
            return _chi_square(by_sums)
    return _of_rows(rows, numeric)


def _of_rows(rows: _Known, numeric: dict[str, Column]) -> Omnibus | NotEstimable:
    arm = np.array(rows.arms, dtype=np.str_)[rows.arm]
    lists = np.array(rows.lists, dtype=np.str_)[rows.drawn_from]
    x = balance_columns(numeric)
    varying = int((np.ptp(x, axis=0) > 0).sum())
    if len(arm) < ROWS_PER_COLUMN * varying:
        permuted = permuted_balance(arm, x, strata=lists, draws=DRAWS, seed=SEED)
        if isinstance(permuted, NotEstimable):
            return permuted
        return Omnibus(
            permuted.statistic, None, permuted.draws, permuted.p, permuted.n, permuted.alone
        )
    return _chi_square(omnibus_balance(arm, x, strata=lists))


def _chi_square(found: OmnibusBalance | NotEstimable) -> Omnibus | NotEstimable:
    if isinstance(found, NotEstimable):
        return found
    return Omnibus(found.statistic, found.df, None, found.p, found.n, found.alone)
