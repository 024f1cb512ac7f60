"""What a plan can reach, in sentences."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from analysis import apa
from analysis.reach import Reach, RowReach
from analysis.reach_rules import Part, Share
from analysis.reach_track import Chances, Number, Track
from analysis.statistics.estimate import NotEstimable
from analysis.wording import Wording, reason
from experiments.design import Family, Monitoring


@dataclass(frozen=True)
class Group:
    """Rows of contrasts that have the same numbers: their names, and the first of them."""

    code: str
    title: str
    row: RowReach


def told(found: Reach, words: Wording) -> tuple[tuple[str, str], ...]:
    """What each contrast can reach: its name and a paragraph; what a preregistration could say."""
    return tuple((group.title, " ".join(says(found, group))) for group in groups(found, words))


def groups(found: Reach, words: Wording) -> tuple[Group, ...]:
    """The rows in the plan's order, those with the same numbers together."""
    alike: list[list[RowReach]] = []
    for row in found.rows:
        same = [each for each in alike if _numbers(each[0]) == _numbers(row)]
        if same:
            same[0].append(row)
        else:
            alike.append([row])
    return tuple(
        Group(f"{place}", "; ".join(_name(row, words) for row in rows), rows[0])
        for place, rows in enumerate(alike, start=1)
    )


def _numbers(row: RowReach) -> tuple[object, ...]:
    return row.family, row.cells, row.tracks


def _name(row: RowReach, words: Wording) -> str:
    label = words.text(row.label)
    return f"{label}: {words.pairs(row.pairs)}" if len(row.pairs) > 1 else label


def says(found: Reach, group: Group) -> tuple[str, ...]:
    """A group's numbers in a few sentences: what it is, then each share of alpha."""
    tracks = group.row.tracks
    if isinstance(tracks, NotEstimable):
        return (_("Not to be computed. %(why)s") % {"why": tracks.detail},)
    nil = tracks[0].share.nil is not None
    if isinstance(found.smallest, NotEstimable):
        unknown = _("Power and equivalence are %(why)s.") if nil else _("Power is %(why)s.")
        why = unknown % {"why": reason(found.smallest)}
        return (*_family(group.row), why)
    told: list[str] = []
    for place, track in enumerate(tracks):
        if isinstance(track.chances, Chances):
            power = _power(track, track.chances, found.smallest)
            # Equivalence may be tested at the same levels whatever the share is.
            again = place > 0 and track.share.nil == tracks[place - 1].share.nil
            told.append(" ".join((power, *(() if again else _equivalence(found, track)))))
    return (*_family(group.row), *told)


def _family(row: RowReach) -> Iterator[str]:
    if row.family is Family.SECONDARY:
        yield _("Secondary: tested only once every primary contrast was found to differ from zero.")
    if row.family is Family.EXPLORATORY:
        yield _("Exploratory: never confirmed, and corrected by Benjamini–Hochberg.")
    if len(row.pairs) > 1:
        yield _(
            "An interaction is tested by all of its rows together; these are rows by themselves."
        )


def _power(track: Track, chances: Chances, smallest: float) -> str:
    return _(
        "With %(share)s: the smallest effect (%(smallest)s SD) is found with probability "
        "%(power)s by the end; for a power of .80 it would have to be %(least)s SD."
    ) % {
        "share": share_name(track.share),
        "smallest": apa.number(smallest, 3),
        "power": chance(chances.power),
        "least": apa.number(track.rule.least[0] * track.looks[-1].se, 3),
    }


def _equivalence(found: Reach, track: Track) -> Iterator[str]:
    """What can be shown of an effect of nil; nothing where the plan does not test it."""
    nil = track.chances.nil if isinstance(track.chances, Chances) else None
    if nil is None:
        return
    open_at = [place for place, look in enumerate(track.looks) if look.nil and look.nil.alone]
    if not open_at:
        yield _("Equivalence can’t come by an interval at any look.")
    elif open_at[0]:
        first = _look(found, open_at[0])
        yield _("Equivalence can’t come before %(first)s.") % {"first": first}
    numbers = {"last": chance(nil.last), "any": chance(nil.any), "tests": chance(nil.tests)}
    if open_at and nil.tests is not None:
        said = _(
            "If the effect is nil, equivalence comes with probability %(last)s by the interval at "
            "the end, %(any)s by that of any look, and %(tests)s by two one-sided tests at the end."
        )
    elif open_at:
        said = _(
            "If the effect is nil, equivalence comes with probability %(last)s by the interval at "
            "the end, and %(any)s by that of any look."
        )
    elif nil.tests is not None:
        said = _(
            "If the effect is nil, it comes with probability %(tests)s by two one-sided tests at "
            "the end."
        )
    else:
        return
    yield said % numbers


def _look(found: Reach, place: int) -> str:
    if found.plan.monitoring is Monitoring.ANYTIME:
        share = f"{100 * found.moments[place].fraction:.4g}%"
        return _("%(share)s of the rows are in") % {"share": share}
    return _("look %(number)s") % {"number": place + 1}


def share_name(share: Share) -> str:
    """What a share of alpha is called."""
    if share.part is Part.ALL:
        return _("all of alpha (%(alpha)s)") % {"alpha": apa.level(share.alpha)}
    return _("the part of alpha that Holm starts it with (%(alpha)s)") % {
        "alpha": apa.level(share.alpha)
    }


def chance(value: Number | None) -> str:
    """A probability, or a dash; the reason is told above."""
    return "–" if value is None or isinstance(value, NotEstimable) else apa.chance(value)
