"""PURE: codes that factors, scales, subscales and items may not take, each with why."""

from experiments.said import said
from experiments.variables import COLUMNS

# Words that Stata or SPSS take for themselves: a study whose data no one could label is refused
# before it collects any. Stata 18 User's Guide 11.3; SPSS Statistics Command Syntax Reference,
# "Variable Names".
TOOL_WORDS: frozenset[str] = (
    frozenset(["byte", "double", "float", "if", "in", "int", "long", "using", "with"])
    | frozenset(["all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"])
    | frozenset(f"str{length}" for length in range(1, 2046))
)

# What the participants' pages send beside the answers, or take from their address. An answer of
# the same name would be taken for it, and lost. `items` is what a template calls to list the
# answers that it carries along.
FORM_FIELDS: frozenset[str] = frozenset(
    {
        *("csrfmiddlewaretoken", "move", "consent", "nonce"),
        *("asked", "paradata", "website", "sure", "answers", "time_up", "draft_number"),
        *("code", "to", "items"),
        *("mode", "key", "lang"),
    }
)


def why_reserved(code: str, kind: str) -> str:
    """Why a factor, scale, subscale or item (`kind`) can't have this code; empty if it can."""
    if code in COLUMNS:
        return said("every data set has a variable of that name")
    if kind == "item" and code in FORM_FIELDS:
        return said("the participants' pages use that name themselves")
    if code in TOOL_WORDS:
        return said("Stata or SPSS keeps that word for itself")
    return ""
