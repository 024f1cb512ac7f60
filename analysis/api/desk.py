"""The desk's pages on tokens of the API: made, listed, revoked; each shown once."""

from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.admin import ModelAdmin

from analysis.api.scopes import missing_permissions
from analysis.api.tokens import LONGEST_DAYS, USUAL_DAYS, make_token, revoke
from analysis.models import ApiToken
from experiments.desk.named_list import NamedList
from experiments.in_words import in_words
from experiments.membership import studies_where
from experiments.models import Study
from experiments.refusals import Refused


class TokenForm(forms.Form):
    """What a new token is for and what it reaches; scopes that somebody lacks are not offered."""

    name = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=100,
        widget=forms.TextInput({"class": "desk-input"}),
    )
    studies = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Studies"),
        queryset=Study.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may read"), widget=forms.CheckboxSelectMultiple
    )
    days = forms.IntegerField(
        label=gettext_lazy("Days that it is good for"),
        min_value=1,
        max_value=LONGEST_DAYS,
        initial=USUAL_DAYS,
        widget=forms.NumberInput({"class": "desk-input"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        studies = cast("forms.ModelMultipleChoiceField[Study]", self.fields["studies"])
        studies.queryset = studies_where(user)
        scopes = cast("forms.MultipleChoiceField", self.fields["scopes"])
        scopes.choices = [
            (scope.value, scope.label)
            for scope in ApiToken.Scope
            if not missing_permissions(user, scope)
        ]


@admin.register(ApiToken)
class ApiTokenAdmin(NamedList, ModelAdmin):  # type: ignore[misc]
    """Everybody's own tokens; a superuser sees all of them."""

    list_display: ClassVar = [
        *("name", "public_id", "owner", "reaches_in_short", "standing"),
        *("expires_at", "last_used_at"),
    ]
    fields: ClassVar = [
        *("name", "public_id", "owner", "reaches", "reads", "standing", "made_by"),
        *("created_at", "expires_at", "last_used_at", "revoked_at"),
    ]
    actions: ClassVar = ["revoke_chosen"]
    search_fields: ClassVar = ["name", "public_id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiToken]:
        """The tokens that somebody may see, with what their lines show."""
        found: QuerySet[ApiToken] = super().get_queryset(request)
        if not request.user.is_superuser:
            found = found.filter(owner=request.user.pk)
        return found.select_related("owner").prefetch_related("studies")

    @admin.display(description=gettext_lazy("studies"))
    def reaches(self, token: ApiToken) -> str:
        """The studies that it reaches."""
        return ", ".join(study.slug for study in token.studies.all())

    @admin.display(description=gettext_lazy("studies"))
    def reaches_in_short(self, token: ApiToken) -> str:
        """The first of its studies and how many more: a line of the list has no room for all."""
        first, *more = [study.slug for study in token.studies.all()] or [""]
        return f"{first} +{len(more)}" if more else first

    @admin.display(description=gettext_lazy("reads"))
    def reads(self, token: ApiToken) -> str:
        """What it may read of them."""
        return ", ".join(str(ApiToken.Scope(scope).label) for scope in token.scopes)

    @admin.display(description=gettext_lazy("state"))
    def standing(self, token: ApiToken) -> str:
        """Whether it still opens anything."""
        if token.revoked_at:
            return _("revoked")
        return _("expired") if token.expires_at <= timezone.now() else _("active")

    @admin.action(description=gettext_lazy("Revoke the chosen tokens"), permissions=["revoke"])
    def revoke_chosen(self, request: HttpRequest, chosen: QuerySet[ApiToken]) -> None:
        """Ends tokens for good."""
        ended = [revoke(public_id=token.public_id) for token in chosen]
        said = ngettext(
            "%(count)s token opens nothing any more.",
            "%(count)s tokens open nothing any more.",
            len(ended),
        )
        messages.success(request, said % {"count": len(ended)})

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """Whether somebody may end tokens that they see."""
        return request.user.has_perm("analysis.change_apitoken")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A token reaches what it was made for; another one is made for something else."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A token is revoked, and its line stays."""
        return False

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Asks what a token is for; POST makes it and shows it, this once."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        user = cast("User", request.user)
        if request.method != "POST":
            return self._page(request, TokenForm(user=user))
        form = TokenForm(request.POST, user=user)
        if not form.is_valid():
            return self._page(request, form)
        try:
            _token, text = make_token(owner=user, made_by=user.get_username(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, in_words(refused))
            return self._page(request, form)
        return self._page(request, form, text)

    def _page(self, request: HttpRequest, form: TokenForm, text: str = "") -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Make a token of the API"),
            "form": form,
            "token": text,
        }
        status = 422 if form.errors else 200
        return TemplateResponse(request, "analysis/api_token.html", context, status=status)
