"""The form by which a simulation is ordered; its fields are those of the study's design."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analysis.power.assumptions import (
    Assumptions,
    effect_key,
    effect_levels,
    loss_levels,
    outcome_values,
    prognostic,
)
from analysis.power.ordering import MOST_N, MOST_REPEATS, MOST_SEED
from analysis.stacking import judged_deck
from analysis.wording import Wording
from experiments.design import Design

# What the covariates explain together leaves the outcome something of its own.
MOST_EXPLAINED = 0.95
# What rows that err together share leaves each of them something of its own.
MOST_SHARED = 0.95
USUAL_REPEATS, USUAL_RELIABILITY = 1000, 0.8


class SimulationForm(forms.Form):
    """What is true in the simulated studies, how many of them there are, and how they are run."""

    n = forms.IntegerField(
        label=gettext_lazy("Participants"),
        help_text=gettext_lazy("Eligible completes of each study."),
        min_value=10,
        max_value=MOST_N,
    )
    repeats = forms.IntegerField(
        label=gettext_lazy("Studies"),
        help_text=gettext_lazy("A share of .80 is known to ± .025 from 1,000, ± .018 from 2,000."),
        min_value=20,
        max_value=MOST_REPEATS,
        initial=USUAL_REPEATS,
    )
    mean = forms.FloatField(
        label=gettext_lazy("Mean of the outcome"),
        help_text=gettext_lazy("At the first level of every factor."),
    )
    sd = forms.FloatField(
        label=gettext_lazy("Standard deviation"),
        help_text=gettext_lazy("Of the outcome within an arm, in points."),
        min_value=1e-6,
        max_value=1e6,
    )
    reliability = forms.FloatField(
        label=gettext_lazy("Reliability of the outcome"),
        help_text=gettext_lazy("Cronbach’s alpha of its items, .3 to .98."),
        min_value=0.3,
        max_value=0.98,
        initial=USUAL_RELIABILITY,
    )
    covariate_reliability = forms.FloatField(
        label=gettext_lazy("Reliability of the covariates"),
        help_text=gettext_lazy("Alpha of those that are scales, .3 to .98."),
        min_value=0.3,
        max_value=0.98,
        initial=USUAL_RELIABILITY,
    )
    loss = forms.FloatField(
        label=gettext_lazy("Lost"),
        help_text=gettext_lazy(
            "Share of those given an arm who leave or are excluded, 0 to .9. More are invited in "
            "their place."
        ),
        min_value=0,
        max_value=0.9,
        initial=0,
    )
    between_clusters = forms.FloatField(
        label=gettext_lazy("Shared within clusters"),
        help_text=gettext_lazy(
            "Of what covariates leave of the outcome’s trait, the share of the variance that lies "
            "between clusters, 0 to .95."
        ),
        min_value=0,
        max_value=MOST_SHARED,
        initial=0.05,
    )
    between_people = forms.FloatField(
        label=gettext_lazy("Shared by a person’s judgements"),
        help_text=gettext_lazy(
            "Of the same variance, the share that lies between participants rather than between "
            "the vignettes that one of them judges, 0 to .95."
        ),
        min_value=0,
        max_value=MOST_SHARED,
        initial=0.5,
    )
    seed = forms.IntegerField(
        label=gettext_lazy("Seed"),
        help_text=gettext_lazy("The same seed gives the same numbers; drawn if empty."),
        min_value=0,
        max_value=MOST_SEED - 1,
        required=False,
    )
    stops = forms.BooleanField(
        label=gettext_lazy("A study ends where a look recommends to stop"),
        initial=True,
        required=False,
    )

    def __init__(self, design: Design, words: Wording, data: Mapping[str, Any] | None) -> None:
        # The page has a form of formulas, too.
        super().__init__(data, auto_id="simulated_%s")
        self.design, self.words = design, words
        plan, values = design.plan, outcome_values(design)
        self.fields["n"].initial = plan.sample_size
        self.fields["sd"].initial = plan.outcome_sd
        if values:
            self.fields["mean"].initial = (values[0] + values[-1]) / 2
        if len(values) == 2:
            # The mean says what the deviation is.
            self._leave_out("sd")
        if len(design.outcome_items) < 2:
            self._leave_out("reliability")
        if not any(design.scale_items(code) for code in prognostic(design)):
            self._leave_out("covariate_reliability")
        if not any(step.cluster for step in design.randomisations):
            self._leave_out("between_clusters")
        if judged_deck(design) is None:
            self._leave_out("between_people")
        self.fields |= dict(self._effects()) | dict(self._slopes()) | dict(self._losses())
        for name, field in self.fields.items():
            if name != "stops":
                field.widget.attrs |= {"class": "desk-input", "step": "any"}

    @property
    def groups(self) -> tuple[tuple[str, str, list[forms.BoundField]], ...]:
        """The fields in groups, each with a title and what it means."""
        effects = [self[name] for name in self.fields if name.startswith("effect_")]
        slopes = [self[name] for name in self.fields if name.startswith("slope_")]
        losses = [self[name] for name in self.fields if name.startswith("loss_")]
        usual = [
            self[name]
            for name in self.fields
            if not name.startswith(("effect_", "slope_", "loss_")) and name != "stops"
        ]
        found = (
            (_("The studies"), "", usual),
            (
                _("Effects, in points of the outcome"),
                _(
                    "What a level adds to the mean, against the first level of its factor; two "
                    "levels together add their own on top. 0 is no effect."
                ),
                effects,
            ),
            (
                _("How covariates go along with the outcome"),
                _(
                    "The correlation of the trait behind each with that behind the outcome, within "
                    "an arm. As items measure traits with error, answers go along less."
                ),
                slopes,
            ),
            (
                _("Lost because of a level"),
                _(
                    "What a level adds to the share that is lost, against the first level of its "
                    "factor; below 0 it loses fewer."
                ),
                losses,
            ),
        )
        return tuple(group for group in found if group[2])

    def clean(self) -> dict[str, Any]:
        """What was typed; together, covariates must not explain everything."""
        given: dict[str, Any] = super().clean() or {}
        slopes = [each or 0 for name, each in given.items() if name.startswith("slope_")]
        if sum(slope**2 for slope in slopes) > MOST_EXPLAINED:
            self.add_error(
                None,
                _(
                    "The covariates would explain nearly everything: the squares of their "
                    "correlations must come to at most .95."
                ),
            )
        if sum(given.get(name) or 0 for name in ("between_clusters", "between_people")) > (
            MOST_SHARED
        ):
            self.add_error(
                None,
                _("Clusters and people would share everything: together at most .95."),
            )
        return given

    def assumed(self) -> Assumptions:
        """What was typed, of a form that is valid."""
        given = self.cleaned_data
        keys = map(effect_key, effect_levels(self.design))
        return Assumptions(
            n=given["n"],
            mean=given["mean"],
            sd=given.get("sd") or 1.0,
            reliability=given.get("reliability") or USUAL_RELIABILITY,
            effects={
                key: given[f"effect_{place}"] or 0.0 for place, key in enumerate(keys, start=1)
            },
            slopes={
                code: given[f"slope_{place}"] or 0.0
                for place, code in enumerate(prognostic(self.design), start=1)
            },
            covariate_reliability=given.get("covariate_reliability") or USUAL_RELIABILITY,
            loss=given["loss"],
            losses={
                effect_key({factor: level}): given[f"loss_{place}"] or 0.0
                for place, (factor, level) in enumerate(loss_levels(self.design), start=1)
            },
            between_clusters=given.get("between_clusters") or 0.0,
            between_people=given.get("between_people") or 0.0,
            stops=given["stops"],
        )

    def _leave_out(self, name: str) -> None:
        del self.fields[name]

    def _effects(self) -> Iterator[tuple[str, forms.Field]]:
        for place, levels in enumerate(effect_levels(self.design), start=1):
            alone = len(levels) == 1
            yield (
                f"effect_{place}",
                forms.FloatField(
                    label=" × ".join(
                        self.words.level(factor, level) for factor, level in levels.items()
                    ),
                    min_value=-1e6,
                    max_value=1e6,
                    initial=(self.design.plan.smallest_effect or 0) if alone else 0,
                    required=False,
                ),
            )

    def _losses(self) -> Iterator[tuple[str, forms.Field]]:
        for place, (factor, level) in enumerate(loss_levels(self.design), start=1):
            yield (
                f"loss_{place}",
                forms.FloatField(
                    label=self.words.level(factor, level),
                    min_value=-0.9,
                    max_value=0.9,
                    initial=0,
                    required=False,
                ),
            )

    def _slopes(self) -> Iterator[tuple[str, forms.Field]]:
        for place, code in enumerate(prognostic(self.design), start=1):
            yield (
                f"slope_{place}",
                forms.FloatField(
                    label=self.words.variable(code),
                    min_value=-0.95,
                    max_value=0.95,
                    initial=0,
                    required=False,
                ),
            )
