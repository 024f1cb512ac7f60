"""Where at the desk a problem is mended: the page and the field of the path at which it is."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from experiments.desk.addresses import add_address, address

if TYPE_CHECKING:
    from experiments.desk.overview import Overview

# The names of a path with the places in their lists: ("pages", "3"), ("items", "2"), ("text", "").
_Steps = Sequence[tuple[str, str]]
_STEP = re.compile(r"([a-z_]+)(?:\[(\d+)\])?")

# Parts that the study's page lists, each with a page of its own.
_LISTED = (
    *("factors", "randomisations", "scales", "pages", "blocks", "images"),
    *("parameters", "quotas", "endings"),
)
# Parts of those that stand on the same page, below the form.
_INLINE = ("levels", "arms", "options", "subscales", "contrasts", "limits")
# Fields that are called otherwise in the form. What a picture is, its file says.
_FIELDS = {"media_type": "data", "study": "slug"}


def place(overview: "Overview", path: str) -> tuple[str, str]:
    """The address at which what a path names can be mended, and in words what it is.

    That of the field itself where there is one. While a study can't be edited at the desk it is
    where the study's page shows the part.
    """
    first, *rest = _STEP.findall(path) or [("", "")]
    if first[0] == "plan":
        return _of_plan(overview, rest), f"plan{_child(overview.plan, rest)}"
    if first[0] not in _LISTED:
        return _of_study(overview, first[0]), first[0]
    return _of_part(overview, first, rest)


def _of_study(overview: "Overview", name: str) -> str:
    home = address(overview.study)
    if not overview.study.editable:
        return f"{home}#about"
    # A file's format is no field of the study.
    return home if name in ("", "format") else f"{home}#id_{_FIELDS.get(name, name)}"


def _of_plan(overview: "Overview", rest: _Steps) -> str:
    if not overview.study.editable:
        return f"{address(overview.study)}#plan"
    plan = overview.plan
    return address(plan) + _fragment(rest) if plan else add_address(overview.study, "plan")


def _of_part(overview: "Overview", first: tuple[str, str], rest: _Steps) -> tuple[str, str]:
    name, index = first
    rows = getattr(overview, name)
    if not index or int(index) >= len(rows):
        return f"{address(overview.study)}#{name}", name
    row = rows[int(index)]
    where = f"{row._meta.verbose_name} {row.outcome if name == 'endings' else row.code}"
    if name == "pages" and rest and rest[0][0] == "items":
        at = rest[0][1]
        if not at:
            return _of_row(overview, row, "#items"), where
        row, rest = row.items.all()[int(at)], rest[1:]
        where = f"{where}, item {row.code}"
    if name == "scales" and rest[1:] == [("exclusive", "")]:
        # Options of a scale are chosen one at a time: their rows do not ask for it.
        rest = rest[:1]
    return _of_row(overview, row, _fragment(rest)), f"{where}{_child(row, rest)}"


def _child(row: Any, rest: _Steps) -> str:
    """What the row of a table on the part's page is called; empty if it is none of these."""
    name, index = rest[0] if rest else ("", "")
    if row is None or not index or name not in _INLINE:
        return ""
    child = getattr(row, name).all()[int(index)]
    return f", {child._meta.verbose_name} {child}"


def _of_row(overview: "Overview", row: Any, fragment: str) -> str:
    if overview.study.editable:
        return f"{address(row)}{fragment}"
    return f"{address(overview.study)}#{row._meta.model_name}-{row.pk}"


def _fragment(steps: _Steps) -> str:
    """The field of the page's form, or of the row of one of its tables."""
    if not steps:
        return ""
    (name, index), *rest = steps
    if name not in _INLINE:
        return f"#id_{_FIELDS.get(name, name)}"
    # An arm's code is made of its levels; a quota's page has rows for cells without a limit too.
    if not index or not rest or name == "limits":
        return f"#{name}-group"
    return f"#id_{name}-{index}-{rest[0][0]}"
