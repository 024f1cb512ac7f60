"""The report of a look: its facts, its sentences and its tables, in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from analysis import apa
from analysis.cells import (
    Section,
    Table,
    cells,
    estimate_cells,
    joint_cells,
    reliability_cells,
    spread_line,
)
from analysis.clusters_told import (
    arms_table,
    checks_told,
    clusters_line,
    errors_told,
    scales_told,
    slopes_told,
)
from analysis.conclusions import conclusions
from analysis.consistency_told import groups_table, items_table, omega_table
from analysis.decision_tables import (
    bounds_table,
    decisions_table,
    interval_cells,
    intervals_told,
    outlook_table,
)
from analysis.deviations import deviations
from analysis.found import Found
from analysis.integrity_tables import told_by_a_look
from analysis.look_lines import held_up_line, look_kind, look_title, replanned
from analysis.missing_told import missing_table, worst_table
from analysis.models import Look
from analysis.moderation_told import moderation_table
from analysis.redo_facts import can_be_redone
from analysis.results import (
    CheckResult,
    ContrastResult,
    Results,
    RowResult,
    Slopes,
    from_builtins,
)
from analysis.robustness_told import robustness_table
from analysis.secrets_kept import as_may_be_seen
from analysis.unmarked_told import unmarked_table
from analysis.wording import Wording
from responses.blinding import is_blinded


@dataclass(frozen=True)
class Report:
    """A look's report, ready to be shown."""

    title: str
    facts: tuple[tuple[str, str], ...]
    conclusions: tuple[str, ...]
    estimates: Table
    tables: tuple[Table, ...]
    integrity: tuple[Section, ...]
    redone: bool


def report(look: Look, language: str) -> Report:
    """The report of a spent look."""
    blinded = is_blinded(status=look.study.status, mode=look.mode)
    results = as_may_be_seen(from_builtins(look.results), blinded=blinded)
    words = Wording(look.version.written, language)
    makers = (
        *(decisions_table, outlook_table, robustness_table, unmarked_table, _interactions),
        arms_table,
        *(missing_table, worst_table, bounds_table, _scales, omega_table, items_table),
        *(groups_table, _checks, _associations, moderation_table),
    )
    tables = (make(results, words) for make in makers)
    return Report(
        title=look_title(look, words.text(words.design.title)),
        facts=_facts(look, results, words),
        conclusions=conclusions(results, words),
        estimates=_estimates(results, words),
        tables=tuple(table for table in tables if table.rows),
        integrity=_integrity(results, Wording(look.version.design, language), blinded),
        redone=can_be_redone(words.design, results),
    )


def _integrity(results: Results, words: Wording, blinded: bool) -> tuple[Section, ...]:
    """The integrity as it was when the look ran; by arm beyond its cut once arms are no secret."""
    return tuple(told_by_a_look(step, words, blinded=blinded) for step in results.integrity or ())


def _facts(look: Look, results: Results, words: Wording) -> tuple[tuple[str, str], ...]:
    skipped = ", ".join(map(str, results.skipped))
    facts = [
        (_("Kind"), look_kind(look)),
        (_("Mode"), look.get_mode_display()),
        (_("Participants analysed"), f"{results.n}"),
        (_("Information counted"), held_up_line(look, results)),
        (_("Vignettes analysed"), "" if results.vignettes is None else f"{results.vignettes}"),
        (_("Clusters"), clusters_line(results)),
        (_("Planned for this look"), f"{results.planned_n or ''}"),
        (_("Sample size fixed anew"), replanned(look)),
        (_("Completes when it ran"), f"{results.completes}"),
        (_("Of these excluded by the plan"), f"{results.completes - results.eligible}"),
        (_("Of those analysed marked for exclusion by hand"), _marked(results)),
        (_("Looks skipped by closing the study"), skipped),
        (_("Overrun: came after the look that recommended to stop"), _overrun(results)),
        (_("Outcome"), words.variable(words.design.plan.outcome)),
        (_("Outcome, all arms pooled"), spread_line(results.outcome)),
        (_("Spent at"), f"{look.spent_at:%Y-%m-%d %H:%M:%S} UTC"),
        (_("Design version"), f"{look.version.number} ({look.version.digest})"),
        *((_("Deviation"), line) for line in _deviations(look)),
        (_("Plan digest"), look.plan_digest),
        (_("Cut digest"), look.cut_digest),
        (_("Code version"), look.code_version),
        (_("Libraries"), ", ".join(f"{name} {v}" for name, v in sorted(look.libraries.items()))),
    ]
    return tuple((name, value) for name, value in facts if value)


def _marked(results: Results) -> str:
    return f"{results.unmarked.marked}" if results.unmarked else ""


def _overrun(results: Results) -> str:
    return "" if results.overrun is None else f"{results.overrun}"


def _deviations(look: Look) -> tuple[str, ...]:
    return deviations(look.study.versions.all(), governing=look.version, mode=look.mode)


def estimates_caption() -> str:
    """What the table and the plot of the estimates show."""
    return _("Contrasts of the arms’ means, in points of the outcome")


def row_label(contrast: ContrastResult, row: RowResult, words: Wording) -> str:
    """What one row is called: as its contrast, in an interaction by its levels."""
    return words.text(contrast.label) if contrast.joint is None else words.pairs(row.pairs)


def _estimates(results: Results, words: Wording) -> Table:
    rows = tuple(
        (
            row_label(contrast, row, words),
            *cells(row.unadjusted, estimate_cells, 3),
            *interval_cells(row.repeated),
            *interval_cells(row.simultaneous),
            *cells(row.adjusted, estimate_cells, 3),
        )
        for contrast in results.contrasts
        for row in contrast.rows
    )
    return Table(
        code="estimates",
        caption=estimates_caption(),
        headers=(
            _("Contrast"),
            _("b"),
            _("Nominal 95% CI, unadjusted for looks"),
            _("Nominal p"),
            _("Repeated CI, over all looks"),
            _("Simultaneous CI, over its family too"),
            _("b, covariate-adjusted"),
            _("Nominal 95% CI, covariate-adjusted"),
            _("Nominal p, covariate-adjusted"),
        ),
        rows=rows,
        notes=_estimate_notes(results, words),
    )


def _estimate_notes(results: Results, words: Wording) -> tuple[str, ...]:
    notes = [*errors_told(results, words), intervals_told(results, words.design.plan)]
    if columns := results.adjustment.columns:
        said = _("Adjusted as in Lin (2013), every arm with its own slopes, for: %(names)s")
        notes.append(said % {"names": _labels(columns, words)})
    if rare := results.adjustment.rare:
        said = _("Too rare in some arm, counted with the reference category: %(names)s")
        notes.append(said % {"names": _labels(rare, words)})
    return tuple(notes)


def _labels(names: Sequence[str], words: Wording) -> str:
    """The labels at the end of a sentence: a question has an end of its own."""
    listed = "; ".join(words.variable(name).rstrip(".") for name in names)
    return listed if listed.endswith(("?", "!")) else f"{listed}."


def _interactions(results: Results, words: Wording) -> Table:
    tests = [
        (contrast.label, kind, joint)
        for contrast in results.contrasts
        for kind, joint in (
            (_("unadjusted"), contrast.joint),
            (_("covariate-adjusted"), contrast.joint_adjusted),
        )
        if joint is not None
    ]
    return Table(
        code="interactions",
        caption=_("Interactions: joint tests of their contrasts"),
        headers=(_("Interaction"), _("Analysis"), _("F"), _("df"), _("Nominal p")),
        rows=tuple(
            (words.text(label), kind, *cells(joint, joint_cells, 3)) for label, kind, joint in tests
        ),
    )


def _scales(results: Results, words: Wording) -> Table:
    return Table(
        code="scales",
        caption=_("Reliability of the scales (Cronbach’s alpha)"),
        headers=(_("Scale"), _("Items"), _("n"), _("Alpha"), _("95% CI")),
        rows=tuple(
            (words.text(scale.label), *cells(scale.reliability, reliability_cells, 4))
            for scale in results.scales
        ),
        notes=scales_told(results),
    )


def _checks(results: Results, words: Wording) -> Table:
    return Table(
        code="checks",
        caption=_("Manipulation checks: who named what they were shown"),
        headers=(_("Check"), _("Shown"), _("n"), _("Correct"), _("Share")),
        rows=tuple(
            (words.variable(check.item), *row)
            for check in results.checks
            for row in _shares(check, words)
        ),
        notes=checks_told(results),
    )


def _shares(check: CheckResult, words: Wording) -> tuple[tuple[str, ...], ...]:
    if check.shares.value is None:
        return (cells(check.shares, lambda value: (), 4),)
    return tuple(
        (
            words.level(check.factor, share.level),
            f"{share.n}",
            f"{share.right}",
            apa.percent(share.right, share.n),
        )
        for share in check.shares.value
    )


def _associations(results: Results, words: Wording) -> Table:
    found = results.associations
    notes = [
        slopes_told(found.value if found else None),
    ]
    if found is not None and found.value is not None:
        count = {"n": found.value.n, "missing": found.value.missing}
        notes.append(_("n = %(n)s; left out for a missing value: %(missing)s.") % count)
        if constant := found.value.constant:
            said = _("The same for everybody, so without a slope: %(names)s")
            notes.append(said % {"names": _labels(constant, words)})
    return Table(
        code="associations",
        caption=_("Associations with the outcome (associational, not effects)"),
        headers=(_("Predictor"), _("b"), _("Nominal 95% CI"), _("Nominal p")),
        rows=_slopes(found, words),
        notes=tuple(notes),
    )


def _slopes(found: Found[Slopes] | None, words: Wording) -> tuple[tuple[str, ...], ...]:
    if found is None:
        return ()
    if found.value is None:
        why = cells(found, lambda value: (), 3)
        return tuple((words.variable(name), *why) for name in words.design.plan.associations)
    return tuple(
        (words.variable(each.predictor), *cells(each.slope, estimate_cells, 3))
        for each in found.value.slopes
    )
