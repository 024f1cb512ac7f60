"""PURE: the variables of the items: one for an answer, or one for each of its parts."""

from collections.abc import Iterator
from dataclasses import replace

from experiments.design import Design, Item, ItemKind, Missing, Option, Order, PageKind
from experiments.design import Role as ItemRole
from experiments.variables.arm_conditions import shown_by_arm
from experiments.variables.variable import Role, Type, Variable

# What is asked of an answer with parts, for each of its options.
PARTS = {
    ItemKind.MULTIPLE: "chosen",
    ItemKind.RANKING: "rank",
    ItemKind.ALLOCATION: "points",
}
_TYPES = {
    ItemKind.TEXT: Type.TEXT,
    ItemKind.SHORT_TEXT: Type.TEXT,
    ItemKind.DATE: Type.DATE,
    ItemKind.NUMBER: Type.NUMBER,
    ItemKind.SLIDER: Type.NUMBER,
}
_ROLES = {
    ItemRole.ATTENTION_CHECK: Role.ATTENTION_CHECK,
    ItemRole.MOCK_VIGNETTE_CHECK: Role.MOCK_VIGNETTE_CHECK,
    ItemRole.COMPREHENSION_CHECK: Role.COMPREHENSION_CHECK,
    ItemRole.MANIPULATION_CHECK: Role.MANIPULATION_CHECK,
}
_CHOSEN = (
    Option("0", {"en": "not chosen", "ko": "선택 안 함"}),
    Option("1", {"en": "chosen", "ko": "선택함"}),
)


def item_variables(design: Design) -> Iterator[Variable]:
    """The variables of all items in the order asked; comprehension checks have their tries too."""
    told, treated = shown_by_arm(design), treated_items(design)
    for item in design.items():
        role = _role(design, item, treated=item.code in treated)
        for variable in _variables(design, item, role):
            yield replace(variable, shown_by_arm=item.code in told)


def treated_items(design: Design) -> frozenset[str]:
    """The items from the first vignette on: its own are answered with its text in sight."""
    kinds = [page.kind for page in design.pages]
    first = kinds.index(PageKind.VIGNETTE) if PageKind.VIGNETTE in kinds else len(kinds)
    return frozenset(item.code for page in design.pages[first:] for item in page.items)


def is_outcome(design: Design, item: Item, codes: tuple[str, ...]) -> bool:
    """Whether one of the codes is the plan's outcome, at a draw of a deck too.

    The item tells by its page whether the codes have the number of a draw.
    """
    outcome = design.plan.outcome
    if outcome in codes:
        return bool(outcome)
    stems = (code.rpartition("_") for code in codes)
    if not any(stem == outcome and draw.isdecimal() for stem, _, draw in stems):
        return False
    return any(page.repeats for page in design.pages if item in page.items)


def count_item_variables(item: Item) -> int:
    """How many variables one item has at most, its tries and the order of its options included."""
    parts = len(item.options) if item.kind in PARTS else 1
    ordered = item.option_order is not Order.FIXED
    return parts + ordered + (item.role is ItemRole.COMPREHENSION_CHECK)


def part_name(item: str, option: str) -> str:
    """The name of the variable of one option: a minus becomes an m."""
    return f"{item}_{option.replace('-', 'm')}"


def _variables(design: Design, item: Item, role: Role) -> Iterator[Variable]:
    if item.kind in PARTS:
        yield from _parts(design, item, role)
    elif item.kind is not ItemKind.STATEMENT:
        options = design.options(item)
        type_ = _TYPES.get(item.kind) or _choice_type(options)
        yield Variable(item.code, item.text, type_, role, ("answers", item.code), options)
    if item.role is ItemRole.COMPREHENSION_CHECK:
        label = {"en": f"Wrong tries of {item.code}", "ko": f"{item.code} 오답 횟수"}
        source = ("tries", item.code)
        yield Variable(f"{item.code}_tries", label, Type.INTEGER, role, source)


def _parts(design: Design, item: Item, role: Role) -> Iterator[Variable]:
    missing = tuple(option for option in item.options if option.missing)
    values = (*_CHOSEN, *missing) if item.kind is ItemKind.MULTIPLE else missing
    for option in item.options:
        if option.missing is Missing.NONE:
            label = {
                language: f"{item.text.get(language, '')} – {option.label.get(language, '')}"
                for language in design.languages
            }
            source = ("answers", item.code, PARTS[item.kind], option.code)
            name = part_name(item.code, option.code)
            yield Variable(name, label, _choice_type(missing), role, source, values)


def _choice_type(options: tuple[Option, ...]) -> Type:
    whole = all(option.code.lstrip("-").isdecimal() for option in options)
    return Type.INTEGER if whole else Type.CODE


def _role(design: Design, item: Item, *, treated: bool) -> Role:
    if item.role in _ROLES:
        return _ROLES[item.role]
    if is_outcome(design, item, (item.code, item.scale, item.subscale)):
        return Role.OUTCOME
    return Role.POST_TREATMENT if treated else Role.PRE_TREATMENT
