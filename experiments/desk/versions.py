"""The designs that were launched, to read and to download."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from experiments.desk.scoped import StudyFilter, StudyScoped, refuse
from experiments.models import DesignVersion


@admin.register(DesignVersion)
class DesignVersionAdmin(StudyScoped, ModelAdmin):  # type: ignore[misc]
    """What was launched, by its digest; never edited."""

    list_display: ClassVar = ["title", "launched_at", "reason", "shown_digest", "download"]
    list_filter: ClassVar = [("study", StudyFilter)]
    list_select_related: ClassVar = ["study"]
    fields: ClassVar = ["study", "number", "digest", "reason", "launched_at", "download"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[DesignVersion]:
        """Versions without their designs, which are long."""
        found: QuerySet[DesignVersion] = super().get_queryset(request)
        return found.defer("canonical_json")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A launch makes versions."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A version stays as it was launched."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A version stays."""
        return False

    @admin.display(description=_("version"), ordering="study__slug")
    def title(self, version: DesignVersion) -> str:
        """The study and the version's number."""
        return f"{version.study.slug} {version.number}"

    @admin.display(description=_("digest"), ordering="digest")
    def shown_digest(self, version: DesignVersion) -> SafeString:
        """The whole digest, which may wrap."""
        return format_html('<span class="desk-digest">{}</span>', version.digest)

    @admin.display(description=_("design"))
    def download(self, version: DesignVersion) -> SafeString:
        """A link to the design's JSON."""
        address = reverse("admin:experiments_designversion_json", args=[version.pk])
        return format_html('<a class="desk-link" href="{}">{}</a>', address, _("Download JSON"))

    def get_urls(self) -> list[URLPattern]:
        """The download, before the admin's own."""
        download = self.admin_site.admin_view(self.json_view)
        name = "experiments_designversion_json"
        return [path("<int:version_id>/design.json", download, name=name), *super().get_urls()]

    def json_view(self, request: HttpRequest, version_id: int) -> HttpResponse:
        """The canonical JSON, byte for byte: its SHA-256 is the digest."""
        found = super().get_queryset(request).select_related("study")
        version = found.filter(pk=version_id).first()
        if version is None:
            refuse(request, self.permission_to("view"))
        response = HttpResponse(version.canonical_json, content_type="application/json")
        name = f"{version.study.slug}_v{version.number}.json"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
