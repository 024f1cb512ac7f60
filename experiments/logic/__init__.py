"""PURE: the conditions of `shown_if` and `screen_out_if`: a small language, read once to a tree.

A condition compares what is known of a participant: earlier answers, levels of factors, panel
parameters. It is never run as code. docs/study-file.md teaches it.
"""

from experiments.logic.deciding import NoValue, Value, Values, decide, holds
from experiments.logic.parsing import ConditionError, parse, renamed
from experiments.logic.tree import Condition, as_json, comparisons, names

__all__ = [
    "Condition",
    "ConditionError",
    "NoValue",
    "Value",
    "Values",
    "as_json",
    "comparisons",
    "decide",
    "holds",
    "names",
    "parse",
    "renamed",
]
