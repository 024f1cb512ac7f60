"""PURE: the entries of a codebook, from designs and what `experiments.variables` makes of them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from experiments.design import Design, Item, Option, Page, Text
from experiments.expansion import expanded
from experiments.variables import Variable, variables
from experiments.variables.histories import HISTORIES
from experiments.variables.items import treated_items
from experiments.variables.tables import TABLES
from experiments.variables.vignettes import vignette_rows
from responses.export.codebook.entry import Asked, BookTable, Entry, Part, Universe, When
from responses.export.codebook.universes import Universes

# A design with the number of its version.
Numbered = tuple[str, Design]


def entries(versions: Sequence[Numbered], *, blind: bool) -> tuple[Entry, ...]:
    """An entry for each variable of the wide table over all versions, given newest first.

    Those of the newest come first, in its order, as in an export. With `blind` those that are, or
    tell, the arm are marked secret.
    """
    return _union(
        described.entry(variable, number, blind=blind)
        for number, design in versions
        for described in [_Described(expanded(design))]
        for variable in variables(described.design)
    )


def other_tables(versions: Sequence[Numbered], *, blind: bool) -> tuple[BookTable, ...]:
    """The other tables of an export in their order, with an entry for each of their columns.

    Of the table of vignettes a question is told as it is written, not as one draw has it.
    """
    found: dict[str, list[Entry]] = {}
    for number, design in versions:
        described = _Described(design)
        for name, columns in _columns(design):
            told = (described.entry(each, number, blind=blind) for each in columns)
            found.setdefault(name, []).extend(told)
    return tuple(
        BookTable(table, _union(found[table.name])) for table in TABLES if table.name in found
    )


def _columns(design: Design) -> Iterator[tuple[str, Iterable[Variable]]]:
    """The variables of each other table; those of vignettes as the written design has them."""
    yield from HISTORIES.items()
    written = {variable.name: variable for variable in variables(design)}
    for row in vignette_rows(design):
        yield (
            "vignettes",
            (
                replace(each, source=kept.source, scored=kept.scored)
                for each in row.variables
                for kept in [written.get(each.name, each)]
            ),
        )


def _union(told: Iterable[Entry]) -> tuple[Entry, ...]:
    """One entry for each name, of all that are given: the newest first."""
    found: dict[str, Entry] = {}
    for entry in told:
        known = found.get(entry.name)
        found[entry.name] = _merged(known, entry) if known else entry
    return tuple(found.values())


def _merged(newer: Entry, older: Entry) -> Entry:
    """The newer entry, of both versions: with values that only the older one has."""
    known = {option.code for option in newer.variable.values}
    lost = tuple(each for each in older.variable.values if each.code not in known)
    told = [_wording(newer), *(wording for _, wording in newer.reworded)]
    reworded = ((older.versions[0], _wording(older)),) if _wording(older) not in told else ()
    return replace(
        newer,
        variable=replace(newer.variable, values=(*newer.variable.values, *lost)),
        versions=tuple(dict.fromkeys((*newer.versions, *older.versions))),
        secret=newer.secret or older.secret,
        reworded=(*newer.reworded, *reworded),
    )


def _wording(entry: Entry) -> Text:
    return entry.asked.wording if entry.asked else entry.variable.label


class _Described:
    """One expanded design, by its codes."""

    def __init__(self, design: Design) -> None:
        self.design = design
        self.places = {item.code: (page, item) for page in design.pages for item in page.items}
        self.treated = treated_items(design)
        self.universes = Universes(design)
        self.steps = {step.code: step for step in design.randomisations}
        self.scales = {scale.code: scale for scale in design.scales}
        self.subscales = {
            part.code: (scale, part) for scale in design.scales for part in scale.subscales
        }

    def entry(self, variable: Variable, number: str, *, blind: bool) -> Entry:
        """What this design says of one of its variables."""
        entry = Entry(variable, (number,), secret=blind and variable.reveals_arm)
        match variable.source:
            case ("version", "number"):
                values = (Option(number, {}),) if number.isdecimal() else ()
                return replace(entry, variable=replace(variable, values=values))
            case ("answers", code, *_):
                return self._of_item(entry, code)
            case ("tries", code):
                return replace(self._of_item(entry, code), asked=None)
            case ("score", code):
                return self._of_score(entry, code)
            case ("assignments", code, *_):
                condition = [each for each in (self.steps[code].assign_if,) if each]
                return replace(entry, universe=self.universes.given("Who was assigned", condition))
        return entry

    def _of_item(self, entry: Entry, code: str) -> Entry:
        page, item = self.places[code]
        scale = self.scales.get(item.scale)
        _, subscale = self.subscales.get(item.subscale, (None, None))
        asked = _asked(page, item, item.source or (scale.source if scale else ""))
        return replace(
            entry,
            asked=asked,
            scale=Part(scale.code, scale.label) if scale else None,
            subscale=Part(subscale.code, subscale.label) if subscale else None,
            universe=self.universes.of_item(page, item),
            when=self._when([code]),
        )

    def _of_score(self, entry: Entry, code: str) -> Entry:
        scale, part = self.subscales.get(code, (self.scales.get(code), None))
        return replace(
            entry,
            scale=Part(scale.code, scale.label) if scale else None,
            subscale=Part(part.code, part.label) if part else None,
            universe=Universe("Who answered all of its items."),
            when=self._when(scored.item for scored in entry.variable.scored),
        )

    def _when(self, codes: Iterable[str]) -> When:
        return When.AFTER if self.treated & set(codes) else When.BEFORE


def _asked(page: Page, item: Item, source: str) -> Asked:
    ends = [f"{end:.15g}" if end is not None else "" for end in (item.minimum, item.maximum)]
    return Asked(
        item=item.code,
        page=page.code,
        wording=item.text,
        answered=str(item.kind),
        measure=str(item.measure),
        required=item.required,
        reverse=item.reverse,
        source=" ".join(source.split()),
        lowest=ends[0] or item.earliest,
        highest=ends[1] or item.latest,
        unit=item.unit,
        left=item.left,
        right=item.right,
    )
