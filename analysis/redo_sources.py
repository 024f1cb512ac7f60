"""PURE: of which columns of the exported CSV a design's variables are made, for scripts.

What is asked for each vignette of a deck `repeats`: its columns are those of a vignette's row
(`redo_vignettes`).
"""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from typing import Any

from analysis.dataset import option_numbers, source_items
from experiments.answers import yes_or_no
from experiments.design import Design, Measure, Role


@dataclass(frozen=True)
class Source:
    """How a variable is made of columns of the CSV.

    `mean`: the mean of the columns, each one of `codes` as a number, `low + high − x` where
    reversed; missing unless all are there. `number`: the column as it is. `option`: 1 where the
    column is the code, 0 where it is another, missing where it is empty. `yes_or_no`: 0 and 1 for
    the two `codes`, anything else missing.
    """

    name: str
    kind: str
    columns: tuple[str, ...]
    reverse: tuple[bool, ...] = ()
    codes: tuple[str, ...] = ()
    code: str = ""


@dataclass(frozen=True)
class ScaleSource:
    """The items of a scale or subscale; `part_of` names a subscale's scale."""

    name: str
    part_of: str
    columns: tuple[str, ...]
    reverse: tuple[bool, ...]
    codes: tuple[str, ...]
    repeats: bool = False


@dataclass(frozen=True)
class Check:
    """A manipulation check: its item, and the column and levels of the factor that it asks for."""

    item: str
    factor_column: str
    levels: tuple[str, ...]
    repeats: bool = False


@dataclass(frozen=True)
class Moderator:
    """A scale or subscale of the plan's associations, its subscales, and what is held beside it."""

    scale: Source
    subscales: tuple[Source, ...]
    covariates: tuple[Source, ...]


def source_of(design: Design, name: str) -> Source:
    """The source of a scale, a subscale, an item, or an item's option (``item=option``)."""
    code, _sign, option = name.partition("=")
    items: Sequence[Any] = source_items(design, code)
    columns = tuple(item.code for item in items)
    answers = yes_or_no(design, items[0])
    if answers and not option and name == design.plan.outcome:
        return Source(name, "yes_or_no", columns, codes=answers)
    if items[0].measure is Measure.NOMINAL:
        return Source(name, "option", columns, code=option)
    if items[0].measure is Measure.INTERVAL:
        return Source(name, "number", columns)
    # A single item is no scale's score: it is as it was answered.
    reverse = tuple(item.reverse for item in items) if design.scale_items(code) else (False,)
    return Source(name, "mean", columns, reverse, tuple(option_numbers(design, items[0])))


def column_names(design: Design, codes: Sequence[str]) -> Iterator[str]:
    """The columns that variables come to: one, or one for each option but the first."""
    for code in codes:
        items = source_items(design, code)
        if items[0].measure is Measure.NOMINAL and not design.scale_items(code):
            yield from (f"{code}={option.code}" for option in design.options(items[0])[1:])
        else:
            yield code


def scale_sources(design: Design, repeated: Set[str] = frozenset()) -> Iterator[ScaleSource]:
    """Every scale and subscale that has items."""
    for scale in design.scales:
        for part, whole in [(scale.code, ""), *((s.code, scale.code) for s in scale.subscales)]:
            if items := design.scale_items(part):
                yield ScaleSource(
                    name=part,
                    part_of=whole,
                    columns=tuple(item.code for item in items),
                    reverse=tuple(item.reverse for item in items),
                    codes=tuple(option_numbers(design, items[0])),
                    repeats=any(item.code in repeated for item in items),
                )


def checks_of(design: Design, repeated: Set[str] = frozenset()) -> Iterator[Check]:
    """The manipulation checks whose options name all levels of their factor."""
    for item in design.items():
        if item.role is Role.MANIPULATION_CHECK:
            levels = tuple(level.code for level in design.factor(item.checks_factor).levels)
            if set(levels) <= {option.code for option in design.options(item)}:
                yield Check(item.code, item.checks_factor, levels, item.code in repeated)


def moderators_of(design: Design, adjusted: Sequence[str]) -> Iterator[Moderator]:
    """The scales and subscales that the plan associates with the outcome, as it names them.

    Each with the columns adjusted for.
    """
    subscales = {each.code: () for scale in design.scales for each in scale.subscales}
    parts_of = subscales | {scale.code: scale.subscales for scale in design.scales}
    for code in design.plan.associations:
        if code not in parts_of or not design.scale_items(code):
            continue
        own = {item.code for item in design.scale_items(code)}
        held = [
            name
            for name in adjusted
            if not own & {item.code for item in source_items(design, name.partition("=")[0])}
        ]
        parts = [each.code for each in parts_of[code] if design.scale_items(each.code)]
        yield Moderator(
            scale=source_of(design, code),
            subscales=tuple(source_of(design, part) for part in parts) if len(parts) > 1 else (),
            covariates=tuple(source_of(design, name) for name in held),
        )
