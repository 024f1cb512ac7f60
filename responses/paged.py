"""Pages of a list that may be very long: counting stops, and rows that are skipped are not read."""

from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator

# Counted, and paged by number, as far as this; what lies beyond is found by filters.
COUNTED = 100_000


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    """A paginator that counts no more than `counted` rows of a query; others have no page."""

    counted = COUNTED

    @cached_property
    def count(self) -> int:
        """How many rows there are, at most `counted`; one SQL statement."""
        rows: Any = self.object_list
        return int(rows.order_by().values("pk")[: self.counted].count())

    @property
    def is_bounded(self) -> bool:
        """Whether there may be more rows than were counted."""
        return self.count == self.counted

    def page(self, number: int | str) -> "Page[Any]":
        """A page; its keys are read first, so that of the rows before it only keys are."""
        valid = self.validate_number(number)
        first = (valid - 1) * self.per_page
        rows: Any = self.object_list
        keys = list(rows.values_list("pk", flat=True)[first : first + self.per_page])
        return Page(rows.filter(pk__in=keys), valid, self)
