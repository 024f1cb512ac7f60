"""PURE: the options that an item offers, also in a design that is not whole yet."""

from experiments.design import ON_A_SCALE, Design, Item, Missing, Option


def offered(design: Design, item: Item) -> tuple[Option, ...]:
    """The item's options, or its scale's; none if there is no such scale."""
    if item.kind not in ON_A_SCALE:
        return item.options
    scales = (scale.options for scale in design.scales if scale.code == item.scale)
    return next(scales, ())


def answers_of(design: Design, item: Item) -> tuple[Option, ...]:
    """The options that count as an answer."""
    return tuple(o for o in offered(design, item) if o.missing is Missing.NONE)
