"""Checks a replication bundle without the program that wrote it; Python 3.9 is enough.

`python verify.py [FOLDER]` reads every file of the folder, by default that of this file. It says in
a line each what holds, and what does not: files that were changed, taken away or added; designs and
their digests; the allocation ledger, drawn again by verify_ledger.py; and whether the counts of
reconciliation.json are those of the data. Exit code 0 if all holds, 1 if something does not, 2 if
files can't be read. What is where is said in README.md beside it.
"""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

MANIFEST = "MANIFEST.sha256"
LINE = re.compile(r"([0-9a-f]{64})  ([^\\\n]+)\n")
TABLES = {
    "participants": "data/analysis/participants.csv",
    "answers": "data/analysis/answers.csv",
    "vignettes": "data/analysis/vignettes.csv",
    "submissions": "data/raw/submissions.csv",
    "paradata": "data/raw/paradata.csv",
}
LONGEST_CELL = 1 << 30
ENDS = ("refused", "screened_out", "quota_full")


def check_files(folder: Path, problems: list[str]) -> str:
    """Whether the manifest's files are there as they were written, and no others."""
    told = read_manifest(folder)
    there = set(files_of(folder)) - {MANIFEST}
    for name in sorted(told.keys() - there):
        problems.append(f"{name} is missing.")
    for name in sorted(there - told.keys()):
        problems.append(f"{name} is not in the manifest: it was added.")
    for name in sorted(there & told.keys()):
        if digest_of(folder / name) != told[name]:
            problems.append(f"{name} was changed: its SHA-256 is not the manifest's.")
    return f"{len(told)} files are as the manifest says."


def read_manifest(folder: Path) -> dict[str, str]:
    """The SHA-256 of each file by its name; ValueError if a line is none."""
    text = (folder / MANIFEST).read_text("utf-8")
    lines = LINE.findall(text)
    if "".join(f"{digest}  {name}\n" for digest, name in lines) != text:
        raise ValueError(f"{MANIFEST} has a line that is no digest with a name")
    names = [name for _, name in lines]
    if len(set(names)) != len(names):
        raise ValueError(f"{MANIFEST} names a file twice")
    return {name: digest for digest, name in lines}


def files_of(folder: Path) -> Iterator[str]:
    """The names of all files below the folder, with slashes; ValueError for a link."""
    for at, folders, files in os.walk(folder):
        for name in (*folders, *files):
            if (Path(at) / name).is_symlink():
                raise ValueError(f"{name} is a link: a bundle has none")
        for name in files:
            yield (Path(at) / name).relative_to(folder).as_posix()


def digest_of(path: Path) -> str:
    """The SHA-256 of a file."""
    found = sha256()
    with path.open("rb") as file:
        for chunk in iter(lambda: file.read(1 << 20), b""):
            found.update(chunk)
    return found.hexdigest()


def check_crate(folder: Path, problems: list[str]) -> str:
    """Whether the metadata describe the files that are there."""
    graph = json.loads((folder / "ro-crate-metadata.json").read_bytes())["@graph"]
    things = {thing["@id"]: thing for thing in graph}
    parts = {part["@id"] for part in things["./"]["hasPart"]}
    told = read_manifest(folder).keys() - {"ro-crate-metadata.json"}
    for name in sorted(parts ^ (told | {MANIFEST})):
        problems.append(f"{name} is not both in the bundle and in ro-crate-metadata.json.")
    for name in sorted(parts & told):
        path = folder / name
        if path.is_file() and things[name].get("contentSize") != str(path.stat().st_size):
            problems.append(f"{name} has not the size that ro-crate-metadata.json says.")
    return f"ro-crate-metadata.json describes {len(parts)} files."


def check_designs(folder: Path, problems: list[str]) -> str:
    """Whether each version of the design has the digest that was published at its launch."""
    versions = json.loads((folder / "design" / "versions.json").read_bytes())
    for version in versions:
        name = f"design/version-{version['number']}.json"
        digest = digest_of(folder / name)
        if digest != version["digest"]:
            problems.append(f"{name} has the digest {digest}, not {version['digest']}.")
        copy = folder / "ledger" / f"design-{version['number']}.json"
        if (folder / "ledger").is_dir() and digest_of(copy) != digest:
            problems.append(f"ledger/{copy.name} is not {name}.")
    if len(versions) == 1:
        return "The one version of the design has the digest of its launch."
    return f"{len(versions)} versions of the design have the digests of their launch."


def check_ledger(folder: Path, problems: list[str], program: Path | None = None) -> str:
    """Whether every allocation is drawn again from the seed, if the bundle has a ledger."""
    ledger = folder / "ledger"
    if not ledger.is_dir():
        return "There is no ledger: it is published once the study is closed."
    program = program or ledger / "verify_ledger.py"
    command = [sys.executable, "-I", str(program), str(ledger)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own module
    said = " ".join((done.stdout + done.stderr).split())
    if done.returncode:
        problems.append(f"The ledger does not hold. {said}")
    return said


def check_counts(folder: Path, problems: list[str]) -> str:
    """Whether the counts add up, and are those of the data and of the ledger."""
    stated = json.loads((folder / "reconciliation.json").read_bytes())
    counts, rows = stated["counts"], stated["rows"]
    for table, number in sorted(rows.items()):
        found = sum(1 for _ in rows_of(folder / TABLES[table]))
        if found != number:
            problems.append(f"{TABLES[table]} has {found} rows, not {number}.")
    check_flows(counts["flows"], folder, problems)
    check_assigned(counts, folder, problems)
    entered = sum(flow["entered"] for flow in counts["flows"])
    return f"{entered} entered, and the data account for all of them."


def check_flows(flows: list[dict[str, int]], folder: Path, problems: list[str]) -> None:
    """Whether entered = consented + refused + screened out + quota full + left before consent."""
    people: dict[int, Counter[str]] = {}
    for row in rows_of(folder / TABLES["participants"]):
        ended = row["state"] if row["state"] in ENDS else "left_before_consent"
        went = "consented" if row["consented_at"] else ended
        people.setdefault(int(row["design_version"]), Counter()).update(("entered", went))
    told = {flow["version"]: flow for flow in flows}
    for version in sorted(people.keys() | told.keys()):
        flow, found = dict(told.get(version, {})), people.get(version, Counter())
        flow.pop("version", None)
        parts = sum(flow.values()) - flow.get("entered", 0)
        if parts != flow.get("entered"):
            problems.append(f"Version {version}: {flow.get('entered')} entered, not {parts}.")
        for name in sorted(flow.keys() | found.keys()):
            if flow.get(name, 0) != found[name]:
                said = f"{found[name]} in the data, {flow.get(name, 0)} in reconciliation.json"
                problems.append(f"Version {version}, {name}: {said}.")


def check_assigned(counts: Mapping[str, Any], folder: Path, problems: list[str]) -> None:
    """Whether assigned = exported + withdrawn + given again, of the ledger and of the data."""
    held = held_arms(folder)
    given = given_arms(folder, counts["mode"])
    stated = {(each["version"], each["randomisation"]): each for each in counts["assigned"]}
    for (version, name), each in sorted(stated.items()):
        parts = each["exported"] + each["withdrawn"] + each["given_again"]
        where = f"Version {version}, {name}"
        if each["assigned"] != parts:
            problems.append(f"{where}: {each['assigned']} assigned, and {parts} accounted for.")
        if given is not None and given[version, name] != each["assigned"]:
            problems.append(f"{where}: the ledger has {given[version, name]} rows of it.")
        if held[version, name] != each["exported"]:
            problems.append(f"{where}: {held[version, name]} participants hold an arm.")
    for version, name in sorted((held.keys() | (given or {}).keys()) - stated.keys()):
        problems.append(f"Version {version}, {name} is not in reconciliation.json.")


def held_arms(folder: Path) -> Counter[tuple[int, str]]:
    """How many participants hold an arm, by version and randomisation."""
    names: dict[int, list[str]] = {}
    for path in (folder / "design").glob("version-*.json"):
        version = int(path.stem.rpartition("-")[2])
        for step in json.loads(path.read_bytes())["randomisations"]:
            names.setdefault(version, []).extend(names_of(step))
    held: Counter[tuple[int, str]] = Counter()
    for row in rows_of(folder / TABLES["participants"]):
        version = int(row["design_version"])
        for place, name in enumerate(names[version], start=1):
            if row.get("arm" if place == 1 else f"arm_{place}"):
                held[version, name] += 1
    return held


def names_of(step: Mapping[str, Any]) -> list[str]:
    """The names by which participants hold a randomisation's arms: a deck has one for each draw."""
    draws = range(1, step["draws"] + 1)
    return (
        [f"{step['code']}_{draw}" for draw in draws] if step["method"] == "deck" else [step["code"]]
    )


def given_arms(folder: Path, mode: str) -> Counter[tuple[int, str]] | None:
    """How many rows the ledger has of a mode, by version and randomisation; None without one."""
    if not (folder / "ledger").is_dir():
        return None
    given: Counter[tuple[int, str]] = Counter()
    decks: dict[tuple[str, str], list[str]] = {}
    for path in (folder / "design").glob("version-*.json"):
        for step in json.loads(path.read_bytes())["randomisations"]:
            decks[path.stem.rpartition("-")[2], step["code"]] = names_of(step)
    for row in rows_of(folder / "ledger" / "ledger.csv"):
        # A cluster's own row is nobody's.
        of_cluster = row["stratum"] == "" and row["covariates"].startswith("cluster=")
        if row["mode"] == mode and not of_cluster:
            names = decks[row["version"], row["randomisation"]]
            given[int(row["version"]), names[int(row["draw"]) - 1]] += 1
    return given


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def check(folder: Path, ledger_program: Path | None = None) -> tuple[list[str], list[str]]:
    """What holds and what does not, a line each. OSError, ValueError or KeyError: can't be read."""
    # The limit is the whole process's: who checks a bundle beside other work gets theirs back.
    limit = csv.field_size_limit(LONGEST_CELL)
    try:
        return _check(folder, ledger_program)
    finally:
        csv.field_size_limit(limit)


def _check(folder: Path, ledger_program: Path | None) -> tuple[list[str], list[str]]:
    problems: list[str] = []
    held = [check_files(folder, problems)]
    if problems:
        # Of files that are not what they were, nothing else is worth a word.
        return [], problems
    for each in (check_crate, check_designs, check_counts):
        before = len(problems)
        said = each(folder, problems)
        held += [said] if len(problems) == before else []
    before = len(problems)
    said = check_ledger(folder, problems, ledger_program)
    return held + ([said] if len(problems) == before else []), problems


if __name__ == "__main__":
    try:
        HELD, PROBLEMS = check(Path(*sys.argv[1:] or [str(Path(__file__).resolve().parent)]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, csv.Error) as error:
        sys.stderr.write(f"Files can't be read, {type(error).__name__}: {error}.\n")
        sys.exit(2)
    print("\n".join([*HELD, *PROBLEMS, "Something does not hold." if PROBLEMS else "All holds."]))
    sys.exit(1 if PROBLEMS else 0)
