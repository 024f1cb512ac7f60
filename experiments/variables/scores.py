"""PURE: the variables of scores: the mean of a scale's items, or a subscale's, reverse ones turned.

They are what a look computes: empty unless all of the items were answered, since a plan has no
other rule for missing items.
"""

from collections.abc import Iterator

from experiments.design import Design, Item, Missing, Text
from experiments.variables.arm_conditions import telling_items
from experiments.variables.items import is_outcome, treated_items
from experiments.variables.variable import Role, Scored, Type, Variable


def score_variables(design: Design) -> Iterator[Variable]:
    """A score for each scale that is asked, each followed by those of its subscales.

    A scale whose options are no numbers has none; a launch refuses it.
    """
    secret, treated = telling_items(design), treated_items(design)
    for code, label in scored_codes(design):
        items = design.scale_items(code)
        if items and (scored := _scored(design, items)):
            codes = {item.code for item in items}
            role = Role.POST_TREATMENT if codes & treated else Role.PRE_TREATMENT
            yield Variable(
                code,
                label,
                Type.NUMBER,
                Role.OUTCOME if is_outcome(design, items[0], (code,)) else role,
                ("score", code),
                shown_by_arm=not codes.isdisjoint(secret),
                scored=scored,
            )


def scored_codes(design: Design) -> list[tuple[str, Text]]:
    """The codes and labels of scales and subscales, in the order of their scores."""
    found = []
    for scale in design.scales:
        found.append((scale.code, scale.label))
        found += [(part.code, part.label) for part in scale.subscales]
    return found


def _scored(design: Design, items: tuple[Item, ...]) -> tuple[Scored, ...]:
    """What each item's options count as; nothing if some are no whole numbers."""
    # The ends of the scale are those that the look turns by: of its first item.
    of_items = [
        [option.code for option in design.options(item) if option.missing is Missing.NONE]
        for item in items
    ]
    try:
        numbers = [{code: int(code) for code in codes} for codes in of_items]
    except ValueError:
        return ()
    if not all(numbers):
        return ()
    ends = min(numbers[0].values()) + max(numbers[0].values())
    return tuple(
        Scored(
            item.code,
            tuple((code, ends - n if item.reverse else n) for code, n in of_item.items()),
        )
        for item, of_item in zip(items, numbers, strict=True)
    )
