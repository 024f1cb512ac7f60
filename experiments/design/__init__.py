"""PURE: the Design, everything that a participant can see and that decides their arm, frozen.

A Design is a tree of frozen dataclasses. The study file and the admin's rows are both read into
one; `checks` lists what keeps it from being launched; a launch freezes its canonical JSON, and
the SHA-256 of that JSON is the digest by which everything later names it.
"""

from experiments.design.entry import PROLIFIC, Ending, Limit, Parameter, Quota
from experiments.design.instrument import Block, Image, Item, Option, Page, Scale, Subscale
from experiments.design.planning import Contrast, Plan
from experiments.design.treatment import Arm, Factor, Level, Randomisation
from experiments.design.tree import (
    FORMAT,
    ON_A_SCALE,
    ONE_CHOICE,
    Design,
    canonical_json,
    digest,
    from_json,
)
from experiments.design.words import (
    Access,
    Distance,
    DrawOrder,
    Exclusion,
    ItemKind,
    Measure,
    Method,
    Missing,
    Order,
    Outcome,
    PageKind,
    Role,
    Spending,
    Text,
    Withdrawal,
)

__all__ = [
    "FORMAT",
    "ONE_CHOICE",
    "ON_A_SCALE",
    "PROLIFIC",
    "Access",
    "Arm",
    "Block",
    "Contrast",
    "Design",
    "Distance",
    "DrawOrder",
    "Ending",
    "Exclusion",
    "Factor",
    "Image",
    "Item",
    "ItemKind",
    "Level",
    "Limit",
    "Measure",
    "Method",
    "Missing",
    "Option",
    "Order",
    "Outcome",
    "Page",
    "PageKind",
    "Parameter",
    "Plan",
    "Quota",
    "Randomisation",
    "Role",
    "Scale",
    "Spending",
    "Subscale",
    "Text",
    "Withdrawal",
    "canonical_json",
    "digest",
    "from_json",
]
