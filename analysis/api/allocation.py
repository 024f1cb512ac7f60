"""The allocation of a study as far as it may be seen: nothing by arm while arms are secret."""

from typing import Any
from uuid import UUID

from django.db.models import Count, F, QuerySet, Sum
from django.http import HttpRequest
from ninja import Router

from analysis.api.bearer import owner_of, study_for, token_of
from analysis.api.parameters import After, Page, PageLimit, page_of
from analysis.api.problems import Problem
from analysis.api.shapes import Allocations, LedgerRows, ListHeads
from analysis.models import ApiToken
from experiments.models import Study
from responses.blinding import is_blinded
from responses.export.record import record_ledger
from responses.models import Allocation, AllocationHead, Mode

router = Router(tags=["allocation"])

VERSION = {"of_version": F("version__number")}
ROW = (
    *("id", "randomisation", "stratum", "position", "draw", "block", "arm", "probability"),
    *("releases", "covariates", "key", "holder", "allocated_at", "digest"),
)


@router.get("/studies/{slug:slug}/allocation", response=Allocations, operation_id="get_allocation")
def get_allocation(request: HttpRequest, slug: str, mode: Mode = Mode.LIVE) -> dict[str, Any]:
    """How many rows the ledger has by randomisation, by arm once arms are no secret."""
    study = study_for(request, slug, ApiToken.Scope.ALLOCATION)
    blinded = is_blinded(status=study.status, mode=mode)
    heads = AllocationHead.objects.filter(version__study=study, mode=mode)
    given = heads.values("randomisation", **VERSION)
    sums = {"lists": Count("id"), "rows": Sum("next_position"), "given_again": Sum("reused")}
    return {
        "study": study.slug,
        "mode": mode,
        "blinded": blinded,
        "seed_sha256": study.seed_sha256,
        "seed": study.seed_revealed or None,
        "randomisations": _numbered(given.annotate(**sums)),
        "arms": None if blinded else _arms(study, mode),
    }


@router.get(
    "/studies/{slug:slug}/allocation/lists",
    response=ListHeads,
    operation_id="list_ledger_lists",
)
def list_lists(
    request: HttpRequest,
    slug: str,
    mode: Mode = Mode.LIVE,
    limit: PageLimit = 100,
    after: After = 0,
) -> Page:
    """Where each list stands. Whoever notes a digest sees later whether a row before it changed."""
    study = study_for(request, slug, ApiToken.Scope.ALLOCATION)
    heads = AllocationHead.objects.filter(version__study=study, mode=mode)
    rows = heads.values(
        *("id", "randomisation", "stratum", "digest"),
        **VERSION,
        rows=F("next_position"),
        given_again=F("reused"),
    )
    return _told(page_of(rows, limit, after), "digest")


@router.get(
    "/studies/{slug:slug}/allocation/rows", response=LedgerRows, operation_id="list_ledger_rows"
)
def list_rows(
    request: HttpRequest,
    slug: str,
    mode: Mode = Mode.LIVE,
    limit: PageLimit = 100,
    after: After = 0,
) -> Page:
    """The rows of the ledger, once its arms are no secret."""
    study = study_for(request, slug, ApiToken.Scope.ALLOCATION)
    if is_blinded(status=study.status, mode=mode):
        raise Problem(
            409,
            f"{study.slug} is {study.status}: whose arm is which is secret until it closes.",
            "Ask for /allocation, which has counts over all arms, or again after the close.",
        )
    record_ledger(study=study, mode=mode, actor=owner_of(token_of(request)).get_username())
    ledger = Allocation.objects.filter(version__study=study, mode=mode)
    return _told(page_of(ledger.values(*ROW, **VERSION), limit, after), "key", "holder", "digest")


def _arms(study: Study, mode: Mode) -> list[dict[str, Any]]:
    ledger = Allocation.objects.filter(version__study=study, mode=mode)
    return _numbered(ledger.values("randomisation", "arm", **VERSION).annotate(rows=Count("id")))


def _numbered(groups: "QuerySet[Any, Any]") -> list[dict[str, Any]]:
    """The counts, by the numbers of their versions; one SQL statement."""
    found = groups.order_by("of_version", *groups.query.values_select)
    return [{**each, "version": each.pop("of_version")} for each in found]


def _told(page: Page, *names: str) -> Page:
    """The page with keys and bytes as texts, and versions by their numbers."""
    for row in page["items"]:
        row["version"] = row.pop("of_version")
        for name in names:
            value = row[name]
            row[name] = str(value) if isinstance(value, UUID) else bytes(value).hex()
    return page
