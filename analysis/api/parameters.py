"""What an address of the API may ask for: pages of lists, modes, and nothing that is not known."""

from collections.abc import Callable
from typing import Annotated, Any, TypedDict

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query
from ninja.operation import Operation

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


def only_known(run: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Wraps an operation: a parameter that it does not know is refused, lest a typo be ignored."""
    operation: Operation = run.__self__  # type: ignore[attr-defined]
    known = {
        name
        for model in operation.models
        if model.__ninja_param_source__ == "query"
        for name in getattr(model, "__ninja_flatten_map__", ())
    }

    def respond(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if unknown := set(request.GET) - known:
            named = ", ".join(sorted(known)) or "none"
            problem = Problem(
                422,
                f"There is no parameter {', '.join(sorted(unknown))!r} here.",
                f"The parameters of this address are: {named}.",
            )
            return operation.api.on_exception(request, problem)
        return run(request, **kwargs)

    return respond
