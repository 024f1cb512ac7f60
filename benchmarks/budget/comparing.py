"""PURE: what was counted beside what the budget says, in words."""

import json
from collections.abc import Mapping

Costs = Mapping[str, Mapping[str, int]]
# Whatever is asked of Postgres is told exactly. A text that changes a little, or another patch of
# Python or of a package, need no new budget; 2 % is more than these were seen to make.
TOLERANCES = {"statements": 0.0, "round trips": 0.0, "bytes": 0.02, "calls": 0.02}
COMMAND = "make budget"
# Other versions of Python inline comprehensions, and have another library: calls are held to the
# budget on this one.
PYTHON = (3, 11)


def differences(budget: Costs, found: Costs, python: tuple[int, int] = PYTHON) -> list[str]:
    """A line for each number beyond its tolerance, dearer or cheaper, and for each lost page."""
    held = {name: most for name, most in TOLERANCES.items() if name != "calls" or python == PYTHON}
    lines = [f"{page}: is in the budget, and was not counted" for page in budget.keys() - found]
    lines += [f"{page}: was counted, and is not in the budget" for page in found.keys() - budget]
    for page in budget.keys() & found.keys():
        for name, tolerance in held.items():
            allowed, counted = budget[page][name], found[page][name]
            if abs(counted - allowed) > tolerance * allowed:
                lines.append(f"{page}: {_told(name, allowed, counted)}")
    return sorted(lines)


def complaint(budget: Costs, found: Costs, python: tuple[int, int] = PYTHON) -> str:
    """The differences with what to do about them; empty if there are none."""
    lines = differences(budget, found, python)
    if not lines:
        return ""
    what = (
        "Pages cost other than benchmarks/budget/pages.json says. Where that is meant (and where "
        f"it is less, so that it stays so), write the file anew and commit it: {COMMAND}"
    )
    return "\n".join([what, *lines])


def as_text(costs: Costs) -> str:
    """The budget file: a line for each page, so that a diff shows what became dearer."""
    lines = [f"  {json.dumps(page)}: {json.dumps(each)}" for page, each in costs.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def as_table(costs: Costs) -> str:
    """The same as a table in Markdown."""
    names = list(TOLERANCES)
    rows = [[page, *(f"{each[name]:,}" for name in names)] for page, each in costs.items()]
    lines = [["request", *names], ["---"] * (len(names) + 1), *rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in lines)


def _told(name: str, allowed: int, counted: int) -> str:
    share = f" ({100 * (counted - allowed) / allowed:+.1f} %)" if allowed else ""
    return f"{counted:,} {name}, {allowed:,} in the budget{share}"
