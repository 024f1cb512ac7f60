"""What of the rows of pages and answers would tell an arm, and the SQL that leaves it out.

It reads a participant's row as `p`. `responses.blinding` keeps the same from the desk.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from psycopg.sql import SQL, Composable, Composed, Literal

from experiments.expansion import expanded
from experiments.variables.arm_conditions import (
    pages_by_arm,
    pages_since_shown,
    telling_items,
    way_tells,
)
from responses.export.dataset import Dataset

_NOTHING = SQL("'{{}}'::text[]")


@dataclass(frozen=True)
class Secrets:
    """What is secret of whose arm is: by version's id, as codes of pages and of items.

    `pages` were sent by some arms only. `timed` are those whose times could tell which text was
    read. Where `ways` are true how many pages were sent tells as much.
    """

    pages: Mapping[int, frozenset[str]]
    items: Mapping[int, frozenset[str]]
    timed: Mapping[int, frozenset[str]]
    ways: Mapping[int, bool]
    blind: bool

    def hides_page(self, page: Composable) -> Composed:
        """Whether a page must not be there."""
        return self._among(page, self.pages)

    def hides_item(self, item: Composable) -> Composed:
        """Whether an item must not be there."""
        return self._among(item, self.items)

    def untimed(self, value: Composable, page: Composable) -> Composed:
        """A time; NULL if it could tell which text was read."""
        return self._kept(value, self._among(page, self.timed))

    def uncounted(self, value: Composable, page: Composable) -> Composed:
        """A count of pages; NULL if some pages of other arms are missing from it."""
        telling = {version: self.timed[version] for version, told in self.ways.items() if told}
        return self._kept(value, self._among(page, telling))

    def without_items(self, json: Composable) -> Composed:
        """A JSON object by items, without those that are secret."""
        if not self.blind or not any(self.items.values()):
            return Composed([json])
        return SQL("({} - {})").format(json, self._codes(self.items))

    def _among(self, code: Composable, secret: Mapping[int, frozenset[str]]) -> Composed:
        if not self.blind or not any(secret.values()):
            return Composed([SQL("false")])
        return SQL("({} = ANY({}))").format(code, self._codes(secret))

    def _kept(self, value: Composable, secret: Composed) -> Composed:
        return SQL("CASE WHEN NOT {} THEN {} END").format(secret, value)

    def _codes(self, secret: Mapping[int, frozenset[str]]) -> Composed:
        """The codes that are secret of a participant, as an array."""
        cases = SQL(" ").join(
            SQL("WHEN {} THEN {}::text[]").format(Literal(version), Literal(sorted(codes)))
            for version, codes in secret.items()
        )
        return SQL(
            "CASE WHEN p.first_look IS NULL THEN CASE p.version_id {} ELSE {} END ELSE {} END"
        ).format(cases, _NOTHING.format(), _NOTHING.format())


def secrets_of(dataset: Dataset) -> Secrets:
    """What is secret of a data set's participants whose arm is."""
    designs = {version: expanded(design) for version, design in dataset.versions}
    return Secrets(
        pages={version: pages_by_arm(design) for version, design in designs.items()},
        items={version: telling_items(design) for version, design in designs.items()},
        timed={version: pages_since_shown(design) for version, design in designs.items()},
        ways={version: way_tells(design) for version, design in designs.items()},
        blind=dataset.blind,
    )
