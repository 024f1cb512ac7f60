"""The form of a study's own fields."""

from dataclasses import asdict
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from experiments import models
from experiments.checks.form import LANGUAGE, LONGEST_LANGUAGE
from experiments.design import PROLIFIC
from experiments.desk.lists import SpelledListField
from experiments.desk.meanwhile import ChecksMeanwhile
from experiments.desk.part_form import name_of
from experiments.desk.taken import SaysTaken
from experiments.translated import TranslatedField


def language_tag(entry: str) -> str:
    """A language tag; ValueError if it is none."""
    if not LANGUAGE.fullmatch(entry) or len(entry) > LONGEST_LANGUAGE:
        raise ValueError(entry)
    return entry


class StudyForm(ChecksMeanwhile, SaysTaken, forms.ModelForm):  # type: ignore[type-arg]
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

    debriefing = TranslatedField(
        rows=5,
        required=False,
        help_text=_(
            "Markdown. What the study was about, such as that a plan was made up: shown at the "
            "end, and to those who withdraw after the vignette."
        ),
    )
    # A study is named first; the rest is asked for on its page, in its own languages.
    named: ClassVar = (None, {"fields": ("slug", "languages", "title", "question")})
    groups: ClassVar = (
        named,
        (_("Coming in and leaving"), {"fields": ("access", "withdrawal", "debriefing")}),
        (_("What is recorded besides answers"), {"fields": ("paradata", "fingerprint")}),
        (_("What may be published"), {"fields": ("release_free_text",)}),
        (_("What is erased after the study"), {"fields": ("identities_kept_days",)}),
    )

    class Meta:
        model = models.Study
        fields = (
            *("slug", "languages", "title", "question", "access", "withdrawal", "debriefing"),
            *("paradata", "fingerprint", "release_free_text", "identities_kept_days"),
        )
        labels: ClassVar = {
            "slug": _("Short name"),
            "paradata": _("Record timings and device"),
            "fingerprint": _("Notice the same device"),
            "release_free_text": _("Publish what participants write"),
            "identities_kept_days": _("Erase who people are after so many days"),
        }
        help_texts: ClassVar = {
            "slug": _(
                "It stands in links and file names: a lower-case letter, then letters, digits or _."
            ),
            "access": _(
                "Open: everybody who has the link. Panel: by a link with the parameter that "
                "identifies. Invitation: by a personal link, used once."
            ),
            "withdrawal": _(
                "What becomes of the answers of who withdraws. Erase: all are erased. Ask: the "
                "participant says whether those given so far may be kept."
            ),
            "paradata": _("How long each page takes, what kind of device, changes and pastes."),
            "fingerprint": _(
                "By a keyed hash of address and browser, new each day, which says nothing by "
                "itself."
            ),
            "release_free_text": _(
                "In replication bundles. Read all of it first: people write names and numbers."
            ),
            "identities_kept_days": _(
                "Counted from the close. Ids of panels, labels of invitations, completion codes, "
                "what links brought and unsent drafts go then; pay people before. Empty: they stay."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        languages = self.instance.languages if self.instance.pk else ["en", "ko"]
        for name, field in self.fields.items():
            field.label = field.label or name_of(models.Study, name)
            if isinstance(field, TranslatedField):
                field.use_languages(str(field.label), languages, self.initial.get(name))


def add_usual_parameters(*, study: models.Study) -> list[models.Parameter]:
    """Gives a new study the parameters that a study file without `parameters` has."""
    return models.Parameter.objects.bulk_create(
        models.Parameter(study=study, order=order, **asdict(parameter))
        for order, parameter in enumerate(PROLIFIC)
    )
