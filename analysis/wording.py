"""What things of a design are called in a language, and reasons in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from analysis.contrasts import Pair
from analysis.statistics.estimate import NotEstimable, Reason
from experiments.design import Design, Randomisation, Text


@dataclass(frozen=True)
class Wording:
    """The names of a design's things in one language; the design's first where that lacks one."""

    design: Design
    language: str

    def text(self, text: Text) -> str:
        """The text in the language."""
        for language in (self.language, self.language.partition("-")[0], *self.design.languages):
            if text.get(language):
                return text[language]
        return ""

    def level(self, factor: str, level: str) -> str:
        """The label of a level."""
        levels = self.design.factor(factor).levels
        return next((self.text(found.label) for found in levels if found.code == level), level)

    def arm(self, randomisation: str, arm: str) -> str:
        """The labels of an arm's levels."""
        step = self.step(randomisation)
        levels = next(found.levels for found in step.arms if found.code == arm)
        pairs = zip(step.factors, levels, strict=True)
        return " · ".join(self.level(factor, level) for factor, level in pairs)

    def factors(self, randomisation: str) -> str:
        """The labels of the factors that a randomisation assigns."""
        factors = (self.design.factor(code) for code in self.step(randomisation).factors)
        return " · ".join(self.text(factor.label) for factor in factors)

    def step(self, randomisation: str) -> Randomisation:
        """The randomisation of that code."""
        return next(r for r in self.design.randomisations if r.code == randomisation)

    def variable(self, name: str) -> str:
        """The label of a scale, a subscale, an item, or an item's option (``item=option``)."""
        code, _sign, option = name.partition("=")
        labels = {scale.code: scale.label for scale in self.design.scales}
        labels |= {part.code: part.label for s in self.design.scales for part in s.subscales}
        if code in labels:
            return self.text(labels[code])
        item = self.design.item(code)
        if not option:
            return self.text(item.text)
        chosen = next(found for found in self.design.options(item) if found.code == option)
        return f"{self.text(item.text)} {self.text(chosen.label)}"

    def arm_named(self, randomisation: str, arm: str) -> str:
        """The labels of an arm's levels; its code if the arm is another version's."""
        steps = {step.code: step for step in self.design.randomisations}
        known = steps[randomisation].arms if randomisation in steps else ()
        if any(found.code == arm for found in known):
            return self.arm(randomisation, arm)
        return arm

    def variable_named(self, name: str) -> str:
        """The label of a variable or option; its name if it is another version's."""
        try:
            return self.variable(name)
        except (LookupError, StopIteration):
            return name

    def pairs(self, pairs: Sequence[Pair]) -> str:
        """What a row compares: Money − None, times each other factor of an interaction."""
        return " × ".join(
            f"({self.level(p.factor, p.level)} − {self.level(p.factor, p.against)})" for p in pairs
        )


def reason(why_not: NotEstimable) -> str:
    """Why a number is not there, in words."""
    return {
        Reason.NO_ROWS: _("not estimable: nobody to estimate it from"),
        Reason.TOO_FEW_ROWS: _("not estimable: too few participants"),
        Reason.TOO_FEW_ITEMS: _("not estimable: fewer than two items"),
        Reason.TOO_FEW_ARMS: _("not estimable: fewer than two arms to compare"),
        Reason.TOO_FEW_CLUSTERS: _("not estimable: too few clusters"),
        Reason.ARM_WITHOUT_WEIGHT: _("not estimable: somebody is in an arm that is never drawn"),
        Reason.RANK_DEFICIENT: _("not estimable: its variables can’t be told apart in these data"),
        Reason.FULL_LEVERAGE: _("not estimable: one participant or cluster alone would decide it"),
        Reason.NO_VARIANCE: _("not estimable: the values do not vary"),
        Reason.OPTIONS_ARE_NO_LEVELS: _("not reported: its options do not name the levels"),
        Reason.NOT_RECORDED: _("not known: exposure to this randomisation is not recorded"),
        Reason.NO_FIXED_SHARES: _("not tested: the weights are not the arms’ probabilities"),
        Reason.CLUSTERED: _("not tested: the members of a cluster have one arm together"),
        Reason.NO_COVARIATES: _("not tested: the plan and the lists name no covariates"),
        Reason.TOO_FEW_OPTIONS: _("not estimable: too few different answers were given"),
        Reason.SEPARATED: _("not estimable: the variables predict some answers with certainty"),
        Reason.NOT_CONVERGED: _("not estimable: the fit did not come to an end"),
        Reason.IMPROPER_FIT: _("not estimable: one factor does not fit these items"),
        Reason.OUT_OF_REACH: _("not reached: no sample size or confidence would do"),
        Reason.NOT_STOPPED: _("not known yet: the study has not reached a bound"),
        Reason.NO_LOOK_LEFT: _("not defined: no look is left"),
        Reason.NO_CROSSING: _("not defined: at no alpha would this reach a bound"),
        Reason.BELOW_PRECISION: _("not shown: too small for its digits to be computed"),
        Reason.NO_OUTCOME_SD: _("not known: no standard deviation of the outcome is declared"),
        Reason.NO_SMALLEST_EFFECT: _("not known: the plan has no smallest effect of interest"),
        Reason.NO_LIMITS: _("not computed: the outcome has no least and greatest value"),
        Reason.ROWS_TOGETHER: _("not computed: it is for rows that err each for themselves"),
        Reason.TOO_MANY_ROWS: _("not computed: too many participants for it"),
        Reason.BLINDED: _("not shown: arms beyond this look are secret until the study closes"),
    }[why_not.reason]
