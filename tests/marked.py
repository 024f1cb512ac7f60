"""A table in the docs that a command writes, between two marks that nobody sees."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Marked:
    """The place of such a table: the file, and the name in its marks."""

    path: Path
    name: str

    def read(self) -> str:
        """What stands between the marks."""
        return self.path.read_text().partition(self._begin)[2].partition(self._end)[0].strip("\n")

    def write(self, table: str) -> None:
        """Puts the table there."""
        before, _, rest = self.path.read_text().partition(self._begin)
        after = rest.partition(self._end)[2]
        self.path.write_text(f"{before}{self._begin}\n{table}\n{self._end}{after}")

    @property
    def _begin(self) -> str:
        return f"<!-- {self.name}: begin -->"

    @property
    def _end(self) -> str:
        return f"<!-- {self.name}: end -->"
