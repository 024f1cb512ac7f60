"""The desk's page on what a study's plan can reach."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from analysis import apa
from analysis.cells import Table
from analysis.reach import Assumed, Reach, reach
from analysis.reach_figures import IntervalPlot, PowerPlot, interval_plot, power_plot
from analysis.reach_rules import Levels
from analysis.reach_tables import tables
from analysis.reach_told import Group, groups, says
from analysis.reach_track import Track
from analysis.statistics.estimate import NotEstimable
from analysis.wording import Wording, reason
from experiments.checks import problems
from experiments.design import Design, Equivalence, Monitoring
from experiments.in_words import problem_line
from experiments.models import Study
from experiments.studyrows import read_rows
from responses.desk_study import study_at_desk

VIEW_STUDY = "experiments.view_study"

# What a plan's numbers are made of: with a problem in one of these there are none.
NEEDED = ("plan", "factors", "randomisations")
# With fewer rows at the first look, t is told from z.
FEW = 200


class AssumedForm(forms.Form):
    """What no plan knows."""

    r2 = forms.FloatField(
        label=gettext_lazy("R² of the covariates"),
        help_text=gettext_lazy("Share of the variance that they explain, 0 to .95."),
        min_value=0,
        max_value=0.95,
        required=False,
    )
    deff = forms.FloatField(
        label=gettext_lazy("Design effect"),
        help_text=gettext_lazy("1 + (rows per cluster − 1) × ICC; 1 for independent rows."),
        min_value=1,
        max_value=100,
        required=False,
    )
    sd = forms.FloatField(
        label=gettext_lazy("Standard deviation"),
        help_text=gettext_lazy("Of the outcome, in points; the plan’s if empty."),
        min_value=1e-6,
        max_value=1e6,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs |= {"class": "desk-input", "step": "any"}

    def assumed(self) -> Assumed:
        """What was typed; the usual where nothing was, or nothing that can be."""
        given = self.cleaned_data if self.is_valid() else {}
        return Assumed(r2=given.get("r2") or 0.0, deff=given.get("deff") or 1.0, sd=given.get("sd"))


@dataclass(frozen=True)
class Section:
    """What a group of contrasts can reach: in words, in plots, in tables."""

    code: str
    title: str
    says: tuple[str, ...]
    intervals: IntervalPlot | None
    interval_caption: str
    power: PowerPlot | None
    tables: tuple[Table, ...]


def study_reach(request: HttpRequest, slug: str, context: dict[str, Any]) -> HttpResponse:
    """What the study's plan can reach, with what is assumed in the address."""
    study = study_at_desk(request, slug, VIEW_STUDY)
    form = AssumedForm(request.GET)
    design, source = design_of(study)
    lacking = [problem_line(each) for each in problems(design) if each.path.startswith(NEEDED)]
    context |= {
        "title": _("What the plan of %(study)s can reach") % {"study": study.slug},
        "study": study,
        "form": form,
        "source": source,
        "lacking": lacking,
    }
    if not lacking:
        context |= shown(design, form.assumed())
    return TemplateResponse(request, "analysis/reach.html", context)


def design_of(study: Study) -> tuple[Design, str]:
    """The design whose plan governs the study, its rows before the launch; and which it is."""
    version = study.versions.filter(pilot=False).order_by("number").first()
    if version is None:
        return read_rows(study), _("Of the plan as it is written now; it is fixed at launch.")
    return version.written, _("Of the plan that was launched as version %(number)s.") % {
        "number": version.number
    }


def shown(design: Design, assumed: Assumed) -> dict[str, Any]:
    """What the template shows of a design that has no problem."""
    found, words = reach(design, assumed), Wording(design, get_language() or "en")
    anytime = found.plan.monitoring is Monitoring.ANYTIME
    return {
        "facts": _facts(found),
        "warnings": warnings(found),
        "notes": _notes(found),
        "sections": [_section(found, group) for group in groups(found, words)],
        "x_label": _("Share of the rows") if anytime else _("Look"),
        "power_caption": _power_caption(found),
    }


def _section(found: Reach, group: Group) -> Section:
    tracks = group.row.tracks
    intervals, caption, power = None, "", None
    if not isinstance(tracks, NotEstimable) and not isinstance(found.curves, NotEstimable):
        smallest = None if isinstance(found.smallest, NotEstimable) else found.smallest
        halves = _halves(tracks)
        shares = [f"{100 * moment.fraction:.4g}%" for moment in found.moments]
        numbered = [f"{place} ({share})" for place, share in enumerate(shares, start=1)]
        anytime = found.plan.monitoring is Monitoring.ANYTIME
        labels = shares if anytime else numbered
        intervals = interval_plot(list(halves.values()), labels, smallest)
        caption = _interval_caption(list(halves), tracks[0].share.nil, smallest)
        power = power_plot(found.curves, labels, tracks[0].looks[-1].se, smallest)
    return Section(
        group.code, group.title, says(found, group), intervals, caption, power, tables(found, group)
    )


def _halves(tracks: Sequence[Track]) -> dict[float, list[float]]:
    """The half-widths at the looks of every interval that decides something, by its alpha."""
    found = {track.share.alpha: [look.half for look in track.looks] for track in tracks}
    for track in tracks:
        nils = [look.nil.half for look in track.looks if look.nil]
        if track.share.nil and nils:
            found.setdefault(track.share.nil.interval, nils)
    return found


def _power_caption(found: Reach) -> str:
    said = [_("The chance to have found an effect by each look, with all of alpha.")]
    if not isinstance(found.smallest, NotEstimable):
        said.append(_("The broad upright line is the smallest effect of interest."))
    return " ".join(said)


def _interval_caption(alphas: Sequence[float], nil: Levels | None, smallest: float | None) -> str:
    said = [_("An effect of nil with its interval at each look, in standard deviations.")]
    first, *others = (apa.level(alpha) for alpha in alphas)
    if others:
        drawn = _("Thick with an alpha of %(first)s, thin with %(others)s.")
        said.append(drawn % {"first": first, "others": ", ".join(others)})
    if nil:
        judged = _(
            "Equivalence goes by the interval with %(alpha)s: it can come where that one leaves "
            "room within ± the smallest effect (shaded)."
        )
        said.append(judged % {"alpha": apa.level(nil.interval)})
    elif smallest is None:
        said.append(_("The plan announces no smallest effect, so equivalence is not tested."))
    else:
        said.append(_("Shaded is ± the smallest effect; equivalence is not tested."))
    return " ".join(said)


def _facts(found: Reach) -> tuple[tuple[str, str], ...]:
    plan = found.plan
    sd = found.sd if isinstance(found.sd, NotEstimable) else apa.declared(found.sd)
    points = "–" if plan.smallest_effect is None else apa.declared(plan.smallest_effect)
    smallest = found.smallest
    if isinstance(smallest, NotEstimable):
        effect = reason(smallest)
    else:
        effect = _("%(points)s points, %(sd)s SD") % {
            "points": points,
            "sd": apa.number(smallest, 3),
        }
    methods = {
        Equivalence.NONE: _("none is announced"),
        Equivalence.REPEATED_INTERVAL: _("the repeated interval, at any look"),
        Equivalence.TWO_ONE_SIDED: _(
            "repeated intervals before the end, two one-sided tests at it"
        ),
    }
    facts = [
        (_("Eligible completes"), f"{plan.sample_size}"),
        (_("Alpha, two-sided"), apa.level(plan.alpha)),
        (_("Standard deviation"), reason(sd) if isinstance(sd, NotEstimable) else sd),
        (_("Smallest effect of interest"), effect),
        (_("Equivalence by"), methods[plan.equivalence]),
    ]
    if plan.equivalence is Equivalence.TWO_ONE_SIDED:
        facts.append((_("Level of the one-sided tests"), apa.level(plan.equivalence_alpha)))
    return tuple(facts)


def warnings(found: Reach) -> list[str]:
    """Why the numbers may be too good."""
    said = []
    if found.clustered and found.assumed.deff == 1:
        said.append(
            _(
                "Rows of %(codes)s are not independent: participants share an arm with their "
                "cluster, or judge several vignettes. These numbers take them for independent and "
                "are too good; give a design effect."
            )
            % {"codes": ", ".join(found.clustered)}
        )
    if found.partial:
        said.append(
            _(
                "Not everybody is drawn by %(codes)s. These numbers take everybody for drawn and "
                "are too good."
            )
            % {"codes": ", ".join(found.partial)}
        )
    return said


def _notes(found: Reach) -> list[str]:
    said = [_("All by the normal approximation, with the same variance in every cell.")]
    if found.plan.covariates:
        said.append(
            _(
                "How much the covariates explain is not known yet: without an R² they are taken "
                "to explain nothing. A share R² makes every error and interval √(1 − R²) as wide."
            )
        )
    if found.moments[0].rows < FEW:
        said.append(_("With so few rows at the first look, its t interval is somewhat wider."))
    if found.plan.futility is not None or found.plan.harm_level is not None:
        said.append(_("Stopping for futility or harm is left out: it makes power smaller."))
    if found.plan.monitoring is Monitoring.ANYTIME:
        said.append(
            _(
                "The plan may be read at any time: intervals are its confidence sequence, and "
                "chances are those of looking at these shares of the rows only."
            )
        )
    return said
