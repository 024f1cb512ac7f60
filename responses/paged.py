"""Pages of a list that may be very long: counting stops, and rows that are skipped are not read."""

from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from responses.in_order import Chosen

# Counted as far as this, as many as can be marked at once.
COUNTED = 1_000
# So many pages have a number; from the last one it goes on by the number of its last row.
NUMBERED = 5


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    """A paginator that counts no more than `counted` rows of a query, and says if there are more.

    `keys` are those of the page that was asked for last.
    """

    counted = COUNTED
    numbered: int | None = None
    keys: tuple[int, ...] = ()

    @cached_property
    def found(self) -> int:
        """How many rows there are, at most one more than `counted`; one SQL statement."""
        rows: Any = self.object_list
        return int(rows.order_by().values("pk")[: self.counted + 1].count())

    @cached_property
    def count(self) -> int:
        """How many rows there are, at most `counted`."""
        return min(self.found, self.counted)

    @cached_property
    def num_pages(self) -> int:
        """How many pages have a number."""
        pages = -(-self.count // self.per_page) or 1
        return pages if self.numbered is None else min(pages, self.numbered)

    @property
    def is_bounded(self) -> bool:
        """Whether there are more rows than were counted."""
        return self.found > self.counted

    def page(self, number: int | str) -> "Page[Any]":
        """A page; its keys are read first, so that of the rows before it only keys are."""
        valid = self.validate_number(number)
        self.keys = self.keys_from((valid - 1) * self.per_page)
        rows: Any = self.object_list
        return Page(rows.filter(pk__in=self.keys) if self.keys else rows.none(), valid, self)

    def keys_from(self, first: int) -> tuple[int, ...]:
        """The keys of a page; one SQL statement."""
        rows: Any = self.object_list
        return tuple(rows.values_list("pk", flat=True)[first : first + self.per_page])


class ListPaginator(BoundedPaginator):
    """The pages of one of the desk's lists, which goes on beyond those with numbers."""

    numbered = NUMBERED
    template_name = "responses_desk/list_pages.html"
    # How many there are altogether, where that is known.
    total: int | None = None


class OrderedPaginator(ListPaginator):
    """The same of rows that are found in the order of their numbers."""

    def __init__(self, rows: QuerySet[Any], per_page: int, *, chosen: Chosen) -> None:
        super().__init__(rows, per_page)
        self.chosen = chosen

    @cached_property
    def _beginning(self) -> tuple[int, int | None, list[int]]:
        return self.chosen.counted(self.counted + 1, self.per_page)

    @property
    def found(self) -> int:
        """How many rows there are, at most one more than `counted`; one SQL statement."""
        return self._beginning[0]

    @property
    def total(self) -> int | None:  # type: ignore[override]
        """How many there are altogether, if the tallies know; the same statement."""
        return self._beginning[1]

    def keys_from(self, first: int) -> tuple[int, ...]:
        """The keys of a page: of the first one the same statement, of others one more."""
        rows = self._beginning[2] if first == 0 else self.chosen.keys(first, self.per_page)
        return tuple(rows)
