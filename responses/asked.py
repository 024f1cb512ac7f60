"""An item as its template shows it: texts in one language, what was typed, what is wrong."""

import json
from dataclasses import dataclass

from babel.numbers import get_decimal_symbol, get_group_symbol
from django.utils.translation import gettext as _

from experiments.answers import MISSING
from experiments.design import Design, Item, ItemKind, Missing, Option, Page, Text
from experiments.logic import as_json
from experiments.ordering import ordered_options
from responses.fault_words import worded
from responses.hints import hints
from responses.markdown import as_html
from responses.marks import hole, piped_text
from responses.questionnaire import Fault, Sent
from responses.questionnaire.facts import babel_locale
from responses.questionnaire.fields import part
from responses.questionnaire.flow import waits_here
from responses.questionnaire.knowledge import condition
from responses.questionnaire.numbers import as_stored, sentinel
from responses.questionnaire.reading import OPEN


@dataclass(frozen=True)
class Choice:
    """One option: its field, its code, its words, and what was typed or chosen of it."""

    field: str
    id: str
    code: str
    label: str
    chosen: bool
    value: str
    exclusive: bool
    pole: str = ""
    # Whether it counts as no answer.
    missing: bool = False

    @property
    def start(self) -> str:
        """The mark at which the option begins."""
        return hole(f"option.{self.code}")


@dataclass(frozen=True)
class Asked:
    """One item on one page in one language, ready for its template."""

    design: Design
    page: Page
    item: Item
    language: str
    typed: Sent
    fault: Fault | None = None
    tries_left: int = 0
    seed: bytes = b""

    @property
    def start(self) -> str:
        """The mark at which the item begins."""
        return hole(f"item.{self.code}")

    @property
    def end(self) -> str:
        """The mark at which the item, or an option, ends."""
        return hole("end")

    @property
    def code(self) -> str:
        """The item's code, which names its field."""
        return self.item.code

    @property
    def kind(self) -> str:
        """How it is answered."""
        return self.item.kind.value

    @property
    def text(self) -> str:
        """What it asks."""
        return self._said(self.item.text)

    @property
    def statement(self) -> str:
        """The text of a statement as HTML."""
        return as_html(self.design, self.text)

    @property
    def poles(self) -> tuple[str, str]:
        """What the first and the last option as written stand for."""
        return self._said(self.item.left), self._said(self.item.right)

    @property
    def pole_holes(self) -> tuple[str, str]:
        """Where a request puts the poles: they change places with the options."""
        return hole(f"before.{self.code}"), hole(f"after.{self.code}")

    @property
    def unit(self) -> str:
        """The unit of a number."""
        return self._said(self.item.unit)

    @property
    def id(self) -> str:
        """The id of the first control that answers it, in the participant's order."""
        if self.single_control or not self.choices:
            return f"id_{self.code}"
        first = ordered_options(self.design, self.item, self.seed)[0].code
        return next(choice.id for choice in self.choices if choice.code == first)

    @property
    def gentle(self) -> bool:
        """Whether it was only left open, and may stay so."""
        return self.fault is Fault.ASKED_ONCE

    @property
    def single_control(self) -> bool:
        """Whether one field with a label is all there is, so that no group is needed."""
        kinds = (ItemKind.DROPDOWN, ItemKind.NUMBER, ItemKind.SLIDER, ItemKind.DATE)
        return self.item.kind in (*kinds, ItemKind.TEXT, ItemKind.SHORT_TEXT)

    @property
    def must(self) -> bool:
        """Whether nothing else than an answer will do."""
        return self.item.required and not self.item.soft and not self.boxes

    @property
    def value(self) -> str:
        """What was typed in its one field; the place of an untouched slider."""
        given = self.typed.get(self.code, ())
        return given[-1] if given else (self.untouched if self.item.kind is ItemKind.SLIDER else "")

    @property
    def touched(self) -> bool:
        """Whether a slider was moved."""
        return self.value != self.untouched

    @property
    def choices(self) -> list[Choice]:
        """The options that can be chosen, ranked, or given points."""
        options = self.design.options(self.item)
        beside = self.item.kind in OPEN
        return [
            self._choice(at, option)
            for at, option in enumerate(options)
            if not (beside and option.missing)
        ]

    @property
    def boxes(self) -> list[Choice]:
        """The boxes that say why there is no value, beside a field."""
        if self.item.kind not in OPEN:
            return []
        field = part(self.code, MISSING)
        given = self.typed.get(field, ())
        return [
            Choice(
                field=field,
                id=f"id_{self.code}_{option.missing}",
                code=option.code,
                label=self._said(option.label),
                chosen=option.code in given,
                value="",
                exclusive=True,
            )
            for option in self.item.options
            if option.missing is not Missing.NONE
        ]

    @property
    def places(self) -> range:
        """The places of a ranking."""
        return range(1, len(self.choices) + 1)

    @property
    def fault_words(self) -> str:
        """What is wrong with it."""
        if self.fault is None:
            return ""
        said = worded(self.fault, self.item, self.value, self.language)
        if self.fault is Fault.WRONG:
            said += " " + _("Tries left: %(count)d.") % {"count": self.tries_left}
        return said

    @property
    def hints(self) -> list[str]:
        """What to do, in short sentences."""
        return list(hints(self.item, self.language))

    @property
    def described_by(self) -> str:
        """The ids of what explains the field."""
        ends = f"ends_{self.code}" if self.item.kind is ItemKind.SLIDER else ""
        unit = f"unit_{self.code}" if self.unit else ""
        hint = f"hint_{self.code}" if self.hints else ""
        fault = f"fault_{self.code}" if self.fault else ""
        return " ".join(filter(None, (ends, unit, hint, fault)))

    @property
    def decimal(self) -> str:
        """The decimal sign of the language."""
        return str(get_decimal_symbol(babel_locale(self.language)))

    @property
    def grouping(self) -> str:
        """What the language puts between thousands."""
        return str(get_group_symbol(babel_locale(self.language)))

    @property
    def shown_if(self) -> str:
        """The condition as JSON, if it waits for an answer of the same page."""
        if not waits_here(self.page, self.item):
            return ""
        return json.dumps(as_json(condition(self.item.shown_if)), separators=(",", ":"))

    @property
    def hidden(self) -> str:
        """Where a request says whether the item is hidden for now."""
        return hole(f"hidden.{self.code}") if waits_here(self.page, self.item) else ""

    @property
    def least(self) -> str:
        """The minimum of a number, or the place of an untouched slider."""
        return (
            self.untouched if self.item.kind is ItemKind.SLIDER else self._plain(self.item.minimum)
        )

    @property
    def first(self) -> str:
        """The slider's minimum."""
        return self._plain(self.item.minimum)

    @property
    def most(self) -> str:
        """The maximum."""
        return self._plain(self.item.maximum)

    @property
    def step(self) -> str:
        """The step of a slider."""
        return self._plain(self.item.step or 1)

    @property
    def untouched(self) -> str:
        """Where a slider stands that nobody moved."""
        return f"{sentinel(self.item).normalize():f}"

    @property
    def keyboard(self) -> str:
        """Which keys a phone should offer for a number."""
        below = self.item.minimum is None or self.item.minimum < 0
        return "text" if below else "decimal" if self.item.decimals else "numeric"

    def _choice(self, at: int, option: Option) -> Choice:
        code, label, missing = option.code, self._said(option.label), bool(option.missing)
        ranked = self.item.kind in (ItemKind.RANKING, ItemKind.ALLOCATION)
        field = part(self.code, code) if ranked else self.code
        given = self.typed.get(field, ())
        value = given[-1] if given else ""
        return Choice(
            *(field, f"id_{self.code}_{at}", code, label, code in given, value),
            *(option.exclusive or missing, self._pole(code), missing),
        )

    def _pole(self, code: str) -> str:
        """The pole that an option of a semantic differential is nearer to; none in the middle."""
        if self.item.kind is not ItemKind.SEMANTIC_DIFFERENTIAL:
            return ""
        codes = [each.code for each in self.design.options(self.item) if not each.missing]
        half, left, right = len(codes) // 2, *self.poles
        near = dict.fromkeys(codes[:half], left) | dict.fromkeys(codes[-half:], right)
        return near.get(code, "")

    def _said(self, text: Text) -> str:
        return piped_text(text.get(self.language, ""))

    @staticmethod
    def _plain(number: float | None) -> str:
        return "" if number is None else f"{as_stored(number).normalize():f}"
