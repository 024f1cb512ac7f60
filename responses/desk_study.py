"""The study that a page of the desk is about, for whoever may see it; and files sent to and fro."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from experiments.desk.scoped import check_may, seen_study
from experiments.models import Study
from responses.sheets import LARGEST_FILE


def study_at_desk(request: HttpRequest, slug: str, *permissions: str) -> Study:
    """The study with its versions in force; one SQL statement.

    PermissionDenied unless the account may do all of that in it, Http404 if it has none of that
    name.
    """
    study = seen_study(request, *permissions, slug=slug)
    check_may(request, study, *permissions)
    return study


def content_of(file: "UploadedFile[Any]") -> bytes:
    """What was uploaded, a byte more than may be at most, which is enough to see it is too much."""
    content: bytes = file.read(LARGEST_FILE + 1)
    return content


def csv_download(study: Study, what: str, content: bytes) -> HttpResponse:
    """The CSV as a file that the browser saves, named after the study and the day."""
    name = f"{study.slug}_{what}_{timezone.now():%Y-%m-%d}.csv"
    response = HttpResponse(content, content_type="text/csv; charset=utf-8; header=present")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
