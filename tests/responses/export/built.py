"""Ledgers of any design, built without a database: what claims would write, as an export has it.

From `experiments.randomisation` and what docs/randomisation.md says of rows and digests alone.
"""

import csv
import hashlib
import json
import shutil
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from random import Random

from experiments.design import Design, DrawOrder, Method, canonical_json, digest
from experiments.randomisation import (
    Tally,
    arranged,
    counterbalanced,
    drawn,
    latin_square,
    list_draws,
    list_seed,
    next_draw,
    profile_of,
    toward_completes,
    toward_completes_probabilities,
    williams_square,
)
from responses.export.ledger import CHECK

HEADERS = {
    "ledger.csv": "version,randomisation,mode,stratum,position,draw,block,arm,probability,releases,"
    "covariates,key,holder,allocated_at,digest",
    "heads.csv": "version,randomisation,mode,stratum,next_position,reused,digest",
}
SQUARES = {DrawOrder.LATIN: latin_square, DrawOrder.WILLIAMS: williams_square}


@dataclass(frozen=True)
class Drawn:
    """What a claim writes of a draw, beside the list, the position and who holds it."""

    block: int
    arm: int
    probability: Fraction
    draw: int = 1
    covariates: str = ""
    releases: int | None = None


@dataclass
class Built:
    """A study's ledger while people arrive at it."""

    design: Design
    chance: Random
    rows: list[dict[str, str]] = field(default_factory=list)
    heads: list[dict[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.seed = self.chance.randbytes(32)
        self.step = self.design.randomisations[0]

    def list_seed(self, stratum: str) -> bytes:
        code = self.step.code
        return list_seed(self.seed, version=1, randomisation=code, mode="live", stratum=stratum)

    def write(self, folder: Path) -> None:
        """The files of the export."""
        commitment = hashlib.sha256(self.seed).hexdigest()
        study = {"study": "park", "seed_sha256": commitment, "seed": self.seed.hex()}
        (folder / "study.json").write_text(json.dumps(study))
        (folder / "design-1.json").write_bytes(canonical_json(self.design))
        for name, rows in (("ledger.csv", self.rows), ("heads.csv", self.heads)):
            with (folder / name).open("w", newline="") as file:
                writer = csv.DictWriter(file, HEADERS[name].split(","), lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
        shutil.copyfile(CHECK, folder / CHECK.name)

    def add(self, stratum: str, draws: list[Drawn]) -> None:
        """The rows of one list, chained, and its head."""
        name = {"version": "1", "randomisation": self.step.code, "mode": "live", "stratum": stratum}
        before = genesis(self.design, self.step.code, stratum)
        for position, each in enumerate(draws):
            row = name | self._row(position, each)
            before = chained(before, row)
            self.rows.append(row | {"digest": before.hex()})
        reused = sum(each.releases is not None for each in draws)
        counts = {"next_position": str(len(draws)), "reused": str(reused)}
        self.heads.append(name | counts | {"digest": before.hex()})

    def _row(self, position: int, drawn: Drawn) -> dict[str, str]:
        return {
            "position": str(position),
            "draw": str(drawn.draw),
            "block": str(drawn.block),
            "arm": self.step.arms[drawn.arm].code,
            "probability": str(drawn.probability),
            "releases": "" if drawn.releases is None else str(drawn.releases),
            "covariates": drawn.covariates,
            "key": str(uuid.UUID(int=self.chance.getrandbits(128), version=4)),
            "holder": self.chance.randbytes(32).hex(),
            "allocated_at": f"2026-11-23T00:00:00.{position:06}Z",
        }


def genesis(design: Design, code: str, stratum: str) -> bytes:
    """What the chain of a list begins with."""
    return hashlib.sha256("|".join((digest(design), code, "live", stratum)).encode()).digest()


def chained(before: bytes, row: dict[str, str]) -> bytes:
    """The digest of a row."""
    fields = ["position", "block", "arm", "probability", "key", "holder", "allocated_at"]
    told = [row["covariates"]] if row["covariates"] else []
    told += [f"@{row['releases']}"] if row["releases"] else []
    text = "|".join([row[each] for each in fields] + told)
    return hashlib.sha256(before + text.encode()).digest()


def built(design: Design, people: int, number: int) -> Built:
    """The ledger of so many people; the number decides all that chance does."""
    ledger = Built(design, Random(number))
    step = ledger.step
    if step.cluster:
        _clusters(ledger, people)
        return ledger
    for stratum in ("gender=man", "gender=woman") if step.strata else ("",):
        seed = ledger.list_seed(stratum)
        match step.method:
            case Method.MINIMISATION:
                draws = _minimised(ledger, seed, people)
            case Method.TOWARD_COMPLETES:
                draws = _toward_completes(ledger, seed, people)
            case Method.DECK:
                draws = _dealt(ledger, seed, people)
            case _:
                draws = _listed(ledger, seed, people)
        ledger.add(stratum, list(draws))
    return ledger


def _listed(ledger: Built, seed: bytes, people: int) -> Iterator[Drawn]:
    step = ledger.step
    weights = [arm.weight for arm in step.arms]
    ahead = list_draws(step.method, seed, weights, step.block_sizes)
    free: dict[int, Drawn] = {}
    for position in range(people):
        if step.reuse_after_minutes and free and ledger.chance.random() < 0.4:
            old = ledger.chance.choice(sorted(free))
            again = free.pop(old)
            row = Drawn(again.block, again.arm, again.probability, releases=old)
        else:
            draw = next(ahead)
            row = Drawn(draw.block, draw.arm, Fraction(weights[draw.arm], sum(weights)))
        free[position] = row
        yield row


def _minimised(ledger: Built, seed: bytes, people: int) -> Iterator[Drawn]:
    tally = Tally(len(ledger.step.arms))
    for position in range(people):
        gender = ledger.chance.choice(["woman", "man", "no%20answer"])
        told = f"gender={gender}&education={ledger.chance.randint(1, 2)}"
        arm, probability = next_draw(ledger.step, seed, position, tally, profile_of(told))
        tally = tally.with_(profile_of(told), arm)
        yield Drawn(0, arm, probability, covariates=told)


def _toward_completes(ledger: Built, seed: bytes, people: int) -> Iterator[Drawn]:
    step, coin = ledger.step, Fraction(str(ledger.step.coin))
    weights, met = [arm.weight for arm in step.arms], Counter[int]()
    for position in range(people):
        completes = [ledger.chance.randint(met[arm] // 2, met[arm]) for arm in range(len(weights))]
        chances = toward_completes_probabilities(weights, completes, coin)
        arm = toward_completes(seed, position, chances)
        told = [f"{each.code}={n}" for each, n in zip(step.arms, completes, strict=True)]
        met[arm] += 1
        yield Drawn(0, arm, chances[arm], covariates="&".join(told))


def _dealt(ledger: Built, seed: bytes, people: int) -> Iterator[Drawn]:
    size, draws = len(ledger.step.arms), ledger.step.draws
    for number in range(people):
        cards = drawn(seed, number, size, draws)
        if square := SQUARES.get(ledger.step.draw_order):
            cards = arranged(cards, counterbalanced(seed, number, square(draws)))
        for draw, card in enumerate(cards, start=1):
            yield Drawn(number, card, Fraction(1, size), draw)


def _clusters(ledger: Built, people: int) -> None:
    """Its list first, then those of the members, some of one and some of more."""
    names = [f"cluster={ledger.chance.randbytes(32).hex()}" for _ in range(people)]
    rows = _listed(ledger, ledger.list_seed(""), people)
    clusters = {
        name: Drawn(row.block, row.arm, row.probability, covariates=name)
        for name, row in zip(names, rows, strict=True)
    }
    ledger.add("", list(clusters.values()))
    for name, row in sorted(clusters.items()):
        member = Drawn(0, row.arm, row.probability)
        ledger.add(name, [member] * ledger.chance.randint(1, 3))
