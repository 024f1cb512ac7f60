"""What an address of the API may ask for: pages of lists, modes, and nothing that is not known."""

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Annotated, Any, TypedDict

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Query

from analysis.api.problems import Problem

MOST = 1000
LARGEST_ID = 2**63 - 1

PageLimit = Annotated[int, Query(ge=1, le=MOST, description="How many at most.")]
After = Annotated[
    int, Query(ge=0, le=LARGEST_ID, description="The `next` of the page before; 0 for the first.")
]


class Page(TypedDict):
    """A page of a list; `next` is null on the last one."""

    items: list[dict[str, Any]]
    next: int | None


def page_of(rows: "QuerySet[Any, Any]", limit: int, after: int) -> Page:
    """The rows, as dictionaries, whose ids follow; one SQL statement that skips none one by one."""
    found = list(rows.filter(id__gt=after).order_by("id")[: limit + 1])
    return {"items": found[:limit], "next": found[limit - 1]["id"] if len(found) > limit else None}


def only_known(run: Callable[..., Any]) -> Callable[..., Any]:
    """Wraps an operation: a parameter that it does not know is refused, lest a typo be ignored."""
    names = set(signature(run).parameters) - {"request"}

    @wraps(run)
    def respond(request: HttpRequest, **asked: Any) -> Any:
        of_path = request.resolver_match.kwargs if request.resolver_match else {}
        known = names - set(of_path)
        if unknown := set(request.GET) - known:
            raise Problem(
                422,
                f"There is no parameter {', '.join(sorted(unknown))!r} here.",
                f"The parameters of this address are: {', '.join(sorted(known)) or 'none'}.",
            )
        return run(request, **asked)

    return respond
