"""A page that asks every kind of item, and fields that answer it."""

from dataclasses import replace

from experiments.design import (
    Design,
    Image,
    Item,
    ItemKind,
    Measure,
    Missing,
    Option,
    Order,
    Page,
    PageKind,
    Scale,
)
from responses.questionnaire import Facts
from tests.designs import agreement, both, small

# One transparent dot.
DOT = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAA"
    "DUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SEED = b"s" * 32
FACTS = Facts(levels={"reward": "money", "voice": "high"}, seed=SEED)

# What a browser would send, by field; the fields of the item that waits are among them.
FILLED = {
    "agree1": ("4",),
    "poles1": ("2",),
    "one": ("park",),
    "some": ("park", "pool"),
    "menu": ("library",),
    "years": ("12",),
    "distance": ("2.5",),
    "mood": ("40",),
    "place": ('The "old" <b>town</b>',),
    "wish.missing": ("-9",),
    "order.park": ("2",),
    "order.library": ("1",),
    "order.pool": ("3",),
    "day": ("2026-03-31",),
    "points.park": ("60",),
    "points.library": ("40",),
    "points.pool": ("0",),
    "why": ("So.",),
}


def places() -> tuple[Option, ...]:
    """park, library, pool."""
    return (
        Option("park", both("The park", "공원")),
        Option("library", both("The library", "도서관")),
        Option("pool", both("The pool", "수영장")),
    )


def every_kind() -> Page:
    """The page `kinds`: each kind once, soft, optional and waiting ones among them."""
    secret = Option("-9", both("Rather not say", "답하지 않음"), Missing.PREFER_NOT_TO_SAY)
    none = Option("none", both("None of these", "없음"), exclusive=True)
    items = (
        _item("agree1", ItemKind.LIKERT, scale="agree", measure=Measure.ORDINAL),
        _item(
            "poles1",
            ItemKind.SEMANTIC_DIFFERENTIAL,
            scale="poles",
            measure=Measure.ORDINAL,
            left=both("cold", "차갑다"),
            right=both("warm", "따뜻하다"),
        ),
        _item("one", ItemKind.SINGLE, options=places()),
        _item("some", ItemKind.MULTIPLE, options=(*places(), none), option_order=Order.RANDOM),
        _item("menu", ItemKind.DROPDOWN, options=(*places(), secret), soft=True),
        _item(
            "years",
            ItemKind.NUMBER,
            options=(secret,),
            minimum=0,
            maximum=120,
            measure=Measure.INTERVAL,
        ),
        _item(
            "distance",
            ItemKind.NUMBER,
            decimals=1,
            unit=both("km", "km"),
            required=False,
            measure=Measure.INTERVAL,
        ),
        _item("mood", ItemKind.SLIDER, minimum=0, maximum=100, step=10, measure=Measure.INTERVAL),
        _item("place", ItemKind.SHORT_TEXT, max_length=80),
        _item("wish", ItemKind.TEXT, options=(secret,)),
        _item("order", ItemKind.RANKING, options=places(), option_order=Order.RANDOM),
        _item("day", ItemKind.DATE, earliest="2026-01-01", latest="2026-12-31"),
        _item("points", ItemKind.ALLOCATION, options=places()),
        _item("note", ItemKind.STATEMENT, text=both("![A dot](image:dot)", "![점](image:dot)")),
        _item("why", ItemKind.SHORT_TEXT, shown_if='one == "park" and gender == "woman"'),
    )
    return Page("kinds", PageKind.QUESTIONS, both("Kinds", "유형"), both("Hi.", "안녕."), items)


def kinds_design(page: Page | None = None) -> Design:
    """`small()` with that page, or `every_kind()`, before the vignette."""
    design = small()
    welcome, about, *rest = design.pages
    return replace(
        design,
        pages=(welcome, about, page or every_kind(), *rest),
        scales=(
            *design.scales,
            Scale("agree", both("Agree", "동의"), agreement(5), item_order=Order.RANDOM),
            Scale("poles", both("Poles", "양극"), agreement(5), option_order=Order.FLIPPED),
        ),
        images=(Image("dot", "image/png", DOT),),
    )


def _item(code: str, kind: ItemKind, **values: object) -> Item:
    item = Item(code, kind, both(f"Question {code}", f"문항 {code}"))
    return replace(item, **values)  # type: ignore[arg-type]
