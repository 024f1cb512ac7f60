"""Which studies a token reaches, and what was launched of each."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from analysis.api.bearer import token_of, viewed_studies, viewed_study
from analysis.api.parameters import After, Page, PageLimit, page_of
from analysis.api.shapes import Studies, StudyWhole
from experiments.models import Study

router = Router(tags=["studies"])

FIELDS = ("id", "slug", "title", "status", "languages", "launched_at", "closed_at")


@router.get("/studies/", response=Studies, operation_id="list_studies")
def list_studies(request: HttpRequest, limit: PageLimit = 100, after: After = 0) -> Page:
    """The studies that the token reaches."""
    return page_of(viewed_studies(token_of(request)).values(*FIELDS), limit, after)


@router.get("/studies/{slug:slug}/", response=StudyWhole, operation_id="get_study")
def get_study(request: HttpRequest, slug: str) -> dict[str, Any]:
    """A study with its launches."""
    token = token_of(request)
    study = viewed_study(token, slug)
    return {
        **{name: getattr(study, name) for name in FIELDS},
        "question": study.question,
        "seed_sha256": study.seed_sha256,
        "seed": study.seed_revealed or None,
        **_versions(study),
        "scopes": token.scopes,
    }


def _versions(study: Study) -> dict[str, Any]:
    """The launches, without their designs; one SQL statement."""
    names = ("number", "digest", "pilot", "reason", "launched_at")
    found = list(study.versions.order_by("number").values("id", *names))
    numbers = {each["id"]: each["number"] for each in found}
    return {
        "live_version": numbers.get(study.live_version_id),
        "pilot_version": numbers.get(study.pilot_version_id),
        "versions": found,
    }
