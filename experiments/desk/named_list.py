"""What keeps Django's words for a list off the desk: "Select … to view" is hardly Korean there."""

from typing import Any

from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

# Django heads a row so that may only be read. The site's catalogue comes before its own, whose
# Korean spells the English word out.
VIEW = _("View %s")


class NamedList:
    """Mixed into admins: their list, and the browser's tab, is called by what is in it."""

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The list that was asked for."""
        found: Any = super().get_changelist_instance(request)  # type: ignore[misc]
        found.title = capfirst(found.opts.verbose_name_plural)
        return found
