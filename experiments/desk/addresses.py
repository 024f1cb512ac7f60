"""Where the desk shows a study and its parts, and where it adds them."""

from typing import Any

from django.urls import reverse

from experiments.models import Study


def address(row: Any) -> str:
    """The page of a study or of a part of it at the desk."""
    return reverse(f"admin:experiments_{row._meta.model_name}_change", args=[row.pk])


def add_address(study: Study, part: str) -> str:
    """The page that adds a part of that name to a study."""
    return f"{reverse(f'admin:experiments_{part}_add')}?study={study.pk}"
