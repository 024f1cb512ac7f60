"""A whole study as its page shows it: every row in order, and what is wrong with which."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from experiments.checks import Problem, problems
from experiments.design import Design
from experiments.desk.addresses import add_address, address
from experiments.models import Plan, Study
from experiments.studyrows import read_rows

_STEP = re.compile(r"([a-z_]+)(?:\[(\d+)\])?")


@dataclass(frozen=True)
class Overview:
    """The rows of a study, their children prefetched, and the design that they make."""

    study: Study
    design: Design
    factors: Sequence[Any]
    randomisations: Sequence[Any]
    scales: Sequence[Any]
    pages: Sequence[Any]
    blocks: Sequence[Any]
    images: Sequence[Any]
    parameters: Sequence[Any]
    quotas: Sequence[Any]
    endings: Sequence[Any]
    plan: Plan | None


@dataclass(frozen=True)
class Told:
    """A problem with the page where it can be mended, and what that page is about."""

    problem: Problem
    address: str
    where: str


def read_overview(study: Study) -> Overview:
    """The study's rows; 36 SQL statements at most, however many rows there are."""
    return Overview(
        study=study,
        design=read_rows(study),
        factors=list(study.factors.prefetch_related("levels")),
        randomisations=list(study.randomisations.prefetch_related("arms")),
        scales=list(study.scales.prefetch_related("options", "subscales")),
        pages=list(study.pages.prefetch_related("items__options")),
        blocks=list(study.blocks.all()),
        images=list(study.images.all()),
        parameters=list(study.parameters.all()),
        quotas=list(study.quotas.prefetch_related("limits")),
        endings=list(study.endings.all()),
        plan=Plan.objects.filter(study=study).prefetch_related("contrasts").first(),
    )


def told_problems(overview: Overview) -> list[Told]:
    """Everything that keeps the study from being launched, each with where to mend it."""
    return [Told(problem, *_place(overview, problem.path)) for problem in problems(overview.design)]


def _place(overview: Overview, path: str) -> tuple[str, str]:
    """The address of the page that holds a path, at the right field, and its codes."""
    (name, index), *rest = _STEP.findall(path) or [("", "")]
    home = address(overview.study)
    if name == "plan":
        plan = overview.plan
        page = address(plan) if plan else add_address(overview.study, "plan")
        return page + _fragment(rest), "plan"
    if name not in _LISTED:
        return f"{home}#id_{name}", name
    rows = getattr(overview, name)
    if not index or int(index) >= len(rows):
        return f"{home}#{name}", name
    row = rows[int(index)]
    where = f"{row._meta.verbose_name} {row.code}"
    if name == "pages" and rest and rest[0][0] == "items":
        if not rest[0][1]:
            return f"{address(row)}#items", where
        row = row.items.all()[int(rest[0][1])]
        where, rest = f"{where}, item {row.code}", rest[1:]
    return address(row) + _fragment(rest), where


def _fragment(steps: Sequence[tuple[str, str]]) -> str:
    if not steps:
        return ""
    name, _ = steps[0]
    # What a picture is, its file says.
    field = "data" if name == "media_type" else name
    return f"#{name}-group" if name in _INLINE else f"#id_{field}"


# Parts that the study's page lists, each with a page of its own.
_LISTED = (
    *("factors", "randomisations", "scales", "pages", "blocks", "images"),
    *("parameters", "quotas", "endings"),
)
# Parts of those that stand on the same page, below the form.
_INLINE = ("levels", "arms", "options", "subscales", "contrasts", "limits")
