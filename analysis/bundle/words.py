"""PURE: a bundle's README, in plain English for a reader who knows neither us nor the study."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analysis.bundle.licence import Licence


@dataclass(frozen=True)
class Told:
    """What a README says: `rows` by table, the `looks` by number with whether scripts redo them."""

    study: str
    title: str
    question: str
    mode: str
    as_of: str
    code_version: str
    rows: tuple[tuple[str, int], ...]
    left_out: tuple[str, ...]
    reconciled: tuple[str, ...]
    looks: tuple[tuple[int, bool], ...]
    has_ledger: bool
    licence: Licence


_PARTS = (
    ("README.md", "this text"),
    ("LICENSE.txt", "what you may do with this bundle"),
    ("MANIFEST.sha256", "the SHA-256 of every other file"),
    ("ro-crate-metadata.json", "what each file is, for programs (RO-Crate 1.2)"),
    ("verify.py", "checks all of it"),
    ("reconciliation.json", "how many entered, were assigned, and are in each table"),
    ("data/analysis/", "participants, answers and vignettes, as CSV and as Parquet"),
    ("data/raw/", "every page as it was sent, and its timings"),
    ("codebook/", "what each variable is: HTML, Markdown, CSV, JSON-LD and DDI-Codebook 2.5"),
    ("design/", "each version of the study as it was launched, and as a study file"),
    ("preregistration/", "what each launch announced, and what departs from it"),
    ("flow/", "how many came how far, by arm (CONSORT)"),
)
_LEDGER = ("ledger/", "every allocation, the seed, and verify_ledger.py, which draws them again")
_LOOKS = ("looks/", "what each look found, its report and plots, and scripts that redo its numbers")


def readme(told: Told) -> str:
    """README.md."""
    return "\n".join(
        [
            *_head(told),
            *_parts(told),
            *_checking(told),
            *_rerunning(told),
            *_reading(told),
            *_leaving_out(told),
            *_counts(told),
            *("## Licence", "", f"{told.licence.name}. {told.licence.said}", ""),
        ]
    )


def _head(told: Told) -> Iterator[str]:
    yield from (f"# Replication bundle: {told.title}", "")
    if told.question:
        yield from (told.question, "")
    whose = {
        "live": "the study itself",
        "pilot": "its pilot, whose participants are not part of the study",
        "rehearsal": "a rehearsal: its participants are test runs, no data",
    }[told.mode]
    yield f"Study `{told.study}`, mode `{told.mode}`: {whose}. The data are those of {told.as_of}."
    yield f"Made by Coprod {told.code_version}. The same data make the same bytes again."
    yield ""


def _parts(told: Told) -> Iterator[str]:
    yield from ("## What is where", "", "| file | what it is |", "|---|---|")
    parts = [*_PARTS, *([_LEDGER] if told.has_ledger else []), *([_LOOKS] if told.looks else [])]
    yield from (f"| `{name}` | {what} |" for name, what in parts)
    yield ""
    if not told.has_ledger:
        yield "The ledger and the seed are not here: they are secret until the whole study is "
        yield from ("closed, since live participants are drawn from the same seed.", "")


def _checking(told: Told) -> Iterator[str]:
    yield from ("## How to check it", "", "With Python 3.9 or newer and nothing else:", "")
    yield from ("```sh", "python verify.py", "```", "")
    yield "It says what holds and what does not: whether a file was changed, taken away or added;"
    yield "whether each design has the digest of its launch; whether every allocation is the one"
    yield "that the seed gives; whether the counts of `reconciliation.json` are those of the data."
    yield "Without Python, `sha256sum --check MANIFEST.sha256` checks the files alone."
    yield ""
    yield "A bundle can't prove that it is the one that was made: whoever changes a file can write"
    yield "another manifest. Compare the bundle's own SHA-256 with the one that was published with"
    yield "it, and the digests in `design/versions.json` and the seed's SHA-256 with those of the"
    yield from (
        f"preregistration or of the study's public page, `/s/{told.study}/about-study/`.",
        "",
    )


def _rerunning(told: Told) -> Iterator[str]:
    scripted = [number for number, redone in told.looks if redone]
    yield from ("## How to run it again", "")
    if not scripted:
        yield "There is no script to run: " + (
            "a version before the one that the looks analysed assigned by clusters that it does "
            "not name."
            if told.looks
            else "no look was run."
        )
    else:
        yield "Each look has a script in Python and one in R. They read the participants as CSV,"
        yield "compute the look's numbers anew and say whether all agree with `numbers.csv`:"
        more = " data/raw/paradata.csv" if "paradata" in dict(told.rows) else ""
        more += " ledger/ledger.csv" if told.has_ledger else ""
        yield from ("", "```sh", "pip install -r looks/requirements.txt")
        for number in scripted:
            at = f"looks/look-{number}"
            files = f"data/analysis/participants.csv {at}/numbers.csv{more}"
            yield f"python {at}/look.py {files}"
        yield from ("", "Rscript looks/packages.R")
        for number in scripted:
            at = f"looks/look-{number}"
            files = f"data/analysis/participants.csv {at}/numbers.csv{more}"
            yield f"Rscript {at}/look.R {files}"
        yield "```"
        skipped = [number for number, redone in told.looks if not redone]
        if skipped:
            named = ", ".join(map(str, skipped))
            why = "since a version before the one analysed had clusters that it does not name"
            yield from ("", f"Looks without scripts, {why}: {named}.")
    yield from ("", "To see the survey, load `design/version-N.yaml` into Coprod (`load_study`).")
    yield ""


def _reading(told: Told) -> Iterator[str]:
    yield from ("## How to read the data", "", "| table | rows |", "|---|---|")
    yield from (f"| {name} | {rows:,} |" for name, rows in told.rows)
    yield ""
    yield "CSV is UTF-8 with one header row. A text that a spreadsheet could run as a formula has"
    yield "an apostrophe before it; Parquet has the texts as they were written. `first_look` is the"
    yield "look that first analysed a participant: look k took the rows with a `first_look` of at"
    yield "most k. `participant` is a random number that is used nowhere else."
    yield ""


def _leaving_out(told: Told) -> Iterator[str]:
    yield from ("## What is not in it", "")
    yield "No panel's id, no invitation, no resume or completion code, no address of a browser and"
    yield "no fingerprint of one. Who withdrew is counted, and what they answered is erased."
    if told.left_out:
        named = ", ".join(f"`{code}`" for code in told.left_out)
        yield "Answers in people's own words are left out unless the study releases them, and so is"
        yield f"what links brought that has no list of values. Here: {named}."
    yield "The times of entering and answering are exact: who knows when somebody took part might"
    yield "find them by these."
    yield ""


def _counts(told: Told) -> Iterator[str]:
    yield from ("## Everybody is accounted for", "")
    yield from (f"- {line}" for line in told.reconciled)
    yield ""


def description(told: Told) -> str:
    """The bundle in a sentence, for its metadata."""
    what = f"Replication bundle of the survey experiment {told.study} ({told.mode})"
    parts: Sequence[str] = ("data", "codebook", "designs", "preregistration")
    more = (
        *(["ledger"] if told.has_ledger else []),
        *(["looks with scripts"] if told.looks else []),
    )
    asked = f" {told.question}" if told.question else ""
    return f"{what}: {', '.join((*parts, *more))}.{asked}"
