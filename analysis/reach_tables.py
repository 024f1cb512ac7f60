"""What a plan can reach, in tables."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from analysis import apa
from analysis.cells import Table
from analysis.reach import Reach
from analysis.reach_rules import POWERS, Part, Share
from analysis.reach_told import Group, chance, share_name
from analysis.reach_track import Chances, LookReach, NilLook, Track
from analysis.statistics.estimate import NotEstimable
from experiments.design import Monitoring


def tables(found: Reach, group: Group) -> tuple[Table, ...]:
    """A group's tables: in all, then look by look for each share of alpha."""
    tracks = group.row.tracks
    if isinstance(tracks, NotEstimable):
        return ()
    by_look = (_looks_table(found, group, track) for track in tracks)
    return (_summary(found, group, tracks), *by_look)


def _looks_table(found: Reach, group: Group, track: Track) -> Table:
    anytime = found.plan.monitoring is Monitoring.ANYTIME
    unit, nil = {"unit": _unit(found)}, track.share.nil
    headers = [
        _("Rows") if anytime else _("Look"),
        _("Participants"),
        _("Rows per cell"),
        _("Standard error, %(unit)s") % unit,
        _("|z| to reach"),
        _("p at most"),
        _("Half-width of the interval, %(unit)s") % unit,
        _("Smallest effect found by now"),
    ]
    if nil:
        by = {**unit, "alpha": apa.level(nil.interval)}
        headers += [
            _("Half-width of the interval for equivalence (%(alpha)s), %(unit)s") % by,
            _("Equivalence at this look, if nil"),
            _("Equivalence by now, if nil"),
        ]
    return Table(
        code=f"looks-{group.code}-{track.share.part}",
        caption=_("Look by look, with %(share)s") % {"share": share_name(track.share)},
        headers=tuple(headers),
        rows=tuple(
            (
                f"{100 * moment.fraction:.4g}%"
                if anytime
                else f"{place} ({100 * moment.fraction:.4g}%)",
                f"{moment.size}",
                _range(cells),
                *_cells_of(found, look),
            )
            for place, (moment, cells, look) in enumerate(
                zip(found.moments, group.row.cells, track.looks, strict=True), start=1
            )
        ),
    )


def _cells_of(found: Reach, look: LookReach) -> tuple[str, ...]:
    return (
        _width(found, look.se),
        apa.number(look.z, 3),
        apa.nominal(look.nominal_p, 5),
        _width(found, look.half),
        chance(look.found_by),
        *(_nil_cells(found, look.nil) if look.nil else ()),
    )


def _nil_cells(found: Reach, nil: NilLook) -> tuple[str, ...]:
    alone = _("can’t come") if nil.alone == 0 else chance(nil.alone)
    return _width(found, nil.half), alone, chance(nil.by)


def _range(cells: tuple[float, ...]) -> str:
    low, high = round(min(cells)), round(max(cells))
    return f"{low}" if low == high else f"{low}–{high}"


def _heading(share: Share) -> str:
    name = (
        _("All of alpha (%(alpha)s)") if share.part is Part.ALL else _("Holm’s first (%(alpha)s)")
    )
    return name % {"alpha": apa.level(share.alpha)}


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
    lines += _nil_rows(tracks)
    return tuple((name, *values) for name, values in lines)


def _nil_rows(tracks: tuple[Track, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """At what equivalence is tested, and how likely it is; nothing where it is not tested."""
    levels = [track.share.nil for track in tracks]
    if None in levels:
        return
    nils = [track.chances.nil if isinstance(track.chances, Chances) else None for track in tracks]

    def chances(name: str, attribute: str) -> tuple[str, tuple[str, ...]]:
        return name, tuple(chance(getattr(nil, attribute) if nil else None) for nil in nils)

    yield (
        _("Alpha of the interval for equivalence, two-sided"),
        tuple(apa.level(each.interval) for each in levels if each),
    )
    yield chances(_("Equivalence if nil: interval at the end alone"), "last")
    yield chances(_("Equivalence if nil: interval of any look"), "any")
    tests = tuple(apa.level(each.tests) for each in levels if each and each.tests is not None)
    if tests:
        yield _("Level of the two one-sided tests at the end"), tests
        yield chances(_("Equivalence if nil: two one-sided tests at the end"), "tests")
        yield chances(_("Equivalence if nil: intervals before the end, tests at it"), "either")
        yield (
            _("The same if the effect is the smallest one: the error"),
            tuple(
                "–" if not nil or nil.wrong is None else apa.fraction(nil.wrong, 4) for nil in nils
            ),
        )
