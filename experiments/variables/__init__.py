"""PURE: the variables of a design's data set: the one place that says what an export holds.

Exports, codebook and scripts take names, labels, order and values from here and nowhere else, so
that they agree. docs/data-dictionary.md explains each variable that every study has.

Fixed variables, factors, parameters and items share one list of names. Their codes are lower-case
ASCII of at most 32 characters by the codes' own rule; `COLUMNS` holds the names that nothing else
may take, and `checks` refuses such a design, as it does names that are made of two codes and turn
out too long or there twice.
"""

from collections.abc import Iterator
from dataclasses import replace

from experiments.design import Design, ItemKind, Option, Order, Randomisation
from experiments.variables.arm_conditions import telling_items, way_tells
from experiments.variables.fixed import ASSIGNED, COLUMNS, FIXED, FLAGS, numbered
from experiments.variables.items import count_item_variables, item_variables
from experiments.variables.scores import score_variables, scored_codes
from experiments.variables.variable import Role, Scored, Type, Variable

__all__ = [
    "ASSIGNED",
    "COLUMNS",
    "FIXED",
    "FLAGS",
    "Role",
    "Scored",
    "Type",
    "Variable",
    "count_variables",
    "variables",
]

# Where somebody is, and what they were not asked, tells their arm if that decides it.
_OF_THE_WAY = frozenset({"last_page", "not_shown", "not_reached", "skipped", "untouched"})


def variables(design: Design) -> tuple[Variable, ...]:
    """The variables of a design's data set, in the order of its columns.

    Fixed ones first and the quality flags, then panel parameters, each randomisation's factors,
    arm, probability, stratum and position, the items in the order asked, the scores of scales and
    their subscales, and the orders shown.
    """
    return (
        *_fixed_of(design),
        *FLAGS,
        *_parameters(design),
        *_assigned(design),
        *item_variables(design),
        *score_variables(design),
        *_orders(design),
    )


def count_variables(design: Design) -> int:
    """How many `variables` a design has at most, also one that is too broken to list them."""
    assigned = sum(len(step.factors) + len(ASSIGNED) for step in design.randomisations)
    asked = sum(map(count_item_variables, design.items()))
    orders = [each.order for each in design.blocks]
    orders += [order for each in design.scales for order in (each.item_order, each.option_order)]
    moved = sum(order is not Order.FIXED for order in orders)
    scores = len(scored_codes(design))
    return len(FIXED) + len(FLAGS) + len(design.parameters) + assigned + asked + scores + moved


def _fixed_of(design: Design) -> Iterator[Variable]:
    values = {
        "language": tuple(Option(language, {}) for language in design.languages),
        "last_page": tuple(Option(page.code, page.title) for page in design.pages),
    }
    conditional = way_tells(design)
    # Who corrects an item was asked it, and one that is there for an arm tells the arm.
    telling = bool(telling_items(design))
    asked = tuple(item.code for item in design.items() if item.kind is not ItemKind.STATEMENT)
    sliders = tuple(item.code for item in design.items() if item.kind is ItemKind.SLIDER)
    of_items = {"not_reached": asked, "skipped": asked, "untouched": sliders}
    for variable in FIXED:
        yield replace(
            variable,
            source=(*variable.source, *of_items.get(variable.name, ())),
            values=values.get(variable.name, variable.values),
            shown_by_arm=(conditional and variable.name in _OF_THE_WAY)
            or (telling and variable.name == "corrections_asked"),
        )


def _parameters(design: Design) -> Iterator[Variable]:
    """What the link brought, but for who it is."""
    for parameter in design.parameters:
        if not parameter.identifies:
            label = dict.fromkeys(design.languages, parameter.name)
            source = ("parameters", parameter.code)
            yield Variable(parameter.code, label, Type.TEXT, Role.DESIGN, source)


def _orders(design: Design) -> Iterator[Variable]:
    """In which order each participant saw what was not in a fixed one."""
    ordered = [block.code for block in design.blocks if block.order is not Order.FIXED]
    for scale in design.scales:
        ordered += [scale.code] if scale.item_order is not Order.FIXED else []
    ordered += [item.code for item in design.items() if item.option_order is not Order.FIXED]
    told = way_tells(design)
    for code in ordered:
        label = {"en": f"Order of {code}", "ko": f"{code} 제시 순서"}
        source: tuple[str, ...] = ("orders", code)
        yield Variable(f"{code}_order", label, Type.LIST, Role.DESIGN, source, shown_by_arm=told)
    for scale in design.scales:
        if scale.option_order is not Order.FIXED:
            label = {"en": f"Order of the options of {scale.code}", "ko": f"{scale.code} 보기 순서"}
            # The same for all of its items: of those that were shown, any tells it.
            items = (item.code for item in design.items() if item.scale == scale.code)
            source = ("orders", *items)
            yield Variable(f"{scale.code}_options", label, Type.LIST, Role.DESIGN, source)


def _assigned(design: Design) -> Iterator[Variable]:
    for place, randomisation in enumerate(design.randomisations, start=1):
        path = ("assignments", randomisation.code)
        for code in randomisation.factors:
            factor = design.factor(code)
            levels = tuple(Option(level.code, level.label) for level in factor.levels)
            source = (*path, "levels", code)
            yield Variable(code, factor.label, Type.CODE, Role.TREATMENT, source, levels)
        for name, label, type_, role in ASSIGNED:
            values = _arms(design, randomisation) if name == "arm" else ()
            yield Variable(numbered(name, place), label, type_, role, (*path, name), values)


def _arms(design: Design, randomisation: Randomisation) -> tuple[Option, ...]:
    labels = {
        (code, level.code): level.label
        for code in randomisation.factors
        for level in design.factor(code).levels
    }
    return tuple(
        Option(
            arm.code,
            {
                language: " × ".join(
                    labels[cell].get(language, cell[1])
                    for cell in zip(randomisation.factors, arm.levels, strict=True)
                )
                for language in design.languages
            },
        )
        for arm in randomisation.arms
    )
