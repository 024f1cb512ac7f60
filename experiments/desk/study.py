"""The study's page at the desk, and the list of studies."""

from contextlib import nullcontext
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Exists, F, Func, JSONField, OuterRef, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from experiments.desk import (
    copy_study,
    history_views,
    import_file,
    members,
    paste_items,
    register_views,
    scale_library,
    study_views,
)
from experiments.desk.addresses import add_address, address
from experiments.desk.meanwhile import SeenAdmin
from experiments.desk.moves import possible_moves
from experiments.desk.overview import read_overview, told_problems, told_warnings
from experiments.desk.parts import recorded_post, why_fixed
from experiments.desk.scoped import StudyScoped
from experiments.desk.study_form import StudyForm, add_usual_parameters
from experiments.desk.work_map import work_map
from experiments.history import keep
from experiments.membership import own, studies_where
from experiments.models import Status, Study, Way
from experiments.roles import ADD_STUDY
from experiments.translated import as_texts

PARTS = (
    *("factor", "randomisation", "scale", "page", "block", "image", "plan"),
    *("parameter", "quota", "ending"),
)
STATES = ("answering", "refused", "completed")
COLOURS = {
    Status.DRAFT: "info",
    Status.PILOT: "warning",
    Status.LIVE: "success",
    Status.PAUSED: "warning",
    Status.CLOSED: "default",
}


def with_counts(studies: QuerySet[Study]) -> QuerySet[Study]:
    """Studies with how many live participants are in each state (`states`), in one statement.

    `responses` is a later room: it is named here by its function in the database alone, which reads
    as much however many participants there are.
    """
    states: Func = Func(F("pk"), Value("live"), function="coprod_states", output_field=JSONField())
    return studies.select_related("live_version", "pilot_version").annotate(states=states)


def _granted_here(request: HttpRequest, permission: str) -> Exists:
    """Whether the account may do that in the study of the row."""
    return Exists(studies_where(request.user, permission).filter(pk=OuterRef("pk")))


@admin.register(Study)
class StudyAdmin(StudyScoped, SeenAdmin, ModelAdmin):  # type: ignore[misc]
    """A study: its own fields in a form, all of its parts to read, and what can be done to it."""

    form = StudyForm
    study_lookup = "pk"
    actions = None
    change_form_template = "experiments/study_change.html"
    list_before_template = "experiments/study_list_tools.html"
    list_display: ClassVar = ["name", "shown_title", "shown_status", "version", *STATES, "links"]
    search_fields: ClassVar = ["slug", "title"]
    warn_unsaved_form = True

    def study_of_row(self, row: Any) -> Any:
        """A study is its own."""
        return row

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whether the account may make studies, which it may in no study or in all."""
        return bool(request.user.has_perm(ADD_STUDY))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Study]:
        """Studies; the list has the counts of participants with them."""
        found: QuerySet[Study] = super().get_queryset(request)
        match = request.resolver_match
        listed = match is not None and match.url_name == "experiments_study_changelist"
        if not listed:
            return found.select_related("live_version", "pilot_version")
        # The columns of a list know no request: what the account may open stands on the rows.
        may = {
            "may_count": _granted_here(request, study_views.COUNT),
            "may_export": _granted_here(request, study_views.EXPORT),
        }
        designs = ("live_version__canonical_json", "pilot_version__canonical_json")
        return with_counts(found).annotate(**may).defer(*designs)

    @admin.display(description=gettext_lazy("study"), ordering="slug")
    def name(self, study: Study) -> SafeString:
        """The study's short name."""
        return format_html('<span class="desk-name">{}</span>', study.slug)

    @admin.display(description=gettext_lazy("title"))
    def shown_title(self, study: Study) -> str:
        """The title in the desk's language if it has one, else in the first that it has."""
        titles, languages = as_texts(study.title), (get_language() or "en", *study.languages)
        return next((titles[each] for each in languages if titles.get(each)), "–")

    @display(  # type: ignore[untyped-decorator]
        description=gettext_lazy("status"), ordering="status", label=COLOURS
    )
    def shown_status(self, study: Study) -> tuple[str, str]:
        """The status as a coloured label."""
        return study.status, study.get_status_display()

    @admin.display(description=gettext_lazy("version"))
    def version(self, study: Study) -> str:
        """The number of the version in force."""
        version = study.live_version or study.pilot_version
        return str(version.number) if version else "–"

    @admin.display(description=gettext_lazy("answering"))
    def answering(self, study: Any) -> int:
        """How many live participants are in the middle, or left there."""
        return int(study.states.get("answering", 0))

    @admin.display(description=gettext_lazy("refused"))
    def refused(self, study: Any) -> int:
        """How many refused."""
        return int(study.states.get("refused", 0))

    @admin.display(description=gettext_lazy("completed"))
    def completed(self, study: Any) -> int:
        """How many completed."""
        return int(study.states.get("completed", 0))

    @admin.display(description=gettext_lazy("pages"))
    def links(self, study: Study) -> SafeString:
        """Where else the desk shows the study."""
        return study_views.links(study)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A study is edited at the desk until it is live."""
        allowed: bool = super().has_change_permission(request, obj)
        return allowed and (obj is None or obj.editable)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A study that was launched is kept."""
        allowed: bool = super().has_delete_permission(request, obj)
        return allowed and (obj is None or not obj.versions.exists())

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The form's fields; none of them once the study can only be read."""
        if obj and not self.has_change_permission(request, obj):
            return ()
        return StudyForm.groups if obj else (StudyForm.named,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The short name stays once somebody may have the link."""
        return ("slug",) if obj and obj.versions.exists() else ()

    def get_urls(self) -> list[URLPattern]:
        """The other pages on a study, before the admin's own."""
        one = "<int:study_id>"
        pages = {
            "move": (f"{one}/do/<slug:move>/", study_views.move_view),
            "order": (f"{one}/order/", study_views.order_view),
            "file": (f"{one}/file/", study_views.download_view),
            "preregistration": (f"{one}/preregistration/", register_views.preregistration_view),
            "preregistration_file": (
                f"{one}/preregistration/<slug:form>.<slug:kind>",
                register_views.preregistration_file_view,
            ),
            "edits": (f"{one}/edits/", history_views.history_view),
            "moment": (f"{one}/edits/<int:number>/", history_views.moment_view),
            "moment_file": (f"{one}/edits/<int:number>/file/", history_views.moment_file_view),
            "copy": (f"{one}/copy/", copy_study.copy_view),
            "members": (f"{one}/members/", members.members_view),
            "library": (f"{one}/library/", scale_library.library_view),
            "paste": ("paste/<int:page_id>/", paste_items.paste_view),
            "import": ("import/", import_file.import_view),
        }
        views = [
            path(
                route, self.admin_site.admin_view(view), {"desk": self}, f"experiments_study_{name}"
            )
            for name, (route, view) in pages.items()
        ]
        return [*views, *super().get_urls()]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The study's page: what is wrong, what can be done, its own fields, all of its parts."""
        with transaction.atomic():
            study = self.get_object(request, object_id) if object_id else None
            if study and request.method == "POST":
                Study.objects.select_for_update().get(pk=study.pk)
                study.refresh_from_db(fields=["status"])
                if self._only_read(request, study):
                    messages.warning(request, why_fixed(study, sent=True))
                    return redirect(address(study))
            context = (extra_context or {}) | {
                "show_save_and_continue": False,
                "show_save_and_add_another": False,
                "show_close": False,
                # It stands at the end of the page instead, away from Save.
                "show_delete": False,
            }
            if study and self.has_view_permission(request, study):
                context |= self._about(request, study)
            with recorded_post(request, study) if study else nullcontext():
                response: HttpResponse = super().changeform_view(
                    request, object_id, form_url, context
                )
            return response

    def _only_read(self, request: HttpRequest, study: Study) -> bool:
        """Whether the account may see the study, but not change it; others get a plain refusal."""
        return self.has_view_permission(request, study) and not self.has_change_permission(
            request, study
        )

    def _about(self, request: HttpRequest, study: Study) -> dict[str, Any]:
        """What the page shows around the form."""
        overview = read_overview(study)
        editable = self.has_change_permission(request, study)
        moves = possible_moves(study, overview.design)
        may_launch = any(move.freezes for move in moves)
        problems = told_problems(overview)
        return {
            "overview": overview,
            "editable": editable,
            "why_fixed": "" if editable else why_fixed(study),
            "problems": problems,
            "steps": work_map(overview, problems),
            "warnings": told_warnings(overview) if may_launch else [],
            "moves": moves if self.granted(request, "launch", study) else [],
            "launched": study.live_version or study.pilot_version,
            "changed": any(move.name == "version" for move in moves),
            # Not `add`: Django says by that name whether the study is a new one.
            "add_addresses": {part: add_address(study, part) for part in PARTS},
        }

    def save_model(self, request: HttpRequest, obj: Study, form: Any, change: bool) -> None:
        """Saves the study; a new one gets the usual parameters."""
        super().save_model(request, obj, form, change)
        if not change:
            own(study=obj, user=request.user)
            add_usual_parameters(study=obj)
            keep(study=obj, by=request.user.get_username(), way=Way.FORM)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Asks, then deletes a study that was never launched; says why it keeps another."""
        study = self.get_object(request, object_id)
        if study and study.versions.exists() and self.has_view_permission(request, study):
            text = _("%(study)s was launched, so it can't be deleted: close it instead.")
            messages.error(request, text % {"study": study.slug})
            return redirect(address(study))
        response: HttpResponse = super().delete_view(request, object_id, extra_context)
        return response

    def response_post_save_add(self, request: HttpRequest, obj: Study) -> HttpResponse:
        """On to the study's page, where its parts are added."""
        return redirect(address(obj))

    def response_post_save_change(self, request: HttpRequest, obj: Study) -> HttpResponse:
        """The study's page again."""
        return redirect(address(obj))
