"""The desk's pages on looks. A look is read there, never made, edited or removed."""

from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from analysis.api.desk import ApiTokenAdmin
from analysis.look_log import opened
from analysis.models import Look, LookEvent
from experiments.desk.scoped import StudyScoped, check_may

VIEW_LOOK = "analysis.view_look"

__all__ = ["ApiTokenAdmin", "LookAdmin"]


@admin.register(Look)
class LookAdmin(StudyScoped, ModelAdmin):  # type: ignore[misc]
    """The list of spent looks; a look's page is its report."""

    list_display: ClassVar = ["title", "mode", "kind", "n", "spent_at", "progress"]
    list_filter: ClassVar = ["mode", "final"]
    search_fields: ClassVar = ["study__slug"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Look]:
        """Looks with the study and the version that their pages read."""
        found: QuerySet[Look] = super().get_queryset(request)
        return found.select_related("study", "version")

    @admin.display(description=_("look"), ordering="study__slug")
    def title(self, look: Look) -> str:
        """The study and the look's number."""
        return f"{look.study.slug} {look.number}"

    @admin.display(description=_("kind"))
    def kind(self, look: Look) -> str:
        """Whether it was the last look, and in the plan at all."""
        if look.planned is None:
            return str(_("not in the plan"))
        return str(_("final") if look.final else _("interim"))

    @admin.display(description=_("study"))
    def progress(self, look: Look) -> SafeString:
        """A link to how the study is coming along."""
        address = reverse("admin:analysis_progress", args=[look.study.slug])
        return format_html(
            '<a href="{}" class="text-link underline">{}</a>', address, _("Progress")
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Looks are run by the schedule alone."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Look | None = None) -> bool:
        """A spent look is never edited."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Look | None = None) -> bool:
        """A spent look stays."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """A look's figure, and the pages of a study, before the admin's own."""
        figure = self.admin_site.admin_view(self.figure_view)
        progress = self.admin_site.admin_view(self.progress_view)
        coming = self.admin_site.admin_view(self.next_looks_view)
        integrity = self.admin_site.admin_view(self.integrity_view)
        looks = self.admin_site.admin_view(self.looks_view)
        order = self.admin_site.admin_view(self.order_view)
        retry = self.admin_site.admin_view(self.retry_view)
        reach = self.admin_site.admin_view(self.reach_view)
        download = self.admin_site.admin_view(self.download_view)
        deviations = self.admin_site.admin_view(self.deviations_view)
        listed = "deviations/<slug:slug>"
        return [
            path("<int:look_id>/<str:name>.svg", figure, {"kind": "svg"}, "analysis_look_figure"),
            path("<int:look_id>/<str:name>.pdf", figure, {"kind": "pdf"}, "analysis_look_pdf"),
            path("<int:look_id>/look.<str:kind>", download, name="analysis_look_download"),
            path("study/<slug:slug>/", progress, name="analysis_progress"),
            path("study/<slug:slug>/next/", coming, name="analysis_next_looks"),
            path("study/<slug:slug>/integrity/", integrity, name="analysis_integrity"),
            path("study/<slug:slug>/looks/", looks, name="analysis_looks"),
            path("study/<slug:slug>/looks/order/", order, name="analysis_order_look"),
            path("study/<slug:slug>/looks/retry/", retry, name="analysis_retry_look"),
            path("reach/<slug:slug>/", reach, name="analysis_reach"),
            path(f"{listed}/", deviations, {"kind": ""}, "analysis_deviations"),
            path(f"{listed}.<slug:kind>", deviations, name="analysis_deviations_file"),
            *super().get_urls(),
        ]

    # The views draw on scipy and Matplotlib, whose import takes more than a second; imported
    # here, no management command and no worker that shows no report pays for it.

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The look's report."""
        from analysis import views  # noqa: PLC0415

        look, openings = self._opened(request, object_id)
        context = self.admin_site.each_context(request) | (extra_context or {})
        return views.look_report(request, look, context | {"openings": openings})

    def figure_view(self, request: HttpRequest, look_id: int, name: str, kind: str) -> HttpResponse:
        """One of the look's plots."""
        from analysis import figure_views  # noqa: PLC0415

        look, _openings = self._opened(request, str(look_id))
        return figure_views.look_figure(request, look, name, kind)

    def download_view(self, request: HttpRequest, look_id: int, kind: str) -> HttpResponse:
        """The look's results as JSON, or a script that redoes its contrasts."""
        from analysis import download_views  # noqa: PLC0415

        if kind not in download_views.FILES:
            raise Http404
        look, _openings = self._opened(request, str(look_id))
        return download_views.look_download(request, look, kind)

    def progress_view(self, request: HttpRequest, slug: str) -> HttpResponse:
        """How a study is coming along."""
        from analysis import views  # noqa: PLC0415

        self._check_view(request)
        return views.study_progress(request, slug, self.admin_site.each_context(request))

    def next_looks_view(self, request: HttpRequest, slug: str) -> HttpResponse:
        """How many are wanting to a study's next looks."""
        from analysis import next_looks_page  # noqa: PLC0415

        self._check_view(request)
        return next_looks_page.study_next_looks(
            request, slug, self.admin_site.each_context(request)
        )

    def integrity_view(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Whether a study's randomisations came through."""
        from analysis import views  # noqa: PLC0415

        self._check_view(request)
        return views.study_integrity(request, slug, self.admin_site.each_context(request))

    def looks_view(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The log of a study's looks."""
        from analysis import look_views  # noqa: PLC0415

        self._check_view(request)
        return look_views.study_looks(request, slug, self.admin_site.each_context(request))

    def order_view(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Orders a look that the plan does not announce."""
        from analysis import look_views  # noqa: PLC0415

        self._check_view(request)
        return look_views.order(request, slug, self.admin_site.each_context(request))

    def retry_view(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Has a look that failed run again."""
        from analysis import look_views  # noqa: PLC0415

        self._check_view(request)
        return look_views.run_again(request, slug)

    def reach_view(self, request: HttpRequest, slug: str) -> HttpResponse:
        """What a study's plan can reach, for whoever may view the study: it tells no data."""
        from analysis import reach_page  # noqa: PLC0415

        return reach_page.study_reach(request, slug, self.admin_site.each_context(request))

    def deviations_view(self, request: HttpRequest, slug: str, kind: str) -> HttpResponse:
        """What departed from what was announced, for whoever may view the study: no outcome."""
        from analysis import departure_views  # noqa: PLC0415

        if kind:
            return departure_views.departures_file(request, slug, kind)
        context = self.admin_site.each_context(request)
        return departure_views.study_departures(request, slug, context)

    def _look(self, request: HttpRequest, look_id: str) -> Look:
        self._check_view(request)
        look: Look | None = self.get_object(request, look_id)
        if look is None:
            raise Http404
        check_may(request, look.study, VIEW_LOOK)
        return look

    def _opened(self, request: HttpRequest, look_id: str) -> tuple[Look, tuple[LookEvent, ...]]:
        """A look whose findings are about to be shown, and who opened it."""
        look = self._look(request, look_id)
        return look, opened(look=look, actor=request.user.get_username())

    def _check_view(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied
