"""What asks for the password again, held against every address of the desk: none is forgotten.

An address gives something out, or lets somebody in for later, if its view may come to call one of
`CALLED`, if its name has one of `WORDS`, or if it is a page of the admin that adds or changes one
of `POWERS`. Each is in `fresh_login.GUARDED`, or in `LEFT` with why it is not.
"""

import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest, HttpResponse
from django.urls import URLResolver, get_resolver

from analysis.api.tokens import make_token
from analysis.models import ApiToken
from coprod_site.fresh_login import GUARDED
from experiments.membership import give_role
from responses.desk_study import csv_download
from responses.export.codebook.views import codebook_page
from responses.export.serving import kept_response
from responses.models import ExportRecord, IdentityReading, PayList
from tests.reaching import reached

# What is noted as an export, as a reading of identities or as paid; what sends a file of people or
# a kept one; what gives a role or a token.
FUNCTIONS: tuple[Callable[..., Any], ...] = (csv_download, kept_response, give_role, make_token)
CALLED = {ExportRecord, IdentityReading, PayList, *map(inspect.unwrap, FUNCTIONS)}
WORDS = re.compile(
    "export|bundle|codebook|identit|pay|panel|invitation|remind|code|own_data|password|member|token"
)
# Whose rows say what an account may do.
POWERS = (User, Group, ApiToken)
# The admin's own pages of a model, by the end of their names.
OWN = re.compile("_(changelist|add|history|delete|change)$")

LEFT = {
    "admin:experiments_study_copy": "gives a role to whoever asks alone, in a study without data",
    "admin:experiments_study_import": "gives a role to whoever asks alone, in a study without data",
    "admin:password_change": "asks for the old password itself",
    "admin:password_change_done": "says that it was done",
    "admin:analysis_apitoken_change": "shows a token's name and scopes, and changes nothing",
}


def desk(resolver: URLResolver | None = None, before: str = "", space: str = "") -> Iterator[Any]:
    """The name and view of every address of the desk that has a name."""
    for each in (resolver or get_resolver()).url_patterns:
        path = before + str(each.pattern)
        if isinstance(each, URLResolver):
            inner = f"{space}{each.namespace}:" if each.namespace else space
            yield from desk(each, path, inner)
        elif path.startswith("admin/") and each.name:
            yield f"{space}{each.name}", each.callback


def of_the_admin() -> dict[str, type]:
    """The names of the admin's own pages of each model, and the model."""
    found: dict[str, type] = {}
    for model in admin.site._registry:
        start = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        found |= {f"{start}_{act}": model for act in OWN.pattern[2:-2].split("|")}
    return found


def gives_out(name: str, view: Callable[..., Any]) -> bool:
    """Whether an address gives something out, or lets somebody in for later."""
    if reached(view) & CALLED:
        return True
    model = of_the_admin().get(name)
    if model is None:
        return bool(WORDS.search(name))
    # Nobody has anything out of a list, a log of changes or a row that goes.
    return model in POWERS and name.endswith(("_add", "_change"))


def test_whatever_gives_data_or_rights_out_asks_for_the_password_again() -> None:
    found = {name for name, view in desk() if gives_out(name, view)}
    assert sorted(found - LEFT.keys()) == sorted(GUARDED)
    assert sorted(LEFT.keys() - found) == []


def hidden(request: HttpRequest, slug: str) -> HttpResponse:
    """A page by an innocent name that gives a codebook out."""
    return codebook_page(request, slug)


def harmless(request: HttpRequest, slug: str) -> HttpResponse:
    """A page that gives nothing out."""
    return HttpResponse(f"{request.path} {slug}")


@pytest.mark.parametrize(
    ("name", "view", "found"),
    [
        ("numbers", admin.site.admin_view(hidden), True),
        ("panel_of_today", admin.site.admin_view(harmless), True),
        ("admin:auth_group_add", harmless, True),
        ("admin:auth_group_history", harmless, False),
        ("numbers", admin.site.admin_view(harmless), False),
    ],
)
def test_page_that_gives_out_is_found_by_what_it_calls_or_is_called(
    name: str, view: Callable[..., Any], found: bool
) -> None:
    assert gives_out(name, view) is found
