"""What a panel's server and whoever sends invitations may know: never an answer, never an arm."""

from typing import Annotated, Any

from django.db.models import BooleanField, Case, Value, When
from django.http import HttpRequest
from ninja import Path, Router

from analysis.api.bearer import owner_of, study_for, token_of
from analysis.api.parameters import After, Page, PageLimit, page_of
from analysis.api.shapes import Invitations, PanelStatus
from analysis.models import ApiToken
from responses.identity_log import note_reading
from responses.models import IdentityReading, Mode
from responses.panel_status import panel_status

router = Router(tags=["people"])

PanelId = Annotated[str, Path(min_length=1, description="The id under which the panel sent them.")]


@router.get(
    "/studies/{slug:slug}/invitations", response=Invitations, operation_id="list_invitations"
)
def list_invitations(
    request: HttpRequest, slug: str, limit: PageLimit = 100, after: After = 0
) -> Page:
    """Who was invited, and whether their link was used; not when, which would tell whose data are
    whose.
    """
    study = study_for(request, slug, ApiToken.Scope.INVITATIONS)
    used = Case(
        When(used_at=None, then=Value(False)), default=Value(True), output_field=BooleanField()
    )
    page = page_of(study.invitations.values("id", "label", used=used), limit, after)
    note_reading(
        study_id=study.pk,
        way=IdentityReading.Way.INVITATIONS,
        people=len(page["items"]),
        actor=owner_of(token_of(request)).get_username(),
    )
    return page


@router.get(
    "/studies/{slug:slug}/panel/{path:panel_id}",
    response=PanelStatus,
    operation_id="get_panel_status",
)
def get_panel_status(
    request: HttpRequest, slug: str, panel_id: PanelId, mode: Mode = Mode.LIVE
) -> dict[str, Any]:
    """How far somebody came, by the panel's id, and whether to pay them."""
    study = study_for(request, slug, ApiToken.Scope.PANEL)
    actor = owner_of(token_of(request)).get_username()
    found = panel_status(study_id=study.pk, panel_id=panel_id, mode=mode, actor=actor)
    return {
        "panel_id": panel_id,
        "mode": mode,
        "state": found.verdict.state or None,
        "pay": found.verdict.pay,
        "why": found.verdict.why,
        "completion_code": found.completion_code,
    }
