"""The admin pages of a study's parts: each has its own page, with its children on it.

They are reached from the study's page and lead back to it. While the study collects they send
the reader there: nothing of it can be changed.
"""

from contextlib import AbstractContextManager, nullcontext
from copy import copy
from typing import Any, ClassVar

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin, StackedInline, TabularInline

from experiments.desk.addresses import address
from experiments.desk.meanwhile import SeenAdmin
from experiments.desk.part_form import PartForm, PartsFormSet
from experiments.desk.scoped import StudyScoped, check_may, refuse
from experiments.desk.vocabulary import Vocabulary
from experiments.history import recorded
from experiments.membership import may
from experiments.models import Item, Page, Status, Study, Way


def study_of(row: Any) -> Study:
    """The study that a part belongs to, through its parents."""
    while not isinstance(row, Study):
        row = next(
            parent
            for name in (
                *("study", "page", "factor", "randomisation"),
                *("scale", "item"),
                *("plan", "quota"),
            )
            if (parent := getattr(row, name, None)) is not None and not isinstance(parent, str)
        )
    return row


def recorded_post(request: HttpRequest, row: Any) -> AbstractContextManager[None]:
    """What keeps in the study's history what a form that was sent changes."""
    if request.method != "POST":
        return nullcontext()
    return recorded(study=study_of(row), by=request.user.get_username(), way=Way.FORM)


def form_for(form: type, study: Study, **known: Any) -> type:
    """The form class for parts of that study, with what else is `known` of them."""
    return type(form.__name__, (form,), {"vocabulary": Vocabulary(study), **known})


class PartInline:
    """Mixed into inlines: their forms know the study, and what in it can be named."""

    extra = 0
    formset = PartsFormSet
    ordering_field = "order"

    def _granted(self, request: HttpRequest, act: str, obj: Any) -> bool:
        """Whether the account may do that to such rows of the study of the page; without one, in
        some study: what is added to which study, its page has asked before.
        """
        opts: Any = self.opts  # type: ignore[attr-defined]
        permission = f"{opts.app_label}.{act}_{opts.model_name}"
        if obj is None or not obj.pk:
            return bool(request.user.has_perm(permission))
        return may(request.user, permission, study_of(obj))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By the account's role in the study."""
        return self._granted(request, "view", obj)

    def has_add_permission(self, request: HttpRequest, obj: Any) -> bool:
        """By the account's role in the study."""
        return self._granted(request, "add", obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By the account's role in the study."""
        return self._granted(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By the account's role in the study."""
        return self._granted(request, "delete", obj)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """The formset whose forms know the study."""
        above: Any = self.parent_model  # type: ignore[attr-defined]
        study = study_of(obj if obj and obj.pk else parent_asked_for(request, above))
        known = {"parent": above._meta.model_name, "above": obj}
        form = form_for(self.form, study, **known)  # type: ignore[attr-defined]
        return super().get_formset(request, obj, form=form, **kwargs)  # type: ignore[misc]


class TabularParts(PartInline, TabularInline):  # type: ignore[misc]
    """Children in a table."""


class StackedParts(PartInline, StackedInline):  # type: ignore[misc]
    """Children one below the other."""


def parent_asked_for(request: HttpRequest, part: type) -> Any:
    """What a new part goes into, from the address: a page for an item, a study for the others.

    Http404 if the address names none, or something else (as well).
    """
    parents: dict[str, Any] = {"study": Study, "page": Page}
    named = parents.keys() & request.GET.keys()
    name = "page" if part is Item else "study"
    key = request.GET.get(name, "")
    row = parents[name].objects.filter(pk=key).first() if key.isdecimal() else None
    if named != {name} or row is None:
        raise Http404("A part is added from the page of its study.")
    return row


class PartAdmin(StudyScoped, SeenAdmin, ModelAdmin):  # type: ignore[misc]
    """The page of a part of a study."""

    change_form_template = "experiments/part_change.html"
    # How the parent is reached, and from it the study.
    path_to_study: ClassVar[tuple[str, ...]] = ("study",)
    show_add_link = False
    warn_unsaved_form = True

    @property
    def study_lookup(self) -> str:  # type: ignore[override]
        """The way from a part to its study."""
        return "__".join(self.path_to_study)

    def study_of_row(self, row: Any) -> Study:
        """The study of a part."""
        return study_of(row)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Parts are reached from their study, not from the index."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing of a study is changed at the desk once it is live."""
        allowed: bool = super().has_change_permission(request, obj)
        return allowed and (obj is None or study_of(obj).editable)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing of a study is deleted at the desk once it is live."""
        allowed: bool = super().has_delete_permission(request, obj)
        return allowed and (obj is None or study_of(obj).editable)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The parts with their study."""
        found: QuerySet[Any] = super().get_queryset(request)
        return found.select_related(self.study_lookup)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """The form that knows the study."""
        parent = None if obj else parent_asked_for(request, self.model)
        form = form_for(self.form, study_of(obj or parent), parent_row=parent)
        return super().get_form(request, obj, change, **(kwargs | {"form": form}))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The form's fields as it groups them."""
        return self.form.groups or super().get_fieldsets(request, obj)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The page; which fields are shown depends on what this one row holds."""
        shown = context["adminform"]
        if isinstance(shown.form, PartForm):
            shown.model_admin = copy(self)
            shown.model_admin.conditional_fields = shown.form.shown_where()
        response: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return response

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """There is no list of the parts of all studies, but the list of studies."""
        return redirect("admin:experiments_study_changelist")

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The page of the part; the study's page if that can't be edited (any more)."""
        row = self._row(request, object_id) if object_id else None
        with transaction.atomic():
            above = row or parent_asked_for(request, self.model)
            if refusal := self._refusal(request, above, "change" if row else "add"):
                return refusal
            context = (extra_context or {}) | self.context_for(request, row)
            with recorded_post(request, above):
                response: HttpResponse = super().changeform_view(
                    request, object_id, form_url, context
                )
            return response

    def context_for(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """What the page shows besides the form."""
        above = row or parent_asked_for(request, self.model)
        return {
            "trail": self._trail(getattr(row, self.path_to_study[0]) if row else above),
            "show_save_and_add_another": False,
        }

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Asks, then deletes; the study's page if that can't be edited (any more)."""
        row = self._row(request, object_id)
        with transaction.atomic():
            if refusal := self._refusal(request, row, "delete"):
                return refusal
            with recorded_post(request, row):
                response: HttpResponse = super().delete_view(request, object_id, extra_context)
            if request.method == "POST" and not self.model._default_manager.filter(pk=row.pk):
                return redirect(address(getattr(row, self.path_to_study[0])))
            return response

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Back to where the part is listed."""
        return redirect(address(getattr(obj, self.path_to_study[0])))

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Back to where the part is listed."""
        return redirect(address(getattr(obj, self.path_to_study[0])))

    def _row(self, request: HttpRequest, object_id: str) -> Any:
        row = self.get_object(request, object_id)
        if row is None:
            refuse(request, self.permission_to("view"), self.permission_to("change"))
        return row

    def _refusal(self, request: HttpRequest, row: Any, act: str) -> HttpResponse | None:
        """Where to go instead, with a message that says why; locks the study for what is sent."""
        study = study_of(row)
        if request.method == "POST":
            study = Study.objects.select_for_update().get(pk=study.pk)
        if study.editable and may(request.user, self.permission_to(act), study):
            return None
        check_may(request, study, self.permission_to("view"))
        messages.warning(request, why_fixed(study, sent=request.method == "POST"))
        return redirect(address(study))

    def _trail(self, above: Any) -> list[tuple[str, str]]:
        """The way back: the studies, the study, and the page of an item."""
        study = study_of(above)
        trail = [(_("Studies"), reverse("admin:experiments_study_changelist"))]
        trail.append((study.slug, address(study)))
        return trail if above == study else [*trail, (above.code, address(above))]


def why_fixed(study: Study, *, sent: bool = False) -> str:
    """Why nothing of a study can be changed at the desk, and what to do.

    If a change was `sent` from a page that was opened earlier, first that it was not saved.
    """
    if sent:
        return " ".join((_("Your change was not saved."), why_fixed(study)))
    if study.editable:
        return _("Your account may look at %(study)s, but not change it.") % {"study": study.slug}
    if study.status == Status.CLOSED:
        return _("%(study)s is closed, and stays as it is. Import its file under another name.") % {
            "study": study.slug
        }
    return _(
        "%(study)s collects answers, so its parts can only be read here. To change it, download "
        "its study file, edit it, import it, and launch it as a new version with a reason."
    ) % {"study": study.slug}
