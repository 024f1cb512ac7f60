"""Refuses a form of the desk that was opened before somebody else saved what it shows.

What counts is the row with the inlines of its page, by their fields in the form: two windows with
different parts of one study do not hinder each other, while import and taking back, which replace
the whole study, go by all of it. A form that would store what is there already is never refused.
A row's own place is left out, since every move numbers its like anew: it stays as it is unless the
form changes it.
"""

import hashlib
import json
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from experiments.desk.addresses import address


class ChecksMeanwhile:
    """Mixed into the forms and formsets of a `SeenAdmin`: nothing is stored over what is newer."""

    def clean(self) -> Any:
        """ValidationError, once for the page, if the form would change what it never showed."""
        self.refuse_if_newer()
        return super().clean()  # type: ignore[misc]

    def refuse_if_newer(self) -> None:
        """The check by itself; the study is locked by whoever has the form saved."""
        form: Any = self
        row = form.instance
        if not getattr(row, "newer", False) or getattr(row, "refused", False):
            return
        if form.has_changed():
            row.refused = True
            link = '{} <a class="desk-link" href="{}" target="_blank">{}</a>'
            text = _(
                "Somebody saved this after you had opened it, so nothing of yours was saved. What "
                "you typed is still here: open the form as it is now, and do it again there."
            )
            raise ValidationError(format_html(link, text, address(row), _("Open it in a new tab")))


class SeenAdmin:
    """Mixed into admins: their pages carry, as `seen`, the digest of what their form shows."""

    def _create_formsets(self, request: HttpRequest, obj: Any, change: bool) -> Any:
        # Here the rows are read, and no form has yet written into them what was sent. A request
        # that names nothing that was seen, as of a script, is not refused.
        formsets, inlines = super()._create_formsets(request, obj, change)  # type: ignore[misc]
        if change:
            now = digest_of(self.form, obj, formsets)  # type: ignore[attr-defined]
            obj.seen = request.POST.get("seen", now)
            obj.newer = obj.seen != now
        return formsets, inlines

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The page; 409 if what was sent was refused for something newer."""
        found: HttpResponse = super().render_change_form(  # type: ignore[misc]
            request, context, *args, **kwargs
        )
        if getattr(context["original"], "refused", False):
            found.status_code = 409
        return found


def digest_of(form: Any, row: Any, formsets: Any) -> str:
    """The SHA-256 of the fields of a row, except its place, and of the rows of its formsets."""
    fields = [name for name in form._meta.fields if not form.base_fields[name].show_hidden_initial]
    told = [model_to_dict(row, fields)]
    for formset in formsets:
        for child in formset.get_queryset():
            told.append({"pk": child.pk} | model_to_dict(child, formset.form._meta.fields))
    return hashlib.sha256(json.dumps(told, default=str, sort_keys=True).encode()).hexdigest()
