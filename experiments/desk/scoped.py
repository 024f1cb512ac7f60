"""What keeps the desk's lists and pages to the studies in which the account may do that."""

from typing import Any, ClassVar, NoReturn

from django.contrib.admin import RelatedFieldListFilter
from django.contrib.auth import get_permission_codename
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from experiments.desk.named_list import NamedList
from experiments.membership import may, studies_where
from experiments.models import Study


def study_by_id(request: HttpRequest, study_id: int, *permissions: str) -> Study:
    """The study with its versions in force, if the account may do all of that in it.

    Http404 for a study of others: nobody learns whether it is there.
    """
    study = seen_study(request, *permissions, pk=study_id)
    check_may(request, study, *permissions)
    return study


def seen_study(request: HttpRequest, *permissions: str, **named: Any) -> Study:
    """The study of that number or name out of the account's own; one SQL statement.

    PermissionDenied if the account has one of the permissions in no study at all, Http404 if it
    has no such study.
    """
    if not request.user.has_perms(permissions):
        raise PermissionDenied
    found = studies_where(request.user).select_related("live_version", "pilot_version")
    return get_object_or_404(found, **named)


def check_may(request: HttpRequest, study: Study, *permissions: str) -> None:
    """PermissionDenied unless the account may do all of that in the study."""
    if not all(may(request.user, each, study) for each in permissions):
        raise PermissionDenied


def refuse(request: HttpRequest, *permissions: str) -> NoReturn:
    """Says that a row is not there, or that the account may not know at all."""
    if not any(request.user.has_perm(each) for each in permissions):
        raise PermissionDenied
    raise Http404("There is no such row.")


class StudyScoped(NamedList):
    """Mixed into admins whose rows belong to a study: they know no rows of other studies."""

    # The lookup from a row to its study.
    study_lookup: ClassVar[str] = "study"

    def study_of_row(self, row: Any) -> Any:
        """The study of a row."""
        return row.study

    def permission_to(self, act: str) -> str:
        """The permission to view, add, change or delete such rows."""
        opts: Any = self.opts  # type: ignore[attr-defined]
        return f"{opts.app_label}.{get_permission_codename(act, opts)}"

    def granted(self, request: HttpRequest, act: str, obj: Any) -> bool:
        """Whether the account may do that to the row; without one, in some study at all."""
        permission = self.permission_to(act)
        if obj is None:
            return bool(request.user.has_perm(permission))
        return may(request.user, permission, self.study_of_row(obj))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows of the studies in which the account may view such rows."""
        found: QuerySet[Any] = super().get_queryset(request)  # type: ignore[misc]
        if request.user.is_active and request.user.is_superuser:
            return found
        studies = studies_where(request.user, self.permission_to("view"))
        return found.filter(**{f"{self.study_lookup}__in": studies})

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether the account may view the row."""
        return self.granted(request, "view", obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether the account may change the row."""
        return self.granted(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether the account may delete the row."""
        return self.granted(request, "delete", obj)


class StudyFilter(RelatedFieldListFilter):
    """A list's filter by study, which names no study of others."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        """The account's own studies."""
        own = {"pk__in": studies_where(request.user, model_admin.permission_to("view"))}
        ordering = self.field_admin_ordering(field, request, model_admin)
        return field.get_choices(include_blank=False, ordering=ordering, limit_choices_to=own)
