"""Spent looks, and what each found, as the desk gives it: blinded while the study collects."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router

from analysis.api.bearer import owner_of, study_for, token_of
from analysis.api.parameters import After, Page, PageLimit, page_of
from analysis.api.problems import Problem
from analysis.api.shapes import Looks
from analysis.look_log import opened
from analysis.models import ApiToken, Look
from responses.models import Mode

router = Router(tags=["looks"])

FIELDS = ("id", "mode", "number", "final", "n", "spent_at", "cut_digest", "plan_digest")
LookNumber = Annotated[int, Path(ge=1, le=32767)]


@router.get("/studies/{slug:slug}/looks", response=Looks, operation_id="list_looks")
def list_looks(request: HttpRequest, slug: str, limit: PageLimit = 100, after: After = 0) -> Page:
    """The looks that were spent, without what they found."""
    study = study_for(request, slug, ApiToken.Scope.LOOKS)
    page = page_of(study.looks.values(*FIELDS), limit, after)
    for each in page["items"]:
        each["url"] = request.build_absolute_uri(
            f"/api/v1/studies/{study.slug}/looks/{each['mode']}/{each['number']}"
        )
    return page


@router.get(
    "/studies/{slug:slug}/looks/{mode}/{number}",
    operation_id="get_look",
    openapi_extra={
        "responses": {
            200: {
                "description": "What the look found; docs/data-dictionary.md says what each key is",
                "content": {"application/json": {"schema": {"type": "object"}}},
            }
        }
    },
)
def get_look(request: HttpRequest, slug: str, mode: Mode, number: LookNumber) -> HttpResponse:
    """All that a look found. That the token's owner read it is an event of the study's log."""
    study = study_for(request, slug, ApiToken.Scope.LOOKS)
    found = Look.objects.select_related("study", "version")
    look = found.filter(study=study, mode=mode, number=number).first()
    if look is None:
        raise Problem(
            404, "No such look was spent.", f"GET /api/v1/studies/{study.slug}/looks lists them."
        )
    # It draws on scipy, whose import takes more than a second.
    from analysis.redo import look_json  # noqa: PLC0415

    opened(look=look, actor=owner_of(token_of(request)).get_username())
    return HttpResponse(look_json(look), content_type="application/json")
