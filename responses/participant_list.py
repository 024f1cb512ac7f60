"""The desk's list of participants: its search, its filter by marks, and what is done to many."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin import SimpleListFilter
from django.contrib.admin.views.main import SEARCH_VAR
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from experiments.models import Study
from responses import tokens
from responses.exclusion_marks import MOST, marked_people
from responses.in_order import PEOPLE
from responses.long_list import chosen_of
from responses.marking_views import MarkForm, mark_page
from responses.models import Participant
from responses.paged import ListPaginator, OrderedPaginator

# The digits of a reference, and as many as are looked for at least: one in 65,000 has them.
HEX, FEWEST = 32, 4
VIEW = "responses.view_participant"


class MarkedFilter(SimpleListFilter):
    """Those who are marked for exclusion, or those who are not."""

    title = gettext_lazy("mark for exclusion")
    parameter_name = "marked"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The two choices."""
        return [("yes", _("Marked")), ("no", _("Not marked"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Participant]
    ) -> QuerySet[Participant]:
        """Those chosen."""
        match self.value():
            case "yes":
                return queryset.filter(pk__in=marked_people())
            case "no":
                return queryset.exclude(pk__in=marked_people())
        return queryset


def pages_of(request: HttpRequest, people: QuerySet[Participant], per_page: int) -> ListPaginator:
    """The pages of the list; those who are searched or marked are few, and are found by that."""
    marked = request.GET.get(MarkedFilter.parameter_name)
    if request.GET.get(SEARCH_VAR) or marked == "yes":
        return ListPaginator(people, per_page)
    chosen = chosen_of(request, people, listed=PEOPLE, permission=VIEW)
    return OrderedPaginator(people, per_page, chosen=replace(chosen, unmarked=marked == "no"))


def searched(people: QuerySet[Participant], text: str) -> QuerySet[Participant]:
    """Those whose reference begins so, or whose completion code it is; both have an index."""
    found = Q(pk__in=[])
    digits = text.replace("-", "").lower()
    if FEWEST <= len(digits) <= HEX and set(digits) <= set("0123456789abcdef"):
        least, most = (UUID(digits.ljust(HEX, filled)) for filled in "0f")
        found |= Q(reference__gte=least, reference__lte=most)
    if code := tokens.read(text):
        # The index of codes begins with the study.
        studies = list(Study.objects.values_list("pk", flat=True))
        found |= Q(study__in=studies, completion_code=code)
    return people.filter(found)


@admin.action(description=gettext_lazy("Mark for exclusion…"), permissions=["mark"])
def mark_for_exclusion(
    model_admin: Any, request: HttpRequest, queryset: QuerySet[Participant]
) -> HttpResponse | None:
    """Asks for the reason on a page of its own."""
    return _ask(request, queryset, excludes=True)


@admin.action(description=gettext_lazy("Take marks back…"), permissions=["mark"])
def take_marks_back(
    model_admin: Any, request: HttpRequest, queryset: QuerySet[Participant]
) -> HttpResponse | None:
    """Asks for the reason on a page of its own."""
    return _ask(request, queryset, excludes=False)


def _ask(
    request: HttpRequest, queryset: QuerySet[Participant], *, excludes: bool
) -> HttpResponse | None:
    """The page; or back to the list, which then says why not."""
    chosen = list(queryset.order_by().values_list("pk", "study_id", "mode")[: MOST + 1])
    if refused := _refusal(chosen):
        messages.error(request, refused)
        return None
    study = Study.objects.get(pk=chosen[0][1])
    people = ",".join(str(each[0]) for each in chosen)
    return mark_page(request, study, MarkForm(initial={"people": people, "excludes": excludes}))


def _refusal(chosen: list[tuple[int, int, str]]) -> str:
    if len(chosen) > MOST:
        said = _(
            "More than %(most)d participants are chosen, and at most so many can be marked at "
            "once. Narrow the list by its filters."
        )
        return said % {"most": MOST}
    if len({(study, mode) for _pk, study, mode in chosen}) != 1:
        return _("Choose participants of one study and one mode: the filters narrow the list.")
    return ""
