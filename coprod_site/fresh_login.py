"""A fresh login: what tells who people are, or lets data leave, asks for the password again.

A session that somebody left open, or a laptop that was taken, opens none of it. Programs come by
tokens, and are asked for nothing. It goes with the second factor: off where that is off.
"""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import django_otp
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import authenticate
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from coprod_site.second_factor import CodeForm, plain_code, wanted, wrong_code

PROVED_AT = "proved_at"
# The pages by the names of their addresses: identities, whatever is noted as an export, and what
# opens a way in for later. A test finds them in the code (tests/test_asked_again.py).
GUARDED = frozenset(
    {
        *("export", "export_file", "bundle", "bundle_file", "codebook"),
        *("admin:responses_identity", "admin:responses_invitations", "admin:responses_remind"),
        *("admin:responses_codes", "admin:responses_pay", "admin:responses_pay_file"),
        *("admin:analysis_apitoken_add", "admin:auth_user_password_change"),
        *("admin:auth_user_add", "admin:auth_user_change", "admin:experiments_study_members"),
        *("admin:auth_group_add", "admin:auth_group_change"),
    }
)
Respond = Callable[[HttpRequest], HttpResponse]


class ProofForm(CodeForm):
    """The password, and a code of the app or of the paper."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
        max_length=4096,
        strip=False,
        widget=forms.PasswordInput(
            {"class": "desk-input", "autocomplete": "current-password", "autofocus": True}
        ),
    )
    field_order = ("password", "code")


class FreshLogin:
    """Middleware: leads to the page that asks again, from guarded pages, once a login is old."""

    def __init__(self, get_response: Respond) -> None:
        self._respond = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answers the request."""
        return self._respond(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """The way to the page that asks, None where nothing need be asked."""
        match = request.resolver_match
        if match is None or match.view_name not in GUARDED or not settings.TWO_FACTOR:
            return None
        if not request.user.is_authenticated or _is_fresh(request):
            return None
        if request.method == "POST":
            said = _(
                "The form that you sent was not taken, since your login was too old. Send it anew."
            )
            messages.warning(request, said)
        return redirect(f"{reverse('fresh_login')}?{urlencode({'next': _back(request)})}")


def login_page(request: HttpRequest) -> HttpResponse:
    """The admin's login, which is noted in the session that it opens."""
    response = admin.site.login(request)
    if request.method == "POST" and response.status_code == 302:
        note_proof(request)
    return response


def note_proof(request: HttpRequest) -> None:
    """Notes that somebody has shown just now who they are."""
    request.session[PROVED_AT] = int(time.time())


@sensitive_post_parameters("password", "code")
@never_cache
@require_http_methods(["GET", "POST"])
def fresh_login_page(request: HttpRequest) -> HttpResponse:
    """Asks for password and code once more, and leads back."""
    if not settings.TWO_FACTOR:
        raise Http404("Nothing is asked again here.")
    if not request.user.is_authenticated:
        return redirect(f"{reverse('admin:login')}?{urlencode({'next': wanted(request)})}")
    form = ProofForm(request.POST or None)
    if form.is_valid() and _proved(request, form):
        # Whoever knew the session before knows it no more.
        request.session.cycle_key()
        note_proof(request)
        return redirect(wanted(request))
    told: Any = messages.get_messages(request)
    context = {
        **admin.site.each_context(request),
        "messages": list(told),
        "title": _("Show that it is you"),
        "form": form,
        "minutes": settings.FRESH_LOGIN_MINUTES,
    }
    # They are said once more where the form stands that has to be sent anew.
    told.used = False
    status = 422 if form.errors else 200
    return render(request, "admin/fresh_login.html", context, status=status)


def _proved(request: HttpRequest, form: ProofForm) -> bool:
    """Whether both are right; a wrong password counts as a login that failed."""
    user: Any = request.user
    given = {"username": user.get_username(), "password": form.cleaned_data["password"]}
    if authenticate(request, **given) != user:
        form.add_error("password", _("The password is not right."))
        return False
    if django_otp.match_token(user, plain_code(form.cleaned_data["code"])) is None:
        form.add_error("code", wrong_code())
        return False
    return True


def _is_fresh(request: HttpRequest) -> bool:
    age = time.time() - request.session.get(PROVED_AT, 0)
    return bool(0 <= age < 60 * settings.FRESH_LOGIN_MINUTES)


def _back(request: HttpRequest) -> str:
    """Where to go on: the page itself, or for a form the page that it stood on."""
    if request.method != "POST":
        return request.get_full_path()
    came_from = urlsplit(request.headers.get("Referer", ""))
    here = url_has_allowed_host_and_scheme(came_from.geturl(), {request.get_host()})
    return came_from._replace(scheme="", netloc="").geturl() if here else request.path
