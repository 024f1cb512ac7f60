"""A text in several languages as a form field: one input for each language, side by side."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _


def language_name(code: str) -> str:
    """A language as the desk calls it, such as Korean; the tag itself if it has no name."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


class TranslatedWidget(forms.Widget):
    """One input for each language; those without a text are marked.

    `required_languages` are the study's; `languages` has those that only the value has, too.
    """

    template_name = "experiments/translated.html"

    def __init__(self, rows: int = 1) -> None:
        super().__init__()
        self.rows = rows
        self.label = ""
        self.required_languages: tuple[str, ...] = ()
        self.languages: tuple[str, ...] = ()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """What the template needs: the text of each language."""
        context = super().get_context(name, value, attrs)
        texts = as_texts(value)
        context["widget"]["texts"] = [
            {
                "name": f"{name}_{language}",
                "id": f"{context['widget']['attrs'].get('id', name)}_{language}",
                "language": language,
                "language_name": language_name(language),
                "value": texts.get(language, ""),
                "rows": self.rows if "\n" not in texts.get(language, "") else max(self.rows, 3),
                # Where nothing is written at all, as in a new row, nothing is missing yet.
                "missing": bool(texts) and language not in texts,
                "foreign": language not in self.required_languages,
            }
            for language in self.languages
        ]
        context["widget"]["label"] = self.label
        return context

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: Any = None,
    ) -> SafeString:
        """The inputs as HTML."""
        # The project's own templates are unknown to the renderer of forms.
        return mark_safe(  # noqa: S308 # a rendered template
            render_to_string(self.template_name, self.get_context(name, value, attrs))
        )

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, str]:
        """The texts that were sent, by language."""
        found = {language: data.get(f"{name}_{language}") for language in self.languages}
        return {language: text for language, text in found.items() if text is not None}

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Whether no input was sent."""
        return not any(f"{name}_{language}" in data for language in self.languages)

    def id_for_label(self, id_: str) -> str:
        """The first language's input."""
        return f"{id_}_{self.languages[0]}" if id_ and self.languages else id_


class TranslatedField(forms.Field):
    """A text in the languages of a study; a language whose input is blank has no text.

    With `may_be_silent` a text that is blank in every language says nothing on purpose: it is
    stored as an empty text in each of the study's languages.
    """

    widget = TranslatedWidget
    default_error_messages = {"required": _("Write a text in at least one language.")}  # noqa: RUF012

    def __init__(self, *, rows: int = 1, may_be_silent: bool = False, **kwargs: Any) -> None:
        super().__init__(widget=TranslatedWidget(rows), **kwargs)
        self.may_be_silent = may_be_silent

    @property
    def texts(self) -> TranslatedWidget:
        """The widget, of which each form has its own."""
        return cast(TranslatedWidget, self.widget)

    def use_languages(self, name: str, languages: Iterable[str], value: Any) -> None:
        """Asks for a text in these languages, and in those that the value has besides.

        `name` is what the field is called for those who do not see its place.
        """
        required = tuple(languages)
        others = tuple(language for language in as_texts(value) if language not in required)
        self.texts.required_languages = required
        self.texts.languages = required + others
        self.texts.label = name

    def clean(self, value: Any) -> dict[str, str]:
        """What is stored, or ValidationError."""
        texts = self._written(value)
        if not texts and self.may_be_silent:
            return dict.fromkeys(self.texts.required_languages, "")
        if not texts and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return texts

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether it is stored anew."""
        before = {language: text for language, text in as_texts(initial).items() if text.strip()}
        return not self.disabled and self._written(data) != before

    def _written(self, value: Any) -> dict[str, str]:
        # Browsers send line ends as CR LF, whatever they were.
        texts = {
            language: text.replace("\r\n", "\n").replace("\0", "")
            for language, text in as_texts(value).items()
        }
        return {language: text for language, text in texts.items() if text.strip()}


def as_texts(value: Any) -> dict[str, str]:
    """The texts of a value that rows or a request may hold, whatever else is in it."""
    pairs = value.items() if isinstance(value, Mapping) else ()
    return {str(language): text for language, text in pairs if isinstance(text, str)}
