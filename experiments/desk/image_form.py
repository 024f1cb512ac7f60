"""The form of a picture: a file that is uploaded, shown small, and stored in base64."""

import base64
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from experiments import models
from experiments.checks.images import LARGEST_IMAGE, MEDIA_TYPES, media_type_of
from experiments.desk.part_form import OrderedForm
from experiments.desk.written import ChosenFile


class PictureWidget(forms.FileInput):
    """A file to choose, below the picture that is there."""

    template_name = "experiments/picture.html"
    row: models.Image | None = None

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: Any = None,
    ) -> SafeString:
        """The picture and the input as HTML."""
        context = self.get_context(name, None, attrs) | {"row": self.row}
        # The project's own templates are unknown to the renderer of forms.
        return mark_safe(  # noqa: S308 # a rendered template
            render_to_string(self.template_name, context)
        )


class ImageForm(OrderedForm):
    """A picture; one that is there stays until another file is chosen."""

    data = ChosenFile(  # type: ignore[assignment] # a field is no attribute of its form
        label=_("File"),
        widget=PictureWidget({"accept": ",".join(MEDIA_TYPES)}),
        help_text=_(
            "A PNG, JPEG or WebP file of 300 KB at most. Another file takes the place of the one "
            "that is there."
        ),
    )

    class Meta:
        model = models.Image
        fields = ("code", "order", "data")
        help_texts: ClassVar = {
            "code": _("Texts show it with ![what it shows](image:code), such as image:park.")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        widget = self.fields["data"].widget
        if isinstance(widget, PictureWidget) and self.instance.pk:
            widget.row = self.instance

    def clean_data(self) -> str:
        """The file in base64, in lines; what it is, its first bytes say."""
        given = self.cleaned_data["data"]
        if isinstance(given, str):
            return given
        if given.size > LARGEST_IMAGE:
            raise ValidationError(
                _("The file has %(size)d KB. Make it %(most)d KB or smaller."),
                params={"size": given.size // 1024, "most": LARGEST_IMAGE // 1024},
            )
        content = given.read()
        media_type = media_type_of(content)
        if not media_type:
            raise ValidationError(_("This is no picture. Choose a PNG, JPEG or WebP file."))
        self.instance.media_type = media_type
        return base64.encodebytes(content).decode().rstrip("\n")
