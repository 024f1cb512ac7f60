"""Checks a study's allocation ledger without the program that wrote it; Python 3.9 is enough.

`python verify_ledger.py [FOLDER]` draws every list again, and holds its rows against it and against
the chain of digests. It says in a line what holds (exit code 0), what first does not (1), or why
files can't be read (2). FOLDER, by default that of this file, is as `export_ledger` wrote it. How
all is drawn, and what a digest is taken of, is said in docs/randomisation.md of Coprod.
"""

import csv
import hmac
import json
import sys
from collections import Counter
from fractions import Fraction
from hashlib import sha256
from itertools import accumulate, combinations, count, islice, product, repeat
from math import lcm
from pathlib import Path

ONE_BY_ONE = {"simple": b"simple", "minimisation": b"minimised", "toward_completes": b"completes"}
SHUFFLED = {"permuted_blocks": b"block", "complete": b"round", "deck": b"deck"}
CHAINED = ("position", "block", "arm", "probability", "key", "holder", "allocated_at", "covariates")


class _Chance:
    """Words of HMAC-SHA256 give numbers `below` a bound, by rejection, and these give orders."""

    def __init__(self, seed, label, number):
        starts = (label + (number << 64 | turn).to_bytes(16, "big") for turn in count())
        digests = (hmac.digest(seed, start, "sha256") for start in starts)
        self.words = (digest[at : at + 4] for digest in digests for at in range(0, 32, 4))

    def below(self, bound):
        size = max(1, -(-(bound - 1).bit_length() // 32))
        values = (int.from_bytes(b"".join(islice(self.words, size)), "big") for _ in count())
        return next(value for value in values if value < 2 ** (32 * size) // bound * bound) % bound

    def shuffled(self, things):
        order = list(things)
        for last in range(len(order) - 1, 0, -1):  # Fisher & Yates
            other = self.below(last + 1)
            order[last], order[other] = order[other], order[last]
        return order


def in_turn(step, seed):
    """Block, arm and probability of all draws of permuted blocks, complete rounds and decks."""
    shares, sizes, draws = step["shares"], step["block_sizes"], step["draws"]
    method, williams = step["method"], step["draw_order"] == "williams"
    first = [(at + 1) // 2 * (-1) ** (at + 1) if williams else at for at in range(draws)]
    rows, turns = (first, first[::-1]), 2 * draws if williams and draws % 2 else draws
    for block in count():
        chance, dealt = _Chance(seed, SHUFFLED[method], block), []
        size = sizes[chance.below(len(sizes))] if method == "permuted_blocks" else step["total"]
        places = [arm for arm, share in enumerate(shares) for _ in range(int(share * size))]
        while not dealt or len(dealt) % draws:  # once, but for decks that end amid a set
            begun = dealt[len(dealt) // draws * draws :]
            fresh = chance.shuffled(arm for arm in places if arm not in begun)
            rest = draws - len(begun) if begun else size
            dealt += fresh[:rest] + chance.shuffled(fresh[rest:] + begun)
        for at in range(0, len(dealt), draws):
            number, hand = (block * len(dealt) + at) // draws, dealt[at : at + draws]
            if step["draw_order"] != "random":  # a row of a square, by turns
                by = _Chance(seed, b"order", number // turns)
                names, turn = by.shuffled(range(draws)), by.shuffled(range(turns))[number % turns]
                hand = [sorted(hand)[names[(k + turn) % draws]] for k in rows[turn // draws]]
            yield from ((number if method == "deck" else block, arm, shares[arm]) for arm in hand)


def one_by_one(step, seed, rows):
    """The same for simple randomisation, and for coins to arms of least imbalance or completes."""
    shares, codes, met, label = step["shares"], step["codes"], Counter(), ONE_BY_ONE[step["method"]]
    arms, fills = [arm for arm, share in enumerate(shares) if share], label == b"completes"
    follow = (1 - Fraction(step["coin"])) / (1 - min(shares[arm] for arm in arms) or 1)
    balanced = [*zip(step["covariates"], step["covariate_weights"] or repeat(1))]  # noqa: B905
    for position, row in enumerate(row for row in rows if not row["releases"]):
        told = dict(part.split("=", 1) for part in row["covariates"].split("&") if part)
        has = {k: fills and range(met[k] + 1).index(int(told[codes[k]])) / shares[k] for k in arms}
        for arm, (code, weight) in product(arms, balanced):
            xs = [(met[code, told[code], k] + (k == arm)) / shares[k] for k in arms]
            gaps = [abs(x - y) for x, y in combinations(xs, 2)] or [0]
            distances = {"range": max(gaps), "variance": sum(gap * gap for gap in gaps)}
            has[arm] += weight * distances.get(step["distance"], sum(gaps) / sum(xs))
        best = [arm for arm in arms if has[arm] == min(has.values())]
        more = (1 - follow) / sum(shares[arm] for arm in best)
        chances = [share * (follow + more * (arm in best)) for arm, share in enumerate(shares)]
        whole = lcm(*(each.denominator for each in chances))
        number = _Chance(seed, label, position).below(whole)
        drawn = next(arm for arm, end in enumerate(accumulate(chances)) if number < end * whole)
        met.update([drawn, *((code, level, drawn) for code, level in told.items())])
        yield 0, drawn, chances[drawn]


def check(name, step, seed, rows, head, clusters):
    """Holds a list's rows against its draws and its chain, and its head against its rows."""
    where, free = "Version " + ", ".join(filter(None, name)), {}
    digest = sha256("|".join((step["digest"], *name[1:])).encode()).digest()
    seed = hmac.digest(seed, "|".join(name).encode(), "sha256")
    draws = one_by_one(step, seed, rows) if step["method"] in ONE_BY_ONE else in_turn(step, seed)
    draws = repeat((0, *clusters.get(name, ())[1:])) if step.get("cluster") and name[3] else draws
    for at, row in enumerate(rows):
        try:
            draw = block, arm, share = free.pop(row["releases"]) if row["releases"] else next(draws)
        except (KeyError, ValueError):
            sys.exit(f"{where}, position {at}: it can't have been drawn by what it says.")
        free[step.get("reuse_after_minutes") and str(at)] = draw
        fields = [row[each] for each in CHAINED] + [row["releases"] and "@" + row["releases"]]
        digest = sha256(digest + "|".join(filter(None, fields)).encode()).digest()
        drawn = {"position": at, "draw": at % step["draws"] + 1, "block": block}
        drawn |= {"arm": step["codes"][arm], "probability": share, "digest": digest.hex()}
        for column, value in drawn.items():
            if row[column] != str(value):
                sys.exit(f"{where}, position {at}: the {column} is {row[column]}, not {value}.")
        cluster = (*name[:3], row["covariates"])
        if step.get("cluster") and not name[3] and clusters.setdefault(cluster, draw) is not draw:
            sys.exit(f"{where}, position {at}: its cluster has a row already.")
    whole = len(rows) - len(rows) % step["draws"]  # a participant's rows come at once
    end = [str(whole), str(sum(row["releases"] != "" for row in rows)), digest.hex()]
    if (said := list(head.values())[4:]) != end:
        sys.exit(f"{where}, position {len(rows)}: the rows end at {end}, the head says {said}.")


if __name__ == "__main__":
    folder, lists, steps, clusters = Path(*sys.argv[1:] or [Path(__file__).parent]), {}, {}, {}
    try:
        study = json.loads((folder / "study.json").read_bytes())
        seed, committed = bytes.fromhex(study["seed"]), study["seed_sha256"]
        if sha256(seed).hexdigest() != committed:
            sys.exit("The seed is not the one that was committed to at launch.")
        for path in folder.glob("design-*.json"):
            for step in json.loads(path.read_bytes(), parse_float=Fraction)["randomisations"]:
                weights = [step["method"] == "deck" or arm["weight"] for arm in step["arms"]]
                step["digest"], step["total"] = sha256(path.read_bytes()).hexdigest(), sum(weights)
                step["shares"] = [Fraction(weight, sum(weights)) for weight in weights]
                step["codes"] = [".".join(arm["levels"]) for arm in step["arms"]]
                steps[path.stem[7:], step["code"]] = step
        ledger, heads = ((folder / each).read_text("utf-8") for each in ("ledger.csv", "heads.csv"))
        for row in csv.DictReader(ledger.split("\n"), restval=""):
            lists.setdefault(tuple(row.values())[:4], []).append(row)
        heads = {tuple(head.values())[:4]: head for head in csv.DictReader(heads.split("\n"))}
        total = sum(map(len, lists.values()))
        for name, head in heads.items():
            check(name, steps[name[:2]], seed, lists.pop(name, []), head, clusters)
        for name in [*lists, *(clusters.keys() - heads.keys())]:
            sys.exit(f"Version {', '.join(filter(None, name))}: it has no head, or no members.")
        print(f"{total} allocations in {len(heads)} lists replay. The seed's SHA-256: {committed}")
    except (OSError, ValueError, KeyError, csv.Error) as error:
        sys.stderr.write(f"Files can't be read, {type(error).__name__}: {error}. Export anew.\n")
        sys.exit(2)
