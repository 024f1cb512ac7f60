"""The desk's pages on participants and exports: read only, and no arm that is still secret."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from experiments.desk.scoped import StudyFilter, StudyScoped
from experiments.membership import may
from responses import (
    code_views,
    correct_at_desk,
    desk_views,
    identity_views,
    invitation_views,
    marking_views,
    on_request,
    pay_views,
    quality_views,
    remind_views,
    withdraw_at_desk,
)
from responses.blinding import arm_is_secret
from responses.exclusion_marks import newest_reason
from responses.in_order import ERASURES
from responses.long_list import LongList, chosen_of
from responses.models import Erasure, ExportRecord, IdentityReading, MarkReason, Participant
from responses.paged import ListPaginator, OrderedPaginator
from responses.participant_list import (
    MarkedFilter,
    mark_for_exclusion,
    pages_of,
    searched,
    take_marks_back,
)
from responses.participant_page import page_number, page_shown
from responses.preview import arms_views
from responses.preview import views as preview_views
from responses.timeline import timeline

# Answers are outcomes: who manages the field sees which pages were sent, and not what they say.
VIEW_ANSWERS = "responses.view_submission"
SECRET = _("secret until a look has analysed them or the study closes")


class ReadOnlyAdmin(StudyScoped, ModelAdmin):  # type: ignore[misc]
    """Rows that the site writes and people read."""

    actions: ClassVar[Any] = None
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds one by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody edits one."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes one here."""
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only the filters that are shown: a lookup by an arm would tell who is in it."""
        field = lookup.removesuffix("__exact").removesuffix("__id")
        return field == "study" or field in self.list_filter


class LongListAdmin(ReadOnlyAdmin):
    """Rows that there are as many of as participants, or a part of that."""

    ordering: ClassVar = ["-id"]
    sortable_by: ClassVar[Any] = []
    # No more than a page, so that all pages are read by their keys.
    list_max_show_all = list_per_page = 50
    # They count every choice of each filter.
    show_facets = admin.ShowFacets.NEVER

    def get_changelist(self, request: HttpRequest, **named: Any) -> type[LongList]:
        """The list, which goes on beyond its pages."""
        return LongList


@admin.register(Participant)
class ParticipantAdmin(LongListAdmin):
    """The participants: how far they came, and what each has sent."""

    list_display: ClassVar = [
        *("reference_start", "study", "mode", "state", "shown_page", "language"),
        *("entered", "completed_at", "mark"),
    ]
    list_filter: ClassVar = [("study", StudyFilter), "mode", "state", MarkedFilter]
    list_select_related: ClassVar = ["study"]
    actions: ClassVar[Any] = [mark_for_exclusion, take_marks_back]
    search_fields: ClassVar = ["reference", "completion_code"]
    search_help_text = _("The reference, or its first four characters, or the completion code")
    list_before_template = "responses_desk/participant_list.html"
    sortable_by: ClassVar[Any] = ["entered"]
    change_form_template = "responses_desk/participant.html"
    fields: ClassVar = [
        *("reference", "study", "shown_version", "mode", "state", "shown_page", "language", "arm"),
        *("entered_at", "consented_at", "exposed_at", "completed_at", "last_seen_at"),
        "completion_code",
    ]

    @admin.display(description=_("participant"))
    def reference_start(self, participant: Participant) -> str:
        """The first characters of the reference."""
        return str(participant)

    # Numbers are given as people enter, and have an index: nobody's time is sorted.
    @admin.display(description=_("entered at"), ordering="pk")
    def entered(self, participant: Participant) -> datetime:
        """When they entered."""
        return participant.entered_at

    @admin.display(description=_("version"))
    def shown_version(self, participant: Participant) -> int:
        """The number of the version that they answer."""
        return participant.version.number

    # It has no order: by that of the pages behind the dashes one could see who is where.
    @admin.display(description=_("page"))
    def shown_page(self, participant: Participant) -> str:
        """The page that they are on, unless that could tell a secret arm."""
        return page_shown(participant)

    @admin.display(description=_("arm"))
    def arm(self, participant: Participant) -> str:
        """Their arm, if it is no secret any more."""
        if arm_is_secret(participant):
            return str(SECRET)
        arms = [str(given["arm"]) for given in participant.assignments.values()]
        return ", ".join(arms) or "–"

    @admin.display(description=_("mark for exclusion"))
    def mark(self, participant: Participant) -> str:
        """Why somebody marked them for exclusion, which excludes nobody."""
        code = getattr(participant, "newest_reason", "")
        return str(MarkReason(code).label) if code else "–"

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """The filter by marks besides, which is no lookup of a field."""
        return lookup == MarkedFilter.parameter_name or super().lookup_allowed(
            lookup, value, request
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Participant], search_term: str
    ) -> tuple[QuerySet[Participant], bool]:
        """By the beginning of the reference or by the code, which an index finds."""
        return (searched(queryset, search_term) if search_term else queryset), False

    def get_paginator(
        self, request: HttpRequest, queryset: Any, per_page: int, *_args: Any, **_named: Any
    ) -> ListPaginator:
        """The pages of the list, whichever its filters choose."""
        return pages_of(request, queryset, per_page)

    def has_mark_permission(self, request: HttpRequest, participant: Any = None) -> bool:
        """Whether this account may mark the participant; without one, participants somewhere."""
        if participant is None:
            return request.user.has_perms(marking_views.PERMISSIONS)
        study = participant.study_id
        return all(may(request.user, each, study) for each in marking_views.PERMISSIONS)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Participant]:
        """Participants with their study and version, and their mark."""
        found: QuerySet[Participant] = super().get_queryset(request)
        found = found.select_related("study", "version").defer("version__canonical_json")
        return found.annotate(newest_reason=newest_reason())

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The participant with their timeline."""
        context = extra_context or {}
        participant = self.get_object(request, object_id) if object_id else None
        if participant and self.has_view_permission(request, participant):
            answers = may(request.user, VIEW_ANSWERS, participant.study_id)
            number = page_number(request.GET.get("page", ""))
            context["timeline"] = timeline(participant, answers=answers, number=number)
            context["may_read"] = answers
            context["may_identify"] = identity_views.may_identify(request, participant)
            context["may_mark"] = self.has_mark_permission(request, participant)
            context["may_act"] = on_request.may_act(request, participant)
        response: HttpResponse = super().changeform_view(request, object_id, form_url, context)
        return response

    def get_urls(self) -> list[URLPattern]:
        """The preview and the counts of a study, before the admin's own."""
        pages = (
            ("preview/<slug:slug>/", preview_views.preview_view, "preview"),
            ("preview/<slug:slug>/<slug:page>/", preview_views.preview_page_view, "preview_page"),
            ("arms/<slug:slug>/", arms_views.arms_view, "arms"),
            ("watch/<slug:slug>/", desk_views.watch_view, "watch"),
            ("invitations/<slug:slug>/", invitation_views.invitations_view, "invitations"),
            ("remind/<slug:slug>/", remind_views.remind_view, "remind"),
            ("codes/<slug:slug>/", code_views.codes_view, "codes"),
            ("quality/<slug:slug>/", quality_views.quality_view, "quality"),
            ("identity/<slug:slug>/<int:participant>/", identity_views.identity_view, "identity"),
            ("mark/<slug:slug>/", marking_views.mark_view, "mark"),
            ("pay/<slug:slug>/", pay_views.pay_view, "pay"),
            ("pay/<slug:slug>/<slug:mode>/<int:number>/", pay_views.pay_file_view, "pay_file"),
            ("correct/<int:participant>/", correct_at_desk.correct_view, "correct"),
            ("withdraw/<int:participant>/", withdraw_at_desk.withdraw_view, "withdraw"),
        )
        views = [
            path(route, self.admin_site.admin_view(view), name=f"responses_{name}")
            for route, view, name in pages
        ]
        return [*views, *super().get_urls()]


@admin.register(ExportRecord)
class ExportRecordAdmin(ReadOnlyAdmin):
    """Who has downloaded what, and why if it unblinded."""

    list_display: ClassVar = [
        *("exported_at", "study", "mode", "format", "tables"),
        *("actor", "unblinded", "reason"),
    ]
    list_filter: ClassVar = [("study", StudyFilter), "mode", "unblinded"]
    list_select_related: ClassVar = ["study"]


@admin.register(IdentityReading)
class IdentityReadingAdmin(ReadOnlyAdmin):
    """Who has read who people are, and how many of them."""

    list_display: ClassVar = ["read_at", "study", "way", "people", "actor"]
    list_filter: ClassVar = [("study", StudyFilter), "way"]
    list_select_related: ClassVar = ["study"]


@admin.register(Erasure)
class ErasureAdmin(LongListAdmin):
    """What was erased, when and by whom; who it was is told nowhere."""

    list_display: ClassVar = ["erased_at", "study", "mode", "kind", "actor", "kept"]
    list_filter: ClassVar = [("study", StudyFilter), "mode", "kind"]
    list_select_related: ClassVar = ["study"]

    def get_paginator(
        self, request: HttpRequest, queryset: Any, per_page: int, *_args: Any, **_named: Any
    ) -> ListPaginator:
        """The pages of the list, whichever its filters choose."""
        view = self.permission_to("view")
        chosen = chosen_of(request, queryset, listed=ERASURES, permission=view)
        return OrderedPaginator(queryset, per_page, chosen=chosen)
