"""The names of models and fields as texts that have translations.

Django takes a field's name for its label and translates only what was marked by hand. Here all of a
room's names are marked at once, so that a new field can't be forgotten; `coprod_site.catalogue`
asks for their Korean.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import AppConfig
from django.db.models import Field, Model
from django.utils import translation
from django.utils.translation import gettext_lazy


def names_of(app: AppConfig) -> Iterator[str]:
    """The names of the room's models and of their fields, in the code's own English."""
    with translation.override(None):
        for model in app.get_models():
            yield str(model._meta.verbose_name)
            yield str(model._meta.verbose_name_plural)
            for field in _own_fields(model):
                yield str(field.verbose_name)


def mark_names(app: AppConfig) -> None:
    """Has the names of the room's models and fields translated wherever they are shown."""
    for model in app.get_models():
        names = model._meta
        with translation.override(None):
            one, many = str(names.verbose_name), str(names.verbose_name_plural)
        names.verbose_name, names.verbose_name_plural = gettext_lazy(one), gettext_lazy(many)
        for field in _own_fields(model):
            field.verbose_name = gettext_lazy(str(field.verbose_name))


def _own_fields(model: type[Model]) -> list["Field[Any, Any]"]:
    fields = model._meta.get_fields()
    return [each for each in fields if isinstance(each, Field) and not each.auto_created]
