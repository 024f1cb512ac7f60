"""Each rule about kinds of items: a change to a valid design, the problem, and what fits."""

from collections.abc import Mapping
from typing import Any

import pytest

from experiments.checks import Problem, problems
from experiments.design import ItemKind, Measure, Missing, Option, Order
from tests.changed import add, changed
from tests.designs import both
from tests.responses.every_kind import every_kind, kinds_design

PLACE = {item.code: f"pages[2].items[{at}]" for at, item in enumerate(every_kind().items)}
SECRET = Option("-9", both("Rather not say", "답하지 않음"), Missing.PREFER_NOT_TO_SAY)
UNSURE = Option("-8", both("Don’t know", "모름"), Missing.DONT_KNOW)
POLE = both("cold", "차갑다")
NO_ORDER = "Take it out, or order those of its scale."


def _parts(count: int) -> tuple[Option, ...]:
    return tuple(Option(f"part{n}", both(f"Part {n}", f"부분 {n}")) for n in range(count))


# The item, what is changed of it, where the problem is, what it says and what to do.
REFUSED: list[tuple[str, dict[str, Any], str, str, str]] = [
    *(
        (
            code,
            {"measure": measure},
            ".measure",
            f"{code} is of kind {kind}, which is not measured as {measure}.",
            f"Use {fit}.",
        )
        for code, kind, measure, fit in [
            ("agree1", "likert", Measure.INTERVAL, "nominal or ordinal"),
            ("one", "single", Measure.TEXT, "nominal or ordinal"),
            ("some", "multiple", Measure.INTERVAL, "nominal or ordinal"),
            ("order", "ranking", Measure.TEXT, "nominal or ordinal"),
            ("years", "number", Measure.NOMINAL, "interval"),
            ("mood", "slider", Measure.ORDINAL, "interval"),
            ("place", "short_text", Measure.ORDINAL, "text or nominal"),
            ("wish", "text", Measure.INTERVAL, "text or nominal"),
            ("day", "date", Measure.ORDINAL, "text or nominal"),
            ("note", "statement", Measure.ORDINAL, "text or nominal"),
        ]
    ),
    *(
        (
            code,
            {"options": add(Option("-7", SECRET.label, SECRET.missing))},
            ".options",
            f"{code} has two options with the same kind of missing.",
            "Keep one of them: data tell them by that kind.",
        )
        for code in ("menu", "years", "wish")
    ),
    *(
        (
            code,
            {"options": (SECRET,)},
            ".options",
            f"{code} lists options, but an item of kind {whose}.",
            "Take them out, or make it single or dropdown.",
        )
        for code, whose in [
            ("agree1", "likert uses its scale's"),
            ("poles1", "semantic_differential uses its scale's"),
            ("note", "statement has none"),
        ]
    ),
    *(
        (
            code,
            {"options": (Option("-5", both("Five", "오")),)},
            ".options[0]",
            f"-5 is no kind of missing, and {code} is not chosen from.",
            "Give it `missing: …`, or take it out.",
        )
        for code in ("years", "mood", "place", "wish", "day")
    ),
    *(
        (
            "years",
            {"options[0].code": code},
            ".options[0].code",
            f"{code} could be typed as a number.",
            "Give it a code beyond minimum and maximum.",
        )
        for code in ("0", "60", "120", "secret")
    ),
    *(
        (
            code,
            {"options": (SECRET,)},
            ".options[0].code",
            "-9 could be typed as a number.",
            "Give it a code beyond minimum and maximum.",
        )
        for code in ("distance",)
    ),
    *(
        (
            code,
            {"options[0].exclusive": True},
            ".options[0].exclusive",
            f"{first} is exclusive, but {code} takes one answer.",
            "Take that out.",
        )
        for code, first in [("one", "park"), ("menu", "park"), ("order", "park"), ("years", "-9")]
    ),
    *(
        (
            code,
            {"max_length": length},
            ".max_length",
            f"{code} takes {length} characters.",
            "Allow 1 to 20,000.",
        )
        for code in ("place", "wish")
        for length in (0, 20_001)
    ),
    *(
        (
            code,
            {"options": options},
            ".options",
            f"{code} has {count} options to rank or give points to.",
            "Give 2 to 20.",
        )
        for code in ("order", "points")
        for options, count in [(_parts(1), 1), (_parts(21), 21), ((*_parts(1), SECRET), 1)]
    ),
    *(
        (
            code,
            {"options[2].code": "missing"},
            ".options",
            f"An option of {code} has the code missing, which a page uses itself.",
            "Give it another code.",
        )
        for code in ("order", "points")
    ),
    *(
        (
            "points",
            {"total": total},
            ".total",
            f"points gives out {total} points.",
            "Give 1 to 1,000,000.",
        )
        for total in (0, 1_000_001)
    ),
    *(
        (
            code,
            {name: POLE},
            f".{name}",
            f"{code} has a {name} pole, but is of kind {kind}.",
            "Make it semantic_differential or slider, or take it out.",
        )
        for code, kind in [("agree1", "likert"), ("years", "number"), ("note", "statement")]
        for name in ("left", "right")
    ),
    *(
        (
            "poles1",
            {name: {}},
            "",
            f"The semantic differential poles1 lacks its {name} pole.",
            f"Add `{name}: …`.",
        )
        for name in ("left", "right")
    ),
    *(
        (
            code,
            {"unit": both("km", "km")},
            ".unit",
            f"{code} has a unit, but is no number.",
            "Take it out, or make it kind number.",
        )
        for code in ("mood", "place")
    ),
    (
        "menu",
        {"required": False},
        ".soft",
        "menu is soft, but not required: nobody asks for it.",
        "Let it be required, or take soft out.",
    ),
    *(
        (
            code,
            {"option_order": order},
            ".option_order",
            f"{code} has no options of its own to put in order.",
            NO_ORDER,
        )
        for code in ("agree1", "years", "wish", "note")
        for order in (Order.RANDOM, Order.FLIPPED)
    ),
]

ALLOWED: list[tuple[str, dict[str, Any]]] = [
    ("agree1", {"measure": Measure.NOMINAL}),
    ("order", {"measure": Measure.ORDINAL}),
    ("place", {"measure": Measure.TEXT}),
    ("note", {"measure": Measure.TEXT}),
    ("years", {"options": add(UNSURE)}),
    ("menu", {"options": add(UNSURE)}),
    ("some", {"options": add(UNSURE)}),
    *((code, {"options": (SECRET, UNSURE)}) for code in ("mood", "place", "wish", "day")),
    *(("years", {"options[0].code": code}) for code in ("-1", "121")),
    ("distance", {"options": (SECRET,), "minimum": -8}),
    ("distance", {"options": (SECRET,), "maximum": -10}),
    ("some", {"options[0].exclusive": True}),
    *((code, {"max_length": n}) for code in ("place", "wish") for n in (1, 20_000)),
    *((code, {"options": _parts(n)}) for code in ("order", "points") for n in (2, 20)),
    *((code, {"options": (*_parts(20), SECRET)}) for code in ("order", "points")),
    ("one", {"options[2].code": "missing"}),
    *(("points", {"total": total}) for total in (1, 1_000_000)),
    ("mood", {"left": POLE, "right": POLE}),
    ("mood", {"left": POLE}),
    ("years", {"unit": both("years", "년")}),
    ("years", {"soft": True}),
    ("menu", {"required": False, "soft": False}),
    *(
        (code, {"option_order": order})
        for code in ("one", "some", "menu", "order", "points")
        for order in Order
    ),
]


def _placed(code: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{PLACE[code]}.{path}": value for path, value in values.items()}


@pytest.mark.parametrize(("code", "values", "where", "message", "remedy"), REFUSED)
def test_item_that_its_kind_can_not_be_is_refused(
    code: str, values: Mapping[str, Any], where: str, message: str, remedy: str
) -> None:
    expected = [Problem(f"{PLACE[code]}{where}", message, remedy)]
    assert problems(changed(kinds_design(), _placed(code, values))) == expected


@pytest.mark.parametrize(("code", "values"), ALLOWED)
def test_item_that_its_kind_can_be_is_taken(code: str, values: Mapping[str, Any]) -> None:
    assert problems(changed(kinds_design(), _placed(code, values))) == []


def test_every_kind_is_taken_as_it_stands() -> None:
    kinds = {item.kind for item in kinds_design().items()}
    assert (kinds, problems(kinds_design())) == (set(ItemKind), [])
