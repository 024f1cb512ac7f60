"""The desk's lists that grow with participants: read in the order of their numbers, page by page.

They have no other order, which would have all rows sorted. Beyond the pages that have a number a
list goes on with what lies past its last row.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.admin.views.main import PAGE_VAR
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from unfold.views import ChangeList

from experiments.desk.counted import counted
from experiments.membership import studies_where
from responses.in_order import Chosen, Listed
from responses.models import Mode
from responses.paged import ListPaginator, OrderedPaginator

# Of the address: the number that the rows lie past.
PAST = "past"
# Numbers of rows have no more digits.
DIGITS = 18


class LongList(ChangeList):  # type: ignore[misc]
    """A list of the admin with pages of a `ListPaginator`."""

    past: int | None = None
    # The address that the list goes on at, on the last page with a number.
    further = ""

    def get_ordering_field(self, field_name: Any) -> Any:
        """Only what the list may be ordered by, whatever the address says."""
        allowed = self.sortable_by is None or field_name in self.sortable_by
        return super().get_ordering_field(field_name) if allowed else None

    def get_queryset(self, request: HttpRequest, *asked: Any, **named: Any) -> QuerySet[Any]:
        """What the filters and the search leave, past the number of the address."""
        self.params.pop(PAST, None)
        self.filter_params.pop(PAST, None)
        self.past = past_of(request.GET)
        found: QuerySet[Any] = super().get_queryset(request, *asked, **named)
        if self.past is None:
            return found
        return found.filter(pk__gt=self.past) if ascends(found) else found.filter(pk__lt=self.past)

    def get_results(self, request: HttpRequest) -> None:
        """The rows of the page, by their keys even if there is one page only."""
        super().get_results(request)
        pages: ListPaginator = self.paginator
        if not self.multi_page and isinstance(pages, OrderedPaginator):
            self.result_list = pages.page(1).object_list
        at = self.page_num
        if self.multi_page and at == pages.num_pages and pages.found > at * pages.per_page:
            self.further = super().get_query_string({PAST: pages.keys[-1]})

    def get_query_string(
        self, new_params: Mapping[str, Any] | None = None, remove: Iterable[str] | None = None
    ) -> str:
        """An address of the list: its other pages lie past the same number."""
        new = dict(new_params or {})
        if set(new) == {PAGE_VAR} and self.past is not None:
            new[PAST] = self.past
        return str(super().get_query_string(new, remove))

    @property
    def beginning(self) -> str:
        """The address of the list's beginning."""
        return self.get_query_string()

    @property
    def told(self) -> str:
        """How many there are, as far as that is known."""
        pages: ListPaginator = self.paginator
        total = pages.total if pages.is_bounded else pages.count
        if total is None:
            rows = self.opts.verbose_name_plural
            said = _("more than %(count)d %(rows)s") % {"count": pages.count, "rows": rows}
        else:
            said = counted(total, self.opts)
        return said if self.past is None else _("%(said)s from here on") % {"said": said}


def ascends(rows: QuerySet[Any]) -> bool:
    """Whether the numbers of an ordered query go up."""
    return not str(rows.query.order_by[0]).startswith("-")


def past_of(asked: QueryDict) -> int | None:
    """The number that the address names, if it does."""
    text = asked.get(PAST, "")
    return int(text) if text.isdecimal() and len(text) <= DIGITS else None


def chosen_of(
    request: HttpRequest, rows: QuerySet[Any], *, listed: Listed, permission: str
) -> Chosen:
    """What the filters of an address choose of a list, of the studies that the account may see."""
    user, asked = request.user, request.GET
    named = _named(asked, "study")
    own: set[int] | None = None
    if not user.is_superuser:
        own = set(studies_where(user, permission).values_list("pk", flat=True))
    if named is not None:
        numbers = {int(each) for each in named if each.isdecimal() and len(each) <= DIGITS}
        own = numbers if own is None else own & numbers
    modes, values = _named(asked, "mode"), _named(asked, listed.column)
    return Chosen(
        listed,
        studies=None if own is None else tuple(sorted(own)),
        modes=None if modes is None else tuple(each for each in Mode.values if each in modes),
        values=None if values is None else tuple(each for each in listed.values if each in values),
        past=past_of(asked),
        ascending=ascends(rows),
    )


def _named(asked: QueryDict, field: str) -> set[str] | None:
    """The values of a field that the address asks for; None if it does not name the field."""
    given = [
        set(asked.getlist(name))
        for name in asked
        if name.removesuffix("__exact").removesuffix("__id") == field
    ]
    return set.intersection(*given) if given else None
