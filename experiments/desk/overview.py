"""A whole study as its page shows it: every row in order, and what is wrong with which."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from experiments.checks import Problem, problems
from experiments.checks.warnings import warnings
from experiments.design import Design
from experiments.desk.places import place
from experiments.models import Plan, Status, Study
from experiments.said import said
from experiments.studyrows import read_rows


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
    return [_told(overview, problem) for problem in problems(overview.design)]


def told_warnings(overview: Overview) -> list[Told]:
    """What is worth a second thought before the study is launched, each with where to mend it."""
    told = [_told(overview, problem) for problem in warnings(overview.design)]
    if overview.study.status == Status.DRAFT:
        told.append(_without_pilot(overview.study))
    return told


def _told(overview: Overview, problem: Problem) -> Told:
    return Told(problem, *place(overview, problem.path))


def _without_pilot(study: Study) -> Told:
    message = said("There was no pilot.")
    remedy = said(
        "Launch one: it shows how long the survey takes, and what people do not understand."
    )
    where = reverse("admin:experiments_study_move", args=[study.pk, "pilot"])
    return Told(Problem("", message, remedy), where, "pilot")
