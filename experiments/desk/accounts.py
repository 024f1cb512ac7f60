"""The accounts of researchers, in the look of the desk."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from experiments.desk.named_list import NamedList

admin.site.unregister(User)
admin.site.unregister(Group)
# Nobody looks after the second factors of others but by `forget_second_factor`.
admin.site.unregister(TOTPDevice)
admin.site.unregister(StaticDevice)


@admin.register(User)
class UserAdmin(NamedList, DjangoUserAdmin, ModelAdmin):  # type: ignore[misc,type-arg]
    """Who may log in."""

    # The lists side by side are wider than the page.
    filter_horizontal = ()
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody may: an account that is no longer used is made inactive, and its log stays."""
        return False


@admin.register(Group)
class GroupAdmin(NamedList, DjangoGroupAdmin, ModelAdmin):  # type: ignore[misc]
    """Rights that several accounts share."""

    filter_horizontal = ()
