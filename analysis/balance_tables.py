"""The balance of covariates as tables: one per group of people, and the tests of all of them."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from analysis import apa
from analysis.cells import Table, cells
from analysis.found import Found
from analysis.integrity_results import (
    Among,
    Balance,
    BalanceCell,
    Omnibus,
    StepIntegrity,
)
from analysis.wording import Wording, reason


def balance_tables(step: StepIntegrity, words: Wording) -> Iterator[Table]:
    """The covariates by arm for each group, and their tests; nothing if no group was compared."""
    name = f"{step.randomisation}-{step.versions[0]}"
    for each in step.balances:
        if each.rows:
            yield _covariates(each, name, step, words)
    if step.balances:
        yield _tests(step, name)


def _covariates(balance: Balance, name: str, step: StepIntegrity, words: Wording) -> Table:
    return Table(
        code=f"balance-{balance.among}-{name}",
        caption=_("Covariates by arm: %(who)s") % {"who": _who(balance.among).lower()},
        headers=(
            _("Covariate"),
            *(words.arm_named(step.randomisation, arm.arm) for arm in step.arms),
        ),
        rows=tuple(
            (words.variable_named(row.covariate), *(_cell(cell) for cell in row.arms))
            for row in balance.rows
        ),
        notes=(
            _(
                "Mean (standard deviation; n), then d, the difference from the first arm in "
                "standard deviations; an option’s mean is its share. No p per row: arms were "
                "randomised, so each difference by itself is chance."
            ),
        ),
    )


def _cell(cell: BalanceCell) -> str:
    if cell.mean.why_not is not None:
        return reason(cell.mean.why_not)
    spread = f"{_number(cell.mean)} ({_number(cell.sd)}; {cell.n})"
    if cell.difference is None:
        return spread
    if cell.difference.why_not is not None:
        return f"{spread}, d {reason(cell.difference.why_not)}"
    return f"{spread}, d = {_number(cell.difference)}"


def _number(found: Found[float]) -> str:
    return "–" if found.value is None else apa.number(found.value)


def _tests(step: StepIntegrity, name: str) -> Table:
    return Table(
        code=f"omnibus-{name}",
        caption=_("Balance: one test of all covariates"),
        headers=(_("Who"), _("d²"), _("df"), _("p"), _("n"), _("p from")),
        rows=tuple((_who(each.among), *cells(each.omnibus, _omnibus, 5)) for each in step.balances),
        notes=tuple(_notes(step)),
    )


def _notes(step: StepIntegrity) -> Iterator[str]:
    yield _(
        "Whether arms differ in their covariates by more than randomisation makes them, within the "
        "lists that they were drawn from (Hansen & Bowers 2008). Of those assigned a small p "
        "speaks against the randomisation, of those left also for people of a kind having left an "
        "arm. A large p says nothing on what was not asked."
    )
    alone = [each.omnibus.value.alone for each in step.balances if each.omnibus.value]
    if any(alone):
        yield _("In lists of one arm, where nothing can be compared: %(n)s.") % {
            "n": ", ".join(map(str, alone))
        }


def _omnibus(found: Omnibus) -> tuple[str, ...]:
    how = (
        _("chi-square")
        if found.draws is None
        else _("%(draws)s permutations") % {"draws": found.draws}
    )
    df = "–" if found.df is None else f"{found.df}"
    p = apa.p_value(found.p).removeprefix("= ")
    return apa.number(found.statistic), df, p, f"{found.n}", how


def _who(among: Among) -> str:
    return {
        Among.ASSIGNED: _("Assigned"),
        Among.COMPLETED: _("Completed"),
        Among.CUT: _("Analysed by this look"),
    }[among]
