"""What a study has that its parts can name, each with its label, for the choices of forms."""

from collections.abc import Sequence
from functools import cached_property
from itertools import product
from math import prod

from django.utils.translation import gettext as _

from experiments.answers import yes_or_no
from experiments.cells import MOST_CELLS, every_cell
from experiments.checks.minimisation import VALUES_OF_STRATA
from experiments.checks.offered import offered
from experiments.checks.order import asked_before
from experiments.checks.plan import COUNTED, RULES
from experiments.design import ON_A_SCALE, ONE_CHOICE, Design, ItemKind, Measure, Method, Text
from experiments.desk.lists import Choices
from experiments.models import Study
from experiments.studyrows import read_rows


class Vocabulary:
    """The names in one study; its rows are read when the first of them is asked for."""

    def __init__(self, study: Study) -> None:
        self.study = study

    @cached_property
    def design(self) -> Design:
        """The design that the rows make, with whatever problems it has."""
        return read_rows(self.study)

    @cached_property
    def factors(self) -> Choices:
        """Every factor."""
        return [
            (factor.code, self._named(factor.code, factor.label)) for factor in self.design.factors
        ]

    @cached_property
    def levels(self) -> Choices:
        """Every level, under its factor."""
        return [
            (
                self._named(factor.code, factor.label),
                [(level.code, self._named(level.code, level.label)) for level in factor.levels],
            )
            for factor in self.design.factors
        ]

    def cells(self, factors: tuple[str, ...]) -> Choices:
        """Every cell that these factors make."""
        labels = {
            (factor.code, level.code): self._text(level.label) or level.code
            for factor in self.design.factors
            for level in factor.levels
        }
        return [
            (
                arm.code,
                " × ".join(labels[pair] for pair in zip(factors, arm.levels, strict=True)),
            )
            for arm in every_cell(self.design.factors, factors)
        ]

    @cached_property
    def scales(self) -> Choices:
        """Every scale."""
        return [(scale.code, self._named(scale.code, scale.label)) for scale in self.design.scales]

    @cached_property
    def subscales(self) -> Choices:
        """Every subscale, under its scale."""
        return [
            (
                self._named(scale.code, scale.label),
                [(part.code, self._named(part.code, part.label)) for part in scale.subscales],
            )
            for scale in self.design.scales
            if scale.subscales
        ]

    @cached_property
    def scored(self) -> Choices:
        """Scales and subscales: what can be an outcome."""
        return [
            choice
            for scale in self.design.scales
            for choice in [(scale.code, self._named(scale.code, scale.label))]
            + [(part.code, self._named(part.code, part.label)) for part in scale.subscales]
        ]

    @cached_property
    def listed_parameters(self) -> Choices:
        """Parameters that everybody has, with one of a list of values."""
        return [
            (each.code, f"{each.code} – {each.name}")
            for each in self.design.parameters
            if each.values and each.required
        ]

    @cached_property
    def strata(self) -> Choices:
        """Items of which everybody chooses one option before the treatment, and parameters.

        Of these only such as have few values: else most strata would leave a block unfinished.
        """
        few = {p.code for p in self.design.parameters if len(p.values) in VALUES_OF_STRATA}
        return [
            (item.code, self._named(item.code, item.text))
            for page in self.design.pages
            for item in page.items
            if item.kind in ONE_CHOICE and item.required and not item.soft
            if not (item.shown_if or page.shown_if) and asked_before(self.design, (item,))
        ] + [each for each in self.listed_parameters if each[0] in few]

    @cached_property
    def decks(self) -> Choices:
        """The randomisations that deal several vignettes."""
        steps = self.design.randomisations
        return [(step.code, step.code) for step in steps if step.method is Method.DECK]

    @cached_property
    def predictors(self) -> Choices:
        """Scales, subscales and other items asked before the treatment: what may explain."""
        design = self.design
        before = [c for c in self.scored if asked_before(design, design.scale_items(c[0]))]
        single = [
            (item.code, self._named(item.code, item.text))
            for item in design.items()
            if item.kind in COUNTED - ON_A_SCALE and asked_before(design, (item,))
        ]
        return [*before, *single]

    @cached_property
    def outcomes(self) -> Choices:
        """Scales, subscales and single answers: what is asked after the vignette, once there is."""
        design = self.design
        single = [
            (item.code, self._named(item.code, item.text))
            for item in design.items()
            if item.kind in COUNTED - ON_A_SCALE and not item.role
            if item.measure is not Measure.NOMINAL or yes_or_no(design, item)
        ]
        return [*self.scored, *(each for each in single if each not in self.predictors)]

    @cached_property
    def late_checks(self) -> Choices:
        """Checks asked after the treatment, which exclude nobody unless the plan names them."""
        return [
            (item.code, self._named(item.code, item.text))
            for item in self.design.items()
            if item.role in RULES.values() and not asked_before(self.design, (item,))
        ]

    @cached_property
    def blocks(self) -> Choices:
        """Every block of pages."""
        return [(block.code, block.code) for block in self.design.blocks]

    @cached_property
    def crossable(self) -> Choices:
        """Items with one chosen answer that are asked before the treatment."""
        chosen = (ItemKind.SINGLE, ItemKind.DROPDOWN, ItemKind.LIKERT)
        return [
            (item.code, self._named(item.code, item.text))
            for item in self.design.items()
            if item.kind in chosen and asked_before(self.design, (item,))
        ]

    def answers(self, items: Sequence[str]) -> Choices:
        """Every cell that the answers to these items make; the whole study, if there are none."""
        known = {item.code: offered(self.design, item) for item in self.design.items()}
        crossed = [known.get(code, ()) for code in items]
        if prod(map(len, crossed)) > MOST_CELLS:
            return []
        return [
            (
                ".".join(option.code for option in cell),
                " × ".join(self._text(option.label) or option.code for option in cell)
                or _("The whole study"),
            )
            for cell in product(*crossed)
        ]

    def _named(self, code: str, text: Text) -> str:
        label = self._text(text)
        return f"{code} – {label}" if label else code

    def _text(self, text: Text) -> str:
        """A text in the first of the study's languages that has it, cut to a line."""
        found = next((text[each] for each in self.design.languages if text.get(each)), "")
        return found if len(found) <= 70 else f"{found[:69].rstrip()}…"
