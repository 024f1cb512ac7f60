"""A concern about the arms' wording in words."""

from django.utils.translation import gettext as _

from experiments.translated import language_name
from experiments.wording import Concern, ConcernKind


def told(concern: Concern) -> str:
    """What is the matter, and with what, in a sentence or two."""
    words = {
        "subject": concern.subject,
        "language": language_name(concern.language) if concern.language else "",
        "parts": ", ".join(concern.parts),
        "amount": f"{abs(concern.amount):.0f}",
        "grades": f"{abs(concern.amount):.1f}",
        "condition": concern.condition,
    }
    return _sentence(concern) % words


def _sentence(concern: Concern) -> str:
    more = concern.amount > 0
    match concern.kind:
        case ConcernKind.LENGTH:
            return _length(concern.measure, more=more)
        case ConcernKind.GRADE if more:
            return _(
                "%(subject)s in %(language)s is harder to read than the others, by %(grades)s "
                "grades."
            )
        case ConcernKind.GRADE:
            return _(
                "%(subject)s in %(language)s is easier to read than the others, by %(grades)s "
                "grades."
            )
        case ConcernKind.UNTRANSLATED:
            return _("%(subject)s reads the same in these languages: %(parts)s. Was it translated?")
        case ConcernKind.CONDITION:
            return _(
                "%(subject)s is shown only if %(condition)s: arms differ in it though no slot "
                "stands there."
            )
    return _slot(concern.kind)


def _length(measure: str, *, more: bool) -> str:
    if measure == "words":
        if more:
            return _("%(subject)s in %(language)s has %(amount)s%% more words than the others.")
        return _("%(subject)s in %(language)s has %(amount)s%% fewer words than the others.")
    if more:
        return _("%(subject)s in %(language)s has %(amount)s%% more characters than the others.")
    return _("%(subject)s in %(language)s has %(amount)s%% fewer characters than the others.")


def _slot(kind: ConcernKind) -> str:
    return {
        ConcernKind.NO_TEXT: _("%(subject)s has no text in %(language)s."),
        ConcernKind.NO_LEVEL: _("%(subject)s has no text in %(language)s for %(parts)s."),
        ConcernKind.SAME: _("%(subject)s reads the same in %(language)s for %(parts)s."),
        ConcernKind.NO_SLOT: _(
            "The text in %(language)s has no slot for %(subject)s, which is there in another "
            "language: its readers are not treated."
        ),
        ConcernKind.IDLE: _(
            "The slot of %(subject)s changes nothing in %(language)s: all its levels read the same."
        ),
    }[kind]
