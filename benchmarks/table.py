"""The one table of `make bench`: a line for each figure of each suite, read from their JSON."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

HEADER = (
    f"{'suite':11}{'what':44}{'median':>12}{'lowest–highest':>22}  {'unit':16}"
    f"{'CPU ms: web':>12}{'Postgres':>10}"
    f"{'others':>8}{'worker':>8}{'beat':>6}{'Valkey':>8}"
)
Figures = Mapping[str, Any]
# Of the pages of the desk.
SLOWEST = 5


@dataclass(frozen=True)
class Row:
    """One figure: its repeats, and CPU in ms by process for each of what is counted.

    `beside` is that of worker, beat and Valkey.
    """

    suite: str
    what: str
    values: list[float]
    unit: str
    cpu: tuple[float | None, float | None, float | None] = (None, None, None)
    beside: tuple[float | None, float | None, float | None] = (None, None, None)


def rows_of(suite: str, figures: Figures) -> list[Row]:
    """The lines of a suite."""
    return list(_ROWS[suite](figures))


def line_of(row: Row) -> str:
    """As it is printed."""
    spread = f"{short(min(row.values))}–{short(max(row.values))}" if len(row.values) > 1 else ""
    web, postgres, others = map(_ms, row.cpu)
    worker, beat, valkey = map(_ms, row.beside)
    return (
        f"{row.suite:11}{row.what:44}{short(median(row.values)):>12}{spread:>22}  {row.unit:16}"
        f"{web:>12}{postgres:>10}{others:>8}{worker:>8}{beat:>6}{valkey:>8}"
    ).rstrip()


def _ms(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


def short(value: float) -> str:
    """A figure with three digits, or whole thousands."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _pages(figures: Figures) -> Iterator[Row]:
    yield from _systems("pages", figures)
    for each in figures["compared"]:
        yield Row("pages", f"ratio to floor, {each['name']}", each["ratios"], "times")
        yield Row("pages", f"p99 to the floor's, {each['name']}", [each["p99"]], "times")


def _burst(figures: Figures) -> Iterator[Row]:
    yield from _systems("burst", figures)
    for each in figures["summaries"]:
        runs = figures["runs"][each["name"]]["burst"]
        through = [run["seconds"] for run in runs]
        yield Row("burst", f"{each['name']}: everybody is through", through, "s")
        yield Row("burst", f"{each['name']}: first page, p99", [each["firsts"]["p99"]], "ms")
        longest = max(each["firsts"]["longest"], each["requests"]["longest"])
        yield Row("burst", f"{each['name']}: longest wait", [longest], "ms")
        most = [run["most at once"] for run in runs]
        yield Row("burst", f"{each['name']}: at once at most", most, "respondents")
        yield Row("burst", f"{each['name']}: errors", [sum(each["errors"].values())], "")


def _systems(suite: str, figures: Figures) -> Iterator[Row]:
    for one in figures["summaries"]:
        system, _, name = one["name"].partition(", ")
        rates = [run["rate"] for run in figures["runs"][system][name or suite]]
        cpu = (one["web_ms"], one["postgres_ms"], one["clients_ms"])
        beside = (one["worker_ms"], one["beat_ms"], one["valkey_ms"])
        yield Row(suite, one["name"], rates, "participants/s", cpu, beside)
        yield Row(suite, f"{one['name']}: request, p99", [one["requests"]["p99"]], "ms")
        if one["drafts_each"]:
            yield Row(suite, f"{one['name']}: drafts of a participant", [one["drafts_each"]], "")
            yield Row(suite, f"{one['name']}: draft, p99", [one["drafts"]["p99"]], "ms")


def _allocation(figures: Figures) -> Iterator[Row]:
    for name, by_size in figures["runs"].items():
        for size, runs in by_size.items():
            rates = [run["done"] / run["seconds"] for run in runs]
            done = sum(run["done"] for run in runs)
            postgres, others = (
                1000 * sum(run[kind] for run in runs) / done for kind in ("postgres", "clients")
            )
            cpu = (None, postgres, others)
            yield Row("allocation", f"{name}, {size} connections", rates, "per second", cpu)


def _export(figures: Figures) -> Iterator[Row]:
    for size, systems in figures["sizes"].items():
        for name, turns in systems.items():
            seconds = [turn["seconds"] for turn in turns]
            yield Row("export", f"{name}, {int(size):,} participants", seconds, "s")
    for name, grown in figures["powers"].items():
        yield from _powers("export", f"{name}: ", grown)


def _powers(suite: str, of: str, grown: Figures) -> Iterator[Row]:
    """With which power of the participants something grows: 0 is flat, 1 linear."""
    for name, each in grown.items():
        if each:
            values = [each["lowest"], each["power"], each["highest"]]
            yield Row(suite, f"{of}{name}"[:34] + ", power", values, "")


def _looks(figures: Figures) -> Iterator[Row]:
    for look in figures["looks"]:
        yield Row("looks", f"look of {look['n']:,}", [look["seconds"]], "s")
        yield Row("looks", f"look of {look['n']:,}: memory at most", [look["megabytes"]], "MB")
    yield from _powers("looks", "", figures["powers"])


def _admin(figures: Figures) -> Iterator[Row]:
    for name, each in figures["summaries"].items():
        cpu = (each["cpu"][0], each["cpu"][1], each["cpu"][2])
        worker, beat, valkey = each["beside"]
        what = f"participants, {name}: request, p99"
        yield Row("admin", what, [each["p99"]], "ms", cpu, (worker, beat, valkey))
    yield Row("admin", "p99 beside the desk to quiet", figures["ratios"], "times")
    slowest = sorted(figures["desk"].items(), key=lambda one: -median(one[1]))
    for name, times in slowest[:SLOWEST]:
        yield Row("admin", f"desk: {name}", [1000 * each for each in times], "ms")


def _growth(figures: Figures) -> Iterator[Row]:
    for size, one in figures["sizes"].items():
        runs = one["load"]
        web, postgres = (
            median(1000 * run["cpu"][kind] / run["completed"] for run in runs)
            for kind in ("web", "postgres")
        )
        rates = [run["rate"] for run in runs]
        what = f"journeys, {int(size):,} participants"
        yield Row("growth", what, rates, "per second", (web, postgres, None))
    for name, slope in figures["per decade"].items():
        yield Row("growth", f"{name}, per decade", [slope], "times")
    yield Row("growth", "requests that grow and should not", [len(figures["grows"])], "")


_ROWS: dict[str, Callable[[Figures], Iterator[Row]]] = {
    "pages": _pages,
    "burst": _burst,
    "allocation": _allocation,
    "export": _export,
    "looks": _looks,
    "admin": _admin,
    "growth": _growth,
}
