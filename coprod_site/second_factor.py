"""The second factor of a login: a code of an app, or one of ten on paper.

Until it was given, the desk shows an account the page that asks for it and no other.
"""

import base64
import io
from collections.abc import Callable
from typing import Any

import django_otp
from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.qr import write_qrcode_image

from responses.at_the_desk import at_the_desk

CODES_ON_PAPER = 10
# What somebody reaches without a second factor: to log in and out, the page that asks for it, and
# another language for it.
OPEN = ("admin:login", "admin:logout", "second_factor", "set_language")
Respond = Callable[[HttpRequest], HttpResponse]


class CodeForm(forms.Form):
    """A code of the app, or of the paper."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=20,
        widget=forms.TextInput(
            {"class": "desk-input", "autocomplete": "one-time-code", "autofocus": True}
        ),
    )


def second_factor_first(get_response: Respond) -> Respond:
    """Middleware: leads to the page that asks for the second factor, from any page of the desk."""

    def respond(request: HttpRequest) -> HttpResponse:
        if not settings.TWO_FACTOR or not at_the_desk(request):
            return get_response(request)
        if request.path in map(reverse, OPEN):
            return get_response(request)
        user: Any = request.user
        if user.is_authenticated and not user.is_verified():
            asked = urlencode({"next": request.get_full_path()})
            return redirect(f"{reverse('second_factor')}?{asked}")
        return get_response(request)

    return respond


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "POST"])
def second_factor_page(request: HttpRequest) -> HttpResponse:
    """Asks for a code; of an account that has no second factor yet, to set one up."""
    user: Any = request.user
    if not settings.TWO_FACTOR:
        raise Http404("There is one factor alone.")
    if not user.is_authenticated:
        return redirect(f"{reverse('admin:login')}?{urlencode({'next': request.path})}")
    if user.is_verified():
        return redirect(wanted(request))
    form = CodeForm(request.POST or None)
    if django_otp.user_has_device(user):
        return _ask(request, form)
    return _set_up(request, form)


def _ask(request: HttpRequest, form: CodeForm) -> HttpResponse:
    if form.is_valid():
        device = django_otp.match_token(request.user, plain_code(form.cleaned_data["code"]))
        if device is not None:
            _let_in(request, device)
            return redirect(wanted(request))
        form.add_error("code", wrong_code())
    return _page(request, form)


def _set_up(request: HttpRequest, form: CodeForm) -> HttpResponse:
    device = new_device(user=request.user)  # type: ignore[arg-type]
    if form.is_valid():
        codes = confirm_device(device=device, code=plain_code(form.cleaned_data["code"]))
        if codes:
            device.refresh_from_db()
            _let_in(request, device)
            return _page(request, form, codes=codes, wanted=wanted(request))
        form.add_error("code", wrong_code())
    picture = io.BytesIO()
    write_qrcode_image(device.config_url, picture)
    return _page(
        request,
        form,
        picture=base64.b64encode(picture.getvalue()).decode(),
        secret=base64.b32encode(device.bin_key).decode(),
    )


@transaction.atomic
def new_device(*, user: User) -> TOTPDevice:
    """The device that an account sets up: the one that it has not confirmed yet, or a new one."""
    User.objects.select_for_update().get(pk=user.pk)
    found = TOTPDevice.objects.filter(user=user, confirmed=False).first()
    return found or TOTPDevice.objects.create(user=user, name="app", confirmed=False)


@transaction.atomic
def confirm_device(*, device: TOTPDevice, code: str) -> tuple[str, ...]:
    """Confirms the device by its first code; returns the codes on paper, none if it is wrong."""
    device = TOTPDevice.objects.select_for_update().get(pk=device.pk)
    if device.confirmed or not device.verify_token(code):
        return ()
    device.confirmed = True
    device.save()
    paper = StaticDevice.objects.create(user=device.user, name="paper")
    codes = tuple(StaticToken.random_token() for _number in range(CODES_ON_PAPER))
    StaticToken.objects.bulk_create(StaticToken(device=paper, token=code) for code in codes)
    return codes


def _let_in(request: HttpRequest, device: Any) -> None:
    # Whoever knew the session before knows it no more.
    request.session.cycle_key()
    django_otp.login(request, device)


def plain_code(code: str) -> str:
    """The code as it is checked: apps show a gap in it, and people type one."""
    return "".join(code.split()).lower()


def wrong_code() -> str:
    """What is said of a code that opens nothing."""
    return _("That code is not right, or too old. After several wrong ones wait a little.")


def wanted(request: HttpRequest) -> str:
    """Where somebody was going, if that is on this site."""
    asked = request.GET.get("next", "")
    here = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(asked, here, require_https=request.is_secure())
    return asked if safe else reverse("admin:index")


def _page(request: HttpRequest, form: CodeForm, **more: Any) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Second factor"),
        "form": form,
        **more,
    }
    status = 422 if form.errors else 200
    return render(request, "admin/second_factor.html", context, status=status)
