"""The form of a study's own fields."""

from typing import Any, ClassVar

from django import forms
from django.forms.utils import pretty_name
from django.utils.translation import gettext_lazy as _

from experiments import models
from experiments.checks.form import LANGUAGE, LONGEST_LANGUAGE
from experiments.desk.lists import SpelledListField
from experiments.translated import TranslatedField


def language_tag(entry: str) -> str:
    """A language tag; ValueError if it is none."""
    if not LANGUAGE.fullmatch(entry) or len(entry) > LONGEST_LANGUAGE:
        raise ValueError(entry)
    return entry


class StudyForm(forms.ModelForm):  # type: ignore[type-arg]
    """A study's own fields. Its title is asked for in English and Korean at first."""

    languages = SpelledListField(
        read=language_tag,
        wrong=_("“%(entry)s” is no language tag. Write one such as en or ko."),
        initial=["en", "ko"],
        help_text=_("Tags with commas between them; the first is the study's main language."),
    )
    title = TranslatedField(help_text=_("Participants see it on every page."))
    question = TranslatedField(
        rows=3, required=False, help_text=_("What the study asks, for researchers and registries.")
    )

    class Meta:
        model = models.Study
        fields = ("slug", "languages", "title", "question")
        help_texts: ClassVar = {
            "slug": _(
                "Its short name, in links and file names: "
                "a lower-case letter, then letters, digits or _."
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        languages = self.instance.languages if self.instance.pk else ["en", "ko"]
        for name, field in self.fields.items():
            if isinstance(field, TranslatedField):
                field.use_languages(pretty_name(name), languages, self.initial.get(name))
