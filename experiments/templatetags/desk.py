"""What the desk's templates say often."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language

from experiments.desk.counted import counted
from experiments.desk.plan_words import FAMILIES, rules, spending_word
from experiments.in_words import in_words
from experiments.membership import Account, may
from experiments.models import Image, Study
from experiments.translated import as_texts, language_name

register = template.Library()
register.filter("in_words", in_words)
register.simple_tag(counted)


@register.filter
def in_language(text: Mapping[str, str]) -> str:
    """A text of ours in the language that is active, in English if it has none."""
    return text.get(get_language() or "en") or text["en"]


@register.inclusion_tag("experiments/texts.html")
def texts(value: Any, languages: Iterable[str], more: Any = None) -> dict[str, Any]:
    """A text in every language that it should have and in those that it has besides.

    Each is under the name of its language, and above the same language's text of `more`, if any.
    """
    parts = [as_texts(value)] if more is None else [as_texts(value), as_texts(more)]
    wanted = list(dict.fromkeys([*languages, *(each for part in parts for each in part)]))
    return {
        "texts": [
            (each, language_name(each), [part.get(each) for part in parts]) for each in wanted
        ],
        "named": len(wanted) > 1,
        "headed": more is not None,
    }


@register.simple_tag
def desk_address(row: Any) -> str:
    """The page of a study or of a part of it."""
    return reverse(f"admin:experiments_{row._meta.model_name}_change", args=[row.pk])


class Granted:
    """What an account may do in a study, as templates ask it: `may.responses.export_data`."""

    def __init__(self, user: Account, study: Study, room: str = "") -> None:
        self.user, self.study, self.room = user, study, room

    def __getitem__(self, name: str) -> Any:
        """The rooms first, then what may be done there."""
        if not self.room:
            return Granted(self.user, self.study, name)
        return may(self.user, f"{self.room}.{name}", self.study)


@register.simple_tag(takes_context=True)
def may_in(context: Any, study: Study) -> Granted:
    """What the account of the request may do in the study: `{% may_in study as may %}`."""
    return Granted(context["request"].user, study)


@register.simple_tag
def one_factor_only() -> bool:
    """Whether the desk asks for a password alone."""
    return not settings.TWO_FACTOR


@register.filter
def model_name(row: Any) -> str:
    """What the row's model is called in addresses."""
    return str(row._meta.model_name)


@register.filter
def commas(value: Iterable[Any]) -> str:
    """A list in one line; 0.5 stays 0.5 and 1.0 becomes 1."""
    return ", ".join(f"{each:g}" if isinstance(each, float) else str(each) for each in value)


@register.filter
def rules_told(plan: Any) -> list[tuple[Any, Any]]:
    """What a plan says of its tests and of ending early, in words."""
    return list(rules(plan))


@register.filter
def spending_told(plan: Any) -> Any:
    """How a plan spends alpha, in words."""
    return spending_word(plan)


@register.filter
def family_told(contrast: Any) -> Any:
    """What a contrast is in the study, in words."""
    return FAMILIES[contrast.family]


@register.simple_tag(name="language_name")
def named_language(code: str) -> str:
    """A language as the desk calls it."""
    return language_name(code)


@register.filter
def data_address(image: Image) -> str:
    """A picture as an address that holds it; its base64 may be wrapped anywhere."""
    return f"data:{image.media_type};base64,{''.join(image.data.split())}"
