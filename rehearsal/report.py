"""The report of a rehearsal: what was stored, what was planted and found, whom flags caught."""

from collections import Counter
from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from analysis import apa
from analysis.cells import Section, Table
from analysis.wording import Wording
from experiments.flags import RULES
from experiments.in_words import in_words
from rehearsal.findings import Finding
from rehearsal.rehearsing import Rehearsal
from rehearsal.waiting import waited
from responses.models import State


def verdict(found: Rehearsal) -> str:
    """In a sentence, whether the platform carried it and what of the truth came back."""
    told = [each for each in found.findings if each.recovered is not None]
    recovered = sum(bool(each.recovered) for each in told)
    carried = (
        _("Nothing was lost, doubled or changed, and every number is that of the twin.")
        if found.holds
        else _("Something went wrong: see what was stored, and the twin.")
    )
    return " ".join(
        [
            carried,
            _("%(recovered)s of %(told)s intervals hold what was planted.")
            % {"recovered": recovered, "told": len(told)},
        ]
    )


def sections(found: Rehearsal, language: str = "en") -> tuple[Section, ...]:
    """The tables of the report; the study's texts are in that language."""
    words = Wording(found.version.design, language)
    return (
        Section("came", _("Who came"), (_came(found),)),
        Section("stored", _("What was stored"), (_stored(found), _twin(found))),
        Section("planted", _("What was planted, and what was found"), (_planted(found, words),)),
        Section("flags", _("Whom the quality flags caught"), (_caught(found),)),
        Section("waits", _("How long the site took"), (_waits(found),)),
    )


def markdown(found: Rehearsal, language: str = "en") -> str:
    """The report as text."""
    lines = [f"# {_('Rehearsal')}: {found.play.study.slug}", "", verdict(found)]
    for section in sections(found, language):
        lines += ["", f"## {section.title}"]
        for table in section.tables:
            lines += ["", f"**{table.caption}**", "", *_rows(table)]
            lines += [line for note in table.notes for line in ("", note)]
    return "\n".join(lines) + "\n"


def _rows(table: Table) -> Iterator[str]:
    yield f"| {' | '.join(table.headers)} |"
    yield f"|{'---|' * len(table.headers)}"
    for row in table.rows:
        cells = (cell.replace("|", "\\|") for cell in row)
        yield f"| {' | '.join(cells)} |"


def _came(found: Rehearsal) -> Table:
    visits, play = found.burst.visits, found.play
    labels = dict(State.choices)
    states = sorted(found.reckoned.states.items(), key=lambda pair: -pair[1])
    rows = [
        (_("people who came"), str(len(visits))),
        (
            _("left before they entered"),
            str(sum(bool(one.left) and not one.sent for one in visits)),
        ),
        (
            _("turned away: the panel’s id had come before"),
            str(sum(one.turned_away for one in visits)),
        ),
        *((f"{labels[state]}", str(n)) for state, n in states),
        (_("left and came back"), str(sum(one.came_back for one in visits))),
        (_("pages sent"), str(found.reckoned.taken)),
        (_("seconds"), f"{found.burst.seconds:.1f}"),
        (_("completes per second"), f"{_completes(found) / found.burst.seconds:.1f}"),
    ]
    notes = [_("The same seed sends the same people: %(seed)s.") % {"seed": play.seed}]
    if play.minutes is None:
        notes.append(_("At full speed nobody thinks: what is said of time here is no one’s pace."))
    if found.stopped:
        notes.append(_("It was stopped before everybody had come."))
    return Table("came", _("People"), (_("what"), _("number")), tuple(rows), tuple(notes))


def _completes(found: Rehearsal) -> int:
    return found.reckoned.states.get(State.COMPLETED.value, 0)


def _stored(found: Rehearsal) -> Table:
    held = found.reckoned
    rows = (
        (_("pages that the site took"), str(held.taken)),
        (_("pages in the database"), str(held.stored)),
        (_("pages lost"), str(held.lost)),
        (_("stored more than once"), str(held.doubled)),
        (_("stored with other answers"), str(held.changed)),
        (_("people let in who are not there"), str(held.absent)),
        (_("people there whom nobody sent"), str(held.strangers)),
        (_("tallies that are wrong"), str(held.tallies)),
        (_("cells of the export that are wrong"), str(found.export_wrong)),
        *((error, str(n)) for error, n in held.errors.items()),
    )
    return Table(
        *("stored", _("The database against what people were told"), (_("what"), _("number"))),
        rows,
        (in_words(held.ledger.line),),
    )


def _twin(found: Rehearsal) -> Table:
    like = found.likeness
    looks = (
        (
            _("look %(number)s, n = %(n)s") % {"number": look.number, "n": look.n},
            ", ".join(like.looks[look.number]) or _("the same"),
        )
        for look in found.looks
    )
    people = ", ".join(f"{field} ({n})" for field, n in like.people.items())
    return Table(
        "twin",
        _("The run against its twin in process"),
        (_("what"), _("where they differ")),
        (
            (_("%(n)s people") % {"n": like.compared}, people or _("the same")),
            *looks,
        ),
    )


def _planted(found: Rehearsal, words: Wording) -> Table:
    headers = (_("what"), _("planted"), _("found"), _("interval"), _("said by"), _("recovered"))
    return Table(
        "planted",
        _("Each thing that is true of the people"),
        headers,
        tuple(_finding(each, found, words) for each in found.findings),
        (
            _(
                "About one in twenty of such intervals misses what was planted, by chance alone. "
                "Who answers carelessly draws effects and slopes toward nothing."
            ),
            *_unsaid(found),
        ),
    )


def _unsaid(found: Rehearsal) -> tuple[str, ...]:
    """What a row without an estimate means, if there is one."""
    if all(each.found is not None for each in found.findings):
        return ()
    return (_("A dash: there is no estimate, as with too few people in some arm, or no look yet."),)


def _finding(each: Finding, found: Rehearsal, words: Wording) -> tuple[str, ...]:
    name = _named(each, found, words)
    planted = apa.number(each.planted, 3)
    source = _("last look") if each.look else _("export")
    if each.found is None:
        return name, planted, "–", "–", source, "–"
    recovered = _("yes") if each.recovered else _("no")
    interval = apa.interval(each.low, each.high, 3)
    return name, planted, apa.number(each.found, 3), interval, source, recovered


def _named(each: Finding, found: Rehearsal, words: Wording) -> str:
    kinds = {
        "contrast": _("contrast"),
        "slope": _("slope"),
        "alpha": _("alpha"),
        "mean": _("mean"),
        "share": _("share"),
    }
    plan = found.version.design.plan
    labels = {contrast.code: words.text(contrast.label) for contrast in plan.contrasts}
    name = labels.get(each.code) if each.kind == "contrast" else words.variable_named(each.code)
    of = f": {each.of}" if each.of else ""
    return f"{kinds[each.kind]} {name or each.code}{of}"


def _caught(found: Rehearsal) -> Table:
    """By style, in how many who completed each rule found something."""
    people = {str(row.reference): person for person, row in found.reckoned.rows.items()}
    done = [row for row in found.exported if row["state"] == State.COMPLETED]
    styles: dict[str, list[Mapping[str, str]]] = {}
    for row in done:
        if row["participant"] in people:
            styles.setdefault(found.styles[people[row["participant"]]], []).append(row)
    counts = {
        style: Counter(
            rule.name
            for row in rows
            for rule in RULES
            if int(row.get(f"flag_{rule.name}") or 0) >= rule.least
        )
        for style, rows in styles.items()
    }
    seen = [rule for rule in RULES if any(each[rule.name] for each in counts.values())]
    rows = tuple(
        (style, str(len(styles[style])), *(str(counts[style][rule.name]) for rule in seen))
        for style in sorted(styles)
    )
    notes = [_("Rules that are not named found nothing in anybody, or could not be computed.")]
    if found.play.pace < 1:
        notes.append(_("All went faster than people are: what rules for time find means nothing."))
    return Table(
        "caught",
        _("Of those who completed, by how they answer: in how many a rule found something"),
        (_("style"), "n", *(rule.name for rule in seen)),
        rows,
        tuple(notes),
    )


def _waits(found: Rehearsal) -> Table:
    asked = (each for one in found.burst.visits for each in one.asked)
    rows = tuple(
        (
            f"{each.method} {each.page}",
            str(each.n),
            *(f"{number:.0f}" for number in (each.middle, each.p95, each.p99, each.longest)),
            str(each.failed),
        )
        for each in waited(asked)
    )
    headers = (_("request"), "n", _("median"), "p95", "p99", _("longest"), _("failed"))
    return Table("waits", _("Milliseconds until the last byte"), headers, rows)
