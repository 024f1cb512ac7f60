"""What a plan can reach, as sentences and tables."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from analysis import apa
from analysis.cells import Table
from analysis.reach import Reach, RowReach
from analysis.reach_rules import POWERS, Part, Share
from analysis.reach_track import Chances, LookReach, Number, Track
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
    if isinstance(found.smallest, NotEstimable):
        why = _("Power and equivalence are %(why)s.") % {"why": reason(found.smallest)}
        return (*_family(group.row), why)
    told = (
        f"{_power(track, track.chances, found.smallest)} {_equivalence(found, track)}"
        for track in tracks
        if isinstance(track.chances, Chances)
    )
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
        "smallest": apa.number(smallest),
        "power": chance(chances.power),
        "least": apa.number(track.rule.least[0] * track.looks[-1].se),
    }


def _equivalence(found: Reach, track: Track) -> str:
    if not isinstance(track.chances, Chances):
        return ""
    numbers = {
        "last": chance(track.chances.nil_last),
        "any": chance(track.chances.nil_any),
        "tests": chance(track.chances.nil_tests),
    }
    open_at = [place for place, look in enumerate(track.looks) if look.nil_alone]
    if not open_at:
        said = _(
            "Equivalence can’t come by an interval at any look. If the effect is nil, it comes "
            "with probability %(tests)s by two one-sided tests at the end."
        )
        return said % numbers
    said = _(
        "If the effect is nil, equivalence comes with probability %(last)s by the interval at the "
        "end, %(any)s by that of any look, and %(tests)s by two one-sided tests at the end."
    )
    if open_at[0] == 0:
        return said % numbers
    first = _("Equivalence can’t come before %(first)s.") % {"first": _look(found, open_at[0])}
    return f"{first} {said % numbers}"


def _look(found: Reach, place: int) -> str:
    if found.plan.monitoring is Monitoring.ANYTIME:
        share = f"{100 * found.moments[place].fraction:.4g}%"
        return _("%(share)s of the rows are in") % {"share": share}
    return _("look %(number)s") % {"number": place + 1}


def share_name(share: Share) -> str:
    """What a share of alpha is called."""
    if share.part is Part.ALL:
        return _("all of alpha (%(alpha)s)") % {"alpha": level(share.alpha)}
    return _("the part of alpha that Holm starts it with (%(alpha)s)") % {
        "alpha": level(share.alpha)
    }


def level(alpha: float) -> str:
    """An alpha with up to four digits: .05, .01667."""
    return f"{alpha:.4g}".replace("0.", ".", 1)


def tables(found: Reach, group: Group) -> tuple[Table, ...]:
    """A group's tables: in all, then look by look for each share of alpha."""
    tracks = group.row.tracks
    if isinstance(tracks, NotEstimable):
        return ()
    by_look = (_looks_table(found, group, track) for track in tracks)
    return (_summary(found, group, tracks), *by_look)


def _looks_table(found: Reach, group: Group, track: Track) -> Table:
    anytime = found.plan.monitoring is Monitoring.ANYTIME
    return Table(
        code=f"looks-{group.code}-{track.share.part}",
        caption=_("Look by look, with %(share)s") % {"share": share_name(track.share)},
        headers=(
            _("Rows") if anytime else _("Look"),
            _("Participants"),
            _("Rows per cell"),
            _("Standard error, %(unit)s") % {"unit": _unit(found)},
            _("|z| to reach"),
            _("p at most"),
            _("Half-width of the interval, %(unit)s") % {"unit": _unit(found)},
            _("Equivalence at this look, if nil"),
            _("Equivalence by now, if nil"),
            _("Smallest effect found by now"),
        ),
        rows=tuple(
            (
                f"{100 * moment.fraction:.4g}%"
                if anytime
                else f"{place} ({100 * moment.fraction:.4g}%)",
                f"{moment.size}",
                _range(cells),
                _width(found, look.se),
                apa.number(look.z, 3),
                apa.fraction(look.nominal_p, 5),
                _width(found, look.half),
                *_chances_of(look),
            )
            for place, (moment, cells, look) in enumerate(
                zip(found.moments, group.row.cells, track.looks, strict=True), start=1
            )
        ),
    )


def _chances_of(look: LookReach) -> tuple[str, ...]:
    alone = _("can’t come") if look.nil_alone == 0 else chance(look.nil_alone)
    return alone, chance(look.nil_by), chance(look.found_by)


def chance(value: Number) -> str:
    """A probability with two digits, or a dash; the reason is told above."""
    if isinstance(value, NotEstimable):
        return "–"
    if value == 0:
        return "0"
    if value < 0.005:
        return "< .01"
    return "> .99" if value > 0.995 else apa.fraction(value)


def _range(cells: tuple[float, ...]) -> str:
    low, high = round(min(cells)), round(max(cells))
    return f"{low}" if low == high else f"{low}–{high}"


def _heading(share: Share) -> str:
    name = (
        _("All of alpha (%(alpha)s)") if share.part is Part.ALL else _("Holm’s first (%(alpha)s)")
    )
    return name % {"alpha": level(share.alpha)}


def _unit(found: Reach) -> str:
    return _("SD") if isinstance(found.sd, NotEstimable) else _("SD (points)")


def _width(found: Reach, width: float) -> str:
    if isinstance(found.sd, NotEstimable):
        return apa.number(width, 3)
    return f"{apa.number(width, 3)} ({apa.number(width * found.sd, 3)})"


def _summary(found: Reach, group: Group, tracks: tuple[Track, ...]) -> Table:
    return Table(
        code=f"summary-{group.code}",
        caption=_("In all"),
        headers=("", *(_heading(track.share) for track in tracks)),
        rows=_summary_rows(found, tracks),
        notes=(
            _(
                "Expected participants are those of one contrast that ends the study. A plan that "
                "goes on until every primary contrast is decided takes more, up to all of them."
            ),
        ),
    )


def _summary_rows(found: Reach, tracks: tuple[Track, ...]) -> tuple[tuple[str, ...], ...]:
    lines: list[tuple[str, tuple[str, ...]]] = []

    def line(name: str, *values: str) -> None:
        lines.append((name, values))

    several = [track.chances if isinstance(track.chances, Chances) else None for track in tracks]

    def chances(name: str, attribute: str) -> None:
        line(name, *(chance(getattr(c, attribute)) if c else "–" for c in several))

    chances(_("Power for the smallest effect, over all looks"), "power")
    chances(_("The same without looks"), "single_power")
    for place, power in enumerate(POWERS):
        name = _("Effect found with power %(power)s, %(unit)s")
        line(
            name % {"power": apa.fraction(power), "unit": _unit(found)},
            *(_width(found, track.rule.least[place] * track.looks[-1].se) for track in tracks),
        )
    size = found.plan.sample_size
    line(
        _("Participants expected if the effect is nil"),
        *(f"{size * track.rule.nil:.0f}" for track in tracks),
    )
    line(
        _("Participants expected under the smallest effect"),
        *(f"{size * c.fraction:.0f}" if c else "–" for c in several),
    )
    line(
        _("Participants for power .80, over those of a plan without looks"),
        *(apa.number(track.rule.inflation, 3) for track in tracks),
    )
    chances(_("Equivalence if nil: interval at the end alone"), "nil_last")
    chances(_("Equivalence if nil: interval of any look"), "nil_any")
    chances(_("Equivalence if nil: two one-sided tests at the end"), "nil_tests")
    chances(_("Equivalence if nil: intervals before the end, tests at it"), "nil_either")
    return tuple((name, *values) for name, values in lines)
