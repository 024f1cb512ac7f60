"""The integrity of a randomisation as tables, each with what its test says and what not."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from analysis import apa
from analysis.balance_tables import balance_tables
from analysis.cells import Section, Table, cells
from analysis.found import Found
from analysis.integrity import watched
from analysis.integrity_results import Passage, Ratio, StepIntegrity, StepWatch
from analysis.statistics.attrition import Loss, Stage
from analysis.statistics.counts import CountTest, Method
from analysis.statistics.sample_ratio import ArmShare, SequentialRatio
from analysis.wording import Wording, reason
from experiments.design import Method as Draw

WHOLE = (Stage.COMPLETED, Stage.ASSIGNED)


def told(step: StepIntegrity, words: Wording) -> Section:
    """All tables of one randomisation."""
    return Section(
        code=f"{step.randomisation}-{step.versions[0]}",
        title=_title(step),
        tables=(
            _flow(step, words),
            _tests(step),
            _ratios(step),
            _shares(step, words),
            *balance_tables(step, words),
        ),
    )


def told_by_a_look(step: StepIntegrity, words: Wording, *, blinded: bool) -> Section:
    """The tables that a look stored; while arms are secret those of its own cut alone are whole."""
    if not blinded:
        return told(step, words)
    sums = told_while_blinded(watched(step))
    return replace(sums, tables=(*sums.tables, *balance_tables(step, words)))


def told_while_blinded(step: StepWatch) -> Section:
    """The sums of one randomisation, and its alarms."""
    alarms = {alarm.stage: _alarm(alarm.raised) for alarm in step.alarms}
    rows = (
        (_stage(Stage.ASSIGNED), f"{step.assigned}", "–"),
        (_("Of these erased after a withdrawal"), f"{step.cut_off}", "–"),
        (_stage(Stage.EXPOSED), _or_dash(step.exposed), alarms[Stage.EXPOSED]),
        (_stage(Stage.COMPLETED), f"{step.completed}", alarms[Stage.COMPLETED]),
    )
    notes = (
        _(
            "While the study collects, arms are counted together: counts by arm that are watched "
            "as people go on would tell who got which arm. All tables come once it is closed."
        ),
        _(
            "An alarm says that those who came so far do not stand to each other as the arms’ "
            "weights (p ≤ .01, however often this page is read): look for an arm whose page fails "
            "or drives people away. No alarm does not say that all is well: small studies raise it "
            "for gross losses only."
        ),
    )
    headers = (_("How far"), _("All arms together"), _("Alarm"))
    table = Table(
        f"watch-{step.randomisation}-{step.versions[0]}",
        _("Participants, and whether an arm is losing them"),
        headers,
        rows,
        notes,
    )
    title = _title(step)
    return Section(f"{step.randomisation}-{step.versions[0]}", title, (table,))


def _title(step: StepIntegrity | StepWatch) -> str:
    versions = ", ".join(map(str, step.versions))
    named = {"code": step.randomisation, "versions": versions}
    if len(step.versions) > 1:
        return _("Randomisation %(code)s, versions %(versions)s") % named
    return _("Randomisation %(code)s, version %(versions)s") % named


def _stage(stage: Stage) -> str:
    return {
        Stage.ASSIGNED: _("Assigned"),
        Stage.EXPOSED: _("Exposed"),
        Stage.COMPLETED: _("Completed"),
    }[stage]


def _flow(step: StepIntegrity, words: Wording) -> Table:
    return Table(
        code=_code("flow", step),
        caption=_("Who came how far, by arm"),
        headers=(
            _("Arm"),
            *(_stage(stage) for stage in Stage),
            _("Erased"),
            *(_way(each) for each in _ways(step)),
        ),
        rows=tuple(
            (
                words.arm_named(step.randomisation, arm.arm),
                f"{arm.assigned}",
                _or_dash(arm.exposed),
                f"{arm.completed}",
                f"{arm.cut_off}",
                *(_loss(each.losses[place]) for each in _ways(step)),
            )
            for place, arm in enumerate(step.arms)
        ),
        notes=tuple(_flow_notes(step)),
    )


def _flow_notes(step: StepIntegrity) -> Iterator[str]:
    yield _(
        "Assigned are the rows of the ledger, exposed and completed the participants who hold "
        "them. Losses are lost of those who were there, with Wilson’s 95% interval of each arm "
        "by itself."
    )
    if cut := sum(arm.cut_off for arm in step.arms):
        yield _(
            "Withdrew and were erased: %(n)s. Their rows of the ledger stay and lead to nobody: "
            "they count as assigned and as lost before exposure, wherever they really left. Who "
            "withdrew and let the answers be kept counts as not completed."
        ) % {"n": cut}


def _ways(step: StepIntegrity) -> list[Passage]:
    """The passages in their order, the whole way last."""
    return sorted(step.passages, key=lambda each: (each.end, each.start) == WHOLE)


def _way(passage: Passage) -> str:
    return {
        (Stage.ASSIGNED, Stage.EXPOSED): _("Lost before exposure"),
        (Stage.ASSIGNED, Stage.COMPLETED): _("Lost in all"),
        (Stage.EXPOSED, Stage.COMPLETED): _("Lost after exposure"),
    }[passage.start, passage.end]


def _loss(found: Found[Loss]) -> str:
    if found.value is None:
        return cells(found, lambda value: (), 1)[0]
    loss = found.value
    low, high = (f"{100 * end:.1f}" for end in (loss.low, loss.high))
    return f"{loss.lost}: {apa.percent(loss.lost, loss.of)} [{low}, {high}]"


def _tests(step: StepIntegrity) -> Table:
    return Table(
        code=_code("attrition", step),
        caption=_("Attrition: whether the arms lose different shares"),
        headers=(_("Way"), _("X²"), _("df"), _("p"), _("n"), _("p from")),
        rows=tuple((_way(each), *cells(each.test, _count_test, 5)) for each in _ways(step)),
        notes=(
            _(
                "A small p says that arms lose people differently, so that those left may differ "
                "in more than their arm; it does not say by how much an estimate is off. A large p "
                "does not say that the people lost are alike. Each p is for one reading, and the "
                "three are not corrected for one another."
            ),
        ),
    )


def _count_test(test: CountTest) -> tuple[str, ...]:
    how = {Method.EXACT: _("exact"), Method.PEARSON: _("chi-square")}[test.method]
    if test.poor:
        how = _("chi-square, rough: an arm expects fewer than five")
    p = apa.p_value(test.p).removeprefix("= ")
    return apa.number(test.statistic), f"{test.df}", p, f"{test.n}", how


def _ratios(step: StepIntegrity) -> Table:
    return Table(
        code=_code("ratios", step),
        caption=_("Sample ratios: whether arms hold as many as their weights say"),
        headers=(_("Who"), _("X²"), _("df"), _("p"), _("n"), _("p from"), _("p at any time")),
        rows=tuple(
            (_stage(each.stage), *cells(each.once, _count_test, 5), *cells(each.anytime, _p, 1))
            for each in step.ratios
        ),
        notes=tuple(_ratio_notes(step)),
    )


def _p(value: SequentialRatio) -> tuple[str, ...]:
    return (apa.p_value(value.p).removeprefix("= "),)


def _ratio_notes(step: StepIntegrity) -> Iterator[str]:
    yield {
        Draw.PERMUTED_BLOCKS: _(
            "Under blocking, counts at assignment balance by construction; this tests who was "
            "still there. Blocks hold counts closer than chance, so the tests err less than they "
            "say."
        ),
        Draw.COMPLETE: _(
            "Full rounds have their totals by construction; this tests who was still there. The "
            "tests err less than they say."
        ),
        Draw.SIMPLE: _("This tests who was still there: each draw was independent."),
        Draw.MINIMISATION: _(
            "Minimisation balances counts at assignment; this tests who was still there. That the "
            "tests then err less than they say is expected, not shown."
        ),
    }[step.method]
    yield _(
        "p is for one reading at a number that was not chosen by looking. The p at any time may be "
        "read as often as one likes: it is the smallest so far (Lindon & Malek 2022). A large p "
        "does not prove that nothing was lost: the loss can be the same in every arm."
    )


def _shares(step: StepIntegrity, words: Wording) -> Table:
    by_arm = [_share_of(ratio) for ratio in step.ratios]
    total = sum(arm.weight for arm in step.arms)
    return Table(
        code=_code("shares", step),
        caption=_("Shares of the arms, with intervals that hold at any time"),
        headers=(_("Arm"), _("Expected"), *(_stage(ratio.stage) for ratio in step.ratios)),
        rows=tuple(
            (
                words.arm_named(step.randomisation, arm.arm),
                apa.percent(arm.weight, total),
                *(said.get(arm.arm, said.get("", "–")) for said in by_arm),
            )
            for arm in step.arms
        ),
        notes=(_("Each column’s intervals cover all arms at all times together with 95%."),),
    )


def _share_of(ratio: Ratio) -> dict[str, str]:
    """What is said of each arm; the reason under no arm's name."""
    if ratio.shares.value is None:
        return {"": cells(ratio.shares, lambda value: (), 1)[0]}
    return {share.arm: _interval(share) for share in ratio.shares.value}


def _interval(share: ArmShare) -> str:
    values: Sequence[float] = (share.share, share.low, share.high)
    of, low, high = (f"{100 * value:.1f}" for value in values)
    return f"{share.count}: {of}% [{low}, {high}]"


def _alarm(raised: Found[bool]) -> str:
    if raised.value is None:
        return reason(raised.why_not) if raised.why_not else "–"
    return _("raised") if raised.value else _("none")


def _or_dash(value: int | None) -> str:
    return "–" if value is None else f"{value}"


def _code(what: str, step: StepIntegrity) -> str:
    return f"{what}-{step.randomisation}-{step.versions[0]}"
